// Who reads whom in a tg::Graph: names become numbers, and an order is found.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <span>
#include <string_view>

#include "typegrad/core/fixed_vector.hpp"

namespace tg::networks {

// One argument of tg::Graph, without its type.
struct Part {
  enum class Kind { other, node, input, inputs, outputs };

  Kind kind = Kind::other;
  std::string_view name = {};  // of a node, or of an Input
  std::span<const std::string_view> names =
      {};  // those that a node reads; those of Inputs or Outputs

  constexpr bool named() const { return kind == Kind::node || kind == Kind::input; }
};

// What can be wrong with it.
enum class WiringFault {
  none,
  not_a_node,
  node_named_twice,
  reserved_name,
  unknown_node,
  cycle,
  unused_node
};

// A name of a Graph: what is given, or a node. Numbers of places are indices of Wiring::places.
struct Place {
  std::string_view name = {};
  int part = -1;                    // the argument of tg::Graph that has it
  int first_read = 0, reads = 0;    // the places that it reads: a range of Wiring::reads
  bool given = false;               // by the caller
  bool used = false, done = false;  // read, or an output; in the order
};

// Post, unless `fault`: every place in `order` comes behind those that it reads; of several that
// could come next, the one that was written first does.
template <int Places, int Names>
struct Wiring {
  FixedVector<Place, Places> places;
  FixedVector<int, Names> reads;    // places
  FixedVector<int, Places> inputs;  // places that are given
  FixedVector<int, Places> order;   // of all places
  FixedVector<int, Names> outputs;  // places
  WiringFault fault = WiringFault::none;
  int faulty_part = -1;               // the argument that is no node, or that says the name
  std::string_view faulty_name = {};  // unknown, or there twice
  FixedVector<int, Places> cycle;     // places, each reads the next one

  constexpr explicit Wiring(std::span<const Part> parts) {
    collect(parts);
    resolve(parts);
    find_order();
    find_unused();
  }

  // The place of a name, searched backwards from `from`: what a node reads is mostly near. Or -1.
  constexpr int find(std::string_view name, int from) const {
    for (int i = 1; i <= places.size(); ++i) {
      const int place = (from - i + 2 * places.size()) % places.size();
      if (places[place].name == name) return place;
    }
    return -1;
  }

 private:
  constexpr void fail(WiringFault what, int part, std::string_view name) {
    if (fault != WiringFault::none) return;
    fault = what;
    faulty_part = part;
    faulty_name = name;
  }

  constexpr void add(std::string_view name, int part, bool given) {
    for (const Place& other : places)
      if (other.name == name) fail(WiringFault::node_named_twice, part, name);
    if (given && name == "target") fail(WiringFault::reserved_name, part, name);
    if (given) inputs.push_back(places.size());
    places.push_back({.name = name, .part = part, .given = given});
  }

  constexpr void collect(std::span<const Part> parts) {
    for (int i = 0; i < int(parts.size()); ++i) {
      const Part& part = parts[std::size_t(i)];
      if (part.kind == Part::Kind::other) fail(WiringFault::not_a_node, i, "");
      if (part.named()) add(part.name, i, part.kind == Part::Kind::input);
      if (part.kind != Part::Kind::inputs) continue;
      for (std::string_view name : part.names) add(name, i, true);
    }
  }

  // The place of a name that somebody says, marked as used.
  constexpr int use(std::string_view name, int part, int from) {
    const int place = find(name, from);
    if (place < 0) fail(WiringFault::unknown_node, part, name);
    if (place >= 0) places[place].used = true;
    return place;
  }

  constexpr void resolve(std::span<const Part> parts) {
    for (int at = 0; at < places.size(); ++at) {
      const Part& part = parts[std::size_t(places[at].part)];
      if (part.kind != Part::Kind::node) continue;
      places[at].first_read = reads.size();
      places[at].reads = int(part.names.size());
      for (std::string_view name : part.names) reads.push_back(use(name, places[at].part, at));
    }
    for (int i = 0; i < int(parts.size()); ++i) {
      if (parts[std::size_t(i)].kind != Part::Kind::outputs) continue;
      for (std::string_view name : parts[std::size_t(i)].names)
        outputs.push_back(use(name, i, places.size()));
    }
    if (!outputs.empty() || places.empty()) return;
    places.back().used = true;
    outputs.push_back(places.size() - 1);
  }

  // The first place that `at` waits for, or -1.
  constexpr int waits_for(int at) const {
    for (int i = 0; i < places[at].reads; ++i)
      if (!places[reads[places[at].first_read + i]].done) return reads[places[at].first_read + i];
    return -1;
  }

  constexpr void find_order() {
    if (fault != WiringFault::none) return;
    int first_open = 0;
    for (int at = 0; at < places.size();) {
      if (places[at].done || waits_for(at) >= 0) {
        ++at;
        continue;
      }
      places[at].done = true;
      order.push_back(at);
      while (first_open < places.size() && places[first_open].done) ++first_open;
      at = first_open;  // somebody may have waited for it
    }
    for (int at = 0; at < places.size(); ++at)
      if (!places[at].done) return find_cycle(at);
  }

  // From a place that waits, whoever it waits for, until one comes again.
  constexpr void find_cycle(int at) {
    fail(WiringFault::cycle, places[at].part, places[at].name);
    for (int i = 0; i < places.size(); ++i) at = waits_for(at);  // now it is on the cycle
    const int first = at;
    do {
      cycle.push_back(at);
      at = waits_for(at);
    } while (at != first);
  }

  constexpr void find_unused() {
    for (const Place& place : places)
      if (!place.used) fail(WiringFault::unused_node, place.part, place.name);
  }
};

}  // namespace tg::networks
