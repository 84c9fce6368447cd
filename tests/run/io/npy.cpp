// NumPy's .npy: what NumPy saved is read, what we write are NumPy's bytes, damage is refused.
// SPDX-License-Identifier: MIT
#include "typegrad/io/npy.hpp"

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "tests/run/io/numpy_vectors.hpp"

using namespace tg;
using tg::test::contains;
using tg::test::Scratch;

namespace {

template <std::size_t size>
std::string bytes(const unsigned char (&vector)[size]) {
  return {reinterpret_cast<const char*>(vector), size};
}
io::TensorFile read(const Scratch& scratch, const std::string& content) {
  return io::read_npy(scratch.write("x.npy", content));
}
std::vector<double> numbers(const io::Tensor& tensor) {
  std::vector<double> result(tensor.size());
  tensor.copy_to(result.data());
  return result;
}
std::string refusal(const Scratch& scratch, const std::string& content) {
  return test::words_of<Error>([&] { read(scratch, content); });
}
// A file of version 1.0 with that header.
std::string with_header(const std::string& header, const std::string& content = "") {
  std::string result = "\x93NUMPY";
  result += {'\1', '\0', char(header.size()), '\0'};
  return result + header + content;
}

using Extents = std::vector<std::int64_t>;
using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("what NumPy saved is read") {
  const Scratch scratch;
  const auto check = [&](const std::string& content, io::Element element, const Extents& shape,
                         const Numbers& expected) {
    const auto file = read(scratch, content);
    REQUIRE(file.tensors().size() == 1);
    const io::Tensor& tensor = file.tensors()[0];
    CHECK(tensor.name.empty());
    CHECK(tensor.element == element);
    CHECK(tensor.shape == shape);
    CHECK(numbers(tensor) == expected);
  };
  check(bytes(numpy_vectors::f4), io::Element::f32, {2, 3}, {1.5, -2, 3, 4, 5, double(1e-3f)});
  check(bytes(numpy_vectors::f8), io::Element::f64, {2, 3}, {1.5, -2, 3, 4, 5, 1e-3});
  check(bytes(numpy_vectors::i4), io::Element::i32, {2, 2}, {-1, 2, 3, -2147483648.0});
  check(bytes(numpy_vectors::i8), io::Element::i64, {}, {-0x1p62});
  check(bytes(numpy_vectors::u1), io::Element::u8, {2}, {0, 255});
  check(bytes(numpy_vectors::b1), io::Element::boolean, {3}, {1, 0, 1});
  check(bytes(numpy_vectors::empty), io::Element::f32, {0, 3}, {});
  check(bytes(numpy_vectors::version_2), io::Element::f64, {1}, {0.5});
  Numbers counted(24);
  for (std::size_t i = 0; i < counted.size(); ++i) counted[i] = double(i);
  CHECK_THAT(bytes(numpy_vectors::columns), contains("'fortran_order': True"));
  check(bytes(numpy_vectors::columns), io::Element::i32, {2, 3, 4}, counted);
}

TEST_CASE("what we write are the bytes that NumPy writes") {
  const Scratch scratch;
  const std::string path = scratch.path("out.npy");
  for (const std::string& content :
       {bytes(numpy_vectors::f4), bytes(numpy_vectors::f8), bytes(numpy_vectors::i4),
        bytes(numpy_vectors::i8), bytes(numpy_vectors::u1), bytes(numpy_vectors::b1),
        bytes(numpy_vectors::empty)}) {
    io::write_npy(path, read(scratch, content).tensors()[0]);
    CHECK(scratch.read("out.npy") == content);
  }
}

TEST_CASE("types that NumPy or we have not are refused in words") {
  const Scratch scratch;
  CHECK_THAT(refusal(scratch, bytes(numpy_vectors::big_endian)),
             contains("found big-endian numbers ('>f4'), expected little-endian"));
  CHECK_THAT(refusal(scratch, bytes(numpy_vectors::complex)),
             contains("found numbers of type '<c8', expected |b1"));
  CHECK_THAT(refusal(scratch, bytes(numpy_vectors::records)),
             contains("found an array of records, expected one of numbers"));
  const std::uint16_t brain = 0;
  CHECK_THAT(test::words_of<Error>([&] {
               io::write_npy(scratch.path("b.npy"), io::tensor("w", io::Element::bf16, {}, &brain));
             }),
             contains("found \"w\" of type BF16, expected a type that NumPy has"));
  CHECK(scratch.read("b.npy").empty());
}

TEST_CASE("a file that is cut anywhere is refused, and so is one that is longer") {
  const Scratch scratch;
  const std::string whole = bytes(numpy_vectors::f4);
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK(refusal(scratch, whole.substr(0, length)) != "nothing was thrown");
  CHECK_THAT(refusal(scratch, whole.substr(0, whole.size() - 1)),
             contains("found 23 bytes of numbers, expected 24 of F32 [2, 3]"));
  CHECK_THAT(refusal(scratch, whole + "x"),
             contains("found 25 bytes of numbers, expected 24 of F32 [2, 3]"));
  CHECK_THAT(test::words_of<Error>([&] { io::read_npy(scratch.path("none.npy")); }),
             contains("No such file"));
}

TEST_CASE("a damaged header is refused with its place") {
  const Scratch scratch;
  const auto check = [&](const std::string& header, const std::string& words) {
    CHECK_THAT(refusal(scratch, with_header(header, std::string(4, '\0'))), contains(words));
  };
  CHECK(read(scratch, with_header("{'shape':(1,),'fortran_order':False,'descr':'<f4'}",
                                  std::string(4, '\0')))
            .tensors()[0]
            .shape == Extents{1});
  check("{'descr': '<f4', 'shape': (1,), }", "without all its keys");
  check("{'descr': '<f4', 'descr': '<f4'}", "found the key 'descr', expected");
  check("{'descr': '<f4', 'more': 1}", "found the key 'more', expected");
  check("{'descr': '<f4', 'fortran_order': Maybe}", "found \"Maybe}\" at byte 34");
  check("{'descr': '<f4', 'fortran_order': False, 'shape': (1), }", "',' behind the only extent");
  check("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "a whole number from 0");
  check("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "a whole number from 0");
  check("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
        "expected at most 2^63 bytes");
  check("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "the end of the header");
  check("{'descr': '<f4", "a text in single quotes");
  check("", "found the end at byte 0 of the header, expected '{'");
  CHECK_THAT(refusal(scratch, "PK\3\4" + std::string(100, 'x')),
             contains("found a beginning that is not NumPy's"));
  std::string later = bytes(numpy_vectors::f4);
  later[6] = 3;
  CHECK_THAT(refusal(scratch, later), contains("found version 3.0, expected 1.0 or 2.0"));
}
