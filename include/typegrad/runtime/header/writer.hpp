// From an inference graph and its parameters to the text of a header that computes it.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/core/spell.hpp"
#include "typegrad/runtime/header/folding.hpp"
#include "typegrad/runtime/header/formulas.hpp"
#include "typegrad/runtime/header/loops.hpp"
#include "typegrad/runtime/model_file.hpp"

namespace tg::runtime::header {

// What stands above every header. The compilers may round a product and a sum at once unless they
// are told; the bits would then depend on the machine.
inline constexpr std::string_view preamble = R"(#pragma once
#include <array>
#include <cfloat>
#include <cmath>
#include <limits>
#include <type_traits>

#if defined(__FAST_MATH__)
#error "this network's numbers are exact to the bit: compile it without -ffast-math"
#endif
static_assert(FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 16,
              "this network's numbers are exact to the bit: on x86 compile it with -mfpmath=sse");
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off")
#endif
)";
inline constexpr std::string_view ending = R"(
#if defined(__clang__)
#pragma STDC FP_CONTRACT DEFAULT
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
)";

template <class T, class Memory = HostMemory>
class Writer {
 public:
  // All that is given outlives it.
  [[gnu::cold]] Writer(const ir::Graph& graph, const reference::Rows<T>& rows, const Leaves& leaves,
                       const Variables<T, T, Memory>& variables)
      : graph(graph), leaves(leaves), fold(graph, rows, leaves, variables), plan(graph) {
    for (int id = 0; id < graph.size(); ++id) {
      if (graph[id].op == Op::input) inputs.push_back(id);
      if (graph[id].op == Op::output) outputs.push_back(id);
    }
  }

  [[gnu::cold]] std::string write(const std::string& name) {
    text.line("// A trained network, written by typegrad, not to be changed by hand: C++20.");
    for (std::size_t i = 0; i < inputs.size(); ++i)
      text.line("// " + in_names()[i] + ": " + spell(graph[inputs[i]].shape));
    for (std::size_t i = 0; i < outputs.size(); ++i)
      text.line("// " + out_names()[i] + ": " + spell(graph[outputs[i]].shape));
    if (outputs.size() == 1)
      text.line("//   " + out_names()[0] + " = " + name + "::predict(" + join(in_names()) +
                ");  // of arrays");
    text.line("//   " + name + "::predict(" + join(in_names(), out_names()) +
              ");  // of pointers, which do not overlap");
    text.append(preamble);
    text.blank();
    text.line("namespace " + name + " {");
    write_functions();
    text.line("namespace values {");
    for (int id = 0; id < graph.size(); ++id)
      if (plan.role(id) == Role::folded) write_constant(id);
    text.line("}  // namespace values");
    text.blank();
    write_network();
    text.line("inline constexpr Network predict{};");
    text.blank();
    text.line("}  // namespace " + name);
    text.append(ending);
    return text.str();
  }

 private:
  using Words = std::vector<std::string>;

  static std::string join(Words words, const Words& more = {}) {
    words.insert(words.end(), more.begin(), more.end());
    std::string joined;
    for (const std::string& word : words) joined += (joined.empty() ? "" : ", ") + word;
    return joined;
  }
  static std::string numbered(const std::string& name, std::size_t count, std::size_t number) {
    return count == 1 ? name : name + std::to_string(number);
  }
  Words in_names() const {
    Words names;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      names.push_back(numbered("x", inputs.size(), i));
    return names;
  }
  Words out_names() const {
    Words names;
    for (std::size_t i = 0; i < outputs.size(); ++i)
      names.push_back(numbered("y", outputs.size(), i));
    return names;
  }

  // The functions of the ops that occur.
  void write_functions() {
    bool occurs[op_count]{}, compares = false, has_math = false;
    for (int id = 0; id < graph.size(); ++id) {
      if (plan.role(id) != Role::stored && plan.role(id) != Role::inlined) continue;
      const Op op = graph[id].op;
      if (is_elementwise(op)) occurs[int(op)] = infix_of(op).empty();
      compares = compares || op == Op::max_pool || op == Op::argmax;
      if (op == Op::max || op == Op::softmax || op == Op::log_softmax)
        occurs[int(Op::maximum)] = true;
      has_math = has_math || op == Op::softmax || op == Op::log_softmax ||
                 (occurs[int(op)] && formula_of(op).find("math::") != std::string_view::npos);
    }
    text.blank();
    if (has_math) {
      text.line("namespace math {");
      text.append(math_text);
      text.line("}  // namespace math");
      text.blank();
    }
    for (int op = 0; op < op_count; ++op)
      if (occurs[op]) write_function(Op(op));
    if (compares) text.append(exceeds_text);
  }
  void write_function(Op op) {
    text.line("template <class T>");
    text.line("constexpr T " + std::string(name_of(op)) + "(" +
              join(row_of(op).operands == 1   ? Words{"T a"}
                   : row_of(op).operands == 2 ? Words{"T a", "T b"}
                                              : Words{"T a", "T b", "T c"}) +
              ") {");
    text.line("  return " + std::string(formula_of(op)) + ";");
    text.line("}");
  }
  void write_constant(int id) {
    const ir::Node& node = graph[id];
    const std::vector<T>& value = fold(id);
    text.line("// " +
              (is_leaf(node.op) && node.op != Op::constant
                   ? std::string(leaves.name(std::size_t(node.attributes[0])))
                   : "computed, " + std::string(name_of(node.op))) +
              " " + spell(node.shape));
    text.line("inline constexpr " + type() + " c" + std::to_string(id) + "[" +
              std::to_string(value.size()) + "] = {");
    constexpr std::size_t in_line = 6;
    for (std::size_t i = 0; i < value.size(); i += in_line) {
      std::string numbers = "   ";
      for (std::size_t k = i; k < std::min(i + in_line, value.size()); ++k)
        numbers += " " + literal<T>(double(value[k])) + ",";
      text.line(numbers);
    }
    text.line("};");
  }

