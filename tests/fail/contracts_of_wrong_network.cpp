// A network that does not fit together, asked for its bytes, its operations and its architecture.
// expected-error {{needs_vector<at_layer<2>, layer<Linear<10>>, got_shape<4, 8, 8>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/contracts.hpp"
#include "typegrad/runtime/inference.hpp"

#ifdef FIXED
using Net =
    tg::Sequence<tg::Input<1, 10, 10>, tg::Conv<4, 3>, tg::Relu, tg::Flatten, tg::Linear<10>>;
#else
using Net = tg::Sequence<tg::Input<1, 10, 10>, tg::Conv<4, 3>, tg::Relu, tg::Linear<10>>;
#endif

static_assert(tg::workspace_bytes<Net, tg::batch<64>> < 1024 * 1024);
static_assert(tg::parameter_bytes<Net> == 4 * 2610);
static_assert(tg::flops<Net> > 0);
static_assert(tg::architecture_hash<Net> != 1);
char memory[int(tg::parameter_bytes<Net>)];
