// Runs a fused program on a device: what every kernel calls with its results.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/quad.hpp"
#include "typegrad/core/config.hpp"
#include "typegrad/graph/meaning.hpp"
#include "typegrad/passes/fused.hpp"

namespace tg::cuda {

namespace detail {

// An op's meaning, of one number or of several samples' numbers.
template <Op op, class T>
TYPEGRAD_DEVICE T apply(T a, T b, T c) {
  return meaning<T>(op, a, b, c);
}
template <Op op, class T, int N>
TYPEGRAD_DEVICE Pack<T, N> apply(const Pack<T, N>& a, const Pack<T, N>& b, const Pack<T, N>& c) {
  Pack<T, N> result;
  TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < N; ++k) result.x[k] =
      meaning<T>(op, a.x[k], b.x[k], c.x[k]);
  return result;
}
template <class T>
TYPEGRAD_DEVICE void spread(T x, T& to) {
  to = x;
}
template <class T, int N>
TYPEGRAD_DEVICE void spread(T x, Pack<T, N>& to) {
  TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < N; ++k) to.x[k] = x;
}

// visit(k, number) for each of them.
template <class T, class Visit>
TYPEGRAD_DEVICE void each_number(T& number, const Visit& visit) {
  visit(0, number);
}
template <class T, int N, class Visit>
TYPEGRAD_DEVICE void each_number(Pack<T, N>& pack, const Visit& visit) {
  TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < N; ++k) visit(k, pack.x[k]);
}

template <class View, class T>
TYPEGRAD_DEVICE void read(const View& from, int i, T& to) {
  to = from[i];
}
template <class View, class T, int N>
TYPEGRAD_DEVICE void read(const View& from, int i, Pack<T, N>& to) {
  to = numbers_at<N>(from, i);
}
template <class View, class T>
TYPEGRAD_DEVICE void write(const View& to, int i, T x) {
  put(to, i, x);
}
template <class View, class T, int N>
TYPEGRAD_DEVICE void write(const View& to, int i, const Pack<T, N>& x) {
  put_pack<N>(to, i, x);
}

// As memory has it that holds halves.
template <class Half, class T>
TYPEGRAD_DEVICE T rounded_to(T x) {
  return T(Half(x));
}
template <class Half, class T, int N>
TYPEGRAD_DEVICE Pack<T, N> rounded_to(Pack<T, N> x) {
  TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < N; ++k) x.x[k] = T(Half(x.x[k]));
  return x;
}

}  // namespace detail

// epilogue(c, element, sample, value): a kernel's result, of one sample or of several from `sample`
// on. What a code says is half is a number of type Half in memory. Places: what is loaded from
// place `First` on, then where results go. A shared value is one of stride 1, all of whose results
// are of sample 0; several numbers are those of neighbouring elements then.
template <class T, class Half, class Program, int First, class Places, bool Shared>
class Epilogue;

template <class T, class Half, bool Anchored, unsigned long... Load, unsigned long... Compute,
          unsigned long... Store, int First, class Places, bool Shared>
