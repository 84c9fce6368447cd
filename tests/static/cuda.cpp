// What the emulator runs, nvcc compiles for devices: the same kernels, launched.
// tests/house/planted.py finds one that is neither here nor in cuda_mlp.cpp.
#include "tests/run/cuda/epilogues.hpp"
#include "tests/run/emulator/kernels.hpp"
#include "typegrad/backends/cuda/kernels/convolution.hpp"
#include "typegrad/backends/cuda/kernels/convolution_weight_gradient.hpp"
#include "typegrad/backends/cuda/kernels/elementwise.hpp"
#include "typegrad/backends/cuda/kernels/fallback.hpp"
#include "typegrad/backends/cuda/kernels/indices.hpp"
#include "typegrad/backends/cuda/kernels/loop_end.hpp"
#include "typegrad/backends/cuda/kernels/matrix_product.hpp"
#include "typegrad/backends/cuda/kernels/moves.hpp"
#include "typegrad/backends/cuda/kernels/outer_sum.hpp"
#include "typegrad/backends/cuda/kernels/pool.hpp"
#include "typegrad/backends/cuda/kernels/product.hpp"
#include "typegrad/backends/cuda/kernels/reduce.hpp"
#include "typegrad/backends/cuda/kernels/softmax.hpp"
#include "typegrad/backends/cuda/kernels/tensor_product.hpp"
#include "typegrad/backends/cuda/kernels/training.hpp"
#include "typegrad/backends/cuda/kernels/transfer.hpp"
#include "typegrad/passes/geometry.hpp"

#if defined(__CUDACC__)
#include "typegrad/backends/cuda/mma.cuh"

using tg::cuda::Context;
using tg::cuda::launch;
using tg::cuda::View;
using namespace kernels;

void launch_all(cudaStream_t stream, View<const float> x, View<float> y) {
  launch<Twice<0>>(stream, 2, x, y, 200);
  launch<Reverse<true>>(stream, 2, x, y);
  launch<BlockSum<Flaw::none>>(stream, 2, x, y);
  launch<GridSum<true>>(stream, 5, y, y);
  launch<CopyInFours<4>>(stream, 1, View<const float>(y), y);
  launch<SumOfPairs<2>>(stream, 1, x, y);
  launch<Large<64>>(stream, 1, y);
  launch<Count<How::atomically>>(stream, 3, y);
}

void launch_library(cudaStream_t stream, View<const float> x, View<const int> order,
                    View<float> y) {
  constexpr int stride = 128, samples = 100;
  launch<tg::cuda::Load<784>>(stream, 66, x, order, samples, y, stride);
  launch<tg::cuda::Store<10>>(stream, 4, x, stride, samples, y);
  launch<tg::cuda::Product<84, 120>>(stream, 6, x, x, stride,
                                     epilogues::InLanes<View<float>>{y, stride});
  launch<tg::cuda::Product<120, 84, true>>(stream, 6, x, x, stride,
                                           epilogues::InLanes<View<float>>{y, stride});
  launch<tg::cuda::OuterSum<84, 120>>(stream, 12, x, x, stride, samples,
                                      epilogues::InMatrix<View<float>>{y, 120});
  launch<tg::cuda::BatchSum<84>>(stream, 21, x, stride, samples,
                                 epilogues::InVector<View<float>>{y});
}

template <tg::cuda::Precision precision>
void launch_on_tensor_cores(cudaStream_t stream, View<const float> x, View<const tg::bfloat16> half,
                            View<float> y) {
  constexpr int stride = 128, samples = 100;
  const epilogues::InLanes<View<float>> to{y, stride};
  launch<tg::cuda::TensorProduct<precision, 84, 120>>(stream, 4, x, x, stride, to);
  launch<tg::cuda::TensorProduct<precision, 84, 120>>(stream, 4, half, half, stride, to);
  launch<tg::cuda::TensorProduct<precision, 120, 84, true>>(stream, 4, x, x, stride, to);
  using G = tg::passes::MatrixProduct<2, 70, 40, 50, false, true>;
  launch<tg::cuda::TensorMultiply<precision, G>>(stream, 4, x, half, 1,
                                                 epilogues::InColumns<View<float>>{y, 1});
  launch<tg::cuda::TensorOuterSum<precision, 84, 120>>(stream, 4, x, x, stride, samples,
                                                       epilogues::InMatrix<View<float>>{y, 120});
}
template void launch_on_tensor_cores<tg::cuda::Precision::tf32>(cudaStream_t, View<const float>,
                                                                View<const tg::bfloat16>,
                                                                View<float>);
template void launch_on_tensor_cores<tg::cuda::Precision::f16>(cudaStream_t, View<const float>,
                                                               View<const tg::bfloat16>,
                                                               View<float>);
template void launch_on_tensor_cores<tg::cuda::Precision::bf16>(cudaStream_t, View<const float>,
                                                                View<const tg::bfloat16>,
                                                                View<float>);

void launch_steps(cudaStream_t stream, View<float> x, View<std::int32_t> labels,
                  View<std::uint32_t> order, View<std::int64_t> counters,
                  View<std::uint64_t> call) {
  using tg::cuda::TakeBatch;
  launch<tg::cuda::TakeBatch>(stream, 8, TakeBatch::Rows<View<float>>{x, x, 784},
                              TakeBatch::Rows<View<std::int32_t>>{labels, labels, 1}, order,
                              counters, 64);
  launch<tg::cuda::Judge>(stream, 1, x, x, x, 100, x, x, true, counters, call, 64,
                          tg::cuda::Verdict::ends_run);
}

