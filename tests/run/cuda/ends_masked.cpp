// Loops that skip what all samples mask, and loops of values that samples share, on the emulated
// GPU as on the CPU.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "subject.hpp"
#include "tests/run/scan/ending.hpp"

namespace tg::test {
namespace {

using cuda::Kernels;

std::vector<float> flat(const auto& results) {
  std::vector<float> all;
  const auto add = [&](const auto& one) {
    all.insert(all.end(), one.data(), one.data() + one.size());
  };
  std::apply([&](const auto&... one) { (add(one), ...); }, results);
  return all;
}
std::vector<float> numbers(std::size_t count) {
  std::vector<float> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = float(int(i * 37 % 19) - 9) / 10;
  return x;
}
void check_equal(const std::vector<float>& got, const std::vector<float>& expected) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    REQUIRE(got[i] == Approx(expected[i]).epsilon(1e-4).margin(1e-5));
}

// Every other sample's mask has a hole; all end before the last row, one call's before another's.
template <class F>
std::vector<float> masked(F& function, int samples, int most_steps) {
  std::vector<float> mask(std::size_t(samples * rows));
  for (int i = 0; i < samples * rows; ++i) {
    const int sample = i / rows, row = i % rows;
    const bool within = row < (sample + 1) * 5 % (most_steps + 1);
    mask[std::size_t(i)] = float(within && (sample % 2 == 0 || row != 1));
  }
  return flat(function(numbers(std::size_t(samples * rows * 2)), mask));
}
template <class Layer, Kernels kernels = Kernels::of_waves>
int check_masked() {
  using D = ending::WithMask<Layer>;
  using Host = Function<D, Cpu, training, batch<65>>;
  using There = Function<D, Emulated<kernels>, training, batch<65>>;
  Shared<Host> of_host;
  Shared<There> of_device;
  Host host(of_host);
  There device(of_device);
  for (const int samples : {65, 1, 7, 64})
    for (const int most_steps : {rows - 1, 4, 0}) {
      INFO("samples " << samples << ", steps " << most_steps);
      check_equal(masked(device, samples, most_steps), masked(host, samples, most_steps));
    }
  return OnCuda<D, Purpose::training, kernels>::Plan::L::loop_ends.size();
}

}  // namespace

TEST_CASE("masked layers skip what all samples mask, on a device") {
  CHECK(check_masked<Lstm<3, tg::masked, last_state>>() == 2);
  CHECK(check_masked<Rnn<3, tg::masked, bidirectional, last_state>>() == 4);
  CHECK(check_masked<Gru<3, tg::masked, last_state>, Kernels::one>() == 2);
}

TEST_CASE("loops of shared values end, on a device") {
  Function<ending::SharedLoop, Cpu, batch<65>> host;
  Function<ending::SharedLoop, Emulated<>, batch<65>> device;
  for (const int samples : {1, 7, 64, 65})
    for (const float n : {5.0f, 0.0f, float(rows)}) {
      const auto call = [&](auto& f) {
        return flat(f(numbers(rows * 3), numbers(3), n, numbers(std::size_t(samples))));
      };
      check_equal(call(device), call(host));
    }
}

}  // namespace tg::test
