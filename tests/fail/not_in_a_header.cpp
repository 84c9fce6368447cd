// A network that tg::write_header has no loops for: the error names its layer and its operation.
// expected-error {{not_in_a_header<at_layer<0>, layer<Words>, name<"gather">>}}
#include "typegrad/layers/embedding.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/layers/tokens.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/header/contract.hpp"

struct Words : tg::Embedding<100, 8> {};
#ifdef FIXED
using Net = tg::Sequence<tg::Input<12, 8>, tg::Flatten, tg::Linear<2>>;
#else
using Net = tg::Sequence<tg::Tokens<12>, Words, tg::Flatten, tg::Linear<2>>;
#endif

constexpr bool writable =
    tg::runtime::header::is_writable<Net,
                                     tg::runtime::Compiled<Net, tg::Purpose::inference, tg::f32>>();
static_assert(sizeof(writable) > 0);
