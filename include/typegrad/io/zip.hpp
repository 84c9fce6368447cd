// Zip archives: read whole with every check, written stored or deflated.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "typegrad/io/deflate.hpp"
#include "typegrad/io/file.hpp"
#include "typegrad/io/tensor_file.hpp"

namespace tg::io {

// APPNOTE.TXT of PKWARE, without its 64-bit extension, encryption and parts: an archive is entries,
// each with a local header; a directory with the same and where they are; and an end.
namespace zip {
inline constexpr std::uint32_t local_mark = 0x04034b50, directory_mark = 0x02014b50,
                               end_mark = 0x06054b50;
inline constexpr std::size_t local_size = 30, directory_size = 46, end_size = 22;
inline constexpr std::uint16_t stored = 0, deflated = 8, encrypted_flag = 1, utf8_flag = 1 << 11;
inline constexpr std::uint16_t first_day = 0x21;  // 1 January 1980: the same bytes at any time
inline constexpr std::size_t most_bytes = 0xFFFFFFFF - 1, most_entries = 0xFFFF - 1;

// One that nobody can take for a place outside of a folder.
[[gnu::cold]] inline bool is_plain_name(std::string_view name) {
  if (name.empty() || name.find_first_of(std::string_view("\\:\0", 3)) != name.npos) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}
}  // namespace zip

struct ZipEntry {
  std::string name;
  std::uint16_t method = 0, flags = 0;
  std::uint32_t checksum = 0;
  std::size_t packed = 0, size = 0;  // bytes in the archive, and unpacked
  std::size_t begin = 0, data = 0;   // where the local header is, and the bytes
};

// An archive in memory, whose directory and headers were checked.
class ZipReader {
 public:
  // Throws Error for a file that is missing, cut, or no archive as described above.
  [[gnu::cold]] explicit ZipReader(const std::string& path) : name(path) {
    InputFile file(path);
    bytes.resize(file.size());
    file.read(bytes.data(), bytes.size());
    find_end();
    std::size_t at = directory;
    for (int i = 0; i < count; ++i) at = read_entry(at);
    if (at != end)
      fail(name, "found a directory of %zu bytes, expected %zu as its end says", at - directory,
           end - directory);
    check_places();
  }

  const std::vector<ZipEntry>& entries() const { return all; }
  const std::string& comment() const { return note; }

  // The bytes of an entry. Throws Error unless its checksum is right.
  [[gnu::cold]] Bytes content(const ZipEntry& entry) const {
    Bytes result(entry.size);
    const auto packed = std::span(bytes).subspan(entry.data, entry.packed);
    if (entry.method == zip::stored)
      std::copy(packed.begin(), packed.end(), result.begin());
    else if (!inflate_to(result, packed, Wrapping::none))
      fail(name, "found damaged deflated bytes in %s, expected %zu sound ones",
           in_quotes(entry.name).c_str(), entry.size);
    if (const std::uint32_t sum = checksum(result); sum != entry.checksum)
      fail(name, "found the CRC-32 %08x of %s, expected %08x", unsigned(sum),
           in_quotes(entry.name).c_str(), unsigned(entry.checksum));
    return result;
  }

 private:
  template <class T>
  T number(std::size_t at) const {
    T result;
    std::memcpy(&result, bytes.data() + at, sizeof(T));
    return result;
  }
  std::size_t half(std::size_t at) const { return number<std::uint16_t>(at); }
  std::size_t word(std::size_t at) const { return number<std::uint32_t>(at); }

