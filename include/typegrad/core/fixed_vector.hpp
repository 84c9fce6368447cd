// A vector of constant capacity that may live in a constant expression.
// SPDX-License-Identifier: MIT
#pragma once
namespace tg {

// Pre: size() < Capacity at push_back. Graphs check this before they append
// (`fault::too_many_nodes`).
template <class T, int Capacity>
class FixedVector {
 public:
  static constexpr int capacity() { return Capacity; }
  constexpr int size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr bool full() const { return count == Capacity; }

  constexpr int push_back(const T& value) {
    elements[count] = value;
    return count++;
  }
  constexpr void pop_back() { --count; }
  constexpr void clear() { count = 0; }

  constexpr T& operator[](int i) { return elements[i]; }
  constexpr const T& operator[](int i) const { return elements[i]; }
  constexpr T& back() { return elements[count - 1]; }
  constexpr const T& back() const { return elements[count - 1]; }
  constexpr T* begin() { return elements; }
  constexpr T* end() { return elements + count; }
  constexpr const T* begin() const { return elements; }
  constexpr const T* end() const { return elements + count; }

  constexpr bool contains(const T& value) const {
    for (const T& element : *this)
      if (element == value) return true;
    return false;
  }

 private:
  T elements[Capacity]{};
  int count = 0;
};

}  // namespace tg
