// A pool whose rectangle leaves a column out.
// expected-error {{got_shape<2, 9, 9>, window<3, 2>, stride<3, 2>>}}
#include "typegrad/layers/pools.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<2, 9, 9>, tg::AveragePool<tg::kernel<3, 2>, tg::truncate>>;
#else
using Net = tg::Sequence<tg::Input<2, 9, 9>, tg::AveragePool<tg::kernel<3, 2>>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{2, 3, 4});
