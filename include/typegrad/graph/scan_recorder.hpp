// From the arguments of a tg::scan to a loop: checks them, masks steps that are not taken.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop_recorder.hpp"
#include "typegrad/graph/scope.hpp"

namespace tg {

// What a step returns: the states that follow, in the order of tg::from, and what else it gives.
// return tg::next(h).output(y).until(less(x, 0));
class Next {
 public:
  constexpr Next output(std::same_as<Var> auto... values) const {
    Next result = *this;
    (result.outputs.push_back(values), ...);
    return result;
  }
  // The loop ends with the step in which `condition`, one number, is not 0; each sample by itself
  // where it is per sample.
  constexpr Next until(Var condition) const {
    Next result = *this;
    result.stop = condition;
    return result;
  }

  loops::Values states, outputs;
  Var stop{};
};
constexpr Next next(std::same_as<Var> auto... states) {
  Next result;
  (result.states.push_back(states), ...);
  return result;
}

// What a loop leaves. States are numbered as tg::from gave them, outputs as the step did.
class Loop {
 public:
  // A state after the last step; its first value when there was none.
  constexpr Var last(int state = 0) const { return ends[state]; }
  // A state after every step, or an output of every step: (steps, …), in the order of the steps.
  // Rows of steps that were not taken are 0.
  constexpr Var states(int state = 0) const { return rows.in_steps[state]; }
  constexpr Var outputs(int output = 0) const { return rows.in_steps[ends.size() + output]; }
  // The same, row t being what the step made of row t of its sequences: another order if it went
  // backwards.
  constexpr Var states_by_row(int state = 0) const { return rows.in_place[state]; }
  constexpr Var outputs_by_row(int output = 0) const { return rows.in_place[ends.size() + output]; }
  // How many steps were taken, a number; per sample where `until` was.
  constexpr Var count() const { return taken; }

  loops::Values ends;
  loops::Result rows;
  Var taken{};
};

namespace loops {

// What a step gave, whichever way it said so.
constexpr Next as_next(const Next& given) { return given; }
constexpr Next as_next(Var output) { return Next{}.output(output); }
template <std::size_t N>
constexpr Next as_next(const std::array<Var, N>& outputs) {
  Next result;
  for (const Var& output : outputs) result.outputs.push_back(output);
  return result;
}

using Taps = FixedVector<int, 16>;
constexpr int lowest(const Taps& taps) {
  int result = taps[0];
  for (int tap : taps) result = tap < result ? tap : result;
  return result;
}
constexpr int highest(const Taps& taps) {
  int result = taps[0];
  for (int tap : taps) result = tap > result ? tap : result;
  return result;
}

// A sequence, or a state's first values, and which rows of it a step gets.
struct Tapped {
  Var value;
  Taps taps;

  // How many values a state carries: one for each step back that it is read from.
  constexpr int depth() const { return taps.empty() ? 1 : -lowest(taps); }
};

// The arguments of a scan, sorted.
struct Given {
  FixedVector<Tapped, max_values> sequences, states;
  Values others;
  Var times{};

  template <int... Tap>
  constexpr void add(const Over<Tap...>& over) {
    Tapped sequence;
    sequence.value = over.sequence;
    (sequence.taps.push_back(Tap), ...);
    if constexpr (sizeof...(Tap) == 0) sequence.taps.push_back(0);
    sequences.push_back(sequence);
  }
  template <int... Tap>
  constexpr void add(const From<Tap...>& from) {
    Tapped state;
    state.value = from.initial;
    (state.taps.push_back(Tap), ...);
    states.push_back(state);
  }
  constexpr void add(const Times& given) { times = given.count; }
  constexpr void add(Var other) { others.push_back(other); }

  constexpr bool per_sample() const {
    bool any = times.id() >= 0 && times.per_sample();
    for (const Tapped& s : sequences) any = any || s.value.per_sample();
    for (const Tapped& s : states) any = any || s.value.per_sample();
    for (const Var& other : others) any = any || other.per_sample();
    return any;
  }
};

// Checks what a scan was given, and records it.
class Recorder {
 public:
  constexpr Recorder(Scope& the_scope, const Given& the_arguments, const ScanOptions& the_options)
      : scope(the_scope),
        builder(the_scope.recording()->builder),
        given(the_arguments),
        options(the_options) {}

