// A network of 100 layers records on every compiler at default flags.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {
namespace {

// Fifty times Linear and Relu, side by side in one Sequence.
template <class Index>
struct Deep;
template <std::size_t... I>
struct Deep<std::index_sequence<I...>>
    : Sequence<Input<16>, std::conditional_t<(I % 2 == 0), Linear<16>, Relu>...> {};

using Net = Deep<std::make_index_sequence<100>>;
static_assert(Net::layers == 100);
static_assert(output_shape<Net> == Shape{16});
static_assert(parameter_count<Net> == 50 * 17 * 16);
static_assert(!Recorded<Net, Purpose::training>::recording.fault());
static_assert(!Recorded<Net, Purpose::initial>::recording.fault());

// And as a chain of blocks within blocks.
template <int Depth>
struct Nest : Sequence<Linear<16>, Nest<Depth - 1>, Relu> {};
template <>
struct Nest<0> : Sequence<> {};
using Nested = Sequence<Input<16>, Nest<30>>;
static_assert(output_shape<Nested> == Shape{16});
static_assert(parameter_count<Nested> == 30 * 17 * 16);

}  // namespace
}  // namespace tg::test
