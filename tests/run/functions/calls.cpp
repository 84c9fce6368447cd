// What functions take and return, and what they say of what does not fit.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"

using namespace tg;

namespace {

struct Products {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3}), A = s.argument("A", {2, 3}), c = s.scalar("c");
    const Var y = matmul(A, x) * c;
    return outputs(y, sum(y, within), argmax(y), mean(y), A * c, batch_sum(y));
  }
};

struct Pruned {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {}), unneeded = s.input("unneeded", {4}), y = s.input("y", {});
    [[maybe_unused]] const Var nobody = sum(unneeded, within) * x;
    return outputs(x - y);
  }
};

struct Choose {
  static constexpr auto define(Scope& s) {
    return outputs(gather(s.argument("table", {5, 2}), s.label("row")));
  }
};

struct Noise {
  static constexpr auto define(Scope& s) {
    return outputs(s.input("x", {2}) + s.uniform("u", {2}));
  }
};

struct Purposes {
  static constexpr auto define(Scope& s) {
    return outputs(s.input("x", {}) * (s.training() ? 2 : 3));
  }
};

struct Rate {
  float rate = 0.5f;
};
struct Scaled {
  static constexpr auto define(Scope& s) {
    return outputs(s.input("x", {}) * s.setting<&Rate::rate>());
  }
};

template <class F, class... Given>
std::string error_of(F& function, const Given&... given) {
  try {
    function(given...);
  } catch (const tg::Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("results: per sample, shared, numbers, integers") {
  Function<Products> affine;
  const Matrix<float> A = Matrix<float>::Random(2, 3);
  for (int samples : {1, 7, 500}) {
    const Matrix<float> x = Matrix<float>::Random(samples, 3);
    const auto [y, sums, largest, mean, scaled, total] = affine(x, A, 2.0f);
    const Matrix<float> expected = 2 * x.lazyProduct(A.transpose());
    CHECK(y.rows() == samples);
    CHECK(y.cols() == 2);
    CHECK((y - expected).cwiseAbs().maxCoeff() < 1e-5f);
    CHECK(sums.cols() == 1);
    CHECK((sums - expected.rowwise().sum()).cwiseAbs().maxCoeff() < 1e-5f);
    static_assert(std::is_same_v<std::decay_t<decltype(largest(0))>, std::int32_t>);
    for (int i = 0; i < samples; ++i) CHECK(largest(i) == (expected(i, 1) > expected(i, 0)));
    CHECK(mean == Approx(expected.mean()).margin(1e-5));
    CHECK((scaled - 2 * A).cwiseAbs().maxCoeff() == 0);
    CHECK((total.transpose() - expected.colwise().sum()).cwiseAbs().maxCoeff() < 1e-3f);
  }
}

TEST_CASE("what only pruned nodes read is no argument; numbers are samples of one") {
  Function<Pruned> f;
  CHECK(f(5, 3)(0) == 2);
  const std::vector<float> x{1, 2, 3}, y{10, 20, 30};
  const auto difference = f(x, y);
  REQUIRE(difference.size() == 3);
  CHECK(difference(2) == -27);
}

TEST_CASE("integers choose, or are refused") {
  Function<Choose> choose;
  std::vector<float> table(10);
  for (int i = 0; i < 10; ++i) table[std::size_t(i)] = float(i);
  const auto rows = choose(table, std::vector<std::int32_t>{4, 0});
  CHECK(rows(0, 1) == 9);
  CHECK(rows(1, 0) == 0);
  CHECK(choose(table, 3)(0, 0) == 6);
  const auto is_said = [&](const std::string& words, const std::string& begin) {
    return words.starts_with(begin + ", which chooses at ") &&
           words.ends_with("calls.cpp:29, expected 0 to 4");
  };
  CHECK(is_said(error_of(choose, table, 5), "function: integer 5 at 0 of argument 1"));
  CHECK(is_said(error_of(choose, table, std::vector<std::int32_t>{1, -1}),
                "function: integer -1 at 1 of argument 1"));
}

TEST_CASE("what does not fit is said, and nothing is computed") {
  Function<Products, Cpu, batch<4>> affine;
  const std::vector<float> x(6), A(6), wrong(7);
  CHECK(error_of(affine, wrong, A, 1) == "function: 7 numbers, expected a positive multiple of 3");
  CHECK(error_of(affine, x, wrong, 1) == "function: 7 numbers in argument 1, expected 6");
  CHECK(error_of(affine, x, std::vector<float>(12), 1) ==
        "function: 12 numbers in argument 1, expected 6");
  CHECK(error_of(affine, std::vector<float>(15), A, 1) ==
        "function: 5 samples, expected at most 4, its tg::batch");
  const Eigen::MatrixXf columns = Eigen::MatrixXf::Zero(2, 3);
  CHECK(error_of(affine, columns, A, 1) ==
        "function: a matrix column by column, expected samples one after the other: row-major");
  Function<Pruned> f;
  CHECK(error_of(f, std::vector<float>(2), std::vector<float>(3)) ==
        "function: 3 samples in argument 1, expected 2 as in those before");
}

TEST_CASE("random numbers are new in each call, and the same for the same seed") {
  Function<Noise> a, b;
  const std::vector<float> x{1, 2};
  const Matrix<float> first = a(x), second = a(x);
  CHECK(first != second);
  CHECK(Matrix<float>(b(x)) == first);
  Function<Noise> c;
  c.seed = 1;
  CHECK(Matrix<float>(c(x)) != first);
}

TEST_CASE("a function says what it is for, and reads settings") {
  Function<Purposes> inference;
  Function<Purposes, Cpu, tg::training> training;
  CHECK(inference(1)(0) == 3);
  CHECK(training(1)(0) == 2);
  Function<Scaled> scaled;
  CHECK(scaled(4)(0) == 2);
  scaled.set(Rate{.rate = 3});
  CHECK(scaled(4)(0) == 12);
}
