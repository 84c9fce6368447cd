// What half precision takes: half the bytes of parameters and of what a model works on.
// SPDX-License-Identifier: MIT
#include <typegrad/backends/reference/evaluation.hpp>
#include <typegrad/typegrad.hpp>

namespace tg::test {
namespace {

using LeNet = Sequence<Input<1, 28, 28>, Conv<6, 5, padding<2>>, Relu, MaxPool<2>, Conv<16, 5>,
                       Relu, MaxPool<2>, Flatten, Linear<120>, Relu, Linear<84>, Relu, Linear<10>>;

static_assert(2 * parameter_bytes<LeNet, bf16> == parameter_bytes<LeNet>);
static_assert(2 * parameter_bytes<LeNet, f16> == parameter_bytes<LeNet>);
static_assert(2 * workspace_bytes<LeNet, bf16> == workspace_bytes<LeNet>);
static_assert(2 * workspace_bytes<LeNet, f16, batch<64>> == workspace_bytes<LeNet, batch<64>>);
// One sample at a time lies in a lane of a tile, as others do.
static_assert(workspace_bytes<LeNet, f16, batch<1>> == workspace_bytes<LeNet, f16>);

// What is given and returned are floats; the parameters are what was asked for.
using Small = Model<LeNet, Cpu, bf16>;
static_assert(std::is_same_v<Small::Element, float> && std::is_same_v<Small::Kept, bfloat16>);
static_assert(arithmetic_of(bf16) == f32 && arithmetic_of(f16) == f32 && arithmetic_of(f64) == f64);

// A training step: what tiles leave for the weight gradients halves, too; sums are floats.
template <DType dtype>
using Step = runtime::PlanOf<fitting::TrainingStep<LeNet, CrossEntropy>, Purpose::training, dtype>;
static_assert(Step<bf16>::L::sizes.scratch <= Step<f32>::L::sizes.scratch / 2 + 1024);
static_assert(Step<bf16>::L::sizes.store <= Step<f32>::L::sizes.store / 2 + 1024);
static_assert(Step<bf16>::L::sizes.partials == Step<f32>::L::sizes.partials);

// A program in half is compiled from the same graph: the passes do not know how it is stored.
static_assert(std::is_same_v<Step<bf16>::C, Step<f32>::C>);

// What the reference says of y = relu(W x + b) in a constant expression: x and y, which are in
// memory, are rounded; the product, which is not, is a float.
struct Neurons {
  static constexpr Var define(Scope& s) {
    const Var x = s.input("x", {2}), W = s.parameter("W", {2, 2}, Zeros{});
    return relu(matmul(W, x) + s.parameter("b", {2}, Zeros{}));
  }
};
template <DType dtype>
constexpr std::array<float, 2> neurons(std::array<float, 2> x) {
  using L = typename runtime::PlanOf<Neurons, Purpose::inference, dtype>::L;
  using S = element_t<dtype>;
  const auto rounded = passes::rounded_nodes<L>();
  const ir::Recording recording = record<Neurons>(Purpose::inference, f32);
  const float W[] = {1, 0x1p-9f, 3, 0}, b[] = {0x1p-9f, 0};
  reference::Bindings<float> bindings(recording);
  bindings.set("x", x.data()).set("W", W).set("b", b);
  const ir::Graph& graph = L::graph;  // a copy, where it is kept with less room
  reference::Evaluation<float> evaluation(
      graph, bindings, 1, reference::reference_rows<float>,
      {[](float number) { return float(S(number)); }, rounded.data()});
  const float* y = evaluation.output();
  return {y[0], y[1]};
}
// 1 + 2^-8 is a tie in bf16 and becomes 1: first x, then 1 + 2^-9 + 2^-9.
static_assert(neurons<bf16>({0x1.01p0f, 1}) == std::array{1.f, 3.f});
// 1 + 2^-8 + 2^-9 is rounded up. Were the product rounded before, it would be 1, and so the sum.
static_assert(neurons<bf16>({1, 2}) == std::array{0x1.02p0f, 3.f});
// float16 has all these numbers.
static_assert(neurons<f16>({0x1.01p0f, 1}) == std::array{0x1.02p0f, 0x1.818p1f});

}  // namespace
}  // namespace tg::test
