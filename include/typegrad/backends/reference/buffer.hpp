// Memory for the length of a function, in constant expressions too.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>

namespace tg::reference {

// Zeroed; std::vector is no constant expression in every library that we meet.
template <class T>
class Buffer {
 public:
  constexpr Buffer() = default;
  constexpr explicit Buffer(std::size_t size) : elements(size == 0 ? nullptr : new T[size]{}) {}
  constexpr Buffer(Buffer&& other) noexcept : elements(other.elements) { other.elements = nullptr; }
  constexpr Buffer& operator=(Buffer&& other) noexcept {
    T* const mine = elements;
    elements = other.elements;
    other.elements = mine;
    return *this;
  }
  constexpr ~Buffer() { delete[] elements; }

  constexpr T* data() const { return elements; }
  constexpr T& operator[](std::size_t i) const { return elements[i]; }

 private:
  T* elements = nullptr;
};

}  // namespace tg::reference
