// The reference's rows that move numbers, and those that reduce along axes.
// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>

#include "tests/run/reference/lab.hpp"

namespace tg::test {
namespace {

using Index = std::array<int, Shape::max_rank>;

// Where element i of a dense tensor is, by division alone.
Index index_of(int i, const Shape& shape) {
  Index index{};
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    index[axis] = i % shape[axis];
    i /= shape[axis];
  }
  return index;
}
int place_of(const Index& index, const Shape& shape) {
  int place = 0;
  for (int axis = 0; axis < shape.rank(); ++axis) place = place * shape[axis] + index[axis];
  return place;
}

}  // namespace

TEST_CASE("broadcast repeats extents of 1 and missing axes", "[reference]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 1}, {3, 4});
  CHECK(lab(broadcast(x, {2, 3})) == Numbers<double>{3, 3, 3, 4, 4, 4});
  CHECK(lab(broadcast(x, {2, 2, 2})) == Numbers<double>{3, 3, 4, 4, 3, 3, 4, 4});
  const Var one = lab.shared({}, {7});
  CHECK(lab(broadcast(one, {3, 1})) == Numbers<double>{7, 7, 7});

  const Shape before{3, 1, 2}, after{2, 3, 4, 2};
  const Numbers<double> numbers = noise<double>(before.size(), 1);
  const Numbers<double> y = lab(broadcast(lab.shared(before, numbers), after));
  for (int i = 0; i < after.size(); ++i) {
    const Index at = index_of(i, after);
    CHECK(y[i] == numbers[at[1] * 2 + at[3]]);
  }
}

TEST_CASE("transpose and reshape", "[reference]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(lab(transpose(x, {1, 0})) == Numbers<double>{1, 4, 2, 5, 3, 6});
  CHECK(lab(reshape(x, {3, 2})) == Numbers<double>{1, 2, 3, 4, 5, 6});
  CHECK(lab(stop_gradient(x)) == Numbers<double>{1, 2, 3, 4, 5, 6});

  const Shape before{2, 3, 4, 5}, after{4, 2, 5, 3};
  const Numbers<double> numbers = noise<double>(before.size(), 2);
  const Numbers<double> y = lab(transpose(lab.shared(before, numbers), {2, 0, 3, 1}));
  for (int i = 0; i < after.size(); ++i) {
    const Index at = index_of(i, after);
    CHECK(y[i] == numbers[place_of({at[1], at[3], at[0], at[2]}, before)]);
  }
}

TEST_CASE("slice, pad and concatenate", "[reference]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 3}, {1, 2, 3, 4, 5, 6}), y = lab.shared({2, 1}, {7, 8});
  CHECK(lab(slice(x, 0, 1, 1)) == Numbers<double>{4, 5, 6});
  CHECK(lab(slice(x, 1, 1, 2)) == Numbers<double>{2, 3, 5, 6});
  CHECK(lab(slice(x, 1, 0, 2, 2)) == Numbers<double>{1, 3, 4, 6});
  CHECK(lab(pad(y, 1, 1, 2)) == Numbers<double>{0, 7, 0, 0, 0, 8, 0, 0});
  CHECK(lab(pad(y, 0, 2, 0)) == Numbers<double>{0, 0, 7, 8});
  CHECK(lab(ir::pad(x, {1, 1, 2}, 6)) == Numbers<double>{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6});
  CHECK(lab(concatenate({x, y}, 1)) == Numbers<double>{1, 2, 3, 7, 4, 5, 6, 8});
  Numbers<double> joined;
  std::vector<Var> rows;
  for (int i = 0; i < 12; ++i) {  // of any number of parts
    rows.push_back(lab.shared({1}, {double(i)}));
    joined.push_back(i);
    CHECK(lab(concatenate(rows)) == joined);
  }
  CHECK(lab(concatenate({y, y, y, x, y}, 1)) ==
        Numbers<double>{7, 7, 7, 1, 2, 3, 7, 8, 8, 8, 4, 5, 6, 8});
  CHECK(lab(concatenate({x, slice(x, 0, 1, 1)})) == Numbers<double>{1, 2, 3, 4, 5, 6, 4, 5, 6});
}

