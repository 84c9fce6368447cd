// The numbers of the Theano tutorial, by functions that share W and b.
// SPDX-License-Identifier: MIT
#include "tutorial.hpp"

#include "tests/catch.hpp"

using namespace tg;
using namespace tg::test;

namespace {

template <class Range>
void check_numbers(const Range& got, std::initializer_list<double> expected) {
  REQUIRE(std::size_t(got.size()) == expected.size());
  const double* wanted = expected.begin();
  for (Eigen::Index i = 0; i < got.size(); ++i)
    CHECK(got.data()[i] == Approx(wanted[i]).epsilon(0).margin(1e-12));
}

}  // namespace

TEST_CASE("the tutorial's predictions, cost and error") {
  Store store;
  fill(store);
  InDouble<Predict> predict{store};
  const auto out = predict(x);
  CHECK(out.rows() == 1);
  check_numbers(out, {0.9421594011615942, 0.737223945569893, 0.6760697730152735});

  InDouble<Monitor> monitor{store};
  const auto [both, cost] = monitor(x, y);
  check_numbers(both, {0.9421594011615942, 0.737223945569893, 0.6760697730152735});
  CHECK(cost == Approx(0.6137821438190066).epsilon(0).margin(1e-12));

  InDouble<tg::test::Error> error{store};
  const double given = error(y, std::vector<double>{0.942, 0.737, 0.676});
  CHECK(given == Approx(0.613355628529845).epsilon(0).margin(1e-12));
}

TEST_CASE("one step of the tutorial's training, seen by all functions") {
  Store store;
  fill(store);
  InDouble<Train> train{store};
  InDouble<Monitor> monitor{store};
  const double before = train(x, y);
  CHECK(before == Approx(0.6137821438190066).epsilon(0).margin(1e-12));
  check_numbers(store.get<"b">(), {0.9963999851607461, 0.9768409718111113, 0.9831841229289822});
  check_numbers(store.get<"W">(), {0.4956188764218505, -0.14531025585213533, 0.6425724379432741,
                                   1.5211407254671554, -0.24630622371580763, -0.2429611965957342,
                                   1.577657807030538, 0.757431302290126, -0.47673792026987644,
                                   0.5415116143596286, -0.47016227667973454, -0.47062702699132536});
  CHECK(std::get<1>(monitor(x, y)) < before);
}
