// Prints what this machine lacks to run on a GPU; status 77 then, else 0.
// SPDX-License-Identifier: MIT
#include <cstdio>

#include "typegrad/backends/cuda/missing.cuh"

int main() {
  const char* words = tg::cuda::missing();
  std::printf("%s%s\n", *words ? "skipped: " : "a GPU is there", words);
  return *words ? 77 : 0;
}
