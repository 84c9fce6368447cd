// A vector of constant capacity that may live in a constant expression.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <iterator>

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
    elements[count] = place_of(value);
    return count++;
  }
  // The index of an equal element, which is appended if there is none.
  constexpr int find_or_append(const T& value) {
    for (int i = 0; i < count; ++i)
      if ((*this)[i] == value) return i;
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
  // Nothing but zeros until it is used: a compiler that evaluates this makes no thousand elements.
  union Place {
    char nothing;
    T value;
#if defined(__CUDACC__)  // nvcc's front end takes `{}` for a constructor's call
    constexpr Place() : nothing{} {}
    constexpr Place(const T& a_value) : value(a_value) {}
#endif
  };
  static constexpr Place place_of(const T& value) {
#if defined(__CUDACC__)
    return value;
#else
    return {.value = value};
#endif
  }
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

  Place elements[Capacity]{};
  int count = 0;
};

}  // namespace tg
