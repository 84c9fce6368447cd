// What the verifier sees of a pass that went wrong, and that it asks again of what the pass changed
// alone.
// SPDX-License-Identifier: MIT
#include "typegrad/graph/verify.hpp"

#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {
namespace {

using Network = Sequence<Input<4>, Linear<3>, Tanh, Linear<2>>;

constexpr ir::Graph whole() { return record<Network>(Purpose::inference, f32).graph(); }

// A pass that changes one node: whether it is noticed by who knows what was there before.
template <class Break>
constexpr bool is_noticed(int id, Break spoil) {
  const ir::Graph before = whole();
  ir::Graph after = before;
  spoil(after[id]);
  return !ir::still_valid(after, before) && ir::first_wrong_node(after) == id;
}
constexpr int last = whole().size() - 2;  // what the output is made of

static_assert(ir::valid(whole()) && ir::still_valid(whole(), whole()));
static_assert(is_noticed(last, [](ir::Node& node) { node.operand[0] = std::int16_t(last); }),
              "operands come first");
static_assert(is_noticed(last, [](ir::Node& node) { node.space = ir::Space::shared; }));
static_assert(is_noticed(last, [](ir::Node& node) { node.shape = Shape{7}; }));
static_assert(is_noticed(last, [](ir::Node& node) { node.region = 1; }), "there is no loop");
static_assert(is_noticed(last, [](ir::Node& node) { node.operand[1] = -1; }));

// What is wrong already stays unseen: that is the precondition.
constexpr bool trusts_what_was() {
  ir::Graph before = whole();
  before[last].shape = Shape{7};
  return ir::still_valid(before, before) && !ir::valid(before);
}
static_assert(trusts_what_was());

// Without its loop, a node that was in it is wrong, though it is as it was.
constexpr bool counts_loops() {
  ir::Graph before = whole(), after = before;
  before.regions = 1;
  before[last].region = 1;
  after[last].region = 1;
  return !ir::still_valid(after, before);
}
static_assert(counts_loops());

}  // namespace
}  // namespace tg::test
