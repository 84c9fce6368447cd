// Where a definition declares inputs, parameters, states, settings and updates.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>

#include "typegrad/core/error.hpp"
#include "typegrad/graph/moves.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/graph/recording.hpp"
#include "typegrad/graph/setting.hpp"

namespace tg {

// What a recording is for. `training` and `inference` answer s.training(); `initial` records the
// first values of parameters and states instead of skipping them.
enum class Purpose : std::uint8_t { inference, training, initial };
// An option of tg::Function: s.training() is true. (The folder training/ has the namespace
// fitting.)
inline constexpr Purpose training = Purpose::training;

class Scope;

// What L makes of such inputs is one symbol.
template <class L, class... Vars>
concept LayerOf = requires(Scope& s, Vars... inputs) {
  { L::define(s, inputs...) } -> std::same_as<Var>;
};

// The first value of a state when nothing else is said: 0.
struct Zeros {
  constexpr Var define(Scope& s, const Shape& shape) const;
};

class Scope {
 public:
  constexpr Scope(ir::Recording& recording, Purpose purpose = Purpose::inference)
      : record(&recording), why(purpose) {}

  constexpr ir::Recording* recording() const { return record; }
  // True in the recording that a Trainer makes, outside of tg::Frozen.
  constexpr bool training() const { return why == Purpose::training && !fixed; }
  constexpr Purpose purpose() const { return why; }

  // Per sample, given by the caller; or left out of the call, if it is among the last of its
  // arguments and there is another value: s.scalar("rate", tg::otherwise(0.1)).
  constexpr Var input(Noted<const char*> name, const Shape& shape, DType dtype = DType::floating,
                      const Otherwise& value = {}) {
    return leaf(Op::input, name, shape, dtype, ir::Space::per_sample, true, value);
  }
  constexpr Var input(Noted<const char*> name, const Shape& shape, const Otherwise& value) {
    return input(name, shape, DType::floating, value);
  }
  // Per sample, one integer.
  constexpr Var label(Noted<const char*> name, const Otherwise& value = {}) {
    return leaf(Op::label, name, {}, DType::i32, ir::Space::per_sample, true, value);
  }
  // Given once a call and shared by its samples.
  constexpr Var argument(Noted<const char*> name, const Shape& shape, DType dtype = DType::floating,
                         const Otherwise& value = {}) {
    return leaf(Op::argument, name, shape, dtype, ir::Space::shared, true, value);
  }
  constexpr Var argument(Noted<const char*> name, const Shape& shape, const Otherwise& value) {
    return argument(name, shape, DType::floating, value);
  }
  constexpr Var scalar(Noted<const char*> name, const Otherwise& value = {}) {
    return argument(name, {}, value);
  }

  // From now on, an input, label or argument of that name is no leaf but `symbol`: of the same
  // shape and dtype, per sample where it would be. So a definition that is given batches becomes
  // one that reads a resident dataset:
  //   s.given("x", gather(s.shared("images", {50000, 784}), s.label("index")));
  //   return TrainStep::define(s);
  constexpr void given(const char* name, Operand symbol) {
    if (record->givens.full())
      return record->fail({.kind = FaultKind::too_many_nodes, .numbers = {ir::max_givens}});
    record->givens.push_back({name, record->builder.scope, std::int16_t(symbol.id())});
  }
  // Gives a symbol a name, for who prints the graph; and returns it.
  constexpr Var named(const char* name, Var symbol) {
    if (record->names.full())
      record->fail({.kind = FaultKind::too_many_nodes, .numbers = {ir::max_symbol_names}});
    else
      record->names.push_back({std::int16_t(symbol.id()), name});
    return symbol;
  }

  // Trained, unless frozen. The filler is a definition of the first value: Var define(Scope&, const
  // Shape&).
  template <class Filler>
  constexpr Var parameter(Noted<const char*> name, const Shape& shape, const Filler& filler) {
    return stored(fixed ? Op::state : Op::parameter, name, shape, DType::floating, filler, fixed);
  }
  // Kept between calls, changed by `update` alone.
  template <class Filler = Zeros>
  constexpr Var shared(Noted<const char*> name, const Shape& shape, DType dtype,
                       const Filler& filler = {}) {
    return stored(Op::state, name, shape, dtype, filler);
  }
  template <class Filler = Zeros>
  constexpr Var shared(Noted<const char*> name, const Shape& shape, const Filler& filler = {}) {
    return stored(Op::state, name, shape, DType::floating, filler);
  }

