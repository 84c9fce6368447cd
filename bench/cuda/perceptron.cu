// A multilayer perceptron, 784-512-512-10, by the path that all networks take: a training step.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

struct Perceptron : tg::Sequence<tg::Input<784>, tg::Linear<512>, tg::Relu, tg::Linear<512>,
                                 tg::Relu, tg::Linear<10>> {};

int main() {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  tg::bench::TrainingOnGpu<Perceptron, tg::CrossEntropy, tg::Adam> training(device, 128);
  if (!training.learns()) return 1;
  tg::bench::Table table("perceptron");
  table.row("MLP 784-512-512-10 training step, 128 samples, Adam", training.seconds(),
            training.counted());
}
