// load_samples and store_samples against the loops that define them: tails, strides, orders.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/cpu/kernels/transfer.hpp"

#include "catch.hpp"
#include "fixture.hpp"

namespace {
using tg::cpu::width;

// The tile's first `active` rows lie alone in a buffer of their own: a read past them is a
// sanitizer's to find.
template <class T, int V, int Elements>
void check_transfers(int active, int gap) {
  constexpr int lanes_of_tile = V * width<T>;
  const int stride = Elements + gap;
  fixture::Values values{std::uint64_t(active * 100 + gap)};
  fixture::Buffer<T> samples(std::size_t((active - 1) * stride + Elements));
  values.fill(samples);
  fixture::Buffer<std::uint8_t> bytes(samples.size());
  for (auto& byte : bytes) byte = std::uint8_t((values.next() + 1) * 128);
  fixture::Buffer<std::int32_t> order(std::size_t(active), 0);
  for (int i = 0; i < active; ++i) order[i] = (i * 7 + 3) % active;
  fixture::Buffer<T> plain(Elements * lanes_of_tile), ordered(plain.size()), scaled(plain.size()),
      scaled_ordered(plain.size());
  const T scale = T(1) / 255;

  tg::cpu::load_samples<T, V, Elements>(samples.data(), stride, active, plain.data());
  tg::cpu::load_samples<T, V, Elements>(samples.data(), stride, order.data(), active,
                                        ordered.data());
  tg::cpu::load_samples<T, V, Elements>(bytes.data(), stride, active, scale, scaled.data());
  tg::cpu::load_samples<T, V, Elements>(bytes.data(), stride, order.data(), active, scale,
                                        scaled_ordered.data());
  int wrong = 0;
  for (int element = 0; element < Elements; ++element)
    for (int lane = 0; lane < lanes_of_tile; ++lane) {
      const int sample = lane < active ? lane : active - 1;
      const int at = element * lanes_of_tile + lane;
      wrong += plain[at] != samples[sample * stride + element];
      wrong += ordered[at] != samples[order[sample] * stride + element];
      wrong += scaled[at] != T(bytes[sample * stride + element]) * scale;
      wrong += scaled_ordered[at] != T(bytes[order[sample] * stride + element]) * scale;
    }
  CHECK(wrong == 0);

  const T untouched = T(77);
  fixture::Buffer<T> back(samples.size(), untouched);
  tg::cpu::store_samples<T, V, Elements>(plain.data(), active, back.data(), stride);
  int wrong_back = 0;
  for (std::size_t i = 0; i < back.size(); ++i)
    wrong_back += back[i] != (int(i) % stride < Elements ? samples[i] : untouched);
  CHECK(wrong_back == 0);
}

template <class T, int V, int... Elements>
void check_sizes() {
  constexpr int tile = V * width<T>;
  for (int active : {1, tile / 2 + 1, tile - 1, tile})
    if (active >= 1)
      for (int gap : {0, 3}) (check_transfers<T, V, Elements>(active, gap), ...);
}

}  // namespace

TEMPLATE_TEST_CASE("samples become lanes and come back", "[cpu]", float, double) {
  check_sizes<TestType, 1, 1, 3, 10, 16, 17, 64, 100, 784>();
  check_sizes<TestType, 2, 5, 32, 67>();
  check_sizes<TestType, 3, 2, 33, 130>();
}
