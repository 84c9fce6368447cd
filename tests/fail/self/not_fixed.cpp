// An error that nothing mends.
// expected-error {{layer 5 is too wide}}
static_assert(sizeof(int) == 0, "layer 5 is too wide");
