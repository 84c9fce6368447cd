// The same elements in another arrangement: NumPy's results, number by number.
// SPDX-License-Identifier: MIT
#include "table.hpp"

namespace tg::test {
namespace {

using N = Numbers<double>;

Numbers<double> counted(int count) {
  Numbers<double> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

struct All {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2, 3, 4}), w = s.argument("w", {3, 4});
    const auto [first, second] = split<2>(x, -1);
    const Var a = concatenate({flatten(transpose(x, {-1, 0, 1})), flatten(swap_axes(x, 0, -1)),
                               flatten(move_axis(x, 0, -1)), flatten(flip(x, 1)),
                               flatten(roll(x, 3, -1)), flatten(repeat(x, 2, 1)),
                               flatten(tile(x, 3, 0)), flatten(stack({first, second}, 1)),
                               flatten(slice(x, 2, 3, 2, -2)), flatten(broadcast_to(w, {2, 3, 4})),
                               flatten(expand_dims(squeeze(slice(x, 0, 1, 1), 0), -1) * 2)});
    const Var b = concatenate({flatten(flip(w, 0)), flatten(swap_axes(w, 0, 1)),
                               flatten(roll(w, -1, 0)), reshape(w, {-1})});
    const Var cost = mean(a * a) + sum(b * b);
    return outputs(a, b, grad(cost, x), grad(cost, w));
  }
};

}  // namespace

TEST_CASE("arrangements are NumPy's", "[ops]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 3}, counted(6)), y = lab.shared({3}, {7, 8, 9});
  const auto is = [&](Var value, const Shape& shape, const N& numbers) {
    CHECK(value.shape() == shape);
    CHECK(lab(value) == numbers);
  };
  is(reshape(x, {-1, 2}), {3, 2}, {0, 1, 2, 3, 4, 5});
  is(flatten(x), {6}, {0, 1, 2, 3, 4, 5});
  is(expand_dims(x, 1), {2, 1, 3}, {0, 1, 2, 3, 4, 5});
  is(expand_dims(x, -1), {2, 3, 1}, {0, 1, 2, 3, 4, 5});
  is(squeeze(expand_dims(x, 0)), {2, 3}, {0, 1, 2, 3, 4, 5});
  is(squeeze(reshape(x, {1, 2, 3, 1}), -1), {1, 2, 3}, {0, 1, 2, 3, 4, 5});
  is(transpose(x), {3, 2}, {0, 3, 1, 4, 2, 5});
  is(transpose(x, {-1, -2}), {3, 2}, {0, 3, 1, 4, 2, 5});
  is(swap_axes(reshape(x, {1, 2, 3}), 0, -1), {3, 2, 1}, {0, 3, 1, 4, 2, 5});
  is(move_axis(reshape(x, {1, 2, 3}), 2, 0), {3, 1, 2}, {0, 3, 1, 4, 2, 5});
  is(move_axis(reshape(x, {1, 2, 3}), 0, -1), {2, 3, 1}, {0, 1, 2, 3, 4, 5});
  is(broadcast_to(y, {2, 3}), {2, 3}, {7, 8, 9, 7, 8, 9});
  is(concatenate({x, reshape(y, {1, 3})}), {3, 3}, {0, 1, 2, 3, 4, 5, 7, 8, 9});
  is(concatenate({x, x, x, x}, -1), {2, 12},
     {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5, 3, 4, 5, 3, 4, 5});
  is(stack({y, y + 1}), {2, 3}, {7, 8, 9, 8, 9, 10});
  is(stack({y, y + 1}, -1), {3, 2}, {7, 8, 8, 9, 9, 10});
  is(split<3>(x, 1)[2], {2, 1}, {2, 5});
  is(split<2>(x)[1], {1, 3}, {3, 4, 5});
  is(repeat(x, 2, 1), {2, 6}, {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5});
  is(repeat(y, 2, 0), {6}, {7, 7, 8, 8, 9, 9});
  is(tile(x, 2, 1), {2, 6}, {0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5});
  is(tile(x, 2, 0), {4, 3}, {0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5});
  is(flip(x, 0), {2, 3}, {3, 4, 5, 0, 1, 2});
  is(flip(x, -1), {2, 3}, {2, 1, 0, 5, 4, 3});
  is(roll(x, 1, 1), {2, 3}, {2, 0, 1, 5, 3, 4});
  is(roll(x, -4, 1), {2, 3}, {1, 2, 0, 4, 5, 3});
  is(roll(x, 2, 0), {2, 3}, {0, 1, 2, 3, 4, 5});
}

TEST_CASE("gradients go back to where the elements were", "[ops]") {
  using Arrange = Var (*)(Var);
  // clang-format off
  for (const Arrange arrange : std::initializer_list<Arrange>{
           [](Var x) { return swap_axes(x, 0, 2); }, [](Var x) { return move_axis(x, 0, 1); },
           [](Var x) { return flip(x, 1); }, [](Var x) { return roll(x, 2, 2); },
           [](Var x) { return repeat(x, 2, 1); }, [](Var x) { return tile(x, 2, 2); },
           [](Var x) { return stack({x, x * x}, 1); }, [](Var x) { return split<2>(x, 2)[1]; },
           [](Var x) { return broadcast_to(expand_dims(x, 1), {2, 2, 3, 4}); }}) {
    // clang-format on
    Lab<double> lab(2);
    const Var x = lab.input({2, 3, 4}, noise<double>(48, 6)), y = arrange(x);
    const Var weight = lab.shared(y.shape(), noise<double>(y.shape().size(), 9));
    check_gradients(lab, sum(y * (y + weight)));
  }
}

TEST_CASE("every arrangement, on the CPU", "[ops]") {
  check_covers<All>(arrangement_ops);
  check_backends<All>();
}

}  // namespace tg::test
