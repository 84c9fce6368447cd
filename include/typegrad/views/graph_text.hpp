// A graph as a tree of text, as Theano's debugprint writes it.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <string>
#include <vector>

#include "typegrad/core/joined.hpp"
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/recording.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg {

// How a graph is printed.
struct PrintOptions {
  int depth = -1;            // levels of operands; -1: all
  bool types = false;        // dtype and shape of every node
  bool readers = false;      // how many nodes read it, where it is more than one
  const char* stop_on = "";  // a name: what is called so is printed without its operands
  enum class Ids : std::uint8_t { letters, numbers, none } ids = Ids::letters;
};

namespace views {

// A graph without its type: what a text is made from.
struct PrintedGraph {
  std::span<const ir::Node> nodes;
  std::span<const ir::SymbolName> names;
  runtime::Leaves leaves;
  bool compiled = false;  // the order of nodes is that of their computation: it is printed
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

class GraphPrinter {
 public:
  GraphPrinter(const PrintedGraph& what, const PrintOptions& how)
      : graph(what), options(how), id_of(what.nodes.size(), -1) {}

  // The trees of all outputs, then of all updates.
  [[gnu::cold]] std::string print() {
    for (const ir::Node& node : graph.nodes)
      if (node.op == Op::output) tree(node.operand[0], "", "", 0, "");
    for (const ir::Node& node : graph.nodes)
      if (node.op == Op::update || node.op == Op::train)
        tree(node.operand[1], "", "", 0,
             (node.op == Op::update ? "  updates " : "  trains ") + leaf_name(node.operand[0]));
    return std::move(text);
  }

 private:
  const ir::Node& node(int id) const { return graph.nodes[std::size_t(id)]; }
  bool is_atom(int id) const {
    const Kind kind = kind_of(node(id).op);
    return kind == Kind::leaf;
  }

  [[gnu::cold]] void tree(int id, const std::string& prefix, const std::string& children, int level,
                          const std::string& remark) {
    const bool again = id_of[std::size_t(id)] >= 0;
    text += prefix;
    text += title(id);
    identify(id);
    if (options.types) text += joined(" <", type_of(id), ">");
    if (!is_atom(id)) {
      text += joined(" '", name(id), "'   ");
      if (graph.compiled) text += std::to_string(position(id));
    }
    if (options.readers && readers(id) > 1)
      text += joined("  read by ", std::to_string(readers(id)), " nodes");
    text += remark;
    text += '\n';
    const bool stop = options.stop_on[0] != 0 && (name(id) == options.stop_on);
    if (again || stop || is_atom(id) || (options.depth >= 0 && level >= options.depth)) return;
    const std::vector<int> operands = ordered_operands(id);
    for (std::size_t i = 0; i < operands.size(); ++i)
      tree(operands[i], children + " |", children + (i + 1 == operands.size() ? "  " : " |"),
           level + 1, "");
  }

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
  bool is_vector_times_matrix(const ir::Node& n) const {
    return n.op == Op::matmul && n.attributes[0] != 0 && node(n.operand[1]).shape.rank() == 1;
  }

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

  std::string leaf_name(int id) const {
    const ir::Node& n = node(id);
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

  // A, B, …, Z, AA, …: in the order in which nodes are printed.
  void identify(int id) {
    int& number = id_of[std::size_t(id)];
    if (number < 0) number = next++;
    if (options.ids == PrintOptions::Ids::none) return;
    std::string letters;
    for (int rest = number; rest >= 0; rest = rest / 26 - 1)
      letters.insert(letters.begin(), char('A' + rest % 26));
    const bool by_letters = options.ids == PrintOptions::Ids::letters;
    text += joined(" [id ", by_letters ? letters : std::to_string(number), "]");
  }
  std::string type_of(int id) const {
    const ir::Node& n = node(id);
    std::string result{name_of(n.dtype)};
    result += n.space == ir::Space::per_sample ? "(samples" : "(";
    for (int axis = 0; axis < n.shape.rank(); ++axis)
      result += joined(axis > 0 || n.space == ir::Space::per_sample ? ", " : "",
                       std::to_string(n.shape[axis]));
    return result + ")";
  }
  int position(int id) const {
    int before = 0;
    for (int i = 0; i < id; ++i) before += !is_atom(i) && !is_sink(node(i).op);
    return before;
  }
  int readers(int id) const {
    int count = 0;
    for (const ir::Node& n : graph.nodes)
      for (std::int16_t operand : n.operand) count += operand == id;
    return count;
  }

  PrintedGraph graph;
  PrintOptions options;
  std::vector<int> id_of;  // of each node: its number among those printed, or -1
  int next = 0;
  std::string text;
};

}  // namespace views
}  // namespace tg
