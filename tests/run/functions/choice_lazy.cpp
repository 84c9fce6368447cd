// What tg::ifelse does not take is not computed.
// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/catch.hpp"
#include "typegrad/graph/ifelse.hpp"
#include "typegrad/graph/mathematics.hpp"
#include "typegrad/graph/operation.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/runtime/function.hpp"

namespace tg::test {
namespace {

std::atomic<int> sines{0}, cosines{0};  // tiles for which they were computed

struct Sine {
  static constexpr const char* name = "counted sine";
  static constexpr Shape shape(const Shape& x) { return x; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    for (int e = 0; e < call.result.size(); ++e) call.out[e] = math::sin(call.in[0][e]);
  }
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    ++sines;
    for (int e = 0; e < call.result.size() * call.lanes; ++e) call.out[e] = std::sin(call.in[0][e]);
  }
  static constexpr Var gradient(Var x, Var, Var dy) { return cos(x) * dy; }
};
struct Cosine {
  static constexpr const char* name = "counted cosine";
  static constexpr Shape shape(const Shape& x) { return x; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    for (int e = 0; e < call.result.size(); ++e) call.out[e] = math::cos(call.in[0][e]);
  }
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    ++cosines;
    for (int e = 0; e < call.result.size() * call.lanes; ++e) call.out[e] = std::cos(call.in[0][e]);
  }
  static constexpr Var gradient(Var x, Var, Var dy) { return -sin(x) * dy; }
};

struct SineOf {
  static constexpr Var define(Scope&, Var x, Var w) { return operation<Sine>(x * w); }
};
struct CosineOf {
  static constexpr Var define(Scope&, Var x, Var w) { return operation<Cosine>(x) + w; }
};
struct Choose {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3}), w = s.shared("w", {3});
    const Var y = ifelse<SineOf, CosineOf>(s, s.scalar("c"), x, w);
    return outputs(y, grad(sum(y), x), grad(sum(y), w));
  }
};
struct ForEach {
  static constexpr Var define(Scope& s) {
    const Var x = s.input("x", {3}), w = s.shared("w", {3});
    return ifelse<SineOf, CosineOf>(s, s.input("c", {}), x, w);
  }
};

}  // namespace

TEST_CASE("the branch that is not taken is not computed", "[functions]") {
  Shared<Choose> state;
  Function<Choose> f{state};
  const std::vector<float> x(300 * 3, 0.5f);
  for (const bool taken : {true, false}) {
    sines = cosines = 0;
    const auto results = f(x, taken ? 1.0f : 0.0f);
    CHECK((sines > 0) == taken);
    CHECK((cosines > 0) == !taken);
    CHECK(std::get<0>(results)(299, 2) == Approx(taken ? 0 : std::cos(0.5)).margin(1e-6));
  }
}

TEST_CASE("where samples differ, only their tiles compute both", "[functions]") {
  Shared<ForEach> state;
  Function<ForEach, Cpu, batch<512>> f{state};
  const std::vector<float> x(512 * 3, 0.5f);
  std::vector<float> c(512, 1.0f);
  sines = cosines = 0;
  f(x, c);
  const int tiles = sines;
  CHECK(cosines == 0);
  c[100] = 0;
  sines = cosines = 0;
  f(x, c);
  CHECK(sines == tiles);
  CHECK(cosines == 1);
}

}  // namespace tg::test
