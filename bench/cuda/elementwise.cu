// Twelve element-wise operations in one kernel, on 2^26 floats: its bytes beside a copy's.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

namespace {

constexpr int count = 1 << 26;

struct Chain {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.argument("x", {count});
    tg::Var y = maximum(x * 1.5f + 0.25f, 0);        // 3
    y = minimum(abs(y - x) * 0.5f, 4);               // 7
    return square(maximum(y + x, -2)) * 0.125f - x;  // 12
  }
};
float chain(float x) {
  float y = std::max(x * 1.5f + 0.25f, 0.0f);
  y = std::min(std::abs(y - x) * 0.5f, 4.0f);
  y = std::max(y + x, -2.0f);
  return y * y * 0.125f - x;
}

}  // namespace

int main() {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  tg::bench::OnGpu<Chain> program(device, 1);
  static_assert(program.kernels == 1);
  program.fill();
  program.run();
  const float x = tg::bench::random_numbers(1, tg::hash("x"), 1)[0];
  if (!(std::abs(program.output() - chain(x)) < 1e-5)) {
    std::fprintf(stderr, "  %g of %g, expected %g: WRONG\n", double(program.output()), double(x),
                 double(chain(x)));
    return 1;
  }
  tg::bench::Table table("elementwise");
  const double time =
      tg::bench::seconds_of_calls([&] { program.run(); }, [&] { program.wait(); }, 10);
  table.row("12 element-wise operations, 2^26 floats", time,
            {2.0 * sizeof(float) * count, 0, program.kernels, 1});
  const double copy = 2.0 * sizeof(float) * count / table.limits.bandwidth;
  std::printf("| a copy of 2^26 floats | the driver | %.1f µs | %.2f | 100 %% | | |\n", 1e6 * copy,
              copy / time);
}
