// How a loop is recorded: as a loop, step by step, or as a loop over stretches of steps.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>

#include "typegrad/graph/loop.hpp"
#include "typegrad/graph/moves.hpp"
#include "typegrad/graph/scan_options.hpp"

namespace tg::loops {

inline constexpr int max_values = 32, max_unrolled = 1024;
using Values = FixedVector<Var, max_values>;

// One value a step: rows offset, offset + 1, … of a sequence.
struct Rows {
  Var sequence;
  int offset = 0;

  constexpr Shape row() const { return ir::row_shape(sequence.shape()); }
};
using Sequences = FixedVector<Rows, max_values>;

// What a body gives: the values carried to the next step, and what it leaves behind.
struct Stepped {
  Values carried{}, outputs{};
};

// What a loop leaves: the carried values after it, and (steps, …) of each output, in the order of
// the steps and in that of the rows.
struct Result {
  Values ends{}, in_steps{}, in_place{};
};

// How often a body runs, and which way.
struct Course {
  int steps = 1;
  bool backwards = false;
  bool per_sample = false;  // the carried values are
  int truncated = 0;
  bool recomputed = false;
};

// A body is called as body(rows of this step, carried values).
template <class Body>
constexpr Result loop(ir::Builder& builder, const Sequences& over, const Values& first,
                      const Course& course, Body body) {
  const int region = builder.new_region();
  Values rows, carries;
  for (const Rows& s : over)
    rows.push_back(ir::element(region, s.sequence, {course.steps, s.offset, course.backwards}));
  for (const Var& value : first)
    carries.push_back(
        ir::carry(region, value, course.per_sample ? ir::Space::per_sample : ir::Space::shared,
                  {course.steps, carries.size(), course.truncated, course.recomputed}));
  const Stepped said = body(rows, carries);
  Result result;
  if (builder.graph.fault) return result;
  for (int i = 0; i < carries.size(); ++i)
    result.ends.push_back(ir::last(ir::next(carries[i], said.carried[i])));
  for (const Var& output : said.outputs) {
    result.in_steps.push_back(ir::collect(output, course.steps, false));
    result.in_place.push_back(ir::collect(output, course.steps, course.backwards));
  }
  return result;
}

// Row `which` of (rows, …).
constexpr Var row_of(Var rows, int which) {
  return reshape(slice(rows, 0, which, 1), ir::row_shape(rows.shape()));
}

// (values, …) of as many values of one shape.
constexpr Var stack(FixedVector<Var, max_unrolled> values) {
  for (int i = 0; i < values.size(); ++i)
    values[i] = reshape(values[i], ir::rows_shape(1, values[i].shape()));
  for (int left = values.size(), joined = 0; left > 1; left = joined) {
    joined = 0;
    for (int i = 0; i < left; i += ir::max_operands) {
      std::array<Var, ir::max_operands> parts{};
      const int count = left - i < ir::max_operands ? left - i : ir::max_operands;
      for (int k = 0; k < count; ++k) parts[std::size_t(k)] = values[i + k];
      values[joined++] = ir::join(std::span<const Var>(parts).first(std::size_t(count)), 0);
    }
  }
  return values[0];
}

// The body, as often as there are steps.
template <class Body>
constexpr Result unroll(const Sequences& over, const Values& first, const Course& course,
                        Body body) {
  Result result{.ends = first};
  FixedVector<Stepped, max_unrolled> said;
  for (int step = 0; step < course.steps; ++step) {
    Values rows;
    for (const Rows& s : over)
      rows.push_back(
          row_of(s.sequence, s.offset + (course.backwards ? course.steps - 1 - step : step)));
    said.push_back(body(rows, result.ends));
    result.ends = said.back().carried;
  }
  const int outputs = said.empty() ? 0 : said[0].outputs.size();
  for (int i = 0; i < outputs; ++i)
    for (const bool in_place : {false, true}) {
      FixedVector<Var, max_unrolled> rows;
      for (int step = 0; step < course.steps; ++step) {
        const bool reversed = in_place && course.backwards;
        rows.push_back(said[reversed ? course.steps - 1 - step : step].outputs[i]);
      }
      (in_place ? result.in_place : result.in_steps).push_back(stack(rows));
    }
  return result;
}

// A loop over stretches of `length` steps, whose gradient computes a stretch again from the values
// carried into it. Pre: length divides the steps.
template <class Body>
constexpr Result checkpointed(ir::Builder& builder, const Sequences& over, const Values& first,
                              Course course, int length, Body body) {
  const Course within{.steps = length, .backwards = course.backwards};
  const int steps = course.steps;
  course.steps /= length;
  course.recomputed = true;
  Sequences stretches;
  for (const Rows& s : over)
    stretches.push_back({reshape(slice(s.sequence, 0, s.offset, steps),
                                 ir::rows_shape(course.steps, ir::rows_shape(length, s.row())))});
  const auto stretch = [&](const Values& rows, const Values& carried) {
    Sequences inner;
    for (const Var& block : rows) inner.push_back({block});
    const Result result = unroll(inner, carried, within, body);
    Stepped said{.carried = result.ends, .outputs = result.in_steps};
    for (const Var& output : result.in_place) said.outputs.push_back(output);
    return said;
  };
  const Result all = loop(builder, stretches, first, course, stretch);
  Result result{.ends = all.ends};
  const auto flat = [&](Var rows) {
    return reshape(rows, ir::rows_shape(steps, ir::row_shape(ir::row_shape(rows.shape()))));
  };
  const int outputs = all.in_steps.size() / 2;
  for (int i = 0; i < outputs; ++i) {
    result.in_steps.push_back(flat(all.in_steps[i]));
    result.in_place.push_back(flat(all.in_place[outputs + i]));
  }
  return result;
}

}  // namespace tg::loops