  // A variable that somebody else keeps and fills: the weights that a solver changes.
  constexpr Var variable(Noted<const char*> name, const Shape& shape) {
    return leaf(Op::state, name, shape, DType::floating, ir::Space::shared);
  }

  // A run-time number of an aggregate, read at each call: s.setting<&Adam::learning_rate>(). Shape
  // {}.
  template <auto Member>
  constexpr Var setting(const std::source_location& at = std::source_location::current()) {
    using Reader = ir::MemberReader<Member>;
    constexpr std::uint64_t key = Reader::key();
    for (const ir::Leaf& other : record->leaves)
      if (other.setting == key) return {&record->builder, other.node};
    const Var result = leaf(Op::setting, {"", at}, {}, DType::floating, ir::Space::shared, false);
    ir::Leaf& entry = record->leaves.back();
    entry.aggregate = &ir::type_tag<typename Reader::Aggregate>;
    entry.setting = key;
    entry.read = &Reader::read;
    return result;
  }

  // Uniform in [0, 1), new at each call: keyed by this place, the sample and the element.
  constexpr Var uniform(Noted<const char*> name, const Shape& shape) {
    return random(Op::uniform, name, shape);
  }
  // Of mean 0 and variance 1.
  constexpr Var normal(Noted<const char*> name, const Shape& shape) {
    return random(Op::normal, name, shape);
  }

  constexpr Var constant(Noted<double> value, const Shape& shape = {}) {
    record->builder.note(value.at);
    return tg::constant(&record->builder, value.value, shape);
  }
  // (extent): 0, 1, 2, …
  constexpr Var iota(Noted<int> extent, DType dtype = DType::floating) {
    record->builder.note(extent.at);
    return tg::iota(&record->builder, extent.value, dtype);
  }
  constexpr Var samples() { return sample_count(&record->builder); }

  // A call with fewer samples than `count` has no meaning (a variance over one value).
  constexpr void needs_samples(int count) {
    if (record->minimum_samples < count) record->minimum_samples = count;
  }

  // Every parameter that was declared so far, in that order: what a rule of one's own updates.
  constexpr FixedVector<Var, ir::max_leaves> parameters() const {
    FixedVector<Var, ir::max_leaves> result;
    for (const ir::Leaf& leaf : record->leaves)
      if (record->graph()[leaf.node].op == Op::parameter)
        result.push_back({&record->builder, leaf.node});
    return result;
  }

  // After everything was computed, `target` (a state) becomes `value`. All updates happen at once.
  constexpr void update(Operand target, Var value) {
    const bool stored = target.node().op == Op::state || target.node().op == Op::parameter;
    if (!stored || target.shape() != value.shape() || target.dtype() != value.dtype() ||
        value.per_sample())
      return record->fail({.kind = FaultKind::update_does_not_fit,
                           .got = value.shape(),
                           .wanted = target.shape(),
                           .numbers = {int(value.dtype()), int(target.dtype())},
                           .name = stored ? record->leaves[target.node().attributes[0]].name
                                          : name_of(target.node().op).data()});
    if (condition >= 0) value = select(Var{&record->builder, condition}, value, target);
    ir::Leaf& leaf = record->leaves[target.node().attributes[0]];
    if (leaf.update >= 0)
      return record->fail({.kind = FaultKind::updated_twice, .name = leaf.name});
    leaf.update = std::int16_t(ir::emit(&record->builder, Op::update, target.shape(),
                                        target.dtype(), ir::operands(target, value))
                                   .id());
  }

  // Notes what is wrong and goes on with a symbol that raises nothing further.
  constexpr Var fault(Operand usable, const Fault& what) {
    record->fail(what);
    return usable;
  }

  // What a layer L makes of its inputs, on a level of its own: its parameters are called "name.…".
  // A layer of one's own is made of others so: s.layer<"conv1", tg::Conv<16, 3>>(x).
  // Errors: not_a_layer, takes_other_inputs.
  template <FixedString Name, class L, std::same_as<Var>... Vars>
  constexpr Var layer(Vars... inputs) {
    return layer_at<L>({.name = Name.text}, inputs...);
  }
  // The same on a numbered level, "0.…".
  template <class L, std::same_as<Var>... Vars>
  constexpr Var layer(int number, Vars... inputs) {
    return layer_at<L>({.index = std::int16_t(number)}, inputs...);
  }