TEST_CASE("iota numbers an axis", "[reference]") {
  Lab<double> lab;
  const Var i = lab.scope.iota(3), j = reshape(lab.scope.iota(2), {2, 1});
  CHECK(lab(i) == Numbers<double>{0, 1, 2});
  CHECK(lab(i * 10 + j) == Numbers<double>{0, 10, 20, 1, 11, 21});
  CHECK(lab(slice(i, 0, 1, 2)) == Numbers<double>{1, 2});
  CHECK(lab.scope.iota(3, i32).dtype() == i32);
  lab.scope.iota(0);
  CHECK(lab.recording->fault().kind == FaultKind::extent_not_positive);
}

TEST_CASE("integers choose rows", "[reference]") {
  Lab<double> lab(2);
  const Var table = lab.shared({3, 2}, {1, 2, 3, 4, 5, 6});
  const Var at = lab.input({2, 1}, {2, 0, 1, 1}, i32);
  const Var rows = gather(table, at);
  CHECK(rows.shape() == Shape{2, 1, 2});
  CHECK(lab(rows) == Numbers<double>{5, 6, 1, 2, 3, 4, 3, 4});
  const Var back =
      ir::emit(rows.builder(), Op::scatter, {3, 2}, rows.dtype(), ir::operands(at, rows));
  CHECK(lab(back) == Numbers<double>{1, 2, 0, 0, 5, 6, 0, 0, 6, 8, 0, 0});
  gather(table, table);
  CHECK(lab.recording->fault().kind == FaultKind::needs_integers);
}

TEST_CASE("a slice outside of its axis and parts that do not fit are faults", "[reference]") {
  const auto fault = [](auto build) {
    Lab<double> lab;
    build(lab.shared({2, 3}, {1, 2, 3, 4, 5, 6}), lab.shared({3, 2}, {1, 2, 3, 4, 5, 6}));
    return lab.recording->fault().kind;
  };
  CHECK(fault([](Var x, Var) { slice(x, 1, 1, 3); }) == FaultKind::slice_out_of_range);
  CHECK(fault([](Var x, Var) { slice(x, 1, 0, 2, 3); }) == FaultKind::slice_out_of_range);
  CHECK(fault([](Var x, Var) { slice(x, 1, -1, 2); }) == FaultKind::slice_out_of_range);
  CHECK(fault([](Var x, Var) { slice(x, 1, 0, 0); }) == FaultKind::slice_out_of_range);
  CHECK(fault([](Var x, Var) { slice(x, 2, 0, 1); }) == FaultKind::axis_out_of_range);
  CHECK(fault([](Var x, Var) { pad(x, 0, -1, 0); }) == FaultKind::extent_not_positive);
  CHECK(fault([](Var x, Var y) { concatenate({x, y}); }) == FaultKind::parts_do_not_join);
  CHECK(fault([](Var x, Var) {
          concatenate({x, reshape(x, {6})});
        }) == FaultKind::parts_do_not_join);
  CHECK(fault([](Var x, Var) { concatenate({x, x}, 2); }) == FaultKind::axis_out_of_range);
  CHECK(fault([](Var x, Var) { concatenate({x, x}, 1); }) == FaultKind::none);
}

TEMPLATE_TEST_CASE("sum and max over every set of axes", "[reference]", float, double) {
  using T = TestType;
  const Shape shape{3, 1, 4, 2};
  const Numbers<T> x = noise<T>(shape.size(), 3);
  for (int mask = 1; mask < 16; ++mask) {
    INFO("axes " << mask);
    Shape kept;
    for (int axis = 0; axis < 4; ++axis)
      if ((mask & 1 << axis) == 0) kept.append(shape[axis]);
    Numbers<T> sums(std::size_t(kept.size())), maxima(std::size_t(kept.size()), T(-9));
    for (int i = 0; i < shape.size(); ++i) {
      const Index at = index_of(i, shape);
      Index to{};
      for (int axis = 0, next = 0; axis < 4; ++axis)
        if ((mask & 1 << axis) == 0) to[next++] = at[axis];
      sums[place_of(to, kept)] += x[i];
      maxima[place_of(to, kept)] = std::max(maxima[place_of(to, kept)], x[i]);
    }
    Lab<T> lab;
    const Var leaf = lab.shared(shape, x);
    const Var total = ir::reduce(Op::sum, leaf, mask), largest = ir::reduce(Op::max, leaf, mask);
    CHECK(total.shape() == kept);
    CHECK(distance(lab(total), sums) <= tolerance<T>(24));
    CHECK(lab(largest) == maxima);
  }
}

