// Where the first number that is none came from: the layer and the operation.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "typegrad/graph/place_text.hpp"
#include "typegrad/runtime/interpret.hpp"
#include "typegrad/runtime/variables.hpp"

namespace tg::fitting {

// A step that went wrong: its graph, and the memory of its leaves.
struct FailedStep {
  struct Memory {
    const void* data = nullptr;
    std::int64_t size = 0;
    DType dtype = f32;
  };
  std::span<const ir::Node> nodes;
  std::span<const ir::ScopeEntry> scopes;  // which nodes name by their index
  std::span<const ir::Place> places;       // so, too
  runtime::Leaves leaves;
  HeapArray<Memory> memory;    // [leaf]: of inputs, targets, parameters and states
  HeapArray<double> settings;  // [leaf]
  std::int64_t samples = 1;
  std::uint64_t seed = 0, call = 0;
  bool single = true;  // the model's dtype is f32
};

// The leaves of a step over `batch` and what memory they have, for a loss's aggregate.
template <class T, class Kept, class Memory, class Loss, class Batch>
[[gnu::cold]] FailedStep failed_step(const runtime::Leaves& leaves,
                                     const runtime::Variables<T, Kept, Memory>& variables,
                                     const Loss& loss, const Batch& batch) {
  constexpr DType own = sizeof(T) == 8 ? f64 : f32;
  [[maybe_unused]] constexpr DType kept = std::is_same_v<Kept, bfloat16>  ? bf16
                                          : std::is_same_v<Kept, float16> ? f16
                                                                          : own;
  FailedStep step;
  step.leaves = leaves;
  step.memory = HeapArray<FailedStep::Memory>(leaves.infos.size());
  step.settings = HeapArray<double>(leaves.infos.size());
  step.samples = batch.inputs.count();
  step.single = own == f32;
  for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
    const runtime::LeafInfo& info = leaves.infos[leaf];
    FailedStep::Memory memory{nullptr, 0, own};
    if (info.stored()) {
      memory = {variables.read(*variables.find(info.hash)), info.shape.size(),
                info.op == Op::parameter ? kept : own};
    } else if (info.op == Op::argument) {  // of a device's step: whether the run goes on
      static constexpr double goes_on = 1;
      memory = {&goes_on, 1, f64};
    } else if (leaves.name(leaf) == "target") {
      memory = {batch.targets.data(), std::int64_t(batch.targets.size()),
                info.op == Op::label ? i32 : own};
    } else if (info.op == Op::input) {
      memory = {batch.inputs.data(), std::int64_t(batch.inputs.size()),
                is_floating(info.dtype) ? own : i32};
    }
    step.memory[leaf] = memory;
    step.settings[leaf] = info.aggregate == &ir::type_tag<Loss> ? info.read(&loss) : 0;
  }
  return step;
}

// FitOptions::debug, made from a bool. It is a template so that only programs that switch it on or
// off compile the reference and what follows.
template <class Double>
std::string diagnose(const FailedStep& step);
struct Debug {
  std::string (*diagnose)(const FailedStep&) = nullptr;

  Debug() = default;
  template <std::same_as<bool> Bool>
  Debug(Bool on)
      : diagnose(
            on ? &fitting::diagnose<std::conditional_t<std::is_same_v<Bool, bool>, double, Bool>>
               : nullptr) {}
  explicit operator bool() const { return diagnose != nullptr; }
};

// Reads the numbers of the leaves.
[[gnu::cold]] inline HeapArray<HeapArray<double>> leaf_values(const FailedStep& step) {
  HeapArray<HeapArray<double>> values(step.memory.size());
  for (std::size_t leaf = 0; leaf < values.size(); ++leaf) {
    const FailedStep::Memory& from = step.memory[leaf];
    const auto read = [&](auto* numbers, std::int64_t count) {
      values[leaf] = HeapArray<double>(std::size_t(count));
      std::copy(numbers, numbers + count, values[leaf].begin());
    };
    if (step.leaves.infos[leaf].op == Op::setting)
      read(&step.settings[leaf], 1);
    else if (from.dtype == i32)
      read(static_cast<const std::int32_t*>(from.data), from.size);
    else if (from.dtype == f64)
      read(static_cast<const double*>(from.data), from.size);
    else if (from.dtype == bf16)
      read(static_cast<const bfloat16*>(from.data), from.size);
    else if (from.dtype == f16)
      read(static_cast<const float16*>(from.data), from.size);
    else
      read(static_cast<const float*>(from.data), from.size);
  }
  return values;
}

