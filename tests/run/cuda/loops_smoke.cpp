// Loops on the emulated GPU: the host repeats a body's launches, or one kernel does.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "tests/run/scan/steps.hpp"

namespace tg::test {
namespace {

template <class D, Purpose purpose>
constexpr bool has(Op op) {
  for (const ir::Node& node : OnCuda<D, purpose>::Plan::L::graph.nodes)
    if (node.op == op) return true;
  return false;
}
using Collected = Probe<Recurrent<true>, 5, 2>;
using Last = Answer<Recurrent<false>, 6, 2>;
static_assert(has<Collected, Purpose::training>(Op::element) &&
              has<Collected, Purpose::training>(Op::carry) &&
              has<Collected, Purpose::training>(Op::next) &&
              has<Collected, Purpose::training>(Op::collect));
static_assert(has<Last, Purpose::inference>(Op::last));

}  // namespace

constexpr auto one = cuda::Kernels::one;

TEST_CASE("a recurrence and its gradients") {
  check_on_device(kernels_of<Collected, Purpose::training>(), {65, 3});
  check_on_device(kernels_of<Probe<Recurrent<true, backwards>, 4, 2>, Purpose::training>(), {7});
}
TEST_CASE("a loop in one kernel, with barriers of the grid between its steps") {
  using Back = Probe<Recurrent<true, backwards>, 4, 2>;
  static_assert(OnCuda<Collected, Purpose::training, one>::Plan::L::launches == 1);
  check_on_device(kernels_of<Collected, Purpose::training, one>(), {65, 3});
  check_on_device(kernels_of<Last, Purpose::inference, one>(), {7});
  check_same_bits(kernels_of<Back, Purpose::training>(), kernels_of<Back, Purpose::training, one>(),
                  65);
}
TEST_CASE("its last state") {
  check_on_device(kernels_of<Probe<Recurrent<false>, 5, 2>, Purpose::training>(), {65, 3});
  check_on_device(kernels_of<Last>(), {7});
}

}  // namespace tg::test
