// Models in half precision to and from files: parameters as they are, rounded from other types.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {
namespace {

using Net = Sequence<Input<3>, Linear<4>, Relu, BatchNorm<>, Linear<2>>;

template <class A, class B>
bool same_bits(const A& a, const B& b) {
  if (a.size() != b.size()) return false;
  for (Eigen::Index i = 0; i < a.size(); ++i)
    if (a.data()[i].bits != b.data()[i].bits) return false;
  return true;
}

}  // namespace

TEMPLATE_TEST_CASE_SIG("A model in half is saved and loaded to the bit", "[half]",
                       ((DType dtype), dtype), bf16, f16) {
  const Scratch scratch;
  const std::string path = scratch.path("half.safetensors");
  Model<Net, Cpu, dtype> model(3), other(4);
  model.template parameter<"2.running_mean">().setConstant(0.1f);  // no half
  REQUIRE_FALSE(
      same_bits(model.template parameter<"0.weight">(), other.template parameter<"0.weight">()));
  model.save(path);

  const auto file = io::read_safetensors(path);
  CHECK(file.find("0.weight")->element == (dtype == bf16 ? io::Element::bf16 : io::Element::f16));
  CHECK(file.find("2.weight")->element == file.find("0.weight")->element);
  CHECK(file.find("2.running_mean")->element == io::Element::f32);
  CHECK(file.find("2.num_batches_tracked")->element == io::Element::i64);

  other.load(path);
  CHECK(same_bits(model.template parameter<"0.weight">(), other.template parameter<"0.weight">()));
  CHECK(same_bits(model.template parameter<"3.bias">(), other.template parameter<"3.bias">()));
  CHECK(other.template parameter<"2.running_mean">()(0) == 0.1f);
}

TEMPLATE_TEST_CASE_SIG("What a file holds in float is rounded to nearest", "[half]",
                       ((DType dtype), dtype), bf16, f16) {
  using Half = element_t<dtype>;
  const Scratch scratch;
  const std::string path = scratch.path("float.safetensors");
  Model<Net> model(3);
  model.save(path);
  Model<Net, Cpu, dtype> half(4);
  half.load(path);
  const auto from = model.parameter<"0.weight">();
  const auto to = half.template parameter<"0.weight">();
  int rounded = 0;
  for (int i = 0; i < from.size(); ++i) {
    CHECK(to.data()[i].bits == Half(from.data()[i]).bits);
    rounded += float(to.data()[i]) != from.data()[i];
  }
  CHECK(rounded > 0);

  // And back: every half is a float.
  half.save(path);
  model.load(path);
  for (int i = 0; i < from.size(); ++i) CHECK(from.data()[i] == float(to.data()[i]));
}

TEST_CASE("A model in half begins where the one in float does, and adopts from it", "[half]") {
  Model<Net> model(3);
  Model<Net, Cpu, bf16> half(3), other(4);
  other.adopt(model);
  CHECK(same_bits(half.parameter<"0.weight">(), other.parameter<"0.weight">()));
  CHECK(same_bits(half.parameter<"3.weight">(), other.parameter<"3.weight">()));
  const auto weight = model.parameter<"3.weight">();
  for (int i = 0; i < weight.size(); ++i)
    CHECK(half.parameter<"3.weight">().data()[i].bits == bfloat16(weight.data()[i]).bits);
}

TEST_CASE("An infinity in a half file is found", "[half]") {
  const Scratch scratch;
  const std::string path = scratch.path("half.safetensors");
  Model<Net, Cpu, f16> model(3);
  model.parameter<"0.weight">()(1, 1) = float16(1e6f);
  model.save(path);
  CHECK_THROWS_AS(model.load(path, {.reject_nan = true}), Error);
}

}  // namespace tg::test
