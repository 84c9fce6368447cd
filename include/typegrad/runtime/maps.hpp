// How results and variables are seen from outside: Eigen maps onto the library's memory.
// SPDX-License-Identifier: MIT
#pragma once
#if defined(__CUDACC__)
#pragma nv_diagnostic push
#pragma nv_diag_suppress 20012  // annotations of Eigen's that nvcc ignores
#endif
#include <Eigen/Core>
#if defined(__CUDACC__)
#pragma nv_diagnostic pop
#endif

#include "typegrad/core/exception.hpp"
#include "typegrad/runtime/variables.hpp"

namespace tg {

// A rectangle of numbers, row by row; and one in somebody's memory.
template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using MatrixMap = Eigen::Map<Matrix<T>>;
// A column of numbers in somebody's memory.
template <class T>
using VectorMap = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>>;

namespace runtime {

// A number is 1 x 1, rank 1 a column, higher ranks first extent x the rest.
template <class Number, class T, class Kept, class Memory>
MatrixMap<Number> map_of(const Variables<T, Kept, Memory>& store, const Variable& v) {
  const int rows = v.shape.rank() == 0 ? 1 : v.shape[0];
  return {static_cast<Number*>(store.address(v)), rows, v.shape.size() / rows};
}

// Throws Error when a matrix lies column by column.
template <class Range>
void check_row_major(const Range& range, const char* what) {
  if constexpr (requires { Range::IsRowMajor; })
    if (!Range::IsRowMajor && range.rows() > 1 && range.cols() > 1)
      fail(what, "a matrix column by column, expected samples one after the other: row-major");
}

// How many samples a range of numbers holds. Throws Error unless it is at least one, whole, and of
// the right width.
template <class Range>
std::int64_t count_samples(const Range& range, std::int64_t width, const char* what) {
  const std::int64_t size = std::int64_t(range.size());
  if constexpr (requires {
                  range.cols();
                  range.rows();
                }) {
    check_row_major(range, what);
    if (range.cols() != width && !(range.cols() == 1 && range.rows() == width))
      fail(what, "rows of %lld numbers, expected rows of %lld", (long long)range.cols(),
           (long long)width);
  }
  if constexpr (requires {
                  range.shape().size();
                  range.count();
                }) {
    if (range.shape().size() != width)
      fail(what, "samples of %d numbers, expected samples of %lld", range.shape().size(),
           (long long)width);
  }
  if (size == 0 || size % width != 0)
    fail(what, "%lld numbers, expected a positive multiple of %lld", (long long)size,
         (long long)width);
  return size / width;
}

}  // namespace runtime
}  // namespace tg
