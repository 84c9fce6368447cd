// MNIST and every set stored the same way (Fashion-MNIST, KMNIST): four IDX files in a folder.
// SPDX-License-Identifier: MIT
#pragma once
#include <sys/stat.h>

#include <string>

#include "typegrad/core/printed.hpp"
#include "typegrad/data/dataset.hpp"
#include "typegrad/data/folder.hpp"
#include "typegrad/data/idx.hpp"

namespace tg::data {

// folder/stem-idx<rank>-ubyte in any of its four spellings: raw or gzip, with a hyphen or, as some
// unpackers leave it, a dot.
[[gnu::cold]] inline std::string find_idx(const std::string& folder, const char* stem, int rank) {
  for (const char* separator : {"-", "."})
    for (const char* packed : {"", ".gz"}) {
      const std::string path =
          printed("%s/%s%sidx%d-ubyte%s", folder.c_str(), stem, separator, rank, packed);
      struct stat status;
      if (stat(path.c_str(), &status) == 0) return path;
    }
  fail(
      folder,
      "found no file %s-idx%d-ubyte, expected one, raw or with .gz, with '-' or '.' before \"idx\"",
      stem, rank);
}

// Images scaled to [0, 1], (1, height, width), and their labels. Throws Error for files that do not
// fit each other.
inline Split read_labelled_images(const std::string& image_path, const std::string& label_path,
                                  int height, int width, int classes) {
  const Idx images = read_idx(image_path);
  if (images.type() != IdxType::u8 || images.extents().size() != 3 ||
      images.extents()[1] != height || images.extents()[2] != width)
    fail(image_path,
         "found type %d and extents %s, expected type 8 (bytes) and extents count x %d x %d",
         int(images.type()), extents_text(images.extents()).c_str(), height, width);
  const Idx labels = read_idx(label_path);
  if (labels.type() != IdxType::u8 || labels.extents().size() != 1)
    fail(label_path, "found type %d and extents %s, expected type 8 (bytes) and one extent",
         int(labels.type()), extents_text(labels.extents()).c_str());
  if (labels.size() != std::size_t(images.extents()[0]))
    fail(label_path, "found %zu labels, expected %zu, one for each image of %s", labels.size(),
         std::size_t(images.extents()[0]), image_path.c_str());
  auto pixels = images.values<float>();
  for (float& pixel : pixels) pixel /= 255.0f;
  return Split(std::move(pixels), labels.values<std::int32_t>(), {1, height, width}, classes,
               label_path);
}

// The set in `folder`: 28 x 28 images of 10 classes (60,000 and 10,000 of them in MNIST itself).
// Throws Error naming the file, what was found and what was expected.
[[gnu::cold]] inline Dataset mnist(const std::string& folder) {
  const auto read = [&](const char* images, const char* labels) {
    const std::string image_path = find_idx(folder, images, 3);
    const std::string label_path = find_idx(folder, labels, 1);
    return read_labelled_images(image_path, label_path, 28, 28, 10);
  };
  return {read("train-images", "train-labels"), read("t10k-images", "t10k-labels")};
}

}  // namespace tg::data
