// LeNet: a training step with Adam at 64 samples, inference of 64 and of 1.
// lenet --steps n makes n training steps and nothing else, for a profiler.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

using Net = tg::models::LeNet<>;
using Inference = tg::bench::OnGpu<tg::runtime::Inference<Net>>;

int main(int count, char** words) {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  if (count == 3 && words[1] == std::string_view("--steps")) {
    tg::bench::TrainingOnGpu<Net, tg::CrossEntropy, tg::Adam> training(device, 64);
    for (int i = std::atoi(words[2]); i > 0; --i) training.run();
    device.wait();
    return 0;
  }
  const tg::bench::Table table("lenet");
  if (!tg::bench::report_training<Net, tg::CrossEntropy, tg::Adam, 64>(
          table, device, "LeNet training step, 64 samples, Adam"))
    return 1;
  for (int samples : {64, 1}) {
    Inference inference(device, samples);
    inference.fill();
    table.row(
        "LeNet inference, " + std::to_string(samples) + (samples == 1 ? " sample" : " samples"),
        inference.seconds(), inference.counted());
  }
}
