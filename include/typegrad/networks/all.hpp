// Everything that makes a network of layers.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/frozen.hpp"
#include "typegrad/networks/graph.hpp"
#include "typegrad/networks/models/all.hpp"
#include "typegrad/networks/parallel.hpp"
#include "typegrad/networks/replace_head.hpp"
#include "typegrad/networks/residual.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/networks/tied.hpp"
#include "typegrad/networks/transformer.hpp"
