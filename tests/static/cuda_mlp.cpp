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

// Half the squared distance to a target.
struct Distance {
  View<const float> target;
  int stride;
  __device__ float operator()(const Context&, int element, int sample, float y) const {
    return y - target[element * stride + sample];
  }
};
// A user's own kernel: the mean of the network at two points of each thread.
template <class Net>
struct Mean {
  static constexpr int threads = 128, large_shared = tg::cuda::MlpSpace<Net, 4, true>::bytes;
  template <class C>
  __device__ static void run(const C& c, typename C::template Global<const float> parameters,
                             typename C::template Global<float> means) {
    const auto network = tg::cuda::mlp<Net, 4>(c, parameters);
    float mean = 0;
    for (int i = 0; i < 2; ++i) {
      float x[Net::inputs] = {}, y[Net::outputs];
      x[0] = float(i + c.thread());
      network(c, x, y);
      mean += y[0] / 2;
    }
    means[c.block() * c.threads() + c.thread()] = mean;
  }
};

template <class Net>
void launch_network(cudaStream_t stream, View<const float> parameters, View<const float> x,
                    View<float> y, int stride) {
  launch<tg::cuda::MlpInference<Net>>(stream, 132, parameters, x, stride, To{y, stride});
  using Gradient = tg::cuda::MlpGradient<Net>;
  launch<Gradient>(stream, 132, parameters, x, stride, 100, y, y, Distance{x, stride});
  launch<tg::cuda::AddParts<Net::parameters>>(stream, 132, x, Gradient::parts(stride),
                                              epilogues::InVector<View<float>>{y});
  launch<Mean<Net>>(stream, 1, parameters, y);
}
template void launch_network<Mlp<3, 32, 2, 16, Activate<Activation::relu>>>(cudaStream_t,
                                                                            View<const float>,
                                                                            View<const float>,
                                                                            View<float>, int);
template void launch_network<Mlp<20, 16, 2, 2, Activate<Activation::gelu>, Precision::tf32>>(
    cudaStream_t, View<const float>, View<const float>, View<float>, int);
template void launch_network<Mlp<3, 16, 2, 10, Activate<Activation::tanh>, Precision::bf16>>(
    cudaStream_t, View<const float>, View<const float>, View<float>, int);
#endif
