// Operations whose programs run kernels that faults are planted in.
// SPDX-License-Identifier: MIT
#include "faults_subjects.hpp"
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/statistics.hpp"

namespace tg::test {
namespace {

struct Arranged {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3, 4}), w = s.argument("w", {3, 4}), n = s.input("n", {2}, i32),
              label = s.label("label");
    const Var y = softmax(x) + log_softmax(2 * x);
    const Var parts = concatenate({flatten(transpose(x)), flatten(x[range(1, -1)]),
                                   flatten(take(w, n)), at(x, range(), 1), w[0]});
    const Var labels = one_hot(label, 3) * pick(x[2], label);
    const Var cost = sum(parts * parts) + sum(labels) + sum(y * y);
    return outputs(sum(x, {0}), max(x, {1}), argmax(x, 0), cost, grad(cost, x), grad(cost, w));
  }
};

// A product that is each sample's own, one that is summed over the samples, loops of the reference.
struct Multiplied {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {3, 4}), w = s.argument("w", {4, 5});
    const Var y = matmul(x, w), cost = mean(y * y);
    const Var basis = ir::emit(w.builder(), Op::orthogonal, w.shape(), w.dtype(), ir::operands(w));
    return outputs(y, grad(cost, w), basis);
  }
};

struct Remembered {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {5}), a = s.shared("a", {300}), b = s.shared("b", {300});
    s.update(a, b);
    s.update(b, a + tanh(b));
    return outputs(x + s.uniform("mask", {5}), x * s.normal("noise", {5}));
  }
};

}  // namespace

std::vector<OnDevice<float>> operations_with_every_kernel() {
  return {kernels_of<Arranged, Purpose::inference, cuda::Kernels::of_steps>(),
          kernels_of<Multiplied, Purpose::inference, cuda::Kernels::of_steps>(),
          kernels_of<Remembered, Purpose::inference, cuda::Kernels::of_steps>()};
}

}  // namespace tg::test
