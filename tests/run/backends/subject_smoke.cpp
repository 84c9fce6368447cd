// Runs a definition on both backends and compares.
// SPDX-License-Identifier: MIT
#include <map>
#include <memory>

#include "subject.hpp"
#include "typegrad/backends/reference/evaluation.hpp"

namespace tg::test {
namespace {

using Numbers = std::vector<double>;

// Of random leaves, in all evaluations.
constexpr std::uint64_t seed = 5, call = 3;

// Results by number: outputs first, then gradients and updates of a recording's leaves.
constexpr int gradient_of = 1000, update_of = 2000;

// The graph that was recorded, differentiated and otherwise untouched, with values for its leaves.
class Reference {
 public:
  explicit Reference(const Definition& subject) : recording(std::make_unique<ir::Recording>()) {
    subject.record(*recording);
    REQUIRE_FALSE(recording->fault());
    graph = std::make_unique<ir::Graph>(passes::gradient(recording->graph()));
    REQUIRE_FALSE(graph->fault);
  }

  int leaves() const { return recording->leaves.size(); }
  const ir::Node& leaf(int index) const {
    return recording->graph()[recording->leaves[index].node];
  }
  bool given(int index) const {
    return !is_random(leaf(index).op) && leaf(index).op != Op::setting;
  }
  static bool is_random(Op op) { return op == Op::uniform || op == Op::normal; }

  // Numbers between -1 and 1; variances and counts are positive.
  void fill(int samples) {
    values.assign(std::size_t(leaves()), {});
    for (int i = 0; i < leaves(); ++i) {
      const ir::Node& node = leaf(i);
      const bool per_sample = node.space == ir::Space::per_sample;
      Random random(std::uint64_t(i), 17);
      for (int n = 0; given(i) && n < node.shape.size() * (per_sample ? samples : 1); ++n) {
        const bool positive = node.op == Op::state;
        values[std::size_t(i)].push_back(!is_floating(node.dtype) && !positive
                                             ? double(random.below(3))
                                             : float(random.between(positive ? 0.5 : -1, 1)));
      }
    }
  }

  // Every output, gradient and update.
  std::map<int, Numbers> evaluate(int samples) const {
    reference::Bindings<double> bindings(*recording, seed, call);
    for (int i = 0; i < leaves(); ++i)
      if (given(i)) bindings.set(i, values[std::size_t(i)].data());
    reference::Evaluation<double> evaluation(*graph, bindings, samples);
    std::map<int, Numbers> results;
    for (int id = 0; id < graph->size(); ++id) {
      const ir::Node& node = (*graph)[id];
      if (!is_sink(node.op)) continue;
      const int key = node.op == Op::output  ? node.attributes[0]
                      : node.op == Op::train ? gradient_of + graph->operand(id, 0).attributes[0]
                                             : update_of + graph->operand(id, 0).attributes[0];
      const int source = node.operand[node.op == Op::output ? 0 : 1];
      const double* value = evaluation.value(source);
      results[key] = Numbers(value, value + evaluation.size(source));
    }
    return results;
  }

  std::unique_ptr<ir::Recording> recording;
  std::unique_ptr<ir::Graph> graph;
  std::vector<Numbers> values;  // of each leaf
};

// The largest difference, in roundings of the larger of 1 and the largest number; nothing is like
// NaN.
template <class T>
double distance(const std::vector<T>& got, const Numbers& expected) {
  REQUIRE(got.size() == expected.size());
  double largest = 1, difference = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    const double d = std::abs(double(got[i]) - expected[i]);
    if (!(d <= difference)) difference = d == d ? d : std::numeric_limits<double>::infinity();
  }
  return difference / largest / double(std::numeric_limits<T>::epsilon());
}

std::string spell(int key) {
  if (key >= update_of) return "update of leaf " + std::to_string(key - update_of);
  if (key >= gradient_of) return "gradient of leaf " + std::to_string(key - gradient_of);
  return "output " + std::to_string(key);
}

// A program with memory of its own, for calls of any number of samples one after the other.
template <class T>
class Runner {
 public:
  // capacity 0: any number
  Runner(const cpu::Program<T>& program, int capacity, int threads)
      : pool(threads), executor(program, capacity, pool) {}

  // What the reference's evaluation gives, in the same order.
  std::map<int, std::vector<T>> operator()(const Reference& reference,
                                           const std::map<int, Numbers>& expected, int samples) {
    std::vector<std::vector<T>> leaves(std::size_t(reference.leaves()));
    std::vector<std::vector<std::int32_t>> integers(leaves.size());
    for (int i = 0; i < reference.leaves(); ++i) {
      const Numbers& values = reference.values[std::size_t(i)];
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
  Reference reference(subject);
  compare(*subject.program32, reference, samples, units);
  compare(*subject.program64, reference, samples, units);
}

void check_against_differences(const Definition& subject, int samples) {
  constexpr double step = 1e-5;
  Reference reference(subject);
  reference.fill(samples);
  const auto results = reference.evaluate(samples);
  for (int leaf = 0; leaf < reference.leaves(); ++leaf) {
    const bool is_x =
        reference.leaf(leaf).op == Op::input && leaf == ir::leaf_named(*reference.recording, "x");
    if (!is_x && reference.leaf(leaf).op != Op::parameter) continue;
    Numbers slopes;
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
