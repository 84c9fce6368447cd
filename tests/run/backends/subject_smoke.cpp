// Runs a definition on both backends and compares.
// SPDX-License-Identifier: MIT
#include "reference.hpp"

namespace tg::test {
namespace {

// A program with memory of its own, for calls of any number of samples one after the other.
template <class T>
class Runner {
 public:
  // capacity 0: any number
  Runner(const cpu::Program<T>& program, int capacity, int threads)
      : pool(threads), executor(program, capacity, pool) {}

  // What the reference's evaluation gives, in the same order.
  std::map<int, std::vector<T>> operator()(const Reference& reference,
                                           const std::map<int, Doubles>& expected, int samples) {
    std::vector<std::vector<T>> leaves(std::size_t(reference.leaves()));
    std::vector<std::vector<std::int32_t>> integers(leaves.size());
    for (int i = 0; i < reference.leaves(); ++i) {
      const Doubles& values = reference.values[std::size_t(i)];
      std::vector<T>& mine = leaves[std::size_t(i)];
      mine.assign(values.begin(), values.end());
      executor.bind(cpu::leaf_slot(i), mine.data());
      const ir::Node& leaf = reference.leaf(i);
      if (leaf.space == ir::Space::shared || is_floating(leaf.dtype)) continue;
      integers[std::size_t(i)].assign(values.begin(), values.end());
      executor.bind(cpu::leaf_slot(i), reinterpret_cast<T*>(integers[std::size_t(i)].data()));
    }
    std::map<int, std::vector<T>> results;
    for (const auto& [key, numbers] : expected) {
      if (key >= update_of) continue;
      results[key].assign(numbers.size() + 1, sentinel);
      const int slot =
          key >= gradient_of ? cpu::gradient_slot(key - gradient_of) : 2 * reference.leaves() + key;
      executor.bind(slot, results[key].data());
    }
    executor.run(samples, seed, call);
    for (auto& [key, numbers] : results) {
      CHECK(numbers.back() == sentinel);
      numbers.pop_back();
    }
    for (const auto& [key, numbers] : expected)
      if (key >= update_of) results[key] = leaves[std::size_t(key - update_of)];
    return results;
  }

 private:
  static constexpr T sentinel = -77;  // behind each result, where nobody may write
  ThreadPool pool;
  cpu::Executor<T> executor;
};

template <class T>
void compare(const cpu::Program<T>& program, Reference& reference,
             std::initializer_list<int> samples, double units) {
  // Smaller calls after larger ones find old numbers in all memory.
  const int most = program.sizes.across_levels ? std::max(samples) : 0;
  Runner<T> one(program, most, 1), three(program, most, 3);
  for (int count : samples) {
    if (count < reference.recording->minimum_samples) continue;
    CAPTURE(count, sizeof(T));
    reference.fill(count);
    const auto expected = reference.evaluate(count);
    const auto results = one(reference, expected, count);
    for (const auto& [key, numbers] : expected) {
      INFO(spell(key));
      CHECK(distance(results.at(key), numbers) < units);
    }
    CHECK(three(reference, expected, count) == results);
    CHECK(Runner<T>(program, count, 1)(reference, expected, count) == results);
  }
}

}  // namespace

void check_against_reference(const Definition& subject, std::initializer_list<int> samples,
                             double units) {
  Reference reference(subject.record);
  compare(*subject.program32, reference, samples, units);
  compare(*subject.program64, reference, samples, units);
}

void check_against_differences(const Definition& subject, int samples) {
  constexpr double step = 1e-5;
  Reference reference(subject.record);
  reference.fill(samples);
  const auto results = reference.evaluate(samples);
  for (int leaf = 0; leaf < reference.leaves(); ++leaf) {
    const bool is_x =
        reference.leaf(leaf).op == Op::input && leaf == ir::leaf_named(*reference.recording, "x");
    if (!is_x && reference.leaf(leaf).op != Op::parameter) continue;
    Doubles slopes;
    for (double& number : reference.values[std::size_t(leaf)]) {
      const double middle = number;
      number = middle + step;
      const double above = reference.evaluate(samples)[1][0];
      number = middle - step;
      const double below = reference.evaluate(samples)[1][0];
      number = middle;
      slopes.push_back((above - below) / (2 * step));
    }
    INFO((is_x ? "x" : spell(gradient_of + leaf)));
    // The differences themselves are good to 1e-8.
    CHECK(distance(results.at(is_x ? 2 : gradient_of + leaf), slopes) < 5e7);
  }
}

}  // namespace tg::test
