// The loops of every op, in the order of additions of backends/reference.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/reductions.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/graph/range.hpp"
#include "typegrad/graph/window.hpp"
#include "typegrad/runtime/header/plan.hpp"
#include "typegrad/runtime/header/text.hpp"

namespace tg::runtime::header {

// What an op's loops read and write: names of pointers to values in order.
struct Operation {
  const ir::Node& node;
  const ir::Node* operand[ir::max_operands];
  std::string in[ir::max_operands];
  std::string out;
  std::string type;  // float

  const Shape& shape(int which) const { return operand[which]->shape; }
  std::string from(const std::string& index, int which = 0) const {
    return in[which] + "[" + index + "]";
  }
  std::string to(const std::string& index) const { return out + "[" + index + "]"; }
  std::string number(const std::string& digits) const { return type + "(" + digits + ")"; }
  std::string minus_infinity() const { return "-std::numeric_limits<" + type + ">::infinity()"; }
};

inline std::vector<Term> terms_of(const std::vector<std::string>& indices,
                                  const reference::Strides& strides) {
  std::vector<Term> terms;
  for (std::size_t axis = 0; axis < indices.size(); ++axis)
    terms.push_back({indices[axis], strides[axis]});
  return terms;
}

// out[…] = in[…] for every element of `part`: strides and offsets on either side.
struct Side {
  reference::Strides strides{};
  int offset = 0;
};
inline void write_move(Text& text, const Operation& op, const Shape& part, int which,
                       const Side& to, const Side& from) {
  const std::size_t level = text.level();
  const auto indices = loops_over(text, part);
  text.line(op.to(sum_of(terms_of(indices, to.strides), to.offset)) + " = " +
            op.from(sum_of(terms_of(indices, from.strides), from.offset), which) + ";");
  text.close_to(level);
}

// A part of `whole`, as `range` says.
inline Side side_of(const Shape& whole, const AxisRange& range) {
  Side side{reference::strides_of(whole)};
  side.offset = range.begin * side.strides[std::size_t(range.axis)];
  side.strides[std::size_t(range.axis)] *= range.step;
  return side;
}

inline void write_broadcast(Text& text, const Operation& op) {
  const Shape &x = op.shape(0), &y = op.node.shape;
  const reference::Strides dense = reference::strides_of(x);
  Side from;
  for (int axis = 0; axis < x.rank(); ++axis)
    from.strides[std::size_t(axis + y.rank() - x.rank())] =
        x[axis] == 1 ? 0 : dense[std::size_t(axis)];
  write_move(text, op, y, 0, {reference::strides_of(y)}, from);
}

inline void write_transpose(Text& text, const Operation& op) {
  const Shape& y = op.node.shape;
  const reference::Strides dense = reference::strides_of(op.shape(0));
  Side from;
  for (int axis = 0; axis < y.rank(); ++axis)
    from.strides[std::size_t(axis)] = dense[std::size_t(op.node.attributes[axis])];
  write_move(text, op, y, 0, {reference::strides_of(y)}, from);
}

inline void write_slice(Text& text, const Operation& op) {
  const Shape& y = op.node.shape;
  write_move(text, op, y, 0, {reference::strides_of(y)},
             side_of(op.shape(0), AxisRange::of(op.node.attributes)));
}

inline void write_fill(Text& text, const Operation& op, const std::string& value) {
  const std::size_t level = text.level();
  const std::string i = text.loop("i", op.node.shape.size());
  text.line(op.to(sum_of({{i, 1}})) + " = " + value + ";");
  text.close_to(level);
}

inline void write_pad(Text& text, const Operation& op) {
  write_fill(text, op, op.number("0"));
  write_move(text, op, op.shape(0), 0, side_of(op.node.shape, AxisRange::of(op.node.attributes)),
             {reference::strides_of(op.shape(0))});
}

inline void write_concatenate(Text& text, const Operation& op) {
  const int axis = op.node.attributes[0];
  for (int which = 0, begin = 0; which < op.node.operands(); ++which) {
    const Shape& part = op.shape(which);
    write_move(text, op, part, which, side_of(op.node.shape, {axis, begin, 1}),
               {reference::strides_of(part)});
    begin += part[axis];
  }
}

inline void write_reduction(Text& text, const Operation& op) {
  const Shape& x = op.shape(0);
  const bool adds = op.node.op == Op::sum;
  write_fill(text, op, adds ? op.number("0") : op.minus_infinity());
  const std::size_t level = text.level();
  const auto indices = loops_over(text, x);
  const std::string from = op.from(sum_of(terms_of(indices, reference::strides_of(x))));
  const std::string to =
      op.to(sum_of(terms_of(indices, reference::reduced_strides(x, op.node.attributes[0]))));
  text.line(adds ? to + " += " + from + ";" : to + " = maximum(" + to + ", " + from + ");");
  text.close_to(level);
}

// Loops over the lines along an axis, one inside the other.
struct Lines {
  std::string i, j;
  AxisExtents extents;

