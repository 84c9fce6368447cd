// A fault that the compiler does not see.
// expected-error {{too wide}}
int main() {}
