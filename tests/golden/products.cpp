// Products of matrices and their gradients, of 3 samples.
// SPDX-License-Identifier: MIT
#include "golden.hpp"

namespace tg::test {
namespace {

struct Left {
  static constexpr Shape a{5, 4}, b{4, 6}, y{5, 6};
  static constexpr bool per_sample = false;
};
struct Both {
  static constexpr Shape a{2, 5, 4}, b{2, 4, 3}, y{2, 5, 3};
  static constexpr bool per_sample = true;
};
struct Broadcast {
  static constexpr Shape a{5, 4}, b{2, 4, 3}, y{2, 5, 3};
  static constexpr bool per_sample = false;
};
struct Vector {
  static constexpr Shape a{5, 4}, b{4}, y{5};
  static constexpr bool per_sample = true;
};

// y = a b and the gradients of sum(y * c): of every sample's a, and of b.
template <class Case>
struct Probe {
  static constexpr auto define(Scope& s) {
    const Var a = s.input("a", Case::a);
    const Var b = Case::per_sample ? s.input("b", Case::b) : s.argument("b", Case::b);
    const Var y = matmul(a, b);
    const Var cost = sum(y * s.input("c", y.shape()));
    return outputs(y, grad(cost, a), grad(cost, b));
  }
};

template <class Case, DType dtype>
void check_product(const std::string& name, std::uint32_t stream) {
  using T = element_t<dtype>;
  using Function = runtime::ProgramOf<Probe<Case>, Purpose::training, dtype>;
  CAPTURE(name, sizeof(T));
  const Golden<T> golden("products");
  runtime::Callable callable(Function::program(), Function::leaves(), 0);
  const int samples_of_b = Case::per_sample ? 3 : 1;
  // In the order of their names, a, b, c; and of the outputs.
  const int given_sizes[] = {3 * Case::a.size(), samples_of_b * Case::b.size(), 3 * Case::y.size()};
  const int result_sizes[] = {given_sizes[2], given_sizes[0], given_sizes[1]};
  std::vector<T> given[3], results[3];
  for (std::size_t leaf = 0; leaf < 3; ++leaf) {
    const auto which = std::uint32_t(callable.leaves().name(leaf)[0] - 'a');
    given[which] = numbers<T>(given_sizes[which], 300 + 3 * stream + which);
    callable.bind(leaf, given[which].data());
  }
  for (int i = 0; i < 3; ++i) {
    results[i].resize(std::size_t(result_sizes[i]));
    callable.bind_output(i, results[i].data());
  }
  callable.run(3);
  const char* const names[] = {".y", ".da", ".db"};
  for (int i = 0; i < 3; ++i) {
    INFO(names[i]);
    CHECK(golden.distance(name + names[i], results[i].data(), results[i].size()) < after_one<T>);
  }
}

template <DType dtype>
void check_products() {
  check_product<Left, dtype>("left", 0);
  check_product<Both, dtype>("both", 1);
  check_product<Broadcast, dtype>("broadcast", 2);
  check_product<Vector, dtype>("vector", 3);
}

}  // namespace

TEST_CASE("products of matrices and their gradients", "[golden]") {
  check_products<f32>();
  check_products<f64>();
}

}  // namespace tg::test
