// Products of tensors: against loops, between backends, against differences.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "table.hpp"

namespace tg::test {
namespace {

struct All {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2, 3, 4}), y = s.input("y", {4}), w = s.argument("w", {4, 3}),
              v = s.argument("v", {3});
    const Var a = concatenate({reshape(matmul(y, y), {1}), matmul(y, w), flatten(matmul(x, w)),
                               flatten(outer(y, v)), flatten(tensordot(x, w, {1, -1}, {1, 0})),
                               flatten(tensordot(w, x, {1}, {1})), flatten(dot(x, w)),
                               flatten(inner(x, transpose(w))), reshape(dot(y, y), {1})});
    const Var b = concatenate(
        {flatten(matmul(w, transpose(w))), flatten(outer(v, v)), reshape(inner(v, v), {1})});
    const Var basis = ir::emit(w.builder(), Op::orthogonal, w.shape(), w.dtype(), ir::operands(w));
    const Var cost = mean(a * a) + sum(b * b);
    return outputs(a, b, matmul(transpose(basis), basis), grad(cost, x), grad(cost, w),
                   grad(cost, v));
  }
};

}  // namespace

TEST_CASE("products over axes are loops", "[ops]") {
  Lab<double> lab;
  const Numbers<double> p = noise<double>(24, 1), q = noise<double>(12, 2);
  const Var x = lab.shared({2, 3, 4}, p), w = lab.shared({4, 3}, q);

  Numbers<double> both(2, 0), inner_of(2 * 3 * 3 * 1, 0), dotted(2 * 3 * 3, 0), first(4 * 2 * 4, 0);
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 3; ++b)
      for (int c = 0; c < 4; ++c) {
        const double number = p[std::size_t((a * 3 + b) * 4 + c)];
        both[std::size_t(a)] += number * q[std::size_t(c * 3 + b)];
        for (int d = 0; d < 3; ++d)
          dotted[std::size_t((a * 3 + b) * 3 + d)] += number * q[std::size_t(c * 3 + d)];
        for (int d = 0; d < 4; ++d)
          first[std::size_t((d * 2 + a) * 4 + c)] += number * q[std::size_t(d * 3 + b)];
      }
  check_numbers(lab(tensordot(x, w, {1, 2}, {1, 0})), both);
  check_numbers(lab(tensordot(x, w, {-1}, {0})), dotted);
  check_numbers(lab(dot(x, w)), dotted);
  check_numbers(lab(matmul(x, w)), dotted);
  check_numbers(lab(inner(x, transpose(w))), dotted);
  CHECK(tensordot(w, x, {1}, {1}).shape() == Shape{4, 2, 4});
  check_numbers(lab(tensordot(w, x, {1}, {1})), first);
}

TEST_CASE("products of vectors", "[ops]") {
  Lab<double> lab;
  const Var a = lab.shared({3}, {1, 2, 3}), b = lab.shared({3}, {4, 5, 6});
  CHECK(lab(matmul(a, b)) == Numbers<double>{32});
  CHECK(lab(dot(a, b)) == Numbers<double>{32});
  CHECK(lab(inner(a, b)) == Numbers<double>{32});
  CHECK(lab(outer(a, b)) == Numbers<double>{4, 5, 6, 8, 10, 12, 12, 15, 18});
}

TEST_CASE("gradients of products over axes", "[ops]") {
  for (int variant = 0; variant < 4; ++variant) {
    INFO("variant " << variant);
    Lab<double> lab(2);
    const auto leaf = [&](bool per_sample, const Shape& shape) {
      return per_sample ? lab.input(shape, noise<double>(2 * shape.size(), 3))
                        : lab.shared(shape, noise<double>(shape.size(), 4));
    };
    const Var x = leaf((variant & 1) != 0, {2, 3, 4}), w = leaf((variant & 2) != 0, {4, 3});
    const Var y = concatenate({tensordot(x, w, {1, 2}, {1, 0}), flatten(tensordot(w, x, {1}, {1})),
                               flatten(dot(x, w)), flatten(outer(w[0], w[1]))});
    check_gradients(lab, sum(y * (y + 0.5)));
  }
}

TEST_CASE("every product, on the CPU", "[ops]") {
  check_covers<All>(product_ops);
  check_backends<All>(1000);
}

}  // namespace tg::test
