// Groups that do not divide the channels, inside a block of a block.
// expected-error {{groups_do_not_divide<at_layer<1, 0, 1>, layer<Grouped>, channels<6>, groups<4>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
constexpr int count = 3;
#else
constexpr int count = 4;
#endif
struct Grouped : tg::Conv<12, 3, tg::groups<count>> {};
using Block = tg::Sequence<tg::Sequence<tg::Tanh, Grouped>>;
using Net = tg::Sequence<tg::Input<6, 8, 8>, tg::Relu, Block>;

static_assert(tg::output_shape<Net> == tg::Shape{12, 6, 6});
