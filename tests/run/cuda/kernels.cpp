// GPU kernels in the emulator against plain loops, over a grid of shapes, samples and blocks.
#include <typegrad/backends/cuda/kernels/outer_sum.hpp>
#include <typegrad/backends/cuda/kernels/product.hpp>
#include <typegrad/backends/cuda/kernels/transfer.hpp>

#include "products.hpp"

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
  products::check_multiplies<Product<Outputs, Inputs, Transposed>, Outputs, Inputs, Transposed>(
      samples, blocks, products::exact);
}
template <int Rows, int Columns>
Numbers sums_outer_products(int samples, int blocks) {
  return products::check_outer_products<OuterSum<Rows, Columns>, Rows, Columns>(samples, blocks,
                                                                                products::exact);
}

template <int Rows>
Numbers sums(int samples, int blocks) {
  INFO(Rows << ", " << samples << " samples, " << blocks << " blocks");
  const int stride = stride_of(samples);
  const Numbers a = random_numbers(samples * Rows, 4);
  Buffer<float> lanes(in_lanes(a, Rows, samples), "a"), total(Rows, "total");
  launch<BatchSum<Rows>>(blocks, View<const float>(lanes.view()), stride, samples,
                         epilogues::InVector<View<float>>{total.view()});
  for (int r = 0; r < Rows; ++r) {
    double sum = 0;
    for (int s = 0; s < samples; ++s) sum += a[std::size_t(s * Rows + r)];
    CHECK(near(total.host()[std::size_t(r)], sum));
  }
  return total.host();
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
      multiplies<9, 300, false>(samples, blocks);
      multiplies<3, 600, true>(samples, blocks);
    }
}

TEST_CASE("sums over the samples have the same bits for any number of blocks") {
  for (const int samples : {1, 7, 64, 100}) {
    CHECK(sums_outer_products<10, 33>(samples, 1) == sums_outer_products<10, 33>(samples, 4));
    CHECK(sums_outer_products<40, 5>(samples, 1) == sums_outer_products<40, 5>(samples, 7));
    CHECK(sums<10>(samples, 1) == sums<10>(samples, 4));
    CHECK(sums<40>(samples, 1) == sums<40>(samples, 7));
  }
}
