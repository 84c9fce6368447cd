// A picture and a page of a network that is wrong: its one error, once.
// expected-error {{needs_image<at_layer<0>, layer<Conv<4, 3>>, got_shape<8>>}}
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"
#include "typegrad/views/dot.hpp"
#include "typegrad/views/graph_html.hpp"

#ifdef FIXED
using Input = tg::Input<1, 8, 8>;
#else
using Input = tg::Input<8>;
#endif
using Net = tg::Sequence<Input, tg::Conv<4, 3>>;

int pictures() { return int(tg::dot<Net>().size() + tg::graph_html<Net>().size()); }
