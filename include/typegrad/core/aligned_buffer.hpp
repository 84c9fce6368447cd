// Memory for vectors, whose length is known when it is made.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace tg {

// 64-byte aligned, zeroed. Large ones begin with a page: what is written there
// while a caller's vector is read (which begins 16 bytes behind a page) never looks, by the last
// bits of its address, like what is read next; else each load would wait for a store.
template <class T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t count)
      : memory(count == 0 ? nullptr
                          : static_cast<T*>(::operator new(count * sizeof(T), alignment(count))),
               Free{alignment(count)}),
        length(count) {
    std::fill_n(memory.get(), count, T(0));
  }
  T* data() const { return memory.get(); }
  std::size_t size() const { return length; }
  T& operator[](std::size_t i) const { return memory.get()[i]; }

 private:
  static constexpr std::align_val_t alignment(std::size_t count) {
    return std::align_val_t(count * sizeof(T) < std::size_t(1) << 20 ? 64 : 4096);
  }
  struct Free {
    std::align_val_t alignment{64};
    void operator()(T* p) const { ::operator delete(p, alignment); }
  };
  std::unique_ptr<T, Free> memory;
  std::size_t length = 0;
};

}  // namespace tg
