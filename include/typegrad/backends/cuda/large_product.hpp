// Products that a library makes where a device has one and they are large enough for it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/outer_sum.hpp"
#include "typegrad/backends/cuda/kernels/product.hpp"
#include "typegrad/backends/cuda/kernels/tensor_product.hpp"
#include "typegrad/backends/cuda/phases.hpp"

namespace tg::cuda {

// Multiply-adds from which on a library is asked: below, its launch costs more than it saves.
inline constexpr std::int64_t large_product = std::int64_t(1) << 24;

// result = left right (+ added, which lies as the result does), (rows, depth) (depth, columns). As
// the library has it, matrices lie column by column, columns `pitch` numbers apart; a factor that
// lies transposed is read so.
struct ProductShape {
  struct Factor {
    int operand, pitch;
    bool transposed;
  };
  int rows, columns, depth;
  Factor left, right;
  int pitch;  // of the result
};

// What numbers lie in memory as.
enum class Stored : std::uint8_t { f32, f64, bf16, f16 };
template <class T>
inline constexpr Stored stored_as = std::is_same_v<T, double>     ? Stored::f64
                                    : std::is_same_v<T, bfloat16> ? Stored::bf16
                                    : std::is_same_v<T, float16>  ? Stored::f16
                                                                  : Stored::f32;

template <class AnyView>
struct LargeProduct {
  ProductShape shape{};
  AnyView left{}, right{}, result{}, added{};
  Stored factors{}, results{};
  Precision precision{};
  bool adds = false;
};

// A Device with a library has multiply(product), in the order of launches: false when the library
// cannot do it; prepare_products(), which says before a launch that there may be some; and its
// own large_product.
template <class Device>
concept HasLibrary = requires(Device& device,
                              const LargeProduct<typename Device::AnyView>& product) {
  { device.multiply(product) } -> std::same_as<bool>;
  device.prepare_products();
};

// A kernel as such a product: elements of the result, multiply-adds of each sample and of what the
// samples share, and the shape. Operands are numbered as the kernel takes them.
template <class Kernel>
struct AsProduct {
  static constexpr bool exists = false;
};
template <int Outputs, int Inputs, bool Transposed>
struct AsProduct<Product<Outputs, Inputs, Transposed>> {
  static constexpr bool exists = true;
  static constexpr Precision precision = Precision::f32;
  static constexpr int elements = Outputs;
  static constexpr std::int64_t of_sample = std::int64_t(Outputs) * Inputs, of_shared = 0;
  static constexpr ProductShape shape(int stride, int) {
    return {
        stride, Outputs, Inputs, {1, stride, false}, {0, Transposed ? Outputs : Inputs, Transposed},
        stride};
  }
};
template <int Rows, int Columns>
struct AsProduct<OuterSum<Rows, Columns>> {
  static constexpr bool exists = true;
  static constexpr Precision precision = Precision::f32;
  static constexpr int elements = Rows * Columns;
  static constexpr std::int64_t of_sample = std::int64_t(Rows) * Columns, of_shared = 0;
  static constexpr ProductShape shape(int stride, int count) {
    return {Columns, Rows, count, {1, stride, true}, {0, stride, false}, Columns};
  }
};
template <class G>
requires(G::batches == 1) struct AsProduct<Multiply<G, false, false>> {
  static constexpr bool exists = true;
  static constexpr Precision precision = Precision::f32;
  static constexpr int elements = G::rows * G::columns;
  static constexpr std::int64_t of_sample = 0, of_shared = std::int64_t(elements) * G::depth;
  static constexpr ProductShape shape(int, int) {
    return {G::columns,
            G::rows,
            G::depth,
            {1, G::swapped_right ? G::depth : G::columns, G::swapped_right},
            {0, G::swapped_left ? G::rows : G::depth, G::swapped_left},
            G::columns};
  }
};
template <Precision rounds, int Outputs, int Inputs, bool Transposed>
struct AsProduct<TensorProduct<rounds, Outputs, Inputs, Transposed>>
    : AsProduct<Product<Outputs, Inputs, Transposed>> {
  static constexpr Precision precision = rounds;
};
template <Precision rounds, int Rows, int Columns>
struct AsProduct<TensorOuterSum<rounds, Rows, Columns>> : AsProduct<OuterSum<Rows, Columns>> {
  static constexpr Precision precision = rounds;
};
template <Precision rounds, class G>
requires(G::batches == 1) struct AsProduct<TensorMultiply<rounds, G>>
    : AsProduct<Multiply<G, false, false>> {
  static constexpr Precision precision = rounds;
};

// What is left of a fused program when its anchor's result lies in memory, where its first store
// goes: nothing, when it does no more than to store it, or when the library adds what it adds.
template <class Program>
struct AfterProduct;
template <unsigned long... Load, unsigned long... Compute, unsigned long First,
          unsigned long... Store>
struct AfterProduct<passes::Fused<true, passes::Codes<Load...>, passes::Codes<Compute...>,
                                  passes::Codes<First, Store...>>> {
  static constexpr passes::StoreCode first = passes::StoreCode::unpack(First);
  static constexpr int loads = sizeof...(Load);
  static constexpr bool only_stores = loads + sizeof...(Compute) + sizeof...(Store) == 0;
  // Registers: the product, what is loaded, their sum.
  static constexpr bool adds = [] {
    if constexpr (loads == 1 && sizeof...(Compute) == 1 && sizeof...(Store) == 0) {
      const passes::LoadCode load = passes::LoadCode::unpack((Load + ... + 0));
      const passes::ComputeCode sum = passes::ComputeCode::unpack((Compute + ... + 0));
      const bool as_the_result_lies = load.how == passes::Read::lanes && load.half == first.half;
      return as_the_result_lies && sum.op == Op::add && sum.operand[0] != sum.operand[1] &&
             first.reg == 2;
    } else {
      return false;
    }
  }();
  static constexpr bool is_nothing = only_stores || adds;
  template <class T, class Half>
  using FirstStored = std::conditional_t<first.half, Half, T>;
};

// A phase that a library can run: its kernel is a product of factors of one type.
template <class Phase>
struct ProductPhase {
  static constexpr bool exists = false;
  static constexpr std::int64_t of_sample = 0, of_shared = 0;
};
// Where the result goes, and the phase that follows, if there is one.
template <class T, class Half, class Kernel, class Program, bool Shared, class Factor>
requires(AsProduct<Kernel>::exists) struct ProductPhase<
    phase::Group<T, Half, Kernel, Program, Shared, Factor, Factor>> : AsProduct<Kernel> {
  using After = AfterProduct<Program>;
  using Result = typename After::template FirstStored<T, Half>;
  static constexpr Stored factors = stored_as<Factor>, results = stored_as<Result>;
  static constexpr bool finishes = !After::is_nothing, adds = After::adds;
  static constexpr int result = 2 + After::loads, added = 2;

  static constexpr int elements = AsProduct<Kernel>::elements;
  using Again = std::conditional_t<Shared, SharedReread<elements>,
                                   Reread<elements, sizeof(Result) == 2 ? 8 : 4>>;
  using Finish = phase::Group<T, Half, Again, Program, Shared, Result>;
  static Task finish(const Task& task) {
    Task rest = task;
    rest.at[0] = task.at[result];
    for (int i = 1; i < Finish::places; ++i) rest.at[std::size_t(i)] = task.at[std::size_t(i + 1)];
    return rest;
  }
};
template <class Kernel, int Columns, class To, class Factor>
requires(
    AsProduct<Kernel>::exists) struct ProductPhase<phase::Sum<Kernel, Columns, To, Factor, Factor>>
    : AsProduct<Kernel> {
  static constexpr Stored factors = stored_as<Factor>, results = stored_as<To>;
  static constexpr bool finishes = false, adds = false;
  static constexpr int result = 2, added = 2;
};

template <class Device, class T, class Phase>
void launch_phase(const Frame<Device, T>& frame, const Task& task);

// True when the library has made the product. In half precision its result is rounded before the
// rest of the program reads it.
template <class Phase, class Device, class T>
bool launch_product(const Frame<Device, T>& frame, const Task& task) {
  using P = ProductPhase<Phase>;
  const ProductShape shape = P::shape(frame.batch.stride, frame.batch.samples);
  if (std::int64_t(shape.rows) * shape.columns * shape.depth < Device::large_product) return false;
  const auto at = [&](int which) { return frame.at(task.at[std::size_t(which)]); };
  if (!frame.device->multiply({shape, at(shape.left.operand), at(shape.right.operand),
                               at(P::result), at(P::added), P::factors, P::results, P::precision,
                               P::adds}))
    return false;
  if constexpr (P::finishes) launch_phase<Device, T, typename P::Finish>(frame, P::finish(task));
  return true;
}

}  // namespace tg::cuda
