// What keeps the numbers of variables between calls: the host's memory, or what a backend says.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/aligned_buffer.hpp"

namespace tg::runtime {

// A Memory has Array<T>, numbers that are zero at first; to_write(array, first, count) and
// to_read(array, first, count), those from `first` on as the host sees them; and divide(array,
// first): a variable begins there. Functions get `part_of(array, first, count)`, and an executor
// takes that in bind(). One that is not the host's has Steps, too: training/resident.hpp.
struct HostMemory {
  static constexpr bool is_host = true;
  template <class T>
  using Array = AlignedBuffer<T>;

  template <class T>
  static T* to_write(const AlignedBuffer<T>& array, std::size_t first, std::size_t) {
    return array.data() + first;
  }
  template <class T>
  static const T* to_read(const AlignedBuffer<T>& array, std::size_t first, std::size_t) {
    return array.data() + first;
  }
  template <class T>
  static void* part_of(const AlignedBuffer<T>& array, std::size_t first, std::size_t) {
    return array.data() + first;
  }
  template <class T>
  static void divide(const AlignedBuffer<T>&, std::size_t) {}
};

// Of a backend: its Memory, if it has one.
template <class Backend>
struct MemoryOfBackend {
  using type = HostMemory;
};
template <class Backend>
requires requires { typename Backend::Memory; }
struct MemoryOfBackend<Backend> {
  using type = typename Backend::Memory;
};
template <class Backend>
using MemoryOf = typename MemoryOfBackend<Backend>::type;

}  // namespace tg::runtime
