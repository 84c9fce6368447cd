// A file read whole into memory, inflated when it is gzip.
// SPDX-License-Identifier: MIT
#pragma once
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "typegrad/core/exception.hpp"

namespace tg::data {

using Bytes = std::vector<unsigned char>;

using tg::fail;

[[gnu::cold]] inline Bytes read_raw(const std::string& path, std::size_t limit) {
  struct File {
    std::FILE* handle;
    ~File() {
      if (handle) std::fclose(handle);
    }
  } file{std::fopen(path.c_str(), "rb")};
  if (!file.handle) fail(path, "found %s, expected a file that can be read", std::strerror(errno));

  // Grown as it is read: a folder and a pipe have no size to ask for.
  Bytes bytes;
  for (std::size_t used = 0;;) {
    if (used == bytes.size())
      bytes.resize(std::min(std::max<std::size_t>(2 * used, 1 << 16), limit + 1));
    const std::size_t got = std::fread(bytes.data() + used, 1, bytes.size() - used, file.handle);
    used += got;
    if (used > limit) fail(path, "found more than %zu bytes, expected a smaller file", limit);
    if (got == 0) {
      if (std::ferror(file.handle))
        fail(path, "found %s, expected a file that can be read", std::strerror(errno));
      bytes.resize(used);
      return bytes;
    }
  }
}

inline bool is_gzip(const Bytes& bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

// RFC 1952, several members allowed. Whatever follows the last member must be one too, so trailing
// bytes are a fault.
[[gnu::cold]] inline Bytes inflate_gzip(const Bytes& packed, const std::string& path,
                                        std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw Error(path + ": zlib could not be started");
  struct End {
    z_stream& stream;
    ~End() { inflateEnd(&stream); }
  } end{stream};

  // zlib counts in 32 bits.
  constexpr std::size_t most = std::size_t(1) << 30;
  Bytes bytes(std::min(limit + 1, std::max<std::size_t>(4 * packed.size(), 1 << 12)));
  for (std::size_t read = 0, used = 0;;) {
    const std::size_t in = std::min(packed.size() - read, most);
    const std::size_t out = std::min(bytes.size() - used, most);
    stream.next_in = const_cast<Bytef*>(packed.data() + read);
    stream.avail_in = uInt(in);
    stream.next_out = bytes.data() + used;
    stream.avail_out = uInt(out);
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    read += in - stream.avail_in;
    used += out - stream.avail_out;

    if (used > limit)
      fail(path, "found more than %zu bytes when inflated, expected a smaller file", limit);
    if (status == Z_STREAM_END) {
      if (read == packed.size()) {
        bytes.resize(used);
        return bytes;
      }
      if (packed.size() - read < 2 || packed[read] != 0x1f || packed[read + 1] != 0x8b)
        fail(path, "found %zu bytes after the gzip data, expected none", packed.size() - read);
      inflateReset(&stream);
    } else if (used == bytes.size()) {
      bytes.resize(std::min(2 * used, limit + 1));
    } else if (status == Z_BUF_ERROR) {
      fail(path, "found a gzip file that ends after %zu bytes, too early, expected a whole one",
           packed.size());
    } else if (status != Z_OK) {
      fail(path, "found a damaged gzip file (%s near byte %zu), expected a sound one",
           stream.msg ? stream.msg : "no reason given", read);
    }
  }
}

// Pre: limit (bytes, as stored and as inflated) is below the largest std::size_t.
[[gnu::cold]] inline Bytes read_file(const std::string& path, std::size_t limit) {
  Bytes bytes = read_raw(path, limit);
  return is_gzip(bytes) ? inflate_gzip(bytes, path, limit) : bytes;
}

}  // namespace tg::data