  // This place, where what would be a parameter is kept as it is, and training is as inference.
  constexpr Scope frozen() const {
    Scope result = *this;
    result.fixed = true;
    return result;
  }
  // This place, where parameters are those of the other places tied by this name, where they exist.
  constexpr Scope tied(const char* name) const {
    Scope result = *this;
    if (record->ties.full())
      record->fail({.kind = FaultKind::too_many_nodes, .numbers = {ir::max_ties}});
    else
      result.tie = std::int16_t(record->ties.push_back({name, record->builder.scope}));
    return result;
  }

  // This place, where updates happen if `condition`, one number, is not 0: else what would be
  // updated stays as it is.
  constexpr Scope only_if(Var holds) const {
    Scope result = *this;
    result.condition = std::int16_t(holds.id());
    return result;
  }

  // A level of names: parameters made until `leave` are called "index.…".
  constexpr void enter(int index) { enter(ir::ScopeEntry{.index = std::int16_t(index)}); }
  constexpr void enter(const char* name) { enter(ir::ScopeEntry{.name = name}); }
  constexpr void leave() {
    if (record->builder.scope >= 0)
      record->builder.scope = record->scopes[record->builder.scope].parent;
  }

 private:
  constexpr void enter(ir::ScopeEntry entry) {
    entry.parent = record->builder.scope;
    entry.first_leaf = std::int16_t(record->leaves.size());
    entry.first_node = std::int16_t(record->graph().size());
    if (record->scopes.full())
      return record->fail({.kind = FaultKind::too_many_nodes, .numbers = {ir::max_scopes}});
    record->builder.scope = std::int16_t(record->scopes.push_back(entry));
  }

  template <class L, class... Vars>
  constexpr Var layer_at(ir::ScopeEntry level, Vars... inputs) {
    if constexpr (LayerOf<L, Vars...>) {
      level.type = ir::type_text<L>();
      enter(level);
      const int here = record->builder.scope, place = record->builder.place;
      record->builder.place = -1;
      const Var result = L::define(*this, inputs...);
      record->builder.place = std::int16_t(place);
      leave();
      if (here >= 0) {
        record->scopes[here].end_node = std::int16_t(record->graph().size());
        record->scopes[here].result = std::int16_t(result.id());
      }
      return result;
    } else {
      if constexpr (sizeof...(Vars) == 1)
        error::raise<error::not_a_layer<error::layer<L>>>();
      else
        error::raise<error::takes_other_inputs<error::layer<L>, error::inputs<sizeof...(Vars)>>>();
      record->fail({.kind = FaultKind::already_raised});
      return usable(inputs...);
    }
  }
  constexpr Var usable() { return constant(0, {1}); }
  template <class... More>
  constexpr Var usable(Var first, More...) {
    return first;
  }

  static constexpr bool equal_text(const char* a, const char* b) {
    return std::string_view(a) == b;
  }

