// A recurrent layer in half precision: the rows of loops are floats, and nothing falls back to
// them.
// expected-error {{no_half_form<at_layer<0>, layer<Memory>, name<"carry">, dtype<tg::DType::bf16>>}}
#include <typegrad/typegrad.hpp>

struct Memory : tg::Lstm<8> {};
#ifdef FIXED
using Net = tg::Sequence<tg::Input<12, 4>, tg::Flatten, tg::Linear<8>>;
#else
using Net = tg::Sequence<tg::Input<12, 4>, Memory>;
#endif

static_assert(tg::workspace_bytes<Net, tg::bf16> > 0);
