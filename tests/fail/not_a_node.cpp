// A layer in a Graph without a name.
// expected-error {{not_a_node<layer<Linear<8>>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using Net = tg::Graph<tg::Node<"x", tg::Input<5>>, tg::Node<"y", tg::Linear<8>, "x">>;
#else
using Net = tg::Graph<tg::Node<"x", tg::Input<5>>, tg::Linear<8>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{8});
