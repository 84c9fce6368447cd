// What the nodes of a graph are called: operations as Theano prints them, types, layers.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "typegrad/core/joined.hpp"
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/name.hpp"
#include "typegrad/graph/place_text.hpp"
#include "typegrad/graph/recording.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg::views {

// A graph without its type: what texts and pictures are made from.
struct PrintedGraph {
  std::span<const ir::Node> nodes;
  std::span<const ir::SymbolName> names;
  runtime::Leaves leaves;
  std::span<const ir::ScopeEntry> scopes;
  std::span<const ir::Place> places;
  bool compiled = false;  // the order of nodes is that of their computation
};

// The names that Theano prints.
[[gnu::cold]] inline std::string_view scalar_name(Op op) {
  switch (op) {
    case Op::negate:
      return "neg";
    case Op::absolute:
      return "abs_";
    case Op::sign:
      return "sgn";
    case Op::cosine:
      return "cos";
    case Op::sine:
      return "sin";
    case Op::logical_not:
      return "invert";
    case Op::subtract:
      return "sub";
    case Op::multiply:
      return "mul";
    case Op::divide:
      return "true_div";
    case Op::power:
      return "pow";
    case Op::less:
      return "lt";
    case Op::less_equal:
      return "le";
    case Op::equal:
      return "eq";
    case Op::select:
      return "switch";
    default:
      return name_of(op);
  }
}

// Asks a graph: which words stand for a node, what it reads, who reads it.
class GraphNames {
 public:
  explicit GraphNames(const PrintedGraph& what) : graph(what) {}

  const ir::Node& node(int id) const { return graph.nodes[std::size_t(id)]; }
  int size() const { return int(graph.nodes.size()); }
  bool compiled() const { return graph.compiled; }

  // A vector times a matrix is recorded as the matrix' transposed product: read it as written. Of
  // a sum or a product, what was computed comes first: recording forgets which was on the left.
  std::vector<int> ordered_operands(int id) const {
    const ir::Node& n = node(id);
    std::vector<int> result;
    for (int i = 0; i < n.operands(); ++i) result.push_back(n.operand[std::size_t(i)]);
    const bool from_left = is_vector_times_matrix(n);
    const bool swapped =
        is_commutative(n.op) && is_leaf(node(result[0]).op) && !is_leaf(node(result[1]).op);
    if (from_left || swapped) std::swap(result[0], result[1]);
    return result;
  }

  // "Elemwise{add,no_inplace}", "dot", a leaf's name.
  [[gnu::cold]] std::string title(int id) const {
    const ir::Node& n = node(id);
    const auto axes = [&](int count) {
      std::string list;
      for (int i = 0; i < count; ++i)
        list += joined(i > 0 ? "," : "", std::to_string(n.attributes[std::size_t(i)]));
      return list;
    };
    std::string across = n.across ? "{samples}" : "";
    switch (n.op) {
      case Op::constant:
        return joined("TensorConstant{", number(n.value), "}");
      case Op::sigmoid:
      case Op::softplus:
        return std::string(name_of(n.op));
      case Op::softmax:
        return "Softmax";
      case Op::log_softmax:
        return "LogSoftmax";
      case Op::matmul:
        if (is_vector_times_matrix(n)) return joined("dot", across);
        return std::string("dot") + (n.attributes[0] != 0 ? "{left.T}" : "") +
               (n.attributes[1] != 0 ? "{right.T}" : "") + across;
      case Op::transpose:
        return joined("DimShuffle{", axes(n.shape.rank()), "}", across);
      case Op::reshape:
        return joined("Reshape{", std::to_string(n.shape.rank()), "}", across);
      case Op::sum:
        return joined("Sum", reduced(n), across);
      case Op::max:
        return joined("Max", reduced(n));
      case Op::argmax:
        return joined("Argmax", reduced(n));
      case Op::identity:
        return n.across ? "Sum{samples}" : "identity";
      case Op::gradient:
        return "grad";
      case Op::custom:
        return n.row->name + across;
      default:
        break;
    }
    if (is_leaf(n.op)) return leaf_name(id);
    if (is_elementwise(n.op)) return joined("Elemwise{", scalar_name(n.op), ",no_inplace}");
    return std::string(name_of(n.op)) + across;
  }

  std::string leaf_name(int id) const {
    const ir::Node& n = node(id);
    if (n.op == Op::constant) return "";
    if (n.op == Op::samples) return "samples";
    const std::string_view known = graph.leaves.name(std::size_t(n.attributes[0]));
    return known.empty() ? std::string(name_of(n.op)) : std::string(known);
  }
  // What the symbol was called; a derivative is called after what it is of.
  [[gnu::cold]] std::string name(int id) const {
    if (is_leaf(node(id).op)) return leaf_name(id);
    for (const ir::SymbolName& some : graph.names)
      if (some.node == id) return some.name;
    const ir::Node& n = node(id);
    if (n.op != Op::gradient || name(n.operand[0]).empty() || name(n.operand[1]).empty()) return "";
    return joined("d", name(n.operand[0]), "/d", name(n.operand[1]));
  }

  // "f32(samples, 10)"
  std::string type_of(int id) const {
    const ir::Node& n = node(id);
    std::string result{name_of(n.dtype)};
    result += n.space == ir::Space::per_sample ? "(samples" : "(";
    for (int axis = 0; axis < n.shape.rank(); ++axis)
      result += joined(axis > 0 || n.space == ir::Space::per_sample ? ", " : "",
                       std::to_string(n.shape[axis]));
    return result + ")";
  }
  // The path of the layer that recorded it, "3.0"; empty outside of layers.
  std::string layer(int id) const {
    std::string path;
    ir::spell_scope(graph.scopes, node(id).scope, [&](std::string_view piece) { path += piece; });
    return path;
  }

  // "net.cpp:31", the user's line that it comes from; empty where that is the library's.
  std::string line(int id) const { return ir::text_of(graph.places, node(id).place); }

  int readers(int id) const {
    int count = 0;
    for (const ir::Node& n : graph.nodes)
      for (std::int16_t operand : n.operand) count += operand == id;
    return count;
  }

 private:
  bool is_vector_times_matrix(const ir::Node& n) const {
    return n.op == Op::matmul && n.attributes[0] != 0 && node(n.operand[1]).shape.rank() == 1;
  }

  std::string reduced(const ir::Node& n) const {
    std::string list;
    const int rank = node(n.operand[0]).shape.rank();
    for (int axis = 0; axis < rank; ++axis)
      if ((n.attributes[0] >> axis & 1) != 0)
        list += joined(list.empty() ? "" : ",", std::to_string(axis));
    return joined("{", list, "}");
  }

  static std::string number(double value) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.9g", value);
    std::string result = digits;
    if (result.find_first_not_of("-0123456789") == result.npos) result += ".0";
    return result;
  }

  PrintedGraph graph;
};

}  // namespace tg::views
