// Reads what PyTorch computed.
// SPDX-License-Identifier: MIT
#include "golden.hpp"

namespace tg::test {

std::string golden_path(const std::string& name) {
  return TYPEGRAD_GOLDEN_DIR "/" + name + ".safetensors";
}

template <class T>
Golden<T>::Golden(const std::string& run)
    : file(io::read_safetensors(golden_path(run + (sizeof(T) == 4 ? "_f32" : "_f64")))) {}

template <class T>
double Golden<T>::distance(const std::string& name, const T* got, std::size_t size) const {
  const io::Tensor* tensor = file.find(name);
  if (tensor == nullptr) FAIL("no tensor " << name);
  std::vector<double> expected(tensor->size());
  tensor->copy_to(expected.data());
  const std::size_t every = size > 2000 ? 37 : 1;
  const bool part = size < expected.size();
  REQUIRE((part || expected.size() == (size + every - 1) / every));
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < expected.size() && i * every < size; ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    const double d = std::abs(double(got[i * every]) - expected[i]);
    if (!(d <= difference)) difference = d == d ? d : std::numeric_limits<double>::infinity();
  }
  return largest == 0 ? difference : difference / largest;
}

template class Golden<float>;
template class Golden<double>;

}  // namespace tg::test
