// Faults that a test plants: what a kernel does at one place of its source goes wrong.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "typegrad/backends/emulator/place.hpp"

namespace tg::emulator {

enum class Fault : std::uint8_t {
  one_further,  // an index, by as many elements as are taken there at a time
  one_before,
  no_barrier,   // nobody waits, of a warp, a block or the grid
  own_value,    // a shuffle gives every lane its own
  absent_lane,  // one lane of each warp does not come to a shuffle
  not_atomic,   // an addition
  two_threads,  // thread 1 of each block does what thread 0 does
  two_blocks,   // block 1 does what block 0 does
};
inline const char* name_of(Fault fault) {
  constexpr const char* names[] = {"one further",          "one before",        "no barrier",
                                   "lanes keep their own", "a lane is absent",  "not atomic",
                                   "two threads are one",  "two blocks are one"};
  return names[int(fault)];
}

// A fault, and where it could be: in which kernel, at which place of it.
struct Site {
  const char* kernel = "";  // as the compiler spells launch<Kernel>
  Fault fault{};
  Place place{};

  bool operator==(const Site& other) const {
    return fault == other.fault && place.is(other.place) && std::strcmp(kernel, other.kernel) == 0;
  }
  std::string text() const {
    return joined(name_of(fault), " at ", place.text(), " of ", kernel, place.function());
  }
};

// While one lives, the kernels that its thread launches ask it at each place whether something goes
// wrong there. Without a fault planted, nothing does, and the sites that are met are noted.
class Faults {
 public:
  Faults();
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;
  ~Faults();

  void plant(const Site& site) { planted = site; }
  const std::vector<Site>& sites() const { return met; }

  // Kernels of this name begin.
  void begin(const char* the_kernel) {
    kernel = the_kernel;
    here = planted && std::strcmp(planted->kernel, kernel) == 0;
  }
  bool happens(Fault fault, const Place& place = {}) {
    if (!planted) note({kernel, fault, place});
    return here && planted->fault == fault && planted->place.is(place);
  }

 private:
  void note(const Site& site) {
    if (std::find(met.begin(), met.end(), site) == met.end()) met.push_back(site);
  }

  Faults* outer;
  std::optional<Site> planted;
  std::vector<Site> met;
  const char* kernel = "";
  bool here = false;
};

inline thread_local Faults* faults = nullptr;  // the innermost one that lives

inline Faults::Faults() : outer(std::exchange(faults, this)) {}
inline Faults::~Faults() { faults = outer; }

inline bool goes_wrong(Fault fault, const Place& place = {}) {
  return faults != nullptr && faults->happens(fault, place);
}
// An index, or what a fault makes of it.
inline Index perhaps_moved(const Index& index, int elements) {
  if (faults == nullptr) return index;
  const int by = int(faults->happens(Fault::one_further, index.place)) -
                 int(faults->happens(Fault::one_before, index.place));
  return {index.value + by * elements, index.place};
}

}  // namespace tg::emulator
