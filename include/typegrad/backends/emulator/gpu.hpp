// The emulator as a device that programs run on.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/emulator/device.hpp"
#include "typegrad/core/transfers.hpp"

namespace tg::emulator {

class Device {
 public:
  template <class T>
  using View = emulator::View<T>;
  using AnyView = emulator::AnyView;
  template <class T>
  using Buffer = emulator::Buffer<T>;

  // A kernel gets at most so many blocks: what it computes must not depend on it.
  explicit Device(int the_most_blocks = 4) : most_blocks(the_most_blocks) {}

  template <class T>
  Buffer<T> allocate(std::size_t count, const char* name) {
    return Buffer<T>(count, name);
  }
  template <class T>
  void from_host(View<T> to, const T* values, std::size_t count) {
    to.from_host(values, std::int64_t(count));
    copies.add_to_device(count * sizeof(T));
  }
  template <class T>
  void to_host(T* values, View<T> from, std::size_t count) {
    from.to_host(values, std::int64_t(count));
    copies.add_to_host(count * sizeof(T));
  }
  template <class T>
  void clear(View<T> what, std::size_t count) {
    what.from_host(std::vector<T>(count).data(), std::int64_t(count));
  }
  bool has_room(std::size_t) const { return true; }
  const Transfers& transfers() const { return copies; }

  template <class Kernel, class... Arguments>
  void launch(int tiles, const Arguments&... arguments) {
    ++launches;
    emulator::launch<Kernel>(std::min(tiles, most_blocks), arguments...);
  }
  int launched() const { return launches; }

  // Nothing is kept: each call launches its kernels.
  struct Recording {
    template <class LaunchAll>
    void replay(Device&, const std::vector<std::uint64_t>&, const LaunchAll& launch_all) {
      launch_all();
    }
  };

 private:
  int most_blocks, launches = 0;
  Transfers copies;
};

}  // namespace tg::emulator
