// The CPU's heavy kernels: GFLOP/s, and the share of the core's peak measured in the same run.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <memory>
#include <new>

#include "bench/run/measure.hpp"
#include "typegrad/backends/cpu/kernels/convolution.hpp"
#include "typegrad/backends/cpu/kernels/convolution_input_gradient.hpp"
#include "typegrad/backends/cpu/kernels/convolution_weight_gradient.hpp"
#include "typegrad/backends/cpu/kernels/latency_convolution.hpp"
#include "typegrad/backends/cpu/kernels/latency_product.hpp"
#include "typegrad/backends/cpu/kernels/matrix_product_sum.hpp"
#include "typegrad/backends/cpu/kernels/outer_sum.hpp"
#include "typegrad/backends/cpu/kernels/product.hpp"

namespace {
using namespace tg::cpu;
using tg::passes::Convolution;
using tg::passes::MatrixProduct;

struct Buffer {
  explicit Buffer(int size)
      : data(static_cast<float*>(::operator new(sizeof(float) * std::size_t(size), alignment))) {
    for (int i = 0; i < size; ++i) data.get()[i] = float(i % 1013 - 500) / 500;
  }
  float* get() const { return data.get(); }
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(float* p) const { ::operator delete(p, alignment); }
  };
  std::unique_ptr<float, Free> data;
};

// A bias and Relu behind each sum, as in a network.
template <int V, int Columns>
struct Relu {
  float* y;
  const float* bias;
  TYPEGRAD_INLINE void operator()(int row, int column, int vector, Vector<float> sum) const {
    sum += splat(bias[row]);
    store(y + ((row * Columns + column) * V + vector) * width<float>,
          sum > 0.f ? sum : Vector<float>{});
  }
  TYPEGRAD_INLINE void flat(int row, int element, Vector<float> sum, int count) const {
    sum += Columns > 1 ? splat(bias[row]) : load_first(bias + row, count);
    store_first(y + element, sum > 0.f ? sum : Vector<float>{}, count);
  }
};

using tg::bench::measure;

// Multiply-adds that meet the input: those in the padding are not counted.
template <class G>
constexpr double convolution_flops() {
  const auto met = [](int size, int output, int kernel, int stride, int padding, int dilation) {
    double count = 0;
    for (int i = 0; i < output; ++i)
      for (int u = 0; u < kernel; ++u) {
        const int at = i * stride - padding + u * dilation;
        count += at >= 0 && at < size;
      }
    return count;
  };
  return 2.0 * G::outputs * G::group_channels *
         met(G::height, G::output_height, G::kernel_height, G::stride_height, G::padding_height,
             G::dilation_height) *
         met(G::width, G::output_width, G::kernel_width, G::stride_width, G::padding_width,
             G::dilation_width);
}

template <int V, int Inputs, int Outputs, WeightOrder Order>
void run_product(benchmark::State& state) {
  constexpr int lanes = V * width<float>;
  Buffer w(Outputs * Inputs), x(Inputs * lanes), y(Outputs * lanes), bias(Outputs);
  measure(state, 2.0 * Outputs * Inputs * lanes, [&] {
    product<float, V, Outputs, Inputs, Order>(w.get(), x.get(), V, Relu<V, 1>{y.get(), bias.get()});
  });
}

template <int V, int Inputs, int Outputs>
void run_outer_sum(benchmark::State& state) {
  constexpr int lanes = V * width<float>;
  const int count = int(state.range(0)), tiles = (count + lanes - 1) / lanes;
  Buffer gw(Outputs * Inputs), dy(tiles * Outputs * lanes), x(count * Inputs);
  measure(state, 2.0 * Outputs * Inputs * count, [&] {
    outer_sum<float, V, Outputs, Inputs>(gw.get(), dy.get(), Outputs * lanes, x.get(), Inputs,
                                         count, 0, Outputs, false);
  });
}

