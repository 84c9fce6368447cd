// What half precision takes: half the bytes of parameters and of what a model works on.
// SPDX-License-Identifier: MIT
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
static_assert(Step<bf16>::sizes.scratch <= Step<f32>::sizes.scratch / 2 + 1024);
static_assert(Step<bf16>::sizes.store <= Step<f32>::sizes.store / 2 + 1024);
static_assert(Step<bf16>::sizes.partials == Step<f32>::sizes.partials);

// A program in half is compiled from the same graph: the passes do not know how it is stored.
static_assert(std::is_same_v<Step<bf16>::C, Step<f32>::C>);

}  // namespace
}  // namespace tg::test
