// What is wrong with operands is noted as its own fault, and recording goes on.
// SPDX-License-Identifier: MIT
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/scope.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/passes/derivatives.hpp"

namespace {

using namespace tg;
using enum FaultKind;

// Symbols of each kind.
struct Symbols {
  Var x, v, n, bytes, truth;

  constexpr explicit Symbols(Scope& s)
      : x{s.input("x", {2, 3})},
        v{s.argument("v", {3})},
        n{s.input("n", {2}, i32)},
        bytes{s.input("bytes", {3}, u8)},
        truth{x > 0} {}
};

constexpr FaultKind fault(Var (*build)(const Symbols&)) {
  ir::Recording recording;
  Scope scope(recording);
  const Symbols symbols(scope);
  build(symbols);
  return recording.fault().kind;
}

// clang-format off
// Dtypes: nothing is widened silently.
static_assert(fault([](const Symbols& s) { return s.x + cast(s.v, f64); }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return s.x[0] + cast(s.bytes, i32); }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return s.n + 0.5; }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return s.n + 2.0; }) == none);
static_assert(fault([](const Symbols& s) { return less(s.n, s.v); }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return where(s.truth, s.x, cast(s.x, f64)); }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return set_subtensor(s.n, s.v, 0); }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return s.n / 2; }) == needs_floating);
static_assert(fault([](const Symbols& s) { return exp(s.n); }) == needs_floating);
static_assert(fault([](const Symbols& s) { return softmax(s.n); }) == needs_floating);
static_assert(fault([](const Symbols& s) { return pow(s.bytes, 2); }) == needs_floating);
static_assert(fault([](const Symbols& s) { return floor_divide(s.n, 2) + mod(s.n, 2); }) == none);
static_assert(fault([](const Symbols& s) { return s.bytes + 1; }) == needs_numbers);
static_assert(fault([](const Symbols& s) { return cast(s.n, i16) + 1; }) == needs_numbers);
static_assert(fault([](const Symbols& s) { return cast(s.n, i8) * cast(s.n, i8); }) == needs_numbers);
static_assert(fault([](const Symbols& s) { return s.truth * s.x; }) == needs_numbers);
static_assert(fault([](const Symbols& s) { return -s.truth; }) == needs_numbers);
static_assert(fault([](const Symbols& s) { return prod(s.truth, 0); }) == needs_numbers);
static_assert(fault([](const Symbols& s) { return sum(s.truth) + sum(s.bytes); }) == none);
static_assert(fault([](const Symbols& s) { return logical_and(s.bytes, s.v); }) == none);
static_assert(fault([](const Symbols& s) { return matmul(s.x, cast(s.v, f64)); }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return matmul(s.truth, s.truth[0]); }) == needs_numbers);
static_assert(fault([](const Symbols& s) { return matmul(s.n, s.n); }) == none);
static_assert(fault([](const Symbols& s) { return max_pool(reshape(s.n, {1, 1, 2}), {{1, 2}, {1, 2}}); }) == needs_floating);
static_assert(fault([](const Symbols& s) { return convolution(reshape(s.x, {1, 2, 3}), cast(reshape(s.v, {1, 1, 1, 3}), f64)); }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return pick(s.x, s.v); }) == needs_integers);
static_assert(fault([](const Symbols& s) { return take(s.x, s.v); }) == needs_integers);
static_assert(fault([](const Symbols& s) { return one_hot(s.x, 3); }) == needs_integers);
static_assert(fault([](const Symbols& s) { return scatter_add(s.x, s.v, s.x); }) == needs_integers);

// Shapes.
static_assert(fault([](const Symbols& s) { return s.x + at(s.x, range(), range(0, 2)); }) == shapes_do_not_match);
static_assert(fault([](const Symbols& s) { return pick(s.x, s.n[0]); }) == shapes_do_not_match);
static_assert(fault([](const Symbols& s) { return take_along_axis(s.x, s.n, 0); }) == shapes_do_not_match);
static_assert(fault([](const Symbols& s) { return scatter_add(s.x, s.n, s.v); }) == shapes_do_not_match);
static_assert(fault([](const Symbols& s) { return set_subtensor(s.x, s.v, range(), 0); }) == shapes_do_not_match);
static_assert(fault([](const Symbols& s) { return broadcast_to(s.x, {2, 4}); }) == shapes_do_not_match);
static_assert(fault([](const Symbols& s) { return stack({s.v, s.v[range(1)]}); }) == parts_do_not_join);
static_assert(fault([](const Symbols& s) { return concatenate({s.x, s.v}); }) == parts_do_not_join);
static_assert(fault([](const Symbols& s) { return split<2>(s.x, 1)[0]; }) == parts_do_not_divide);
static_assert(fault([](const Symbols& s) { return reshape(s.x, {-1, 4}); }) == reshape_changes_size);
static_assert(fault([](const Symbols& s) { return reshape(s.x, {-1, -1}); }) == reshape_changes_size);
static_assert(fault([](const Symbols& s) { return squeeze(s.x, 0); }) == reshape_changes_size);
static_assert(fault([](const Symbols& s) { return repeat(s.x, 0, 0); }) == extent_not_positive);
static_assert(fault([](const Symbols& s) { return matmul(s.v, s.v[range(1)]); }) == extents_do_not_chain);
static_assert(fault([](const Symbols& s) { return tensordot(s.x, s.v, {0}, {0}); }) == extents_do_not_chain);
static_assert(fault([](const Symbols& s) { return tensordot(s.x, s.v, {0, 1}, {0}); }) == extents_do_not_chain);
static_assert(fault([](const Symbols& s) { return tensordot(outer(s.v, s.v), reshape(outer(s.v, s.v), {3, 1, 1, 3}), {}, {}); }) == rank_too_large);
static_assert(fault([](const Symbols& s) { return expand_dims(reshape(s.x, {1, 1, 1, 2, 3}), 0); }) == rank_too_large);
static_assert(fault([](const Symbols& s) { return take(reshape(s.x, {2, 1, 1, 1, 3}), reshape(s.n, {1, 2})); }) == rank_too_large);

