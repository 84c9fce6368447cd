// Models to and from files: which files are read, and what is said of the others.
// SPDX-License-Identifier: MIT
#include <limits>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/typegrad.hpp"

using namespace tg;
using tg::test::contains;
using tg::test::Scratch;

namespace {

using Net = Sequence<Input<3>, Linear<4>, Relu, BatchNorm<>, Linear<2>>;
using Smooth = Sequence<Input<3>, Linear<4>, Tanh, BatchNorm<>, Linear<2>>;

template <class AnyModel>
std::vector<double> values(AnyModel& model) {
  std::vector<double> all;
  for (const runtime::Variable& v : model.variables()) {
    const auto view = model.view(v);
    all.insert(all.end(), view.data(), view.data() + view.size());
  }
  return all;
}

// The words with which a model refuses a file. Post: the model is as it was.
template <class AnyModel>
std::string refusal(AnyModel& model, const std::string& path, const LoadOptions& options = {}) {
  const auto before = values(model);
  const std::string words = tg::test::words_of<Error>([&] { model.load(path, options); });
  CHECK(values(model) == before);
  return words;
}

// A copy of a file with its tensors and notes changed.
template <class Change>
std::string changed(const Scratch& scratch, const std::string& path, Change change) {
  const auto file = io::read_safetensors(path);
  auto tensors = file.tensors();
  auto notes = file.metadata();
  change(tensors, notes);
  const std::string copy = scratch.path("changed.safetensors");
  io::write_safetensors(copy, tensors, notes);
  return copy;
}
io::Tensor& named(std::vector<io::Tensor>& tensors, std::string_view name) {
  return *std::find_if(tensors.begin(), tensors.end(),
                       [&](const io::Tensor& tensor) { return tensor.name == name; });
}

}  // namespace

TEST_CASE("a saved file says of which architecture it is") {
  const Scratch scratch;
  const std::string path = scratch.path("x.safetensors");
  Model<Net> model(1);
  model.save(path);
  const auto notes = io::read_safetensors(path).metadata();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].first == "typegrad.architecture");
  CHECK(notes[0].second.size() == 16);
  CHECK(std::stoull(notes[0].second, nullptr, 16) == architecture_hash<Net>);
  CHECK(runtime::spell_architecture(0x0123456789abcdef) == "0123456789abcdef");
  CHECK(runtime::spell_architecture(0xf) == "000000000000000f");

  Model<Net> other(2);
  REQUIRE(values(other) != values(model));
  other.load(path);
  CHECK(values(other) == values(model));
  // The other dtype is the same architecture, and so is what is frozen.
  Model<Net, Cpu, f64> wide(2);
  wide.load(path);
  CHECK(values(wide) == values(model));
  Model<Sequence<Input<3>, Frozen<Linear<4>>, Relu, BatchNorm<>, Linear<2>>> frozen(2);
  frozen.load(path);
  CHECK(frozen.get<"0.weight">() == model.get<"0.weight">());
}

TEST_CASE(
    "tensors that fit, saved by a network of other layers, are refused unless that is meant") {
  const Scratch scratch;
  const std::string path = scratch.path("x.safetensors");
  Model<Net> model(1);
  model.save(path);
  Model<Smooth> other(2);
  const std::string words = refusal(other, path);
  CHECK_THAT(words, contains(path + ": saved by a network of other layers"));
  CHECK_THAT(words,
             contains("(architecture " + runtime::spell_architecture(architecture_hash<Net>)));
  CHECK_THAT(words, contains("expected " + runtime::spell_architecture(architecture_hash<Smooth>)));
  CHECK_THAT(words, contains("though its tensors fit; .any_architecture = true"));
  other.load(path, {.any_architecture = true});
  CHECK(values(other) == values(model));
}

TEST_CASE("a file that says nothing of its architecture is read: PyTorch's") {
  const Scratch scratch;
  const std::string path = scratch.path("x.safetensors");
  Model<Net> model(1);
  model.save(path);
  Model<Smooth> other(2);
  other.load(changed(scratch, path, [](auto&, auto& notes) { notes = {{"format", "pt"}}; }));
  CHECK(values(other) == values(model));
  Model<Smooth> none(2);
  none.load(changed(scratch, path, [](auto&, auto& notes) { notes.clear(); }));
  CHECK(values(none) == values(model));
  // A hash that is none is another one.
  const auto damaged = changed(scratch, path, [](auto&, auto& notes) { notes[0].second = "abc"; });
  CHECK_THAT(refusal(model, damaged), contains("other layers (architecture abc, expected"));
}

TEST_CASE("one error lists all that is missing, unknown, and of another shape or type") {
  const Scratch scratch;
  const std::string path = scratch.path("x.safetensors");
  Model<Sequence<Input<3>, Linear<4>, Relu, BatchNorm<>, Linear<2>>> model(1);
  Model<Sequence<Input<3>, Linear<5, no_bias>, BatchNorm<>, Relu, Linear<2>>> other(2);
  other.save(path);
  CHECK(refusal(model, path) == path +
                                    ": missing \"0.bias\" of F32 [4]"
                                    "; missing \"2.weight\" of F32 [4]"
                                    "; missing \"2.bias\" of F32 [4]"
                                    "; missing \"2.running_mean\" of F32 [4]"
                                    "; missing \"2.running_var\" of F32 [4]"
                                    "; missing \"2.num_batches_tracked\" of I64 []"
                                    "; unknown \"1.num_batches_tracked\" of I64 []"
                                    "; unknown \"1.weight\" of F32 [5]"
                                    "; unknown \"1.bias\" of F32 [5]"
                                    "; unknown \"1.running_mean\" of F32 [5]"
                                    "; unknown \"1.running_var\" of F32 [5]"
                                    "; found \"0.weight\" of F32 [5, 3], expected F32 [4, 3]"
                                    "; found \"3.weight\" of F32 [2, 5], expected F32 [2, 4]");
  // What does not fit is not made to.
  CHECK(refusal(model, path, {.any_architecture = true}) == refusal(model, path));

  model.save(path);
  const auto typed = changed(scratch, path, [](auto& tensors, auto&) {
    named(tensors, "0.bias").element = io::Element::i32;
    io::Tensor& counter = named(tensors, "2.num_batches_tracked");
    counter.element = io::Element::f64;
  });
  CHECK(refusal(model, typed) ==
        typed +
            ": found \"0.bias\" of I32 [4], expected F32 [4]"
            "; found \"2.num_batches_tracked\" of F64 [], expected I64 []");
}

TEST_CASE("numbers that are not finite are refused when asked for") {
  const Scratch scratch;
  const std::string path = scratch.path("x.safetensors");
  Model<Net> model(1), other(2);
  model.parameter<"0.weight">()(1, 2) = std::numeric_limits<float>::quiet_NaN();
  model.parameter<"3.bias">()(1, 0) = std::numeric_limits<float>::infinity();
  model.save(path);
  CHECK(refusal(other, path, {.reject_nan = true}) ==
        path +
            ": found infinity or NaN in \"0.weight\" at place 5"
            "; found infinity or NaN in \"3.bias\" at place 1");
  other.load(path);
  CHECK(other.parameter<"3.bias">()(1, 0) == std::numeric_limits<float>::infinity());
}
