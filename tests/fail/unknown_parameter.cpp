// A parameter asked for by a name that no parameter has: the error lists the names there are.
// expected-error {{no_such_parameter<name<"body.weight">, there_are<"stem.weight", "stem.bias", "head.0.weight">>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/graph.hpp"
#include "typegrad/runtime/lookup.hpp"
#include "typegrad/runtime/program.hpp"

using Net = tg::Graph<tg::Node<"x", tg::Input<5>>, tg::Node<"stem", tg::Linear<8>, "x">,
                      tg::Node<"head", tg::Sequence<tg::Linear<2, tg::no_bias>>, "stem">>;
using Values = tg::runtime::InitialValues<Net, tg::f32>;

#ifdef FIXED
static_assert(tg::runtime::variable_number<Values, "stem.weight">() == 0);
static_assert(tg::runtime::variable_number<Values, "head.0.weight">() == 2);
#else
static_assert(tg::runtime::variable_number<Values, "body.weight">() == 0);
#endif
