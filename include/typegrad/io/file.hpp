// Files through stdio: read with checks, written whole or not at all.
// SPDX-License-Identifier: MIT
#pragma once
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "typegrad/core/exception.hpp"
#include "typegrad/core/printed.hpp"

namespace tg::io {

using tg::fail;

class InputFile {
 public:
  // Throws Error unless path is a file that can be read from any place.
  [[gnu::cold]] explicit InputFile(const std::string& path)
      : name(path), handle(std::fopen(path.c_str(), "rb")) {
    if (!handle) fail(name, "found %s, expected a file that can be read", std::strerror(errno));
    // A folder opens, and says so only when it is read.
    const bool readable = std::fgetc(handle) != EOF || !std::ferror(handle);
    if (readable && fseeko(handle, 0, SEEK_END) == 0) bytes = ftello(handle);
    if (bytes < 0 || fseeko(handle, 0, SEEK_SET) != 0) {
      const int reason = errno;
      std::fclose(handle);
      fail(name, "found %s, expected a file that can be read", std::strerror(reason));
    }
  }
  ~InputFile() { std::fclose(handle); }
  InputFile(const InputFile&) = delete;

  std::size_t size() const { return std::size_t(bytes); }
  [[gnu::cold]] void read(void* to, std::size_t length) {
    if (length > 0 && std::fread(to, 1, length, handle) != length)
      fail(name, "found %s, expected %zu bytes more",
           std::ferror(handle) ? std::strerror(errno) : "an end that came while it was read",
           length);
  }

 private:
  std::string name;
  std::FILE* handle;
  off_t bytes = -1;
};

// Writes beside `path` under a temporary name; commit() puts the file in its place. Without commit
// the file at `path` stays as it was and the temporary one goes.
class OutputFile {
 public:
  [[gnu::cold]] explicit OutputFile(const std::string& path) : name(path) {
    static std::atomic<int> files{0};
    temporary = printed("%s.%d.%d.tmp", path.c_str(), int(getpid()), files++);
    handle = std::fopen(temporary.c_str(), "wb");
    if (!handle) fault("opened");
  }
  [[gnu::cold]] ~OutputFile() {
    if (handle) std::fclose(handle);
    if (!temporary.empty()) std::remove(temporary.c_str());
  }
  OutputFile(const OutputFile&) = delete;

  [[gnu::cold]] void write(const void* from, std::size_t length) {
    if (length > 0 && std::fwrite(from, 1, length, handle) != length) fault("written");
  }
  // On the disk before it has its name: after a power cut there is the old file or the new one.
  [[gnu::cold]] void commit() {
    if (std::fflush(handle) != 0 || fsync(fileno(handle)) != 0) fault("written");
    if (std::fclose(std::exchange(handle, nullptr)) != 0) fault("written");
    if (std::rename(temporary.c_str(), name.c_str()) != 0) fault("given its name");
    temporary.clear();
  }

 private:
  [[noreturn]] void fault(const char* action) {
    fail(name, "could not be %s: %s", action, std::strerror(errno));
  }

  std::string name, temporary;
  std::FILE* handle = nullptr;
};

}  // namespace tg::io

namespace tg {

// A file of that text. The file at path is replaced at once or, after an Error, stays as it was.
[[gnu::cold]] inline void write_text(const std::string& path, std::string_view text) {
  io::OutputFile file(path);
  file.write(text.data(), text.size());
  file.commit();
}

}  // namespace tg
