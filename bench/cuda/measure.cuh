// How a benchmark on a GPU measures: what the device can do, and a row of the table for each work.
// SPDX-License-Identifier: MIT
#pragma once
#include <cublas_v2.h>

#include <string>

#include "bench/cuda/counted.hpp"
#include "bench/cuda/device.cuh"

namespace tg::bench {

enum class Rate { f32, tf32, bf16 };
inline constexpr const char* rate_names[] = {"f32", "tf32", "bf16"};

inline void check(cublasStatus_t status, const char* what) {
  if (status != CUBLAS_STATUS_SUCCESS) fail(what, "%s", cublasGetStatusString(status));
}

// Seconds of a product of two square matrices by the vendor's library.
inline double product_seconds(Rate rate, int n) {
  const std::size_t count = std::size_t(n) * std::size_t(n);
  const Array a(count), b(count), c(count);  // bf16 takes half of each
  cuda::check(cudaMemset(a.data(), 0, count * sizeof(float)), "memset");
  cuda::check(cudaMemset(b.data(), 0, count * sizeof(float)), "memset");
  cublasHandle_t handle = nullptr;
  check(cublasCreate(&handle), "cuBLAS");
  const cudaDataType type = rate == Rate::bf16 ? CUDA_R_16BF : CUDA_R_32F;
  const cublasComputeType_t compute =
      rate == Rate::tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  const float one = 1, zero = 0;
  const double time = seconds([&] {
    check(cublasGemmEx(handle, CUBLAS_OP_N, CUBLAS_OP_N, n, n, n, &one, a.data(), type, n, b.data(),
                       type, n, &zero, c.data(), type, n, compute, CUBLAS_GEMM_DEFAULT),
          "cuBLAS");
  });
  cublasDestroy(handle);
  return time;
}
inline double product_flops(int n) { return 2.0 * n * n * n; }

// What the device does, measured in this run: bytes a second of a copy, FLOP/s of large products.
struct Limits {
  double bandwidth = copy_bandwidth();
  double rate[3] = {product_flops(8192) / product_seconds(Rate::f32, 8192),
                    product_flops(8192) / product_seconds(Rate::tf32, 8192),
                    product_flops(8192) / product_seconds(Rate::bf16, 8192)};
};

// The table that run.sh prints, and the line by which the other systems' rows find their ratio:
//   | work | who | time | others' time by ours | of copy bandwidth | of products' rate | launches |
// Launches: kernels, in so many CUDA graphs.
class Table {
 public:
  explicit Table(const char* the_name) : name(the_name) {}

  void row(const std::string& work, double time, const Counted& counted,
           Rate rate = Rate::f32) const {
    const std::string launches =
        std::to_string(counted.kernels) +
        (counted.graphs > 0 ? " in " + std::to_string(counted.graphs) : std::string());
    std::printf("| %s | typegrad | %.1f µs | | %.0f %% | %.0f %% of %s | %s |\n", work.c_str(),
                1e6 * time, 100 * counted.bytes / time / limits.bandwidth,
                100 * counted.flops / time / limits.rate[int(rate)], rate_names[int(rate)],
                launches.c_str());
    std::printf("%s,%s,%.4f\n", name, work.c_str(), 1e6 * time);
  }
  const Limits limits;

 private:
  const char* name;
};

}  // namespace tg::bench
