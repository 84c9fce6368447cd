// An LSTM over 64 steps of 64 features, 128 wide, and a class of its last state: a training step.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

struct Reader : tg::Sequence<tg::Input<64, 64>, tg::Lstm<128, tg::last_state>, tg::Linear<10>> {};

int main() {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  tg::bench::TrainingOnGpu<Reader, tg::CrossEntropy, tg::Adam> training(device, 32);
  if (!training.learns()) return 1;
  tg::bench::Table table("lstm");
  table.row("LSTM 64 to 128, 64 steps, training step, 32 samples, Adam", training.seconds(),
            training.counted());
}