TEST_CASE("a maximum knows infinities and passes on what is no number", "[reference]") {
  Lab<double> lab;
  const double nan = std::nan(""), infinity = INFINITY;
  const Var x = lab.shared({3, 2}, {-infinity, -infinity, 1, nan, nan, 1});
  const Numbers<double> y = lab(max(x, 1));
  CHECK(y[0] == -infinity);
  CHECK(std::isnan(y[1]));
  CHECK(std::isnan(y[2]));
  CHECK(lab(argmax(x, 1)) == Numbers<double>{0, 1, 0});
}

TEST_CASE("argmax is the first of equals, along any axis", "[reference]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 2, 3}, {1, 5, 5, 7, 2, 7, 0, 0, 0, -3, -1, -2});
  CHECK(lab(argmax(x, 2)) == Numbers<double>{1, 0, 0, 1});
  CHECK(lab(argmax(x, 1)) == Numbers<double>{1, 0, 1, 0, 0, 0});
  CHECK(lab(argmax(x, 0)) == Numbers<double>{0, 0, 0, 0, 0, 0});
}

TEMPLATE_TEST_CASE("softmax and its logarithm", "[reference]", float, double) {
  using T = TestType;
  Lab<T> lab;
  // torch.softmax(torch.tensor([1., 2., 3.]), 0)
  const Var x = lab.shared({3}, {1, 2, 3});
  CHECK(distance(lab(softmax(x)), {T(0.09003057317038046), T(0.24472847105479764),
                                   T(0.6652409557748218)}) <= tolerance<T>());
  CHECK(distance(lab(log_softmax(x)), {T(-2.4076059644443806), T(-1.4076059644443806),
                                       T(-0.4076059644443806)}) <= tolerance<T>());
  const Var large = lab.shared({2, 2}, {1000, -1000, T(-1e4), T(-1e4)});
  CHECK(distance(lab(softmax(large, 1)), {1, 0, T(0.5), T(0.5)}) <= tolerance<T>());
  CHECK(distance(lab(log_softmax(large, 1)), {0, -2000, T(-std::log(2.0)), T(-std::log(2.0))}) <=
        tolerance<T>());

  const Shape shape{2, 3, 4};
  const Numbers<T> numbers = noise<T>(24, 5);
  const Var y = lab.shared(shape, numbers);
  for (int axis = 0; axis < 3; ++axis) {
    INFO("axis " << axis);
    Numbers<T> expected(24), logarithms(24);
    for (int i = 0; i < 24; ++i) {
      Index at = index_of(i, shape);
      double total = 0;
      for (at[axis] = 0; at[axis] < shape[axis]; ++at[axis])
        total += std::exp(double(numbers[place_of(at, shape)]));
      expected[i] = T(std::exp(double(numbers[i])) / total);
      logarithms[i] = T(double(numbers[i]) - std::log(total));
    }
    CHECK(distance(lab(softmax(y, axis)), expected) <= tolerance<T>());
    CHECK(distance(lab(log_softmax(y, axis)), logarithms) <= tolerance<T>());
  }
}

TEST_CASE("labels pick and mark", "[reference]") {
  Lab<float> lab(3);
  const Var x = lab.input({4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}),
            label = lab.label({3, 0, 2});
  CHECK(lab(pick(x, label)) == Numbers<float>{4, 5, 11});
  CHECK(lab(one_hot(label, 4)) == Numbers<float>{0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0});
}

}  // namespace tg::test