  void write_network() {
    text.open("struct Network");
    text.line("// Numbers of the workspace. Those who have little stack give one of their own.");
    text.line("static constexpr int workspace = " + std::to_string(plan.workspace()) + ";");
    text.blank();
    write_array_call();
    Words in, out;
    for (const std::string& name : in_names()) in.push_back("const " + type() + "* " + name);
    for (const std::string& name : out_names()) out.push_back(type() + "* " + name);
    if (plan.workspace() > 0) {
      text.open("constexpr void operator()(" + join(in, out) + ") const");
      text.line(type() + " memory[workspace];");
      text.line("(*this)(" + join(in_names(), out_names()) + ", memory);");
      text.close();
      out.push_back(type() + "* memory");
    }
    text.open("constexpr void operator()(" + join(in, out) + ") const");
    for (int id = 0; id < graph.size(); ++id)
      if (plan.role(id) == Role::stored) write_step(id);
    text.close();
    text.close("};");
  }
  // From arrays to an array.
  void write_array_call() {
    if (outputs.size() != 1) return;
    const std::string result = array(outputs[0]);
    Words arguments, data;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      arguments.push_back("const " + array(inputs[i]) + "& " + in_names()[i]);
      data.push_back(in_names()[i] + ".data()");
    }
    text.open("constexpr " + result + " operator()(" + join(arguments) + ") const");
    text.line(result + " y{};");
    text.line("(*this)(" + join(data, {"y.data()"}) + ");");
    text.line("return y;");
    text.close();
  }
  std::string array(int id) const {
    return "std::array<" + type() + ", " + std::to_string(graph[id].shape.size()) + ">";
  }

  void write_step(int id) {
    const ir::Node& node = graph[id];
    const Place& place = plan.place(id);
    const std::string value = "v" + std::to_string(id);
    text.line("// " + std::string(name_of(node.op)) + " " + spell(node.shape));
    text.line(type() + "* const " + value + " = " +
              (place.output >= 0 ? numbered("y", outputs.size(), std::size_t(place.output))
                                 : "memory + " + std::to_string(place.offset)) +
              ";");
    if (is_expression(graph, id)) {
      text.always_loop("i", node.shape.size());
      text.line(value + "[i] = " +
                (passes::is_view(graph, node)
                     ? element(passes::resolve(graph, id), node.shape.size())
                     : expression(id)) +
                ";");
      text.close();
      return;
    }
    Operation op{node, {}, {}, value, type()};
    for (int i = 0; i < node.operands(); ++i) {
      op.operand[i] = &graph[node.operand[i]];
      const passes::Source source = plan.in_order(node.operand[i]);
      const int offset = source.map.offset;
      op.in[i] = offset == 0 ? value_name(source.node)
                             : "(" + value_name(source.node) + " + " + std::to_string(offset) + ")";
    }
    loops_of(node.op).write(text, op);
  }

  std::string value_name(int id) const {
    switch (plan.role(id)) {
      case Role::given:
        for (std::size_t i = 0; i < inputs.size(); ++i)
          if (inputs[i] == id) return numbered("x", inputs.size(), i);
        return "";
      case Role::folded:
        return "values::c" + std::to_string(id);
      default:
        return "v" + std::to_string(id);
    }
  }

  // Element i of a node, computed from what it reads.
  std::string expression(int id) const {
    const ir::Node& node = graph[id];
    Words operands;
    for (int i = 0; i < node.operands(); ++i) {
      const int inlined = plan.inlined_operand(id, i);
      operands.push_back(inlined >= 0
                             ? expression(inlined)
                             : element(passes::resolve(graph, node.operand[i]), node.shape.size()));
    }
    if (!is_elementwise(node.op)) return operands[0];
    const std::string_view sign = infix_of(node.op);
    if (sign.empty()) return std::string(name_of(node.op)) + "(" + join(operands) + ")";
    return "(" + operands[0] + std::string(sign) + operands[1] + ")";
  }
  // Element i of `size`, read through a map.
  std::string element(const passes::Source& source, int size) const {
    const ir::Node& node = graph[source.node];
    if (node.op == Op::constant) return literal<T>(double(T(node.value)));
    const int inner = source.map.inner, extent = source.map.extent, offset = source.map.offset;
    std::string index = "i";
    if (extent == 1)
      index.clear();
    else if (inner != 1)
      index += " / " + std::to_string(inner);
    if (extent != 1 && extent * inner != size) index += " % " + std::to_string(extent);
    if (index.empty())
      index = std::to_string(offset);
    else if (offset != 0)
      index += " + " + std::to_string(offset);
    return value_name(source.node) + "[" + index + "]";
  }

  static std::string type() { return sizeof(T) == 4 ? "float" : "double"; }

  const ir::Graph& graph;
  Leaves leaves;
  Folding<T, Memory> fold;
  Plan plan;
  std::vector<int> inputs, outputs;
  Text text;
};

}  // namespace tg::runtime::header
