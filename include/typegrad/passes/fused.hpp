// Element-wise work as a type: what is loaded, which operations follow, what is stored.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/fuse.hpp"

namespace tg::passes {

// How an operand of element-wise work is read.
enum class Read : std::uint8_t {
  lanes,         // element e of a per-sample value, a vector of samples
  lanes_mapped,  // element (e / inner) % extent of one
  shared,  // element e of a shared value: the same for all lanes (lanes layout), or lane by lane
           // (flat)
  shared_mapped,
  number,  // a shared value of one element
};

// Numbers as types, packed so that a kernel's symbol stays short.
template <unsigned long... Code>
struct Codes {
  static constexpr int count = sizeof...(Code);
};

struct LoadCode {
  Read how{};
  int inner = 1, extent = 1;
  bool half = false;  // in memory: see stored_in_half

  constexpr unsigned long pack() const {
    return (unsigned long)(how) | (unsigned long)(half) << 3 | (unsigned long)(inner - 1) << 4 |
           (unsigned long)(extent - 1) << 34;
  }
  static constexpr LoadCode unpack(unsigned long code) {
    return {Read(code & 7), int(code >> 4 & 0x3FFFFFFF) + 1, int(code >> 34) + 1,
            (code >> 3 & 1) != 0};
  }
};

// A register that is stored.
struct StoreCode {
  int reg = 0;
  bool half = false;
  bool rounds = false;  // as in ComputeCode: an anchor's result has none

  constexpr unsigned long pack() const {
    return (unsigned long)(reg) | (unsigned long)(half) << 8 | (unsigned long)(rounds) << 9;
  }
  static constexpr StoreCode unpack(unsigned long code) {
    return {int(code & 255), (code >> 8 & 1) != 0, (code >> 9 & 1) != 0};
  }
};

// Registers are numbered: the anchor's result (if there is one), the loads, then the results of the
// steps.
struct ComputeCode {
  Op op{};
  std::array<int, 3> operand{};
  bool rounds = false;  // the result, which lies in memory as halves, is read by later steps, too

  constexpr unsigned long pack() const {
    return (unsigned long)(op) | (unsigned long)(operand[0]) << 8 |
           (unsigned long)(operand[1]) << 16 | (unsigned long)(operand[2]) << 24 |
           (unsigned long)(rounds) << 32;
  }
  static constexpr ComputeCode unpack(unsigned long code) {
    return {Op(code & 255),
            {int(code >> 8 & 255), int(code >> 16 & 255), int(code >> 24 & 255)},
            (code >> 32 & 1) != 0};
  }
};

// A program of element-wise work: LoadCodes, ComputeCodes, StoreCodes. The addresses come
// with the step.
template <bool Anchored, class Loads, class Computes, class Stores>
struct Fused;

// The same as a value, extracted from a graph: for the program's author, who turns it into the
// type.
struct FusedPlan {
  struct LoadEntry {
    LoadCode code{};
    int node = -1;
    // Elements that are left out, and how many more in each step of a loop: no part of the code,
    // but of the address.
    int offset = 0, step = 0;
    constexpr bool operator==(const LoadEntry& other) const {
      return node == other.node && offset == other.offset && step == other.step &&
             code.pack() == other.code.pack();
    }
  };
  struct StoreEntry {
    StoreCode code{};
    int node = -1;
  };
  FixedVector<LoadEntry, 3 * max_group_steps> loads;
  FixedVector<ComputeCode, max_group_steps> computes;
  FixedVector<StoreEntry, max_group_steps + 1> stores;
  bool anchored = false;
  bool per_sample = false;
};

// is_half(id): whether a stored value lies in memory as halves.
template <int Room, class IsHalf>
constexpr FusedPlan extract_fused(const ir::GraphOf<Room>& graph, const SourcesOf<Room>& sources,
                                  const FusionOf<Room>& fusion, int group, IsHalf is_half) {
  FusedPlan plan;
  plan.anchored = fusion.groups[group].anchor >= 0;
  plan.per_sample = fusion.groups[group].space == ir::Space::per_sample;
  // Loads first: registers of steps are numbered behind them.
  const auto load_of = [&](const Source& source, int size) {
    const bool number = graph[source.node].op == Op::constant;  // of every sample, or shared
    const bool lanes = graph[source.node].space == ir::Space::per_sample && !number;
    const bool in_order = source.in_order(size);
    LoadCode code;
    code.half = is_half(source.node);
    if (number || (!lanes && source.map.extent == 1))
      code.how = Read::number;
    else
      code.how = lanes ? (in_order ? Read::lanes : Read::lanes_mapped)
                       : (in_order ? Read::shared : Read::shared_mapped);
    if (!in_order && code.how != Read::number)
      code.inner = source.map.inner, code.extent = source.map.extent;
    const FusedPlan::LoadEntry entry{code, source.node, source.map.offset, source.map.step};
    for (int i = 0; i < plan.loads.size(); ++i)
      if (plan.loads[i] == entry) return i;
    return plan.loads.push_back(entry);
  };
  const auto elementwise = [&](int id) { return id != fusion.groups[group].anchor; };
  for (int id = fusion.first[group]; id >= 0; id = fusion.next[id])
    for (int i = 0; elementwise(id) && i < graph[id].operands(); ++i) {
      const Source& source = sources.operand(graph[id], i);
      if (fusion.group[source.node] != group) load_of(source, graph[id].shape.size());
    }
  // Everybody reads a stored value as memory has it, the kernel that makes it, too.
  const auto rounds = [&](int id) {
    if (!fusion.stored[id] || !is_half(id)) return false;
    for (int reader = fusion.next[id]; reader >= 0; reader = fusion.next[reader])
      for (int i = 0, count = graph[reader].operands(); i < count; ++i)
        if (sources.operand(graph[reader], i).node == id) return true;
    return false;
  };
  FixedVector<int, max_group_steps> computed;  // nodes, in the order of their registers
  const int first_load = plan.anchored ? 1 : 0, first_step = first_load + plan.loads.size();
  const auto register_of = [&](int id) {
    if (!elementwise(id)) return 0;
    int step = 0;
    while (computed[step] != id) ++step;
    return first_step + step;
  };
  for (int id = fusion.first[group]; id >= 0; id = fusion.next[id]) {
    if (elementwise(id)) {
      ComputeCode entry{.op = graph[id].op, .rounds = rounds(id)};
      for (int i = 0, count = graph[id].operands(); i < count; ++i) {
        const Source& source = sources.operand(graph[id], i);
        entry.operand[i] = fusion.group[source.node] == group
                               ? register_of(source.node)
                               : first_load + load_of(source, graph[id].shape.size());
      }
      plan.computes.push_back(entry);
      computed.push_back(id);
    }
    if (fusion.stored[id]) plan.stores.push_back({{register_of(id), is_half(id), rounds(id)}, id});
  }
  return plan;
}

}  // namespace tg::passes
