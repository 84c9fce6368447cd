// Someone else's program: networks as headers and the standard library, nothing else.
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>

#include "attention.hpp"
#include "bare.hpp"
#include "branched.hpp"
#include "expected.hpp"
#include "growing.hpp"
#include "lenet.hpp"
#include "moves.hpp"
#include "normalised.hpp"
#include "precise.hpp"
#include "small.hpp"

constexpr int samples = 3;

template <int Count, class T>
constexpr std::array<T, Count> sample(const T* numbers, int which) {
  std::array<T, Count> result{};
  for (int i = 0; i < Count; ++i) result[std::size_t(i)] = numbers[which * Count + i];
  return result;
}
constexpr auto bits(float x) { return std::bit_cast<std::uint32_t>(x); }
constexpr auto bits(double x) { return std::bit_cast<std::uint64_t>(x); }
template <class T>
constexpr bool same(const T* a, const T* b, int count) {
  for (int i = 0; i < count; ++i)
    if (bits(a[i]) != bits(b[i])) return false;
  return true;
}

// A sample is a constant, and so is what the network says of it.
constexpr auto image = sample<36>(small_x0, 0);
constexpr std::array<float, 3> scores = small::predict(image);
static_assert(same(scores.data(), small_y0, 3));

static_assert(same(bare::predict(sample<6>(bare_x0, 1)).data(), bare_y0 + 6, 6));

// exp, erf and the like are not the standard library's in constant expressions.
constexpr bool near(const float* a, const float* b, int count) {
  for (int i = 0; i < count; ++i)
    if (!(a[i] - b[i] < 1e-5f && b[i] - a[i] < 1e-5f)) return false;
  return true;
}
static_assert(near(attention::predict(sample<40>(attention_x0, 0)).data(), attention_y0, 40));

// One input, one output: arrays, pointers, and pointers with memory of the caller's.
template <int Inputs, int Outputs, class Predict, class T>
int faults(const char* name, const Predict& predict, const T* x, const T* y) {
  static T memory[Predict::workspace];
  int count = 0;
  for (int n = 0; n < samples; ++n) {
    const auto result = predict(sample<Inputs>(x, n));
    T direct[Outputs], lent[Outputs];
    predict(x + n * Inputs, direct);
    predict(x + n * Inputs, lent, memory);
    const T* const expected = y + n * Outputs;
    count += !same(result.data(), expected, Outputs) + !same(direct, expected, Outputs) +
             !same(lent, expected, Outputs);
  }
  if (count > 0) std::printf("%s: %d results differ\n", name, count);
  return count;
}

int main() {
  int count = faults<784, 10>("lenet", lenet::predict, lenet_x0, lenet_y0) +
              faults<36, 3>("small", small::predict, small_x0, small_y0) +
              faults<40, 2288>("growing", growing::predict, growing_x0, growing_y0) +
              faults<36, 3>("precise", precise::predict, precise_x0, precise_y0) +
              faults<396, 6>("normalised", normalised::predict, normalised_x0, normalised_y0) +
              faults<40, 40>("attention", attention::predict, attention_x0, attention_y0) +
              faults<24, 24>("moves", moves::predict, moves_x0, moves_y0);
  for (int n = 0; n < samples; ++n) {
    float scores_of[5], wide[216];
    branched::predict(branched_x0 + n * 108, branched_x1 + n * 108, scores_of, wide);
    if (!same(scores_of, branched_y0 + n * 5, 5) || !same(wide, branched_y1 + n * 216, 216))
      std::printf("branched: sample %d differs\n", n), ++count;
  }
  return count == 0 ? 0 : 1;
}
