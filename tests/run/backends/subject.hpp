// A layer, a cost of its output and all gradients, on the CPU backend, against the reference.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/catch.hpp"
#include "typegrad/runtime/program.hpp"

namespace tg::test {

// Outputs: y = L(x), the cost sum(y * cotangent), and its gradient with respect to x (Extents…).
template <class L, int... Extents>
struct Probe {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {Extents...});
    const Var y = L::define(s, x);
    const Var cost = sum(y * s.input("cotangent", y.shape()));
    ir::Builder* builder = x.builder();
    for (const ir::Leaf& leaf : s.recording()->leaves) {
      const Var parameter{builder, leaf.node};
      if (parameter.node().op != Op::parameter) continue;
      ir::emit(builder, Op::train, parameter.shape(), parameter.dtype(),
               ir::operands(parameter, grad(cost, parameter)));
    }
    return outputs(y, cost, grad(cost, x));
  }
};

// The output alone.
template <class L, int... Extents>
struct Answer {
  static constexpr Var define(Scope& s) { return L::define(s, s.input("x", {Extents...})); }
};

// What stays of a definition when its type is forgotten.
struct Definition {
  void (*record)(ir::Recording&) = nullptr;  // in double, for the reference
  const cpu::Program<float>* program32 = nullptr;
  const cpu::Program<double>* program64 = nullptr;
};

// A compiler that only reads the tests (tests/syntax) says the same of programs in either
// precision.
#if defined(TYPEGRAD_TESTS_ARE_READ)
inline constexpr bool in_double = false;
#else
inline constexpr bool in_double = true;
#endif

template <class D, Purpose purpose, int Capacity = 0>
Definition definition() {
  Definition subject{.record = [](ir::Recording& to) { to = record<D>(purpose, f64); },
                     .program32 = &runtime::ProgramOf<D, purpose, f32, Capacity>::program()};
  if constexpr (in_double)
    subject.program64 = &runtime::ProgramOf<D, purpose, f64, Capacity>::program();
  return subject;
}

// 1. Every output, gradient and update is the reference's, for each number of samples; differences
//    count in units of rounding of the largest number.
// 2. The bits are the same for any number of threads and any capacity that fits.
// 3. Nothing is written behind a result.
void check_against_reference(const Definition& subject,
                             std::initializer_list<int> samples = {300, 1, 65, 7, 64},
                             double units = 300);

// The reference's gradients of output 1 are the differences of that output, number by number.
void check_against_differences(const Definition& subject, int samples = 3);

template <class L, int... Extents>
void check_layer() {
  const Definition subject = definition<Probe<L, Extents...>, Purpose::training>();
  check_against_reference(subject);
  check_against_differences(subject);
}

template <class L, int... Extents>
void check_inference() {
  check_against_reference(definition<Answer<L, Extents...>, Purpose::inference>());
}

// In the layout for one sample at a time: vectors along its elements.
template <class L, int... Extents>
void check_latency() {
  check_against_reference(definition<Answer<L, Extents...>, Purpose::inference, 1>(), {1});
}

}  // namespace tg::test
