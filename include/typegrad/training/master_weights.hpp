// Weights in float beside those that a network keeps in half: small steps are not lost.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/half_vector.hpp"
#include "typegrad/runtime/memory.hpp"

namespace tg {

namespace fitting {

// What the solver changes is the network's own memory.
template <class T, class Kept, class Memory>
class NoMasters {
  using Array = typename Memory::template Array<Kept>;

 public:
  explicit NoMasters(const Array& the_weights) : weights(&the_weights) {}
  static constexpr bool in_half = !std::is_same_v<T, Kept>;
  static constexpr bool on_host = false;  // of need
  auto solved() { return Memory::part_of(*weights, 0, weights->size()); }
  void before_update() {}
  void after_update() {}

 private:
  const Array* weights;
};

// What the solver changes are floats, of which the network's weights are the rounded ones. A weight
// that somebody else has changed (Model::load, Model::parameter) is taken over.
template <class T, class Kept, class Memory>
class Masters {
  using Array = typename Memory::template Array<Kept>;

 public:
  explicit Masters(const Array& the_weights) : weights(&the_weights), masters(the_weights.size()) {}
  static constexpr bool on_host = true;
  static constexpr bool in_half = false;
  void* solved() { return masters.data(); }

  void before_update() {
    each([&](T* master, Kept* weight) TYPEGRAD_INLINE_LAMBDA {
      const auto mine = cpu::load(master), its = cpu::load(weight);
      const cpu::Mask<T> same = cpu::rounded_to<Kept>(mine) == its;
      cpu::store(master, cpu::select<T>(same, mine, its));
    });
  }
  void after_update() {
    each([](T* master, Kept* weight)
             TYPEGRAD_INLINE_LAMBDA { cpu::store(weight, cpu::load(master)); });
  }

 private:
  // Pre: arenas are multiples of the longest vector.
  template <class Body>
  void each(Body body) {
    Kept* const first = Memory::to_write(*weights, 0, masters.size());
    for (std::size_t i = 0; i < masters.size(); i += std::size_t(cpu::width<T>))
      body(masters.data() + i, first + i);
  }

  const Array* weights;
  AlignedBuffer<T> masters;
};

}  // namespace fitting

// Argument of tg::Trainer: of a model in half precision it keeps its weights in float, and rounds
// them into the model after each step. Of others there is nothing to keep.
struct MasterWeights {
  template <class T, class Kept, class Memory>
  using Of = std::conditional_t<std::is_same_v<T, Kept>, fitting::NoMasters<T, Kept, Memory>,
                                fitting::Masters<T, Kept, Memory>>;
};
inline constexpr MasterWeights master_weights;

namespace fitting {
struct OwnWeights {
  template <class T, class Kept, class Memory>
  using Of = NoMasters<T, Kept, Memory>;
};
}  // namespace fitting

}  // namespace tg
