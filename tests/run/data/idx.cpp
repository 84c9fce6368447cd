// IDX files: every type, raw and gzip, and every way in which a file can be wrong.
// SPDX-License-Identifier: MIT
#include "typegrad/data/idx.hpp"

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"

using namespace std::string_literals;
using tg::data::IdxType;
using tg::data::read_idx;
using tg::test::contains;

namespace {

// As gzip would write it: one member.
std::string gzip(const std::string& bytes) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, uLong(bytes.size())), '\0');
  std::string copy = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = uInt(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = uInt(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

const std::string header_2x3 = "\0\0\x08\x02\0\0\0\x02\0\0\0\x03"s;

std::string fault(const std::string& path, std::size_t limit = 1 << 20) {
  return tg::test::words_of<tg::Error>([&] { read_idx(path, limit); });
}

}  // namespace

TEST_CASE("an IDX file gives its extents and numbers, raw and gzip") {
  const tg::test::Scratch scratch;
  const std::string bytes = header_2x3 + "\x00\x01\x02\xfd\xfe\xff"s;
  for (const auto& path :
       {scratch.write("raw", bytes), scratch.write("packed.gz", gzip(bytes)),
        scratch.write("members.gz", gzip(bytes.substr(0, 5)) + gzip(bytes.substr(5)))}) {
    const auto idx = read_idx(path);
    CHECK(idx.type() == IdxType::u8);
    CHECK(idx.extents() == std::vector<std::int64_t>{2, 3});
    CHECK(idx.values<int>() == std::vector<int>{0, 1, 2, 253, 254, 255});
    CHECK(idx.values<float>() == std::vector<float>{0, 1, 2, 253, 254, 255});
  }
}

TEST_CASE("numbers of every IDX type are read from big-endian bytes") {
  const tg::test::Scratch scratch;
  const auto read = [&](char type, const std::string& numbers, char count) {
    return read_idx(scratch.write("x", "\0\0"s + type + "\x01\0\0\0"s + count + numbers))
        .values<double>();
  };
  CHECK(read(0x08, "\x80"s, 1) == std::vector<double>{128});
  CHECK(read(0x09, "\x80\x7f"s, 2) == std::vector<double>{-128, 127});
  CHECK(read(0x0B, "\xff\xfe\x01\x02"s, 2) == std::vector<double>{-2, 258});
  CHECK(read(0x0C, "\x80\0\0\0\0\x01\x02\x03"s, 2) == std::vector<double>{-2147483648.0, 66051});
  CHECK(read(0x0D, "\xc0\x20\0\0"s, 1) == std::vector<double>{-2.5});
  CHECK(read(0x0E, "\x3f\xf8\0\0\0\0\0\0"s, 1) == std::vector<double>{1.5});
}

TEST_CASE("a gzip file that inflates a thousandfold is read within its limit") {
  const tg::test::Scratch scratch;
  const auto path =
      scratch.write("zeros.gz", gzip("\0\0\x08\x01\0\x03\0\0"s + std::string(3 << 16, '\0')));
  CHECK(read_idx(path, (3 << 16) + 8).size() == 3 << 16);
  CHECK_THAT(fault(path, (3 << 16) + 7), contains("more than 196615 bytes when inflated"));
}

TEST_CASE("a wrong IDX file is an error that says where, what was found and what was expected") {
  const tg::test::Scratch scratch;
  const std::string six = "abcdef", good = header_2x3 + six;
  struct Case {
    std::string bytes, found, expected;
  };
  const Case cases[] = {
      {"", "found 0 bytes", "expected an IDX file"},
      {"\0\0\x08"s, "found 3 bytes", "expected an IDX file"},
      {"\x89PNG\r\n", "found first bytes 137 80 78 71", "0 0, an IDX type"},
      {"\0\0\x07\x01\0\0\0\0"s, "found first bytes 0 0 7 1", "0 0, an IDX type"},
      {"\0\0\x08\0abcd"s, "found first bytes 0 0 8 0", "axes of at least 1"},
      {header_2x3.substr(0, 11), "found 11 bytes", "12 bytes of header for 2 axes"},
      {good.substr(0, 17), "found 5 bytes of numbers", "6 bytes for extents 2 x 3"},
      {good + "!", "found 7 bytes of numbers", "6 bytes for extents 2 x 3"},
      {"\0\0\x0d\x02\0\0\0\x02\0\0\0\x03"s + six, "found 6 bytes of numbers", "24 bytes"},
      {"\0\0\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s, "found 0 bytes of numbers",
       "more than 2^64 bytes for extents 4294967295 x 4294967295 x 4294967295"},
      {gzip(good).substr(0, 20), "found a gzip file that ends after 20 bytes", "a whole one"},
      {gzip(good) + "!", "found 1 bytes after the gzip data", "expected none"},
      {"\x1f\x8b"s + "nonsense and more", "found a damaged gzip file", "a sound one"},
  };
  for (const Case& wrong : cases) {
    const std::string path = scratch.write("wrong.idx", wrong.bytes), words = fault(path);
    CHECK_THAT(words, contains(path + ": ") && contains(wrong.found) && contains(wrong.expected));
  }
  std::string damaged = gzip(good);
  damaged[damaged.size() - 8] ^= 1;  // the checksum
  CHECK_THAT(fault(scratch.write("sum.gz", damaged)), contains("incorrect data check"));
}

TEST_CASE("a file that is missing, a folder or too large is an error") {
  const tg::test::Scratch scratch;
  CHECK_THAT(fault(scratch.path("none")),
             contains("none: found No such file or directory, expected a file"));
  CHECK_THAT(fault(scratch.path()), contains("found Is a directory, expected a file"));
  CHECK_THAT(fault(scratch.write("large", header_2x3 + "abcdef"), 17),
             contains("large: found more than 17 bytes, expected a smaller file"));
}
