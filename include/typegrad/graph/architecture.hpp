// What a recorded graph computes, as one number: equal for equal networks, whoever compiles them.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>

#include "typegrad/graph/name.hpp"

namespace tg::ir {

namespace architecture {

// The finaliser of MurmurHash3 (Appleby): every bit of the word moves every bit of the result.
constexpr std::uint64_t mix(std::uint64_t seed, std::uint64_t word) {
  std::uint64_t h = seed * 0x9E3779B97F4A7C15ull ^ word;
  h = (h ^ (h >> 33)) * 0xFF51AFD7ED558CCDull;
  h = (h ^ (h >> 33)) * 0xC4CEB9FE1A85EC53ull;
  return h ^ (h >> 33);
}

// Of an op's name: an op more changes no file that is there. What is frozen computes the same.
inline constexpr auto op_words = [] {
  Array<std::uint64_t, op_count> words{};
  for (int op = 0; op < op_count; ++op) words[op] = hash(name_of(Op(op)));
  words[int(Op::parameter)] = words[int(Op::state)];
  return words;
}();

constexpr std::uint64_t hash_of_shape(std::uint64_t seed, const Shape& shape) {
  seed = mix(seed, std::uint64_t(shape.rank()));
  for (int axis = 0; axis < shape.rank(); ++axis) seed = mix(seed, std::uint64_t(shape[axis]));
  return seed;
}

// What a node's own fields say, its operands aside.
constexpr std::uint64_t hash_of_fields(const Recording& recording, const Node& node) {
  std::uint64_t h = op_words[int(node.op)];
  h = mix(h, std::uint64_t(node.space) << 1 | std::uint64_t(node.across));
  h = hash_of_shape(mix(h, hash(name_of(node.dtype))), node.shape);
  if (is_unique(node.op)) return mix(h, hash_of_name(recording, node.attributes[0]));
  for (std::int16_t attribute : node.attributes) h = mix(h, std::uint64_t(attribute));
  return node.op == Op::constant ? mix(h, std::bit_cast<std::uint64_t>(node.value)) : h;
}

}  // namespace architecture

// Post: depends on what the outputs (and updates) are computed from, through which ops of which
// shapes, attributes and constants, and on the names of leaves. It does not depend on the order of
// recording, in which compilers differ, nor on who made a node, nor on what nobody reads.
constexpr std::uint64_t architecture_of(const Recording& recording) {
  using namespace architecture;
  FixedVector<std::uint64_t, TYPEGRAD_MAX_NODES> hashes;
  std::uint64_t sinks = 0;
  for (const Node& node : recording.graph().nodes) {
    std::uint64_t h = hash_of_fields(recording, node);
    if (is_commutative(node.op)) {
      const std::uint64_t a = hashes[node.operand[0]], b = hashes[node.operand[1]];
      h = a < b ? mix(mix(h, a), b) : mix(mix(h, b), a);
    } else {
      for (int i = 0; i < node.operands(); ++i) h = mix(h, hashes[node.operand[i]]);
    }
    if (is_sink(node.op)) sinks += h;
    hashes.push_back(h);
  }
  return mix(sinks, 0);
}

}  // namespace tg::ir
