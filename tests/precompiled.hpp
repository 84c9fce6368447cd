// What most tests include, read once by the compilers that only check: see compilers.cmake.
// SPDX-License-Identifier: MIT
#pragma once
#ifdef TYPEGRAD_PRECOMPILE_CATCH
#include "tests/catch.hpp"
#endif
#include <typegrad/typegrad.hpp>
