// What a kernel sees of emulated memory: elements that check each access.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <concepts>

#include "typegrad/backends/cuda/quad.hpp"
#include "typegrad/backends/emulator/faults.hpp"
#include "typegrad/backends/emulator/memory.hpp"
#include "typegrad/core/elements.hpp"

namespace tg::emulator {

// The moment of the thread that runs, kept by the emulator while a kernel is under way.
inline thread_local Moment* current = nullptr;

inline Moment now(const Place& place, bool atomic = false) {
  Moment moment = *current;
  moment.place = place;
  moment.atomic = atomic;
  return moment;
}

// One element, as `x[i]`: a number when it is read, and assigned to.
template <class T>
class Element {
  using Value = std::remove_const_t<T>;
  using Number = cuda::arithmetic_t<Value>;

 public:
  Element(T* the_data, Memory* the_memory, std::int64_t the_offset, const Index& the_index)
      : data(the_data), memory(the_memory), offset(the_offset), index(the_index) {}

  operator Number() const {
    memory->read(offset + index.value, now(index.place));
    return Number(data[index.value]);
  }
  const Element& operator=(Value value) const requires(!std::is_const_v<T>) {
    memory->write(offset + index.value, now(index.place));
    data[index.value] = value;
    return *this;
  }
  const Element& operator=(const Element& other) const requires(!std::is_const_v<T>) {
    return *this = Value(Number(other));
  }
  const Element& operator+=(Number value) const requires(!std::is_const_v<T>) {
    return *this = Value(Number(*this) + value);
  }
  // Adds in one go, whoever else does. The value before.
  Value add_atomically(Value value) const {
    const Moment moment = now(index.place, !goes_wrong(Fault::not_atomic, index.place));
    memory->read(offset + index.value, moment);
    memory->write(offset + index.value, moment);
    const Value before = data[index.value];
    data[index.value] = before + value;
    return before;
  }

 private:
  T* data;
  Memory* memory;
  std::int64_t offset;
  Index index;
};

// Consecutive elements of somebody's memory. T is const where a kernel only reads.
template <class T>
class View {
 public:
  using Value = std::remove_const_t<T>;
  using Index = emulator::Index;

  View() = default;
  View(T* the_data, Memory* the_memory, std::int64_t the_offset, std::int64_t the_count)
      : data(the_data), memory(the_memory), offset(the_offset), count(the_count) {}
  // What a kernel writes, another may read.
  template <class U>
  requires std::same_as<const U, T> View(const View<U>& other)
      : View(other.data, other.memory, other.offset, other.count) {}

  Element<T> operator[](const Index& index) const { return at(perhaps_moved(index, 1)); }
  // `first` elements are left out.
  View operator+(const Index& first) const {
    return {data + first.value, memory, offset + first.value, count - first.value};
  }

  // Elements [first, first + length), as far as there are any.
  View part(std::int64_t first, std::int64_t length) const {
    return {data + first, memory, offset + first, std::min(length, count - first)};
  }
  // Elements first, first + stride, …, `length` of them, for who reads all or writes all at once.
  Elements<const Value> reads(const Index& the_first, int length, int stride) const {
    const Index first = perhaps_moved(the_first, 1);
    for (int i = 0; i < length; ++i) static_cast<void>(Value(at(element(first, i, stride))));
    return {data + first.value, stride};
  }
  Elements<Value> writes(const Index& the_first, int length, int stride) const {
    const Index first = perhaps_moved(the_first, 1);
    for (int i = 0; i < length; ++i) at(element(first, i, stride)) = Value{};
    return {data + first.value, stride};
  }

  // What the host does between launches.
  void from_host(const Value* values, std::int64_t length) const {
    memory->give(offset, length);
    std::copy_n(values, length, data);
  }
  void to_host(Value* values, std::int64_t length) const {
    memory->expect(offset, length);
    std::copy_n(data, length, values);
  }

  // Whether the first element begins a pack of N.
  template <int N>
  bool is_aligned() const {
    return offset % N == 0;
  }
  // Elements [first, first + N) in one access of so many; `first` is a multiple of N, of a view
  // that is aligned for it.
  template <int N>
  cuda::Pack<Value, N> load_pack(const Index& the_first) const {
    const Index first = perhaps_moved(the_first, N);
    check_aligned(first, N);
    cuda::Pack<Value, N> pack;
    for (int i = 0; i < N; ++i) pack.x[i] = Value(at({first.value + i, first.place}));
    return pack;
  }
  template <int N>
  void store_pack(const Index& the_first, const cuda::Pack<Value, N>& pack) const {
    const Index first = perhaps_moved(the_first, N);
    check_aligned(first, N);
    for (int i = 0; i < N; ++i) at({first.value + i, first.place}) = pack.x[i];
  }
  cuda::Pair<Value> load_pair(const Index& first) const { return load_pack<2>(first); }
  cuda::Quad<Value> load_quad(const Index& first) const { return load_pack<4>(first); }
  void store_quad(const Index& first, const cuda::Quad<Value>& quad) const {
    store_pack<4>(first, quad);
  }

 private:
  template <class U>
  friend class View;
  friend class AnyView;

  Element<T> at(const Index& index) const {
    check(index, 1);
    return {data, memory, offset, index};
  }
  void check(const Index& index, std::int64_t elements) const {
    if (index.value < 0 || index.value + elements > count)
      Memory::fail(now(index.place),
                   joined("uses element ", std::to_string(index.value), " of ", memory->called(),
                          ", which has ", std::to_string(count)));
  }
  void check_aligned(const Index& first, int elements) const {
    check(first, elements);
    if ((offset + first.value) % elements != 0)
      Memory::fail(now(first.place),
                   joined("takes ", std::to_string(elements), " elements of ", memory->called(),
                          " from ", std::to_string(first.value), " on, which is no multiple of ",
                          std::to_string(std::size_t(elements) * sizeof(T)), " bytes"));
  }

  static Index element(const Index& first, int i, int stride) {
    return {first.value + std::int64_t(i) * stride, first.place};
  }

  T* data = nullptr;
  Memory* memory = nullptr;
  std::int64_t offset = 0, count = 0;
};

// The same, not saying what the elements are.
class AnyView {
 public:
  AnyView() = default;
  template <class T>
  requires(!std::is_const_v<T>) AnyView(const View<T>& view)
      : data(view.data),
        memory(view.memory),
        offset(view.offset),
        count(view.count),
        size(sizeof(T)) {}

  // As elements of a type of the size that they have. Throws Error when it is another.
  template <class T>
  View<T> as() const {
    if (memory != nullptr && sizeof(T) != size)
      fail("emulated memory", "%s, whose elements have %zu bytes, is taken for some of %zu",
           memory->called().c_str(), size, sizeof(T));
    return {static_cast<T*>(data), memory, offset, count};
  }
  // As many elements of the same memory, so many bytes further on.
  AnyView moved(std::int64_t bytes) const {
    AnyView there = *this;
    if (size > 0) {
      there.data = static_cast<char*>(data) + bytes;
      there.offset += bytes / std::int64_t(size);
    }
    return there;
  }

  // Where it begins.
  std::uint64_t place() const { return std::uint64_t(reinterpret_cast<std::uintptr_t>(data)); }

 private:
  void* data = nullptr;
  Memory* memory = nullptr;
  std::int64_t offset = 0, count = 0;
  std::size_t size = 0;
};

}  // namespace tg::emulator
