// Transfers to and from the emulated GPU, since somebody began to count.
// SPDX-License-Identifier: MIT
#pragma once
#include "subject.hpp"

namespace tg::test {

class Counted {
 public:
  std::int64_t to_device() const { return now().to_device - before.to_device; }
  std::int64_t to_host() const { return now().to_host - before.to_host; }
  std::int64_t bytes_to_device() const { return now().bytes_to_device - before.bytes_to_device; }
  std::int64_t bytes_to_host() const { return now().bytes_to_host - before.bytes_to_host; }

 private:
  static const Transfers& now() { return cuda::DeviceMemory<emulator::Device>::transfers(); }
  Transfers before = now();
};

}  // namespace tg::test
