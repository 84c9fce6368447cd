// Where a definition declares inputs, parameters, states, settings and updates.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/random.hpp"
#include "typegrad/graph/moves.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/graph/recording.hpp"

namespace tg {

// What a recording is for. `training` and `inference` answer s.training(); `initial` records the
// first values of parameters and states instead of skipping them.
enum class Purpose : std::uint8_t { inference, training, initial };

namespace ir {

// How to read the member of an aggregate whose address is known.
template <auto Member>
struct MemberReader;
template <class A, class Value, Value A::*Member>
struct MemberReader<Member> {
  using Aggregate = A;
  // Tells members apart; never 0. (Addresses of functions cannot be compared in sanitized builds.)
  static constexpr std::uint64_t key() { return hash(__PRETTY_FUNCTION__) | 1; }
  static constexpr double read(const void* aggregate) {
    return double(static_cast<const A*>(aggregate)->*Member);
  }
};

}  // namespace ir

class Scope;

// The first value of a state when nothing else is said: 0.
struct Zeros {
  constexpr Var define(Scope& s, const Shape& shape) const;
};

class Scope {
 public:
  constexpr Scope(ir::Recording& recording, Purpose purpose = Purpose::inference)
      : record(&recording), why(purpose) {}

  constexpr ir::Recording* recording() const { return record; }
  // True in the recording that a Trainer makes.
  constexpr bool training() const { return why == Purpose::training; }
  constexpr Purpose purpose() const { return why; }

  // Per sample, given by the caller.
  constexpr Var input(const char* name, const Shape& shape, DType dtype = DType::floating) {
    return leaf(Op::input, name, shape, dtype, ir::Space::per_sample);
  }
  // Per sample, one integer.
  constexpr Var label(const char* name) {
    return leaf(Op::label, name, {}, DType::i32, ir::Space::per_sample);
  }
  // Given once a call and shared by its samples.
  constexpr Var argument(const char* name, const Shape& shape, DType dtype = DType::floating) {
    return leaf(Op::argument, name, shape, dtype, ir::Space::shared);
  }
  constexpr Var scalar(const char* name) { return argument(name, {}); }

  // Trained. The filler is a definition of the first value: Var define(Scope&, const Shape&).
  template <class Filler>
  constexpr Var parameter(const char* name, const Shape& shape, const Filler& filler) {
    return stored(Op::parameter, name, shape, DType::floating, filler);
  }
  // Kept between calls, changed by `update` alone.
  template <class Filler = Zeros>
  constexpr Var shared(const char* name, const Shape& shape, DType dtype,
                       const Filler& filler = {}) {
    return stored(Op::state, name, shape, dtype, filler);
  }
  template <class Filler = Zeros>
  constexpr Var shared(const char* name, const Shape& shape, const Filler& filler = {}) {
    return stored(Op::state, name, shape, DType::floating, filler);
  }

  // A variable that somebody else keeps and fills: the weights that a solver changes.
  constexpr Var variable(const char* name, const Shape& shape) {
    return leaf(Op::state, name, shape, DType::floating, ir::Space::shared);
  }

  // A run-time number of an aggregate, read at each call: s.setting<&Adam::learning_rate>(). Shape
  // {}.
  template <auto Member>
  constexpr Var setting() {
    using Reader = ir::MemberReader<Member>;
    constexpr std::uint64_t key = Reader::key();
    for (const ir::Leaf& other : record->leaves)
      if (other.setting == key) return {&record->builder, other.node};
    const Var result = leaf(Op::setting, "", {}, DType::floating, ir::Space::shared, false);
    ir::Leaf& entry = record->leaves.back();
    entry.aggregate = &ir::type_tag<typename Reader::Aggregate>;
    entry.setting = key;
    entry.read = &Reader::read;
    return result;
  }

  // Uniform in [0, 1), new at each call: keyed by this place, the sample and the element.
  constexpr Var uniform(const char* name, const Shape& shape) {
    return random(Op::uniform, name, shape);
  }
  // Of mean 0 and variance 1.
  constexpr Var normal(const char* name, const Shape& shape) {
    return random(Op::normal, name, shape);
  }

  constexpr Var constant(double value, const Shape& shape = {}) {
    return tg::constant(&record->builder, value, shape);
  }
  // (extent): 0, 1, 2, …
  constexpr Var iota(int extent, DType dtype = DType::floating) {
    return tg::iota(&record->builder, extent, dtype);
  }
  constexpr Var samples() { return sample_count(&record->builder); }

  // A call with fewer samples than `count` has no meaning (a variance over one value).
  constexpr void needs_samples(int count) {
    if (record->minimum_samples < count) record->minimum_samples = count;
  }

