// Elements and parts by their places: NumPy's results, number by number.
// SPDX-License-Identifier: MIT
#include "table.hpp"

namespace tg::test {
namespace {

using N = Numbers<double>;

struct All {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3, 4}), w = s.argument("w", {3, 2}), n = s.input("n", {2}, i32),
              label = s.label("label");
    const Var columns = s.input("columns", {3}, u8);
    const Var places = concatenate({n, n, slice(n, 0, 0, 1)});  // up to 2
    const Var a = concatenate({x[1], x[-1], flatten(x[range(1, -1)]), at(x, range(), -2),
                               at(x, 2, range(3, 0, -2)), flatten(take(x, n)),
                               flatten(take(x, n, -1)), flatten(x[label]), pick(x, columns),
                               flatten(take_along_axis(x, reshape(places, {5, 1})[range(0, 3)], 1)),
                               diag(x), flatten(diag(x[0])), flatten(tril(x, -1)), flatten(triu(x)),
                               flatten(one_hot(n, 3)), flatten(reshape(trace(x), {1}))});
    const Var b = concatenate({flatten(set_subtensor(x, 2 * x[0], range(1), range())),
                               flatten(inc_subtensor(x, sum(x, within), 1, range(0, 4, 2))),
                               flatten(scatter_add(x, n, x[range(0, 2)] * x[range(1, 3)])),
                               flatten(take(w, n)), flatten(w[label]), pick(x[2], label) + w[1]});
    const Var log_of = -mean(log(pick(softmax(x), columns)));
    const Var cost = mean(a * a) + mean(b * b) + log_of;
    return outputs(a, b, flatten(scatter_add(w, n, at(x, range(0, 2), range(0, 2)))), log_of,
                   grad(cost, x), grad(cost, w));
  }
};

}  // namespace

TEST_CASE("parts by their places", "[ops]") {
  Lab<double> lab;
  N numbers;
  for (int i = 0; i < 24; ++i) numbers.push_back(i);
  const Var x = lab.shared({2, 3, 4}, numbers), v = lab.shared({5}, {0, 1, 2, 3, 4});
  const auto is = [&](Var value, const Shape& shape, const N& expected) {
    CHECK(value.shape() == shape);
    CHECK(lab(value) == expected);
  };
  is(v[3], {}, {3});
  is(v[-1], {}, {4});
  is(v[range(1, 4)], {3}, {1, 2, 3});
  is(v[range(-2)], {2}, {3, 4});
  is(v[range(0, -1, 2)], {2}, {0, 2});
  is(v[range(1, 5, 3)], {2}, {1, 4});
  is(v[{.step = -1}], {5}, {4, 3, 2, 1, 0});
  is(v[range(3, 0, -2)], {2}, {3, 1});
  is(v[range(-1, -6, -4)], {2}, {4, 0});
  is(x[1][2], {4}, {20, 21, 22, 23});
  is(at(x, 1, 2, 3), {}, {23});
  is(at(x, range(), -1, 0), {2}, {8, 20});
  is(at(x, 0, range(1), range(3, Range::open, -2)), {2, 2}, {7, 5, 11, 9});
}

TEST_CASE("parts are written and added to, and the rest stays", "[ops]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 3}, {1, 2, 3, 4, 5, 6}), y = lab.shared({2}, {10, 20}),
            one = lab.shared({}, {7});
  CHECK(lab(set_subtensor(x, y, range(), 1)) == N{1, 10, 3, 4, 20, 6});
  CHECK(lab(set_subtensor(x, one, 0, range(0, 3, 2))) == N{7, 2, 7, 4, 5, 6});
  CHECK(lab(set_subtensor(x, one, -1)) == N{1, 2, 3, 7, 7, 7});
  CHECK(lab(set_subtensor(x, one)) == N(6, 7));
  const Var row = lab.shared({3}, {10, 20, 30});
  CHECK(lab(inc_subtensor(x, row, 1, Range{.step = -1})) == N{1, 2, 3, 34, 25, 16});
  CHECK(lab(inc_subtensor(x, reshape(y, {2, 1}), range(), range(2))) == N{1, 2, 13, 4, 5, 26});
}

