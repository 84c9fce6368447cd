// An LSTM over 64 steps of 64 features, 128 wide, and a class of its last state: a training step.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

struct Reader : tg::Sequence<tg::Input<64, 64>, tg::Lstm<128, tg::last_state>, tg::Linear<10>> {};

int main() {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  const tg::bench::Table table("lstm");
  const bool learns = tg::bench::report_training<Reader, tg::CrossEntropy, tg::Adam, 32>(
      table, device, "LSTM 64 to 128, 64 steps, training step, 32 samples, Adam");
  return learns ? 0 : 1;
}