// Axes and places.
static_assert(fault([](const Symbols& s) { return sum(s.x, 2); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return sum(s.x, -3); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return sum(s.x, {0, -1}); }) == none);
static_assert(fault([](const Symbols& s) { return cumsum(s.x, 2); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return argmax(s.x, -3); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return transpose(s.x, {0}); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return transpose(s.x, {1, -1}); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return move_axis(s.x, 0, 2); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return flip(s.v, 1); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return roll(s.v, 1, -2); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return expand_dims(s.v, 2); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return at(s.v, 0, 0); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return tril(s.v); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return diag(sum(s.v)); }) == axis_out_of_range);
static_assert(fault([](const Symbols& s) { return s.v[3]; }) == slice_out_of_range);
static_assert(fault([](const Symbols& s) { return s.v[-4]; }) == slice_out_of_range);
static_assert(fault([](const Symbols& s) { return s.v[range(1, 4)]; }) == slice_out_of_range);
static_assert(fault([](const Symbols& s) { return s.v[range(2, 1)]; }) == slice_out_of_range);
static_assert(fault([](const Symbols& s) { return s.v[range(0, 3, 0)]; }) == slice_out_of_range);
static_assert(fault([](const Symbols& s) { return inc_subtensor(s.x, s.v, 2); }) == slice_out_of_range);

// Derivatives.
static_assert(fault([](const Symbols& s) { return grad(s.v, s.v); }) == gradient_of_non_scalar);
static_assert(fault([](const Symbols& s) { return grad(sum(s.x, within), s.x); }) == gradient_of_non_scalar);
static_assert(fault([](const Symbols& s) { return grad(sum(s.x), s.v); }) == disconnected_gradient);
static_assert(fault([](const Symbols& s) { return grad(sum(stop_gradient(s.x)), s.x); }) == disconnected_gradient);
static_assert(fault([](const Symbols& s) { return grad(sum(zero_gradient(s.x)), s.x); }) == none);
static_assert(fault([](const Symbols& s) { return grad(sum(s.x), s.v, zero_if_disconnected); }) == none);
static_assert(fault([](const Symbols& s) { return grad(sum(s.x), s.x, s.v)[1]; }) == disconnected_gradient);
static_assert(fault([](const Symbols& s) { return grad(sum(s.x), s.x, s.v, zero_if_disconnected)[1]; }) == none);
static_assert(fault([](const Symbols& s) { return grad(sum(s.n), s.x); }) == not_differentiable);
static_assert(fault([](const Symbols& s) { return grad(sum(cast(s.n, f32)), s.n); }) == needs_floating);
static_assert(fault([](const Symbols& s) { return vjp(s.x, s.v, s.x); }) == disconnected_gradient);
static_assert(fault([](const Symbols& s) { return vjp(s.x * s.v, s.v, s.n[0]); }) == dtypes_do_not_match);
static_assert(fault([](const Symbols& s) { return jvp(s.x * s.v, s.v, s.x); }) == shapes_do_not_match);
static_assert(fault([](const Symbols& s) { return jacobian(reshape(s.x, {1, 1, 2, 3}), s.x); }) == rank_too_large);
// clang-format on

// What a call leaves out has a value of the argument's dtype.
template <int Halves>
struct LeftOut {
  static constexpr Var define(Scope& s) {
    return gather(s.argument("table", {5, 2}), s.label("row", otherwise(Halves * 0.5)));
  }
};
static_assert(record<LeftOut<2>>().fault().kind == none);
static_assert(record<LeftOut<3>>().fault().kind == dtypes_do_not_match);

}  // namespace
