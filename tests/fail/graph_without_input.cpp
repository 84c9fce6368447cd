// A Graph that takes its input from another network, as a network.
// expected-error {{network_without_input<layer<Net>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using In = tg::Node<"x", tg::Input<5>>;
#else
using In = tg::Inputs<"x">;
#endif
struct Net : tg::Graph<In, tg::Node<"y", tg::Linear<8>, "x">> {};

static_assert(tg::output_shape<Net> == tg::Shape{8});
