// safetensors: what is written is read again, and every wrong file is refused.
// SPDX-License-Identifier: MIT
#include <limits>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/io/safetensors.hpp"

using namespace std::string_literals;
using tg::io::Element;
using tg::io::read_safetensors;
using tg::io::Tensor;
using tg::io::tensor;
using tg::io::write_safetensors;
using tg::test::contains;
using tg::test::Scratch;

namespace {

const float weight[] = {1, 2, 3, 4, 5, 6};
const std::int64_t steps = -42;
const std::uint8_t flags[] = {1, 0, 1};

std::vector<Tensor> some_tensors() {
  return {tensor("flags", Element::boolean, {3}, flags),
          tensor("0.weight", Element::f32, {2, 3}, weight),
          tensor("num_batches_tracked", Element::i64, {}, &steps),
          tensor("none", Element::f32, {0, 7}, nullptr)};
}

// A file of this header and this many bytes of data.
std::string file_of(const std::string& header, std::size_t bytes) {
  std::string file(8, '\0');
  for (int i = 0; i < 8; ++i) file[std::size_t(i)] = char(header.size() >> (8 * i));
  return file + header + std::string(bytes, '\0');
}

std::string fault_of(const std::string& path) {
  return tg::test::words_of<tg::Error>([&] { read_safetensors(path); });
}

}  // namespace

TEST_CASE("tensors and metadata come back as they were") {
  const Scratch scratch;
  const std::string path = scratch.path("x.safetensors");
  const tg::io::Metadata notes = {{"format", "pt"}, {"\"quoted\"", "two\nlines \\ \x01 \xc3\xa9"}};
  write_safetensors(path, some_tensors(), notes);
  auto file = read_safetensors(path);
  const auto moved = std::move(file);
  CHECK(moved.path() == path);
  CHECK(moved.metadata() == notes);
  REQUIRE(moved.tensors().size() == 4);
  for (const Tensor& written : some_tensors()) {
    const Tensor& read = moved.at(written.name, written.element, written.shape);
    REQUIRE(read.bytes == written.bytes);
    if (read.bytes > 0) CHECK(std::memcmp(read.data, written.data, read.bytes) == 0);
  }
  CHECK(moved.find("other") == nullptr);
  CHECK(scratch.files() == 1);
}

TEST_CASE("the bytes are those of the format") {
  const Scratch scratch;
  const std::uint16_t two[] = {0x3C00, 0xC000};
  write_safetensors(scratch.path("x"),
                    {tensor("b", Element::u8, {1}, flags), tensor("a", Element::f16, {2, 1}, two)},
                    {{"k", "v"}});
  const std::string header =
      R"({"__metadata__":{"k":"v"},"a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]},)"
      R"("b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  CHECK(scratch.read("x") == file_of(padded, 0) + "\x00\x3c\x00\xc0\x01"s);
  write_safetensors(scratch.path("empty"), {});
  CHECK(scratch.read("empty") == file_of("{}      ", 0));
  CHECK(read_safetensors(scratch.path("empty")).tensors().empty());
}

TEST_CASE("headers of other writers are read: any order, white space, escapes, no padding") {
  const Scratch scratch;
  const std::string header =
      "{\n \"b\" : {\"data_offsets\":[ 1 ,\t3 ], \"shape\" :[], \"dtype\":\"BF16\"},"
      R"("\u0061\/\ud83d\ude00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{} })";
  std::string bytes = file_of(header, 3);
  bytes[bytes.size() - 2] = char(0x80), bytes[bytes.size() - 1] = char(0x3F);
  const auto file = read_safetensors(scratch.write("x", bytes));
  CHECK(file.at("a/\xF0\x9F\x98\x80").size() == 1);
  float number = 0;
  file.at("b").copy_to(&number);  // not aligned
  CHECK(number == 1);
}

