// Two nodes of one name.
// expected-error {{node_named_twice<name<"hidden">>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using Second = tg::Node<"deep", tg::Linear<8>, "hidden">;
#else
using Second = tg::Node<"hidden", tg::Linear<8>, "hidden">;
#endif
using Net =
    tg::Graph<tg::Node<"image", tg::Input<5>>, tg::Node<"hidden", tg::Linear<8>, "image">, Second>;

static_assert(tg::output_shape<Net> == tg::Shape{8});
static_assert(tg::parameter_count<Net> == 48 + 72);
