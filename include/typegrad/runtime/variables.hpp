// The memory of parameters and states: one arena each, every variable by its name.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <string_view>

#include "typegrad/core/aligned_buffer.hpp"
#include "typegrad/core/heap_array.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg::runtime {

// One variable: where it lies, what it is called.
struct Variable {
  std::string_view name;  // "3.0.weight"
  std::uint64_t hash = 0;
  Op op{};        // parameter or state
  DType dtype{};  // what files say; in memory it is the model's dtype
  Shape shape{};
  std::size_t offset = 0;  // in its arena
};

// States in T; parameters as `Kept`, which is T or a half.
template <class T, class Kept = T>
class Variables {
 public:
  // Every variable that has a first value in one of the recordings, once. Variables begin at
  // multiples of a cache line; the gaps are zero.
  [[gnu::cold]] explicit Variables(std::span<const Leaves> recordings) {
    std::size_t size[2] = {0, 0}, most = 0;
    for (const Leaves& leaves : recordings) most += leaves.infos.size();
    all = HeapArray<Variable>(most);
    for (const Leaves& leaves : recordings)
      for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
        const LeafInfo& info = leaves.infos[leaf];
        if (!info.stored() || info.initial < 0 || find(info.hash) != nullptr) continue;
        std::size_t& end = size[info.op == Op::state];
        all[count++] = {leaves.name(leaf), info.hash, info.op, info.dtype, info.shape, end};
        end += (std::size_t(info.shape.size()) + 15) / 16 * 16;
      }
    weights = AlignedBuffer<Kept>(size[0]);
    states = AlignedBuffer<T>(size[1]);
  }
  explicit Variables(const Leaves& leaves) : Variables(std::span(&leaves, 1)) {}

  // Sets every variable of a recording to its first value; `values` are those of its nodes.
  [[gnu::cold]] void initialise(const Leaves& leaves, const HeapArray<HeapArray<double>>& values) {
    for (const LeafInfo& info : leaves.infos) {
      if (!info.stored() || info.initial < 0) continue;
      visit(*find(info.hash), [&]<class Number>(Number* to) {
        for (double value : values[std::size_t(info.initial)]) *to++ = Number(T(value));
      });
    }
  }

  std::span<const Variable> list() const { return {all.data(), count}; }
  // Calls look(its first number), a T* or a Kept*.
  template <class Look>
  void visit(const Variable& v, Look look) const {
    if (v.op == Op::state)
      look(states.data() + v.offset);
    else
      look(weights.data() + v.offset);
  }
  T* data(const Variable& v) const requires std::is_same_v<T, Kept> {
    return (v.op == Op::state ? states : weights).data() + v.offset;
  }
  void* address(const Variable& v) const {
    void* result = nullptr;
    visit(v, [&](auto* numbers) { result = numbers; });
    return result;
  }
  const Variable* find(std::uint64_t hash) const {
    for (const Variable& v : list())
      if (v.hash == hash) return &v;
    return nullptr;
  }

  // The arena of all parameters, gaps included.
  Kept* parameters() const { return weights.data(); }
  std::size_t parameters_size() const { return weights.size(); }

  // Binds the leaves of a function that have the same names; `gradients`, as large as the
  // parameters' arena, if there is one.
  template <class Callable>
  [[gnu::cold]] void bind(Callable& function, T* gradients = nullptr) const {
    const Leaves& leaves = function.leaves();
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
      if (!leaves.infos[leaf].stored()) continue;
      const Variable* v = find(leaves.infos[leaf].hash);
      if (v == nullptr) continue;
      function.bind_given(leaf, address(*v));
      if (gradients != nullptr && v->op == Op::parameter)
        function.bind_gradient(leaf, gradients + v->offset);
    }
  }

 private:
  HeapArray<Variable> all;  // the first `count` of them
  std::size_t count = 0;
  AlignedBuffer<Kept> weights;  // all parameters
  AlignedBuffer<T> states;
};

}  // namespace tg::runtime
