// Who makes large products on a GPU: cuBLASLt, or our own kernels where a build has none.
// SPDX-License-Identifier: MIT
#pragma once
#if defined(TYPEGRAD_CUBLASLT)
#include "typegrad/backends/cuda/cublaslt.cuh"
#else
#include "typegrad/backends/cuda/device.cuh"
#include "typegrad/backends/cuda/large_product.hpp"
#endif

namespace tg::cuda {

#if defined(TYPEGRAD_CUBLASLT)
using Products = CublasLt;
#else
struct Products {
  void prepare() {}
  bool multiply(cudaStream_t, const LargeProduct<AnyView>&) { return false; }
};
#endif

}  // namespace tg::cuda