  Lines(Text& text, const Operation& op, int axis) : extents(AxisExtents::of(op.shape(0), axis)) {
    i = text.always_loop("i", extents.outer);
    j = text.loop("j", extents.inner);
    text.line("const " + op.type + "* const from = " + op.in[0] + " + " + first() + ";");
  }
  std::string first() const { return sum_of({{i, extents.extent * extents.inner}, {j, 1}}); }
  std::string along(const std::string& index) const { return sum_of({{index, extents.inner}}); }
};

inline void write_argmax(Text& text, const Operation& op) {
  const std::size_t level = text.level();
  const Lines lines(text, op, std::countr_zero(unsigned(op.node.attributes[0])));
  text.line("int best = 0;");
  text.always_loop("k", lines.extents.extent);
  text.line("if (exceeds(from[" + lines.along("k") + "], from[" + lines.along("best") +
            "])) best = k;");
  text.close();
  text.line(op.to(sum_of({{lines.i, lines.extents.inner}, {lines.j, 1}})) + " = " +
            op.number("best") + ";");
  text.close_to(level);
}

inline void write_softmax(Text& text, const Operation& op) {
  const std::size_t level = text.level();
  const bool logarithm = op.node.op == Op::log_softmax;
  const Lines lines(text, op, op.node.attributes[0]);
  const int extent = lines.extents.extent;
  const std::string from = "from[" + lines.along("k") + "]", to = "to[" + lines.along("k") + "]";
  text.line(op.type + "* const to = " + op.out + " + " + lines.first() + ";");
  text.line(op.type + " largest = from[0], total = 0;");
  text.always_loop("k", extent);
  text.line("largest = maximum(largest, " + from + ");");
  text.close();
  text.always_loop("k", extent);
  text.line("const " + op.type + " shifted = " + from + " - largest, e = math::exp(shifted);");
  text.line(to + " = " + (logarithm ? "shifted;" : "e;"));
  text.line("total += e;");
  text.close();
  if (logarithm) text.line("total = math::log(total);");
  text.always_loop("k", extent);
  text.line(to + (logarithm ? " -= total;" : " /= total;"));
  text.close_to(level);
}

inline void write_product(Text& text, const Operation& op) {
  const std::size_t level = text.level();
  const auto e = ir::ProductExtents::of(op.shape(0), op.shape(1), op.node.attributes);
  const bool swapped_a = op.node.attributes[0] != 0, swapped_b = op.node.attributes[1] != 0;
  const std::string h = text.loop("h", e.batches), i = text.always_loop("i", e.rows),
                    j = text.loop("j", e.columns);
  text.line(op.type + " total = 0;");
  const std::string k = text.loop("k", e.depth);
  const std::string a = op.from(
      sum_of({{h, e.rows * e.depth}, {i, swapped_a ? 1 : e.depth}, {k, swapped_a ? e.rows : 1}}));
  const std::string b = op.from(
      sum_of(
          {{h, e.depth * e.columns}, {k, swapped_b ? 1 : e.columns}, {j, swapped_b ? e.depth : 1}}),
      1);
  text.line("total += " + a + " * " + b + ";");
  if (!k.empty()) text.close();
  text.line(op.to(sum_of({{h, e.rows * e.columns}, {i, e.columns}, {j, 1}})) + " = total;");
  text.close_to(level);
}

// A loop over the taps of a window along one axis, and `name`, the row or column under one; those
// in the padding are left out.
struct Tap {
  std::string name;
  const std::string &position, &tap;
  int taps, stride, dilation, padding, extent;
};
inline void open_tap(Text& text, const Tap& t) {
  text.always_loop(t.tap, t.taps);
  text.line("const int " + t.name + " = " +
            sum_of({{t.position, t.stride}, {t.tap, t.dilation}}, -t.padding) + ";");
  if (t.padding > 0)
    text.line("if (" + t.name + " < 0 || " + t.name + " >= " + std::to_string(t.extent) +
              ") continue;");
}

// The names of the indices of windows: of the result, and of a tap.
struct WindowIndices {
  std::string channel, i, j, r = "r", s = "s";

