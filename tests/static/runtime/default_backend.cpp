// The backend of functions and models that name none is the program's: TYPEGRAD_DEFAULT_BACKEND.
// SPDX-License-Identifier: MIT
#define TYPEGRAD_DEFAULT_BACKEND tg::Counted
namespace tg {
struct Counted;
}
#include <type_traits>

#include "typegrad/typegrad.hpp"

namespace tg {

// Another name for the CPU's programs.
struct Counted {
  template <class Source>
  using Lowered = Cpu::Lowered<Source>;
};

namespace {

struct Net : Sequence<Input<4>, Linear<2>> {};
struct Square {
  static constexpr Var define(Scope& s) { return square(s.input("x", {2})); }
};

// 1. Where nobody says, it is the program's; of a model's trainers, too.
static_assert(std::is_same_v<DefaultBackend, Counted>);
static_assert(std::is_same_v<Model<Net>, Model<Net, Counted>>);
static_assert(std::is_same_v<Model<Net>::RunsOn, Counted>);
static_assert(std::is_same_v<Function<Square>, Function<Square, Counted>>);
// 2. A model or a function may have another one, by its tag.
static_assert(!std::is_same_v<Model<Net>, Model<Net, Cpu>>);
static_assert(std::is_same_v<Model<Net, Cpu>::RunsOn, Cpu>);
// 3. A backend that is only named is not there to run on.
static_assert(runtime::is_included<Counted> && !runtime::is_included<Cuda>);

}  // namespace
}  // namespace tg
