// The fault is that nothing is compiled at all.
// expected-error {{no_such_header.hpp}}
#ifndef FIXED
#include "no_such_header.hpp"
#endif
