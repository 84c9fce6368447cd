// A multilayer perceptron, 784-512-512-10, by the path that all networks take: a training step.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

struct Perceptron : tg::Sequence<tg::Input<784>, tg::Linear<512>, tg::Relu, tg::Linear<512>,
                                 tg::Relu, tg::Linear<10>> {};

int main() {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  const tg::bench::Table table("perceptron");
  const bool learns = tg::bench::report_training<Perceptron, tg::CrossEntropy, tg::Adam, 128>(
      table, device, "MLP 784-512-512-10 training step, 128 samples, Adam");
  return learns ? 0 : 1;
}
