// Formulas for rules: what they are made of, which rule fires there or must not.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/indexing.hpp"
#include "typegrad/graph/mathematics.hpp"
#include "typegrad/graph/scope.hpp"
#include "typegrad/graph/statistics.hpp"

namespace tg::test {

// Symbols for formulas: a vector, a matrix and an image per sample, and shared ones. Numbers lie in
// (0.2, 0.9), so that every function is defined there.
struct Symbols {
  Var x, y, z;        // per sample, (4)
  Var v, w;           // shared, (4)
  Var matrix, other;  // per sample (3, 4), shared (4, 3)
  Var image;          // per sample (2, 4, 4)
  Var number;         // shared, {}
  Var label;          // per sample, 0 … 3
  Scope& s;
};

using Formula = Var (*)(const Symbols&);

// A formula and what happens to it: `rule` fires there, or must not.
struct RuleCase {
  const char* rule;
  Formula formula;
  bool fires = true;
};

}  // namespace tg::test
