// Everything for the CPU: networks as types, the graph compiler, models, training, data, files.
// SPDX-License-Identifier: MIT
#pragma once
// What a definition is made of.
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/operation.hpp"
#include "typegrad/graph/statistics.hpp"

// What a network is made of.
#include "typegrad/graph/ifelse.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"

// How it learns.
#include "typegrad/passes/derivatives.hpp"
#include "typegrad/solvers/adagrad.hpp"
#include "typegrad/solvers/adam.hpp"
#include "typegrad/solvers/rms_prop.hpp"
#include "typegrad/solvers/schedules.hpp"
#include "typegrad/solvers/sgd.hpp"
#include "typegrad/training/early_stopping.hpp"
#include "typegrad/training/trainer.hpp"

// What it learns from.
#include "typegrad/data/digits.hpp"
#include "typegrad/data/loader.hpp"
#include "typegrad/data/mnist.hpp"

// What comes of it.
#include "typegrad/runtime/check_passes.hpp"
#include "typegrad/runtime/function.hpp"
#include "typegrad/runtime/model.hpp"
#include "typegrad/runtime/tensor.hpp"
#include "typegrad/views/debugprint.hpp"
#include "typegrad/views/inspect.hpp"
#include "typegrad/views/optimisation_report.hpp"
#include "typegrad/views/summary.hpp"
