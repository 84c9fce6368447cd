// Images of tiles: sizes, each tile's own range, files that others read.
// SPDX-License-Identifier: MIT
#include "typegrad/views/images.hpp"

#include <typegrad/typegrad.hpp>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"

using namespace tg;
using tg::test::contains;

namespace {

using Net = Sequence<Input<1, 8, 8>, Conv<3, 3>, Relu, MaxPool<2>, Flatten, Linear<4>>;
struct Regression {
  static constexpr Var define(Scope& s) {
    return softmax(matmul(s.parameter("W", {10, 784}, Normal{}), s.input("x", {784})));
  }
};

std::uint64_t hash_of(const Image& image) {
  return tg::hash({reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size()});
}

std::size_t word(const std::string& text, std::size_t at) {
  std::size_t result = 0;
  for (std::size_t i = 0; i < 4; ++i) result = result << 8 | std::uint8_t(text[at + i]);
  return result;
}
// A reader of PNG as we write it: what is not so fails the test.
Image read_png(const std::string& text) {
  REQUIRE(text.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  Image result;
  std::string packed, types;
  for (std::size_t at = 8; at < text.size();) {
    const std::size_t length = word(text, at);
    const std::string type = text.substr(at + 4, 4), data = text.substr(at + 8, length);
    const std::string checked = type + data;
    CHECK(word(text, at + 8 + length) == io::checksum(std::as_bytes(std::span(checked))));
    types += type + ' ';
    if (type == "IHDR") {
      CHECK(data.size() == 13);
      CHECK(data[8] == 8);
      result = {.height = int(word(data, 4)),
                .width = int(word(data, 0)),
                .channels = data[9] == 0 ? 1 : 3};
    }
    if (type == "IDAT") packed += data;
    at += 12 + length;
  }
  CHECK(types == "IHDR IDAT IEND ");
  const std::size_t row = 1 + std::size_t(result.width * result.channels);
  std::string rows(row * std::size_t(result.height), '\0');
  REQUIRE(io::inflate_to(std::as_writable_bytes(std::span(rows)), std::as_bytes(std::span(packed)),
                         io::Wrapping::zlib));
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (i % row == 0)
      CHECK(rows[i] == 0);
    else
      result.pixels[i / row * (row - 1) + i % row - 1] = std::uint8_t(rows[i]);
  return result;
}

}  // namespace

TEST_CASE("each tile fills 0 to 255 by its own range, black pixels between") {
  const std::vector<float> numbers{0, 1, 2, 4, -1, -2, -3, -1, 5, 5, 5, 5};
  const Image image = tile_images(numbers, {2, 2}, {2, 2}, 1);
  CHECK(image.height == 5);
  CHECK(image.width == 5);
  CHECK(image.channels == 1);
  CHECK(image.pixels == std::vector<std::uint8_t>{0,   64,  0, 255, 128,  //
                                                  128, 255, 0, 0,   255,  //
                                                  0,   0,   0, 0,   0,    //
                                                  0,   0,   0, 0,   0,    //
                                                  0,   0,   0, 0,   0});
  // What finds no place is left out; other spacings.
  const Image row = tile_images(numbers, {2, 2}, {1, 2}, 0);
  CHECK(row.pixels == std::vector<std::uint8_t>{0, 64, 255, 128, 128, 255, 0, 255});
  CHECK(tile_images(numbers, {1, 3}, {4, 1}, 3).height == 13);
  CHECK(tile_images(std::vector<double>{1, NAN, 3, INFINITY}, {1, 4}, {1, 1}).pixels ==
        std::vector<std::uint8_t>{0, 0, 255, 0});
}

TEST_CASE("what is no whole tile is refused in words") {
  const std::vector<float> numbers(7);
  CHECK(test::words_of<Error>([&] {
          tile_images(numbers, {2, 2}, {1, 1});
        }) == "images: found 7 numbers, expected whole tiles of 2 x 2");
  CHECK_THAT(test::words_of<Error>([&] {
               tile_images(numbers, {0, 2}, {1, 1});
             }),
             contains("expected at least 1 of each"));
  Model<Net> model;
  CHECK(test::words_of<Error>([&] { filters_image<"4.weight">(model); }) ==
        "images: found '4.weight' of rank 2, expected the four axes of a convolution's weight");
}

TEST_CASE("filters and activations: exact sizes and, for a seed, exact pixels") {
  Shared<Regression> state{3};
  const Image classes = filters_image<"W">(state, {28, 28}, {2, 5});
  CHECK(classes.height == 57);
  CHECK(classes.width == 144);
  CHECK(hash_of(classes) == 0xff245423e0595f82);

  Model<Net> model{5};
  const Image filters = filters_image<"0.weight">(model);
  CHECK(filters.height == 3 * 4 - 1);
  CHECK(filters.width == 3);
  CHECK(hash_of(filters) == 0xec2c5672718e5863);

  std::vector<float> x(2 * 64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = float(i % 11);
  const Image pooled = activations_image<"2">(model, x, {1, 3});
  CHECK(pooled.height == 3);
  CHECK(pooled.width == 11);
  const auto seen = model.output_of<"2">(x);
  CHECK(pooled.pixels == tile_images(std::span(seen.data(), 27), {3, 3}, {1, 3}).pixels);
  const Image scores = activations_image<"4">(model, x, {1, 1});
  CHECK(scores.height == 1);
  CHECK(scores.width == 4);
}

TEST_CASE("PNG, PGM and PPM hold the pixels") {
  const test::Scratch scratch;
  Image grey{.height = 3, .width = 2}, colour{.height = 2, .width = 3, .channels = 3};
  for (std::size_t i = 0; i < grey.pixels.size(); ++i) grey.pixels[i] = std::uint8_t(50 * i);
  for (std::size_t i = 0; i < colour.pixels.size(); ++i) colour.pixels[i] = std::uint8_t(14 * i);
  for (const Image& image : {grey, colour}) {
    write_image(scratch.path("a.png"), image);
    const Image back = read_png(scratch.read("a.png"));
    CHECK(back.height == image.height);
    CHECK(back.width == image.width);
    CHECK(back.channels == image.channels);
    CHECK(back.pixels == image.pixels);
  }
  write_image(scratch.path("a.pgm"), grey);
  CHECK(scratch.read("a.pgm") ==
        "P5\n2 3\n255\n" + std::string(grey.pixels.begin(), grey.pixels.end()));
  write_image(scratch.path("a.ppm"), colour);
  CHECK(scratch.read("a.ppm") ==
        "P6\n3 2\n255\n" + std::string(colour.pixels.begin(), colour.pixels.end()));
  CHECK_THAT(test::words_of<Error>([&] { write_image(scratch.path("a.ppm"), grey); }),
             contains("expected .png or .pgm for an image of 1 channels"));
  CHECK_THAT(test::words_of<Error>([&] { write_image("a", grey); }), contains("expected .png"));
  CHECK_THAT(test::words_of<Error>([&] { write_image(scratch.path("b.png"), Image{}); }),
             contains("found 0 bytes of an image of 0 x 0 x 1"));
  CHECK(scratch.files() == 3);
}
