// What the kernel tests share: aligned buffers, repeatable numbers, stores, a tolerance.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "../../catch.hpp"
#include "typegrad/backends/cpu/vector.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::test {

using namespace tg::cpu;
using tg::passes::Convolution;
using tg::passes::MatrixProduct;

// Numbers at a 64-byte boundary, followed by no more memory than one vector; NaN until written.
template <class T>
class Buffer {
 public:
  explicit Buffer(int size)
      : size_(size),
        data_(static_cast<T*>(::operator new(sizeof(T) * std::size_t(size), alignment))) {
    std::fill(begin(), end(), std::numeric_limits<T>::quiet_NaN());
  }
  Buffer(int size, int seed) : Buffer(size) {
    unsigned state = 2654435761u * unsigned(seed + 1);
    for (T& value : *this) {
      state = state * 1664525u + 1013904223u;
      value = T(int(state >> 20) - 2048) / T(2048);  // in [-1, 1), with 12 bits
    }
  }
  T* begin() { return data_.get(); }
  T* end() { return data_.get() + size_; }
  T* data() { return data_.get(); }
  T& operator[](int i) { return data_.get()[i]; }
  int size() const { return size_; }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(T* p) const { ::operator delete(p, alignment); }
  };
  int size_;
  std::unique_ptr<T, Free> data_;
};

// Stores element row * Columns + column of the lanes layout.
template <class T, int V, int Columns>
struct StoreLanes {
  T* y;
  TYPEGRAD_INLINE void operator()(int row, int column, int vector, Vector<T> sum) const {
    store(y + ((row * Columns + column) * V + vector) * width<T>, sum);
  }
};

// Stores a plain array.
template <class T>
struct StoreFlat {
  T* y;
  TYPEGRAD_INLINE void flat(int, int element, Vector<T> sum, int count) const {
    store_first(y + element, sum, count);
  }
};

// The largest difference, in units of what rounding makes of a sum of `terms` products below 1; NaN
// is infinite.
template <class T>
double largest_error(Buffer<T>& got, const std::vector<double>& expected, int terms) {
  double largest = 0;
  for (int i = 0; i < got.size(); ++i) {
    const double error = std::abs(double(got[i]) - expected[std::size_t(i)]);
    largest =
        std::isnan(error) ? std::numeric_limits<double>::infinity() : std::max(largest, error);
  }
  return largest / (double(std::numeric_limits<T>::epsilon()) * (8 + terms / 2.0));
}

}  // namespace tg::test
