// An Embedding of what are no integers.
// expected-error {{needs_integers<at_layer<0>, layer<Words>, got_shape<12>>}}
#include "typegrad/layers/embedding.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Words : tg::Embedding<100, 8> {};
#ifdef FIXED
using Net = tg::Sequence<tg::Tokens<12>, Words>;
#else
using Net = tg::Sequence<tg::Input<12>, Words>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{12, 8});
