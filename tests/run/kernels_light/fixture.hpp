// What these tests share: aligned buffers of exactly the size asked, values, plain epilogues.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "typegrad/backends/cpu/vector.hpp"

namespace fixture {

// `count` elements on a vector's boundary; a sanitizer sees the first one past the end.
template <class T>
class Buffer {
 public:
  explicit Buffer(std::size_t count, T value = T{})
      : count_{count}, data_{static_cast<T*>(::operator new(count * sizeof(T), alignment))} {
    for (std::size_t i = 0; i < count; ++i) data_[i] = value;
  }
  ~Buffer() { ::operator delete(data_, alignment); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  T* data() { return data_; }
  T& operator[](std::size_t i) { return data_[i]; }
  std::size_t size() const { return count_; }
  T* begin() { return data_; }
  T* end() { return data_ + count_; }

 private:
  static constexpr std::align_val_t alignment{64};
  std::size_t count_;
  T* data_;
};

// Numbers in [-1, 1), the same in every run.
class Values {
 public:
  explicit Values(std::uint64_t seed) : state_{seed * 0x9E3779B97F4A7C15u + 1} {}
  double next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return double(state_ >> 11) * 0x1p-52 - 1.0;
  }
  // One of few values, so that equal ones meet.
  double coarse() { return double(int(next() * 4)) / 4; }
  template <class T>
  void fill(Buffer<T>& buffer) {
    for (T& x : buffer) x = T(next());
  }

 private:
  std::uint64_t state_;
};

// Stores at [row * columns + column][lane], and counts the calls: each element must be given once.
template <class T, int V>
struct StoreLanes {
  T* out;
  int columns;
  mutable int calls = 0;
  void operator()(int row, int column, int vector, tg::cpu::Vector<T> value) const {
    ++calls;
    tg::cpu::store(out + ((row * columns + column) * V + vector) * tg::cpu::width<T>, value);
  }
};

// Stores at [element], and counts the elements.
template <class T>
struct StoreFlat {
  T* out;
  mutable int elements = 0;
  void flat(int, int element, tg::cpu::Vector<T> value, int count) const {
    elements += count;
    tg::cpu::store_first(out + element, value, count);
  }
};

}  // namespace fixture
