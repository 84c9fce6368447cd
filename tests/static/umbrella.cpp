// The umbrella compiles on every compiler (nvcc's code for the host: public_face.cpp).
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

struct Network : tg::Sequence<tg::Input<1, 8, 8>, tg::Conv<4, 3>, tg::Relu, tg::MaxPool<2>,
                              tg::Flatten, tg::Linear<5>> {};
static_assert(tg::output_shape<Network> == tg::Shape{5});
static_assert(tg::parameter_count<Network> == 4 * 9 + 4 + 5 * 36 + 5);
