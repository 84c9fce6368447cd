// A fused network of a width that no warp shares evenly.
// expected-error {{a fused network is 16, 32, 64 or 128 wide}}
#include "typegrad/backends/cuda/kernels/mlp.hpp"

using tg::cuda::Activate;
using tg::cuda::Activation;
#ifdef FIXED
constexpr int width = 64;
#else
constexpr int width = 48;
#endif
using Net = tg::cuda::Mlp<3, width, 2, 1, Activate<Activation::relu>>;

static_assert(Net::parameters == width * 4 + width * (width + 1) + width + 1);
