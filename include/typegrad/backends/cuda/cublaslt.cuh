// Large products by cuBLASLt: in the order of a stream, so they are captured with all else.
// SPDX-License-Identifier: MIT
#pragma once
#include <cublasLt.h>

#include <cstdint>

#include "typegrad/backends/cuda/device.cuh"
#include "typegrad/backends/cuda/large_product.hpp"

namespace tg::cuda {

namespace lt {

inline void check(cublasStatus_t status, const char* what) {
  if (status != CUBLAS_STATUS_SUCCESS) fail(what, "%s", cublasLtGetStatusString(status));
}

constexpr cudaDataType type_of(Stored numbers) {
  switch (numbers) {
    case Stored::f64:
      return CUDA_R_64F;
    case Stored::bf16:
      return CUDA_R_16BF;
    case Stored::f16:
      return CUDA_R_16F;
    case Stored::f32:
      break;
  }
  return CUDA_R_32F;
}
// Of halves the sums are float, whatever the precision: their products are exact.
constexpr cublasComputeType_t compute_type(Stored factors, Precision precision) {
  if (factors == Stored::f64) return CUBLAS_COMPUTE_64F;
  if (factors == Stored::f32 && precision == Precision::tf32) return CUBLAS_COMPUTE_32F_FAST_TF32;
  if (factors == Stored::f32 && precision == Precision::bf16) return CUBLAS_COMPUTE_32F_FAST_16BF;
  return CUBLAS_COMPUTE_32F;
}

// Columns of a matrix in memory.
class Layout {
 public:
  Layout(Stored numbers, int rows, int columns, int pitch) {
    check(cublasLtMatrixLayoutCreate(&layout, type_of(numbers), std::uint64_t(rows),
                                     std::uint64_t(columns), pitch),
          "cuBLASLt: layout");
  }
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;
  ~Layout() { cublasLtMatrixLayoutDestroy(layout); }

  operator cublasLtMatrixLayout_t() const { return layout; }

 private:
  cublasLtMatrixLayout_t layout = nullptr;
};

// What is computed: which factors are transposed, and in which type.
class Operation {
 public:
  explicit Operation(const LargeProduct<AnyView>& product) {
    const cudaDataType scale = product.factors == Stored::f64 ? CUDA_R_64F : CUDA_R_32F;
    check(cublasLtMatmulDescCreate(&operation, compute_type(product.factors, product.precision),
                                   scale),
          "cuBLASLt: operation");
    transpose(CUBLASLT_MATMUL_DESC_TRANSA, product.shape.left.transposed);
    transpose(CUBLASLT_MATMUL_DESC_TRANSB, product.shape.right.transposed);
  }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() { cublasLtMatmulDescDestroy(operation); }

  operator cublasLtMatmulDesc_t() const { return operation; }

 private:
  void transpose(cublasLtMatmulDescAttributes_t which, bool transposed) {
    const cublasOperation_t how = transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
    check(cublasLtMatmulDescSetAttribute(operation, which, &how, sizeof how),
          "cuBLASLt: operation");
  }

  cublasLtMatmulDesc_t operation = nullptr;
};

// What an algorithm may use: so much workspace, and matrices that begin where they do.
class Preference {
 public:
  explicit Preference(std::size_t workspace) {
    check(cublasLtMatmulPreferenceCreate(&preference), "cuBLASLt: preference");
    const std::uint64_t bytes = workspace;
    set(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, bytes);
  }
  Preference(const Preference&) = delete;
  Preference& operator=(const Preference&) = delete;
  ~Preference() { cublasLtMatmulPreferenceDestroy(preference); }

  void aligned(cublasLtMatmulPreferenceAttributes_t which, const AnyView& matrix) {
    const auto address = reinterpret_cast<std::uintptr_t>(matrix.address());
    std::uint32_t bytes = 256;
    while (address % bytes != 0) bytes /= 2;
    set(which, bytes);
  }
  operator cublasLtMatmulPreference_t() const { return preference; }

 private:
  template <class Value>
  void set(cublasLtMatmulPreferenceAttributes_t which, const Value& value) {
    check(cublasLtMatmulPreferenceSetAttribute(preference, which, &value, sizeof value),
          "cuBLASLt: preference");
  }

  cublasLtMatmulPreference_t preference = nullptr;
};

}  // namespace lt

// The library and its workspace, which is allocated before anything is captured.
class CublasLt {
 public:
  CublasLt() = default;
  CublasLt(const CublasLt&) = delete;
  CublasLt& operator=(const CublasLt&) = delete;
  ~CublasLt() {
    if (handle != nullptr) cublasLtDestroy(handle);
    cudaFree(workspace);
  }

  void prepare() {
    if (handle != nullptr) return;
    check(cudaMalloc(&workspace, workspace_bytes), "cuBLASLt: workspace");
    lt::check(cublasLtCreate(&handle), "cuBLASLt");
  }

  // False where the library has no algorithm for it. Its biases are added along columns, ours lie
  // across them, and its activations lose a NaN: so what follows a product is a kernel of ours.
  bool multiply(cudaStream_t stream, const LargeProduct<AnyView>& product) {
    const auto& [rows, columns, depth, left, right, pitch] = product.shape;
    const lt::Operation operation(product);
    const lt::Layout a(product.factors, left.transposed ? depth : rows,
                       left.transposed ? rows : depth, left.pitch);
    const lt::Layout b(product.factors, right.transposed ? columns : depth,
                       right.transposed ? depth : columns, right.pitch);
    const lt::Layout result(product.results, rows, columns, pitch);
    lt::Preference preference(workspace_bytes);
    preference.aligned(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, product.left);
    preference.aligned(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, product.right);
    preference.aligned(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES,
                       product.adds ? product.added : product.result);
    preference.aligned(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, product.result);
    cublasLtMatmulHeuristicResult_t best{};
    int found = 0;
    const cublasStatus_t status = cublasLtMatmulAlgoGetHeuristic(
        handle, operation, a, b, result, result, preference, 1, &best, &found);
    if (status == CUBLAS_STATUS_NOT_SUPPORTED || found == 0) return false;
    lt::check(status, "cuBLASLt: algorithm");
    const float one = 1, zero = 0;
    const double double_one = 1, double_zero = 0;
    const bool in_double = product.factors == Stored::f64;
    const auto scale = [in_double](const double& d, const float& f) {
      return in_double ? static_cast<const void*>(&d) : &f;
    };
    const void* const alpha = scale(double_one, one);
    const void* const beta = product.adds ? alpha : scale(double_zero, zero);
    void* const to = product.result.address();
    const void* const added = product.adds ? product.added.address() : to;
    lt::check(cublasLtMatmul(handle, operation, alpha, product.left.address(), a,
                             product.right.address(), b, beta, added, result, to, result,
                             &best.algo, workspace, workspace_bytes, stream),
              "cuBLASLt: product");
    return true;
  }

 private:
  static constexpr std::size_t workspace_bytes = std::size_t(32) << 20;  // as NVIDIA advises

  cublasLtHandle_t handle = nullptr;
  void* workspace = nullptr;
};

}  // namespace tg::cuda
