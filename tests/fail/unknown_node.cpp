// A node that reads one that does not exist: the error lists the names there are.
// expected-error {{unknown_node<name<"stme">, read_by<"branch">, there_are<"image", "stem", "branch", "sum">>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"

#ifdef FIXED
using Branch = tg::Node<"branch", tg::Linear<8>, "stem">;
#else
using Branch = tg::Node<"branch", tg::Linear<8>, "stme">;
#endif
using Net = tg::Graph<tg::Node<"image", tg::Input<5>>, tg::Node<"stem", tg::Linear<8>, "image">,
                      Branch, tg::Node<"sum", tg::Add, "stem", "branch">>;

static_assert(tg::output_shape<Net> == tg::Shape{8});
static_assert(tg::parameter_count<Net> == 48 + 72);
