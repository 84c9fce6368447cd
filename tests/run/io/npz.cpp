// NumPy's .npz: archives that NumPy saved are read, ours go round, damage is refused.
// SPDX-License-Identifier: MIT
#include "typegrad/io/npz.hpp"

#include <cstdlib>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "tests/run/io/numpy_vectors.hpp"
#include "typegrad/typegrad.hpp"

using namespace tg;
using tg::test::contains;
using tg::test::Scratch;

namespace {

template <std::size_t size>
std::string bytes(const unsigned char (&vector)[size]) {
  return {reinterpret_cast<const char*>(vector), size};
}
std::vector<double> numbers(const io::Tensor& tensor) {
  std::vector<double> result(tensor.size());
  tensor.copy_to(result.data());
  return result;
}
std::string refusal(const Scratch& scratch, const std::string& content) {
  const std::string path = scratch.write("damaged.npz", content);
  return test::words_of<Error>([&] { io::read_npz(path); });
}

// An archive of ours: two tensors and a note.
std::string archive(const Scratch& scratch, bool deflate) {
  const float weight[] = {1, 2, 3, 4, 5, 6};
  const std::int64_t steps = 7;
  io::write_npz(scratch.path("whole.npz"),
                {io::tensor("weight", io::Element::f32, {2, 3}, weight),
                 io::tensor("steps", io::Element::i64, {}, &steps)},
                {{"by", "a test"}}, {.deflate = deflate});
  return scratch.read("whole.npz");
}
// The text with what stands at every place of `from` replaced; places of the same length.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  REQUIRE(from.size() == to.size());
  REQUIRE(text.find(from) != text.npos);
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, to.size(), to);
  return text;
}

const std::string entry_of_directory = "PK\1\2", end_of_archive = "PK\5\6";

}  // namespace

TEST_CASE("archives that NumPy saved are read, stored and deflated") {
  const Scratch scratch;
  for (const std::string& content :
       {bytes(numpy_vectors::savez), bytes(numpy_vectors::savez_compressed)}) {
    const auto file = io::read_npz(scratch.write("x.npz", content));
    CHECK(file.tensors().size() == 3);
    CHECK(numbers(file.at("0.weight", io::Element::f32, {2, 3})) ==
          std::vector<double>{1.5, -2, 3, 4, 5, double(1e-3f)});
    CHECK(numbers(file.at("0.bias", io::Element::f32, {2})) == std::vector<double>{1, -1});
    CHECK(numbers(file.at("steps", io::Element::i64, {})) == std::vector<double>{7});
    CHECK(file.metadata().empty());
  }
}

