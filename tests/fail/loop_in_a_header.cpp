// A recurrent network as a header for inference: it has no loops of this kind.
// expected-error {{not_in_a_header<at_layer<0>, layer<Lstm<4>>, name<"carry">>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/recurrent.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/header/contract.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<5, 3>, tg::Flatten, tg::Linear<2>>;
#else
using Net = tg::Sequence<tg::Input<5, 3>, tg::Lstm<4>, tg::Flatten, tg::Linear<2>>;
#endif

constexpr bool writable =
    tg::runtime::header::is_writable<Net,
                                     tg::runtime::Compiled<Net, tg::Purpose::inference, tg::f32>>();
static_assert(sizeof(writable) > 0);
