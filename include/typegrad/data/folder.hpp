// Where data lie: folders in the one that the environment names.
// SPDX-License-Identifier: MIT
#pragma once
#include <sys/stat.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "typegrad/core/joined.hpp"

namespace tg::data {

// The folder `name` in the folder that the environment variable TYPEGRAD_DATA names, if there is
// one.
[[gnu::cold]] inline std::optional<std::string> find(const std::string& name) {
  const char* root = std::getenv("TYPEGRAD_DATA");
  if (!root || !*root) return std::nullopt;
  const std::string path = joined(root, "/", name);
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return std::nullopt;
  return path;
}

}  // namespace tg::data
