// What stands in a header for each element-wise op.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/op.hpp"
#include "typegrad/runtime/header/texts.hpp"

namespace tg::runtime::header {

// The sign between its operands, or nothing: then it is a function of the op's name.
constexpr std::string_view infix_of(Op op) {
  switch (op) {
    case Op::add:
      return " + ";
    case Op::subtract:
      return " - ";
    case Op::multiply:
      return " * ";
    case Op::divide:
      return " / ";
    default:
      return "";
  }
}

// What graph/meaning.hpp returns for the operands a, b, c of type T; empty when there is no such
// line.
constexpr std::string_view formula_of(Op op) {
  constexpr std::string_view begin = "case Op::", end = ": return ";
  for (std::size_t at = meaning_text.find(begin); at != std::string_view::npos;
       at = meaning_text.find(begin, at)) {
    std::string_view rest = meaning_text.substr(at += begin.size());
    if (rest.substr(0, name_of(op).size()) != name_of(op)) continue;
    rest.remove_prefix(name_of(op).size());
    if (rest.substr(0, end.size()) == end)
      return rest.substr(end.size(), rest.find(';') - end.size());
  }
  return "";
}

}  // namespace tg::runtime::header
