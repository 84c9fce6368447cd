// The backend of functions and models that name none.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/backend.hpp"
#include "typegrad/core/config.hpp"
#include "typegrad/core/error/functions.hpp"

namespace tg {

struct Cuda;  // of <typegrad/cuda.cuh>, which nvcc alone reads

// TYPEGRAD_DEFAULT_BACKEND, tg::Cpu where nobody defines it.
using DefaultBackend = TYPEGRAD_DEFAULT_BACKEND;

namespace runtime {

template <class Backend>
constexpr bool is_included = requires {
  sizeof(Backend);
};

// True; a backend that is only named is an error.
template <class Backend>
constexpr bool explain_backend() {
  if constexpr (!is_included<Backend>)
    error::raise<error::backend_is_not_included<error::backend<Backend>>>();
  return is_included<Backend>;
}
// Takes its place after the error.
template <class Backend>
using UsableBackend = std::conditional_t<is_included<Backend>, Backend, Cpu>;

}  // namespace runtime
}  // namespace tg
