// The only macros of the library: versions, compilers, and what the target machine's vectors are.
// SPDX-License-Identifier: MIT
#pragma once

#define TYPEGRAD_VERSION_MAJOR 0
#define TYPEGRAD_VERSION_MINOR 1
#define TYPEGRAD_VERSION_PATCH 0

#if __cplusplus < 202002L
#error "typegrad needs C++20: compile with -std=c++20"
#endif

// Most nodes that one graph may have, at most 32767: ids are 16 bits. A graph is a value, so its
// capacity is a constant; what is not used costs nothing.
#ifndef TYPEGRAD_MAX_NODES
#if defined(__CUDACC__)  // nvcc's front end pays for what is not used
#define TYPEGRAD_MAX_NODES 4096
#else
#define TYPEGRAD_MAX_NODES 16384
#endif
#endif

// The mode of functions and models that name none: tg::fast_run, tg::fast_compile or
// tg::no_optimisation. The same in all files of a program: CMake's option of this name says it
// once.
#ifndef TYPEGRAD_DEFAULT_MODE
#define TYPEGRAD_DEFAULT_MODE tg::fast_run
#endif

// The backend of functions and models that name none: tg::Cpu or tg::Cuda, whose header comes
// before its first use. The same in all files of a program: CMake's option of this name says it
// once.
#ifndef TYPEGRAD_DEFAULT_BACKEND
#define TYPEGRAD_DEFAULT_BACKEND tg::Cpu
#endif

// Whether the graph that a pass of tg::fast_run makes is verified while a program compiles: 0 where
// another compiler verifies the same graphs.
#ifndef TYPEGRAD_VERIFY_PASSES
#define TYPEGRAD_VERIFY_PASSES 1
#endif

// TYPEGRAD_CUBLASLT, if it is defined: <typegrad/cuda.cuh> makes large products by cuBLASLt, which
// the program links. CMake's target typegrad::cuda does both where cuBLASLt is found.

// Inner functions of a kernel: they disappear into the loop that calls them.
#define TYPEGRAD_INLINE inline __attribute__((always_inline))
#define TYPEGRAD_INLINE_LAMBDA __attribute__((always_inline))
// Kernels themselves: one symbol each, never copied into the table that calls them.
#define TYPEGRAD_KERNEL __attribute__((noinline))
// One for several callers: GCC would make a copy of it for each one's constants.
#if defined(__GNUC__) && !defined(__clang__)
#define TYPEGRAD_SHARED_KERNEL __attribute__((noinline, noclone))
#else
#define TYPEGRAD_SHARED_KERNEL TYPEGRAD_KERNEL
#endif

// Bodies of GPU kernels: nvcc compiles them for the device, others for the emulator.
#if defined(__CUDACC__)
#define TYPEGRAD_DEVICE __device__
// Of what hands a kernel's arguments on: if it were called, each thread would copy them all first.
#define TYPEGRAD_DEVICE_INLINE __device__ __forceinline__
// Of a loop over an array that is to stay in registers.
#define TYPEGRAD_DEVICE_UNROLL _Pragma("unroll")
#else
#define TYPEGRAD_DEVICE
#define TYPEGRAD_DEVICE_INLINE
#define TYPEGRAD_DEVICE_UNROLL
#endif

#define TYPEGRAD_PRAGMA(text) _Pragma(#text)
#if defined(__CUDACC__)
#pragma nv_diag_suppress 1675  // nvcc does not know the host compiler's pragmas; it hands them on
#endif
#if defined(__clang__)
#define TYPEGRAD_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define TYPEGRAD_UNROLL TYPEGRAD_PRAGMA(GCC unroll 64)
#endif

// Bytes of one vector register, and a name for code that depends on it: two translation units
// compiled for different machines must not share an inline function.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define TYPEGRAD_VECTOR_BYTES 64
#define TYPEGRAD_ARCHITECTURE avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define TYPEGRAD_VECTOR_BYTES 32
#define TYPEGRAD_ARCHITECTURE avx2
#elif defined(__AVX__)
#define TYPEGRAD_VECTOR_BYTES 32
#define TYPEGRAD_ARCHITECTURE avx
#else
#define TYPEGRAD_VECTOR_BYTES 16
#define TYPEGRAD_ARCHITECTURE baseline
#endif
