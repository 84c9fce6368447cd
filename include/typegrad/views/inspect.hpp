// Values seen, checked, stopped at where they are computed: print, assert_that, breakpoint_if.
// SPDX-License-Identifier: MIT
#pragma once
#include <csignal>
#include <cstdio>
#include <cstring>

#include "typegrad/core/fixed_string.hpp"
#include "typegrad/graph/operation.hpp"

namespace tg {

namespace views {

// A value that goes through unchanged; so does its gradient.
struct Through {
  static constexpr Shape shape(const Shape& x) { return x; }
  static constexpr Shape shape(const Shape& x, const Shape&) { return x; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    for (int i = 0; i < call.result.size(); ++i) call.out[i] = call.in[0][i];
  }
  static constexpr Var gradient(Var, Var, Var dy) { return dy; }
  static constexpr std::array<Var, 2> gradient(Var, Var condition, Var, Var dy) {
    return {dy, constant(dy.builder(), 0, condition.shape(), dy.dtype())};
  }
  template <class T>
  static void pass(const LanesCall<T>& call) {
    std::memcpy(call.out, call.in[0],
                std::size_t(call.result.size()) * std::size_t(call.lanes) * sizeof(T));
  }
};

// The first sample of a tile for which a condition has the given truth; -1 when none has.
template <class T>
int first_sample(const LanesCall<T>& call, bool truth) {
  const bool own = call.spaces[1] == ir::Space::per_sample;
  for (int lane = 0; lane < call.active; ++lane)
    for (int e = 0; e < call.shape[1].size(); ++e)
      if ((call.in[1][own ? e * call.lanes + lane : e] != T(0)) == truth) return lane;
  return -1;
}

template <FixedString Message>
struct Print : Through {
  static constexpr const char* name = "Print";
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    pass(call);
    const int size = call.result.size();
    double low = double(call.in[0][0]), high = low, sum = 0;
    for (int e = 0; e < size; ++e)
      for (int lane = 0; lane < call.active; ++lane) {
        const double x = double(call.in[0][e * call.lanes + lane]);
        low = x < low ? x : low, high = x > high ? x : high, sum += x;
      }
    std::printf("%s samples %lld to %lld: min %g mean %g max %g\n", Message.text,
                (long long)call.first_sample, (long long)(call.first_sample + call.active - 1), low,
                sum / (size * call.active), high);
  }
};

template <FixedString Message>
struct Assert : Through {
  static constexpr const char* name = "Assert";
  static constexpr bool asserts = true;  // tg::unchecked leaves it out
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    pass(call);
    if (first_sample(call, false) >= 0) call.fail(Message.text);
  }
};

}  // namespace views

// What breakpoint_if calls: the breakpoint's name, the sample, and the value's elements, `stride`
// apart. Until it is set, SIGTRAP is raised: a debugger stops there.
struct BreakpointCall {
  const char* name = "";
  long long sample = 0;
  int elements = 0, stride = 1;
  const void* data = nullptr;  // double or float, as `wide` says
  bool wide = false;
  const char* file = "";  // where breakpoint_if is written
  int line = 0;

  double at(int element) const {
    const std::ptrdiff_t i = std::ptrdiff_t(element) * stride;
    return wide ? static_cast<const double*>(data)[i] : double(static_cast<const float*>(data)[i]);
  }
};
using BreakpointHandler = void (*)(const BreakpointCall&);
inline BreakpointHandler breakpoint_handler = [](const BreakpointCall&) { std::raise(SIGTRAP); };

namespace views {

template <FixedString Name>
struct Breakpoint : Through {
  static constexpr const char* name = "Breakpoint";
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    pass(call);
    const int lane = first_sample(call, true);
    if (lane < 0) return;
    BreakpointCall here;
    here.name = Name.text;
    here.sample = call.first_sample + lane;
    here.elements = call.result.size(), here.stride = call.lanes;
    here.data = call.in[0] + lane, here.wide = sizeof(T) == 8;
    here.file = call.place.file, here.line = call.place.line;
    breakpoint_handler(here);
  }
};

}  // namespace views

// x. Each time it is computed, a line says its least, mean and largest element:
//   print<"logits">(x)
template <FixedString Message>
constexpr Var print(Operand x) {
  return operation<views::Print<Message>>(x);
}
// x. A call of the function in which the condition, a number or as many as it has elements, is
// nowhere 0 is as without it; in another one Error is thrown with the message, and what later
// stages would do, updates among them, is not done:
//   assert_that<"rates are positive">(rate, rate > 0)
template <FixedString Message>
constexpr Var assert_that(Operand x, Var condition) {
  return operation<views::Assert<Message>>(x, cast(condition, x.dtype()));
}
// x. Where the condition is not 0 for a sample of the tile, tg::breakpoint_handler is called with
// the first such sample:
//   breakpoint_if<"MSE too high">(mse > 100, mse)
template <FixedString Name>
constexpr Var breakpoint_if(Operand condition, Var x) {
  return operation<views::Breakpoint<Name>>(x, cast(condition, x.dtype()));
}

}  // namespace tg