TEST_CASE("places as symbols", "[ops]") {
  Lab<double> lab(2);
  const Var x = lab.shared({3, 2}, {1, 2, 3, 4, 5, 6}), i = lab.input({2}, {2, 0, 1, 1}, i32),
            k = lab.label({1, 2}), own = lab.input({2, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(lab(take(x, i)) == N{5, 6, 1, 2, 3, 4, 3, 4});
  CHECK(lab(x[k]) == N{3, 4, 5, 6});
  CHECK(lab(take(own, k, 1)) == N{1, 4, 8, 11});
  CHECK(take(own, i, -1).shape() == Shape{2, 2});
  CHECK(lab(take(own, i, -1)) == N{2, 0, 5, 3, 7, 7, 10, 10});
  CHECK(lab(pick(own, i)) == N{2, 3, 7, 10});
  CHECK(lab(take_along_axis(own, reshape(i, {2, 1}), 1)) == N{2, 3, 7, 10});
  CHECK(lab(one_hot(i, 3)) == N{0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0});
  const Var more = lab.input({2, 2}, {10, 20, 30, 40, 50, 60, 70, 80});
  CHECK(lab(scatter_add(x, i, more)) == N{31, 42, 3, 4, 15, 26, 1, 2, 123, 144, 5, 6});
}

TEST_CASE("diagonals and triangles", "[ops]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 3}, {1, 2, 3, 4, 5, 6}), v = lab.shared({2}, {7, NAN});
  CHECK(lab(diag(x)) == N{1, 5});
  CHECK(lab(trace(x)) == N{6});
  const N square = lab(diag(v));
  CHECK((square[0] == 7 && square[1] == 0 && square[2] == 0 && square[3] != square[3]));
  CHECK(lab(tril(x)) == N{1, 0, 0, 4, 5, 0});
  CHECK(lab(tril(x, 1)) == N{1, 2, 0, 4, 5, 6});
  CHECK(lab(triu(x)) == N{1, 2, 3, 0, 5, 6});
  CHECK(lab(triu(x, -1)) == N{1, 2, 3, 4, 5, 6});
  CHECK(lab(triu(x, 1)) == N{0, 2, 3, 0, 0, 6});
}

TEST_CASE("gradients of what is taken and written", "[ops]") {
  Lab<double> lab(2);
  const Var x = lab.input({3, 4}, noise<double>(24, 1)),
            w = lab.shared({3, 4}, noise<double>(12, 2)), y = lab.input({2}, noise<double>(4, 3)),
            i = lab.input({2}, {2, 0, 1, 1}, i32);
  const Var all = concatenate(
      {x[1], at(x, range(), 2), flatten(x[i]), flatten(take(w, i, 1)), pick(x[range(0, 2)], i),
       flatten(take_along_axis(x, reshape(concatenate({i, i[range(0, 1)]}), {3, 1}), 1)),
       flatten(set_subtensor(w, y, range(1), range(1, 4, 2))),
       flatten(inc_subtensor(x, y, 0, range(0, 2))),
       flatten(scatter_add(w, i, at(x, range(1), range()))), flatten(diag(x[0])), diag(w),
       flatten(tril(x)), flatten(triu(w, 1))});
  check_gradients(lab, sum(all * (all + 0.5)));
}

TEST_CASE("the log of a probability that labels pick, one for each token", "[ops]") {
  Lab<double> lab(2);
  const Var x = lab.input({3, 4}, noise<double>(24, 1)),
            i = lab.input({3}, {2, 0, 1, 3, 3, 0}, i32);
  check_gradients(lab, -mean(log(pick(softmax(x), i))));
  const Var far = lab.shared({1, 2}, {1000, 0}), second = lab.shared({1}, {1}, i32);
  using Passes = ir::Graph (*)(const ir::Graph&);
  const Var loss = -sum(log(pick(softmax(far), second)), within);
  const auto graph = std::make_unique<ir::Graph>(Passes(passes::stabilise)(lab.recording->graph()));
  CHECK(loss.shape() == Shape{});
  CHECK(std::any_of(graph->nodes.begin(), graph->nodes.end(),
                    [](const ir::Node& node) { return node.op == Op::log_softmax; }));
}

TEST_CASE("every way to index, on the CPU", "[ops]") {
  check_covers<All>(index_ops);
  check_backends<All>();
}

}  // namespace tg::test
