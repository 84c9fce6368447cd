// NumPy's .npz, a zip archive of .npy files; models are saved as such, too.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/io/formats.hpp"
#include "typegrad/io/metadata.hpp"
#include "typegrad/io/npy.hpp"
#include "typegrad/io/zip.hpp"

namespace tg::io {

namespace npz {
inline constexpr std::string_view extension = ".npy";
// Notes are the archive's comment, behind these words; NumPy reads no comment.
inline constexpr std::string_view notes_mark = "typegrad ";
}  // namespace npz

struct NpzOptions {
  bool deflate = false;  // as numpy.savez_compressed does
};

// Writes a file that numpy.load reads: "0.weight" is its array "0.weight". The file at path is
// replaced at once or, after an Error, stays as it was.
[[gnu::cold]] inline void write_npz(const std::string& path, const std::vector<Tensor>& tensors,
                                    const Metadata& metadata = {}, const NpzOptions& options = {}) {
  check_to_write(tensors, metadata, path);
  ZipWriter archive(path);
  for (const Tensor& tensor : tensors) {
    const std::string header = npy::header_of(tensor, path);
    archive.add(tensor.name + std::string(npz::extension), std::as_bytes(std::span(header)),
                std::span(tensor.data, tensor.bytes), options.deflate);
  }
  archive.finish(metadata.empty() ? "" : std::string(npz::notes_mark) + json_of(metadata));
}

// Reads a file whole, and checks it before anything is returned: the archive's directory, every
// checksum, every header. Throws Error that says what is wrong.
[[gnu::cold]] inline TensorFile read_npz(const std::string& path) {
  const ZipReader archive(path);
  std::vector<Tensor> tensors;
  std::vector<std::byte> numbers;
  for (const ZipEntry& entry : archive.entries()) {
    const std::size_t dot = entry.name.size() - std::min(entry.name.size(), npz::extension.size());
    if (entry.name.substr(dot) != npz::extension)
      fail(path, "found an entry %s, expected names that end with .npy",
           in_quotes(entry.name).c_str());
    tensors.push_back(npy::read(archive.content(entry), entry.name.substr(0, dot), numbers,
                                path + ": " + entry.name));
  }
  std::size_t at = 0;
  for (Tensor& tensor : tensors)
    tensor.data = numbers.data() + std::exchange(at, at + tensor.bytes);
  Metadata notes;
  if (const std::string& comment = archive.comment(); comment.rfind(npz::notes_mark, 0) == 0) {
    JsonReader json(std::string_view(comment).substr(npz::notes_mark.size()), path);
    read_metadata(json, notes);
    json.expect_end();
  }
  check_names(tensors, notes, path);
  return TensorFile(path, std::move(numbers), std::move(tensors), std::move(notes));
}

// Whoever includes this header saves and loads models as .npz.
inline const bool npz_is_known = [] {
  npz_format = {[](const auto&... all) { write_npz(all...); }, &read_npz};
  return true;
}();

}  // namespace tg::io
