// Numbers as a value, in the memory of a backend: given to its models and functions without a copy.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>

#include "typegrad/core/samples.hpp"
#include "typegrad/runtime/default_backend.hpp"
#include "typegrad/runtime/maps.hpp"
#include "typegrad/runtime/memory.hpp"

namespace tg {

// `count` samples of `shape` each, one after the other, all zero at first; without a shape, `count`
// numbers. Where the backend's memory is a device's, the numbers live there:
//   tg::Tensor<float, tg::Cuda> x(64, {1, 28, 28}), y(64, {10});
//   std::ranges::copy(images, x.write().begin());  // goes to the device with the next call
//   model(x, y);                                   // copies nothing else
//   float first = y.read()[0];                     // comes back now
// A model, a trainer or a function takes it like any range: one of the same backend as it lies
// there, another one by way of the host. Trainer::fit learns from samples that stay there. Integers
// that choose something are checked on the host.
template <class T, class Backend = DefaultBackend>
class Tensor {
  using Memory = runtime::MemoryOf<Backend>;
  using Array = typename Memory::template Array<T>;

 public:
  explicit Tensor(std::int64_t count, const Shape& shape = {})
      : samples(count), extents(shape), numbers(std::size_t(count) * std::size_t(shape.size())) {}
  // Throws Error when a range is no whole number of samples.
  template <ContiguousOf<T> Range>
  explicit Tensor(const Range& range, const Shape& shape = {})
      : Tensor(runtime::count_samples(std::span<const T>(range.data(), range.size()), shape.size(),
                                      "tensor"),
               shape) {
    std::copy_n(range.data(), size(), write().data());
  }

  std::int64_t count() const { return samples; }
  const Shape& shape() const { return extents; }
  std::size_t size() const { return numbers.size(); }

  // What the numbers are now; valid until a call writes them. Copies what is newer on the device.
  std::span<const T> read() const { return {data(), size()}; }
  const T* data() const { return Memory::to_read(numbers, 0, size()); }
  // The same to write: at the next call the device takes them over. Ask again after that.
  std::span<T> write() { return {Memory::to_write(numbers, 0, size()), size()}; }

  // What programs of the backend bind, and what it is part of.
  auto part() const { return Memory::part_of(numbers, 0, size()); }
  const Array& array() const { return numbers; }

 private:
  std::int64_t samples;
  Shape extents;
  Array numbers;
};

}  // namespace tg
