// A product of two matrices of 4096 x 4096, beside the vendor's library in each precision.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

namespace {

constexpr int n = 4096;

struct Product {
  static constexpr tg::Var define(tg::Scope& s) {
    return matmul(s.argument("a", {n, n}), s.argument("b", {n, n}));
  }
};

}  // namespace

int main() {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  tg::bench::OnGpu<Product> program(device, 1);
  program.fill();
  program.run();
  const auto a = tg::bench::random_numbers(std::size_t(n), tg::hash("a"), 1);
  const auto b = tg::bench::random_numbers(std::size_t(n) * n, tg::hash("b"), 1);
  double expected = 0;
  for (int i = 0; i < n; ++i) expected += double(a[std::size_t(i)]) * b[std::size_t(i) * n];
  if (!(std::abs(program.output() - expected) < 1e-3)) {
    std::fprintf(stderr, "  %g, expected %g: WRONG\n", double(program.output()), expected);
    return 1;
  }
  tg::bench::Table table("product");
  const double time =
      tg::bench::seconds_of_calls([&] { program.run(); }, [&] { program.wait(); }, 5);
  tg::bench::Counted counted = program.counted();
  counted.flops = tg::bench::product_flops(n);
  table.row("product of 4096 x 4096, f32", time, counted);
  for (const auto rate : {tg::bench::Rate::f32, tg::bench::Rate::tf32, tg::bench::Rate::bf16}) {
    const double theirs = tg::bench::product_seconds(rate, n);
    std::printf("| product of 4096 x 4096, %s | cuBLAS | %.1f µs | %.2f | | %.0f %% | |\n",
                tg::bench::rate_names[int(rate)], 1e6 * theirs, theirs / time,
                100 * tg::bench::product_flops(n) / theirs / table.limits.rate[int(rate)]);
  }
}
