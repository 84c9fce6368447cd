// What is interpreted: a table of nodes; and who looks on.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>

#include "typegrad/backends/reference/compute.hpp"
#include "typegrad/backends/reference/schedule.hpp"

namespace tg::reference {

// The numbers of a value: element i of sample s of the chunk is data[s * step + i * stride]. What
// the samples share has step 0, one number for all elements stride 0.
template <class T>
struct Value {
  T* data = nullptr;
  int stride = 1;
  std::int64_t step = 0;
};

// A node that is computed.
template <class T>
struct Moment {
  int node = -1;
  std::int64_t call = 0, first_sample = 0;
  int samples = 1;          // of the chunk
  int time = 0, times = 1;  // in a loop: which of how many rounds
  Value<T> value{};         // once it is there; a sum across the samples is with the last chunk
};

// Who looks on.
template <class T>
class Watcher {
 public:
  virtual void before(const Moment<T>&) {}
  virtual void after(const Moment<T>&) = 0;

 protected:
  ~Watcher() = default;
};

template <class T>
class Executor;

// A loop of which a step changes nothing where the mask, a node of its body, is 0 for all samples;
// and what the loop leaves of such a step: the carry, or zeros.
struct LoopExit {
  std::int16_t region = 0, mask = -1;
};
struct IdleRow {
  std::int16_t collect = -1, carry = -1;
};

// What an executor does only for some graphs; null where a program has no need of it, which spares
// the compiler its code.
template <class T>
struct Parts {
  using Part = void (Executor<T>::*)(std::size_t node);
  Part draw = nullptr, convert = nullptr, kernel = nullptr, sum = nullptr;
  void (Executor<T>::*loop)(const Unit&) = nullptr;
};

// A definition that is interpreted: its nodes, whose loops lie together, and what they need.
template <class T>
struct Program {
  using Element = T;
  using Executor = reference::Executor<T>;

  std::span<const ir::Node> nodes;
  const Rows<T>* rows = nullptr;  // of the ops among the nodes
  Parts<T> parts{};
  int leaves = 0;
  std::span<const std::uint64_t> names{};  // hashes of the leaves' names: random numbers' keys
  std::span<const ir::Place> places{};     // where there are users' operations, which name them
  std::span<const LoopExit> exits{};
  std::span<const IdleRow> idle_rows{};
  Watcher<T>* watcher = nullptr;
  // Only looked at: integers are given as T, all samples are one chunk, no variable is changed, of
  // users' operations the meaning is computed, not the kernel.
  bool looks = false;
  bool single = false;  // every number is rounded to a float
};

}  // namespace tg::reference
