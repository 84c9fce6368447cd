// For tests that include an example's source, into a namespace: its definitions are the subject.
// SPDX-License-Identifier: MIT
#pragma once
#include <typegrad/typegrad.hpp>

// There its `main` is a function template that nobody calls: what it needs is not compiled again.
#define main(...) main(auto __VA_OPT__(, ) __VA_ARGS__)

#pragma GCC diagnostic ignored "-Wreturn-type"  // only the one main may end without a return
#pragma GCC diagnostic ignored "-Wunused-function"
