// Pools and softmax on the emulated GPU against plain loops.
#include <limits>
#include <typegrad/backends/cuda/kernels/pool.hpp>
#include <typegrad/backends/cuda/kernels/softmax.hpp>
#include <typegrad/backends/emulator/device.hpp>
#include <typegrad/passes/geometry.hpp>

#include "epilogues.hpp"
#include "samples.hpp"
#include "tests/catch.hpp"

using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;
using tg::passes::Pooling;

namespace {

using To = epilogues::InColumns<View<float>>;

// Kernel's results for what is given, samples one after the other.
template <class Kernel, class... Given>
Numbers results(int elements, int samples, int blocks, Given&... given) {
  const int stride = stride_of(samples);
  Buffer<float> y(std::size_t(elements * stride), "y");
  launch<Kernel>(blocks, View<const float>(given.view())..., stride, To{y.view(), stride});
  Numbers rows;
  for (int s = 0; s < samples; ++s)
    for (int e = 0; e < elements; ++e) rows.push_back(y.host()[std::size_t(e * stride + s)]);
  return rows;
}
bool all_near(const Numbers& a, const std::vector<double>& b) {
  bool right = a.size() == b.size();
  for (std::size_t i = 0; right && i < a.size(); ++i) right = near(a[i], b[i]);
  return right;
}

template <class G>
void pools(int samples, int blocks) {
  INFO(G::channels << " x " << G::height << " x " << G::width << ", " << samples << " samples");
  constexpr int inputs = G::channels * G::height * G::width;
  constexpr int outputs = G::channels * G::out_height * G::out_width;
  Numbers x = random_numbers(samples * inputs, 6);
  for (float& number : x) number = std::round(4 * number);  // equal ones: the first is taken
  const Numbers dy = random_numbers(samples * outputs, 7);
  std::vector<double> largest(dy.size()), mean(dy.size()), to_largest(x.size()), to_all(x.size());
  for (int s = 0; s < samples; ++s)
    for (int o = 0; o < outputs; ++o) {
      const int plane = o / (G::out_height * G::out_width);
      const int top = o / G::out_width % G::out_height * G::stride_height - G::pad_height;
      const int left = o % G::out_width * G::stride_width - G::pad_width;
      const auto y = std::size_t(s * outputs + o);
      int best = -1;
      for (int i = 0; i < G::kernel_height * G::kernel_width; ++i) {
        const int row = top + i / G::kernel_width, column = left + i % G::kernel_width;
        if (row < 0 || row >= G::height || column < 0 || column >= G::width) continue;
        const int at = s * inputs + (plane * G::height + row) * G::width + column;
        if (best < 0 || x[std::size_t(at)] > x[std::size_t(best)]) best = at;
        mean[y] += x[std::size_t(at)] / double(G::kernel_height * G::kernel_width);
        to_all[std::size_t(at)] += dy[y] / double(G::kernel_height * G::kernel_width);
      }
      largest[y] = x[std::size_t(best)];
      to_largest[std::size_t(best)] += dy[y];
    }
  Buffer<float> given(in_lanes(x, inputs, samples), "x"),
      adjoint(in_lanes(dy, outputs, samples), "dy");
  using namespace tg::cuda;
  CHECK(all_near(results<MaxPool<G>>(outputs, samples, blocks, given), largest));
  CHECK(all_near(results<AveragePool<G>>(outputs, samples, blocks, given), mean));
  CHECK(all_near(results<MaxPoolGradient<G>>(inputs, samples, blocks, given, adjoint), to_largest));
  CHECK(all_near(results<AveragePoolGradient<G>>(inputs, samples, blocks, adjoint), to_all));
}

template <int Outer, int N, int Inner>
void normalises(int samples) {
  constexpr int elements = Outer * N * Inner;
  Numbers x = random_numbers(samples * elements, 8);
  x[0] = 90, x[1] = -200;  // exp of them alone is not finite, or 0
  std::vector<double> y(x.size()), logarithm(x.size());
  for (int s = 0; s < samples; ++s)
    for (int v = 0; v < Outer * Inner; ++v) {
      const auto at = [&](int i) {
        return std::size_t(s * elements + (v / Inner * N + i) * Inner + v % Inner);
      };
      double largest = -1e9, sum = 0;
      for (int i = 0; i < N; ++i) largest = std::max(largest, double(x[at(i)]));
      for (int i = 0; i < N; ++i) sum += std::exp(x[at(i)] - largest);
      for (int i = 0; i < N; ++i) {
        y[at(i)] = std::exp(x[at(i)] - largest) / sum;
        logarithm[at(i)] = x[at(i)] - largest - std::log(sum);
      }
    }
  Buffer<float> given(in_lanes(x, elements, samples), "x");
  using namespace tg::cuda;
  CHECK(all_near(results<Softmax<Outer, N, Inner, false>>(elements, samples, 3, given), y));
  CHECK(all_near(results<Softmax<Outer, N, Inner, true>>(elements, samples, 3, given), logarithm));
}

}  // namespace

TEST_CASE("pools and their gradients") {
  for (const int samples : {1, 33}) {
    pools<Pooling<2, 6, 8, 2, 2, 2, 2, 0, 0>>(samples, 3);
    pools<Pooling<1, 7, 7, 3, 3, 2, 2, 1, 1>>(samples, 1);
    pools<Pooling<2, 5, 6, 3, 2, 1, 2, 0, 1>>(samples, 5);
    pools<Pooling<3, 4, 4, 4, 4, 4, 4, 0, 0>>(samples, 2);
  }
}
TEST_CASE("softmax along any axis") {
  for (const int samples : {1, 65}) {
    normalises<1, 10, 1>(samples);
    normalises<3, 4, 5>(samples);
  }
}
