// The compile-time fault of networks that cannot be written as a header of their own.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error.hpp"

namespace tg::error {

template <class... Words>
struct not_in_a_header {
  static_assert(never<Words...>,
                "tg::write_header has no loops for this operation: it writes element-wise "
                "operations, products, convolutions, pools, softmax, sums and what moves numbers, "
                "for inputs of numbers");
};

}  // namespace tg::error
