// For tests that include an example's source, into a namespace: its definitions are the subject.
// There its `main` is a function like others, which nobody calls.
// SPDX-License-Identifier: MIT
#pragma once
#include <typegrad/typegrad.hpp>

#pragma GCC diagnostic ignored "-Wreturn-type"  // only the one main may end without a return
#pragma GCC diagnostic ignored "-Wunused-function"
