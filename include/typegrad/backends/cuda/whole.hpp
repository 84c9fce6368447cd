// A whole program as one kernel: its waves one after the other, with barriers of the grid between.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/lower_ends.hpp"
#include "typegrad/backends/cuda/wave.hpp"

namespace tg::cuda {

// Waves, or loops of waves, in their order.
template <class... Parts>
struct InOrder {
  static constexpr int steps = (Parts::steps + ... + 0);

  template <class View, bool InLoop>
  struct Told {
    template <class Frame, class Row>
    int tell(const Frame&, const Row*) {
      return 1;
    }
  };
  template <class C, class All, class Batch>
  TYPEGRAD_DEVICE_INLINE static void run(const C&, const All&, const Batch&, int) {}
};
template <class Part, class... Parts>
struct InOrder<Part, Parts...> {
  using Rest = InOrder<Parts...>;
  static constexpr int steps = Part::steps + Rest::steps;

  template <class View, bool InLoop>
  struct Told {
    typename Part::template Told<View, InLoop> part;
    typename Rest::template Told<View, InLoop> rest;

    // Returns the blocks that the largest wave can use.
    template <class Frame, class Row>
    int tell(const Frame& frame, const Row* row) {
      const int mine = part.tell(frame, row), others = rest.tell(frame, row + Part::steps);
      return mine > others ? mine : others;
    }
  };
  template <class C, class All, class Batch>
  TYPEGRAD_DEVICE_INLINE static void run(const C& c, const All& told, const Batch& batch,
                                         int time) {
    Part::run(c, told.part, batch, time);
    if constexpr (sizeof...(Parts) > 0) {
      c.grid_barrier();
      Rest::run(c, told.rest, batch, time);
    }
  }
};

// A loop, with its steps in time.
template <int Repeats, class... Waves>
struct Loop {
  using Body = InOrder<Waves...>;
  static constexpr int steps = Body::steps;

  template <class View, bool InLoop>
  using Told = typename Body::template Told<View, true>;

  template <class C, class All, class Batch>
  TYPEGRAD_DEVICE_INLINE static void run(const C& c, const All& told, const Batch& batch, int) {
    for (int time = 0; time < Repeats; ++time) {
      if (time > 0) c.grid_barrier();
      Body::run(c, told, batch, time);
    }
  }
};

// A loop that may end early: `Takes` says in each step whether it is taken, `Rows` is what takes
// its place. Ended for good, all that is left are rows, of which no thread reads another's (Apart).
template <int Repeats, bool ForGood, bool Apart, class Takes, class Rows, class... Waves>
struct EndingLoop {
  using Body = InOrder<Waves...>;
  using All = InOrder<Wave<Takes>, Rows, Waves...>;
  static constexpr int steps = All::steps;

  template <class View, bool InLoop>
  using Told = typename All::template Told<View, true>;

  template <class C, class Told, class Batch>
  TYPEGRAD_DEVICE_INLINE static void run(const C& c, const Told& told, const Batch& batch, int) {
    for (int time = 0; time < Repeats; ++time) {
      if (time > 0) c.grid_barrier();
      Wave<Takes>::run(c, told.part, batch, time);
      c.grid_barrier();
      if (Takes::is_taken(told.part.tasks.places)) {
        Body::run(c, told.rest.rest, batch, time);
      } else if (ForGood && Apart) {
        for (; time < Repeats; ++time) Rows::run(c, told.rest.part, batch, time);
      } else {
        Rows::run(c, told.rest.part, batch, time);
      }
    }
  }
};

// All blocks are on the device together: each takes its share of every wave.
template <class... Parts>
struct Whole {
  static constexpr int threads = wave_threads;
  static constexpr bool cooperative = true;

