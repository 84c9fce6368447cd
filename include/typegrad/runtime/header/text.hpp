// C++ as text: lines with indentation, loops, indices, numbers that are exact.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "typegrad/core/shape.hpp"

namespace tg::runtime::header {

class Text {
 public:
  void line(const std::string& words) { written += std::string(depth, ' ') + words + "\n"; }
  void blank() { written += "\n"; }
  void open(const std::string& words) {
    line(words + " {");
    depth += indent;
  }
  void close(const std::string& end = "}") {
    depth -= indent;
    line(end);
  }
  // The name of the index; empty, and no loop, when there is one element only.
  std::string loop(const std::string& index, int count) {
    if (count == 1) return "";
    always_loop(index, count);
    return index;
  }
  std::string always_loop(const std::string& index, int count) {
    open("for (int " + index + " = 0; " + index + " < " + std::to_string(count) + "; ++" + index +
         ")");
    return index;
  }
  // Closes what was opened since `level()` was that.
  std::size_t level() const { return depth; }
  void close_to(std::size_t level) {
    while (depth > level) close();
  }
  void append(std::string_view words) { written += words; }

  const std::string& str() const { return written; }

 private:
  static constexpr std::size_t indent = 2;
  std::string written;
  std::size_t depth = 0;
};

// A number as a literal of T, to the bit.
template <class T>
std::string literal(double value) {
  const std::string type = sizeof(T) == 4 ? "float" : "double";
  if (std::isnan(value)) return "std::numeric_limits<" + type + ">::quiet_NaN()";
  if (std::isinf(value))
    return (value < 0 ? "-std::numeric_limits<" : "std::numeric_limits<") + type + ">::infinity()";
  char digits[40];
  std::snprintf(digits, sizeof(digits), "%a", value);
  return digits + std::string(sizeof(T) == 4 ? "f" : "");
}

// sum of index * stride: "i * 28 + j". Strides of 0 and indices without a name drop out.
struct Term {
  std::string index;
  int stride;
};
inline std::string sum_of(const std::vector<Term>& terms, int offset = 0) {
  std::string sum;
  for (const Term& term : terms) {
    if (term.stride == 0 || term.index.empty()) continue;
    sum += (sum.empty() ? "" : " + ") + term.index +
           (term.stride == 1 ? "" : " * " + std::to_string(term.stride));
  }
  if (sum.empty()) return std::to_string(offset);
  if (offset == 0) return sum;
  return sum + (offset < 0 ? " - " + std::to_string(-offset) : " + " + std::to_string(offset));
}

// Loops over all elements of a shape in row-major order; gives the names of their indices.
inline std::vector<std::string> loops_over(Text& text, const Shape& shape) {
  std::vector<std::string> indices;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    std::string index = "i";  // appended to: g++ 12 warns of a literal + a temporary
    index += std::to_string(axis);
    indices.push_back(text.loop(index, shape[axis]));
  }
  return indices;
}

}  // namespace tg::runtime::header
