// The reference's convolutions and pools against hand-computed cases, PyTorch's definitions and
// adjointness.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/run/reference/lab.hpp"

namespace tg::test {
namespace {

Numbers<double> count_from(double first, int count) {
  Numbers<double> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(first + i);
  return numbers;
}

double inner_product(const Numbers<double>& a, const Numbers<double>& b) {
  REQUIRE(a.size() == b.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// x (channels, height, width) in a frame of `fill`.
struct Padded {
  Numbers<double> numbers;
  int height, width;

  Padded(const Numbers<double>& x, const Shape& shape, Extent2 padding, double fill)
      : height(shape[1] + 2 * padding.height), width(shape[2] + 2 * padding.width) {
    numbers.assign(std::size_t(shape[0] * height * width), fill);
    for (int c = 0; c < shape[0]; ++c)
      for (int i = 0; i < shape[1]; ++i)
        for (int j = 0; j < shape[2]; ++j)
          numbers[(c * height + i + padding.height) * width + j + padding.width] =
              x[(c * shape[1] + i) * shape[2] + j];
  }
  double operator()(int c, int i, int j) const { return numbers[(c * height + i) * width + j]; }
};

struct Case {
  Shape x, w;
  ConvolutionWindow window;
};

const Case cases[] = {
    {{1, 5, 5}, {1, 1, 3, 3}, {}},
    {{3, 6, 7}, {4, 3, 3, 3}, {.padding = {1, 1}}},
    {{2, 7, 5}, {3, 2, 1, 1}, {}},
    {{4, 8, 8}, {6, 2, 3, 3}, {.padding = {1, 1}, .groups = 2}},
    {{4, 5, 6}, {8, 1, 3, 2}, {.groups = 4}},
    {{2, 9, 10}, {3, 2, 3, 5}, {.stride = {2, 3}, .padding = {1, 2}}},
    {{2, 9, 9}, {2, 2, 3, 3}, {.padding = {2, 2}, .dilation = {2, 2}}},
    {{2, 11, 8},
     {4, 1, 2, 3},
     {.stride = {3, 2}, .padding = {0, 3}, .dilation = {4, 2}, .groups = 2}},
    {{1, 2, 2}, {1, 1, 4, 4}, {.padding = {3, 3}}},
    {{1, 4, 4}, {2, 1, 2, 2}, {.stride = {3, 3}}},   // the last row and column are in no window
    {{1, 3, 3}, {1, 1, 1, 1}, {.padding = {2, 2}}},  // windows wholly in the padding
};

}  // namespace

TEST_CASE("a convolution by hand, as torch.nn.functional.conv2d", "[reference]") {
  Lab<double> lab;
  const Var x = lab.shared({1, 4, 4}, count_from(0, 16));
  CHECK(lab(convolution(x, lab.shared({1, 1, 3, 3}, Numbers<double>(9, 1)))) ==
        Numbers<double>{45, 54, 81, 90});
  // A cross-correlation: the kernel is not turned round.
  CHECK(lab(convolution(x, lab.shared({1, 1, 2, 2}, {1, 0, 0, 0}), {.stride = {2, 2}})) ==
        Numbers<double>{0, 2, 8, 10});
  CHECK(lab(convolution(x, lab.shared({2, 1, 1, 2}, {1, 0, 0, 1}),
                        {.stride = {3, 3}, .padding = {0, 1}})) ==
        Numbers<double>{0, 2, 0, 14, 0, 3, 12, 15});
}

TEST_CASE("convolutions of every window", "[reference]") {
  int number = 0;
  for (const Case& c : cases) {
    INFO("case " << number++);
    const ConvolutionWindow& window = c.window;
    const Shape shape = window.output(c.x, c.w);
    const Numbers<double> x = noise<double>(c.x.size(), 1), w = noise<double>(c.w.size(), 2);
    const Padded padded(x, c.x, window.padding, 0);
    Numbers<double> expected;
    for (int o = 0; o < shape[0]; ++o)
      for (int i = 0; i < shape[1]; ++i)
        for (int j = 0; j < shape[2]; ++j) {
          double sum = 0;
          const int group = o / (c.w[0] / window.groups);
          for (int channel = 0; channel < c.w[1]; ++channel)
            for (int u = 0; u < c.w[2]; ++u)
              for (int v = 0; v < c.w[3]; ++v)
                sum += w[((o * c.w[1] + channel) * c.w[2] + u) * c.w[3] + v] *
                       padded(group * c.w[1] + channel,
                              i * window.stride.height + u * window.dilation.height,
                              j * window.stride.width + v * window.dilation.width);
          expected.push_back(sum);
        }
    Lab<double> lab;
    const Var image = lab.shared(c.x, x), weight = lab.shared(c.w, w);
    const Var y = convolution(image, weight, window);
    REQUIRE(y.shape() == shape);
    CHECK(distance(lab(y), expected) <= tolerance<double>(64));

    // y is linear in x and in w: <dy, y> = <dx, x> = <dw, w>.
    const Numbers<double> dy = noise<double>(shape.size(), 3);
    const Var adjoint = lab.shared(shape, dy);
    const double product = inner_product(dy, lab(y));
    const Numbers<double> dx = lab(convolution_input_gradient(adjoint, weight, c.x, window));
    const Numbers<double> dw = lab(convolution_weight_gradient(image, adjoint, c.w, window));
    CHECK(inner_product(dx, x) == Approx(product).epsilon(1e-12));
    CHECK(inner_product(dw, w) == Approx(product).epsilon(1e-12));
  }
}

TEST_CASE("gradients of a convolution by hand", "[reference]") {
  Lab<double> lab;
  const Var x = lab.shared({1, 3, 3}, count_from(1, 9)), w = lab.shared({1, 1, 2, 2}, {1, 2, 3, 4}),
            dy = lab.shared({1, 2, 2}, {1, 0, 0, 10});
  CHECK(lab(convolution_input_gradient(dy, w, {1, 3, 3}, {})) ==
        Numbers<double>{1, 2, 0, 3, 14, 20, 0, 30, 40});
  CHECK(lab(convolution_weight_gradient(x, dy, {1, 1, 2, 2}, {})) ==
        Numbers<double>{51, 62, 84, 95});
}

TEST_CASE("pools by hand, as torch.nn.functional's", "[reference]") {
  Lab<double> lab;
  const Var x = lab.shared({1, 4, 4}, {1, 2, 5, 6, 3, 4, 8, 7, -1, -2, 0, 0, -3, -4, 0, 0});
  const PoolWindow halves{{2, 2}, {2, 2}};
  CHECK(lab(max_pool(x, halves)) == Numbers<double>{4, 8, -1, 0});
  CHECK(lab(average_pool(x, halves)) == Numbers<double>{2.5, 6.5, -2.5, 0});

  // Padding is -infinity to a maximum, and 0 to a mean that divides by the whole window.
  const PoolWindow around{{3, 3}, {1, 1}, {1, 1}};
  const Var negative = lab.shared({1, 2, 2}, {-1, -2, -3, -4});
  CHECK(lab(max_pool(negative, around)) == Numbers<double>{-1, -1, -1, -1});
  CHECK(distance(lab(average_pool(negative, around)), Numbers<double>(4, -10 / 9.0)) < 1e-15);

  // Rectangles, overlaps, and rows that are left out.
  const PoolWindow wide{{1, 3}, {2, 1}};
  CHECK(lab(max_pool(x, wide, true)) == Numbers<double>{5, 6, 0, 0});
}

TEST_CASE("a maximum's gradient goes to the first of equals; overlaps add", "[reference]") {
  Lab<double> lab;
  const auto gradient = [&](const Shape& shape, const Numbers<double>& x, const Numbers<double>& dy,
                            const PoolWindow& window) {
    const Var image = lab.shared(shape, x), adjoint = lab.shared(window.output(shape), dy);
    return lab(ir::emit(image.builder(), Op::max_pool_gradient, shape, image.dtype(),
                        ir::operands(image, adjoint), window.attributes()));
  };
  CHECK(gradient({1, 2, 2}, {5, 5, 5, 5}, {7}, {{2, 2}, {2, 2}}) == Numbers<double>{7, 0, 0, 0});
  CHECK(gradient({1, 2, 2}, {1, 5, 5, 5}, {7}, {{2, 2}, {2, 2}}) == Numbers<double>{0, 7, 0, 0});
  CHECK(gradient({1, 1, 4}, {1, 9, 2, 3}, {1, 10, 100}, {{1, 2}, {1, 1}}) ==
        Numbers<double>{0, 11, 0, 100});
  CHECK(gradient({1, 2, 2}, {4, 3, 2, 1}, {1, 10, 100, 1000}, {{3, 3}, {1, 1}, {1, 1}}) ==
        Numbers<double>{1111, 0, 0, 0});
  CHECK(gradient({2, 1, 2}, {1, 2, 4, 3}, {1, 10}, {{1, 2}, {1, 2}}) ==
        Numbers<double>{0, 1, 10, 0});
  const double lowest = -INFINITY;
  CHECK(gradient({1, 1, 2}, {lowest, lowest}, {3}, {{1, 2}, {1, 2}}) == Numbers<double>{3, 0});
}

TEST_CASE("pools of every window", "[reference]") {
  const Shape shape{2, 7, 6};
  const Numbers<double> x = noise<double>(shape.size(), 6);
  for (int kernel : {1, 2, 3})
    for (int wider : {0, 2})
      for (int stride : {1, 2, 3})
        for (int padding = 0; padding <= kernel / 2; ++padding) {
          const PoolWindow window{{kernel, kernel + wider}, {stride, stride}, {padding, padding}};
          INFO("kernel " << kernel << " x " << kernel + wider << ", stride " << stride
                         << ", padding " << padding);
          const Shape output = window.output(shape);
          const Padded low(x, shape, window.padding, -INFINITY), zero(x, shape, window.padding, 0);
          Numbers<double> maxima, means;
          for (int c = 0; c < output[0]; ++c)
            for (int i = 0; i < output[1]; ++i)
              for (int j = 0; j < output[2]; ++j) {
                double largest = -INFINITY, sum = 0;
                for (int u = 0; u < kernel; ++u)
                  for (int v = 0; v < kernel + wider; ++v) {
                    largest = std::max(largest, low(c, i * stride + u, j * stride + v));
                    sum += zero(c, i * stride + u, j * stride + v);
                  }
                maxima.push_back(largest);
                means.push_back(sum / (kernel * (kernel + wider)));
              }
          Lab<double> lab;
          const Var image = lab.shared(shape, x);
          CHECK(lab(max_pool(image, window, true)) == maxima);
          CHECK(distance(lab(average_pool(image, window, true)), means) < 1e-14);

          // No two elements are equal, so <dy, pool(x)> = <gradient, x> for both.
          const Numbers<double> dy = noise<double>(output.size(), 7);
          const Var adjoint = lab.shared(output, dy);
          const Numbers<double> max_gradient =
              lab(ir::emit(image.builder(), Op::max_pool_gradient, shape, image.dtype(),
                           ir::operands(image, adjoint), window.attributes()));
          const Numbers<double> mean_gradient =
              lab(ir::emit(image.builder(), Op::average_pool_gradient, shape, image.dtype(),
                           ir::operands(adjoint), window.attributes()));
          CHECK(inner_product(max_gradient, x) == Approx(inner_product(dy, maxima)).epsilon(1e-12));
          CHECK(inner_product(mean_gradient, x) == Approx(inner_product(dy, means)).epsilon(1e-12));
        }
}

TEST_CASE("the mean's gradient by hand", "[reference]") {
  Lab<double> lab;
  const PoolWindow window{{2, 2}, {1, 1}};
  const Var dy = lab.shared({1, 1, 2}, {4, 8});
  CHECK(lab(ir::emit(dy.builder(), Op::average_pool_gradient, {1, 2, 3}, dy.dtype(),
                     ir::operands(dy), window.attributes())) == Numbers<double>{1, 3, 2, 1, 3, 2});
}

}  // namespace tg::test
