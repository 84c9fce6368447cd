// The same bits for any number of threads: convolutions, products and statistics across samples.
// SPDX-License-Identifier: MIT
#include <cstring>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "tests/catch.hpp"

namespace {

struct Net : tg::Sequence<tg::Input<2, 9, 9>, tg::Conv<5, 3>, tg::BatchNorm<>, tg::Relu,
                          tg::Flatten, tg::Linear<33>, tg::Dropout<0.3>, tg::Tanh, tg::Linear<4>> {
};

// The parameters' bytes after a few steps of batches that are no multiple of the lanes.
std::vector<float> train(int threads) {
  tg::set_threads(threads);
  tg::Model<Net> model(7);
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 1e-2}, tg::batch<200>};
  tg::Random random(3);
  std::vector<float> x(200 * 162);
  std::vector<std::int32_t> y(200);
  for (float& value : x) value = float(random.between(-1, 1));
  for (std::int32_t& label : y) label = std::int32_t(random.below(4));
  for (int samples : {200, 131, 16, 1 + 64})
    trainer.step(tg::Samples<const float>{x.data(), samples, tg::Shape{2, 9, 9}},
                 tg::Samples<const std::int32_t>{y.data(), samples, tg::Shape{}});
  tg::set_threads(1);
  const float* first = model.memory().parameters();
  return {first, first + model.memory().parameters_size()};
}

}  // namespace

TEST_CASE("training gives the same bits on one, two, three and eight threads") {
  const std::vector<float> alone = train(1);
  for (int threads : {2, 3, 8}) {
    const std::vector<float> together = train(threads);
    REQUIRE(together.size() == alone.size());
    CHECK(std::memcmp(together.data(), alone.data(), alone.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("the result for many samples is that for some of them") {
  constexpr int samples = 40001, width = 64;  // 10 MB
  std::vector<float> x(std::size_t(samples) * width);
  tg::Random random(5);
  for (float& value : x) value = float(random.between(-1, 1));
  for (int threads : {1, 2, 3}) {
    tg::set_threads(threads);
    tg::Model<tg::Sequence<tg::Input<width>, tg::Linear<width>, tg::Tanh>> model(3);
    tg::set_threads(1);
    const tg::MatrixMap<float> y = model(x);
    const Eigen::MatrixXf whole = y;  // the next call has the same memory
    float largest = 0;
    for (int first = 0; first < samples; first += 1000) {
      const int count = std::min(1000, samples - first);
      const std::span<const float> part(x.data() + first * width, std::size_t(count) * width);
      largest =
          std::max(largest, (model(part) - whole.middleRows(first, count)).cwiseAbs().maxCoeff());
    }
    CHECK(largest == 0);
  }
}