  // step(arguments) gives a Next.
  template <class Step>
  constexpr Loop record(Step step) {
    count_steps();
    if (builder.graph.fault) return stand_in(0);
    Values first;
    for (const Tapped& s : given.states)
      for (int back = 1; back <= s.depth(); ++back)
        first.push_back(s.taps.empty() ? s.value : row_of(s.value, s.depth() - back));
    first.push_back(first_is_taken());   // 1 until the loop has ended
    first.push_back(scope.constant(0));  // steps that were taken
    Sequences over;
    for (const Tapped& s : given.sequences)
      for (int tap : s.taps) over.push_back({s.value, tap - lowest(s.taps)});
    if (counted()) over.push_back({next_is_taken()});

    const Course course{.steps = steps,
                        .backwards = options.backwards,
                        .per_sample = given.per_sample(),
                        .truncated = options.truncated};
    const auto body = [&](const Values& rows, const Values& carried) {
      return one_step(step, rows, carried);
    };
    Result result;
    if (options.unrolled || steps == 0)
      result = unroll(over, first, course, body);
    else if (options.checkpoint > 0)
      result = checkpointed(builder, over, first, course, options.checkpoint, body);
    else
      result = loop(builder, over, first, course, body);
    return builder.graph.fault ? stand_in(outputs) : finished(result);
  }

 private:
  constexpr void fail(FaultKind kind, const Shape& got = {}, const Shape& wanted = {},
                      std::array<int, 4> numbers = {}) {
    builder.fail({.kind = kind, .got = got, .wanted = wanted, .numbers = numbers});
  }

  // As many as all sequences have rows for, or as tg::steps says.
  constexpr void count_steps() {
    steps = options.steps;
    if (counted() && given.times.shape() != Shape{})
      return fail(FaultKind::loop_condition, given.times.shape());
    for (const Tapped& s : given.sequences) {
      const Shape shape = s.value.shape();
      const int room = shape.rank() < 1 ? 0 : shape[0] - (highest(s.taps) - lowest(s.taps));
      if (room < 1 || room < options.steps)
        return fail(FaultKind::loop_too_long, shape, {}, {options.steps < 1 ? 1 : options.steps});
      if (options.steps < 0 && (steps < 0 || room < steps)) steps = room;
    }
    for (const Tapped& s : given.states) {
      const Shape shape = s.value.shape();
      if (!s.taps.empty() &&
          (highest(s.taps) >= 0 || shape.rank() < 1 || shape[0] != -lowest(s.taps)))
        return fail(FaultKind::loop_taps, shape, {}, {lowest(s.taps), highest(s.taps)});
    }
    if (steps < 0) return fail(FaultKind::loop_without_steps);
    if (builder.in_loop && !options.unrolled) return fail(FaultKind::loop_in_a_loop);
    if (options.checkpoint > 0 && steps % options.checkpoint != 0)
      return fail(FaultKind::loop_checkpoint, {}, {}, {steps, options.checkpoint});
  }

  // The step's arguments: rows of sequences, states by their taps, the others.
  constexpr Values arguments(const Values& rows, const Values& carried) const {
    Values result;
    for (int i = 0; i < rows.size() - int(counted()); ++i) result.push_back(rows[i]);
    int first = 0;
    for (const Tapped& s : given.states) {
      if (s.taps.empty()) result.push_back(carried[first]);
      for (int tap : s.taps) result.push_back(carried[first - tap - 1]);
      first += s.depth();
    }
    for (const Var& other : given.others) result.push_back(other);
    return result;
  }

  template <class Step>
  constexpr Stepped one_step(Step& step, const Values& rows, const Values& carried) {
    const bool nested = builder.in_loop;
    const int first_node = builder.graph.size();
    const std::int16_t place = builder.place;
    builder.in_loop = nested || !options.unrolled;
    const Next said = step(arguments(rows, carried));
    builder.in_loop = nested;
    builder.place = place;
    check(said, carried, first_node);
    return builder.graph.fault ? Stepped{carried, {}} : masked(said, rows, carried);
  }

