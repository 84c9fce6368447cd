// The network of generate.py's lenet().
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/typegrad.hpp"

namespace tg::test {

struct LeNet
    : Sequence<Input<1, 28, 28>, Conv<6, 5, padding<2>>, Relu, MaxPool<2>, Conv<16, 5>, Relu,
               MaxPool<2>, Flatten, Linear<120>, Relu, Linear<84>, Relu, Linear<10>> {};

}  // namespace tg::test