TEST_CASE("what is written is read: tensors, notes, the same bytes at any time") {
  const Scratch scratch;
  for (bool deflate : {false, true}) {
    const std::string content = archive(scratch, deflate);
    const auto file = io::read_npz(scratch.path("whole.npz"));
    CHECK(numbers(file.at("weight", io::Element::f32, {2, 3})) ==
          std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(numbers(file.at("steps", io::Element::i64, {})) == std::vector<double>{7});
    CHECK(file.metadata() == io::Metadata{{"by", "a test"}});
    CHECK(archive(scratch, deflate) == content);
  }
  CHECK(archive(scratch, true).size() < archive(scratch, false).size());
  for (bool deflate : {false, true}) {  // a tensor of no numbers lies nowhere
    io::write_npz(scratch.path("empty.npz"), {io::tensor("e", io::Element::f32, {0, 3}, nullptr)},
                  {}, {.deflate = deflate});
    CHECK(io::read_npz(scratch.path("empty.npz")).at("e", io::Element::f32, {0, 3}).bytes == 0);
  }
  io::write_npz(scratch.path("none.npz"), {});
  CHECK(io::read_npz(scratch.path("none.npz")).tensors().empty());
}

TEST_CASE("an archive that is cut anywhere is refused") {
  const Scratch scratch;
  for (bool deflate : {false, true}) {
    const std::string whole = archive(scratch, deflate);
    for (std::size_t length = 0; length < whole.size(); ++length)
      CHECK(refusal(scratch, whole.substr(0, length)) != "nothing was thrown");
    CHECK(refusal(scratch, whole + "x") != "nothing was thrown");
    CHECK(refusal(scratch, "x" + whole) != "nothing was thrown");
  }
  CHECK_THAT(refusal(scratch, archive(scratch, false).substr(0, 100)),
             contains("without the end of a zip archive"));
}

TEST_CASE("no changed byte changes numbers unnoticed") {
  const Scratch scratch;
  for (bool deflate : {false, true}) {
    const std::string whole = archive(scratch, deflate);
    const std::size_t numbers_end = whole.find(entry_of_directory);
    int unnoticed = 0;
    for (std::size_t at = 0; at < numbers_end; ++at) {
      std::string damaged = whole;
      damaged[at] = char(damaged[at] ^ 0x20);
      if (refusal(scratch, damaged) != "nothing was thrown") continue;
      const auto file = io::read_npz(scratch.path("damaged.npz"));
      CHECK(numbers(file.at("weight")) == std::vector<double>{1, 2, 3, 4, 5, 6});
      CHECK(numbers(file.at("steps")) == std::vector<double>{7});
      ++unnoticed;
    }
    // Of a local header times are nobody's business, and sizes and checksums are the directory's; a
    // deflated text may end within a byte.
    CHECK(unnoticed <= 2 * (2 + 2 + 4 + 3 * 4 + 1));
  }
  std::string damaged = archive(scratch, false);
  damaged[damaged.find("steps.npy") + 9 + 128] ^= 1;
  CHECK_THAT(refusal(scratch, damaged), contains("of \"steps.npy\", expected"));
}

TEST_CASE("names that lead elsewhere, and names twice, are refused") {
  const Scratch scratch;
  const std::string whole = archive(scratch, false);
  for (const char* name :
       {"../ps.npy", "/teps.npy", "s/../.npy", "s\\eps.npy", "C:eps.npy", "s//ps.npy", "./eps.npy"})
    CHECK_THAT(refusal(scratch, replaced(whole, "steps.npy", name)),
               contains("expected a plain name within the archive"));
  CHECK_THAT(refusal(scratch, replaced(whole, "steps.npy",
                                       "st\xff"
                                       "ps.npy")),
             contains("something that is not UTF-8"));
  CHECK_THAT(refusal(scratch, replaced(whole, "steps.npy", "steps.txt")),
             contains("found an entry \"steps.txt\", expected names that end with .npy"));
  CHECK(refusal(scratch, replaced(whole, "steps.npy", "a/b/c.npy")) == "nothing was thrown");
  const float one = 1;
  const auto tensor = io::tensor("x", io::Element::f32, {}, &one);
  CHECK_THAT(test::words_of<Error>([&] {
               io::write_npz(scratch.path("t.npz"), {tensor, tensor});
             }),
             contains("found \"x\" twice"));
  CHECK_THAT(test::words_of<Error>([&] {
               io::write_npz(scratch.path("t.npz"),
                             {io::tensor("../x", io::Element::f32, {}, &one)});
             }),
             contains("found a name \"../x.npy\", expected a plain one"));
  CHECK(scratch.read("t.npz").empty());
  io::write_npz(scratch.path("t.npz"), {io::tensor("a", io::Element::f32, {}, &one),
                                        io::tensor("b", io::Element::f32, {}, &one)});
  CHECK_THAT(refusal(scratch, replaced(scratch.read("t.npz"), "b.npy", "a.npy")),
             contains("found \"a.npy\" twice, expected every name once"));
}

TEST_CASE("a directory that says what cannot be is refused in words") {
  const Scratch scratch;
  const std::string whole = archive(scratch, false);
  const std::size_t entry = whole.find(entry_of_directory), end = whole.rfind(end_of_archive);
  const auto with = [&](std::size_t at, const std::string& field) {
    std::string text = whole;
    text.replace(at, field.size(), field);
    return refusal(scratch, text);
  };
  const std::string most(4, '\xff'), zero(4, '\0');
  CHECK_THAT(with(entry + 8, std::string("\1\0", 2)), contains("found \"weight.npy\" encrypted"));
  CHECK_THAT(with(entry + 10, "\x0c"), contains("packed by method 12, expected stored"));
  CHECK_THAT(with(entry + 20, most), contains("with zip64 sizes, expected less than 4 GiB"));
  CHECK_THAT(with(entry + 24, "\1"), contains("expected a size that is possible"));
  CHECK_THAT(with(entry + 42, "\1"), contains("found no entry at byte 1, expected \"weight.npy\""));
  CHECK_THAT(with(entry + 16, zero), contains("found the CRC-32"));
  CHECK_THAT(with(entry, zero), contains("expected entry 1 of 2"));
  CHECK_THAT(with(end + 16, most), contains("found a zip64 archive"));
  CHECK_THAT(with(end + 16, zero), contains("expected one that ends at"));
  CHECK_THAT(with(end + 4, "\1"), contains("one of several parts"));
  CHECK_THAT(with(end + 8, std::string("\1\0\1\0", 4)), contains("found a directory of"));
  CHECK_THAT(with(end + 8, std::string("\3\0\3\0", 4)), contains("expected entry 3 of 3"));
  // The second entry is at the place of the first: the names say so.
  const std::size_t second = whole.find(entry_of_directory, entry + 4);
  CHECK_THAT(with(second + 42, zero), contains("found another entry at byte 0"));
  // Few bytes cannot be made to claim memory: a deflated entry of 3 GiB in 100 bytes.
  const std::string packed = archive(scratch, true);
  std::string bomb = packed;
  bomb.replace(packed.find(entry_of_directory) + 24, 4, std::string("\0\0\0\xc0", 4));
  CHECK_THAT(refusal(scratch, bomb), contains("expected a size that is possible"));
}

namespace {

using Net = Sequence<Input<3>, Linear<4>, Relu, BatchNorm<>, Linear<2>>;
using Smooth = Sequence<Input<3>, Linear<4>, Tanh, BatchNorm<>, Linear<2>>;

struct Counting {
  static constexpr Var define(Scope& s) {
    const Var x = s.argument("x", {3}), sum_so_far = s.shared("sum", {3});
    s.update(sum_so_far, sum_so_far + x);
    return sum(sum_so_far * s.parameter("W", {3}, Constant{.value = 2}));
  }
};
struct Other {
  static constexpr Var define(Scope& s) { return sum(s.shared("sum", {4})); }
};

template <class Store>
std::vector<double> values(Store& store) {
  std::vector<double> all;
  for (const runtime::Variable& v : store.variables()) {
    const auto* data = store.memory().data(v);
    all.insert(all.end(), data, data + v.shape.size());
  }
  return all;
}

}  // namespace

TEST_CASE("models are saved and loaded as .npz, and know their architecture") {
  const Scratch scratch;
  const std::string path = scratch.path("model.npz");
  Model<Net> model(1), other(2);
  model.save(path);
  CHECK(scratch.read("model.npz").substr(0, 2) == "PK");
  other.load(path);
  CHECK(values(other) == values(model));
  CHECK(io::read_npz(path).at("2.num_batches_tracked").element == io::Element::i64);
  Model<Smooth> smooth(3);
  const auto before = values(smooth);
  CHECK_THAT(test::words_of<Error>([&] { smooth.load(path); }),
             contains("saved by a network of other layers"));
  CHECK(values(smooth) == before);
  smooth.load(path, {.any_architecture = true});
  CHECK(values(smooth) == values(model));
  // A damaged file changes nothing.
  std::string damaged = scratch.read("model.npz");
  damaged[damaged.find(".npy") + 4 + 128] ^= 1;
  const auto kept = values(other);
  CHECK_THAT(test::words_of<Error>([&] { other.load(scratch.write("d.npz", damaged)); }),
             contains("CRC-32"));
  CHECK(values(other) == kept);
}

TEMPLATE_TEST_CASE_SIG("shared variables are saved and loaded, by extension", "",
                       ((FixedString Name), Name), "s.npz", "s.safetensors") {
  const Scratch scratch;
  const std::string path = scratch.path(Name.text);
  Shared<Counting> state, fresh;
  Function<Counting> count{state};
  count(std::vector<float>{1, 2, 3});
  state.save(path);
  REQUIRE(values(fresh) != values(state));
  fresh.load(path);
  CHECK(values(fresh) == values(state));
  Shared<Other> other;
  CHECK(test::words_of<Error>([&] { other.load(path); }) ==
        path + ": unknown \"W\" of F32 [3]; found \"sum\" of F32 [3], expected F32 [4]");
  state.get<"W">()(1, 0) = std::numeric_limits<float>::infinity();
  state.save(path);
  const auto before = values(fresh);
  CHECK_THAT(test::words_of<Error>([&] { fresh.load(path, {.reject_nan = true}); }),
             contains("found infinity or NaN in \"W\" at place 1"));
  CHECK(values(fresh) == before);
}

TEST_CASE("a program without npz.hpp says what to include") {
  const Scratch scratch;
  const auto known = std::exchange(io::npz_format, {});
  Model<Net> model;
  const std::string path = scratch.path("model.npz");
  CHECK(test::words_of<Error>([&] { model.save(path); }) ==
        path + ": found .npz, expected #include <typegrad/io/npz.hpp> in a program that uses it");
  io::npz_format = known;
  model.save(path);
  model.load(path);
}

TEST_CASE("NumPy reads what we write, and we read what it writes back") {
  if (std::system("python3 -c 'import numpy' >/dev/null 2>&1") != 0) {
    WARN("skipped: python3 with NumPy is not installed");
    return;
  }
  const Scratch scratch;
  const std::string program = scratch.write(
      "check.py",
      "import sys, numpy as np\n"
      "a = np.load(sys.argv[1], allow_pickle=False)\n"
      "assert sorted(a) == ['steps', 'weight'], sorted(a)\n"
      "assert a['weight'].dtype == 'f4' and (a['weight'] == [[1, 2, 3], [4, 5, 6]]).all()\n"
      "assert a['steps'].dtype == 'i8' and a['steps'].shape == () and a['steps'] == 7\n"
      "np.savez_compressed(sys.argv[2], weight=np.asfortranarray(a['weight']), "
      "steps=a['steps'])\n");
  for (bool deflate : {false, true}) {
    archive(scratch, deflate);
    REQUIRE(std::system(("python3 " + program + " " + scratch.path("whole.npz") + " " +
                         scratch.path("back.npz"))
                            .c_str()) == 0);
    const auto file = io::read_npz(scratch.path("back.npz"));
    CHECK(numbers(file.at("weight", io::Element::f32, {2, 3})) ==
          std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(numbers(file.at("steps")) == std::vector<double>{7});
  }
}
