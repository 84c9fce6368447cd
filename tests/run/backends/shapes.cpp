// Flatten and Reshape on the CPU backend: between layers, where they cost nothing, and alone.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/shapes.hpp"

#include "subject.hpp"

namespace tg::test {

TEST_CASE("Flatten", "[backends]") { check_layer<Flatten, 2, 3, 4>(); }

TEST_CASE("Reshape", "[backends]") {
  check_layer<Reshape<4, 6>, 2, 3, 4>();
  check_layer<Reshape<-1, 3>, 12>();
}

}  // namespace tg::test
