// Reductions over axes: against loops, between backends, against differences.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <map>

#include "table.hpp"

namespace tg::test {
namespace {

constexpr int extents[3] = {2, 3, 4};

struct Row {
  const char* name;
  Var (*build)(Var, Axes);
  Var (*kept)(Var, Axes);
  double (*expected)(const Numbers<double>&);
  bool smooth = true;
};

double total(const Numbers<double>& x) {
  double result = 0;
  for (double number : x) result += number;
  return result;
}
double average(const Numbers<double>& x) { return total(x) / double(x.size()); }
double spread(const Numbers<double>& x) {
  double result = 0;
  for (double number : x) result += (number - average(x)) * (number - average(x));
  return result / double(x.size());
}

// clang-format off
const Row rows[] = {
    {"sum", [](Var x, Axes a) { return sum(x, a); }, [](Var x, Axes a) { return sum(x, a, keep_dims); }, total},
    {"mean", [](Var x, Axes a) { return mean(x, a); }, [](Var x, Axes a) { return mean(x, a, keep_dims); }, average},
    {"max", [](Var x, Axes a) { return max(x, a); }, [](Var x, Axes a) { return max(x, a, keep_dims); },
     [](const Numbers<double>& x) { return *std::max_element(x.begin(), x.end()); }},
    {"min", [](Var x, Axes a) { return min(x, a); }, [](Var x, Axes a) { return min(x, a, keep_dims); },
     [](const Numbers<double>& x) { return *std::min_element(x.begin(), x.end()); }},
    {"prod", [](Var x, Axes a) { return prod(x, a); }, [](Var x, Axes a) { return prod(x, a, keep_dims); },
     [](const Numbers<double>& x) { double p = 1; for (double n : x) p *= n; return p; }},
    {"variance", [](Var x, Axes a) { return variance(x, a); },
     [](Var x, Axes a) { return variance(x, a, keep_dims); }, spread},
    {"standard_deviation", [](Var x, Axes a) { return standard_deviation(x, a); },
     [](Var x, Axes a) { return standard_deviation(x, a, keep_dims); },
     [](const Numbers<double>& x) { return std::sqrt(spread(x)); }},
    {"norm", [](Var x, Axes a) { return norm(x, a); }, [](Var x, Axes a) { return norm(x, a, keep_dims); },
     [](const Numbers<double>& x) { double s = 0; for (double n : x) s += n * n; return std::sqrt(s); }},
    {"logsumexp", [](Var x, Axes a) { return logsumexp(x, a); },
     [](Var x, Axes a) { return logsumexp(x, a, keep_dims); },
     [](const Numbers<double>& x) { double s = 0; for (double n : x) s += std::exp(n); return std::log(s); }},
    {"any", [](Var x, Axes a) { return cast(any(x > 0.7, a), f32); },
     [](Var x, Axes a) { return cast(any(x > 0.7, a, keep_dims), f32); },
     [](const Numbers<double>& x) { bool r = false; for (double n : x) r = r || n > 0.7; return double(r); }, false},
    {"all", [](Var x, Axes a) { return cast(all(x > -0.8, a), f32); },
     [](Var x, Axes a) { return cast(all(x > -0.8, a, keep_dims), f32); },
     [](const Numbers<double>& x) { bool r = true; for (double n : x) r = r && n > -0.8; return double(r); }, false},
};
// clang-format on

// Which elements of (2, 3, 4) are reduced to one, for each of the results in order.
std::vector<Numbers<double>> groups_of(const Numbers<double>& x, int mask) {
  std::vector<Numbers<double>> groups;
  std::map<std::vector<int>, std::size_t> place;
  for (int i = 0; i < int(x.size()); ++i) {
    const int index[3] = {i / 12, i / 4 % 3, i % 4};
    std::vector<int> kept;
    for (int axis = 0; axis < 3; ++axis)
      if ((mask >> axis & 1) == 0) kept.push_back(index[axis]);
    const auto [at, is_new] = place.try_emplace(kept, groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(x[std::size_t(i)]);
  }
  return groups;  // in row-major order, since that is how they are met
}

Axes axes_of(int mask) {
  switch (mask) {
    case 1:
      return 0;
    case 2:
      return -2;
    case 3:
      return {0, 1};
    case 4:
      return -1;
    case 5:
      return {-1, 0};
    case 6:
      return {1, 2};
    default:
      return within;
  }
}

struct All {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2, 3, 4}), w = s.argument("w", {3, 5});
    const Var a =
        concatenate({flatten(sum(x, 1)), flatten(mean(x, {0, -1})), max(x, {0, 2}),
                     flatten(min(x, 1)), flatten(prod(x, {0, 1})), variance(x, {1, 2}),
                     flatten(standard_deviation(x, 0)), norm(x, {0, 1}), flatten(logsumexp(x, -1)),
                     flatten(softmax(x, 1)), flatten(log_softmax(x)), flatten(cumsum(x, 1)),
                     flatten(cumprod(x, -1)), sum(stop_gradient(x), {0, 1})});
    const Var shared = concatenate({sum(w, 0), max(w, 1), prod(w, 1), logsumexp(w, 0),
                                    flatten(softmax(w)), flatten(cumsum(w, 0))});
    const Var number = mean(a) + sum(shared * 0.1) + mean(square(batch_mean(x)), within);
    return outputs(a, shared, number, flatten(argmax(x, 1)), argmin(x), any(x > 0.5, {0, 1}),
                   all(x > -0.9), any(x > 0.9), sum(x > 0, 2), argmax(w, 0), grad(number, x),
                   grad(number, w));
  }
};

}  // namespace