  template <class C, class All, class Batch>
  TYPEGRAD_DEVICE_INLINE static void run(const C& c, const All& told, const Batch& batch) {
    InOrder<Parts...>::run(c, told, batch, 0);
  }
};

template <class... Items>
struct Parts {};

// Steps [Index, End) of P's plan, which are a wave, as a type.
template <class P, int Index, int End>
consteval auto wave_of() {
  return []<int... More>(std::integer_sequence<int, More...>) {
    return std::type_identity<Wave<typename decltype(phase_of<P, Index + More>())::type...>>{};
  }
  (std::make_integer_sequence<int, End - Index>{});
}
// Of a loop that may end early, one past its idle rows, which lie behind step `Index`.
template <class P>
constexpr int end_of_rows(int index) {
  int end = index + 1;
  while (end < P::plan.steps.size() && P::plan.steps[end].kind == StepKind::idle) ++end;
  return end;
}
// Whether each of them is zeros, or what the value itself was a step before.
template <class P>
constexpr bool rows_are_apart(int index) {
  for (int s = index + 1; s < end_of_rows<P>(index); ++s) {
    const StepPlan& row = P::plan.steps[s];
    if (row.copied >= 0 && P::loop_ends.carry_before(row.node) != row.copied) return false;
  }
  return true;
}
// Steps [Index, End), a loop's that begins by asking whether its step is taken.
template <class P, int Index, int End, int Next, class... Waves>
consteval auto ending_loop_of() {
  if constexpr (Next < End) {
    constexpr int end = end_of_wave(P::plan, Next);
    return ending_loop_of<P, Index, End, end, Waves...,
                          typename decltype(wave_of<P, Next, end>())::type>();
  } else {
    constexpr const StepPlan& takes = P::plan.steps[Index];
    constexpr int repeats = ir::repeats_of(P::graph, takes.region);
    constexpr bool for_good = P::loop_ends[lowering::end_of<P>(takes.region)].for_good;
    return std::type_identity<EndingLoop<
        repeats, for_good, rows_are_apart<P>(Index), typename decltype(phase_of<P, Index>())::type,
        typename decltype(wave_of<P, Index + 1, end_of_rows<P>(Index)>())::type, Waves...>>{};
  }
}

// Steps [Index, End), which are a loop's, behind those before.
template <class P, int Index, int End, class... Before>
consteval auto loop_of() {
  if constexpr (Index == End) {
    constexpr int repeats = ir::repeats_of(P::graph, P::plan.steps[End - 1].region);
    return std::type_identity<Loop<repeats, Before...>>{};
  } else {
    constexpr int end = end_of_wave(P::plan, Index);
    return loop_of<P, end, End, Before..., typename decltype(wave_of<P, Index, end>())::type>();
  }
}
// All steps from Index on.
template <class P, int Index = 0, class... Before>
consteval auto parts_of() {
  if constexpr (Index == P::plan.steps.size()) {
    return Parts<Before...>{};
  } else if constexpr (P::plan.steps[Index].region != 0) {
    constexpr int end = end_of_loop(P::plan, Index);
    constexpr auto loop = [] {
      if constexpr (P::plan.steps[Index].kind == StepKind::takes)
        return ending_loop_of<P, Index, end, end_of_rows<P>(Index)>();
      else
        return loop_of<P, Index, end>();
    }();
    return parts_of<P, end, Before..., typename decltype(loop)::type>();
  } else {
    constexpr int end = end_of_wave(P::plan, Index);
    return parts_of<P, end, Before..., typename decltype(wave_of<P, Index, end>())::type>();
  }
}

// All steps.
template <class Device, class T, class... Items>
void launch_whole(const Frame<Device, T>& frame, const Step<Device, T>* rows) {
  typename InOrder<Items...>::template Told<typename Frame<Device, T>::View, false> told;
  static_assert(sizeof(told) <= most_argument_bytes,
                "typegrad: too many steps for one kernel; tg::Cuda launches them wave by wave");
  const int tiles = told.tell(frame, rows);
  frame.device->template launch<Whole<Items...>>(tiles, told, frame.batch);
}

}  // namespace tg::cuda
