// An example's --backend: the same program on the CPU, or on a GPU.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <type_traits>
#include <typegrad/typegrad.hpp>

#include "command_line.hpp"
#if defined(__CUDACC__)
#include <typegrad/cuda.cuh>
#else
#include <typegrad/backends/cuda/missing.hpp>
#endif

#if defined(EXAMPLE_WITH_CUDA)
// The same source's main, compiled by nvcc: CMakeLists.txt links it beside this one.
int cuda_main(int count, char** words);
#endif

namespace example {

inline constexpr const char* default_backend =
    std::is_same_v<tg::DefaultBackend, tg::Cpu> ? "cpu" : "cuda";

// Calls run(tg::Cpu{}) or run(tg::Cuda{}): g++ or clang compiles the one, nvcc the other. Throws
// Error for another name, and where there is nothing to run on a GPU: it says whether build, driver
// or device is missing.
template <class Run>
void on_backend(const std::string& name, const CommandLine& options, const Run& run) {
  if (name != "cpu" && name != "cuda")
    tg::fail("--backend", "there is no '%s', expected cpu or cuda", name.c_str());
#if defined(__CUDACC__)
  static_cast<void>(options);
  if (name == "cpu") tg::fail("--backend cpu", "nvcc alone has built this program");
  if (!tg::cuda::available()) tg::fail("--backend cuda", "%s", tg::cuda::missing());
  run(tg::Cuda{});
#else
  if (name == "cpu") return run(tg::Cpu{});
#if defined(EXAMPLE_WITH_CUDA)
  std::exit(cuda_main(options.count, options.words));
#else
  static_cast<void>(options);
  tg::fail("--backend cuda", "%s", words_for(tg::cuda::Missing::build));
#endif
#endif
}

}  // namespace example
