// Loops on the emulated GPU: the host repeats a body's steps.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "tests/run/scan/steps.hpp"

namespace tg::test {

TEST_CASE("a recurrence and its gradients") {
  check_on_device(kernels_of<Probe<Recurrent<true>, 5, 2>, Purpose::training>(), {65, 3});
  check_on_device(kernels_of<Probe<Recurrent<true, backwards>, 4, 2>, Purpose::training>(), {7});
}
TEST_CASE("its last state") {
  check_on_device(kernels_of<Probe<Recurrent<false>, 5, 2>, Purpose::training>(), {65, 3});
  check_on_device(kernels_of<Answer<Recurrent<false>, 6, 2>>(), {7});
}

}  // namespace tg::test
