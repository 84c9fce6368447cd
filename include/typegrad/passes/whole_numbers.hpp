// Whole numbers in lanes of real ones: what might be too large to be exact is looked at.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <limits>

#include "typegrad/graph/indices.hpp"
#include "typegrad/graph/operation.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// Where integers are numbers of the program's dtype: exact to 2^24 in f32 and to 2^53 in f64.
constexpr double exact_to(DType floating) {
  return floating == DType::f64 ? 9007199254740992.0 : 16777216.0;
}

// What a call fails with where they are not.
template <class T>
inline constexpr const char* not_exact =
    sizeof(T) == 8 ? "an integer of 2^53 or more is not exact in a function of f64"
                   : "an integer of 2^24 or more is not exact in a function of f32: compute it in "
                     "one of f64, tg::Function<F, tg::Cpu, tg::f64>";
template <class T>
constexpr bool is_exact(T x) {
  constexpr T limit = T(exact_to(sizeof(T) == 8 ? f64 : f32));
  return x > -limit && x < limit;
}

// x, a whole number: unless it is smaller than the largest that is exact (and so exact itself), the
// call fails.
struct Exact {
  static constexpr const char* name = "exact";
  static constexpr Shape shape(const Shape& x) { return x; }
  static constexpr Shape shape(const Shape& x, const Shape&) { return x; }
  template <class T>
  static constexpr void compute(const OperationCall<T>& call) {
    for (int e = 0; e < call.result.size(); ++e) call.out[e] = call.in[0][e];
  }
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    pass(call, call.in[0]);
  }

 protected:
  template <class T>
  static void pass(const LanesCall<T>& call, const T* seen) {
    const int size = call.result.size() * call.lanes;
    std::copy_n(call.in[0], size, call.out);
    if (!std::all_of(seen, seen + size, is_exact<T>)) call.fail(not_exact<T>);
  }
};
// x, a sum: the sum of the sizes, the second operand, is looked at, for parts of a sum may be
// larger than the whole.
struct ExactSum : Exact {
  template <class T>
  static void cpu(const LanesCall<T>& call) {
    pass(call, call.in[1]);
  }
};

// What is known of a whole number while compiling.
struct Bounds {
  double low = 0, high = 0;

  constexpr double largest() const { return std::max(-low, high); }
  constexpr Bounds together(const Bounds& other) const {
    return {std::min(low, other.low), std::max(high, other.high)};
  }
};

// How many numbers a reduction makes one of.
constexpr double reduced(const ir::Graph& graph, int id) {
  return double(graph.operand(id, 0).shape.size()) / graph[id].shape.size();
}

class WholeNumbers {
 public:
  constexpr explicit WholeNumbers(const ir::Graph& the_graph)
      : graph(the_graph), limit(exact_to(the_graph.floating)) {}

  // Whether there is any arithmetic of them.
  static constexpr bool computed_in(const ir::Graph& graph) {
    for (const ir::Node& node : graph.nodes)
      if (computes(graph, node)) return true;
    return false;
  }

  // Looks at the results of arithmetic that may be larger than what is exact.
  constexpr ir::Graph looked_at() {
    return rewrite(graph, [&](ir::Builder& builder, const ir::Node& node, int id) -> int {
      const int made = builder.append(node);
      if (!is_integer(node.dtype)) return made;
      bounds[id] = bounds_of(id);
      if (!computes(graph, node) || bounds[id].largest() <= limit) return made;
      bounds[id] = {-limit, limit};
      const Var result{&builder, made};
      const bool sums = node.op == Op::sum || node.across;
      return (sums ? operation<ExactSum>(result, sum_of_sizes(builder, node))
                   : operation<Exact>(result))
          .id();
    });
  }

