// Which family of tests here covers which op: every op of the table is in one.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <array>

#include "tests/run/backends/subject.hpp"
#include "tests/run/cuda/subject.hpp"
#include "tests/run/gradient/finite_differences.hpp"
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/statistics.hpp"

namespace tg::test {

// clang-format off
inline constexpr std::array unary_ops{
    Op::negate, Op::absolute, Op::sign, Op::exp, Op::log, Op::log1p, Op::expm1, Op::sqrt, Op::tanh, Op::sigmoid,
    Op::softplus, Op::relu, Op::erf, Op::erfc, Op::erfcx, Op::cosine, Op::sine, Op::arctangent, Op::floor};
inline constexpr std::array binary_ops{
    Op::add, Op::subtract, Op::multiply, Op::divide, Op::power, Op::modulo, Op::maximum, Op::minimum, Op::less,
    Op::less_equal, Op::equal, Op::select, Op::logical_not, Op::cast, Op::constant};
inline constexpr std::array reduction_ops{
    Op::sum, Op::max, Op::argmax, Op::softmax, Op::log_softmax, Op::identity, Op::samples, Op::stop_gradient};
inline constexpr std::array arrangement_ops{
    Op::reshape, Op::broadcast, Op::transpose, Op::slice, Op::concatenate};
inline constexpr std::array index_ops{
    Op::iota, Op::pick, Op::one_hot, Op::gather, Op::scatter, Op::pad};
inline constexpr std::array product_ops{Op::matmul, Op::outer, Op::orthogonal};
inline constexpr std::array window_ops{
    Op::convolution, Op::convolution_input_gradient, Op::convolution_weight_gradient, Op::max_pool,
    Op::max_pool_gradient, Op::max_pool_tangent, Op::average_pool, Op::average_pool_gradient};
// tests/run/scan has all of them, and on the emulated GPU tests/run/cuda/loops_smoke.cpp.
inline constexpr std::array loop_ops{Op::element, Op::carry, Op::next, Op::collect, Op::last};
// Leaves, and what a graph is for: each definition here has them. tests/run/derivatives has gradients,
// tests/run/reference random numbers, tests/run/functions operations of one's own.
inline constexpr std::array frame_ops{
    Op::input, Op::label, Op::parameter, Op::state, Op::argument, Op::setting, Op::uniform, Op::normal, Op::output,
    Op::update, Op::train, Op::gradient, Op::custom_gradient, Op::custom, Op::result};
// clang-format on

template <class... Families>
constexpr Op first_uncovered(const Families&... families) {
  for (int i = 0; i < op_count; ++i) {
    int count = 0;
    ((count += int(std::count(families.begin(), families.end(), Op(i)))), ...);
    if (count != 1) return Op(i);
  }
  return Op::count;
}
static_assert(first_uncovered(unary_ops, binary_ops, reduction_ops, arrangement_ops, index_ops,
                              product_ops, window_ops, loop_ops, frame_ops) == Op::count,
              "every op is covered by one family of tests in tests/run/ops");

// The definition's graph, with its gradients, has every op of the family.
template <class D, std::size_t Count>
void check_covers(const std::array<Op, Count>& family) {
  const auto recording = std::make_unique<ir::Recording>(record<D>(Purpose::inference, f64));
  const auto graph = std::make_unique<ir::Graph>(passes::gradient(recording->graph()));
  REQUIRE_FALSE(graph->fault);
  for (Op op : family) {
    INFO(name_of(op));
    CHECK(std::any_of(graph->nodes.begin(), graph->nodes.end(),
                      [op](const ir::Node& node) { return node.op == op; }));
  }
}

// Values of both backends, in both layouts, for one, a few and many samples; a GPU has tiles of 64.
template <class D>
void check_backends(double units = 300) {
#ifndef __CUDACC__  // nvcc 13 cannot generate code for a program of tg::Cpu: docs/decisions.md
  check_against_reference(definition<D, Purpose::inference>(), {1, 7, 65}, units);
  check_against_reference(definition<D, Purpose::inference, 1>(), {1}, units);
#endif
  check_on_device(kernels_of<D>(), {1, 7, 64, 65}, units);
}

// Within rounding, number by number.
inline void check_numbers(const Numbers<double>& got, const Numbers<double>& expected) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    INFO("number " << i);
    CHECK(got[i] == Approx(expected[i]).epsilon(1e-12).margin(1e-14));
  }
}

}  // namespace tg::test
