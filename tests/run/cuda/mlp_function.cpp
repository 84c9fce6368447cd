// The network as a function that a kernel of one's own calls, a sample per thread.
#include <typegrad/backends/cuda/kernels/mlp.hpp>
#include <typegrad/backends/emulator/device.hpp>

#include "mlp.hpp"
#include "tests/catch.hpp"

using tg::cuda::Activate;
using tg::cuda::Activation;
using tg::cuda::Mlp;
using tg::cuda::Precision;
using tg::emulator::Buffer;
using tg::emulator::launch;
using tg::emulator::View;

namespace {

constexpr int warps = 2;

// Fixed points as a user may look for them: three times y <- y + Net(y) / 4, from a point of each
// thread's own. The points lie one after the other.
template <class Net>
struct Iterate {
  static constexpr int threads = 32 * warps, times = 3;
  static constexpr int large_shared = tg::cuda::MlpSpace<Net, warps, true>::bytes;

  template <class C>
  static void run(const C& c, typename C::template Global<const float> parameters,
                  typename C::template Global<float> points, int count) {
    const auto network = tg::cuda::mlp<Net, warps>(c, parameters);
    const int mine = c.block() * threads + c.thread();
    float point[Net::inputs] = {}, change[Net::outputs];
    for (int i = 0; i < Net::inputs; ++i)
      if (mine < count) point[i] = points[mine * Net::inputs + i];
    for (int time = 0; time < times; ++time) {
      network(c, point, change);  // every thread, also one that has no point
      for (int i = 0; i < Net::inputs; ++i) point[i] += change[i] / 4;
    }
    for (int i = 0; i < Net::inputs; ++i)
      if (mine < count) points[mine * Net::inputs + i] = point[i];
  }
};

template <class Net>
Numbers plainly(const Numbers& parameters, Numbers points, int count) {
  for (int p = 0; p < count; ++p)
    for (int time = 0; time < Iterate<Net>::times; ++time) {
      float* point = points.data() + p * Net::inputs;
      const auto change = narrow::forward<Net>(parameters, point).y;
      for (int i = 0; i < Net::inputs; ++i) point[i] += float(change[std::size_t(i)] / 4);
    }
  return points;
}

template <int Width, int Hidden, Precision precision>
void iterates() {
  constexpr int dimensions = 3, count = 100;
  using Net = Mlp<dimensions, Width, Hidden, dimensions, Activate<Activation::tanh>, precision>;
  INFO(Width << " x " << Hidden << ", precision " << int(precision));
  const Numbers w = narrow::parameters<Net>(1), x = random_numbers(count * dimensions, 2);
  Buffer<float> parameters(w, "parameters"), points(x, "points");
  launch<Iterate<Net>>(2, View<const float>(parameters.view()), points.view(), count);
  const Numbers right = plainly<Net>(w, x, count);
  double worst = 0;
  for (std::size_t i = 0; i < right.size(); ++i)
    worst = std::max(worst, double(std::abs(points.host()[i] - right[i])));
  CHECK(worst < narrow::tolerance(precision));
}

}  // namespace

TEST_CASE("a kernel of one's own calls a network") {
  iterates<16, 2, Precision::f32>();
  iterates<32, 1, Precision::tf32>();
  iterates<16, 3, Precision::bf16>();
}
TEST_CASE("a kernel calls also one whose warps take 16 samples at a time") {
  iterates<128, 1, Precision::tf32>();
}
TEST_CASE("a kernel calls also one whose weights pass through shared memory layer by layer") {
  using Net = Mlp<3, 128, 3, 3, Activate<Activation::tanh>, Precision::f32>;
  STATIC_REQUIRE(!tg::cuda::MlpSpace<Net, warps, true>::resident);
  iterates<128, 3, Precision::f32>();
}
