// An option of another layer.
// expected-error {{unknown_option<layer<Upsample<2, }}
#include "typegrad/layers/upsample.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<2, 4, 4>, tg::Upsample<2, tg::bilinear>>;
#else
using Net = tg::Sequence<tg::Input<2, 4, 4>, tg::Upsample<2, tg::stride<2>>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{2, 8, 8});
