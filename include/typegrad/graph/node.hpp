// One operation of a graph, and the graph: an append-only array in topological order.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstdint>

#include "typegrad/core/array.hpp"
#include "typegrad/core/config.hpp"
#include "typegrad/core/dtype.hpp"
#include "typegrad/core/fault.hpp"
#include "typegrad/core/fixed_vector.hpp"
#include "typegrad/core/shape.hpp"
#include "typegrad/graph/op.hpp"

namespace tg::ir {

// A per-sample value exists once for each sample of a call; a shared one once.
enum class Space : std::uint8_t { shared, per_sample };

struct CustomRow;  // what a user says about an operation: graph/custom.hpp

inline constexpr int max_operands = 3;
inline constexpr int max_attributes = 7;
using Operands = Array<std::int16_t, max_operands>;
using Attributes = Array<std::int16_t, max_attributes>;

struct Node {
  Op op = Op::constant;
  DType dtype = DType::f32;
  Space space = Space::shared;
  bool across = false;  // the op's per-sample result, summed over the samples: then space is shared
  std::int16_t scope = -1;  // who made it (Recording::scopes), for messages; not part of what it is
  std::int16_t region = 0;  // the loop whose body it is in: 0 is the graph itself
  std::int16_t place = -1;  // the user's line (Builder::places), for messages like `scope`
  Operands operand{-1, -1, -1};    // indices of earlier nodes
  Attributes attributes{};         // what they mean is the op's business
  Shape shape{};                   // of one sample
  double value = 0;                // of a constant
  const CustomRow* row = nullptr;  // of a custom op

  constexpr int operands() const {
    int count = 0;
    while (count < max_operands && operand.elements[count] >= 0) ++count;
    return count;
  }
  // The same value, whoever made it.
  constexpr bool same_as(const Node& other) const {
    return op == other.op && operand == other.operand && shape == other.shape &&
           dtype == other.dtype && space == other.space && across == other.across &&
           region == other.region && value == other.value && attributes == other.attributes &&
           row == other.row;
  }
};

// With room for so many nodes. Passes take and make a Graph; what is kept as a constant may have
// less room (graph/kept.hpp), and becomes a Graph where one is read.
template <int Room>
struct GraphOf {
  static constexpr int room = Room;

  FixedVector<Node, Room> nodes;
  Fault fault{};                // the first thing that was wrong: what follows from it is no news
  DType floating = DType::f32;  // what numbers and parameters are when nobody says
  std::int16_t regions = 0;     // loops have the numbers 1 … regions

  constexpr int size() const { return nodes.count; }
  constexpr const Node& operator[](int id) const { return nodes.elements[id].value; }
  constexpr Node& operator[](int id) { return nodes.elements[id].value; }
  constexpr const Node& operand(int id, int which) const {
    return (*this)[(*this)[id].operand.elements[which]];
  }
  template <int Other>
  constexpr operator GraphOf<Other>() const {
    return {nodes, fault, floating, regions};
  }
};
using Graph = GraphOf<TYPEGRAD_MAX_NODES>;

// The nodes of a graph of that size, without the room that a graph has for more.
template <int Size, int Room>
constexpr std::array<Node, std::size_t(Size)> exact_nodes(const GraphOf<Room>& graph) {
  std::array<Node, std::size_t(Size)> nodes{};
  for (int id = 0; id < Size; ++id) nodes[std::size_t(id)] = graph[id];
  return nodes;
}

}  // namespace tg::ir
