// The loops of a graph that is interpreted: step by step, over a chunk of samples.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/executor.hpp"

namespace tg::reference {

template <class T>
void Executor<T>::run_loop(const Unit& unit) {
  int steps = 1;
  for (int i = unit.begin; i < unit.body_end; ++i) {
    const ir::Node& n = node(node_at(i));
    steps = std::max(steps, ir::steps_of(n));
    if (n.op == Op::carry && runs[node_at(i)])
      copy(value(node_at(i)), n, value(std::size_t(n.operand[0])));
  }
  for (time = 0; steps > time && !failed(); ++time) {
    if (is_idle(node(node_at(unit.begin)).region)) {
      pass_by(unit);
      continue;
    }
    for (int i = unit.begin; i < unit.body_end; ++i) make(node_at(i), steps);
    for (int i = unit.body_end; i < unit.end; ++i) leave(node_at(i), node(node_at(i)).operand[0]);
    each_next(unit, [&](std::size_t carry, std::size_t next) {  // all carries at once
      copy(value(carry), node(next), value(next));
    });
  }
  time = 0;
  for (int i = unit.body_end; i < unit.end; ++i) make(node_at(i));  // for who looks on
}

template <class T>
template <class Visit>
void Executor<T>::each_next(const Unit& unit, Visit visit) const {
  for (int i = unit.begin; i < unit.body_end; ++i)
    if (const ir::Node& n = node(node_at(i)); n.op == Op::next && runs[node_at(i)])
      visit(std::size_t(n.operand[0]), node_at(i));
}

// Whether this step changes nothing: the loop's mask is 0 for all samples of the chunk.
template <class T>
bool Executor<T>::is_idle(int region) const {
  for (const LoopExit& exit : program->exits) {
    if (exit.region != region) continue;
    const Value<T> mask = value(std::size_t(exit.mask));
    for (int sample = 0; sample < active; ++sample)
      if (mask.data[sample * mask.step] != T(0)) return false;
    return true;
  }
  return false;
}

// Such a step: carries stay, and what is collected is what is known of it.
template <class T>
void Executor<T>::pass_by(const Unit& unit) {
  each_next(unit, [&](std::size_t carry, std::size_t next) {
    copy(value(next), node(next), value(carry));
  });
  for (int i = unit.body_end; i < unit.end; ++i) {
    const std::size_t id = node_at(i);
    if (node(id).op == Op::last) leave(id, node(id).operand[0]);
    for (const IdleRow& row : program->idle_rows)
      if (row.collect == int(id)) leave(id, row.carry);
  }
}

// What a node behind the loop takes from this step: node `from` of its body, or zeros if none.
template <class T>
void Executor<T>::leave(std::size_t id, int from) {
  if (!runs[id]) return;
  const ir::Node& n = node(id);
  const int size = operand(n, 0).shape.size();
  const T zero = T(0);
  Value<T> to = value(id);
  if (n.op == Op::collect) to.data += ir::RowRange::of(n.attributes).row(time) * size;
  if (from < 0)
    copy(to, size, per_sample(n), Value<const T>{&zero, 0, 0});
  else
    copy(to, size, per_sample(n), value(std::size_t(from)));
}

}  // namespace tg::reference
