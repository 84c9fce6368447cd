// What a program lacks that is to run on a GPU: build, driver or device, in words.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

namespace tg::cuda {

// The first thing that is missing.
enum class Missing : std::uint8_t {
  nothing,
  build,           // no nvcc has compiled the program
  driver,          // none is installed
  newer_driver,    // it is older than the program's CUDA
  device,          // the driver sees none
  code_for_device  // the program was compiled for others
};

// What it is, and what to do about it.
constexpr const char* words_for(Missing missing) {
  switch (missing) {
    case Missing::build:
      return "this program was built without CUDA: install the CUDA Toolkit (nvcc) and configure "
             "with -DTYPEGRAD_CUDA=ON";
    case Missing::driver:
      return "no NVIDIA driver: install the one for your GPU; it works when nvidia-smi lists the "
             "GPU";
    case Missing::newer_driver:
      return "the NVIDIA driver is older than this program's CUDA Toolkit: install a newer driver, "
             "or build with an older Toolkit";
    case Missing::device:
      return "no GPU: the NVIDIA driver sees none; nvidia-smi lists those there are, "
             "CUDA_VISIBLE_DEVICES may hide them";
    case Missing::code_for_device:
      return "this program was built for other GPUs: build it on this machine with "
             "-DCMAKE_CUDA_ARCHITECTURES=native, or nvcc -arch=native";
    case Missing::nothing:
      break;
  }
  return "";
}

}  // namespace tg::cuda
