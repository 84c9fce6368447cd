// Networks that everybody knows, ready to be named.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/networks/models/lenet.hpp"
#include "typegrad/networks/models/mlp.hpp"
#include "typegrad/networks/models/mobilenet_v2.hpp"
#include "typegrad/networks/models/resnet.hpp"
#include "typegrad/networks/models/unet.hpp"
#include "typegrad/networks/models/vgg.hpp"
