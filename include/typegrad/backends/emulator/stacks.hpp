// Stacks of fibers: memory, and what the address sanitizer has to know of a change between them.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <memory>

#if defined(__SANITIZE_ADDRESS__)  // the sanitizer's own interface
extern "C" {
void __sanitizer_start_switch_fiber(void** left, const void* bottom, std::size_t bytes);
void __sanitizer_finish_switch_fiber(void* left, const void** bottom, std::size_t* bytes);
void __asan_unpoison_memory_region(const volatile void* begin, std::size_t bytes);
}
#endif

namespace tg::emulator {

struct Stack {
  static constexpr std::size_t bytes = std::size_t(128) << 10;
  std::unique_ptr<char[]> memory{new char[bytes]};  // no page of it is touched before its use
};

#if defined(__SANITIZE_ADDRESS__)

// One side of a change of stacks: leave_for before it, arrive behind it.
class StackChange {
 public:
  void leave_for(const void* stack, std::size_t bytes) {
    __sanitizer_start_switch_fiber(&left, stack, bytes);
  }
  void leave_for_ever(const void* stack, std::size_t bytes) {
    __sanitizer_start_switch_fiber(nullptr, stack, bytes);
  }
  // Which stack was left for this one.
  void arrive(const void** stack = nullptr, std::size_t* bytes = nullptr) {
    __sanitizer_finish_switch_fiber(left, stack, bytes);
  }
  static void forget(const Stack& stack) {
    __asan_unpoison_memory_region(stack.memory.get(), Stack::bytes);
  }

 private:
  void* left = nullptr;
};

#else

class StackChange {
 public:
  void leave_for(const void*, std::size_t) {}
  void leave_for_ever(const void*, std::size_t) {}
  void arrive(const void** = nullptr, std::size_t* = nullptr) {}
  static void forget(const Stack&) {}
};

#endif

}  // namespace tg::emulator
