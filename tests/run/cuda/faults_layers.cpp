// Layers whose steps run kernels that faults are planted in.
// SPDX-License-Identifier: MIT
#include "faults_subjects.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {
namespace {

using Dense = Linear<40>;
using Image = Sequence<Conv<3, 3, padding<1>>, MaxPool<2>, AveragePool<3>>;

}  // namespace

std::vector<OnDevice<float>> layers_with_every_kernel() {
  return {kernels_of<Probe<Dense, 20>, Purpose::training>(),
          kernels_of<Probe<Image, 2, 6, 6>, Purpose::training>()};
}

}  // namespace tg::test
