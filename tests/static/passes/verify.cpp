// What the verifier sees of a pass that went wrong.
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

// Whether a node that `spoil` has changed is found.
template <class Break>
constexpr bool is_noticed(int id, Break spoil) {
  ir::Graph graph = whole();
  spoil(graph[id]);
  return ir::first_wrong_node(graph) == id;
}
constexpr int last = whole().size() - 2;  // what the output is made of

static_assert(ir::valid(whole()));
static_assert(is_noticed(last, [](ir::Node& node) { node.operand[0] = std::int16_t(last); }),
              "operands come first");
static_assert(is_noticed(last, [](ir::Node& node) { node.space = ir::Space::shared; }));
static_assert(is_noticed(last, [](ir::Node& node) { node.shape = Shape{7}; }));
static_assert(is_noticed(last, [](ir::Node& node) { node.region = 1; }), "there is no loop");
static_assert(is_noticed(last, [](ir::Node& node) { node.operand[1] = -1; }));

}  // namespace
}  // namespace tg::test
