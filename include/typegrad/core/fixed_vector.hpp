// A vector of constant capacity that may live in a constant expression.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <iterator>

namespace tg {

// Where an element may be. Nothing but zeros until it is used: a compiler that evaluates a vector
// makes no thousand elements.
template <class T>
union ElementPlace {
  char nothing;
  T value;
#if defined(__CUDACC__)  // nvcc's front end takes `{}` for a constructor's call
  constexpr ElementPlace() : nothing{} {}
  constexpr ElementPlace(const T& a_value) : value(a_value) {}
#endif
};

// Pre: size() < Capacity at push_back. Graphs check this before they append
// (`fault::too_many_nodes`).
template <class T, int Capacity>
class FixedVector {
  using Place = ElementPlace<T>;

 public:
  // For who wraps a vector, and for innermost loops: what constant evaluation costs is calls.
  Place elements[Capacity]{};
  int count = 0;

  constexpr FixedVector() = default;
  // The same with more room, or less. Pre: size() <= Other.
  template <int Other>
  constexpr operator FixedVector<T, Other>() const {
    return FixedVector<T, Other>::copy(elements, count);
  }
  static constexpr FixedVector copy(const ElementPlace<T>* from, int size) {
    FixedVector result;
    for (int i = 0; i < size; ++i) result.push_back(from[i].value);
    return result;
  }

  static constexpr int capacity() { return Capacity; }
  constexpr int size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr bool full() const { return count == Capacity; }

  constexpr int push_back(const T& value) {
#if defined(__CUDACC__)
    elements[count] = Place(value);
#else
    elements[count] = {.value = value};
#endif
    return count++;
  }
  // The index of an equal element, which is appended if there is none.
  constexpr int find_or_append(const T& value) {
    for (int i = 0; i < count; ++i)
      if (elements[i].value == value) return i;
    return push_back(value);
  }
  constexpr void resize(int size, const T& value = {}) {
    while (count < size) push_back(value);
    count = size;
  }
  constexpr void pop_back() { --count; }
  constexpr void clear() { count = 0; }

  constexpr T& operator[](int i) { return elements[i].value; }
  constexpr const T& operator[](int i) const { return elements[i].value; }
  constexpr T& back() { return elements[count - 1].value; }
  constexpr const T& back() const { return elements[count - 1].value; }
  constexpr auto begin() { return Iterator<Place, T>{elements}; }
  constexpr auto end() { return Iterator<Place, T>{elements + count}; }
  constexpr auto begin() const { return Iterator<const Place, const T>{elements}; }
  constexpr auto end() const { return Iterator<const Place, const T>{elements + count}; }

  constexpr bool contains(const T& value) const {
    for (const T& element : *this)
      if (element == value) return true;
    return false;
  }

 private:
  template <class At, class Value>
  struct Iterator {
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using reference = Value&;
    using pointer = Value*;

    At* at = nullptr;
    constexpr Value& operator*() const { return at->value; }
    constexpr Value* operator->() const { return &at->value; }
    constexpr Iterator& operator++() { return ++at, *this; }
    constexpr Iterator operator++(int) { return {at++}; }
    constexpr bool operator==(const Iterator&) const = default;
  };
};

}  // namespace tg