  // The end is the last place whose comment reaches to the end of the file.
  [[gnu::cold]] void find_end() {
    const std::size_t size = bytes.size();
    const std::size_t most = std::min<std::size_t>(size, zip::end_size + 0xFFFF);
    for (std::size_t back = zip::end_size; back <= most; ++back) {
      const std::size_t at = size - back;
      if (word(at) != zip::end_mark || half(at + 20) != back - zip::end_size) continue;
      end = at;
      note.assign(reinterpret_cast<const char*>(bytes.data()) + at + zip::end_size,
                  back - zip::end_size);
      return read_end();
    }
    fail(name, "found %zu bytes without the end of a zip archive, expected a whole one", size);
  }
  [[gnu::cold]] void read_end() {
    const std::size_t length = word(end + 12);
    directory = word(end + 16);
    count = int(half(end + 10));
    if (half(end + 10) == 0xFFFF || length == 0xFFFFFFFF || directory == 0xFFFFFFFF)
      fail(name, "found a zip64 archive, expected less than 4 GiB and 65535 entries");
    if (half(end + 4) != 0 || half(end + 6) != 0 || half(end + 8) != half(end + 10))
      fail(name, "found one of several parts of an archive, expected a whole one");
    if (directory + length != end)
      fail(name, "found a directory at %zu to %zu, expected one that ends at %zu", directory,
           directory + length, end);
  }

  // Reads an entry of the directory; the place of the next one.
  [[gnu::cold]] std::size_t read_entry(std::size_t at) {
    if (end - at < zip::directory_size || word(at) != zip::directory_mark)
      fail(name, "found no entry of the directory at byte %zu, expected entry %zu of %d", at,
           all.size() + 1, count);
    const std::size_t name_length = half(at + 28);
    const std::size_t next = at + zip::directory_size + name_length + half(at + 30) + half(at + 32);
    if (next > end)
      fail(name, "found an entry of the directory to byte %zu, expected none behind %zu", next,
           end);
    ZipEntry entry{text(at + zip::directory_size, name_length),
                   std::uint16_t(half(at + 10)),
                   std::uint16_t(half(at + 8)),
                   std::uint32_t(word(at + 16)),
                   word(at + 20),
                   word(at + 24),
                   word(at + 42),
                   0};
    check(entry);
    find_data(entry);
    all.push_back(std::move(entry));
    return next;
  }
  [[gnu::cold]] void check(const ZipEntry& entry) const {
    if (!is_utf8(entry.name) || !zip::is_plain_name(entry.name))
      fail(name, "found an entry called %s, expected a plain name within the archive",
           is_utf8(entry.name) ? in_quotes(entry.name).c_str() : "something that is not UTF-8");
    const std::string quoted = in_quotes(entry.name);
    for (const ZipEntry& other : all)
      if (other.name == entry.name)
        fail(name, "found %s twice, expected every name once", quoted.c_str());
    if ((entry.flags & zip::encrypted_flag) != 0)
      fail(name, "found %s encrypted, expected it plain", quoted.c_str());
    if (entry.method != zip::stored && entry.method != zip::deflated)
      fail(name, "found %s packed by method %d, expected stored (0) or deflated (8)",
           quoted.c_str(), int(entry.method));
    if (entry.packed == 0xFFFFFFFF || entry.size == 0xFFFFFFFF || entry.begin == 0xFFFFFFFF)
      fail(name, "found %s with zip64 sizes, expected less than 4 GiB", quoted.c_str());
    // Deflate packs at most 1032 bytes into one: memory for more is not asked for.
    const bool possible = entry.method == zip::stored ? entry.packed == entry.size
                                                      : entry.size / 1032 <= entry.packed;
    if (!possible)
      fail(name, "found %zu bytes of %s in %zu bytes, expected a size that is possible", entry.size,
           quoted.c_str(), entry.packed);
  }
  // Post: sets where the bytes are. What the entry's own header says is as in the directory.
  [[gnu::cold]] void find_data(ZipEntry& entry) const {
    const std::size_t at = entry.begin;
    const std::string quoted = in_quotes(entry.name);
    if (at > directory || directory - at < zip::local_size || word(at) != zip::local_mark)
      fail(name, "found no entry at byte %zu, expected %s", at, quoted.c_str());
    const std::size_t name_length = half(at + 26);
    entry.data = at + zip::local_size + name_length + half(at + 28);
    if (entry.data > directory || directory - entry.data < entry.packed)
      fail(name, "found an archive that is cut in %s, expected %zu bytes of it", quoted.c_str(),
           entry.packed);
    if (text(at + zip::local_size, name_length) != entry.name ||
        half(at + 8) != std::size_t(entry.method))
      fail(name, "found another entry at byte %zu, expected %s as the directory says", at,
           quoted.c_str());
  }
  // No byte belongs to two entries.
  [[gnu::cold]] void check_places() const {
    std::vector<const ZipEntry*> order;
    for (const ZipEntry& entry : all) order.push_back(&entry);
    std::sort(order.begin(), order.end(),
              [](const ZipEntry* a, const ZipEntry* b) { return a->begin < b->begin; });
    for (std::size_t i = 1; i < order.size(); ++i)
      if (order[i]->begin < order[i - 1]->data + order[i - 1]->packed)
        fail(name, "found %s within %s, expected entries one after the other",
             in_quotes(order[i]->name).c_str(), in_quotes(order[i - 1]->name).c_str());
  }
  std::string text(std::size_t at, std::size_t length) const {
    return {reinterpret_cast<const char*>(bytes.data()) + at, length};
  }