  // After everything was computed, `target` (a state) becomes `value`. All updates happen at once.
  constexpr void update(Var target, Var value) {
    const bool stored = target.node().op == Op::state || target.node().op == Op::parameter;
    if (!stored || target.shape() != value.shape() || target.dtype() != value.dtype() ||
        value.per_sample())
      return record->fail(
          {.kind = FaultKind::update_does_not_fit, .got = value.shape(), .wanted = target.shape()});
    ir::Leaf& leaf = record->leaves[target.node().attributes[0]];
    if (leaf.update >= 0)
      return record->fail({.kind = FaultKind::updated_twice, .name = leaf.name});
    leaf.update = std::int16_t(ir::emit(&record->builder, Op::update, target.shape(),
                                        target.dtype(), ir::operands(target, value))
                                   .id());
  }

  // Notes what is wrong and goes on with a symbol that raises nothing further.
  constexpr Var fault(Var usable, const Fault& what) {
    record->fail(what);
    return usable;
  }

  // A level of names: parameters made until `leave` are called "index.…".
  constexpr void enter(int index) {
    enter(ir::ScopeEntry{record->builder.scope, std::int16_t(index), ""});
  }
  constexpr void enter(const char* name) { enter(ir::ScopeEntry{record->builder.scope, -1, name}); }
  constexpr void leave() {
    if (record->builder.scope >= 0)
      record->builder.scope = record->scopes[record->builder.scope].parent;
  }

 private:
  constexpr void enter(ir::ScopeEntry entry) {
    entry.first_leaf = std::int16_t(record->leaves.size());
    if (record->scopes.full())
      return record->fail({.kind = FaultKind::too_many_nodes, .numbers = {ir::max_scopes}});
    record->builder.scope = std::int16_t(record->scopes.push_back(entry));
  }

  static constexpr bool equal_text(const char* a, const char* b) {
    return std::string_view(a) == b;
  }

  constexpr Var leaf(Op op, const char* name, const Shape& shape, DType dtype, ir::Space space,
                     bool named = true) {
    if (dtype == DType::floating) dtype = record->builder.floating;
    if (!shape.positive()) record->fail({.kind = FaultKind::extent_not_positive, .wanted = shape});
    if (shape.rank() > Shape::max_rank)
      record->fail({.kind = FaultKind::rank_too_large, .got = shape});
    const int first =
        record->builder.scope < 0 ? 0 : record->scopes[record->builder.scope].first_leaf;
    for (int i = record->leaves.size() - 1; named && i >= first; --i) {
      const ir::Leaf& other = record->leaves[i];
      if (other.scope != record->builder.scope || !equal_text(other.name, name)) continue;
      const ir::Node& node = record->builder.graph[other.node];
      const bool given = op == Op::input || op == Op::label || op == Op::argument;
      if (given && node.op == op && node.shape == shape && node.dtype == dtype)
        return {&record->builder, other.node};
      record->fail({.kind = FaultKind::name_used_twice, .name = name});
    }
    if (record->leaves.full()) {
      record->fail({.kind = FaultKind::too_many_nodes, .numbers = {ir::max_leaves}});
      return tg::constant(&record->builder, 0, shape, dtype);
    }
    const int index = record->leaves.size();
    const int id = record->builder.append({.op = op,
                                           .dtype = dtype,
                                           .space = space,
                                           .scope = record->builder.scope,
                                           .attributes = {std::int16_t(index)},
                                           .shape = shape});
    record->leaves.push_back(
        {.node = std::int16_t(id), .scope = record->builder.scope, .name = name});
    return {&record->builder, id};
  }

  template <class Filler>
  constexpr Var stored(Op op, const char* name, const Shape& shape, DType dtype,
                       const Filler& filler) {
    Var result = leaf(op, name, shape, dtype, ir::Space::shared);
    if (why == Purpose::initial && !record->fault() && shape.positive()) {
      enter(name);  // random numbers are keyed by the names they are for
      const Var value = filler.define(*this, shape);
      leave();
      record->leaves[result.node().attributes[0]].initial =
          std::int16_t(cast(value, result.dtype()).id());
    }
    return result;
  }

  constexpr Var random(Op op, const char* name, const Shape& shape) {
    return leaf(op, name, shape, DType::floating,
                why == Purpose::initial ? ir::Space::shared : ir::Space::per_sample);
  }

  ir::Recording* record;
  Purpose why;
};

constexpr Var Zeros::define(Scope& s, const Shape& shape) const { return s.constant(0, shape); }

}  // namespace tg
