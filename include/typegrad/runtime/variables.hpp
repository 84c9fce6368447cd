// The memory of parameters and states: one arena each, every variable by its name.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <string_view>

#include "typegrad/core/heap_array.hpp"
#include "typegrad/passes/slots.hpp"
#include "typegrad/runtime/memory.hpp"
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

// States in T; parameters as `Kept`, which is T or a half. Where: runtime/memory.hpp.
template <class T, class Kept = T, class TheMemory = HostMemory>
class Variables {
 public:
  using Memory = TheMemory;
  template <class Number>
  using Array = typename Memory::template Array<Number>;

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
    weights = Array<Kept>(size[0]);
    states = Array<T>(size[1]);
    for (const Variable& v : list())
      in_array(v, [&](const auto& array) { Memory::divide(array, v.offset); });
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
  // Calls look(its first number), a T* or a Kept*, to read and write: where memory is a device's,
  // these are the newest numbers, and it takes them over at its next call.
  template <class Look>
  void visit(const Variable& v, Look look) const {
    in_array(v, [&](const auto& array) {
      look(Memory::to_write(array, v.offset, std::size_t(v.shape.size())));
    });
  }
  // The same to read alone: a const T* or a const Kept*.
  template <class Look>
  void inspect(const Variable& v, Look look) const {
    in_array(v, [&](const auto& array) {
      look(Memory::to_read(array, v.offset, std::size_t(v.shape.size())));
    });
  }
  T* data(const Variable& v) const requires std::is_same_v<T, Kept> {
    return static_cast<T*>(address(v));
  }
  const void* read(const Variable& v) const {
    const void* result = nullptr;
    inspect(v, [&](const auto* numbers) { result = numbers; });
    return result;
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

  // The arena of all parameters, gaps included, to read and write.
  Kept* parameters() const { return Memory::to_write(weights, 0, weights.size()); }
  std::size_t parameters_size() const { return weights.size(); }
  const Array<Kept>& parameter_array() const { return weights; }

  // An arena as large as that of the parameters, and divided like it.
  Array<T> array_of_gradients() const {
    Array<T> result(weights.size());
    for (const Variable& v : list())
      if (v.op == Op::parameter) Memory::divide(result, v.offset);
    return result;
  }

  // Binds the leaves of a function that have the same names; `gradients`, as large as the
  // parameters' arena, if there is one.
  template <class Callable>
  [[gnu::cold]] void bind(Callable& function, const Array<T>* gradients = nullptr) const {
    const Leaves& leaves = function.leaves();
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
      if (!leaves.infos[leaf].stored()) continue;
      const Variable* v = find(leaves.infos[leaf].hash);
      if (v == nullptr) continue;
      const std::size_t size = std::size_t(v->shape.size());
      in_array(*v, [&](const auto& array) {
        function.bind_part(passes::leaf_slot(int(leaf)), Memory::part_of(array, v->offset, size));
      });
      if (gradients != nullptr && v->op == Op::parameter)
        function.bind_part(passes::gradient_slot(int(leaf)),
                           Memory::part_of(*gradients, v->offset, size));
    }
  }

 private:
  template <class Look>
  void in_array(const Variable& v, Look look) const {
    if (v.op == Op::state)
      look(states);
    else
      look(weights);
  }

  HeapArray<Variable> all;  // the first `count` of them
  std::size_t count = 0;
  Array<Kept> weights;  // all parameters
  Array<T> states;
};

}  // namespace tg::runtime