TEST_CASE("reductions over any axes are loops", "[ops]") {
  for (const Row& row : rows)
    for (int mask = 1; mask < 8; ++mask) {
      INFO(row.name << ", axes " << mask);
      Lab<double> lab(2);
      const Numbers<double> numbers = noise<double>(48, 5);
      const Var x = lab.input({2, 3, 4}, numbers);
      Numbers<double> expected;
      for (int sample = 0; sample < 2; ++sample) {
        const auto first = numbers.begin() + sample * 24;
        for (const Numbers<double>& group : groups_of({first, first + 24}, mask))
          expected.push_back(row.expected(group));
      }
      const Var y = row.build(x, axes_of(mask)), kept = row.kept(x, axes_of(mask));
      check_numbers(lab(y), expected);
      check_numbers(lab(kept), expected);
      for (int axis = 0; axis < 3; ++axis)
        CHECK(kept.shape()[axis] == ((mask >> axis & 1) != 0 ? 1 : extents[axis]));
      if (row.smooth) check_gradients(lab, sum(y * (y + 0.3)));
    }
}

TEST_CASE("everything, samples included", "[ops]") {
  Lab<double> lab(2);
  const Var x = lab.input({2}, {1, 2, 3, 0}), n = lab.input({2}, {1, 2, 3, 5}, i32);
  CHECK(lab(sum(x)) == Numbers<double>{6});
  CHECK(lab(mean(x)) == Numbers<double>{1.5});
  CHECK(lab(mean(n)) == Numbers<double>{2.75});
  CHECK(lab(batch_sum(n)) == Numbers<double>{4, 7});
  CHECK(lab(any(x > 2)) == Numbers<double>{1});
  CHECK(lab(any(x > 3)) == Numbers<double>{0});
  CHECK(lab(all(x)) == Numbers<double>{0});
  CHECK(lab(all(x + 1)) == Numbers<double>{1});
  CHECK(sum(n).dtype() == i32);
}

TEST_CASE("the places of extremes, the first of equals", "[ops]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 3}, {1, 3, 3, 5, 0, 0});
  CHECK(lab(argmax(x, 1)) == Numbers<double>{1, 0});
  CHECK(lab(argmin(x, -1)) == Numbers<double>{0, 1});
  CHECK(lab(argmax(x, 0)) == Numbers<double>{1, 0, 0});
  CHECK(lab(argmax(x)) == Numbers<double>{3});
  CHECK(lab(argmin(x)) == Numbers<double>{4});
}

TEST_CASE("running sums and products", "[ops]") {
  Lab<double> lab;
  const Var x = lab.shared({2, 5}, {1, 2, 3, 4, 5, -1, 1, -2, 2, 3});
  CHECK(lab(cumsum(x, 1)) == Numbers<double>{1, 3, 6, 10, 15, -1, 0, -2, 0, 3});
  CHECK(lab(cumsum(x, 0)) == Numbers<double>{1, 2, 3, 4, 5, 0, 3, 1, 6, 8});
  CHECK(lab(cumprod(x, -1)) == Numbers<double>{1, 2, 6, 24, 120, -1, -1, 2, 4, 12});
  const Var y = cumsum(x, 1) * cumprod(x, 1);
  check_gradients(lab, sum(y * (y + 0.1), within), 1e-6);
}

TEST_CASE("edges: factors of 0, lengths of 0, infinite logarithms", "[ops]") {
  Lab<double> lab;
  const Var x = lab.shared({3}, {0, 2, 3}), zero = lab.shared({2}, {0, 0});
  CHECK(lab(prod(x, 0)) == Numbers<double>{0});
  check_gradients(lab, prod(x, 0) + norm(zero, 0) * 0);  // 6, 0, 0
  const Var none = log(zero);
  CHECK(lab(logsumexp(none, 0)) == Numbers<double>{-INFINITY});
  CHECK(lab(logsumexp(x * 1000, 0)) == Numbers<double>{3000});
  CHECK(lab(variance(x, 0, 1))[0] == Approx(7.0 / 3));
}

TEST_CASE("every reduction, on the CPU", "[ops]") {
  check_covers<All>(reduction_ops);
  check_backends<All>(2000);
}

}  // namespace tg::test
