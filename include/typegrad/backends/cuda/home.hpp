// The one device of its type that a program works on, and whose turn it is.
// SPDX-License-Identifier: MIT
#pragma once
#include <mutex>

namespace tg::cuda {

// Whatever is asked of the device happens in one order, so memory on it may be shared by programs.
// Threads take turns: a call is not parted by another thread's.
template <class Device>
struct Home {
  Device device;
  std::recursive_mutex turn;
};

// Throws Error when there is none.
template <class Device>
Home<Device>& home() {
  static Home<Device> only;
  return only;
}

}  // namespace tg::cuda
