// LeNet: a training step with Adam at 64 samples, inference of 64 and of 1.
// lenet --epochs n trains for n epochs of 100 steps and nothing else, for a profiler.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

using Net = tg::models::LeNet<>;
using Inference = tg::bench::OnGpu<tg::runtime::Inference<Net>>;

int main(int count, char** words) {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  if (count == 3 && words[1] == std::string_view("--epochs")) {
    tg::bench::Fit<Net, tg::CrossEntropy, tg::Adam, 64>().run(std::atoi(words[2]));
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
