// First values: fans, bounds, spread, and orthonormal rows.
// SPDX-License-Identifier: MIT
#include "tests/static/near.hpp"
#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/fillers/he.hpp"
#include "typegrad/layers/fillers/orthogonal.hpp"
#include "typegrad/layers/fillers/random.hpp"
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/fillers/xavier.hpp"

namespace tg::test {
namespace {

static_assert(fan({120, 400}, Fan::in) == 400);
static_assert(fan({120, 400}, Fan::out) == 120);
static_assert(fan({120, 400}, Fan::average) == 260);
static_assert(fan({16, 6, 5, 3}, Fan::in) == 6 * 5 * 3);
static_assert(fan({16, 6, 5, 3}, Fan::out) == 16 * 5 * 3);
static_assert(fan({7}, Fan::in) == 7 && fan({7}, Fan::out) == 7 && fan({}, Fan::in) == 1);

struct Values {
  static constexpr int size = 128;
  double value[size]{};

  constexpr double least() const {
    double result = value[0];
    for (double v : value) result = v < result ? v : result;
    return result;
  }
  constexpr double largest() const {
    double result = value[0];
    for (double v : value) result = v > result ? v : result;
    return result;
  }
  constexpr double mean() const {
    double sum = 0;
    for (double v : value) sum += v;
    return sum / size;
  }
  constexpr double deviation() const {
    double sum = 0;
    for (double v : value) sum += (v - mean()) * (v - mean());
    return math::sqrt(sum / size);
  }
};

template <class Filler>
constexpr Values fill(const Filler& filler, const Shape& shape) {
  ir::Recording recording;
  recording.builder.graph.floating = f64;
  Scope s{recording, Purpose::initial};
  const Var parameter = s.parameter("weight", shape, filler);
  const reference::Bindings<double> bindings(recording, 3);
  reference::Evaluation<double> evaluation(bindings);
  const double* values = evaluation.value(recording.leaves[parameter.node().attributes[0]].initial);
  Values result;
  for (int i = 0; i < Values::size; ++i) result.value[i] = values[i];
  return result;
}

// 128 uniform numbers fill an interval up to a tenth of it at either end.
constexpr bool fills(const Values& values, double low, double high) {
  const double margin = (high - low) / 10;
  return values.least() >= low && values.least() < low + margin && values.largest() <= high &&
         values.largest() > high - margin;
}
// The deviation of 128 normal numbers is known to 6 % (one standard deviation).
constexpr bool spreads(const Values& values, double mean, double deviation) {
  const double distance = values.mean() - mean, share = values.deviation() / deviation;
  return distance * distance < 0.1 * deviation * deviation && share > 0.75 && share < 1.25;
}

constexpr Shape weight{8, 16}, image{4, 8, 2, 2};

static_assert(near(fill(Constant{0.5}, weight).least(), 0.5));
static_assert(near(fill(Constant{0.5}, weight).largest(), 0.5));
static_assert(near(fill(Zeros{}, weight).largest(), 0));
static_assert(fills(fill(Uniform{-1, 3}, weight), -1, 3));
static_assert(spreads(fill(Normal{5, 0.1}, weight), 5, 0.1));

// PyTorch's default: 1 / sqrt(fan_in), here 1 / 4, and 1 / sqrt(32) over kernels.
static_assert(fills(fill(TorchDefault{}, weight), -0.25, 0.25));
static_assert(fills(fill(TorchDefault{}, image), -0.17677669529663687, 0.17677669529663687));
static_assert(fills(fill(TorchDefault{.fan_in = 4}, {128}), -0.5, 0.5));

// sqrt(6 / (fan_in + fan_out)); of 24 the half.
static_assert(fills(fill(Xavier{}, weight), -0.5, 0.5));
static_assert(fills(fill(Xavier{.gain = 2}, weight), -1, 1));
static_assert(spreads(fill(Xavier{Fan::in, Distribution::normal}, weight), 0, 0.25));

static_assert(spreads(fill(He{}, weight), 0, 0.35355339059327379));
static_assert(spreads(fill(He{.mode = Fan::out}, weight), 0, 0.5));
static_assert(fills(fill(He{Fan::out, Distribution::uniform}, weight), -0.8660254, 0.8660254));
static_assert(spreads(fill(He{.slope = 1}, weight), 0, 0.25));

// Rows are orthogonal to each other and as long as the gain.
constexpr bool orthonormal(const Values& values, int rows, double gain) {
  const int columns = Values::size / rows;
  for (int a = 0; a < rows; ++a)
    for (int b = 0; b < rows; ++b) {
      double product = 0;
      for (int i = 0; i < columns; ++i)
        product += values.value[a * columns + i] * values.value[b * columns + i];
      if (!near(product, a == b ? gain * gain : 0)) return false;
    }
  return true;
}
static_assert(orthonormal(fill(Orthogonal{}, weight), 8, 1));
static_assert(orthonormal(fill(Orthogonal{2}, image), 4, 2));
static_assert(!orthonormal(fill(Normal{}, weight), 8, 1));

}  // namespace
}  // namespace tg::test