// Stores each sum, as attention's scores are.
template <int Columns>
struct Keep {
  float* y;
  TYPEGRAD_INLINE void operator()(int row, int column, int, Vector<float> sum) const {
    store(y + (row * Columns + column) * width<float>, sum);
  }
};
template <class G>
constexpr double product_flops = 2.0 * G::batches* G::rows* G::columns* G::depth* width<float>;

template <class G, PerSample Which>
void run_matrix_product(benchmark::State& state) {
  Buffer a(G::batches * G::rows * G::depth * width<float>),
      b(G::batches * G::depth * G::columns * width<float>),
      y(G::batches * G::rows * G::columns * width<float>);
  measure(state, product_flops<G>,
          [&] { matrix_product<float, 1, G, Which>(a.get(), b.get(), Keep<G::columns>{y.get()}); });
}
template <class G>
void run_matrix_product_sum(benchmark::State& state) {
  Buffer a(G::batches * G::rows * G::depth * width<float>),
      b(G::batches * G::depth * G::columns * width<float>), gw(G::batches * G::rows * G::columns);
  measure(state, product_flops<G>, [&] {
    matrix_product_sum<float, 1, G>(a.get(), b.get(), width<float>, gw.get(), false);
  });
}

template <int V, class G>
struct Planes {
  static constexpr int lanes = V * width<float>, positions = G::output_height * G::output_width;
  Buffer x{G::channels * G::height * G::width * lanes},
      w{G::outputs * G::group_channels * G::kernel_size}, y{G::outputs * positions * lanes},
      bias{std::max(G::outputs, G::channels)};
};
template <int V, class G>
void run_convolution(benchmark::State& state) {
  Planes<V, G> p;
  measure(state, convolution_flops<G>() * p.lanes, [&] {
    convolution<float, V, G>(p.x.get(), p.w.get(), Relu<V, p.positions>{p.y.get(), p.bias.get()});
  });
}
template <int V, class G>
void run_input_gradient(benchmark::State& state) {
  Planes<V, G> p;
  measure(state, convolution_flops<G>() * p.lanes, [&] {
    convolution_input_gradient<float, V, G>(p.y.get(), p.w.get(),
                                            Relu<V, G::height * G::width>{p.x.get(), p.bias.get()});
  });
}
template <int V, class G>
void run_weight_gradient(benchmark::State& state) {
  Planes<V, G> p;
  measure(state, convolution_flops<G>() * p.lanes, [&] {
    convolution_weight_gradient<float, V, G>(p.x.get(), p.y.get(), p.lanes, p.w.get(), true);
  });
}

template <int Inputs, int Outputs, WeightOrder Order>
void run_latency_product(benchmark::State& state) {
  Buffer w(Outputs * Inputs), x(Inputs), y(Outputs), bias(Outputs);
  measure(state, 2.0 * Outputs * Inputs, [&] {
    latency_product<float, Outputs, Inputs, Order>(w.get(), x.get(),
                                                   Relu<1, 1>{y.get(), bias.get()});
  });
}
template <class G>
void run_latency_convolution(benchmark::State& state) {
  Planes<1, G> p;
  measure(state, convolution_flops<G>(), [&] {
    latency_convolution<float, G>(p.x.get(), p.w.get(),
                                  Relu<1, p.positions>{p.y.get(), p.bias.get()});
  });
}

constexpr WeightOrder rows = WeightOrder::rows, transposed = WeightOrder::transposed;
// Of 64 tokens, 128 wide, with 4 heads: projections, scores, weighted sums, a gradient of weights.
using Project = MatrixProduct<1, 64, 128, 128, false, true>;
using ProjectBack = MatrixProduct<1, 64, 128, 512, false, false>;
using Scores = MatrixProduct<4, 64, 64, 32, false, true>;
using Weigh = MatrixProduct<4, 64, 32, 64, false, false>;
using Learn = MatrixProduct<1, 128, 512, 64, true, false>;
using LeNet1 = Convolution<1, 28, 28, 6, 5, 5, 1, 1, 2, 2>;
using LeNet2 = Convolution<6, 14, 14, 16, 5, 5>;
using Residual = Convolution<16, 32, 32, 16, 3, 3, 1, 1, 1, 1>;

