// Activations of fused networks against the library's layers and their gradients.
#include <typegrad/backends/cuda/activation.hpp>
#include <typegrad/typegrad.hpp>

#include "samples.hpp"
#include "tests/catch.hpp"

using tg::cuda::Activate;
using tg::cuda::Activation;

namespace {

constexpr int width = 4;

template <class... Layers>
struct Slopes {
  static constexpr auto define(tg::Scope& s) {
    const tg::Var x = s.input("x", {width});
    return tg::outputs(Layers::define(s, x)..., tg::grad(sum(Layers::define(s, x)), x)...);
  }
};

template <class Act>
bool agrees(const auto& values, const auto& slopes, const Numbers& x) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto row = Eigen::Index(i / width), column = Eigen::Index(i % width);
    if (!near(Act::value(x[i]), values(row, column))) return false;
    if (!near(Act::slope(x[i]), slopes(row, column))) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("an activation and its slope are the layer's") {
  Numbers x = random_numbers(200, 1);
  for (float& number : x) number *= 8;
  x[0] = 0, x[1] = -0.0f, x[2] = 90, x[3] = -90;
  tg::Function<
      Slopes<tg::Relu, tg::LeakyRelu<>, tg::Tanh, tg::Sigmoid, tg::Softplus, tg::Gelu, tg::Silu>>
      all;
  const auto [relu, leaky, tanh, sigmoid, softplus, gelu, silu, d_relu, d_leaky, d_tanh, d_sigmoid,
              d_softplus, d_gelu, d_silu] = all(x);
  CHECK(agrees<Activate<Activation::relu>>(relu, d_relu, x));
  CHECK(agrees<Activate<Activation::leaky_relu>>(leaky, d_leaky, x));
  CHECK(agrees<Activate<Activation::tanh>>(tanh, d_tanh, x));
  CHECK(agrees<Activate<Activation::sigmoid>>(sigmoid, d_sigmoid, x));
  CHECK(agrees<Activate<Activation::softplus>>(softplus, d_softplus, x));
  CHECK(agrees<Activate<Activation::gelu>>(gelu, d_gelu, x));
  CHECK(agrees<Activate<Activation::silu>>(silu, d_silu, x));
}

TEST_CASE("a leak of one's own") {
  using Leaky = Activate<Activation::leaky_relu, std::bit_cast<std::uint32_t>(0.25f)>;
  CHECK(Leaky::value(-2) == -0.5f);
  CHECK(Leaky::slope(-2) == 0.25f);
  CHECK(Leaky::value(2) == 2);
}
