// Runs a fused program on a device: what every kernel calls with its results.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/quad.hpp"
#include "typegrad/core/config.hpp"
#include "typegrad/graph/meaning.hpp"
#include "typegrad/passes/fused.hpp"

namespace tg::cuda {

namespace detail {

// An op's meaning, of one number or of four samples' numbers.
template <Op op>
TYPEGRAD_DEVICE float apply(float a, float b, float c) {
  return meaning<float>(op, a, b, c);
}
template <Op op>
TYPEGRAD_DEVICE Quad<float> apply(const Quad<float>& a, const Quad<float>& b,
                                  const Quad<float>& c) {
  Quad<float> result;
  for (int k = 0; k < 4; ++k) result.x[k] = meaning<float>(op, a.x[k], b.x[k], c.x[k]);
  return result;
}
TYPEGRAD_DEVICE inline void spread(float x, float& to) { to = x; }
TYPEGRAD_DEVICE inline void spread(float x, Quad<float>& to) { to = {{x, x, x, x}}; }

template <class View>
TYPEGRAD_DEVICE void read(const View& from, int i, float& to) {
  to = from[i];
}
template <class View>
TYPEGRAD_DEVICE void read(const View& from, int i, Quad<float>& to) {
  to = from.load_quad(i);
}
template <class View>
TYPEGRAD_DEVICE void write(const View& to, int i, float x) {
  to[i] = x;
}
template <class View>
TYPEGRAD_DEVICE void write(const View& to, int i, const Quad<float>& x) {
  to.store_quad(i, x);
}

}  // namespace detail

// epilogue(c, element, sample, value): a kernel's result, of one sample or of four from `sample`
// on. Places: what is loaded from place `First` on, then where results go. A shared value is one of
// stride 1, all of whose results are of sample 0.
template <class Program, int First, class Places>
class Epilogue;

template <bool Anchored, unsigned long... Load, unsigned long... Compute, unsigned long... Store,
          int First, class Places>
class Epilogue<passes::Fused<Anchored, passes::Codes<Load...>, passes::Codes<Compute...>,
                             passes::Codes<Store...>>,
               First, Places> {
 public:
  TYPEGRAD_DEVICE Epilogue(const Places& the_places, int the_stride)
      : places(the_places), stride(the_stride) {}

  template <class C, class Value>
  TYPEGRAD_DEVICE void operator()(const C&, int element, int sample, const Value& value) const {
    Value reg[registers] = {};
    if constexpr (Anchored) reg[0] = value;
    int r = Anchored ? 1 : 0, place = First;
    (load<Load>(place++, element, sample, reg[r++]), ...);
    ((reg[r++] = step<Compute>(reg)), ...);
    (detail::write(places.of[place++], element * stride + sample,
                   reg[passes::StoreCode::unpack(Store).reg]),
     ...);
  }

 private:
  static constexpr int registers =
      (Anchored ? 1 : 0) + int(sizeof...(Load)) + int(sizeof...(Compute)) + 1;

  template <unsigned long Code, class Value>
  TYPEGRAD_DEVICE void load(int place, int element, int sample, Value& to) const {
    constexpr passes::LoadCode code = passes::LoadCode::unpack(Code);
    constexpr passes::Read how = code.how;
    using passes::Read;
    const int mapped = element / code.inner % code.extent;
    if constexpr (how == Read::number) detail::spread(places.of[place][0], to);
    if constexpr (how == Read::shared) detail::spread(places.of[place][element], to);
    if constexpr (how == Read::shared_mapped) detail::spread(places.of[place][mapped], to);
    if constexpr (how == Read::lanes) detail::read(places.of[place], element * stride + sample, to);
    if constexpr (how == Read::lanes_mapped)
      detail::read(places.of[place], mapped * stride + sample, to);
  }
  template <unsigned long Code, class Value>
  TYPEGRAD_DEVICE static Value step(const Value* reg) {
    constexpr passes::ComputeCode code = passes::ComputeCode::unpack(Code);
    return detail::apply<code.op>(reg[code.operand[0]], reg[code.operand[1]], reg[code.operand[2]]);
  }

  const Places& places;
  int stride;
};

template <class Program>
inline constexpr int places_of_program = 0;
template <bool Anchored, unsigned long... Load, class Computes, unsigned long... Store>
inline constexpr int places_of_program<
    passes::Fused<Anchored, passes::Codes<Load...>, Computes, passes::Codes<Store...>>> =
    int(sizeof...(Load) + sizeof...(Store));

// What a sum across the samples is: memory in order. epilogue(c, element, value) or epilogue(c,
// row, column, value).
template <class View, int Columns = 1>
struct ToMemory {
  View to;

  template <class C>
  TYPEGRAD_DEVICE void operator()(const C&, int element, float value) const {
    to[element] = value;
  }
  template <class C>
  TYPEGRAD_DEVICE void operator()(const C&, int row, int column, float value) const {
    to[row * Columns + column] = value;
  }
};

}  // namespace tg::cuda
