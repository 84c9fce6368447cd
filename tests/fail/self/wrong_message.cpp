// An error that says something else.
// expected-error {{layer 5 is too wide}}
#ifndef FIXED
static_assert(sizeof(int) == 0, "layer 4 is too wide");
#endif
