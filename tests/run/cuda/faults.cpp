// Every kernel that steps run, with every fault that can be planted in it: an index off by one, a
// barrier removed, a shuffle that a lane misses, two threads at one number. Each is noticed: the
// emulator reports it, or a result is wrong. A barrier that nobody misses would be for nothing.
// SPDX-License-Identifier: MIT
#include "faults.hpp"

#include "faults_subjects.hpp"
#include "runner.hpp"

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
                                        "ReduceSum",
                                        "ScatterSum",
                                        "SharedElementwise",
                                        "Slice",
                                        "Softmax"};

// With two tiles of most kernels for a block, and then two blocks.
void take(Census& census, const OnDevice<float>& subject) {
  constexpr int samples = 65;
  Reference reference(subject.record);
  reference.fill(samples);
  const auto expected = reference.evaluate(samples);
  for (const int blocks : {1, 2})
    census.take([&] {
      const auto results = Runner<float>(*subject.program, blocks)(reference, expected, samples);
      return std::all_of(expected.begin(), expected.end(), [&](const auto& entry) {
        return distance(results.at(entry.first), entry.second) < 300;
      });
    });
}

}  // namespace

TEST_CASE("a fault in a kernel of steps is noticed, whatever it is") {
  Census census;
  for (const auto& subjects : {layers_with_every_kernel(), operations_with_every_kernel()})
    for (const OnDevice<float>& subject : subjects) take(census, subject);
  CHECK(census.kernels == all_kernels);
  for (const auto& [mutant, text] : census.unnoticed) FAIL_CHECK(text);
  CHECK(census.noticed_of(Fault::one_further) > 90);
  CHECK(census.noticed_of(Fault::one_further) == census.noticed_of(Fault::one_before));
  CHECK(census.noticed_of(Fault::no_barrier) == 14);  // two of each kernel that has some
  CHECK(census.noticed_of(Fault::own_value) == 5);
  CHECK(census.noticed_of(Fault::two_threads) == std::ptrdiff_t(all_kernels.size()));
}

}  // namespace tg::test
