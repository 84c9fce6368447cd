// A layer asked for by a name that no layer has: the error lists the names there are.
// expected-error {{no_such_layer<name<"head.1">, there_are<"stem", "head", "head.0">>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"
#include "typegrad/runtime/lookup.hpp"

using Net = tg::Graph<tg::Node<"x", tg::Input<5>>, tg::Node<"stem", tg::Linear<8>, "x">,
                      tg::Node<"head", tg::Sequence<tg::Linear<2, tg::no_bias>>, "stem">>;

#ifdef FIXED
using Asked = tg::runtime::OutputOf<Net, "head.0">;
#else
using Asked = tg::runtime::OutputOf<Net, "head.1">;
#endif
static_assert(tg::output_shape<Asked> == tg::Shape{2});
