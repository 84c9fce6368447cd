// Ready-made networks have as many parameters as the published ones, and their shapes.
// SPDX-License-Identifier: MIT
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/models/all.hpp"

using namespace tg::models;
using tg::input_shape, tg::output_shape, tg::parameter_count, tg::Shape;

static_assert(parameter_count<Mlp<tg::Input<784>, 512, 512, 10>> == 669706);
static_assert(parameter_count<LeNet<>> == 61706);
static_assert(parameter_count<Vgg11<>> == 132863336);
static_assert(parameter_count<ResNet18<>> == 11689512);
static_assert(parameter_count<ResNet34<>> == 21797672);
static_assert(parameter_count<ResNet50<>> == 25557032);
static_assert(parameter_count<MobileNetV2<>> == 3504872);
static_assert(parameter_count<UNet<>> == 7763041);

// The paper's table 6 counts 0.27 M for 20 layers; 8 layers have three blocks of it.
static_assert(parameter_count<ResNet8<>> == 78042);

static_assert(output_shape<ResNet50<>> == Shape{1000});
static_assert(output_shape<UNet<>> == Shape{1, 256, 256});
using Small = ResNet18<tg::Input<3, 32, 32>, 10, SmallStem>;
static_assert(output_shape<Small> == Shape{10});
static_assert(parameter_count<Small> == 11173962);
