// GPU kernels in the emulator against plain loops, over a grid of shapes, samples and blocks.
#include <typegrad/backends/cuda/kernels/outer_sum.hpp>
#include <typegrad/backends/cuda/kernels/product.hpp>
#include <typegrad/backends/cuda/kernels/transfer.hpp>
#include <typegrad/backends/emulator/device.hpp>

#include "epilogues.hpp"
#include "samples.hpp"
#include "tests/catch.hpp"

using tg::cuda::BatchSum;
using tg::cuda::OuterSum;
using tg::cuda::Product;
using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

namespace {

template <int Elements>
void transfers(int samples, int blocks) {
  INFO(Elements << " elements, " << samples << " samples, " << blocks << " blocks");
  const int stride = stride_of(samples);
  const Numbers dataset = random_numbers(2 * samples * Elements, 3);
  Buffer<float> given(dataset, "dataset"), lanes(std::size_t(Elements * stride), "lanes"),
      out(std::size_t(samples * Elements), "rows");
  std::vector<int> chosen(static_cast<std::size_t>(samples));
  for (int s = 0; s < samples; ++s) chosen[std::size_t(s)] = (7 * s + 3) % (2 * samples);
  Buffer<int> order(chosen, "order");
  launch<tg::cuda::Load<Elements>>(blocks, View<const float>(given.view()),
                                   View<const int>(order.view()), samples, lanes.view(), stride);
  Numbers picked;
  for (int s : chosen)
    for (int e = 0; e < Elements; ++e) picked.push_back(dataset[std::size_t(s * Elements + e)]);
  CHECK(lanes.host() == in_lanes(picked, Elements, samples));
  launch<tg::cuda::Store<Elements>>(blocks, View<const float>(lanes.view()), stride, samples,
                                    out.view());
  CHECK(out.host() == picked);
}

template <int Outputs, int Inputs, bool Transposed>
void multiplies(int samples, int blocks) {
  INFO(Outputs << " x " << Inputs << ", " << samples << " samples, " << blocks << " blocks");
  const int stride = stride_of(samples);
  const Numbers w = random_numbers(Outputs * Inputs, 1), rows = random_numbers(samples * Inputs, 2);
  Buffer<float> weight(w, "weight"), x(in_lanes(rows, Inputs, samples), "x"),
      y(std::size_t(Outputs * stride), "y");
  launch<Product<Outputs, Inputs, Transposed>>(blocks, View<const float>(weight.view()),
                                               View<const float>(x.view()), stride,
                                               epilogues::InLanes<View<float>>{y.view(), stride});
  bool right = true;
  for (int o = 0; o < Outputs; ++o)
    for (int s = 0; s < samples; ++s) {
      double sum = 0;
      for (int i = 0; i < Inputs; ++i)
        sum += double(w[std::size_t(Transposed ? i * Outputs + o : o * Inputs + i)]) *
               rows[std::size_t(s * Inputs + i)];
      right = right && near(y.host()[std::size_t(o * stride + s)], sum);
    }
  CHECK(right);
}

template <int Rows, int Columns>
Numbers sums_outer_products(int samples, int blocks) {
  INFO(Rows << " x " << Columns << ", " << samples << " samples, " << blocks << " blocks");
  const int stride = stride_of(samples);
  const Numbers a = random_numbers(samples * Rows, 4), b = random_numbers(samples * Columns, 5);
  Buffer<float> left(in_lanes(a, Rows, samples), "a"), right(in_lanes(b, Columns, samples), "b"),
      dw(Rows * Columns, "dw"), total(Rows, "total");
  launch<OuterSum<Rows, Columns>>(blocks, View<const float>(left.view()),
                                  View<const float>(right.view()), stride, samples,
                                  epilogues::InMatrix<View<float>>{dw.view(), Columns});
  launch<BatchSum<Rows>>(blocks, View<const float>(left.view()), stride, samples,
                         epilogues::InVector<View<float>>{total.view()});
  for (int r = 0; r < Rows; ++r) {
    double alone = 0;
    for (int s = 0; s < samples; ++s) alone += a[std::size_t(s * Rows + r)];
    CHECK(near(total.host()[std::size_t(r)], alone));
    for (int k = 0; k < Columns; ++k) {
      double sum = 0;
      for (int s = 0; s < samples; ++s)
        sum += double(a[std::size_t(s * Rows + r)]) * b[std::size_t(s * Columns + k)];
      CHECK(near(dw.host()[std::size_t(r * Columns + k)], sum));
    }
  }
  Numbers all = dw.host();
  all.insert(all.end(), total.host().begin(), total.host().end());
  return all;
}

}  // namespace

TEST_CASE("samples come to lanes in a chosen order, and back") {
  for (const int samples : {1, 7, 64, 65})
    for (const int blocks : {1, 5}) {
      transfers<1>(samples, blocks);
      transfers<31>(samples, blocks);
      transfers<33>(samples, blocks);
      transfers<100>(samples, blocks);
    }
}

TEST_CASE("a shared matrix times vectors of samples") {
  for (const int samples : {1, 64, 65})
    for (const int blocks : {1, 3}) {
      multiplies<1, 1, false>(samples, blocks);
      multiplies<10, 17, false>(samples, blocks);
      multiplies<33, 40, false>(samples, blocks);
      multiplies<33, 40, true>(samples, blocks);
      multiplies<64, 16, true>(samples, blocks);
    }
}

TEST_CASE("sums over the samples have the same bits for any number of blocks") {
  for (const int samples : {1, 7, 64, 100}) {
    CHECK(sums_outer_products<10, 33>(samples, 1) == sums_outer_products<10, 33>(samples, 4));
    CHECK(sums_outer_products<40, 5>(samples, 1) == sums_outer_products<40, 5>(samples, 7));
  }
}
