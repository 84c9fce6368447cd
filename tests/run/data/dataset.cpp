// Splits made from somebody's own vectors.
// SPDX-License-Identifier: MIT
#include "typegrad/data/dataset.hpp"

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"

using tg::Shape;
using tg::data::Split;
using tg::test::contains;

namespace {
template <class Call>
std::string fault(Call call) {
  return tg::test::words_of<tg::Error>(call);
}
}  // namespace

TEST_CASE("a split gives views of what it owns") {
  const Split split({1, 2, 3, 4, 5, 6}, {0, 2, 1}, {2}, 3);
  CHECK(split.count() == 3);
  CHECK(split.images().shape() == Shape{2});
  CHECK(split.images()[2][1] == 6);
  CHECK(split.labels().shape() == Shape{});
  CHECK(split.labels()[1][0] == 2);

  const Split part = split.part(1, 2);
  CHECK(part.count() == 2);
  CHECK(part.classes() == 3);
  CHECK(part.images()[0][0] == 3);
  CHECK(part.labels()[1][0] == 1);
  CHECK(split.part(3, 0).count() == 0);
  CHECK(Split().count() == 0);
}

TEST_CASE("counts, labels and shapes that do not agree are errors") {
  CHECK(fault([] {
          Split({1, 2, 3}, {0, 1}, {2}, 2);
        }) == "data: found 3 numbers for 2 labels, expected 4, 2 for each label");
  CHECK(fault([] {
          Split({1, 2}, {0, 5}, {1}, 5, "mine.csv");
        }) == "mine.csv: found label 5 at sample 1, expected 0 to 4");
  CHECK_THAT(fault([] { Split({1, 2}, {-1, 0}, {1}, 5); }), contains("found label -1 at sample 0"));
  CHECK_THAT(fault([] { Split({}, {}, {0}, 2); }), contains("without elements"));
  CHECK_THAT(fault([] {
               Split({1}, {0}, {1, 1, 1, 1, 1, 1}, 2);
             }),
             contains("found a sample of 6 axes"));
  const Split split({1, 2, 3}, {0, 1, 0}, {1}, 2);
  for (const auto& [begin, length] : {std::pair{-1, 1}, {0, 4}, {4, 0}, {2, 2}, {0, -1}})
    CHECK_THAT(fault([&] { split.part(begin, length); }), contains("expected samples among 3"));
}