// One measurement: see measure.hpp.
void settings(benchmark::internal::Benchmark* b) { b->Iterations(1); }

BENCHMARK(run_product<3, 784, 512, rows>)->Apply(settings);
BENCHMARK(run_product<3, 512, 512, rows>)->Apply(settings);
BENCHMARK(run_product<3, 512, 512, transposed>)->Apply(settings);
BENCHMARK(run_product<3, 64, 64, rows>)->Apply(settings);
BENCHMARK(run_product<2, 784, 512, rows>)->Apply(settings);
BENCHMARK(run_product<2, 512, 512, rows>)->Apply(settings);
BENCHMARK(run_product<2, 512, 512, transposed>)->Apply(settings);
BENCHMARK(run_product<2, 400, 120, rows>)->Apply(settings);
BENCHMARK(run_product<2, 120, 400, transposed>)->Apply(settings);
BENCHMARK(run_product<1, 400, 120, rows>)->Apply(settings);
BENCHMARK(run_product<1, 120, 400, transposed>)->Apply(settings);
BENCHMARK(run_product<1, 120, 84, rows>)->Apply(settings);
BENCHMARK(run_product<1, 84, 120, transposed>)->Apply(settings);
BENCHMARK(run_outer_sum<1, 400, 120>)->Arg(64)->Arg(128)->Apply(settings);
BENCHMARK(run_outer_sum<1, 120, 84>)->Arg(64)->Apply(settings);
BENCHMARK(run_outer_sum<3, 784, 512>)->Arg(64)->Arg(128)->Apply(settings);
BENCHMARK(run_outer_sum<3, 512, 512>)->Arg(64)->Arg(128)->Apply(settings);
BENCHMARK(run_matrix_product<Project, PerSample::left>)->Apply(settings);
BENCHMARK(run_matrix_product<ProjectBack, PerSample::left>)->Apply(settings);
BENCHMARK(run_matrix_product<Scores, PerSample::both>)->Apply(settings);
BENCHMARK(run_matrix_product<Weigh, PerSample::both>)->Apply(settings);
BENCHMARK(run_matrix_product_sum<Learn>)->Apply(settings);
BENCHMARK(run_convolution<1, LeNet1>)->Apply(settings);
BENCHMARK(run_convolution<1, LeNet2>)->Apply(settings);
BENCHMARK(run_convolution<2, LeNet1>)->Apply(settings);
BENCHMARK(run_convolution<2, LeNet2>)->Apply(settings);
BENCHMARK(run_convolution<1, Residual>)->Apply(settings);
BENCHMARK(run_input_gradient<1, LeNet2>)->Apply(settings);
BENCHMARK(run_input_gradient<2, LeNet2>)->Apply(settings);
BENCHMARK(run_input_gradient<1, Residual>)->Apply(settings);
BENCHMARK(run_weight_gradient<1, LeNet1>)->Apply(settings);
BENCHMARK(run_weight_gradient<1, LeNet2>)->Apply(settings);
BENCHMARK(run_weight_gradient<2, LeNet1>)->Apply(settings);
BENCHMARK(run_weight_gradient<2, LeNet2>)->Apply(settings);
BENCHMARK(run_weight_gradient<1, Residual>)->Apply(settings);
BENCHMARK(run_latency_product<400, 120, rows>)->Apply(settings);
BENCHMARK(run_latency_product<120, 84, rows>)->Apply(settings);
BENCHMARK(run_latency_convolution<LeNet1>)->Apply(settings);
BENCHMARK(run_latency_convolution<LeNet2>)->Apply(settings);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("peak GFLOP/s", std::to_string(tg::bench::peak() / 1e9));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
