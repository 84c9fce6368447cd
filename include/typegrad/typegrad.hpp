// Everything for the CPU: networks as types, the graph compiler, models, training, data, files.
// SPDX-License-Identifier: MIT
#pragma once
// What a network is made of.
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/fillers/he.hpp"
#include "typegrad/layers/fillers/orthogonal.hpp"
#include "typegrad/layers/fillers/random.hpp"
#include "typegrad/layers/fillers/xavier.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/layers/layer_norm.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/losses.hpp"
#include "typegrad/layers/metrics.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

// How it learns.
#include "typegrad/passes/gradient.hpp"
#include "typegrad/solvers/adagrad.hpp"
#include "typegrad/solvers/adam.hpp"
#include "typegrad/solvers/rms_prop.hpp"
#include "typegrad/solvers/schedules.hpp"
#include "typegrad/solvers/sgd.hpp"
#include "typegrad/training/trainer.hpp"

// What it learns from.
#include "typegrad/data/digits.hpp"
#include "typegrad/data/loader.hpp"
#include "typegrad/data/mnist.hpp"

// What comes of it.
#include "typegrad/runtime/model.hpp"
#include "typegrad/views/summary.hpp"
