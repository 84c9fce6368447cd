// Operations of one's own: element-wise, with a kernel, and a graph with a gradient of its own.
// test-arguments:
// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>
#include <typegrad/typegrad.hpp>

// clang-format off
// [elementwise]
// max(0, 1 - y x), the hinge loss: its value is all that a backend needs, its gradient is optional.
struct Hinge {
  static constexpr const char* name = "hinge";
  template <class T>
  static constexpr T value(T x, T y) { return y * x < T(1) ? T(1) - y * x : T(0); }
  static constexpr std::array<tg::Var, 2> gradient(tg::Var x, tg::Var y, tg::Var loss, tg::Var dloss) {
    tg::Var inside = cast(loss > 0, x.dtype());
    return {-dloss * y * inside, -dloss * x * inside};
  }
};
// [/elementwise]

// [kernel]
// The largest element less the smallest: x (n) -> (). With kernels for the CPU and GPUs beside its meaning.
struct Spread {
  static constexpr const char* name = "spread";
  static constexpr tg::Shape shape(const tg::Shape&) { return {}; }
  template <class T>
  static constexpr void compute(const tg::OperationCall<T>& call) {        // one sample
    T low = call.in[0][0], high = low;
    for (int i = 1; i < call.shape[0].size(); ++i) {
      low = call.in[0][i] < low ? call.in[0][i] : low;
      high = call.in[0][i] > high ? call.in[0][i] : high;
    }
    call.out[0] = high - low;
  }
  template <class T>
  static void cpu(const tg::LanesCall<T>& call) {                          // a tile: [element][lane]
    for (int lane = 0; lane < call.lanes; ++lane) {
      T low = call.in[0][lane], high = low;
      for (int i = 1; i < call.shape[0].size(); ++i) {
        const T x = call.in[0][i * call.lanes + lane];
        low = x < low ? x : low, high = x > high ? x : high;
      }
      call.out[lane] = high - low;
    }
  }
// [cuda]
  struct Cuda {                                                            // a GPU: a thread a sample
    static constexpr int threads = 128;
    template <class C, class Call>
    TYPEGRAD_DEVICE static void run(const C& c, const Call& call) {
      const int first = c.block() * c.threads() + c.thread(), step = c.blocks() * c.threads();
      for (int sample = first; sample < call.samples; sample += step) {
        auto low = call(0, 0, sample), high = low;
        for (int i = 1; i < call.extents.operand[0].size(); ++i) {
          const auto x = call(0, i, sample);
          low = x < low ? x : low, high = x > high ? x : high;
        }
        call.put(0, sample, high - low);
      }
    }
  };
// [/cuda]
};
// [/kernel]

// [graph]
// A graph as an operation, with another gradient than its own: rounding that lets gradients through.
struct Rounded {
  static constexpr tg::Var value(tg::Var x) { return floor(x + 0.5); }
  static constexpr tg::Var gradient(tg::Var, tg::Var, tg::Var dy) { return dy; }
};
// [/graph]

// [layer]
struct Round {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) { return tg::custom_gradient<Rounded>(x); }
};
using Net = tg::Sequence<tg::Input<4>, tg::Linear<8>, Round, tg::Linear<1>>;
// [/layer]

struct Margin {
  static constexpr auto define(tg::Scope& s) {
    tg::Var x = s.input("x", {4}), y = s.input("y", {4});
    tg::Var loss = sum(tg::operation<Hinge>(x, y));
    return tg::outputs(loss, grad(loss, x), tg::operation<Spread>(x));
  }
};
struct Learn {
  static constexpr tg::Var define(tg::Scope& s) {
    tg::Var loss = mean(tg::operation<Hinge>(Net::define(s), s.input("sign", {1})));
    for (tg::Var p : s.parameters()) s.update(p, p - 0.05 * grad(loss, p));
    return loss;
  }
};
// clang-format on

int main() {
  tg::Function<Margin> margin;
  const std::vector<float> x{0.5f, 2, -1, 0.25f}, y{1, 1, 1, -1};
  auto [loss, gradient, spread] = margin(x, y);
  std::printf("hinge loss %g, its gradient", loss);
  for (int i = 0; i < 4; ++i) std::printf(" %g", gradient(0, i));
  std::printf(", spread %g\n%s", spread(0), tg::debugprint<Margin, tg::recorded>().c_str());

  tg::Shared<Learn> state;
  tg::Function<Learn> learn{state};
  std::vector<float> samples(64 * 4), signs(64);
  for (int i = 0; i < 64; ++i) {
    for (int j = 0; j < 4; ++j) samples[std::size_t(4 * i + j)] = float(std::sin(7 * i + 3 * j));
    signs[std::size_t(i)] = samples[std::size_t(4 * i)] > 0 ? 1.0f : -1.0f;
  }
  const float before = learn(samples, signs);
  float after = before;
  for (int step = 0; step < 300; ++step) after = learn(samples, signs);
  std::printf("a network that rounds its hidden values: loss %.3f, after 300 steps %.3f\n", before,
              after);
  return after < before / 2 ? 0 : 1;
}