class Diagnosis {
 public:
  [[gnu::cold]] Diagnosis(const FailedStep& the_step, const reference::Rows<double>& rows)
      : step(the_step) {
    const HeapArray<HeapArray<double>> given = leaf_values(step);
    const HeapArray<std::uint64_t> hashes = runtime::hashes_of(step.leaves);
    values = runtime::interpret({.nodes = step.nodes,
                                 .name_hashes = hashes,
                                 .rows = &rows,
                                 .leaf_values = given,
                                 .samples = step.samples,
                                 .seed = step.seed,
                                 .call = step.call,
                                 .single = step.single});
  }

  // "exp in layer 3 gives inf at element 0 of sample 5 of the step (net.cpp:31)", with the line
  // where it is the user's; empty when every number is one.
  [[gnu::cold]] std::string origin() const {
    const std::vector<bool> forward = leads_to(Op::output), backward = leads_to(Op::train);
    int found = first(forward, &is_nan);
    if (found < 0) found = first(backward, &is_nan);
    if (found < 0) found = first(forward, &is_infinite);
    if (found < 0) found = first(backward, &is_infinite);
    if (found < 0) return {};
    found = overflow_before(found);
    return sentence(found, forward[std::size_t(found)]);
  }

 private:
  static bool is_nan(double x) { return std::isnan(x); }
  static bool is_infinite(double x) { return std::isinf(x); }

  const ir::Node& node(int id) const { return step.nodes[std::size_t(id)]; }
  // The place of the first such number, or -1.
  std::int64_t place(int id, bool (*is)(double)) const {
    const HeapArray<double>& numbers = values[std::size_t(id)];
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (is(numbers[i])) return std::int64_t(i);
    return -1;
  }
  int first(const std::vector<bool>& among, bool (*is)(double)) const {
    for (int id = 0; id < int(values.size()); ++id)
      if (among[std::size_t(id)] && place(id, is) >= 0) return id;
    return -1;
  }

  // Which nodes the loss (output 0) or the gradients are computed from.
  std::vector<bool> leads_to(Op sink) const {
    std::vector<bool> marked(values.size());
    for (int id = int(values.size()) - 1; id >= 0; --id) {
      const bool begins =
          node(id).op == sink && (sink != Op::output || node(id).attributes[0] == 0);
      if (begins) marked[std::size_t(id)] = true;
      for (int i = 0; marked[std::size_t(id)] && i < node(id).operands(); ++i)
        marked[std::size_t(node(id).operand[i])] = true;
    }
    return marked;
  }
  // A NaN is often inf - inf or 0 inf: then the operation that gave the infinity is to blame,
  // unless somebody wrote the infinity down.
  int overflow_before(int id) const {
    const auto infinite_operand = [&](int of) {
      for (int i = 0; i < node(of).operands(); ++i)
        if (place(node(of).operand[i], &is_infinite) >= 0) return int(node(of).operand[i]);
      return -1;
    };
    int blamed = id;
    for (int next = infinite_operand(id); next >= 0; next = infinite_operand(next)) blamed = next;
    return node(blamed).op == Op::constant ? id : blamed;
  }

  std::string sentence(int id, bool forward) const {
    const ir::Node& n = node(id);
    const bool nan = place(id, &is_nan) >= 0;
    const std::int64_t at = place(id, nan ? &is_nan : &is_infinite), size = n.shape.size();
    std::string text;
    if (is_leaf(n.op) && n.op != Op::constant)
      text = "the " + std::string(name_of(n.op)) + " '" +
             std::string(step.leaves.name(std::size_t(n.attributes[0]))) + "' has ";
    else
      text = std::string(name_of(n.op)) + " in " + (forward ? "" : "the gradient of ") +
             place_name(n.scope) + " gives ";
    text += nan ? "nan" : values[std::size_t(id)][std::size_t(at)] > 0 ? "inf" : "-inf";
    if (size > 1) text += " at element " + std::to_string(at % size);
    if (n.space == ir::Space::per_sample)
      text +=
          (size > 1 ? " of sample " : " at sample ") + std::to_string(at / size) + " of the step";
    const std::string line = ir::text_of(step.places, n.place);
    return line.empty() ? text : text + " (" + line + ")";
  }
  // "layer 3.0", as the parameters are called.
  std::string place_name(int scope) const {
    if (scope < 0) return "the loss";
    std::string path;
    ir::spell_scope(step.scopes, scope, [&](std::string_view piece) { path += piece; });
    return "layer " + path;
  }

  const FailedStep& step;
  HeapArray<HeapArray<double>> values;
};

template <class Double>
std::string diagnose(const FailedStep& step) {
  return Diagnosis(step, reference::reference_rows<Double>).origin();
}

}  // namespace tg::fitting
