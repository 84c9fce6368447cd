// Nodes that wait for each other.
// expected-error {{cycle<around<"deep", "sum", "branch">>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using Branch = tg::Node<"branch", tg::Relu, "stem">;
#else
using Branch = tg::Node<"branch", tg::Relu, "deep">;
#endif
using Net = tg::Graph<tg::Node<"image", tg::Input<5>>, tg::Node<"stem", tg::Linear<8>, "image">,
                      tg::Node<"sum", tg::Add, "stem", "branch">, Branch,
                      tg::Node<"deep", tg::Linear<8>, "sum">>;

static_assert(tg::output_shape<Net> == tg::Shape{8});
static_assert(tg::parameter_count<Net> == 48 + 72);
