// An input of the name that a loss gives to what it compares with.
// expected-error {{reserved_name<name<"target">>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using In = tg::Node<"x", tg::Input<5>>;
using Net = tg::Graph<In, tg::Node<"y", tg::Linear<8>, "x">>;
#else
using In = tg::Node<"target", tg::Input<5>>;
using Net = tg::Graph<In, tg::Node<"y", tg::Linear<8>, "target">>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{8});
