// A layer of one input in a node that reads two.
// expected-error {{takes_other_inputs<layer<Linear<8>>, inputs<2>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using Last = tg::Node<"z", tg::Linear<8>, "y">;
#else
using Last = tg::Node<"z", tg::Linear<8>, "y", "x">;
#endif
using Net = tg::Graph<tg::Node<"x", tg::Input<5>>, tg::Node<"y", tg::Relu, "x">, Last>;

static_assert(tg::output_shape<Net> == tg::Shape{8});
