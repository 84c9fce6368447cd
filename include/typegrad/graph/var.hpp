// A symbol: one node of the graph that is being recorded.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/builder.hpp"

namespace tg {

struct Range;
class Operand;

// An argument, and the line of the call that it is given to.
template <class T>
struct Noted {
  T value;
  std::source_location at;

  constexpr Noted(T given, const std::source_location& here = std::source_location::current())
      : value(given), at(here) {}
};

// A value: copy it freely. Arithmetic on it is in graph/elementwise.hpp and graph/tensor.hpp; it
// never computes, it records.
class Var {
 public:
  constexpr Var() = default;
  constexpr Var(ir::Builder* recorded_by, int id) : recorder(recorded_by), index(id) {}

  constexpr const ir::Node& node() const { return recorder->graph[index]; }
  // The extents of one sample.
  constexpr Shape shape() const { return recorder->graph[index].shape; }
  constexpr DType dtype() const { return recorder->graph[index].dtype; }
  constexpr bool per_sample() const {
    return recorder->graph[index].space == ir::Space::per_sample;
  }

  // Along the first axis: element i, negative from the end; a part; the places that an integer
  // symbol says. See graph/indexing.hpp.
  constexpr Var operator[](Noted<int> i) const;
  constexpr Var operator[](const Range& part) const;
  constexpr Var operator[](Operand indices) const;

  constexpr Var operand(int which) const {
    return {recorder, recorder->graph[index].operand.elements[which]};
  }
  constexpr int id() const { return index; }
  constexpr ir::Builder* builder() const { return recorder; }

 protected:
  ir::Builder* recorder = nullptr;

 private:
  int index = -1;
};

// A symbol as an argument of a function that records: notes from which line the function is called.
// Every function of symbols takes one, and so tells whose line its nodes are of.
class Operand : public Var {
 public:
  constexpr Operand(Var x, const std::source_location& at = std::source_location::current())
      : Var(x) {
    if (recorder->notes_places) recorder->note(at);
  }
};

namespace ir {

// Appends a node; its space follows from its operands: per sample when one of them is.
constexpr Var emit(Builder* r, Op op, const Shape& shape, DType dtype, Operands operands,
                   const Attributes& attributes = {}, const CustomRow* row = nullptr) {
  Node node{.op = op,
            .dtype = dtype,
            .operand = operands,
            .attributes = attributes,
            .shape = shape,
            .row = row};
  for (int i = 0; i < max_operands && operands.elements[i] >= 0; ++i) {
    const Node& from = r->graph[operands.elements[i]];
    if (from.space == Space::per_sample) node.space = Space::per_sample;
    if (node.scope < 0) node.scope = from.scope;
  }
  if (r->scope >= 0) node.scope = r->scope;
  return {r, r->append(node)};
}

constexpr Operands operands(Var a) { return {std::int16_t(a.id()), -1, -1}; }
constexpr Operands operands(Var a, Var b) {
  return {std::int16_t(a.id()), std::int16_t(b.id()), -1};
}
constexpr Operands operands(Var a, Var b, Var c) {
  return {std::int16_t(a.id()), std::int16_t(b.id()), std::int16_t(c.id())};
}

}  // namespace ir
}  // namespace tg