 private:
  // The same sum, of what is added without its sign.
  static constexpr Var sum_of_sizes(ir::Builder& builder, ir::Node sum) {
    if (sum.op != Op::sum && sum.op != Op::identity) {
      ir::Node added = sum;
      added.across = false, added.space = ir::Space::per_sample;
      sum.op = Op::identity, sum.attributes = {};
      sum.operand = {std::int16_t(builder.append(added)), -1, -1};
    }
    const Var added{&builder, sum.operand[0]};
    sum.operand[0] = std::int16_t(
        ir::emit(&builder, Op::absolute, added.shape(), added.dtype(), ir::operands(added)).id());
    return {&builder, builder.append(sum)};
  }
  static constexpr bool computes(const ir::Graph& graph, const ir::Node& node) {
    if (!is_integer(node.dtype) || is_short(node.dtype)) return false;
    if (node.op == Op::cast) return is_floating(graph[node.operand[0]].dtype);
    if (node.op == Op::constant)
      return graph.floating != DType::f64 && double(float(node.value)) != node.value;
    return node.op == Op::add || node.op == Op::subtract || node.op == Op::multiply ||
           node.op == Op::sum || node.op == Op::scatter || (node.across && node.op != Op::max);
  }

  constexpr Bounds bounds_of(int id) const {
    const ir::Node& node = graph[id];
    const auto operand = [&](int which) { return bounds[node.operand[which]]; };
    const Bounds any{-limit, limit}, beyond{-2 * limit, 2 * limit};
    if (is_short(node.dtype))
      return {double(lowest_of(node.dtype)), double(highest_of(node.dtype))};
    if (node.across) return beyond;
    switch (node.op) {
      case Op::constant:
        return {node.value, node.value};
      case Op::input:
      case Op::label: {
        const int choices = ir::choices_of(graph, id);
        return choices < std::numeric_limits<int>::max() ? Bounds{0, choices - 1.0} : any;
      }
      case Op::iota:
        return {0, node.shape.size() - 1.0};
      case Op::argmax:
        return {0, reduced(graph, id) - 1};
      case Op::negate:
        return {-operand(0).high, -operand(0).low};
      case Op::absolute:
      case Op::relu:
        return {0, operand(0).largest()};
      case Op::sign:
        return {-1, 1};
      case Op::add:
        return {operand(0).low + operand(1).low, operand(0).high + operand(1).high};
      case Op::subtract:
        return {operand(0).low - operand(1).high, operand(0).high - operand(1).low};
      case Op::multiply: {
        const double size = operand(0).largest() * operand(1).largest();
        const bool positive = operand(0).low >= 0 && operand(1).low >= 0;
        return {positive ? 0 : -size, size};
      }
      case Op::modulo: {
        const double size = operand(1).largest();
        return {operand(1).low > 0 ? 0 : -size, size};
      }
      case Op::maximum:
        return {std::max(operand(0).low, operand(1).low),
                std::max(operand(0).high, operand(1).high)};
      case Op::minimum:
        return {std::min(operand(0).low, operand(1).low),
                std::min(operand(0).high, operand(1).high)};
      case Op::select:
        return operand(1).together(operand(2));
      case Op::cast:
        if (graph.operand(id, 0).dtype == boolean) return {0, 1};
        return is_integer(graph.operand(id, 0).dtype) ? operand(0) : beyond;
      case Op::sum:
        return {reduced(graph, id) * operand(0).low, reduced(graph, id) * operand(0).high};
      case Op::max:
      case Op::identity:
      case Op::stop_gradient:
      case Op::reshape:
      case Op::broadcast:
      case Op::transpose:
      case Op::slice:
      case Op::floor:
      case Op::element:
        return operand(0);
      case Op::pad:
        return operand(0).together({});
      case Op::pick:
        return operand(0);
      case Op::gather:
        return operand(1);
      case Op::scatter:
        return beyond;
      case Op::one_hot:
        return {0, 1};
      default:
        return any;
    }
  }

  const ir::Graph& graph;
  double limit;
  PerNode<Bounds> bounds{};
};

// The graph with a look at every whole number that might be too large. Most graphs compute none.
constexpr ir::Graph look_at_whole_numbers(const ir::Graph& graph) {
  return WholeNumbers::computed_in(graph) ? WholeNumbers(graph).looked_at() : graph;
}

// Whether every place of a tensor that is counted or chosen has a number that is exact.
constexpr bool counts_exactly(const ir::Graph& graph) {
  for (int id = 0; id < graph.size(); ++id) {
    const ir::Node& node = graph[id];
    const double counted = node.op == Op::iota     ? node.shape.size()
                           : node.op == Op::argmax ? reduced(graph, id)
                                                   : ir::choice_of(graph, node).among;
    if (counted - 1 > exact_to(graph.floating)) return false;
  }
  return true;
}

}  // namespace tg::passes
