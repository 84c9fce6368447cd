// Numbers that live on a device, and a mirror of them in the host's memory.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "typegrad/backends/cuda/home.hpp"
#include "typegrad/core/aligned_buffer.hpp"
#include "typegrad/core/transfers.hpp"

namespace tg::cuda {

// Which of the two copies is newer, piece by piece: a piece is a variable.
enum class Newer : std::uint8_t { neither, on_host, on_device };

// What a program needs to know of a mirror, whatever its numbers are.
template <class Device>
class Twin {
 public:
  using View = typename Device::AnyView;

  // Pieces [begin, end) that the host has changed go to the device: as few transfers as there are
  // gaps between them.
  virtual void send_pieces(std::size_t begin, std::size_t end) = 0;
  virtual View view(std::size_t first, std::size_t count) = 0;
  void changed_on_device(std::size_t begin, std::size_t end) {
    std::fill(newer.begin() + std::ptrdiff_t(begin), newer.begin() + std::ptrdiff_t(end),
              Newer::on_device);
  }

  // No other has had it: one that is gone may have lain at the same address.
  const std::uint64_t number = next_number();

 protected:
  ~Twin() = default;

  std::vector<Newer> newer;  // of each piece

 private:
  static std::uint64_t next_number() {
    static std::atomic<std::uint64_t> numbers{0};
    return ++numbers;
  }
};

// Elements [first, first + count) of a mirror; they are, or lie in, pieces [begin, end).
template <class Device>
struct Part {
  Twin<Device>* twin = nullptr;
  std::uint64_t number = 0;  // the twin's
  std::size_t begin = 0, end = 0, first = 0, count = 0;
  bool whole = false;  // these pieces have no other elements

  bool operator==(const Part&) const = default;
};

// How the host's numbers lie on a device: halves as their bits.
template <class T>
using DeviceNumber = std::conditional_t<sizeof(T) == sizeof(std::uint16_t), std::uint16_t, T>;

// Zero at first. What the device has changed comes back when the host reads it, what the host was
// given to write goes there before the next call that uses it; nothing else is ever copied.
template <class T, class Device>
class Mirror {
 public:
  Mirror() = default;
  explicit Mirror(std::size_t count) : both(std::make_unique<Both>(count)) {}

  std::size_t size() const { return both == nullptr ? 0 : both->size; }
  // Element `first` begins a piece.
  void divide(std::size_t first) const { both->divide(first); }

  // Of elements [first, first + count), the first one. Valid until the next call that writes them:
  // then it shows old numbers. What is to be written counts as changed, with all of its pieces.
  const T* read(std::size_t first, std::size_t count) const {
    return both == nullptr ? nullptr : both->read(first, count);
  }
  T* write(std::size_t first, std::size_t count) const {
    return both == nullptr ? nullptr : both->write(first, count);
  }
  Part<Device> part(std::size_t first, std::size_t count) const { return both->part(first, count); }
  // The first `count` numbers become these, of which the host keeps no copy.
  void fill(const T* given, std::size_t count) const { both->fill(given, count); }
  // What the host has changed goes to the device now.
  void send() const { both->send_pieces(0, both->pieces()); }
  // The device has changed all of it.
  void changed_on_device() const { both->changed_on_device(0, both->pieces()); }
  // On the device.
  typename Device::template View<DeviceNumber<T>> view() const { return both->memory.view(); }

