// An operation that counts how often its kernel runs: once for each tile, and each step of a loop.
// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <cmath>

#include "typegrad/core/math.hpp"
#include "typegrad/graph/mathematics.hpp"
#include "typegrad/graph/operation.hpp"

namespace tg::test {

// sin(x)
template <std::atomic<int>& Count>
struct CountedSine {
  static constexpr const char* name = "counted sine";
  static constexpr Shape shape(const Shape& x) { return x; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    for (int e = 0; e < call.result.size(); ++e) call.out[e] = math::sin(call.in[0][e]);
  }
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    ++Count;
    for (int e = 0; e < call.result.size() * call.lanes; ++e) call.out[e] = std::sin(call.in[0][e]);
  }
  static constexpr Var gradient(Var x, Var, Var dy) { return cos(x) * dy; }
};

}  // namespace tg::test
