// One fault, reported twice.
// expected-error {{layer 5 is too wide}}
#ifndef FIXED
static_assert(sizeof(int) == 0, "layer 5 is too wide");
static_assert(sizeof(int) == 1, "layer 5 is too wide");
#endif
