// A fixed number of values, for code that compilers evaluate.
// SPDX-License-Identifier: MIT
#pragma once

namespace tg {

// std::array, but an element is one call away instead of two or three: what constant evaluation
// costs is calls. `elements` is none away: for what passes do at every node, or operand. (A loop by
// an index: one by pointers costs g++ six times as much.)
template <class T, int Size>
struct Array {
  T elements[Size];

  static constexpr int size() { return Size; }
  constexpr T& operator[](int i) { return elements[i]; }
  constexpr const T& operator[](int i) const { return elements[i]; }
  constexpr T* begin() { return elements; }
  constexpr T* end() { return elements + Size; }
  constexpr const T* begin() const { return elements; }
  constexpr const T* end() const { return elements + Size; }
  constexpr bool operator==(const Array&) const = default;
};

// As many elements as both have room for.
template <class T, int Size, int Other>
constexpr void copy_first(const T (&from)[Size], T (&to)[Other]) {
  for (int i = 0; i < Size && i < Other; ++i) to[i] = from[i];
}

// The first elements of an array; behind its last one, zeros.
template <int Size, class T, int Other>
constexpr Array<T, Size> resized(const Array<T, Other>& array) {
  Array<T, Size> result{};
  copy_first(array.elements, result.elements);
  return result;
}

}  // namespace tg
