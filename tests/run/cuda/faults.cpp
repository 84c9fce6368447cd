// Every kernel that steps run, with every fault that can be planted in it: an index off by one, a
// barrier removed, a shuffle that a lane misses, two threads at one number. Each is noticed: the
// emulator reports it, or a result is wrong. A barrier that nobody misses would be for nothing.
// SPDX-License-Identifier: MIT
#include "faults.hpp"

#include "epilogues.hpp"
#include "faults_subjects.hpp"
#include "runner.hpp"
#include "samples.hpp"

namespace tg::test {
namespace {

using emulator::Fault;

// Those of backends/cuda/kernels; tests/house/planted.py finds one that is neither here nor in
// mlp_faults.cpp. Five have phases of their own: LoadSamples, StoreSamples, CopyValue, Random and
// Reference.
const std::set<std::string> all_kernels{/* Load */ "LoadSamples",
                                        /* Store */ "StoreSamples",
                                        /* Copy */ "CopyValue",
                                        /* RandomNumbers */ "Random",
                                        /* Fallback */ "Reference",
                                        "AveragePool",
                                        "AveragePoolGradient",
                                        "BatchSum",
                                        "Concatenate",
                                        "ConvolutionWeightGradient",
                                        "Convolve",
                                        "ConvolveBack",
                                        "Elementwise",
                                        "Gather",
                                        "MaxPool",
                                        "MaxPoolGradient",
                                        "Multiply",
                                        "MultiplySum",
                                        "OneHot",
                                        "OuterSum",
                                        "Pad",
                                        "Permute",
                                        "Pick",
                                        "Product",
                                        "Reduce",
                                        "Reread",
                                        "SharedReread",
                                        "ReduceSum",
                                        "ScatterSum",
                                        "SharedElementwise",
                                        "Slice",
                                        "Softmax",
                                        "TensorMultiply",
                                        "TensorOuterSum",
                                        "TensorProduct"};

// Whether a program's results are right on a number of blocks.
class Trial {
 public:
  explicit Trial(const OnDevice<float>& the_subject, double the_units = 300)
      : subject(the_subject), units(the_units) {
    reference.fill(samples);
    expected = reference.evaluate(samples);
  }
  bool operator()(int blocks) const {
    const auto results = Runner<float>(*subject.program, blocks)(reference, expected, samples);
    return std::all_of(expected.begin(), expected.end(), [&](const auto& entry) {
      return distance(results.at(entry.first), entry.second) < units;
    });
  }

 private:
  static constexpr int samples = 65;  // more than a tile of most kernels
  OnDevice<float> subject;
  double units;  // of rounding
  Reference reference{subject.record};
  std::map<int, Doubles> expected;
};

// What follows a product of a library: its numbers are read again.
bool rereads() {
  constexpr int elements = 3, stride = 64;
  const Numbers numbers = random_numbers(elements * stride, 1);
  emulator::Buffer<float> x(numbers, "x"), y(numbers.size(), "y"), z(elements, "z");
  const auto from = emulator::View<const float>(x.view());
  emulator::launch<cuda::Reread<elements, 4>>(
      2, from, stride, epilogues::InLanes<emulator::View<float>>{y.view(), stride});
  emulator::launch<cuda::SharedReread<elements>>(
      1, from.part(0, elements), 1, epilogues::InColumns<emulator::View<float>>{z.view(), 1});
  return y.host() == numbers && std::equal(z.host().begin(), z.host().end(), numbers.begin());
}

}  // namespace

TEST_CASE("a fault in a kernel of steps is noticed, whatever it is") {
  Census census;
  census.take(rereads);
  for (const OnDevice<float>& subject : products_on_tensor_cores()) {
    const Trial rounded(subject, 4 * 0x1p13);
    census.take([&] { return rounded(1); });
  }
  for (const auto& subjects : {layers_with_every_kernel(), operations_with_every_kernel()})
    for (const OnDevice<float>& subject : subjects) {
      const Trial trial(subject);
      for (const int blocks : {1, 2}) census.take([&] { return trial(blocks); });
    }
  CHECK(census.kernels == all_kernels);
  for (const auto& [mutant, text] : census.unnoticed) FAIL_CHECK(text);
  CHECK(census.noticed_of(Fault::one_further) > 90);
  CHECK(census.noticed_of(Fault::one_further) == census.noticed_of(Fault::one_before));
  CHECK(census.noticed_of(Fault::no_barrier) == 20);  // two of each kernel that has some
  CHECK(census.noticed_of(Fault::own_value) == 5);
  CHECK(census.noticed_of(Fault::two_threads) == std::ptrdiff_t(all_kernels.size()));
}

// Of one kernel for all steps, on several numbers of blocks. One barrier of each program is spared:
// in the first, the thread that made the sum of the losses takes it up again; in the second, a sum
// lies before a loop that does not read it.
TEST_CASE("no barrier of the grid is for nothing") {
  for (const OnDevice<float>& subject : programs_of_one_kernel()) {
    const Trial trial(subject);
    const auto on = [&](int blocks) { return [&trial, blocks] { return trial(blocks); }; };
    int barriers = 0;
    std::vector<std::string> spared;
    for (const emulator::Site& site : sites_of(on(4))) {
      const bool of_grid = site.place.text().find("whole.hpp") != std::string::npos;
      if (site.fault != Fault::no_barrier || !of_grid) continue;
      ++barriers;
      if (!notices(site, on(4)) && !notices(site, on(3))) spared.push_back(site.place.function());
    }
    CHECK(barriers >= 7);
    CHECK(spared.size() == 1);
  }
}

}  // namespace tg::test
