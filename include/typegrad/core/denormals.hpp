// Numbers too small to be normal ones, which count as zero while programs run on the CPU.
// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <cstdint>

namespace tg {

namespace detail {

inline std::atomic<bool> flushes_denormals{true};

}  // namespace detail

// What a thread's arithmetic makes of denormal numbers. Where the machine offers no choice, nothing
// here does anything.
class DenormalMode {
 public:
  static DenormalMode of_this_thread() { return DenormalMode(read() & zeros); }
  static constexpr DenormalMode flushing() { return DenormalMode(zeros); }

  void set() const {
    const Bits now = read();
    if ((now & zeros) != bits) write((now & ~zeros) | bits);
  }

 private:
#if defined(__SSE2__)
  using Bits = unsigned;
  static constexpr Bits zeros = 1u << 15 | 1u << 6;  // of results, of operands
  static Bits read() { return __builtin_ia32_stmxcsr(); }
  static void write(Bits bits) { __builtin_ia32_ldmxcsr(bits); }
#elif defined(__aarch64__)
  using Bits = std::uint64_t;
  static constexpr Bits zeros = Bits(1) << 24;
  static Bits read() {
    Bits bits;
    asm volatile("mrs %0, fpcr" : "=r"(bits));
    return bits;
  }
  static void write(Bits bits) { asm volatile("msr fpcr, %0" : : "r"(bits)); }
#else
  using Bits = unsigned;
  static constexpr Bits zeros = 0;
  static Bits read() { return 0; }
  static void write(Bits) {}
#endif

  constexpr explicit DenormalMode(Bits the_bits) : bits(the_bits) {}

  Bits bits;
};

// Whether numbers between zero and the smallest normal one (1.2e-38 of float, 2.2e-308 of double)
// count as zero in what the calls from now on read and compute on the CPU; at first they do, as in
// TensorFlow. An operation with such a number takes Intel's cores some hundred cycles, and training
// makes them: what a solver remembers of a weight without a gradient shrinks with each step and
// never becomes zero. Source of the name: torch.set_flush_denormal, which is off at first.
inline void set_flush_denormal(bool flushes) { detail::flushes_denormals = flushes; }

// As long as it lives, this thread flushes denormal numbers, unless somebody wants them kept.
class FlushesDenormals {
 public:
  FlushesDenormals() : before(DenormalMode::of_this_thread()) {
    if (detail::flushes_denormals.load(std::memory_order_relaxed)) DenormalMode::flushing().set();
  }
  ~FlushesDenormals() { before.set(); }
  FlushesDenormals(const FlushesDenormals&) = delete;
  FlushesDenormals& operator=(const FlushesDenormals&) = delete;

 private:
  DenormalMode before;
};

}  // namespace tg