TEST_CASE("a wrong file is an error that says where, what was found and what was expected") {
  const Scratch scratch;
  const auto one = [](const std::string& dtype, const std::string& shape,
                      const std::string& offsets) {
    return R"({"a":{"dtype":")" + dtype + R"(","shape":[)" + shape + R"(],"data_offsets":[)" +
           offsets + "]}}";
  };
  struct Case {
    std::string bytes, found, expected;
  };
  const std::string a = R"("a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]})";
  const Case cases[] = {
      {"", "found 0 bytes", "expected at least 8"},
      {"1234567", "found 7 bytes", "expected at least 8"},
      {"\xff\0\0\0\0\0\0\0{}"s, "found a header of 255 bytes in a file of 10 bytes",
       "expected at most 2"},
      {"\xff\xff\xff\xff\xff\xff\xff\xff{}"s, "found a header of 18446744073709551615 bytes",
       "at most 2"},
      {file_of("", 0), "found the end at byte 0 of the header", "expected '{'"},
      {file_of(" {}", 0), "found \" {}\" at byte 0", "expected '{'"},
      {file_of("{", 0), "found the end at byte 1", "expected '\"'"},
      {file_of("{} x", 0), "found \"x\" at byte 3", "expected the end"},
      {file_of("{}\0"s, 0), "found \"?\" at byte 2", "expected the end"},
      {file_of("{" + a + ",}", 2), "found \"}\"", "expected '\"'"},
      {file_of("{" + a + "," + a + "}", 2), "found \"a\" twice", "every name once"},
      {file_of(R"({"__metadata__":{},"__metadata__":{}})", 0), "found \"__metadata__\" twice",
       "once"},
      {file_of(R"({"__metadata__":{"x":"","x":""}})", 0), "found \"x\" twice", "once"},
      {file_of(R"({"__metadata__":{"x":1}})", 0), "found \"1}}\" at byte 21", "expected '\"'"},
      {file_of(R"({"a":{}})", 0), "found \"}}\" at byte 6", "expected '\"'"},
      {file_of(R"({"a":{"dtype":"U8","shape":[2]}})", 2), "found \"a\" without all its keys",
       "data_offsets"},
      {file_of(R"({"a":{"dtype":"U8","dtype":"U8"}})", 2), "of the header", "every key once"},
      {file_of(R"({"a":{"type":"U8"}})", 2), "found key \"type\" in \"a\"",
       "dtype, shape and data_offsets"},
      {file_of(one("F8", "2", "0,2"), 2), "found \"a\" of type \"F8\"", "F32 or F64"},
      {file_of(one("U8", "2", "0,2"), 1), "found \"a\" at data_offsets 0 to 2",
       "within the 1 bytes"},
      {file_of(one("U8", "2", "0,2"), 3), "found 3 bytes of data",
       "expected 2 bytes, as the header says"},
      {file_of(one("U8", "2", "1,3"), 3), "data_offsets 1 to 3", "begin at 0, without gap"},
      {file_of(one("U8", "3", "0,2"), 2), "data_offsets 0 to 2", "the size of U8 [3]"},
      {file_of(one("U8", "2", "0,1"), 2), "data_offsets 0 to 1", "the size of U8 [2]"},
      {file_of(one("F32", "4611686018427387904,4", "0,0"), 0), "data_offsets 0 to 0",
       "the size of F32"},
      {file_of(one("U8", "4294967296,4294967296", "0,0"), 0), "data_offsets 0 to 0",
       "the size of U8"},
      {file_of(one("U8", "2", "2,0"), 2), "data_offsets 2 to 0", "begin at 0"},
      {file_of(one("U8", "", "0,9223372036854775807"), 2), "to 9223372036854775807",
       "within the 2 bytes"},
      {file_of(one("U8", "2", "0,9223372036854775808"), 2), "of the header",
       "a whole number from 0 to 2^63-1"},
      {file_of(one("U8", "-2", "0,2"), 2), "found \"-2],", "a whole number"},
      {file_of(one("U8", "02", "0,2"), 2), "found \"02],", "a whole number"},
      {file_of(one("U8", "2.0", "0,2"), 2), "found \".0],", "']'"},
      {file_of(one("U8", "2", "0,2,4"), 2), "found \",4]}", "']'"},
      {file_of("{" + a + R"(,"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", 3),
       "\"b\" at data_offsets 1 to 3", "begin at 2, without gap or overlap"},
      {file_of(R"({"\x":)", 2), "found \"x", "an escape of JSON"},
      {file_of(R"({"\u12g4":)", 2), "found \"g4", "four hexadecimal digits"},
      {file_of(R"({"\ud800":)", 2), "at byte 1 of", "a string in UTF-8"},
      {file_of(R"({"\ud800\u0041":)", 2), "at byte 1 of", "a string in UTF-8"},
      {file_of("{\"\xc0\x80\":", 2), "at byte 1 of", "a string in UTF-8"},
      {file_of("{\"a\nb\":", 2), "found \"?b", "a string that ends"},
  };
  for (const Case& wrong : cases) {
    CAPTURE(wrong.bytes);
    const std::string path = scratch.write("wrong.safetensors", wrong.bytes);
    CHECK_THAT(fault_of(path),
               contains(path + ": ") && contains(wrong.found) && contains(wrong.expected));
  }
  CHECK_THAT(fault_of(scratch.path("none")),
             contains("none: found No such file or directory, expected a file"));
  CHECK_THAT(fault_of(scratch.path()), contains("found Is a directory"));
}

