// Every kernel that steps run, with every fault that can be planted in it: an index off by one, a
// barrier removed, a shuffle that a lane misses, two threads at one number. Each is noticed: the
// emulator reports it, or a result is wrong. A barrier that nobody misses would be for nothing.
// SPDX-License-Identifier: MIT
#include "faults.hpp"

#include <cmath>

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
                                        "Clear",
                                        "Concatenate",
                                        "ConvolutionWeightGradient",
                                        "Convolve",
                                        "ConvolveBack",
                                        "Elementwise",
                                        "FindTaken",
                                        "Gather",
                                        "Judge",
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
                                        "TakeBatch",
                                        "TensorMultiply",
                                        "TensorOuterSum",
                                        "TensorProduct",
                                        /* any of them */ "Where"};

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

// Loops that end early: a step that any sample takes, wherever it is; rows of zeros; and a phase
// that runs where it should.
bool ends_loops() {
  constexpr int samples = 300;
  for (const std::size_t longest : {0, 33, 255, 299}) {
    std::vector<float> numbers(samples);
    numbers[longest] = 1;
    emulator::Buffer<float> mask(numbers, "mask"), taken(1, "taken");
    emulator::launch<cuda::FindTaken>(2, mask.view(), samples, taken.view());
    if (taken.host()[0] == 0) return false;
  }
  using Zeros = cuda::phase::Zeros<float, 3, true>;
  const auto cleared = [](float flag) {
    emulator::Buffer<float> row(std::vector<float>{1, 2, 3}, "row");
    emulator::Buffer<float> taken(std::vector<float>{flag}, "taken");
    emulator::launch<cuda::phase::Where<float, false, Zeros>>(
        1, cuda::Places<emulator::AnyView, 2>{{row.view(), taken.view()}},
        cuda::Batch<emulator::View<std::uint64_t>>{.samples = 1, .stride = 64},
        cuda::phase::Nothing{});
    return row.host();
  };
  emulator::Buffer<float> none(std::vector<float>(samples), "mask"), taken(1, "taken");
  emulator::launch<cuda::FindTaken>(1, none.view(), samples, taken.view());
  emulator::Buffer<float> rows(std::vector<float>{1, 2, 3, 4, 5, 6}, "rows");
  emulator::launch<cuda::Clear>(2, rows.view(), 2, 3);
  return taken.host()[0] == 0 && rows.host() == std::vector<float>(6) &&
         cleared(0) == std::vector<float>(3) && cleared(2) == std::vector<float>{1, 2, 3};
}

// What a run of training steps does beside its programs.
bool takes_and_judges() {
  constexpr int count = 5, width = 3;
  emulator::Buffer<float> from(random_numbers(20 * width, 2), "dataset"),
      to(count * width, "batch");
  emulator::Buffer<float> labels(random_numbers(20, 3), "labels"), targets(count, "targets");
  emulator::Buffer<int> order(std::vector<int>{1, 7, 3, 9, 19, 2, 4, 11}, "order");
  emulator::Buffer<std::int64_t> counter(std::vector<std::int64_t>{3, 1}, "counters");
  emulator::Buffer<float> measured(std::vector<float>{0.5f, 2}, "measured");
  emulator::Buffer<float> wrong(std::vector<float>{NAN, 3}, "measured");
  emulator::Buffer<float> teaches(std::vector<float>{0, 1}, "teaches"), log(4, "log");
  emulator::Buffer<std::uint64_t> call(std::vector<std::uint64_t>{5, 6}, "call");
  emulator::Buffer<float> rates(std::vector<float>{9, 8, 7}, "rates"), rate(1, "rate");
  using Rows = cuda::TakeBatch::Rows<emulator::View<float>>;
  emulator::launch<cuda::TakeBatch>(2, Rows{from.view(), to.view(), width},
                                    Rows{labels.view(), targets.view(), 1}, order.view(),
                                    counter.view(), count);
  const auto judge = [&](emulator::Buffer<float>& of) {
    emulator::launch<cuda::Judge>(2, of.view(), teaches.view(), log.view(), 2, rates.view(),
                                  rate.view(), true, counter.view(), call.view(), count,
                                  cuda::Verdict::ends_run);
  };
  judge(measured);
  bool right = counter.host() == std::vector<std::int64_t>{3 + count, 2} && call.host()[1] == 7 &&
               teaches.host() == std::vector<float>{1, 1} && log.host()[2] == 0.5f &&
               log.host()[3] == 2 && rate.host()[0] == 8;
  judge(wrong);
  right = right && teaches.host() == std::vector<float>{0, 0} && log.host()[1] == 3;
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = std::size_t(order.host()[3 + i]);
    right = right && targets.host()[i] == labels.host()[row];
    for (std::size_t k = 0; k < width; ++k)
      right = right && to.host()[i * width + k] == from.host()[row * width + k];
  }
  return right;
}

}  // namespace

TEST_CASE("a fault in a kernel of steps is noticed, whatever it is") {
  Census census;
  census.take(rereads);
  census.take(takes_and_judges);
  census.take(ends_loops);
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
  // Of each kernel that loops over tiles two, or four.
  CHECK(census.noticed_of(Fault::no_barrier) == 29);
  CHECK(census.noticed_of(Fault::own_value) == 6);
  CHECK(census.noticed_of(Fault::two_threads) == std::ptrdiff_t(all_kernels.size()));
}

// Of one kernel for all steps, on several numbers of blocks. Two barriers of the loop's program are
// spared: one step's product is the next one's factor, of samples that the same block has; and the
// sum of what the loop gives lies before the way back through it, which does not read it.
TEST_CASE("no barrier of the grid is for nothing") {
  std::size_t loops = 0;
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
    CHECK(spared.size() == 2 * loops++);
  }
}

// A loop that ends early has two of its own: behind the flag of a step, and behind the step.
TEST_CASE("no barrier of a loop that ends early is for nothing") {
  const Trial trial(program_that_ends());
  const auto right = [&] { return trial(4); };
  int barriers = 0;
  for (const emulator::Site& site : sites_of(right)) {
    const std::string_view of = site.place.function();
    const bool of_loop = of.find("void tg::cuda::EndingLoop<") != of.npos;
    if (site.fault != Fault::no_barrier || !of_loop) continue;
    ++barriers;
    INFO(site.text());
    CHECK(notices(site, right));
  }
  CHECK(barriers == 4);  // there and back
}

}  // namespace tg::test
