// What a reduction keeps of what it has seen: sum, product, maximum, minimum, the maximum's place.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/backends/cpu/half_vector.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Each fold starts empty (`empty` is the element that changes nothing), sees elements with their
// index along the reduced axis, takes in another fold of the same axis, and meets itself with its
// lanes moved (to fold lanes).
namespace fold {

template <class T>
struct Sum {
  static constexpr T empty = T(0);
  Vector<T> value{};
  TYPEGRAD_INLINE void see(Vector<T> x, Vector<T> = Vector<T>{}) { value += x; }
  TYPEGRAD_INLINE void take_in(const Sum& other) { value += other.value; }
  template <class Move>
  TYPEGRAD_INLINE void meet(Move move) {
    value += move(value);
  }
  TYPEGRAD_INLINE Vector<T> result() const { return value; }
};

template <class T>
struct Product {
  static constexpr T empty = T(1);
  Vector<T> value = splat(empty);
  TYPEGRAD_INLINE void see(Vector<T> x, Vector<T> = Vector<T>{}) { value *= x; }
  TYPEGRAD_INLINE void take_in(const Product& other) { value *= other.value; }
  template <class Move>
  TYPEGRAD_INLINE void meet(Move move) {
    value *= move(value);
  }
  TYPEGRAD_INLINE Vector<T> result() const { return value; }
};

// NaN if a NaN was seen: a comparison alone would forget it.
template <class T>
struct Maximum {
  static constexpr T empty = -std::numeric_limits<T>::infinity();
  Vector<T> value = splat(empty);
  Mask<T> has_nan{};
  TYPEGRAD_INLINE void see(Vector<T> x, Vector<T> = Vector<T>{}) {
    has_nan |= x != x;
    value = value > x ? value : x;
  }
  TYPEGRAD_INLINE void take_in(const Maximum& other) {
    has_nan |= other.has_nan;
    value = value > other.value ? value : other.value;
  }
  template <class Move>
  TYPEGRAD_INLINE void meet(Move move) {
    see(move(result()));
  }
  TYPEGRAD_INLINE Vector<T> result() const {
    return select<T>(has_nan, splat(std::numeric_limits<T>::quiet_NaN()), value);
  }
};

template <class T>
struct Minimum {
  static constexpr T empty = std::numeric_limits<T>::infinity();
  Maximum<T> negated;
  TYPEGRAD_INLINE void see(Vector<T> x, Vector<T> = Vector<T>{}) { negated.see(-x); }
  TYPEGRAD_INLINE void take_in(const Minimum& other) { negated.take_in(other.negated); }
  template <class Move>
  TYPEGRAD_INLINE void meet(Move move) {
    negated.meet(move);
  }
  TYPEGRAD_INLINE Vector<T> result() const { return -negated.result(); }
};

// The index of the maximum, the first of equals; of the first NaN if there is one. Exact up to 2^24
// elements in float.
template <class T>
struct FirstMaximum {
  static constexpr T empty = -std::numeric_limits<T>::infinity();
  Vector<T> best = splat(empty);
  Vector<T> index{};
  // Pre: elements come in order.
  TYPEGRAD_INLINE void see(Vector<T> x, Vector<T> at) {
    replace(~(x <= best) & (best == best), x, at);
  }
  TYPEGRAD_INLINE void take_in(const FirstMaximum& other) {
    const Mask<T> ordered = best == best, other_ordered = other.best == other.best;
    const Mask<T> equal = (best == other.best) | (~ordered & ~other_ordered);
    const Mask<T> better = ordered & ~(other.best <= best);
    replace(better | (equal & (other.index < index)), other.best, other.index);
  }
  template <class Move>
  TYPEGRAD_INLINE void meet(Move move) {
    take_in(FirstMaximum{move(best), move(index)});
  }
  TYPEGRAD_INLINE Vector<T> result() const { return index; }

 private:
  TYPEGRAD_INLINE void replace(Mask<T> where, Vector<T> x, Vector<T> at) {
    best = select<T>(where, x, best);
    index = select<T>(where, at, index);
  }
};

}  // namespace fold
}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
