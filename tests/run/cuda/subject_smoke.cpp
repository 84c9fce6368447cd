// Runs a definition on the emulated GPU and by the reference, and compares.
// SPDX-License-Identifier: MIT
#include "runner.hpp"

namespace tg::test {

template <class T>
void check_on_device(const OnDevice<T>& subject, std::initializer_list<int> samples, double units) {
  Reference reference(subject.record);
  Runner<T> few(*subject.program, 2), many(*subject.program, 5);
  for (int count : samples) {
    if (count < reference.recording->minimum_samples) continue;
    CAPTURE(count);
    reference.fill(count);
    const auto expected = reference.evaluate(count);
    const int before = few.launched();
    const auto results = few(reference, expected, count);
    CHECK(few.launched() - before == subject.program->launches);
    for (const auto& [key, numbers] : expected) {
      INFO(spell(key));
      CHECK(distance(results.at(key), numbers) < units);
    }
    CHECK(many(reference, expected, count) == results);
  }
}
void check_same_bits(const OnDevice<float>& a, const OnDevice<float>& b, int samples) {
  Reference reference(a.record);
  reference.fill(samples);
  const auto expected = reference.evaluate(samples);
  const auto result = Runner<float>(*a.program, 3)(reference, expected, samples);
  CHECK(Runner<float>(*b.program, 2)(reference, expected, samples) == result);
}

template void check_on_device(const OnDevice<float>&, std::initializer_list<int>, double);
template void check_on_device(const OnDevice<double>&, std::initializer_list<int>, double);

}  // namespace tg::test
