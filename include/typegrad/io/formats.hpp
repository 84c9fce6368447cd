// Files of named tensors in the format that their extension says.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/io/safetensors.hpp"

namespace tg::io {

struct TensorFormat {
  void (*write)(const std::string& path, const std::vector<Tensor>& tensors,
                const Metadata& metadata) = nullptr;
  TensorFile (*read)(const std::string& path) = nullptr;
};
// NumPy's .npz: known to a program that includes "typegrad/io/npz.hpp" somewhere. Others do not
// compile it.
inline TensorFormat npz_format{};

// Whether path ends with .npz. Throws Error if it does and nobody knows what that is.
[[gnu::cold]] inline bool is_npz(const std::string& path) {
  const bool ends_so = path.size() >= 4 && path.compare(path.size() - 4, 4, ".npz") == 0;
  if (ends_so && npz_format.read == nullptr)
    fail(path, "found .npz, expected #include <typegrad/io/npz.hpp> in a program that uses it");
  return ends_so;
}

// NumPy's where the path ends with .npz, else safetensors. Throws Error.
[[gnu::cold]] inline void write_tensors(const std::string& path, const std::vector<Tensor>& tensors,
                                        const Metadata& metadata) {
  if (is_npz(path))
    npz_format.write(path, tensors, metadata);
  else
    write_safetensors(path, tensors, metadata);
}
[[gnu::cold]] inline TensorFile read_tensors(const std::string& path) {
  return is_npz(path) ? npz_format.read(path) : read_safetensors(path);
}

}  // namespace tg::io
