// Networks that are not chains: shapes, parameters and their names, in each other.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/frozen.hpp"
#include "typegrad/networks/graph.hpp"
#include "typegrad/networks/parallel.hpp"
#include "typegrad/networks/replace_head.hpp"
#include "typegrad/networks/residual.hpp"
#include "typegrad/networks/tied.hpp"

namespace tg::test {
namespace {

// The names of all parameters and states are these, in this order.
template <class Net, Purpose purpose = Purpose::inference>
constexpr bool has_names(std::initializer_list<std::string_view> names) {
  const ir::Recording& recording = Recorded<Net, purpose>::recording;
  auto expected = names.begin();
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf) {
    const Op op = recording.graph()[recording.leaves[leaf].node].op;
    if (op != Op::parameter && op != Op::state) continue;
    if (expected == names.end() || !ir::has_name(recording, leaf, *expected++)) return false;
  }
  return expected == names.end();
}

// A Graph with names, one input, one output.
using Named =
    Graph<Node<"image", Input<3, 8, 8>>, Node<"stem", Conv<4, 3, padding<1>>, "image">,
          Node<"branch", Sequence<Relu, Conv<4, 3, padding<1>, no_bias>>, "stem">,
          Node<"sum", Add, "stem", "branch">, Node<"head", Sequence<Flatten, Linear<10>>, "sum">>;
static_assert(input_shape<Named> == Shape{3, 8, 8});
static_assert(output_shape<Named> == Shape{10});
static_assert(parameter_count<Named> == 4 * 28 + 4 * 36 + 2570);
static_assert(has_names<Named>({"stem.weight", "stem.bias", "branch.1.weight", "head.1.weight",
                                "head.1.bias"}));

// Written in another order: the same graph, recorded as early as written.
using Shuffled =
    Graph<Node<"head", Sequence<Flatten, Linear<10>>, "sum">, Node<"sum", Add, "stem", "branch">,
          Node<"branch", Sequence<Relu, Conv<4, 3, padding<1>, no_bias>>, "stem">,
          Node<"stem", Conv<4, 3, padding<1>>, "image">, Node<"image", Input<3, 8, 8>>,
          Outputs<"head">>;
static_assert(output_shape<Shuffled> == Shape{10});
static_assert(parameter_count<Shuffled> == parameter_count<Named>);
static_assert(has_names<Shuffled>({"stem.weight", "stem.bias", "branch.1.weight", "head.1.weight",
                                   "head.1.bias"}));

// Several inputs, in the order in which they are written; several outputs, in that of Outputs.
using Several =
    Graph<Node<"left", Linear<4>, "a">, Node<"a", Input<3>>, Node<"b", Input<2, 2>>,
          Node<"flat", Flatten, "b">, Node<"right", Linear<4, no_bias>, "flat">,
          Node<"product", Multiply, "left", "right", "flat">, Outputs<"product", "flat", "left">>;
static_assert(input_shapes<Several> == std::array{Shape{3}, Shape{2, 2}});
static_assert(output_shapes<Several> == std::array{Shape{4}, Shape{4}, Shape{4}});
static_assert(has_names<Several>({"left.weight", "left.bias", "right.weight"}));

// Blocks: of one input in a Sequence, of two in another Graph.
using Gate =
    Graph<Inputs<"x", "gate">, Node<"open", Sigmoid, "gate">, Node<"y", Multiply, "x", "open">>;
using Swish = Graph<Inputs<"x">, Node<"up", Linear<6>, "x">, Node<"gate", Linear<6>, "x">,
                    Node<"gated", Gate, "up", "gate">>;
using Nested = Sequence<Input<5>, Swish, Residual<Swish, Tanh>, Linear<2>>;
static_assert(output_shape<Nested> == Shape{2});
static_assert(has_names<Nested>({"0.up.weight", "0.up.bias", "0.gate.weight", "0.gate.bias",
                                 "1.body.0.up.weight", "1.body.0.up.bias", "1.body.0.gate.weight",
                                 "1.body.0.gate.bias", "2.weight", "2.bias"}));
using InGraph = Graph<Node<"x", Input<5>>, Node<"net", Sequence<Swish, Linear<3>>, "x">>;
static_assert(has_names<InGraph>({"net.0.up.weight", "net.0.up.bias", "net.0.gate.weight",
                                  "net.0.gate.bias", "net.1.weight", "net.1.bias"}));

// An Input in a block says what comes in; a whole network in a node is asked for no input.
static_assert(output_shape<Sequence<Input<3, 8, 8>, Named>> == Shape{10});
static_assert(record<Sequence<Input<3, 8, 9>, Named>>().fault().kind ==
              FaultKind::shapes_do_not_match);
static_assert(record<Graph<Node<"x", Input<4>>>>().fault().kind == FaultKind::empty_network);

// Residual, with and without a way around.
using Residuals =
    Sequence<Input<4, 8, 8>, Residual<Conv<4, 3, padding<1>>, Relu>,
             Residual<Shortcut<Conv<6, 1, stride<2>>>, Conv<6, 3, padding<1>, stride<2>>, Relu,
                      Conv<6, 3, padding<1>>>,
             Residual<>>;
static_assert(output_shape<Residuals> == Shape{6, 4, 4});
static_assert(has_names<Residuals>({"0.body.0.weight", "0.body.0.bias", "1.body.0.weight",
                                    "1.body.0.bias", "1.body.2.weight", "1.body.2.bias",
                                    "1.shortcut.0.weight", "1.shortcut.0.bias"}));

// Branches.
using Branches = Sequence<Input<5>, Parallel<Add, Linear<4>, Sequence<Relu, Linear<4>>>,
                          Parallel<Multiply, Sequence<>, Sigmoid, Linear<4>>>;
static_assert(output_shape<Branches> == Shape{4});
static_assert(has_names<Branches>({"0.0.weight", "0.0.bias", "0.1.1.weight", "0.1.1.bias",
                                   "1.2.weight", "1.2.bias"}));
static_assert(record<Sequence<Input<5>, Parallel<Add, Linear<4>, Linear<5>>>>().fault().kind ==
              FaultKind::branches_do_not_match);

using Inception = Sequence<Input<3, 6, 6>, Parallel<Conv<2, 1>, Sequence<>, Conv<4, 3, padding<1>>>,
                           Parallel<Concatenate<2>, Relu, Tanh>>;
static_assert(output_shape<Inception> == Shape{9, 6, 12});
static_assert(has_names<Inception>({"0.0.weight", "0.0.bias", "0.2.weight", "0.2.bias"}));

// A layer of one's own made of layers: ResNet's basic block, with PyTorch's names.
// clang-format off
// [block]
template <int Channels, int Stride = 1>
struct BasicBlock {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    auto y = s.layer<"conv1", tg::Conv<Channels, 3, tg::stride<Stride>, tg::padding<1>, tg::no_bias>>(x);
    y = relu(s.layer<"bn1", tg::BatchNorm<>>(y));
    y = s.layer<"conv2", tg::Conv<Channels, 3, tg::padding<1>, tg::no_bias>>(y);
    y = s.layer<"bn2", tg::BatchNorm<>>(y);
    if (x.shape() != y.shape())
      x = s.layer<"downsample", tg::Sequence<tg::Conv<Channels, 1, tg::stride<Stride>, tg::no_bias>,
                                             tg::BatchNorm<>>>(x);
    return relu(x + y);
  }
};
// [/block]
// clang-format on
using Blocks = Sequence<Input<4, 8, 8>, BasicBlock<4>, BasicBlock<8, 2>>;
static_assert(output_shape<Blocks> == Shape{8, 4, 4});
static_assert(parameter_count<Blocks> ==
              2 * (4 * 36 + 8) + (8 * 36 + 16) + (8 * 72 + 16) + 8 * 4 + 16);
