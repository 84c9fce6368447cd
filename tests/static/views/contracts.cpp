// Memory and identity of a network, asked while it compiles.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

namespace tg::test {
namespace {

using LeNet = Sequence<Input<1, 28, 28>, Conv<6, 5, padding<2>>, Relu, MaxPool<2>, Conv<16, 5>,
                       Relu, MaxPool<2>, Flatten, Linear<120>, Relu, Linear<84>, Relu, Linear<10>>;
static_assert(parameter_bytes<LeNet> == 61706 * 4);
static_assert(parameter_bytes<LeNet, f64> == 61706 * 8);
static_assert(parameter_bytes<Sequence<Input<7>, Relu>> == 0);

// The same number on every compiler. When one of these changes, files that were saved before are
// refused unless their readers say any_architecture: it takes a good reason, and a word about it.
static_assert(architecture_hash<LeNet> == 0x99094dff359a91c5);
using Attentive = Sequence<Input<64, 128>, TransformerEncoderLayer<4, 512>>;
static_assert(architecture_hash<Attentive> == 0xc88dd48096f8ecdb);

// Another layer, another option or another shape is another network.
template <class... Layers>
inline constexpr std::uint64_t hash_of = architecture_hash<Sequence<Input<4, 8, 8>, Layers...>>;
static_assert(hash_of<Relu> != hash_of<Tanh>);
static_assert(hash_of<LeakyRelu<0.1>> != hash_of<LeakyRelu<0.2>>);
static_assert(hash_of<MaxPool<2>> != hash_of<AveragePool<2>>);
static_assert(hash_of<Conv<4, 3, padding<1>>> != hash_of<Conv<4, 3, padding<2>, dilation<2>>>);
static_assert(hash_of<Conv<4, 3>, Relu> != hash_of<Relu, Conv<4, 3>>);
static_assert(hash_of<BatchNorm<>> != hash_of<BatchNorm<epsilon<1e-3>>>);
static_assert(architecture_hash<Sequence<Input<4>, Relu>> !=
              architecture_hash<Sequence<Input<2, 2>, Relu>>);

// Names belong to it, as they do in the file.
using Stem = Graph<Node<"x", Input<4>>, Node<"stem", Linear<4>, "x">, Node<"y", Relu, "stem">>;
using Body = Graph<Node<"x", Input<4>>, Node<"body", Linear<4>, "x">, Node<"y", Relu, "body">>;
static_assert(architecture_hash<Stem> != architecture_hash<Body>);

// Which of two equal parameters multiplies and which is added is no secret of the order.
struct Ordered {
  static constexpr Var define(Scope& s, Var x) {
    const Var a = s.parameter("a", x.shape(), Zeros{}), b = s.parameter("b", x.shape(), Zeros{});
    return (x - a) * b;
  }
};
struct Swapped {
  static constexpr Var define(Scope& s, Var x) {
    const Var a = s.parameter("a", x.shape(), Zeros{}), b = s.parameter("b", x.shape(), Zeros{});
    return (x - b) * a;
  }
};
static_assert(hash_of<Ordered> != hash_of<Swapped>);

// What computes the same in inference is the same: in which order it was recorded, whether it is
// trained, what its type is called, what drops out in training.
struct Later {
  static constexpr Var define(Scope& s, Var x) {
    const Var b = s.parameter("b", x.shape(), Zeros{});
    const Var unused = exp(b);
    (void)unused;
    return b * (x - s.parameter("a", x.shape(), Zeros{}));
  }
};
static_assert(hash_of<Ordered> == hash_of<Later>);
struct Named : LeNet {};
static_assert(architecture_hash<Named> == architecture_hash<LeNet>);
static_assert(hash_of<Frozen<Conv<4, 3>>> == hash_of<Conv<4, 3>>);
static_assert(hash_of<Relu, Dropout<0.5>> == hash_of<Relu>);

// Every value begins at a multiple of 16 numbers. For one sample: what the layers give.
template <class... Layers>
inline constexpr std::int64_t numbers =
    workspace_bytes<Sequence<Input<160>, Layers...>, batch<1>> / 4;
static_assert(numbers<Relu> == 160);
static_assert(numbers<Linear<80>, Linear<40>> == 80 + 48);
// For more: the inputs too, a vector of samples at a time. Nothing of inference waits for all.
template <auto... Options>
inline constexpr std::int64_t bytes = workspace_bytes<Sequence<Input<160>, Relu>, Options...>;
static_assert(bytes<batch<64>> == 2 * 160 * TYPEGRAD_VECTOR_BYTES);
static_assert(bytes<batch<256>> == bytes<batch<64>> && bytes<> == bytes<batch<64>>);
static_assert(bytes<f64, batch<64>> == bytes<batch<64>> && bytes<batch<1>, f64> == 160 * 8);
// What samples share is there once: here the product of two weights.
struct Factored {
  static constexpr Var define(Scope& s, Var x) {
    const Var left = s.parameter("left", {4, 2}, Zeros{}),
              right = s.parameter("right", {2, x.shape()[0]}, Zeros{});
    return matmul(matmul(left, right), x);
  }
};
static_assert(numbers<Factored> == 4 * 160 + 16);

}  // namespace
}  // namespace tg::test
