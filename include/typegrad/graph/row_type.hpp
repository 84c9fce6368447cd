// From a row of functions back to the type that it was made from: what a backend makes kernels of.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/graph/node.hpp"

#if defined(__CUDACC__)
#pragma nv_diag_suppress 1301
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif

namespace tg::ir {

// A node is a value, so it has the row's address and no type. A kernel of a GPU is a template of
// types, for no device can follow the host's pointers. type_of_row(AddressOf<row>{}) leads from one
// to the other: declared for an address, defined where the type is known, by NamesRow.
template <const CustomRow* row>
struct AddressOf {
  friend constexpr auto type_of_row(AddressOf<row>);
};
template <const CustomRow* row, class Type>
struct NamesRow {
  friend constexpr auto type_of_row(AddressOf<row>) { return std::type_identity<Type>{}; }
};

}  // namespace tg::ir

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
