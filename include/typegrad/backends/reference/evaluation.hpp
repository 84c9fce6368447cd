// The value of any node of a graph, for any number of samples, in constant expressions too.
// SPDX-License-Identifier: MIT
#pragma once
#include <utility>

#include "typegrad/backends/reference/bindings.hpp"
#include "typegrad/backends/reference/buffer.hpp"
#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/backends/reference/random.hpp"
#include "typegrad/graph/loop.hpp"

namespace tg::reference {

// What a program in half precision makes of its values: nodes[id] says which of them are rounded
// when they are made, as memory will hold them. Of others, nothing.
template <class T>
struct Rounding {
  T (*round)(T) = nullptr;
  const bool* nodes = nullptr;
};

// Evaluates on demand: a value is computed when it is first asked for, with what it depends on.
// Leaves keep the values that they had before the call; `update` hands out what becomes of them.
template <class T>
class Evaluation {
 public:
  // Pre: the bindings' recording made the leaves of the graph, which may have been through passes
  // since; graph, bindings and rows outlive the evaluation.
  constexpr Evaluation(const ir::Graph& graph, const Bindings<T>& bindings, int samples = 1,
                       const Rows<T>& rows = reference_rows<T>, const Rounding<T>& rounding = {})
      : nodes(&graph),
        leaves(&bindings),
        row(&rows),
        storage(rounding),
        count(samples),
        known(std::size_t(graph.size())),
        own(std::size_t(graph.size())) {}
  Evaluation(const ir::Graph&, const Bindings<T>&&, int = 1) = delete;
  // Of the graph as it was recorded.
  constexpr explicit Evaluation(const Bindings<T>& bindings, int samples = 1)
      : Evaluation(bindings.recording().graph(), bindings, samples) {}
  explicit Evaluation(const Bindings<T>&&, int = 1) = delete;

  constexpr int samples() const { return count; }
  // Numbers in the value of a node.
  constexpr std::size_t size(int id) const {
    return element_count(id) * copies((*nodes)[id].space);
  }

  // A shared node's elements, or a per-sample node's [sample][element]. Valid as long as the
  // evaluation and the bindings. Throws Error when a leaf that it depends on has no values.
  constexpr const T* value(int id) {
    if (known[id] != nullptr) return known[id];
    const Buffer<bool> needed(std::size_t(id) + 1);
    needed[id] = true;
    for (int node = id; node >= 0; --node) {
      if (!needed[node] || known[node] != nullptr || leaves_loop((*nodes)[node].op)) continue;
      for (std::int16_t operand : (*nodes)[node].operand)
        if (operand >= 0) needed[operand] = true;
    }
    for (int node = 0; node <= id; ++node) {
      if (!needed[node] || known[node] != nullptr) continue;
      if (leaves_loop((*nodes)[node].op))
        run_loop(nodes->operand(node, 0).region);
      else
        known[node] = as_stored(node, evaluate(node));
    }
    return known[id];
  }
  constexpr const T* value(Var symbol) { return value(symbol.id()); }

  // The graph's output `index`. Throws Error when there is none.
  constexpr const T* output(int index = 0) {
    for (int id = 0; id < nodes->size(); ++id)
      if ((*nodes)[id].op == Op::output && (*nodes)[id].attributes[0] == index) return value(id);
    no_output(index);
  }

  // write(leaf, values, size) for every state or parameter that the graph updates: its index in the
  // recording, its new value. All are known before the first is written over what was bound.
  template <class Write>
  constexpr void update(Write write) {
    Buffer<Buffer<T>> news(std::size_t(nodes->size()));
    for (int id = 0; id < nodes->size(); ++id) {
      if ((*nodes)[id].op != Op::update) continue;
      const T* values = value(id);
      news[id] = Buffer<T>(size(id));
      for (std::size_t i = 0; i < size(id); ++i) news[id][i] = values[i];
    }
    for (int id = 0; id < nodes->size(); ++id)
      if ((*nodes)[id].op == Op::update)
        write(int(nodes->operand(id, 0).attributes[0]), static_cast<const T*>(news[id].data()),
              int(size(id)));
  }

