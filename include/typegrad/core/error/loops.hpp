// Compile-time faults about loops: what tg::scan was given, and what its step does.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error/words.hpp"

namespace tg::error {

// The words.
template <class Step>
struct step;
template <int Count>
struct rows;  // of sequences, one for each tap
template <int Count>
struct states;  // one for each tap
template <int Count>
struct others;  // what does not change
template <int Count>
struct steps;
template <int Lowest, int Highest>
struct taps;

template <class... Words>
struct step_takes_other_arguments {
  static_assert(never<Words...>,
                "the step cannot be called with what the loop has for it: it is `static constexpr "
                "auto step(tg::Scope&, tg::Var…)` and gets so many rows, then states, then others");
};
template <class... Words>
struct loop_without_steps {
  static_assert(never<Words...>,
                "how many steps? Give the loop a sequence, tg::over(x), or tg::steps<N>");
};
template <class... Words>
struct loop_too_long {
  static_assert(never<Words...>,
                "the sequence has fewer rows than the loop has steps: its first extent is the "
                "number of rows, less the distance between the lowest and the highest tap");
};
template <class... Words>
struct loop_taps {
  static_assert(never<Words...>,
                "a state is read one step back or more, tg::from<-2, -1>(x), and x (2, …) are its "
                "values before the first step");
};
template <class... Words>
struct loop_states {
  static_assert(never<Words...>,
                "the step returns tg::next with one symbol for every tg::from of the loop");
};
template <class... Words>
struct loop_state_changes {
  static_assert(never<Words...>,
                "a state has the same shape and dtype in every step: what the step returns must be "
                "like what tg::from began with");
};
template <class... Words>
struct loop_condition {
  static_assert(never<Words...>,
                "the condition of until and of an ifelse, and what tg::times is given, is one "
                "number: of shape {}");
};
template <class... Words>
struct loop_in_a_loop {
  static_assert(never<Words...>,
                "a loop within the step of a loop: make the inner one tg::unrolled; a recurrent "
                "layer has a step(…) of its own");
};
template <class... Words>
struct loop_across {
  static_assert(never<Words...>,
                "a step cannot sum across the samples, nor take a gradient: do it before or after "
                "the loop");
};
template <class... Words>
struct loop_checkpoint {
  static_assert(never<Words...>, "the number of steps must be a multiple of tg::checkpoint's");
};

}  // namespace tg::error
