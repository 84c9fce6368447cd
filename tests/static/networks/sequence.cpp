// Networks as types: shapes, counts, names, blocks, depth.
// SPDX-License-Identifier: MIT
#include "typegrad/networks/sequence.hpp"

#include "typegrad/graph/name.hpp"
#include "typegrad/graph/verify.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/layer_norm.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/losses.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"

namespace tg::test {
namespace {

using LeNet = Sequence<Input<1, 28, 28>, Conv<6, 5, padding<2>>, Relu, MaxPool<2>, Conv<16, 5>,
                       Relu, MaxPool<2>, Flatten, Linear<120>, Relu, Linear<84>, Relu, Linear<10>>;
static_assert(input_shape<LeNet> == Shape{1, 28, 28});
static_assert(output_shape<LeNet> == Shape{10});
static_assert(parameter_count<LeNet> == 61706);
static_assert(LeNet::layers == 12);
static_assert(std::is_same_v<LeNet::layer<0>, Conv<6, 5, padding<2>>>);
static_assert(std::is_same_v<LeNet::layer<11>, Linear<10>>);
static_assert(networks::fits<LeNet, CrossEntropy> && networks::fits<LeNet, MeanSquaredError>);

// The graph that every purpose records is one, in either dtype.
template <class Net>
inline constexpr bool valid = ir::valid(Recorded<Net>::recording.graph()) &&
                              ir::valid(Recorded<Net, Purpose::training>::recording.graph()) &&
                              ir::valid(Recorded<Net, Purpose::initial, f64>::recording.graph());
static_assert(valid<LeNet>);

// A name of one's own, a block within a block, and a network within a network.
struct Block : Sequence<Linear<8>, Sequence<BatchNorm<>, Relu, Linear<8, no_bias>>> {};
struct Inner : Sequence<Input<8>, Tanh, Linear<5>> {};
struct Net : Sequence<Input<3>, Linear<8>, Block, Inner, Softmax> {};
static_assert(output_shape<Net> == Shape{5} && valid<Net>);
static_assert(std::is_same_v<Net::layer<1>, Block>);
static_assert(std::is_same_v<Net::layer<1>::layer<1>::layer<0>, BatchNorm<>>);
static_assert(parameter_count<Net> == 3 * 8 + 8 + 8 * 8 + 8 + 8 + 8 + 8 * 8 + 8 * 5 + 5);

// Parameters and states as torch.nn.Sequential's state_dict has them.
constexpr const ir::Recording& net = Recorded<Net>::recording;
constexpr int stored_leaf(const ir::Recording& recording, int entry) {
  for (int i = 0; i < recording.leaves.size(); ++i) {
    const Op op = recording.graph()[recording.leaves[i].node].op;
    if ((op == Op::parameter || op == Op::state) && entry-- == 0) return i;
  }
  return -1;
}
constexpr bool entry_is(int entry, std::string_view name, const Shape& shape, Op op = Op::parameter,
                        DType dtype = f32) {
  const int leaf = stored_leaf(net, entry);
  const ir::Node& node = net.graph()[net.leaves[leaf].node];
  return ir::has_name(net, leaf, name) && node.shape == shape && node.op == op &&
         node.dtype == dtype;
}
static_assert(stored_leaf(net, 12) == -1);
static_assert(entry_is(0, "0.weight", {8, 3}));
static_assert(entry_is(1, "0.bias", {8}));
static_assert(entry_is(2, "1.0.weight", {8, 8}));
static_assert(entry_is(3, "1.0.bias", {8}));
static_assert(entry_is(4, "1.1.0.weight", {8}));
static_assert(entry_is(5, "1.1.0.bias", {8}));
static_assert(entry_is(6, "1.1.0.running_mean", {8}, Op::state));
static_assert(entry_is(7, "1.1.0.running_var", {8}, Op::state));
static_assert(entry_is(8, "1.1.0.num_batches_tracked", {}, Op::state, i64));
static_assert(entry_is(9, "1.1.2.weight", {8, 8}));
static_assert(entry_is(10, "2.1.weight", {5, 8}));
static_assert(entry_is(11, "2.1.bias", {5}));

// Weight before bias in every layer, whatever order a compiler evaluates operands in.
template <class L>
constexpr bool weight_first() {
  const ir::Recording recording = record<Sequence<Input<4, 9, 9>, L>>();
  return ir::leaf_named(recording, "0.weight") == 1 && ir::leaf_named(recording, "0.bias") == 2;
}
static_assert(weight_first<Conv<3, 3>>() && weight_first<BatchNorm<>>() &&
              weight_first<LayerNorm<>>());

// The same leaves in every recording, so that one table serves all.
constexpr bool same_leaves(const ir::Recording& a, const ir::Recording& b) {
  for (int entry = 0;; ++entry) {
    const int x = stored_leaf(a, entry), y = stored_leaf(b, entry);
    if (x < 0 || y < 0) return x == y;
    const ir::Node &p = a.graph()[a.leaves[x].node], &q = b.graph()[b.leaves[y].node];
    if (p.shape != q.shape || p.op != q.op || ir::hash_of_name(a, x) != ir::hash_of_name(b, y))
      return false;
  }
}
static_assert(same_leaves(net, Recorded<Net, Purpose::training>::recording));
static_assert(same_leaves(net, Recorded<Net, Purpose::initial>::recording));
static_assert(same_leaves(net, RecordedLoss<Net, CrossEntropy>::recording));

// Parameters take the model's dtype, the count of batches keeps its own.
constexpr DType dtype_in_double(int entry) {
  const ir::Recording& recording = Recorded<Net, Purpose::inference, f64>::recording;
  return recording.graph()[recording.leaves[stored_leaf(recording, entry)].node].dtype;
}
static_assert(dtype_in_double(0) == f64 && dtype_in_double(6) == f64 && dtype_in_double(8) == i64);

// A layer of one's own: the Swiglu of the documentation.
template <int Units>
struct Swiglu {
  static constexpr Var define(Scope& s, Var x) {
    auto gate = s.parameter("gate", {Units, x.shape()[0]}, TorchDefault{});
    auto up = s.parameter("up", {Units, x.shape()[0]}, TorchDefault{});
    auto g = matmul(gate, x);
    return g * sigmoid(g) * matmul(up, x);
  }
};
using Custom = Sequence<Input<6>, Swiglu<4>, Swiglu<3>>;
static_assert(output_shape<Custom> == Shape{3});
static_assert(parameter_count<Custom> == 2 * 4 * 6 + 2 * 3 * 4);
static_assert(ir::leaf_named(Recorded<Custom>::recording, "1.gate") >= 0);

// An empty block is the identity, as in PyTorch.
static_assert(output_shape<Sequence<Input<6>, Sequence<>>> == Shape{6});

}  // namespace
}  // namespace tg::test