 private:
  constexpr const T* as_stored(int id, const T* values) {
    if (storage.nodes == nullptr || !storage.nodes[id]) return values;
    Buffer<T> rounded(size(id));
    for (std::size_t i = 0; i < size(id); ++i) rounded[i] = storage.round(values[i]);
    own[id] = std::move(rounded);
    return own[id].data();
  }
  // Makes known every value that a loop leaves behind. Those of its body are known for a step only.
  constexpr void run_loop(int region) {
    Buffer<bool> runs(std::size_t(nodes->size()));  // the nodes of the loop, inside and behind
    for (int id = 0; id < nodes->size(); ++id)
      runs[id] = leaves_loop((*nodes)[id].op) && nodes->operand(id, 0).region == region;
    ir::mark_needed(*nodes, runs);
    int steps = 1;
    for (int id = 0; id < nodes->size(); ++id) {
      const ir::Node& node = (*nodes)[id];
      const bool behind = leaves_loop(node.op) && nodes->operand(id, 0).region == region;
      runs[id] = runs[id] && (behind || node.region == region);
      if (!runs[id]) continue;
      if (ir::steps_of(node) > 0) steps = ir::steps_of(node);
      for (int i = 0; i < node.operands(); ++i)
        if (nodes->operand(id, i).region == 0) value(node.operand[i]);
      if (kind_of(node.op) == Kind::loop) own[id] = Buffer<T>(size(id));
    }
    for (int step = 0; step < steps; ++step) {
      for (int id = 0; id < nodes->size(); ++id)
        if (runs[id]) known[id] = in_step(id, step);
      for (int id = 0; id < nodes->size(); ++id)  // all carries at once
        if (runs[id] && (*nodes)[id].op == Op::next)
          copy_rows(id, 0, (*nodes)[id].operand[0], 0, element_count(id));
    }
    for (int id = 0; id < nodes->size(); ++id)
      if (runs[id] && (*nodes)[id].region != 0) known[id] = nullptr;
  }
  // The value of a node of a loop in a step; of what the loop leaves behind, as far as it is known.
  constexpr const T* in_step(int id, int step) {
    const ir::Node& node = (*nodes)[id];
    if (kind_of(node.op) != Kind::loop) return evaluate(id);
    const int from = node.operand[node.op == Op::next ? 1 : 0];
    const std::size_t row = node.op == Op::element || node.op == Op::collect
                                ? std::size_t(ir::RowRange::of(node.attributes).row(step))
                                : 0;
    if (node.op == Op::element)
      copy_rows(from, row * element_count(id), id, 0, element_count(id));
    else if (node.op == Op::collect)
      copy_rows(from, 0, id, row * element_count(from), element_count(from));
    else if (node.op != Op::carry || step == 0)
      copy_rows(from, 0, id, 0, element_count(id));
    return own[id].data();
  }
  // `count` elements of each sample, from one value to another.
  constexpr void copy_rows(int from, std::size_t first, int to, std::size_t place,
                           std::size_t count) {
    const bool shared = (*nodes)[from].space == ir::Space::shared;
    for (std::size_t copy = 0; copy < copies((*nodes)[to].space); ++copy)
      for (std::size_t i = 0; i < count; ++i)
        own[to][copy * element_count(to) + place + i] =
            known[from][(shared ? 0 : copy * element_count(from)) + first + i];
  }

  constexpr std::size_t element_count(int id) const {
    return std::size_t((*nodes)[id].shape.size());
  }
  constexpr std::size_t copies(ir::Space space) const {
    return space == ir::Space::per_sample ? std::size_t(count) : 1;
  }
  [[noreturn]] static void fail(const std::string& what) { throw Error(what); }
  [[noreturn]] static void no_output(int index) {
    fail("the graph has no output " + std::to_string(index));
  }
  [[noreturn]] static void no_row(Op op) {
    fail("the reference cannot evaluate " + std::string(name_of(op)));
  }

  constexpr const T* evaluate(int id) {
    const ir::Node& node = (*nodes)[id];
    switch (node.op) {
      case Op::output:
        return known[node.operand[0]];
      case Op::update:
      case Op::train:
        return known[node.operand[1]];
      case Op::constant:
        return filled(id, T(node.value));
      case Op::samples:
        return filled(id, T(count));
      case Op::uniform:
      case Op::normal:
        return random(id);
      default:
        break;
    }
    if (is_leaf(node.op)) return bound(id);
    if (!(*row)[int(node.op)].exists) no_row(node.op);
    return computed(id);
  }

  constexpr const T* filled(int id, T number) {
    own[id] = Buffer<T>(size(id));
    for (std::size_t i = 0; i < size(id); ++i) own[id][i] = number;
    return own[id].data();
  }

  constexpr const T* random(int id) {
    const ir::Node& node = (*nodes)[id];
    const std::uint64_t key =
        random_key(leaves->recording(), node.attributes[0], leaves->seed, leaves->step);
    own[id] = Buffer<T>(size(id));
    for (std::size_t sample = 0; sample < copies(node.space); ++sample)
      fill_random(node.op, key, sample, View<T>{own[id].data() + sample * element_count(id)},
                  int(element_count(id)));
    return own[id].data();
  }

  constexpr const T* bound(int id) const {
    const int leaf = (*nodes)[id].attributes[0];
    if (const T* values = (*leaves)[leaf]) return values;
    unbound(id);
  }
  [[noreturn]] void unbound(int id) const {
    const ir::Node& node = (*nodes)[id];
    std::string name;
    ir::spell_name(leaves->recording(), node.attributes[0],
                   [&](std::string_view piece) { name += piece; });
    fail("the " + std::string(name_of(node.op)) + " '" + name + "' has no values");
  }

  constexpr const T* computed(int id) {
    const ir::Node& node = (*nodes)[id];
    const ir::Node* operands[ir::max_operands] = {};
    bool per_sample = node.across;
    for (int i = 0; i < node.operands(); ++i) operands[i] = &(*nodes)[node.operand[i]];
    for (int i = 0; i < node.operands(); ++i)
      per_sample = per_sample || operands[i]->space == ir::Space::per_sample;
    const std::size_t elements = element_count(id), calls = per_sample ? std::size_t(count) : 1;
    own[id] = Buffer<T>(size(id));
    const Buffer<T> addend(node.across ? elements : 0);
    for (std::size_t call = 0; call < calls; ++call) {
      View<const T> in[ir::max_operands];
      for (int i = 0; i < node.operands(); ++i) {
        const bool own_copy = operands[i]->space == ir::Space::per_sample;
        in[i].data =
            known[node.operand[i]] + (own_copy ? call * element_count(node.operand[i]) : 0);
      }
      T* const out = node.across ? addend.data() : own[id].data() + call * elements;
      (*row)[int(node.op)]({node, operands, in, {out}});
      for (std::size_t i = 0; node.across && i < elements; ++i) own[id][i] += addend[i];
    }
    return own[id].data();
  }

  const ir::Graph* nodes;
  const Bindings<T>* leaves;
  const Rows<T>* row;
  Rounding<T> storage;
  int count;
  Buffer<const T*> known;  // [node]: null until evaluated
  Buffer<Buffer<T>> own;   // [node]: memory of what is not bound
};

}  // namespace tg::reference
