// An operation of the user's own: tg::operation<Mine>(x…).
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/row_type.hpp"

namespace tg {

namespace ir {

// How many numbers Mine::value takes; 0 when it has none, or takes others.
template <class Mine>
constexpr int scalar_operands() {
  if constexpr (requires(float a) { Mine::value(a); })
    return 1;
  else if constexpr (requires(float a) { Mine::value(a, a); })
    return 2;
  else if constexpr (requires(float a) { Mine::value(a, a, a); })
    return 3;
  else
    return 0;
}

// What the user says, or, of an element-wise operation, what follows from its value.
template <class Mine, int Operands>
struct OperationRow {
  using Definition = Mine;
  static constexpr int operands = Operands;
  static constexpr bool elementwise = scalar_operands<Mine>() == Operands;

  using Indices = std::make_integer_sequence<int, Operands>;

  static constexpr Shape shape(const Shape* operands) { return shape(operands, Indices{}); }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    if constexpr (elementwise)
      compute_elements(call, Indices{});
    else
      Mine::compute(call);
  }
  static constexpr bool has_cpu = elementwise || requires(const LanesCall<float>& call) {
    Mine::cpu(call);
  };
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    if constexpr (requires { Mine::cpu(call); })
      Mine::cpu(call);
    else if constexpr (elementwise)
      run_elements(call, Indices{});
  }
  static constexpr bool has_own_cuda = requires { typename Mine::Cuda; };
  static constexpr CustomRow make() {
    CustomRow row;
    row.name = Mine::name;
    row.has_cuda = elementwise || has_own_cuda;
    row.asserts = requires { Mine::asserts; };
    row.shape = &shape;
    row.compute_f32 = &compute<float>;
    row.compute_f64 = &compute<double>;
    if constexpr (
        requires(Var x) { Mine::gradient(x, x, x); } ||
        requires(Var x) { Mine::gradient(x, x, x, x); } ||
        requires(Var x) { Mine::gradient(x, x, x, x, x); }) {
      row.differentiate = &differentiate_custom<Mine, Operands, 0>;
      row.differentiable = true;
    }
    if constexpr (has_cpu) {
      row.has_cpu = true;
      row.cpu_f32 = &cpu<float>;
      row.cpu_f64 = &cpu<double>;
    }
    return row;
  }

 private:
  template <int... I>
  static constexpr Shape shape(const Shape* operands, std::integer_sequence<int, I...>) {
    if constexpr (elementwise)
      return operands[0];
    else
      return Mine::shape(operands[I]...);
  }
  template <class T, int... I>
  static constexpr void compute_elements(const OperationCall<T>& call,
                                         std::integer_sequence<int, I...>) {
    for (int e = 0; e < call.result.size(); ++e) call.out[e] = Mine::value(call.in[I][e]...);
  }
  template <class T, int... I>
  static void run_elements(const LanesCall<T>& call, std::integer_sequence<int, I...>) {
    const auto at = [&](int i, int e, int lane) {
      return call.in[i][call.spaces[i] == Space::per_sample ? e * call.lanes + lane : e];
    };
    for (int e = 0; e < call.result.size(); ++e)
      for (int lane = 0; lane < call.lanes; ++lane)
        call.out[e * call.lanes + lane] = Mine::value(at(I, e, lane)...);
  }
};

template <class Mine, int Operands>
inline constexpr CustomRow operation_row = OperationRow<Mine, Operands>::make();

}  // namespace ir

// An operation that the library does not have. Mine says, as static members,
//   constexpr const char* name                         for who prints it;
//   constexpr T value(T a, …)                          an element-wise one, for any T: its meaning;
// or, of any other,
//   constexpr Shape shape(const Shape& a, …)           the extents of the result;
//   constexpr void compute(const OperationCall<T>&)    one sample's evaluation: its meaning;
// and, if they exist,
//   constexpr Var gradient(Var a, …, Var y, Var dy)    the adjoint of a; of several, an array;
//   void cpu(const LanesCall<T>&)                      the CPU's kernel, else its meaning is run;
//   struct Cuda                                        a GPU's: see backends/cuda/custom.hpp.
// A GPU runs an element-wise one by its value; another without Cuda is a no_kernel there. The
// meaning is what every backend is held to. The result has the dtype of the first operand.
// Faults: shapes_do_not_match, dtypes_do_not_match; a gradient that is not there is
// not_differentiable.
template <class Mine, std::same_as<Var>... Vars>
constexpr Var operation(Operand first, Vars... more) {
  constexpr int operands = 1 + int(sizeof...(Vars));
  static_assert(operands <= ir::max_operands, "an operation has at most three operands");
  using Row = ir::OperationRow<Mine, operands>;
  static_cast<void>(ir::NamesRow<&ir::operation_row<Mine, operands>, Row>{});  // makes it known
  const std::array<Var, operands> all{first, more...};
  Shape shapes[ir::max_operands];
  for (int i = 0; i < operands; ++i) {
    ir::same_dtype(Mine::name, first, all[i]);
    shapes[i] = all[i].shape();
    if (Row::elementwise && shapes[i] != shapes[0])
      first.builder()->fail({.kind = FaultKind::shapes_do_not_match,
                             .got = shapes[0],
                             .wanted = shapes[i],
                             .name = Mine::name});
  }
  return ir::emit(first.builder(), Op::custom, Row::shape(shapes), first.dtype(),
                  ir::operands(first, more...), {}, &ir::operation_row<Mine, operands>);
}

}  // namespace tg
