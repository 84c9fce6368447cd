// The fused network, compiled for devices: each precision, the kernels, and a user's own.
#include "tests/run/cuda/epilogues.hpp"
#include "typegrad/backends/cuda/kernels/mlp_gradient.hpp"

using tg::cuda::Activate;
using tg::cuda::Activation;
using tg::cuda::Mlp;
using tg::cuda::Precision;
using Small = Mlp<3, 16, 2, 1, Activate<Activation::gelu>>;

static_assert(Small::weight(1) == 16 * 3 + 16);
static_assert(Small::weight(2) == Small::weight(1) + 16 * 16 + 16);
static_assert(Small::parameters == Small::weight(2) + 16 + 1);

#if defined(__CUDACC__)
#include "typegrad/backends/cuda/mma.cuh"

using tg::cuda::Context;
using tg::cuda::launch;
using tg::cuda::View;
using To = epilogues::InColumns<View<float>>;

// [kernel]
// A field of distances in space, learned by a network: rays go on until they meet its surface.
using Field = Mlp<3, 32, 2, 1, Activate<Activation::softplus>, Precision::tf32>;
constexpr int warps = 4;

__global__ void march(View<const float> parameters, View<const float> directions,
                      View<float> depths, int rays, int steps) {
  const Context c;
  const auto field = tg::cuda::mlp<Field, warps>(c, parameters);  // the weights, to shared memory
  const int ray = c.block() * c.threads() + c.thread();
  float depth = 0, point[3], distance[1];
  for (int step = 0; step < steps; ++step) {
    for (int axis = 0; axis < 3; ++axis)
      point[axis] = ray < rays ? depth * directions[ray * 3 + axis] : 0.0f;
    field(c, point, distance);  // all lanes of a warp, also those without a ray
    depth += distance[0];
  }
  if (ray < rays) depths[ray] = depth;
}

void launch_march(View<const float> parameters, View<const float> directions, View<float> depths,
                  int rays) {
  constexpr int threads = 32 * warps, bytes = tg::cuda::MlpSpace<Field, warps, true>::bytes;
  cudaFuncSetAttribute(march, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
  march<<<unsigned(rays + threads - 1) / threads, threads, bytes>>>(parameters, directions, depths,
                                                                    rays, 16);
}
// [/kernel]

// [training]
// dy of the squared distance |y - t|^2, as a mean over `count` samples.
struct SquaredError {
  View<const float> target;
  int stride, count;
  __device__ float operator()(const Context&, int element, int sample, float y) const {
    return 2 * (y - target[element * stride + sample]) / float(count);
  }
};
struct Sgd {
  View<float> parameters;
  float rate;
  __device__ void operator()(const Context&, int i, float gradient) const {
    parameters[i] -= rate * gradient;
  }
};

template <class Net>
void train(cudaStream_t stream, int blocks, View<float> parameters, View<const float> x,
           View<const float> target, int stride, int count, View<float> parts, View<float> kept) {
  using Gradient = tg::cuda::MlpGradient<Net>;
  launch<Gradient>(stream, blocks, View<const float>(parameters), x, stride, count, parts, kept,
                   SquaredError{target, stride, count});
  launch<tg::cuda::AddParts<Net::parameters>>(stream, blocks, View<const float>(parts),
                                              Gradient::parts(stride), Sgd{parameters, 1e-3f});
}
// [/training]

template <class Net>
void launch_network(cudaStream_t stream, View<float> parameters, View<const float> x, View<float> y,
                    int stride) {
  launch<tg::cuda::MlpInference<Net>>(stream, 132, View<const float>(parameters), x, stride,
                                      To{y, stride});
  train<Net>(stream, 132, parameters, x, x, stride, 100, y, y);
}
template void launch_network<Mlp<3, 16, 2, 10, Activate<Activation::relu>>>(cudaStream_t,
                                                                            View<float>,
                                                                            View<const float>,
                                                                            View<float>, int);
template void launch_network<Mlp<20, 16, 1, 2, Activate<Activation::gelu>, Precision::bf16>>(
    cudaStream_t, View<float>, View<const float>, View<float>, int);
#endif
