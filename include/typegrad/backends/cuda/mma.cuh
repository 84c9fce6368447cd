// Products of small tiles on tensor cores: the instructions behind mma.hpp.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>

#include "typegrad/backends/cuda/device.cuh"
#include "typegrad/backends/cuda/mma.hpp"

namespace tg::cuda {

// Preferred to the twins of mma.hpp where the context is a device's, a phase's guest in a wave too.
template <class C>
concept OnDevice = std::derived_from<C, Context>;

template <OnDevice C>
__device__ float rounded_to_tf32(const C&, float x) {
  std::uint32_t bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
  return __uint_as_float(bits);
}
template <OnDevice C>
__device__ float bf16_pair(const C&, float low, float high) {
  std::uint32_t bits;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(high), "f"(low));
  return __uint_as_float(bits);
}
template <OnDevice C>
__device__ float f16_pair(const C&, float low, float high) {
  std::uint32_t bits;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(high), "f"(low));
  return __uint_as_float(bits);
}

template <Precision precision, OnDevice C>
__device__ void multiply_add(const C&, Sum& sum, const Left& left, const Right& right) {
  float(&d)[4] = sum.x;
  std::uint32_t a[4], b[2];
  for (int i = 0; i < 4; ++i) a[i] = __float_as_uint(left.word[i]);
  for (int i = 0; i < 2; ++i) b[i] = __float_as_uint(right.word[i]);
  if constexpr (precision == Precision::bf16)
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
        "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  else if constexpr (precision == Precision::f16)
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
        "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  else
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
        "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

}  // namespace tg::cuda