  constexpr Var leaf(Op op, const Noted<const char*>& called, const Shape& shape, DType dtype,
                     ir::Space space, bool named = true, const Otherwise& otherwise = {}) {
    const char* name = called.value;
    record->builder.note(called.at);
    if (dtype == DType::floating) dtype = record->builder.graph.floating;
    if (is_half(dtype)) {
      record->fail({.kind = FaultKind::half_in_a_definition, .numbers = {int(dtype)}});
      dtype = record->builder.graph.floating;
    }
    if (!shape.positive()) record->fail({.kind = FaultKind::extent_not_positive, .wanted = shape});
    if (shape.rank() > Shape::max_rank)
      record->fail({.kind = FaultKind::rank_too_large, .got = shape});
    if (otherwise.exists && !is_floating(dtype) && !otherwise.is_whole())
      record->fail(
          {.kind = FaultKind::dtypes_do_not_match, .numbers = {int(dtype), int(DType::f64)}});
    const bool given = op == Op::input || op == Op::label || op == Op::argument;
    if (given)
      for (const ir::Given& other : record->givens)
        if (other.scope == record->builder.scope && equal_text(other.name, name))
          return given_instead({&record->builder, other.node}, name, shape, dtype, space);
    const int first =
        record->builder.scope < 0 ? 0 : record->scopes[record->builder.scope].first_leaf;
    for (int i = record->leaves.size() - 1; named && i >= first; --i) {
      const ir::Leaf& other = record->leaves[i];
      if (other.scope != record->builder.scope || !equal_text(other.name, name)) continue;
      const ir::Node& node = record->builder.graph[other.node];
      if (given && node.op == op && node.shape == shape && node.dtype == dtype &&
          other.otherwise == otherwise)
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
    record->leaves.push_back({.node = std::int16_t(id),
                              .scope = record->builder.scope,
                              .name = name,
                              .otherwise = otherwise});
    return {&record->builder, id};
  }

  constexpr Var given_instead(Var symbol, const char* name, const Shape& shape, DType dtype,
                              ir::Space space) {
    if (symbol.shape() == shape && symbol.dtype() == dtype && symbol.node().space == space)
      return symbol;
    record->fail({.kind = FaultKind::given_does_not_fit,
                  .got = symbol.shape(),
                  .wanted = shape,
                  .numbers = {int(symbol.dtype()), int(dtype)},
                  .name = name});
    return constant(0, shape);
  }

  template <class Filler>
  constexpr Var stored(Op op, const Noted<const char*>& called, const Shape& shape, DType dtype,
                       const Filler& filler, bool is_frozen = false) {
    const char* name = called.value;
    record->builder.note(called.at);
    if (const int other = tied_leaf(name); other >= 0) {
      const Var first{&record->builder, record->leaves[other].node};
      if (first.shape() == shape) return first;
      record->fail({.kind = FaultKind::tied_shapes_differ,
                    .got = shape,
                    .wanted = first.shape(),
                    .name = record->ties[tie].name});
    }
    Var result = leaf(op, called, shape, dtype, ir::Space::shared);
    if (result.node().op == op) {
      record->leaves.back().tie = tie;
      record->leaves.back().frozen = is_frozen;
    }
    if (why == Purpose::initial && !record->fault() && shape.positive()) {
      enter(name);  // random numbers are keyed by the names they are for
      const Var value = filler.define(*this, shape);
      leave();
      record->leaves[result.node().attributes[0]].initial =
          std::int16_t(cast(value, result.dtype()).id());
    }
    return result;
  }

  // The parameter or state of this name that another place of the tie declared, or -1.
  constexpr int tied_leaf(const char* name) const {
    for (int i = 0; tie >= 0 && i < record->leaves.size(); ++i) {
      const ir::Leaf& leaf = record->leaves[i];
      if (leaf.tie < 0 || leaf.tie == tie || !equal_text(leaf.name, name)) continue;
      const ir::TiePlace &there = record->ties[leaf.tie], &here = record->ties[tie];
      if (equal_text(there.name, here.name) &&
          same_levels(leaf.scope, there.scope, record->builder.scope, here.scope))
        return i;
    }
    return -1;
  }
  // Whether the levels from `a` out to `a_end` are called like those from `b` out to `b_end`.
  constexpr bool same_levels(int a, int a_end, int b, int b_end) const {
    for (; a != a_end && b != b_end; a = record->scopes[a].parent, b = record->scopes[b].parent) {
      const ir::ScopeEntry &in_a = record->scopes[a], &in_b = record->scopes[b];
      if (in_a.index != in_b.index || !equal_text(in_a.name, in_b.name)) return false;
    }
    return a == a_end && b == b_end;
  }

  constexpr Var random(Op op, const Noted<const char*>& name, const Shape& shape) {
    return leaf(op, name, shape, DType::floating,
                why == Purpose::initial ? ir::Space::shared : ir::Space::per_sample);
  }

  ir::Recording* record;
  Purpose why;
  bool fixed = false;           // in a tg::Frozen
  std::int16_t tie = -1;        // the place of a tg::Tied around: an index of Recording::ties
  std::int16_t condition = -1;  // of updates, a node
};

constexpr Var Zeros::define(Scope& s, const Shape& shape) const { return s.constant(0, shape); }

}  // namespace tg