void launch_pools(cudaStream_t stream, View<const float> x, View<float> y) {
  constexpr int stride = 128;
  const epilogues::InColumns<View<float>> to{y, stride};
  using G = tg::passes::Pooling<6, 28, 28, 2, 2, 2, 2, 0, 0>;
  launch<tg::cuda::MaxPool<G>>(stream, 8, x, stride, to);
  launch<tg::cuda::MaxPoolGradient<G>>(stream, 8, x, x, stride, to);
  launch<tg::cuda::AveragePool<G>>(stream, 8, x, stride, to);
  launch<tg::cuda::AveragePoolGradient<G>>(stream, 8, x, stride, to);
  launch<tg::cuda::Softmax<1, 10, 1, true>>(stream, 8, x, stride, to);
  launch<tg::cuda::Softmax<1, 10, 1, false>>(stream, 8, x, stride, to);
}

void launch_others(cudaStream_t stream, View<const float> x, View<const std::uint64_t> call,
                   View<float> y) {
  constexpr int stride = 128, samples = 100;
  const epilogues::InColumns<View<float>> to{y, stride};
  const epilogues::InVector<View<float>> sum{y};
  using G = tg::passes::MatrixProduct<2, 3, 4, 5, false, true>;
  launch<tg::cuda::Multiply<G, true, false>>(stream, 8, x, x, stride, to);
  launch<tg::cuda::MultiplySum<G>>(stream, 8, x, x, stride, samples, sum);
  launch<tg::cuda::Reduce<tg::Op::argmax, 3, 4, 5>>(stream, 8, x, stride, to);
  launch<tg::cuda::ReduceSum<6, 784>>(stream, 6, x, stride, samples, sum);
  launch<tg::cuda::Pick<10>>(stream, 2, x, x, stride, to);
  launch<tg::cuda::OneHot<10>>(stream, 5, x, stride, to);
  launch<tg::cuda::Permute<tg::passes::Axis<3, 1>, tg::passes::Axis<4, 3>>>(stream, 6, x, stride,
                                                                            to);
  launch<tg::cuda::Slice<12, 7, 2, 3, 6, -2>>(stream, 6, x, stride, to);
  launch<tg::cuda::Pad<42, 7, 2, 3, 6, -2>>(stream, 6, x, stride, to);
  launch<tg::cuda::Concatenate<18, 3, 1, false, 2, true>>(stream, 6, x, x, stride, to);
  launch<tg::cuda::Gather<2, 3, false, true>>(stream, 6, x, x, stride, to);
  launch<tg::cuda::ScatterSum<7, 3, 2>>(stream, 6, x, x, stride, samples, sum);
  launch<tg::cuda::Copy>(stream, 2, x, 1, y, stride, 3);
  launch<tg::cuda::RandomNumbers<tg::Op::normal>>(stream, 2, std::uint64_t(7), call, y, 9, stride);
  launch<tg::cuda::Fallback<float, tg::Op::max_pool_tangent>>(
      stream, 2, tg::cuda::NodeCopy{}, tg::cuda::Places<tg::cuda::AnyView, 4>{}, stride);
}

// What elementwise.hpp asks of an epilogue, which loads all numbers itself.
struct Copied {
  View<const float> x;
  View<float> y;
  int stride;

  template <int>
  TYPEGRAD_DEVICE bool has_aligned() const {
    return true;
  }
  template <int N>
  TYPEGRAD_DEVICE tg::cuda::Pack<float, N> begin(int element, int sample,
                                                 const tg::cuda::Pack<float, N>&) const {
    return tg::cuda::numbers_at<N>(x, element * stride + sample);
  }
  template <int N>
  TYPEGRAD_DEVICE void finish(const tg::cuda::Pack<float, N>& some, int element, int sample) const {
    tg::cuda::put_pack<N>(y, element * stride + sample, some);
  }
  TYPEGRAD_DEVICE void operator()(const Context&, int element, int sample, float) const {
    y[element * stride + sample] = x[element * stride + sample];
  }
};

void launch_elementwise(cudaStream_t stream, View<const float> x, View<float> y) {
  constexpr int stride = 128, samples = 100;
  launch<tg::cuda::Elementwise<float, 9>>(stream, 2, stride, Copied{x, y, stride});
  launch<tg::cuda::SharedElementwise<float, 9>>(stream, 1, 1, Copied{x, y, 1});
  launch<tg::cuda::Reread<9, 4>>(stream, 2, x, stride, epilogues::InLanes<View<float>>{y, stride});
  launch<tg::cuda::SharedReread<9>>(stream, 1, x, 1, epilogues::InColumns<View<float>>{y, 1});
  launch<tg::cuda::Clear>(stream, 2, y, 9, stride);
  launch<tg::cuda::FindTaken>(stream, 1, x, samples, y);
}

template <class G>
void launch_convolutions(cudaStream_t stream, View<const float> x, View<float> y) {
  constexpr int stride = 128, samples = 100;
  using To = epilogues::InColumns<View<float>>;
  launch<tg::cuda::Convolve<G>>(stream, 8, x, x, stride, To{y, stride});
  launch<tg::cuda::ConvolveBack<G>>(stream, 8, x, x, stride, To{y, stride});
  launch<tg::cuda::ConvolutionWeightGradient<G>>(stream, 8, x, x, stride, samples,
                                                 epilogues::InVector<View<float>>{y});
}
template void launch_convolutions<tg::passes::Convolution<1, 28, 28, 6, 5, 5, 1, 1, 2, 2>>(
    cudaStream_t, View<const float>, View<float>);
template void launch_convolutions<tg::passes::Convolution<6, 14, 14, 16, 5, 5>>(cudaStream_t,
                                                                                View<const float>,
                                                                                View<float>);
#endif
