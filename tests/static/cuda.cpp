// What the emulator runs, nvcc compiles for devices: the same kernels, launched.
#include "tests/run/emulator/kernels.hpp"

#if defined(__CUDACC__)
#include "typegrad/backends/cuda/device.cuh"

using tg::cuda::launch;
using tg::cuda::View;
using namespace kernels;

void launch_all(cudaStream_t stream, View<const float> x, View<float> y) {
  launch<Twice<0>>(stream, 2, x, y, 200);
  launch<Reverse<true>>(stream, 2, x, y);
  launch<BlockSum<Flaw::none>>(stream, 2, x, y);
  launch<GridSum<true>>(stream, 5, y, y);
  launch<CopyInFours<4>>(stream, 1, View<const float>(y), y);
  launch<Count<How::atomically>>(stream, 3, y);
}
#endif