 private:
  struct Both final : Twin<Device> {
    explicit Both(std::size_t count)
        : home(&cuda::home<Device>()),
          size(count),
          memory(home->device.template allocate<DeviceNumber<T>>(count, "a mirror")),
          starts{0, count} {
      const std::lock_guard turn(home->turn);
      home->device.clear(memory.view(), count);
      this->newer.assign(1, Newer::neither);
    }
    std::size_t pieces() const { return this->newer.size(); }
    void divide(std::size_t first) {
      const auto at = std::lower_bound(starts.begin(), starts.end(), first);
      if (*at == first) return;
      const auto piece = this->newer.begin() + (at - starts.begin());
      this->newer.insert(piece, piece[-1]);
      starts.insert(at, first);
    }
    Part<Device> part(std::size_t first, std::size_t count) {
      const auto begin = std::upper_bound(starts.begin(), starts.end() - 1, first) - 1;
      const auto end = std::lower_bound(begin + 1, starts.end(), first + count);
      return {.twin = this,
              .number = this->number,
              .begin = std::size_t(begin - starts.begin()),
              .end = std::size_t(end - starts.begin()),
              .first = first,
              .count = count,
              .whole = *begin == first && *end == first + count};
    }
    const T* read(std::size_t first, std::size_t count) {
      const Part<Device> of = part(first, count);
      each_run(of.begin, of.end, Newer::on_device, [&](std::size_t from, std::size_t length) {
        home->device.to_host(stored(host().data() + from), memory.view().part(at(from), at(length)),
                             length);
      });
      return host().data() + first;
    }
    T* write(std::size_t first, std::size_t count) {
      read(first, count);
      const Part<Device> of = part(first, count);
      for (std::size_t piece = of.begin; piece < of.end; ++piece)
        this->newer[piece] = Newer::on_host;
      return host().data() + first;
    }
    void send_pieces(std::size_t begin, std::size_t end) override {
      each_run(begin, end, Newer::on_host, [&](std::size_t from, std::size_t length) {
        home->device.from_host(memory.view().part(at(from), at(length)),
                               stored(host().data() + from), length);
      });
    }
    typename Twin<Device>::View view(std::size_t first, std::size_t count) override {
      return memory.view().part(at(first), at(count));
    }

    void fill(const T* given, std::size_t count) {
      const std::lock_guard turn(home->turn);
      if (count < size) send_pieces(0, pieces());
      home->device.from_host(memory.view(), stored(given), count);
      this->changed_on_device(0, pieces());
    }

    // copy(first, count) for each run of pieces that are so; then neither copy is newer.
    template <class Copy>
    void each_run(std::size_t begin, std::size_t end, Newer which, const Copy& copy) {
      const std::lock_guard turn(home->turn);
      for (std::size_t piece = begin; piece < end; ++piece) {
        const std::size_t first = piece;
        while (piece < end && this->newer[piece] == which) this->newer[piece++] = Newer::neither;
        if (piece > first) copy(starts[first], starts[piece] - starts[first]);
      }
    }
    AlignedBuffer<T>& host() {
      if (numbers.size() == 0) numbers = AlignedBuffer<T>(size);
      return numbers;
    }
    static DeviceNumber<T>* stored(T* numbers) {
      return reinterpret_cast<DeviceNumber<T>*>(numbers);
    }
    static const DeviceNumber<T>* stored(const T* numbers) {
      return reinterpret_cast<const DeviceNumber<T>*>(numbers);
    }
    static std::int64_t at(std::size_t i) { return std::int64_t(i); }

    Home<Device>* home;
    std::size_t size;
    AlignedBuffer<T> numbers;  // of the host, from the first time that it asks
    typename Device::template Buffer<DeviceNumber<T>> memory;
    std::vector<std::size_t> starts;  // of each piece, and the end
  };

  std::unique_ptr<Both> both;  // programs know where it is
};

template <class Device, class T, class Way>
class Steps;
template <class Device, class Differentiate, class Update>
consteval auto way_of_step();

// What keeps variables on a device: a Memory of runtime/memory.hpp.
template <class Device>
struct DeviceMemory {
  static constexpr bool is_host = false;
  // Of the programs that differentiate and update, a step's.
  template <class T, class Differentiate, class Update>
  using Steps = cuda::Steps<Device, T, decltype(way_of_step<Device, Differentiate, Update>())>;
  template <class T>
  using Array = Mirror<T, Device>;

  template <class T>
  static T* to_write(const Mirror<T, Device>& array, std::size_t first, std::size_t count) {
    return array.write(first, count);
  }
  template <class T>
  static const T* to_read(const Mirror<T, Device>& array, std::size_t first, std::size_t count) {
    return array.read(first, count);
  }
  template <class T>
  static Part<Device> part_of(const Mirror<T, Device>& array, std::size_t first,
                              std::size_t count) {
    return array.part(first, count);
  }
  template <class T>
  static void divide(const Mirror<T, Device>& array, std::size_t first) {
    array.divide(first);
  }
  // Whether so much fits on the device beside what is there.
  static bool has_room(std::size_t bytes) { return home<Device>().device.has_room(bytes); }
  // How often numbers were copied since the program began.
  static const Transfers& transfers() { return home<Device>().device.transfers(); }
};

}  // namespace tg::cuda
