// A program with loops that end early beside the same program whose loops do not.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstring>
#include <vector>

#include "tests/catch.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/runtime/program.hpp"

namespace tg::test {

inline constexpr int rows = 12;

// Runs a program on numbers that tell samples apart. A leaf "n" is a number of steps, a leaf "mask"
// of `rows` numbers says so, too; every other sample's has a hole.
class EndedRun {
 public:
  EndedRun(const cpu::Program<float>& program, const runtime::Leaves& leaves,
           std::vector<int> output_sizes, int count, int most_steps)
      : samples(count), call(program, leaves, count) {
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
      const bool given = leaves.infos[leaf].op == Op::input;
      std::vector<float>& numbers =
          memory.emplace_back(std::size_t(leaves.infos[leaf].shape.size() * (given ? samples : 1)));
      for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = leaves.name(leaf) == "n"      ? float(steps_of(int(i), most_steps))
                     : leaves.name(leaf) == "mask" ? mask_of(int(i), most_steps)
                                                   : float(int(i * 37 % 19) - 9) / 10;
      call.bind(leaf, numbers.data());
    }
    for (std::size_t i = 0; i < output_sizes.size(); ++i) {
      results.emplace_back(std::size_t(output_sizes[i] * samples), -1.f);
      call.bind_output(int(i), results.back().data());
    }
  }
  void run() { call.run(samples); }

  std::vector<std::vector<float>> results;

 private:
  static int steps_of(int sample, int most) { return sample * 5 % (most + 1); }
  static float mask_of(int i, int most) {
    const int sample = i / rows, row = i % rows;
    return float(row < steps_of(sample + 1, most) && (sample % 2 == 0 || row != 1));
  }

  int samples;
  runtime::Callable<cpu::Program<float>> call;
  std::vector<std::vector<float>> memory;
};

// 1. `exits` loops may end early.
// 2. The bits of all outputs are those of the program without exits: also when memory holds the
//    numbers of another call, and for any number of samples and of steps.
template <class D, int exits, int capacity = 0, class M = Mode<>>
void check_ends() {
  using P = runtime::ProgramOf<D, Purpose::inference, f32, capacity, M>;
  const cpu::Program<float>& ending = P::program();
  cpu::Program<float> whole = ending;
  whole.exits = {};
  CHECK(int(ending.exits.size()) == exits);
  using C = typename P::Plan::C;
  std::vector<int> sizes;
  for (const ir::Node& node : C::recording.graph().nodes)
    if (node.op == Op::output) sizes.push_back(node.shape.size());
  for (const int samples : {1, 5, 70}) {
    if (capacity == 1 && samples > 1) continue;
    for (const int most_steps : {0, 1, 4, 5, rows, rows + 3}) {
      INFO("samples " << samples << ", steps " << most_steps);
      EndedRun one(ending, P::leaves(), sizes, samples, most_steps);
      EndedRun other(whole, P::leaves(), sizes, samples, most_steps);
      for (int call = 0; call < 2; ++call) one.run(), other.run();
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        INFO("output " << i);
        CHECK(one.results[i] == other.results[i]);  // -0 is 0
      }
    }
  }
}

}  // namespace tg::test
