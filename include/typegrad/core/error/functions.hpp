// Compile-time faults of functions: their arguments, and the variables that they share.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error/names.hpp"

namespace tg::error {

template <class... Words>
struct unused_input {
  static_assert(never<Words...>,
                "the definition declares this input and never reads it: use it, or remove it");
};
template <class... Words>
struct wrong_arguments {
  static_assert(never<Words...>,
                "a call gives each argument of the function, in the order in which its definition "
                "declares them; what only pruned nodes read is no argument, and only the last ones "
                "that are declared with tg::otherwise may be left out");
};
template <class... Words>
struct wrong_element {
  static_assert(never<Words...>,
                "this argument is a contiguous range of numbers of its dtype (a number where its "
                "shape is {}): numbers of another type are converted by who calls");
};
template <class... Words>
struct no_such_output {
  static_assert(never<Words...>,
                "the function has no output of this name: choose one of those there are, or name "
                "the symbol that it returns, s.named(\"cost\", …)");
};
template <class... Words>
struct shared_differs {
  static_assert(never<Words...>,
                "two functions declare this shared variable with other shapes or dtypes: the first "
                "one's, then the other one's");
};
template <class... Words>
struct not_shared {
  static_assert(never<Words...>,
                "the function uses a shared variable that is not in what it is made from: name its "
                "definition in tg::Shared<…>");
};
template <class... Words>
struct variables_elsewhere {
  static_assert(
      never<Words...>,
      "these variables live on a device, where other functions use them, and the function "
      "runs elsewhere: name the device as its backend, or name a function of another "
      "backend in tg::Shared<…>, which then keeps all variables on the host");
};

template <class... Words>
struct debug_mode_needs_the_host {
  static_assert(never<Words...>,
                "debug mode compares every number with the reference, in the host's memory: debug "
                "the function on tg::Cpu; on a device, tg::observed shows what its steps make");
};
template <class... Words>
struct backend_is_not_included {
  static_assert(never<Words...>,
                "this backend is only named here: include <typegrad/cuda.cuh> in a file that nvcc "
                "compiles, which CMake's typegrad_target_cuda(program) says, or take tg::Cpu");
};
template <class... Words>
struct unknown_optimisation {
  static_assert(never<Words...>,
                "tg::include and tg::exclude take the name of a pass (simplify, stabilise, fusion, "
                "kernels), of a family of rules, or of a rule; docs/modes.md lists them");
};

}  // namespace tg::error
