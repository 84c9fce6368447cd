// Runs a fused program on vectors: what every kernel calls with its results.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/elementwise.hpp"
#include "typegrad/backends/cpu/frame.hpp"
#include "typegrad/backends/cpu/half_vector.hpp"
#include "typegrad/passes/fused.hpp"

namespace tg::cpu {

using passes::Codes;
using passes::ComputeCode;
using passes::Fused;
using passes::LoadCode;
using passes::Read;
using passes::StoreCode;

inline namespace TYPEGRAD_ARCHITECTURE {

// Elements are numbered row * Columns + column, as the kernel counts them. V: vectors of samples
// per element. What a code says is half is a number of type Half in memory.
template <class T, int V, int Columns, class Program, class Half = T>
class Epilogue;

template <class T, int V, int Columns, bool Anchored, unsigned long... Load,
          unsigned long... Compute, unsigned long... Store, class Half>
class Epilogue<T, V, Columns, Fused<Anchored, Codes<Load...>, Codes<Compute...>, Codes<Store...>>,
               Half> {
 public:
  static constexpr int loads = sizeof...(Load), stores = sizeof...(Store);

  // The step's locations from `at` on: what is loaded, then where results go.
  TYPEGRAD_INLINE Epilogue(const Frame<T>& frame, const Location* at)
      : ahead(frame.ahead), used((frame.active + width<T> - 1) / width<T>) {
    if constexpr (std::is_same_v<Half, T>) {
      for (int i = 0; i < loads; ++i) in[i] = frame.at(at[i]);
      for (int i = 0; i < stores; ++i) out[i] = frame.at(at[loads + i]);
    } else {
      int i = 0;
      ((in[i] = frame.template at<Loaded<Load>>(at[i]), ++i), ...);
      i = 0;
      ((out[i] = frame.template at<Stored<Store>>(at[loads + i]), ++i), ...);
    }
  }

  // Lanes layout: one vector of samples of one element.
  TYPEGRAD_INLINE void operator()(int row, int column, int vector, Vector<T> result) const {
    const int element = row * Columns + column;
    Vector<T> reg[registers];
    if constexpr (Anchored) reg[0] = anchored(result);
    [[maybe_unused]] int r = Anchored ? 1 : 0, i = 0;
    ((reg[r++] = load_lanes<Load>(loaded<Load>(i++), row, element, vector)), ...);
    ((reg[r++] = step<Compute>(reg)), ...);
    i = 0;
    ((store(stored<Store>(i++) + (element * V + vector) * width<T>, result_of<Store>(reg))), ...);
  }

  // Vectors of a tile that hold samples: those behind them repeat the last one.
  TYPEGRAD_INLINE int used_vectors() const { return used; }

  // Before each of a kernel's `blocks` like parts.
  TYPEGRAD_INLINE void ask_ahead(int blocks) const {
    if (ahead != nullptr) ahead->ask_part(blocks);
  }

  // Flat layout: `count` elements from `element` on, side by side. With Streaming, which asks for
  // whole vectors and can_stream(), results pass by the caches.
  template <bool Streaming = false>
  TYPEGRAD_INLINE void flat(int, int element, Vector<T> result, int count) const {
    Vector<T> reg[registers];
    if constexpr (Anchored) reg[0] = anchored(result);
    [[maybe_unused]] int r = Anchored ? 1 : 0, i = 0;
    ((reg[r++] = load_flat<Load>(loaded<Load>(i++), element, count)), ...);
    ((reg[r++] = step<Compute>(reg)), ...);
    i = 0;
    if constexpr (Streaming)
      (store_streaming(stored<Store>(i++) + element, result_of<Store>(reg)), ...);
    else
      (store_first(stored<Store>(i++) + element, result_of<Store>(reg), count), ...);
  }
  bool can_stream() const {
    std::uintptr_t bits = 0;
    for (int i = 0; i < stores; ++i) bits |= reinterpret_cast<std::uintptr_t>(out[i]);
    return bits % sizeof(Vector<T>) == 0;
  }

 private:
  static constexpr int registers = (Anchored ? 1 : 0) + loads + int(sizeof...(Compute)) + 1;

  template <unsigned long Code>
  using Loaded = std::conditional_t<LoadCode::unpack(Code).half, Half, T>;
  template <unsigned long Code>
  using Stored = std::conditional_t<StoreCode::unpack(Code).half, Half, T>;

  template <unsigned long Code>
  TYPEGRAD_INLINE const Loaded<Code>* loaded(int which) const {
    return static_cast<const Loaded<Code>*>(in[which]);
  }
  template <unsigned long Code>
  TYPEGRAD_INLINE Stored<Code>* stored(int which) const {
    return static_cast<Stored<Code>*>(out[which]);
  }
  template <unsigned long Code>
  static TYPEGRAD_INLINE Vector<T> result_of(const Vector<T>* reg) {
    return reg[StoreCode::unpack(Code).reg];
  }

  static TYPEGRAD_INLINE Vector<T> anchored(Vector<T> result) {
    if constexpr (((StoreCode::unpack(Store).reg == 0 && StoreCode::unpack(Store).rounds) || ...))
      return rounded_to<Half>(result);
    else
      return result;
  }

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
  static TYPEGRAD_INLINE Vector<T> load_lanes(const Loaded<Code>* p, int row, int element,
                                              int vector) {
    constexpr Read how = LoadCode::unpack(Code).how;
    if constexpr (how == Read::number) return splat(p[0]);
    if constexpr (how == Read::shared) return splat(p[element]);
    if constexpr (how == Read::shared_mapped) return splat(p[mapped<Code>(row, element)]);
    if constexpr (how == Read::lanes) return load(p + (element * V + vector) * width<T>);
    if constexpr (how == Read::lanes_mapped)
      return load(p + (mapped<Code>(row, element) * V + vector) * width<T>);
  }
  template <unsigned long Code>
  static TYPEGRAD_INLINE Vector<T> load_flat(const Loaded<Code>* p, int element, int count) {
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
    const Vector<T> result =
        apply<code.op, T>(reg[code.operand[0]], reg[code.operand[1]], reg[code.operand[2]]);
    if constexpr (code.rounds)
      return rounded_to<Half>(result);
    else
      return result;
  }

  Ahead* ahead;
  int used;
  const void* in[loads + 1];
  void* out[stores + 1];
};

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