  std::string name, note;
  Bytes bytes;
  std::size_t directory = 0, end = 0;
  int count = 0;
  std::vector<ZipEntry> all;
};

// Writes an archive. The file at path is replaced by finish(), or stays as it was.
class ZipWriter {
 public:
  explicit ZipWriter(const std::string& path) : name(path), file(path) {}

  // An entry of two parts, one behind the other.
  [[gnu::cold]] void add(const std::string& entry, std::span<const std::byte> head,
                         std::span<const std::byte> rest, bool packs) {
    const std::size_t size = head.size() + rest.size();
    if (!zip::is_plain_name(entry) || entry.size() > 0xFFFF)
      fail(name, "found a name %s, expected a plain one", in_quotes(entry).c_str());
    if (size > zip::most_bytes || count == zip::most_entries)
      fail(name,
           "found more than a zip archive holds at %s, expected less than 4 GiB and %zu "
           "entries",
           in_quotes(entry).c_str(), zip::most_entries);
    const Bytes packed = packs ? deflated({head, rest}, Wrapping::none) : Bytes{};
    const std::size_t length = packs ? packed.size() : size;
    std::string header;  // what the local header and the directory have in common
    for (std::size_t field : {std::size_t(20), std::size_t(zip::utf8_flag),
                              std::size_t(packs ? zip::deflated : zip::stored), std::size_t(0),
                              std::size_t(zip::first_day)})
      append(header, field, 2);
    append(header, checksum(rest, checksum(head)), 4);
    append(header, length, 4), append(header, size, 4);
    append(header, entry.size(), 2), append(header, 0, 2);

    append(directory, zip::directory_mark, 4), append(directory, 20, 2);
    directory += header;
    append(directory, 0, 2), append(directory, 0, 2), append(directory, 0, 2);
    append(directory, 0, 4), append(directory, written, 4);
    directory += entry;

    std::string local;
    append(local, zip::local_mark, 4);
    write(local + header + entry);
    if (packs)
      write(packed);
    else
      write(head), write(rest);
    ++count;
  }

  [[gnu::cold]] void finish(const std::string& comment) {
    if (comment.size() > 0xFFFF)
      fail(name, "found notes of %zu bytes, expected at most 65535", comment.size());
    const std::size_t begin = written;
    write(directory);
    std::string end;
    append(end, zip::end_mark, 4), append(end, 0, 4);
    append(end, count, 2), append(end, count, 2);
    append(end, directory.size(), 4), append(end, begin, 4), append(end, comment.size(), 2);
    write(end + comment);
    file.commit();
  }

 private:
  static void append(std::string& text, std::size_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) text += char(value >> 8 * i & 0xFF);
  }
  void write(std::span<const std::byte> bytes) {
    written += bytes.size();
    if (written > zip::most_bytes)
      fail(name, "found %zu bytes, expected less than 4 GiB in a zip archive", written);
    file.write(bytes.data(), bytes.size());
  }
  void write(const std::string& text) { write(std::as_bytes(std::span(text))); }

  std::string name, directory;
  OutputFile file;
  std::size_t written = 0, count = 0;
};

}  // namespace tg::io
