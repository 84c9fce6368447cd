// Heads that do not divide the width, inside an encoder layer.
// expected-error {{heads_do_not_divide<at_layer<1>, layer<TransformerEncoderLayer<5, 32>>, width<16>, heads<5>>}}
// expected-error {{their number must divide the width}}
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/networks/transformer.hpp"

#ifdef FIXED
constexpr int heads = 4;
#else
constexpr int heads = 5;
#endif
using Net = tg::Sequence<tg::Input<7, 12>, tg::Linear<16>, tg::TransformerEncoderLayer<heads, 32>>;

static_assert(tg::output_shape<Net> == tg::Shape{7, 16});