static_assert(has_names<Sequence<Input<2, 4, 4>, BasicBlock<4>>>(
    {"0.conv1.weight", "0.bn1.weight", "0.bn1.bias", "0.bn1.running_mean", "0.bn1.running_var",
     "0.bn1.num_batches_tracked", "0.conv2.weight", "0.bn2.weight", "0.bn2.bias",
     "0.bn2.running_mean", "0.bn2.running_var", "0.bn2.num_batches_tracked",
     "0.downsample.0.weight", "0.downsample.1.weight", "0.downsample.1.bias",
     "0.downsample.1.running_mean", "0.downsample.1.running_var",
     "0.downsample.1.num_batches_tracked"}));

// Tied: one leaf, that of the first place; what has another name stays its own.
struct Scale {
  static constexpr Var define(Scope& s, Var x) {
    return matmul(s.parameter("weight", {4, 4}, TorchDefault{}), x) +
           s.parameter("shift", {4}, Zeros{});
  }
};
using TiedNet = Sequence<Input<4>, Tied<"w", Linear<4>>, Relu, Tied<"w", Scale>,
                         Tied<"v", Linear<4>>, Tied<"w", Linear<4>>>;
static_assert(parameter_count<TiedNet> == 20 + 4 + 20);
static_assert(has_names<TiedNet>({"0.weight", "0.bias", "2.shift", "3.weight", "3.bias"}));
// Whole blocks, level by level.
using Tower = Sequence<Linear<3>, Relu, Linear<3>>;
using Siamese = Graph<Node<"a", Input<4>>, Node<"b", Input<4>>, Node<"left", Tied<"t", Tower>, "a">,
                      Node<"right", Tied<"t", Tower>, "b">, Node<"y", Add, "left", "right">>;