  WindowIndices(Text& text, const Shape& y, const char* name)
      : channel(text.always_loop(name, y[0])), i(text.loop("i", y[1])), j(text.loop("j", y[2])) {}
  std::string element(const Shape& y) const {
    return sum_of({{channel, y[1] * y[2]}, {i, y[2]}, {j, 1}});
  }
};

// Loops over the products of a convolution that belong to one of its windows, and the elements of x
// and w in each. (channels, height, width) of x and y; y is what a convolution gives.
struct Products {
  std::string x, w;

  Products(Text& text, const ConvolutionWindow& window, const WindowIndices& at, const Shape& image,
           const Shape& weight, const Shape& result) {
    const std::string c = text.loop("c", weight[1]);
    std::string channel = c;
    if (window.groups > 1) {
      channel = "channel";
      text.line("const int channel = o / " + std::to_string(result[0] / window.groups) + " * " +
                std::to_string(weight[1]) + (c.empty() ? ";" : " + c;"));
    }
    open_tap(text, {"row", at.i, at.r, weight[2], window.stride.height, window.dilation.height,
                    window.padding.height, image[1]});
    open_tap(text, {"column", at.j, at.s, weight[3], window.stride.width, window.dilation.width,
                    window.padding.width, image[2]});
    x = sum_of({{channel, image[1] * image[2]}, {"row", image[2]}, {"column", 1}});
    w = sum_of({{at.channel, weight.product(1, 4)},
                {c, weight.product(2, 4)},
                {at.r, weight[3]},
                {at.s, 1}});
  }
};

inline void write_convolution(Text& text, const Operation& op) {
  const std::size_t level = text.level();
  const Shape& y = op.node.shape;
  const WindowIndices at(text, y, "o");
  text.line(op.type + " total = 0;");
  const std::size_t window = text.level();
  const Products product(text, ConvolutionWindow::of(op.node.attributes), at, op.shape(0),
                         op.shape(1), y);
  text.line("total += " + op.from(product.x) + " * " + op.from(product.w, 1) + ";");
  text.close_to(window);
  text.line(op.to(at.element(y)) + " = total;");
  text.close_to(level);
}

// What ConvTranspose computes.
inline void write_convolution_input_gradient(Text& text, const Operation& op) {
  write_fill(text, op, op.number("0"));
  const std::size_t level = text.level();
  const Shape& y = op.shape(0);
  const WindowIndices at(text, y, "o");
  const Products product(text, ConvolutionWindow::of(op.node.attributes), at, op.node.shape,
                         op.shape(1), y);
  text.line(op.to(product.x) + " += " + op.from(at.element(y)) + " * " + op.from(product.w, 1) +
            ";");
  text.close_to(level);
}

// Loops over the elements of a pool's window: their place in the image (channels, height, width).
inline std::string open_window(Text& text, const PoolWindow& window, const WindowIndices& at,
                               const Shape& image) {
  open_tap(text, {"row", at.i, at.r, window.kernel.height, window.stride.height, 1,
                  window.padding.height, image[1]});
  open_tap(text, {"column", at.j, at.s, window.kernel.width, window.stride.width, 1,
                  window.padding.width, image[2]});
  return sum_of({{at.channel, image[1] * image[2]}, {"row", image[2]}, {"column", 1}});
}
inline std::string area_of(const Operation& op, const PoolWindow& window) {
  return op.number(std::to_string(window.kernel.height * window.kernel.width));
}

inline void write_max_pool(Text& text, const Operation& op) {
  const std::size_t level = text.level();
  const auto window = PoolWindow::of(op.node.attributes);
  const WindowIndices at(text, op.node.shape, "c");
  text.line("int best = -1;");
  const std::size_t taps = text.level();
  text.line("const int at = " + open_window(text, window, at, op.shape(0)) + ";");
  text.line("if (best < 0 || exceeds(" + op.from("at") + ", " + op.from("best") + ")) best = at;");
  text.close_to(taps);
  text.line(op.to(at.element(op.node.shape)) + " = best < 0 ? " + op.minus_infinity() + " : " +
            op.from("best") + ";");
  text.close_to(level);
}

inline void write_average_pool(Text& text, const Operation& op) {
  const std::size_t level = text.level();
  const auto window = PoolWindow::of(op.node.attributes);
  const WindowIndices at(text, op.node.shape, "c");
  text.line(op.type + " total = 0;");
  const std::size_t taps = text.level();
  text.line("total += " + op.from(open_window(text, window, at, op.shape(0))) + ";");
  text.close_to(taps);
  text.line(op.to(at.element(op.node.shape)) + " = total / " + area_of(op, window) + ";");
  text.close_to(level);
}

// What Upsample computes.
inline void write_average_pool_gradient(Text& text, const Operation& op) {
  write_fill(text, op, op.number("0"));
  const std::size_t level = text.level();
  const auto window = PoolWindow::of(op.node.attributes);
  const WindowIndices at(text, op.shape(0), "c");
  text.line("const " + op.type + " share = " + op.from(at.element(op.shape(0))) + " / " +
            area_of(op, window) + ";");
  text.line(op.to(open_window(text, window, at, op.node.shape)) + " += share;");
  text.close_to(level);
}

// Who writes an op's loops, or that nobody does: element-wise ops and views are expressions. The
// flag stands beside the pointer for the reason that reference::Row has.
struct Loops {
  using Function = void(Text&, const Operation&);
  Function* write = nullptr;
  bool exist = false;

  constexpr Loops() = default;
  constexpr Loops(Function* function) : write(function), exist(true) {}
};

constexpr Loops loops_of(Op op) {
  switch (op) {
    case Op::broadcast:
      return write_broadcast;
    case Op::transpose:
      return write_transpose;
    case Op::slice:
      return write_slice;
    case Op::pad:
      return write_pad;
    case Op::concatenate:
      return write_concatenate;
    case Op::sum:
    case Op::max:
      return write_reduction;
    case Op::argmax:
      return write_argmax;
    case Op::softmax:
    case Op::log_softmax:
      return write_softmax;
    case Op::matmul:
      return write_product;
    case Op::convolution:
      return write_convolution;
    case Op::convolution_input_gradient:
      return write_convolution_input_gradient;
    case Op::max_pool:
      return write_max_pool;
    case Op::average_pool:
      return write_average_pool;
    case Op::average_pool_gradient:
      return write_average_pool_gradient;
    default:
      return {};
  }
}

}  // namespace tg::runtime::header
