// A trainer for a network of two inputs.
// expected-error {{trainer_takes_one<inputs<2>, outputs<1>>}}
#include <typegrad/typegrad.hpp>

#ifdef FIXED
using Net = tg::Graph<tg::Node<"a", tg::Input<4>>, tg::Node<"sum", tg::Add, "a", "a">,
                      tg::Node<"y", tg::Linear<3>, "sum">>;
#else
using Net = tg::Graph<tg::Node<"a", tg::Input<4>>, tg::Node<"b", tg::Input<4>>,
                      tg::Node<"sum", tg::Add, "a", "b">, tg::Node<"y", tg::Linear<3>, "sum">>;
#endif

using Trainer = tg::Trainer<tg::Model<Net>, tg::CrossEntropy, tg::Sgd, 8>;
static_assert(sizeof(Trainer) > 0);
