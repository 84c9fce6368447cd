// Faults planted in the kernels of fused networks are noticed; and no barrier is there for nothing:
// without any one of them, the emulator finds two threads at one number.
#include <typegrad/backends/cuda/kernels/mlp_gradient.hpp>
#include <typegrad/backends/emulator/device.hpp>

#include "epilogues.hpp"
#include "faults.hpp"
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

enum class Of { block, warp };

// The emulator's context, but a thread passes by one of the barriers that it comes to.
template <Of kind>
class Careless : public tg::emulator::Context {
 public:
  Careless(const tg::emulator::Context& c, int the_skipped) : Context(c), skipped(the_skipped) {}

  void barrier(const Source& at = Source::current()) const {
    if (kind != Of::block || met++ != skipped) Context::barrier(at);
  }
  void warp_barrier(const Source& at = Source::current()) const {
    if (kind != Of::warp || met++ != skipped) Context::warp_barrier(at);
  }
  int barriers() const { return met; }

 private:
  int skipped;
  mutable int met = 0;
};
template <class Kernel, Of kind>
struct WithoutOneBarrier : Kernel {
  static inline int barriers = 0;  // that a thread came to

  template <class... Arguments>
  static void run(const tg::emulator::Context& c, int skipped, const Arguments&... arguments) {
    const Careless<kind> careless(c, skipped);
    Kernel::run(careless, arguments...);
    barriers = careless.barriers();
  }
};

// Those barriers whose absence is not noticed, of all that a thread comes to.
template <class Kernel, class Launch>
std::vector<int> unnoticed(const Launch& launch_without) {
  launch_without(-1);
  const int count = Kernel::barriers;
  CHECK(count > 3);
  std::vector<int> all;
  for (int skipped = 0; skipped < count; ++skipped) {
    std::string text;
    try {
      launch_without(skipped);
    } catch (const tg::Error& error) {
      text = error.what();
    }
    const bool found = text.find("no barrier is between") != std::string::npos ||
                       text.find("nobody has written") != std::string::npos;
    if (!found) all.push_back(skipped);
  }
  return all;
}

struct Itself {  // dy = y
  template <class C>
  float operator()(const C&, int, int, float y) const {
    return y;
  }
};

template <Precision precision>
std::vector<int> unnoticed_in_gradient() {
  using Net = Mlp<3, 16, 2, 2, Activate<Activation::tanh>, precision>;
  using Kernel = WithoutOneBarrier<tg::cuda::MlpGradient<Net, 1>, Of::block>;
  const int samples = 2 * Kernel::block_samples, stride = stride_of(samples);
  Buffer<float> parameters(narrow::parameters<Net>(1)), x(random_numbers(3 * stride, 2));
  return unnoticed<Kernel>([&](int skipped) {
    Buffer<float> sums(Net::parameters), kept(Kernel::kept_floats), dx(std::size_t(3 * stride));
    launch<Kernel>(1, skipped, View<const float>(parameters.view()), View<const float>(x.view()),
                   stride, samples, sums.view(), kept.view(), Itself{},
                   epilogues::InColumns<View<float>>{dx.view(), stride});
  });
}

template <class Net, Of kind>
std::vector<int> unnoticed_in_inference() {
  using Kernel = WithoutOneBarrier<tg::cuda::MlpInference<Net, 2>, kind>;
  const int stride = 2 * Kernel::block_samples;
  Buffer<float> parameters(narrow::parameters<Net>(1)), x(random_numbers(3 * stride, 2));
  return unnoticed<Kernel>([&](int skipped) {
    Buffer<float> y(std::size_t(2 * stride));
    launch<Kernel>(1, skipped, View<const float>(parameters.view()), View<const float>(x.view()),
                   stride, epilogues::InColumns<View<float>>{y.view(), stride});
  });
}

// The bits of a gradient that several blocks make, with the outputs and the gradient of x.
template <Precision precision>
Numbers gradient() {
  using Net = Mlp<3, 16, 2, 2, Activate<Activation::tanh>, precision>;
  using Kernel = tg::cuda::MlpGradient<Net, 2>;
  constexpr int blocks = 2, samples = 3 * Kernel::block_samples + 1;
  const int stride = stride_of(samples), parts = Kernel::parts(stride);
  Buffer<float> parameters(narrow::parameters<Net>(1)), x(random_numbers(3 * stride, 2));
  Buffer<float> sums(std::size_t(parts * Net::parameters)), dx(std::size_t(3 * stride)),
      kept(std::size_t(blocks * Kernel::kept_floats)), total(Net::parameters),
      y(std::size_t(2 * stride));
  const epilogues::InColumns<View<float>> to{dx.view(), stride}, outputs{y.view(), stride};
  launch<Kernel>(blocks, View<const float>(parameters.view()), View<const float>(x.view()), stride,
                 samples, sums.view(), kept.view(), Itself{}, to);
  launch<tg::cuda::AddParts<Net::parameters>>(blocks, View<const float>(sums.view()), parts,
                                              epilogues::InVector<View<float>>{total.view()});
  launch<tg::cuda::MlpInference<Net, 2>>(blocks, View<const float>(parameters.view()),
                                         View<const float>(x.view()), stride, outputs);
  Numbers all = total.host();
  all.insert(all.end(), dx.host().begin(), dx.host().end());
  all.insert(all.end(), y.host().begin(), y.host().end());
  return all;
}

// The first: nothing is in use yet.
const std::vector<int> the_first = {0};

}  // namespace

TEST_CASE("a fault in a fused network is noticed, whatever it is") {
  tg::test::Census census;
  const auto take = [&](auto bits) {
    census.take([&, right = bits()] { return bits() == right; });
  };
  take(gradient<Precision::f32>);
  take(gradient<Precision::tf32>);
  CHECK(census.kernels == std::set<std::string>{"AddParts", "MlpGradient", "MlpInference"});
  // In a gradient, blocks wait where warps wait too: these barriers are there for inference.
  const auto is_of_warps = [](const tg::test::Mutant& mutant) {
    const auto& [fault, place, kernel] = mutant;
    return fault == tg::emulator::Fault::no_barrier && kernel == "MlpGradient" &&
           place.find("warp_product.hpp") != std::string::npos;
  };
  for (const auto& [mutant, text] : census.unnoticed)
    if (!is_of_warps(mutant)) FAIL_CHECK(text);
  CHECK(census.unnoticed.size() == 3);
}
TEST_CASE("no barrier of a fused gradient is for nothing") {
  CHECK(unnoticed_in_gradient<Precision::f32>() == the_first);
  CHECK(unnoticed_in_gradient<Precision::tf32>() == the_first);
}
TEST_CASE("nor one of inference, where weights pass through shared memory layer by layer") {
  using Net = Mlp<3, 128, 3, 2, Activate<Activation::relu>>;
  STATIC_REQUIRE(!tg::cuda::MlpSpace<Net, 2>::resident);
  CHECK(unnoticed_in_inference<Net, Of::block>() == the_first);
}
TEST_CASE("nor one of warps, where a warp's lanes exchange their samples") {
  using Net = Mlp<3, 16, 2, 2, Activate<Activation::relu>>;
  CHECK(unnoticed_in_inference<Net, Of::warp>().empty());
}
