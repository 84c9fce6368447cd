// Runs a fused program on vectors: what every kernel calls with its results.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/elementwise.hpp"
#include "typegrad/backends/cpu/frame.hpp"
#include "typegrad/backends/cpu/fused.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Elements are numbered row * Columns + column, as the kernel counts them. V: vectors of samples
// per element.
template <class T, int V, int Columns, class Program>
class Epilogue;

template <class T, int V, int Columns, bool Anchored, unsigned long... Load,
          unsigned long... Compute, unsigned long... Register>
class Epilogue<T, V, Columns,
               Fused<Anchored, Codes<Load...>, Codes<Compute...>, Codes<Register...>>> {
 public:
  static constexpr int loads = sizeof...(Load), stores = sizeof...(Register);

  // The step's locations from `at` on: what is loaded, then where results go.
  TYPEGRAD_INLINE Epilogue(const Frame<T>& frame, const Location* at) {
    for (int i = 0; i < loads; ++i) in[i] = frame.at(at[i]);
    for (int i = 0; i < stores; ++i) out[i] = frame.at(at[loads + i]);
  }

  // Lanes layout: one vector of samples of one element.
  TYPEGRAD_INLINE void operator()(int row, int column, int vector, Vector<T> result) const {
    const int element = row * Columns + column;
    Vector<T> reg[registers];
    if constexpr (Anchored) reg[0] = result;
    int r = Anchored ? 1 : 0, i = 0;
    ((reg[r++] = load_lanes<Load>(in[i++], row, element, vector)), ...);
    ((reg[r++] = step<Compute>(reg)), ...);
    i = 0;
    ((store<T>(out[i++] + (element * V + vector) * width<T>, reg[Register])), ...);
  }

  // Flat layout: `count` elements from `element` on, side by side. With Streaming, which asks for
  // whole vectors and can_stream(), results pass by the caches.
  template <bool Streaming = false>
  TYPEGRAD_INLINE void flat(int, int element, Vector<T> result, int count) const {
    Vector<T> reg[registers];
    if constexpr (Anchored) reg[0] = result;
    int r = Anchored ? 1 : 0, i = 0;
    ((reg[r++] = load_flat<Load>(in[i++], element, count)), ...);
    ((reg[r++] = step<Compute>(reg)), ...);
    i = 0;
    if constexpr (Streaming)
      (store_streaming<T>(out[i++] + element, reg[Register]), ...);
    else
      (store_first<T>(out[i++] + element, reg[Register], count), ...);
  }
  bool can_stream() const {
    std::uintptr_t bits = 0;
    for (int i = 0; i < stores; ++i) bits |= reinterpret_cast<std::uintptr_t>(out[i]);
    return bits % sizeof(Vector<T>) == 0;
  }

 private:
  static constexpr int registers = (Anchored ? 1 : 0) + loads + int(sizeof...(Compute)) + 1;

  template <unsigned long Code>
  static TYPEGRAD_INLINE int mapped(int row, int element) {
    constexpr LoadCode code = LoadCode::unpack(Code);
    if constexpr (code.inner == Columns && Columns > 1)
      return row % code.extent;
    else if constexpr (code.inner == 1 && code.extent == Columns)
      return element - row * Columns;
    else
      return element / code.inner % code.extent;
  }
  template <unsigned long Code>
  static TYPEGRAD_INLINE Vector<T> load_lanes(const T* p, int row, int element, int vector) {
    constexpr Read how = LoadCode::unpack(Code).how;
    if constexpr (how == Read::number) return splat(p[0]);
    if constexpr (how == Read::shared) return splat(p[element]);
    if constexpr (how == Read::shared_mapped) return splat(p[mapped<Code>(row, element)]);
    if constexpr (how == Read::lanes) return load(p + (element * V + vector) * width<T>);
    if constexpr (how == Read::lanes_mapped)
      return load(p + (mapped<Code>(row, element) * V + vector) * width<T>);
  }
  template <unsigned long Code>
  static TYPEGRAD_INLINE Vector<T> load_flat(const T* p, int element, int count) {
    constexpr LoadCode code = LoadCode::unpack(Code);
    constexpr bool by_map = code.how == Read::lanes_mapped || code.how == Read::shared_mapped;
    if constexpr (code.how == Read::number || (by_map && code.extent == 1)) {
      return splat(p[0]);
    } else if constexpr (!by_map) {
      return load_first(p + element, count);
    } else {
      if (code.inner > 1 && element % code.inner + count <= code.inner)
        return splat(p[element / code.inner % code.extent]);
      T lanes[width<T>] = {};
      for (int lane = 0; lane < count; ++lane)
        lanes[lane] = p[(element + lane) / code.inner % code.extent];
      return load_unaligned(lanes);
    }
  }
  template <unsigned long Code>
  static TYPEGRAD_INLINE Vector<T> step(const Vector<T>* reg) {
    constexpr ComputeCode code = ComputeCode::unpack(Code);
    return apply<code.op, T>(reg[code.operand[0]], reg[code.operand[1]], reg[code.operand[2]]);
  }

  const T* in[loads + 1];
  T* out[stores + 1];
};

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
