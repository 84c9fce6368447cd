// An output that no node is.
// expected-error {{unknown_node<name<"best">, read_by<"tg::Outputs">, there_are<"x", "first", "second">>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using Out = tg::Outputs<"first", "second">;
#else
using Out = tg::Outputs<"first", "second", "best">;
#endif
using Net = tg::Graph<tg::Node<"x", tg::Input<5>>, tg::Node<"first", tg::Linear<8>, "x">,
                      tg::Node<"second", tg::Relu, "first">, Out>;

static_assert(tg::output_shape<Net> == tg::Shape{8});
