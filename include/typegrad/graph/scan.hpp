// Loops over sequences with carried states: tg::scan, and map, reduce, foldl, foldr, unroll on it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error.hpp"
#include "typegrad/graph/scan_recorder.hpp"

namespace tg {

namespace loops {

// How many symbols a step gets for an argument.
template <class Argument>
inline constexpr int symbols_for = 1;
template <>
inline constexpr int symbols_for<Times> = 0;
template <int First, int... Taps>
inline constexpr int symbols_for<Over<First, Taps...>> = 1 + int(sizeof...(Taps));
template <int First, int... Taps>
inline constexpr int symbols_for<From<First, Taps...>> = 1 + int(sizeof...(Taps));
template <class Argument>
inline constexpr bool is_over = false;
template <int... Taps>
inline constexpr bool is_over<Over<Taps...>> = true;
template <class Argument>
inline constexpr bool is_from = false;
template <int... Taps>
inline constexpr bool is_from<From<Taps...>> = true;

template <class Step, class Indices>
inline constexpr bool takes = false;
template <class Step, std::size_t... I>
inline constexpr bool takes<Step, std::index_sequence<I...>> = requires(Scope& s, Var x) {
  as_next(Step::step(s, ((void)I, x)...));
};

}  // namespace loops

// A loop. `Step` is a type with `static constexpr auto step(tg::Scope&, tg::Var…)`, which gets, in
// this order: a row of every tg::over, the states of every tg::from, and everything else; it
// returns tg::next(states…), or, when nothing is carried, its outputs. Options: tg::steps<N>,
// tg::backwards, tg::truncate_gradient<N>, tg::checkpoint<N>, tg::unrolled.
//   const auto loop = tg::scan<Recurrence>(s, tg::over(x), tg::from(h), W);
//   h_t = loop.states(), (steps, …); the last one loop.last()
// Error: step_takes_other_arguments. Faults: loop_….
template <class Step, auto... Options, class... Arguments>
constexpr Loop scan(Noted<Scope&> noted, const Arguments&... arguments) {
  Scope& s = noted.value;
  s.recording()->builder.note(noted.at);
  constexpr int over = (0 + ... + (loops::is_over<Arguments> ? loops::symbols_for<Arguments> : 0));
  constexpr int from = (0 + ... + (loops::is_from<Arguments> ? loops::symbols_for<Arguments> : 0));
  constexpr int all = (0 + ... + loops::symbols_for<Arguments>);
  ScanOptions options;
  (options.set(Options), ...);
  loops::Given given;
  (given.add(arguments), ...);
  loops::Recorder recorder(s, given, options);
  using Indices = std::make_index_sequence<std::size_t(all)>;
  if constexpr (!loops::takes<Step, Indices>) {
    error::raise<
        error::step_takes_other_arguments<error::step<Step>, error::rows<over>, error::states<from>,
                                          error::others<all - over - from>>>();
    s.recording()->fail({.kind = FaultKind::already_raised});
    return recorder.record([](const loops::Values&) { return Next{}; });
  } else {
    return recorder.record([&]<std::size_t... I>(std::index_sequence<I...>) {
      return [&s](const loops::Values& values) {
        return loops::as_next(Step::step(s, values[int(I)]...));
      };
    }(Indices{}));
  }
}

// What the step makes of every row: (steps, …). The step returns one symbol.
template <class Step, auto... Options, class... Arguments>
constexpr Var map(Noted<Scope&> s, const Arguments&... arguments) {
  return scan<Step, Options...>(s, arguments...).outputs();
}
// The first state after the last row: step(row…, state…, others…).
template <class Step, auto... Options, class... Arguments>
constexpr Var reduce(Noted<Scope&> s, const Arguments&... arguments) {
  return scan<Step, Options...>(s, arguments...).last();
}
// From the first row to the last, and from the last to the first.
template <class Step, auto... Options, class... Arguments>
constexpr Var foldl(Noted<Scope&> s, const Arguments&... arguments) {
  return reduce<Step, Options...>(s, arguments...);
}
template <class Step, auto... Options, class... Arguments>
constexpr Var foldr(Noted<Scope&> s, const Arguments&... arguments) {
  return reduce<Step, backwards, Options...>(s, arguments...);
}
// The steps one after the other, without a loop.
template <class Step, auto... Options, class... Arguments>
constexpr Loop unroll(Noted<Scope&> s, const Arguments&... arguments) {
  return scan<Step, unrolled, Options...>(s, arguments...);
}

}  // namespace tg
