// Denormal numbers count as zero while a program runs, on each of its threads, and nowhere else.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "tests/catch.hpp"

namespace {

constexpr float tiny = 1e-25f, less = 1e-18f;  // their product is a denormal number

struct Shrink {
  static constexpr auto define(tg::Scope& s) {
    return tg::outputs(s.input("x", {8}) * s.argument("factor", {}));
  }
};

// Of as many samples as take several tiles, on several threads: how many products are not zero.
int products_left(int threads) {
  tg::set_threads(threads);
  tg::Function<Shrink, tg::Cpu, tg::batch<1000>> shrink;
  tg::set_threads(1);
  const std::vector<float> x(8000, tiny);
  const auto y = shrink(x, less);
  return int(std::count_if(y.data(), y.data() + x.size(), [](float v) { return v != 0; }));
}

float product_here() {
  volatile float a = tiny, b = less;
  return a * b;
}

}  // namespace

#if defined(__SSE2__) || defined(__aarch64__)

TEST_CASE("a denormal result is zero, on every thread, unless it is to be kept") {
  for (int threads : {1, 2, 3}) {
    CHECK(products_left(threads) == 0);
    CHECK(product_here() != 0);  // the caller's arithmetic is as it was
    tg::set_flush_denormal(false);
    CHECK(products_left(threads) == 8000);
    tg::set_flush_denormal(true);
    CHECK(products_left(threads) == 0);
  }
}

TEST_CASE("tasks of a pool treat denormal numbers as who asks for them") {
  tg::ThreadPool pool{3};
  const auto count = [&] {
    std::atomic<int> left{0};
    pool.run(30, [&](int) { left += product_here() != 0; });
    return left.load();
  };
  CHECK(count() == 30);
  {
    const tg::FlushesDenormals flushing;
    CHECK(count() == 0);
    CHECK(product_here() == 0);
  }
  CHECK(count() == 30);
  CHECK(product_here() != 0);
}

#endif
