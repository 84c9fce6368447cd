// What bench/cuda measures on a GPU learns on the emulated one, and counts what it moves.
// SPDX-License-Identifier: MIT
#include "bench/cuda/program.hpp"
#include "subject.hpp"

namespace tg::test {
namespace {

template <class D>
using Program = bench::OnDevice<Emulated<>, emulator::Device, D>;

struct Net : Sequence<Input<1, 6, 6>, Conv<2, 3>, Relu, Flatten, Linear<10>> {};
struct Twice {
  static constexpr Var define(Scope& s) { return 2 * s.argument("x", {1000}) + 1; }
};

}  // namespace

TEST_CASE("a training step that is measured learns") {
  emulator::Device device;
  bench::Training<Emulated<>, emulator::Device, Net, CrossEntropy, Adam> training(device, 20);
  CHECK(training.learns(20));
  const bench::Counted counted = training.counted();
  // Forward, for the weights, and for the linear layer's input.
  CHECK(counted.flops == 20 * 2.0 * (2 * 2 * 16 * 9 + 3 * 10 * 32));
  CHECK(counted.graphs == 2);
}
TEST_CASE("an element-wise program reads once and writes once") {
  emulator::Device device;
  Program<Twice> program(device, 1);
  program.fill();
  program.run();
  CHECK(program.counted().bytes == (2 * 1000 + 2) * sizeof(float));  // and two constants
  CHECK(program.counted().kernels == 1);
  CHECK(program.output() == Approx(2 * bench::random_numbers(1, hash("x"), 1)[0] + 1).margin(1e-6));
}

}  // namespace tg::test
