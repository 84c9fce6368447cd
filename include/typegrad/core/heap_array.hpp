// Elements on the heap whose number is known when they are made.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <utility>

namespace tg {

// std::vector without what makes it grow, which compilers would translate for every type: half the
// time per type. Elements are value-initialised. Moves, and is not copied.
template <class T>
class HeapArray {
 public:
  HeapArray() = default;
  explicit HeapArray(std::size_t count) : elements(new T[count]()), length(count) {}
  HeapArray(HeapArray&& other) noexcept { swap(other); }
  HeapArray& operator=(HeapArray&& other) noexcept {
    swap(other);
    return *this;
  }
  ~HeapArray() { delete[] elements; }

  T* data() const { return elements; }
  std::size_t size() const { return length; }
  bool empty() const { return length == 0; }
  T& operator[](std::size_t i) const { return elements[i]; }
  T* begin() const { return elements; }
  T* end() const { return elements + length; }

 private:
  void swap(HeapArray& other) {
    std::swap(elements, other.elements);
    std::swap(length, other.length);
  }

  T* elements = nullptr;
  std::size_t length = 0;
};

}  // namespace tg
