// How often numbers went between the host's memory and a device's, and how many bytes.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>

namespace tg {

struct Transfers {
  std::int64_t to_device = 0, to_host = 0;              // how often
  std::int64_t bytes_to_device = 0, bytes_to_host = 0;  // how much

  std::int64_t count() const { return to_device + to_host; }
  void add_to_device(std::size_t bytes) { ++to_device, bytes_to_device += std::int64_t(bytes); }
  void add_to_host(std::size_t bytes) { ++to_host, bytes_to_host += std::int64_t(bytes); }
};

}  // namespace tg
