// Loops end early on the CPU: steps behind the end are not run, and every result has the same bits
// as if they were.
// SPDX-License-Identifier: MIT
#include "ending.hpp"

namespace tg::test {
namespace {

using namespace ending;

}  // namespace

TEST_CASE("until: the loop ends with the last of the tile's samples") {
  check_ends<Until<Growing>, 2>();
  check_ends<Until<Growing, backwards>, 2>();
}
TEST_CASE("a number of steps: the largest of the tile's samples") {
  check_ends<Counted<Counting>, 2>();
  check_ends<Counted<Counting, backwards>, 2>();
  check_ends<Counted<Growing>, 2>();
}
TEST_CASE("states of several steps, and gradients that are cut") {
  check_ends<Tapped, 2>();
  check_ends<Counted<Counting, truncate_gradient<5>>, 2>();
}
TEST_CASE("whole stretches between checkpoints") {
  check_ends<Counted<Counting, checkpoint<3>>, 2>();
}
TEST_CASE("the four loops of a gradient's gradient") { check_ends<Again, 4>(); }

}  // namespace tg::test