TEST_CASE("no file cut short is read, and none with another byte does harm") {
  const Scratch scratch;
  write_safetensors(scratch.path("x"), some_tensors(), {{"k", "v"}});
  const std::string good = scratch.read("x");
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK_THAT(fault_of(scratch.write("cut", good.substr(0, length))), contains("cut: found "));
  CHECK_THAT(fault_of(scratch.write("longer", good + "!")), contains("as the header says"));
  int refused = 0;
  for (std::size_t i = 0; i < good.size() - 35; ++i) {
    std::string damaged = good;
    damaged[i] ^= 4;
    refused += fault_of(scratch.write("damaged", damaged)) != "nothing was thrown";
  }
  CHECK(refused > int(good.size()) / 2);
}

TEST_CASE("what cannot be written leaves the file as it was") {
  const Scratch scratch;
  const std::string path = scratch.write("x", "before");
  const auto fault = [&](const std::vector<Tensor>& tensors, const tg::io::Metadata& notes = {}) {
    return tg::test::words_of<tg::Error>([&] { write_safetensors(path, tensors, notes); });
  };
  Tensor wrong = some_tensors()[1];
  wrong.bytes = 20;
  CHECK_THAT(fault({wrong}),
             contains("found \"0.weight\" of F32 [2, 3] in 20 bytes, expected 24 bytes"));
  CHECK_THAT(fault({tensor("a", Element::f32, {2}, nullptr)}),
             contains("found \"a\" of F32 [2] in 0 bytes"));
  CHECK_THAT(fault({tensor("a", Element::f32, {-1}, weight)}), contains("extents of at least 0"));
  CHECK_THAT(fault({some_tensors()[0], some_tensors()[0]}), contains("found \"flags\" twice"));
  CHECK_THAT(fault({tensor("__metadata__", Element::u8, {1}, flags)}), contains("another name"));
  CHECK_THAT(fault({tensor("\xff", Element::u8, {1}, flags)}),
             contains("a name that is not UTF-8"));
  CHECK_THAT(fault({}, {{"k", "\xff"}}), contains("metadata that are not UTF-8"));
  CHECK_THAT(fault({}, {{"k", ""}, {"k", ""}}), contains("found \"k\" twice"));
  CHECK(scratch.read("x") == "before");
  {
    tg::io::OutputFile file(path);
    file.write("after", 5);
  }  // no commit
  CHECK(scratch.read("x") == "before");
  CHECK(scratch.files() == 1);

  const std::string nowhere = scratch.path("no/folder/x");
  CHECK(tg::test::words_of<tg::Error>([&] { write_safetensors(nowhere, {}); }) ==
        nowhere + ": could not be opened: No such file or directory");
}

TEST_CASE("a file that does not hold what is asked for is an error") {
  const Scratch scratch;
  const std::string path = scratch.path("x");
  write_safetensors(path, some_tensors());
  const auto file = read_safetensors(path);
  const auto fault = [](auto call) { return tg::test::words_of<tg::Error>(call); };
  CHECK(
      fault([&] { file.at("1.weight"); }) ==
      path +
          R"(: found 4 tensors: "num_batches_tracked" "0.weight" "none" "flags", expected "1.weight")");
  CHECK(fault([&] {
          file.at("0.weight", Element::f32, {3, 2});
        }) == path + R"(: found "0.weight" of F32 [2, 3], expected F32 [3, 2])");
  CHECK_THAT(fault([&] {
               file.at("0.weight", Element::f64, {2, 3});
             }),
             contains("expected F64 [2, 3]"));

  file.check_finite();
  const double numbers[] = {0, std::numeric_limits<double>::max(),
                            -std::numeric_limits<double>::infinity()};
  write_safetensors(path, {tensor("a", Element::f64, {3}, numbers)});
  CHECK(fault([&] { read_safetensors(path).check_finite(); }) ==
        path + R"(: found infinity or NaN in "a" at place 2, expected finite numbers)");
}
