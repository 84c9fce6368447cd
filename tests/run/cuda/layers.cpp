// Layers and their gradients on the emulated GPU.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/all.hpp"

namespace tg::test {

TEST_CASE("linear") {
  check_on_device(kernels_of<Probe<Linear<5>, 7>, Purpose::training>());
}

}  // namespace tg::test
