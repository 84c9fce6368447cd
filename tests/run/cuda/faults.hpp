// Faults planted in kernels, one at a time: which are noticed, and which are not.
// SPDX-License-Identifier: MIT
#pragma once
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "tests/catch.hpp"
#include "typegrad/backends/emulator/device.hpp"

namespace tg::test {

// The last name in what the compiler spells of a site's kernel, of `… Kernel = a::b::Name<…`.
inline std::string kernel_of(const emulator::Site& site) {
  // A phase is named for the kernel that it runs, its first argument.
  static const std::string phases[] = {"tg::cuda::phase::Group<", "tg::cuda::phase::Sum<",
                                       "tg::cuda::phase::FusedSum<"};
  static const std::string begin = "Kernel = ";
  std::string name = site.kernel;
  name.erase(0, name.find(begin) + begin.size());
  for (const std::string& phase : phases)
    if (name.rfind(phase, 0) == 0) name.erase(0, phase.size());
  name.erase(name.find_first_of("<;]"));
  return name.substr(name.rfind(':') + 1);
}

// What goes wrong, where in the source, in which kernel whatever its arguments.
using Mutant = std::tuple<emulator::Fault, std::string, std::string>;

// `right` launches kernels: it throws Error, or says whether results are right. Where faults can be
// planted in them; and whether one is noticed.
template <class Right>
std::vector<emulator::Site> sites_of(const Right& right) {
  emulator::Faults none;
  REQUIRE(right());
  return none.sites();
}
template <class Right>
bool notices(const emulator::Site& site, const Right& right) {
  emulator::Faults faults;
  faults.plant(site);
  try {
    return !right();
  } catch (const Error&) {
    return true;
  }
}

class Census {
 public:
  // Plants every fault that kernels can have, unless it has been noticed before.
  template <class Right>
  void take(const Right& right) {
    for (const emulator::Site& site : sites_of(right)) {
      kernels.insert(kernel_of(site));
      const Mutant mutant{site.fault, site.place.words(), kernel_of(site)};
      if (noticed.count(mutant) != 0) continue;
      if (notices(site, right)) {
        noticed.insert(mutant);
        unnoticed.erase(mutant);
      } else {
        unnoticed[mutant] = site.text();
      }
    }
  }
  std::ptrdiff_t noticed_of(emulator::Fault fault) const {
    return std::count_if(noticed.begin(), noticed.end(), [fault](const Mutant& mutant) {
      return std::get<emulator::Fault>(mutant) == fault;
    });
  }

  std::set<std::string> kernels;
  std::set<Mutant> noticed;
  std::map<Mutant, std::string> unnoticed;
};

}  // namespace tg::test
