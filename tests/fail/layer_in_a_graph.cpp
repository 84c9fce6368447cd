// A wrong layer deep in named ones: the path says where, the type is the innermost one's.
// expected-error {{needs_vector<at<"0.branch.body.1">, layer<Linear<3>>, got_shape<2, 5, 5>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/graph.hpp"
#include "typegrad/networks/residual.hpp"

#ifdef FIXED
using Branch = tg::Residual<tg::Relu, tg::Tanh>;
#else
using Branch = tg::Residual<tg::Relu, tg::Linear<3>>;
#endif
using Block = tg::Graph<tg::Inputs<"x">, tg::Node<"branch", Branch, "x">>;
using Net = tg::Sequence<tg::Input<2, 5, 5>, Block, tg::Flatten>;

static_assert(tg::output_shape<Net> == tg::Shape{50});