class Epilogue<T, Half,
               passes::Fused<Anchored, passes::Codes<Load...>, passes::Codes<Compute...>,
                             passes::Codes<Store...>>,
               First, Places, Shared> {
  static constexpr int registers =
      (Anchored ? 1 : 0) + int(sizeof...(Load)) + int(sizeof...(Compute)) + 1;

 public:
  TYPEGRAD_DEVICE Epilogue(const Places& the_places, int the_stride)
      : places(the_places), stride(the_stride) {}

  template <class C, class Value>
  TYPEGRAD_DEVICE void operator()(const C&, int element, int sample, const Value& value) const {
    finish(begin(element, sample, value), element, sample);
  }

  // The same in two steps, for who has several under way: what is loaded, then all else.
  template <class Value>
  struct Begun {
    Value reg[registers];
  };
  template <class Value>
  TYPEGRAD_DEVICE Begun<Value> begin([[maybe_unused]] int element, [[maybe_unused]] int sample,
                                     const Value& value) const {
    Begun<Value> begun = {};
    if constexpr (Anchored) begun.reg[0] = anchored(value);
    [[maybe_unused]] int r = Anchored ? 1 : 0, place = First;
    (load<Load>(place++, element, sample, begun.reg[r++]), ...);
    return begun;
  }
  template <class Value>
  TYPEGRAD_DEVICE void finish(Begun<Value> begun, int element, int sample) const {
    [[maybe_unused]] int r = (Anchored ? 1 : 0) + int(sizeof...(Load)), place = first_stored;
    ((begun.reg[r++] = step<Compute>(begun.reg)), ...);
    (detail::write(places.of[place++].template as<Stored<Store>>(), element * stride + sample,
                   begun.reg[passes::StoreCode::unpack(Store).reg]),
     ...);
  }

  // Whether N neighbours of a shared value can be moved in one access, wherever it lies.
  template <int N>
  TYPEGRAD_DEVICE bool has_aligned() const {
    int place = First;
    bool aligned = true;
    ((aligned &= !moves_together<Load>() || is_aligned<N, Loaded<Load>>(place), ++place), ...);
    ((aligned &= is_aligned<N, Stored<Store>>(place++)), ...);
    return aligned;
  }

 private:
  static constexpr int first_stored = First + int(sizeof...(Load));

  template <unsigned long Code>
  using Loaded = std::conditional_t<passes::LoadCode::unpack(Code).half, Half, T>;
  template <unsigned long Code>
  using Stored = std::conditional_t<passes::StoreCode::unpack(Code).half, Half, T>;

  template <unsigned long Code>
  static constexpr bool moves_together() {
    return passes::LoadCode::unpack(Code).how == passes::Read::shared;
  }
  template <int N, class Number>
  TYPEGRAD_DEVICE bool is_aligned(int place) const {
    return places.of[place].template as<const Number>().template is_aligned<N>();
  }

  // Everybody reads a stored value as memory has it.
  template <class Value>
  TYPEGRAD_DEVICE static Value anchored(const Value& value) {
    using passes::StoreCode;
    if constexpr (((StoreCode::unpack(Store).reg == 0 && StoreCode::unpack(Store).rounds) || ...))
      return detail::rounded_to<Half>(value);
    else
      return value;
  }
  template <unsigned long Code>
  TYPEGRAD_DEVICE static int mapped(int element) {
    constexpr passes::LoadCode code = passes::LoadCode::unpack(Code);
    return element / code.inner % code.extent;
  }
  template <unsigned long Code, class Value>
  TYPEGRAD_DEVICE void load(int place, int element, int sample, Value& to) const {
    constexpr passes::LoadCode code = passes::LoadCode::unpack(Code);
    constexpr passes::Read how = code.how;
    using passes::Read;
    const auto from = places.of[place].template as<const Loaded<Code>>();
    if constexpr (how == Read::number) detail::spread(T(from[0]), to);
    if constexpr (how == Read::shared && Shared) detail::read(from, element, to);
    if constexpr (how == Read::shared && !Shared) detail::spread(T(from[element]), to);
    if constexpr (how == Read::shared_mapped && Shared)
      detail::each_number(to, [&](int k, T& number) { number = from[mapped<Code>(element + k)]; });
    if constexpr (how == Read::shared_mapped && !Shared)
      detail::spread(T(from[mapped<Code>(element)]), to);
    if constexpr (how == Read::lanes) detail::read(from, element * stride + sample, to);
    if constexpr (how == Read::lanes_mapped)
      detail::read(from, mapped<Code>(element) * stride + sample, to);
  }
  template <unsigned long Code, class Value>
  TYPEGRAD_DEVICE static Value step(const Value* reg) {
    constexpr passes::ComputeCode code = passes::ComputeCode::unpack(Code);
    const Value result =
        detail::apply<code.op>(reg[code.operand[0]], reg[code.operand[1]], reg[code.operand[2]]);
    if constexpr (code.rounds)
      return detail::rounded_to<Half>(result);
    else
      return result;
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

  template <class C, class T>
  TYPEGRAD_DEVICE void operator()(const C&, int element, T value) const {
    put(to, element, value);
  }
  template <class C, class T>
  TYPEGRAD_DEVICE void operator()(const C&, int row, int column, T value) const {
    put(to, row * Columns + column, value);
  }
};

// The same before an epilogue, which takes a sum for a number of the one sample that there is.
template <class Epilogue, int Columns>
struct OfSums {
  Epilogue epilogue;

  template <class C, class T>
  TYPEGRAD_DEVICE void operator()(const C& c, int element, T value) const {
    epilogue(c, element, 0, value);
  }
  template <class C, class T>
  TYPEGRAD_DEVICE void operator()(const C& c, int row, int column, T value) const {
    epilogue(c, row * Columns + column, 0, value);
  }
};

}  // namespace tg::cuda
