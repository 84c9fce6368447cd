// A network with nothing but its Input.
// expected-error {{empty_network<layer<Net>>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Net : tg::Sequence<tg::Input<784>
#ifdef FIXED
                          ,
                          tg::Linear<10>
#endif
                          > {
};

static_assert(tg::output_shape<Net> == tg::Shape{10});
static_assert(tg::parameter_count<Net> == 7850);
