// Memory of an emulated device: each element remembers who wrote and who read it last.
// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "typegrad/backends/emulator/place.hpp"
#include "typegrad/core/exception.hpp"

namespace tg::emulator {

// A moment of a thread: what it is ordered with, by barriers.
struct Moment {
  int block = -1, thread = -1;
  std::uint32_t grid_epoch = 0, block_epoch = 0, warp_epoch = 0;  // barriers passed, of each kind
  bool atomic = false;
  Place place{};

  int warp() const { return thread / 32; }
  bool exists() const { return thread >= 0; }
};

// True when one of the two is certainly after the other.
inline bool are_ordered(const Moment& a, const Moment& b) {
  if (a.grid_epoch != b.grid_epoch) return true;
  if (a.block != b.block) return false;
  if (a.thread == b.thread || a.block_epoch != b.block_epoch) return true;
  return a.warp() == b.warp() && a.warp_epoch != b.warp_epoch;
}

// Elements in memory that a block or all blocks share.
class Memory {
 public:
  Memory(std::string the_name, std::size_t elements, bool is_written)
      : name(std::move(the_name)), traces(elements) {
    for (Trace& trace : traces) trace.written = is_written;
  }

  // As if it were new: nobody has written or read it.
  void forget() { ++life; }

  std::int64_t size() const { return std::int64_t(traces.size()); }
  const std::string& called() const { return name; }

  // Throw Error when the element does not exist, was never written, or another thread uses it at
  // a moment that no barrier parts from this one.
  void read(std::int64_t element, const Moment& now) {
    Trace& trace = at(element, now);
    if (!trace.written) fail(now, joined("reads ", words(element), ", which nobody has written"));
    check(trace.write, now, element, "reads", "wrote");
    remember(trace, now);
  }
  void write(std::int64_t element, const Moment& now) {
    Trace& trace = at(element, now);
    check(trace.write, now, element, "writes", "wrote");
    check(trace.read, now, element, "writes", "read");
    for (const Moment& read : trace.others) check(read, now, element, "writes", "read");
    trace.write = now;
    trace.written = true;
  }

  // The host writes elements [first, first + count), or wants to read them: both throw Error when
  // they do not exist, and the latter when nobody has written one.
  void give(std::int64_t first, std::int64_t count) {
    expect_room(first, count);
    for (std::int64_t i = first; i < first + count; ++i) {
      Trace given;
      given.written = true;
      given.life = life;
      traces[std::size_t(i)] = given;
    }
  }
  void expect(std::int64_t first, std::int64_t count) const {
    expect_room(first, count);
    for (std::int64_t i = first; i < first + count; ++i)
      if (const Trace& trace = traces[std::size_t(i)]; !trace.written || trace.life != life)
        throw Error(joined("the host reads ", words(i), ", which nobody has written"));
  }

  [[noreturn]] static void fail(const Moment& now, const std::string& words) {
    throw Error(joined("block ", std::to_string(now.block), ", thread ", std::to_string(now.thread),
                       " ", words, " (", now.place.text(), ")"));
  }

 private:
  struct Trace {
    // The last thread that read; the last ones before it of its warp, of its block's other warps,
    // and of other blocks. So a write finds a read that it conflicts with, if there is one.
    Moment write{}, read{}, others[3]{};
    bool written = false;
    std::uint32_t life = 0;  // of the memory, when this was noted
  };

  void expect_room(std::int64_t first, std::int64_t count) const {
    if (first < 0 || first + count > size())
      throw Error(joined("the host uses ", words(first + count - 1), ", which has ",
                         std::to_string(size()), " elements"));
  }
  std::string words(std::int64_t element) const {
    return joined(name, "[", std::to_string(element), "]");
  }
  Trace& at(std::int64_t element, const Moment& now) {
    if (element < 0 || element >= size())
      fail(now,
           joined("uses ", words(element), ", which has ", std::to_string(size()), " elements"));
    Trace& trace = traces[std::size_t(element)];
    if (trace.life != life) {
      trace = Trace{};
      trace.life = life;
    }
    return trace;
  }
  void check(const Moment& before, const Moment& now, std::int64_t element, const char* does,
             const char* did) const {
    if (!before.exists() || are_ordered(before, now) || (before.atomic && now.atomic)) return;
    fail(now, joined(does, " ", words(element), ", which block ", std::to_string(before.block),
                     ", thread ", std::to_string(before.thread), " ", did, " (",
                     before.place.text(), "), and no barrier is between them"));
  }
  static void remember(Trace& trace, const Moment& now) {
    const Moment& last = trace.read;
    if (last.block != now.block)
      trace.others[2] = last;
    else if (last.warp() != now.warp())
      trace.others[1] = last;
    else if (last.thread != now.thread)
      trace.others[0] = last;
    trace.read = now;
  }

  std::string name;
  std::vector<Trace> traces;
  std::uint32_t life = 0;
};

}  // namespace tg::emulator
