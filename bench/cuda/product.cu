// A matrix of 4096 x 4096 times 4096 samples: exact, rounded for tensor cores, and of bf16, beside
// the vendor's library.
// SPDX-License-Identifier: MIT
#include "bench/cuda/gpu.cuh"

namespace {

using tg::bench::Rate;
using tg::cuda::Precision;
constexpr int n = 4096;

struct Product {
  static constexpr tg::Var define(tg::Scope& s) {
    return matmul(s.parameter("W", {n, n}, tg::Zeros{}), s.input("x", {n}));
  }
};

template <class Backend, tg::DType dtype>
bool report(const tg::bench::Table& table, tg::cuda::Device& device, const char* how, Rate rate,
            double tolerance) {
  tg::bench::OnGpu<Product, Backend, dtype> program(device, n);
  program.fill();
  program.run();
  const auto w = tg::bench::random_numbers(n, tg::hash("W"), 0.05);
  const auto x = tg::bench::random_numbers(n, tg::hash("x"), 1);
  double expected = 0;
  for (std::size_t i = 0; i < n; ++i) expected += double(w[i]) * x[i];
  const double got = program.output();
  if (!(std::abs(got - expected) < tolerance)) {
    std::fprintf(stderr, "  %s: %g, expected %g: WRONG\n", how, got, expected);
    return false;
  }
  const double time =
      tg::bench::seconds_of_calls([&] { program.run(); }, [&] { program.wait(); }, 5);
  table.row(std::string("4096 x 4096 times 4096 samples, ") + how, time, program.counted(), rate);
  const double theirs = tg::bench::product_seconds(rate, n);
  std::printf("| 4096 x 4096 times 4096 samples, %s | cuBLAS | %.1f µs | %.2f | | %.0f %% | |\n",
              how, 1e6 * theirs, theirs / time,
              100 * tg::bench::product_flops(n) / theirs / table.limits.rate[int(rate)]);
  return true;
}

}  // namespace

int main() {
  if (!tg::bench::device_is_there()) return 77;
  tg::cuda::Device device;
  const tg::bench::Table table("product");
  const bool right =
      report<tg::Cuda, tg::f32>(table, device, "f32", Rate::f32, 1e-3) &
      report<tg::CudaWith<Precision::tf32>, tg::f32>(table, device, "tf32", Rate::tf32, 2e-2) &
      report<tg::CudaWith<Precision::bf16>, tg::f32>(table, device, "rounded to bf16", Rate::bf16,
                                                     0.1) &
      report<tg::Cuda, tg::bf16>(table, device, "bf16", Rate::bf16, 0.1);
  return right ? 0 : 1;
}
