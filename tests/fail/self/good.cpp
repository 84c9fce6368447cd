// What a file of tests/fail looks like: one error, in words; none when FIXED.
// expected-error {{window_does_not_tile<at_layer<5>, name<"conv one">, name<"b">, got_shape<16, 10>>}}
// expected-error {{make the window fit}}
namespace tg {
template <int size>
struct FixedString {
  char text[size];
  constexpr FixedString(const char (&from)[size]) {
    for (int i = 0; i < size; ++i) text[i] = from[i];
  }
};
template <int>
struct at_layer {};
template <FixedString>
struct name {};
template <int...>
struct got_shape {};
namespace error {
template <class... Words>
struct window_does_not_tile {
  static_assert(sizeof...(Words) == 0, "make the window fit, or say tg::truncate");
};
}  // namespace error
}  // namespace tg

#ifndef FIXED
int fault = sizeof(tg::error::window_does_not_tile<tg::at_layer<5>, tg::name<"conv one">,
                                                   tg::name<"b">, tg::got_shape<16, 10>>);
#endif