  constexpr void check(const Next& said, const Values& carried, int first_node) {
    if (said.states.size() != given.states.size())
      return fail(FaultKind::loop_states, {}, {}, {said.states.size(), given.states.size()});
    for (int i = 0, first = 0; i < given.states.size(); first += given.states[i++].depth()) {
      const Var before = carried[first], after = said.states[i];
      if (after.shape() != before.shape() || after.dtype() != before.dtype())
        return fail(FaultKind::loop_state_changes, after.shape(), before.shape());
    }
    if (said.stop.id() >= 0 && said.stop.shape() != Shape{})
      return fail(FaultKind::loop_condition, said.stop.shape());
    for (int id = first_node; id < builder.graph.size(); ++id) {
      const ir::Node& node = builder.graph[id];
      const bool differentiates =
          node.op == Op::gradient && builder.graph.operand(id, 0).region != 0;
      if ((node.across && node.region != 0) || differentiates) return fail(FaultKind::loop_across);
    }
  }

  // How many steps are taken was said at run time.
  constexpr bool counted() const { return given.times.id() >= 0; }
  // 1 where step `number` is taken, as far as that goes.
  constexpr Var is_counted(Var number) const {
    return select(less(number, cast(given.times, number.dtype())), scope.constant(1),
                  scope.constant(0));
  }
  constexpr Var first_is_taken() const {
    return counted() ? is_counted(scope.constant(0)) : scope.constant(1);
  }
  // Row by row, whether the step after the one that reads it is taken.
  constexpr Var next_is_taken() const {
    const Var row = scope.iota(steps < 1 ? 1 : steps);
    return is_counted(options.backwards ? steps - row : row + 1);
  }

  // What follows, and what is left behind, of a step that is taken; else everything stays.
  constexpr Stepped masked(const Next& said, const Values& rows, const Values& carried) {
    outputs = said.outputs.size();
    const Var active = carried[carried.size() - 2], done = carried.back();
    stops = counted() || said.stop.id() >= 0;
    Var alive = active;
    if (counted()) alive = select(alive, rows.back(), alive);
    if (said.stop.id() >= 0) alive = select(active, select(said.stop, 0, alive), active);
    const auto kept = [&](Var value, Var before) {
      return stops ? select(active, value, before) : value;
    };
    Stepped result;
    for (int i = 0; i < given.states.size(); ++i) {
      const int first = result.carried.size();
      for (int back = 0; back < given.states[i].depth(); ++back)
        result.carried.push_back(
            kept(back == 0 ? said.states[i] : carried[first + back - 1], carried[first + back]));
      result.outputs.push_back(left(said.states[i], active));
    }
    for (const Var& output : said.outputs) result.outputs.push_back(left(output, active));
    result.carried.push_back(alive);
    result.carried.push_back(done + (stops ? active : scope.constant(1)));
    return result;
  }
  constexpr Var left(Var value, Var active) const {
    return stops ? select(active, value, 0) : value;
  }

  constexpr Loop finished(const Result& result) {
    Loop made{
        .ends = {}, .rows = result, .taken = stops ? result.ends.back() : scope.constant(steps)};
    int first = 0;
    for (const Tapped& s : given.states) {
      made.ends.push_back(result.ends[first]);
      first += s.depth();
    }
    return made;
  }
  // After a fault: symbols that raise nothing further.
  constexpr Loop stand_in(int with_outputs) {
    Loop made{.ends = {}, .rows = {}, .taken = scope.constant(1)};
    for (const Tapped& s : given.states) {
      made.ends.push_back(s.value);
      made.rows.in_steps.push_back(s.value);
      made.rows.in_place.push_back(s.value);
    }
    for (int i = 0; i < (with_outputs < 1 ? 1 : with_outputs); ++i) {
      made.rows.in_steps.push_back(scope.constant(0, {1}));
      made.rows.in_place.push_back(scope.constant(0, {1}));
    }
    return made;
  }

  Scope& scope;
  ir::Builder& builder;
  const Given& given;
  const ScanOptions& options;
  int steps = -1, outputs = 0;
  bool stops = false;
};

}  // namespace loops
}  // namespace tg
