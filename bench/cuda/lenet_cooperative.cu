// LeNet as cooperative kernels, a training step as one: what lenet.cu measures, beside it. A file
// of its own, for the compiler's memory.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

using Net = tg::models::LeNet<>;
using tg::CudaCooperative;
using Inference = tg::bench::OnGpu<tg::runtime::Inference<Net>, CudaCooperative>;

int main() {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  const tg::bench::Table table("lenet_cooperative");
  if (!tg::bench::report_training<Net, tg::CrossEntropy, tg::Adam, 64, CudaCooperative>(
          table, device, "LeNet training step, 64 samples, Adam, a cooperative kernel"))
    return 1;
  for (int samples : {64, 1}) {
    Inference inference(device, samples);
    inference.fill();
    table.row("LeNet inference, " + std::to_string(samples) +
                  (samples == 1 ? " sample" : " samples") + ", a cooperative kernel",
              inference.seconds(), inference.counted());
  }
}
