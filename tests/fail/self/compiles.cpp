// A fault that the compiler does not see.
// expected-error {{too wide}}
static_assert(sizeof(int) > 0);
