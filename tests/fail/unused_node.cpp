// A node that nobody reads and that is no output.
// expected-error {{unused_node<name<"branch">>}}
// expected-error {{without tg::Outputs the last node is the output}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using Last = tg::Node<"sum", tg::Add, "stem", "branch">;
#else
using Last = tg::Node<"sum", tg::Relu, "stem">;
#endif
using Net = tg::Graph<tg::Node<"image", tg::Input<5>>, tg::Node<"stem", tg::Linear<8>, "image">,
                      tg::Node<"branch", tg::Linear<8>, "stem">, Last>;

static_assert(tg::output_shape<Net> == tg::Shape{8});
