// The table of a network, and its layers' types as their users wrote them.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/fillers/xavier.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/frozen.hpp"
#include "typegrad/networks/graph.hpp"
#include "typegrad/networks/residual.hpp"
#include "typegrad/networks/tied.hpp"
#include "typegrad/views/summary.hpp"

using namespace tg;

namespace {

using LeNet = Sequence<Input<1, 28, 28>, Conv<6, 5, padding<2>>, Relu, MaxPool<2>, Conv<16, 5>,
                       Relu, MaxPool<2>, Flatten, Linear<120>, Relu, Linear<84>, Relu, Linear<10>>;

template <int Units>
struct Doubled {
  static constexpr Var define(Scope& s, Var x) { return 2 * Linear<Units>::define(s, x); }
};
// A block with a name.
struct Head : Sequence<Flatten, Doubled<7>> {};
struct Nested : Sequence<Input<3, 16, 16>, Conv<8, 3, padding<1>, no_bias>,
                         Sequence<BatchNorm<>, Sequence<Relu, MaxPool<2>>>, Sequence<>, Head> {};
// Names, layers in a layer of one's own, parts that are frozen or tied.
struct Twice {
  static constexpr Var define(Scope& s, Var x) {
    x = s.layer<"first", Linear<4>>(x);
    return s.layer<"second", Linear<4>>(x) * s.parameter("gain", {4}, Zeros{});
  }
};
struct Named
    : Graph<Node<"x", Input<4>>, Node<"y", Input<4>>, Node<"stem", Residual<Linear<4>>, "x">,
            Node<"sum", Add, "stem", "y">, Node<"own", Twice, "sum">,
            Node<"left", Tied<"w", Linear<4>>, "own">, Node<"right", Tied<"w", Linear<4>>, "left">,
            Node<"head", Frozen<Linear<3>>, "right">> {};
// No Sequence at all.
struct Plain {
  static constexpr Var define(Scope& s) { return Linear<7>::define(s, s.input("input", {12})); }
};

}  // namespace

TEST_CASE("a row for each layer, and totals") {
  CHECK(summary<LeNet>() ==
        R"(     layer                    output         parameters     FLOPs
     Input<1, 28, 28>         (1, 28, 28)
0    Conv<6, 5, padding<2>>   (6, 28, 28)           156   235,200
1    Relu                     (6, 28, 28)             0         0
2    MaxPool<2>               (6, 14, 14)             0         0
3    Conv<16, 5>              (16, 10, 10)        2,416   480,000
4    Relu                     (16, 10, 10)            0         0
5    MaxPool<2>               (16, 5, 5)              0         0
6    Flatten                  (400)                   0         0
7    Linear<120>              (120)              48,120    96,000
8    Relu                     (120)                   0         0
9    Linear<84>               (84)               10,164    20,160
10   Relu                     (84)                    0         0
11   Linear<10>               (10)                  850     1,680
     total                    (10)               61,706   833,040
246,824 bytes of parameters in f32; FLOPs of one sample's forward pass, 2 for each multiply-add
)");
}

TEST_CASE("layers of layers are numbered as their parameters are called") {
  CHECK(summary<Nested, f64>() ==
        R"(        layer                             output        parameters     FLOPs
        Input<3, 16, 16>                  (3, 16, 16)
0       Conv<8, 3, padding<1>, no_bias>   (8, 16, 16)          216   110,592
1       Sequence
1.0     BatchNorm<>                       (8, 16, 16)           16         0
1.1     Sequence
1.1.0   Relu                              (8, 16, 16)            0         0
1.1.1   MaxPool<2>                        (8, 8, 8)              0         0
2       Sequence<>                        (8, 8, 8)              0         0
3       Head
3.0     Flatten                           (512)                  0         0
3.1     Doubled<7>                        (7)                3,591     7,168
        total                             (7)                3,823   117,760
30,584 bytes of parameters in f64; FLOPs of one sample's forward pass, 2 for each multiply-add
)");
}

TEST_CASE("layers with names are called by them") {
  CHECK(summary<Named>() ==
        R"(              layer                  output   parameters   FLOPs
x             Input<4>               (4)
y             Input<4>               (4)
stem          Residual
stem.body     Sequence
stem.body.0   Linear<4>              (4)              20      32
sum           Add                    (4)               0       0
own           Twice                                    4       0
own.first     Linear<4>              (4)              20      32
own.second    Linear<4>              (4)              20      32
left          Tied<"w", Linear<4>>   (4)              20      32
right         Tied<"w", Linear<4>>   (4)               0      32
head          Frozen<Linear<3>>      (3)              15      24
              total                  (3)              99     184
396 bytes of parameters in f32, 15 numbers of them frozen; FLOPs of one sample's forward pass, 2 for each multiply-add
)");
}

TEST_CASE("a network that is no Sequence is one row") {
  CHECK(summary<Plain>() ==
        R"(   layer       output   parameters   FLOPs
   Input<12>   (12)
   Plain       (7)              91     168
   total       (7)              91     168
364 bytes of parameters in f32; FLOPs of one sample's forward pass, 2 for each multiply-add
)");
}

TEST_CASE("types are spelled as they were written") {
  using views::spelling;
  CHECK(spelling<Relu>() == "Relu");
  CHECK(spelling<Linear<10>>() == "Linear<10>");
  CHECK(spelling<Linear<10, no_bias>>() == "Linear<10, no_bias>");
  CHECK(spelling<Conv<8, kernel<3, 5>, stride<2>, padding<1, 2>, dilation<3>, groups<4>>>() ==
        "Conv<8, kernel<3, 5>, stride<2>, padding<1, 2>, dilation<3>, groups<4>>");
  CHECK(spelling<MaxPool<3, tg::truncate>>() == "MaxPool<3, truncate>");
  CHECK(spelling<BatchNorm<momentum<0.25>, epsilon<1e-3>, no_affine>>() ==
        "BatchNorm<momentum<0.25>, epsilon<0.001>, no_affine>");
  CHECK(spelling<Dropout<0.5>>() == "Dropout<0.5>");
  CHECK(spelling<Conv<8, 3, filler<Xavier>, bias_filler<Xavier>>>() ==
        "Conv<8, 3, filler<Xavier>, bias_filler<Xavier>>");
  CHECK(spelling<Doubled<3>>() == "Doubled<3>");
}