static_assert(has_names<Siamese>({"left.0.weight", "left.0.bias", "left.2.weight", "left.2.bias"}));
// A layer that declares a name twice is as wrong as it is elsewhere.
struct Twice {
  static constexpr Var define(Scope& s, Var x) {
    return Linear<4, no_bias>::define(s, Linear<4, no_bias>::define(s, x));
  }
};
static_assert(record<Sequence<Input<4>, Tied<"w", Twice>>>().fault().kind ==
              FaultKind::name_used_twice);

// Frozen: kept, not trained; the same names, and in training what it is in inference.
using Body = Sequence<Linear<4>, BatchNorm<>, Dropout<0.5>>;
using Part = Sequence<Input<4>, Frozen<Body>, Linear<2>>;
using Whole = Sequence<Input<4>, Body, Linear<2>>;
static_assert(parameter_count<Part> == 10);
static_assert(parameter_count<Whole> == 10 + 20 + 8);
static_assert(has_names<Part, Purpose::training>({"0.0.weight", "0.0.bias", "0.1.weight",
                                                  "0.1.bias", "0.1.running_mean", "0.1.running_var",
                                                  "0.1.num_batches_tracked", "1.weight",
                                                  "1.bias"}));
constexpr int count(const ir::Graph& graph, Op op) {
  int sum = 0;
  for (const ir::Node& node : graph.nodes) sum += node.op == op;
  return sum;
}
constexpr const ir::Graph& training = Recorded<Part, Purpose::training>::recording.graph();
static_assert(count(training, Op::update) == 0 && count(training, Op::uniform) == 0);
static_assert(count(training, Op::parameter) == 2 && count(training, Op::state) == 7);
static_assert(training.size() == Recorded<Part>::recording.graph().size());

// The head replaced.
using NewHead = ReplaceHead<Whole, Relu, Linear<7>>;
static_assert(output_shape<NewHead> == Shape{7});
static_assert(NewHead::is_new("2.weight") && NewHead::is_new("1.x") &&
              !NewHead::is_new("0.1.bias"));
using NewGraph = ReplaceHead<Named, Sequence<Flatten, Linear<5>, Linear<3>>>;
static_assert(output_shape<NewGraph> == Shape{3});
static_assert(NewGraph::is_new("head.2.bias") && !NewGraph::is_new("header.bias"));
static_assert(has_names<NewGraph>({"stem.weight", "stem.bias", "branch.1.weight", "head.1.weight",
                                   "head.1.bias", "head.2.weight", "head.2.bias"}));

// A hundred nodes record on every compiler at default flags.
template <class Index>
struct Deep;
template <int I>
constexpr auto node_name() {
  return fixed_text([](auto put) {
    const char digits[]{'n', char('0' + I / 100), char('0' + I / 10 % 10), char('0' + I % 10)};
    put(std::string_view(digits, 4));
  });
}
template <int... I>
struct Deep<std::integer_sequence<int, I...>>
    : Graph<Node<node_name<0>(), Input<4>>,
            Node<node_name<I + 1>(), Add, node_name<I>(), node_name<(I > 0 ? I - 1 : 0)>()>...> {};
static_assert(output_shape<Deep<std::make_integer_sequence<int, 100>>> == Shape{4});

}  // namespace
}  // namespace tg::test
