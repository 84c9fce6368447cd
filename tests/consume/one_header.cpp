// The one header beside a program: errors name the program's lines, not the header's.
#include "typegrad.hpp"

struct Checked {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var mean = tg::mean(s.input("x", {2}));
    return tg::assert_that<"positive">(mean, mean > 0);
  }
};

int main() try {
  tg::Function<Checked> checked;
  checked(std::vector<float>{-1, -2});
  return 1;
} catch (const tg::Error& error) {
  std::puts(error.what());
  return std::string_view(error.what()) == "positive at one_header.cpp:7" ? 0 : 1;
}
