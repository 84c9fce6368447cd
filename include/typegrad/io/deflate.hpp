// Deflate (RFC 1951) and its checksum, by zlib.
// SPDX-License-Identifier: MIT
#pragma once
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "typegrad/core/exception.hpp"

namespace tg::io {

using Bytes = std::vector<std::byte>;

// What zlib is told beside the bytes: how they are wrapped.
enum class Wrapping { none = -15, zlib = 15 };

// CRC-32 of the bytes behind those whose checksum is `before`. Pre: fewer than 2^32 bytes.
inline std::uint32_t checksum(std::span<const std::byte> bytes, std::uint32_t before = 0) {
  if (bytes.empty()) return before;  // zlib takes no bytes at no address for a new beginning
  return std::uint32_t(
      crc32(before, reinterpret_cast<const Bytef*>(bytes.data()), uInt(bytes.size())));
}

// Pre: fewer than 2^32 bytes in all. The parts are one text.
[[gnu::cold]] inline Bytes deflated(std::initializer_list<std::span<const std::byte>> parts,
                                    Wrapping wrapping) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, int(wrapping), 8,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error("zlib could not be started");
  std::size_t size = 0;
  for (const auto& part : parts) size += part.size();
  Bytes result(deflateBound(&stream, uLong(size)));
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = uInt(result.size());
  for (const auto& part : parts) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(part.data()));
    stream.avail_in = uInt(part.size());
    ::deflate(&stream, Z_NO_FLUSH);
  }
  const int status = ::deflate(&stream, Z_FINISH);
  result.resize(std::size_t(stream.total_out));
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw Error("zlib could not pack all bytes");
  return result;
}

// False unless `packed` is whole, sound, and exactly `to` when unpacked.
// Pre: fewer than 2^32 bytes each.
[[gnu::cold]] inline bool inflate_to(std::span<std::byte> to, std::span<const std::byte> packed,
                                     Wrapping wrapping) {
  z_stream stream{};
  if (inflateInit2(&stream, int(wrapping)) != Z_OK) throw Error("zlib could not be started");
  std::byte nothing{};  // zlib wants a place even for no bytes
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = uInt(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(to.empty() ? &nothing : to.data());
  stream.avail_out = uInt(to.size());
  const int status = ::inflate(&stream, Z_FINISH);
  const bool whole = status == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  return whole;
}

}  // namespace tg::io
