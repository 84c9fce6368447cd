// Pictures of bytes, and their files: PNG, PGM, PPM.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "typegrad/io/deflate.hpp"
#include "typegrad/io/file.hpp"

namespace tg {

// Row by row from above; of a pixel, its channels one after the other.
struct Image {
  int height = 0, width = 0;
  int channels = 1;  // 1: grey, 3: red, green, blue
  std::vector<std::uint8_t> pixels =
      std::vector<std::uint8_t>(std::size_t(height) * std::size_t(width) * std::size_t(channels));

  std::size_t place(int y, int x, int channel = 0) const {
    return (std::size_t(y) * std::size_t(width) + std::size_t(x)) * std::size_t(channels) +
           std::size_t(channel);
  }
  std::uint8_t& at(int y, int x, int channel = 0) { return pixels[place(y, x, channel)]; }
  std::uint8_t at(int y, int x, int channel = 0) const { return pixels[place(y, x, channel)]; }
};

namespace io {

[[gnu::cold]] inline void check_image(const Image& image, const char* format) {
  const bool plain = image.height > 0 && image.width > 0 &&
                     (image.channels == 1 || image.channels == 3) &&
                     image.pixels.size() == image.place(image.height, 0);
  if (!plain)
    fail(format, "found %zu bytes of an image of %d x %d x %d, expected all of a grey or RGB one",
         image.pixels.size(), image.height, image.width, image.channels);
}

// Binary PGM (P5) of a grey image, PPM (P6) of one in colour. Throws Error for an image of nothing.
// https://netpbm.sourceforge.net/doc/pgm.html
[[gnu::cold]] inline std::string pnm_bytes(const Image& image) {
  check_image(image, "pnm");
  return (image.channels == 1 ? "P5\n" : "P6\n") + std::to_string(image.width) + " " +
         std::to_string(image.height) + "\n255\n" +
         std::string(image.pixels.begin(), image.pixels.end());
}

namespace png {
inline void append_word(std::string& text, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) text += char(value >> shift & 0xFF);
}
// Length, type, data, and the checksum of type and data.
[[gnu::cold]] inline void append_chunk(std::string& text, const char* type,
                                       const std::string& data) {
  append_word(text, data.size());
  const std::size_t begin = text.size();
  text += type + data;
  append_word(text, checksum(std::as_bytes(std::span(text).subspan(begin))));
}
}  // namespace png

// A PNG of 8 bits a channel, rows unfiltered. Throws Error for an image of nothing.
// https://www.w3.org/TR/png
[[gnu::cold]] inline std::string png_bytes(const Image& image) {
  check_image(image, "png");
  std::string header;
  png::append_word(header, std::size_t(image.width));
  png::append_word(header, std::size_t(image.height));
  header += {8, char(image.channels == 1 ? 0 : 2), 0, 0, 0};
  std::string rows;
  for (int y = 0; y < image.height; ++y) {
    rows += '\0';  // this row's filter: none
    const auto begin = image.pixels.begin() + std::ptrdiff_t(image.place(y, 0));
    rows.append(begin, begin + std::ptrdiff_t(image.width) * image.channels);
  }
  const Bytes packed = deflated({std::as_bytes(std::span(rows))}, Wrapping::zlib);
  std::string result = "\x89PNG\r\n\x1a\n";
  png::append_chunk(result, "IHDR", header);
  png::append_chunk(result, "IDAT", {reinterpret_cast<const char*>(packed.data()), packed.size()});
  png::append_chunk(result, "IEND", "");
  return result;
}

}  // namespace io

// As the path ends: .png, .pgm (grey) or .ppm (colour). Throws Error. The file at path is replaced
// at once or, after an Error, stays as it was.
[[gnu::cold]] inline void write_image(const std::string& path, const Image& image) {
  const std::string_view end =
      std::string_view(path).substr(path.size() - std::min<std::size_t>(path.size(), 4));
  if (end == ".png") return write_text(path, io::png_bytes(image));
  if (end != (image.channels == 1 ? ".pgm" : ".ppm"))
    fail(path, "found another ending, expected .png or %s for an image of %d channels",
         image.channels == 1 ? ".pgm" : ".ppm", image.channels);
  write_text(path, io::pnm_bytes(image));
}

}  // namespace tg
