// LeNet: a training step with Adam at 64 samples, inference of 64 and of 1.
// lenet --steps n makes n training steps and nothing else, for a profiler.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

using Net = tg::models::LeNet<>;
using Training = tg::bench::TrainingOnGpu<Net, tg::CrossEntropy, tg::Adam>;
using Inference = tg::bench::OnGpu<tg::runtime::Inference<Net>>;

int main(int count, char** words) {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  Training training(device, 64);
  if (count == 3 && words[1] == std::string_view("--steps")) {
    for (int i = std::atoi(words[2]); i > 0; --i) training.run();
    device.wait();
    return 0;
  }
  if (!training.learns()) return 1;
  tg::bench::Table table("lenet");
  table.row("LeNet training step, 64 samples, Adam", training.seconds(), training.counted());
  for (int samples : {64, 1}) {
    Inference inference(device, samples);
    inference.fill();
    table.row(
        "LeNet inference, " + std::to_string(samples) + (samples == 1 ? " sample" : " samples"),
        inference.seconds(), inference.counted());
  }
}
