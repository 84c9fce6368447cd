// Activations and their slopes, by name: what a fused network applies in registers.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <cstdint>
#include <numbers>

#include "typegrad/graph/meaning.hpp"

namespace tg::cuda {

// layers/activations.hpp has the formulas.
enum class Activation { relu, leaky_relu, tanh, sigmoid, softplus, gelu, silu };

// Each is made of what the ops mean, and its slope is what the gradient pass makes of it. The
// number that LeakyRelu takes is here the bits of a float, as kernels have no other arguments.
template <Activation kind, std::uint32_t leaky_slope = std::bit_cast<std::uint32_t>(0.01f)>
struct Activate {
  static constexpr float leak = std::bit_cast<float>(leaky_slope);

  static constexpr float value(float x) {
    switch (kind) {
      case Activation::relu:
        return meaning(Op::relu, x);
      case Activation::leaky_relu:
        return x > 0 ? x : x * leak;
      case Activation::tanh:
        return meaning(Op::tanh, x);
      case Activation::sigmoid:
        return meaning(Op::sigmoid, x);
      case Activation::softplus:
        return meaning(Op::softplus, x);
      case Activation::gelu:
        return x * 0.5f * (1 + meaning(Op::erf, x * half_sqrt2));
      case Activation::silu:
        return x * meaning(Op::sigmoid, x);
    }
    return x;
  }
  // d value / dx
  static constexpr float slope(float x) {
    switch (kind) {
      case Activation::relu:
        return x > 0 ? 1.0f : 0.0f;
      case Activation::leaky_relu:
        return x > 0 ? 1.0f : leak;
      case Activation::tanh: {
        const float y = meaning(Op::tanh, x);
        return 1 - y * y;
      }
      case Activation::sigmoid: {
        const float y = meaning(Op::sigmoid, x);
        return y * (1 - y);
      }
      case Activation::softplus:
        return meaning(Op::sigmoid, x);
      case Activation::gelu: {
        const float below = 0.5f * (1 + meaning(Op::erf, x * half_sqrt2));
        const float density = meaning(Op::exp, -0.5f * x * x) * inverse_sqrt_2pi;
        return below + x * density;
      }
      case Activation::silu: {
        const float y = meaning(Op::sigmoid, x);
        return y + x * y * (1 - y);
      }
    }
    return 1;
  }

 private:
  static constexpr float half_sqrt2 = std::numbers::sqrt2_v<float> / 2;
  static constexpr float inverse_sqrt_2pi =
      std::numbers::inv_sqrtpi_v<float> / std::numbers::sqrt2_v<float>;
};

}  // namespace tg::cuda
