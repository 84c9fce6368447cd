// One row per op: how the gradient of its result becomes those of its operands.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/moves.hpp"
#include "typegrad/graph/products.hpp"

namespace tg::passes {

// What a rule sees of y = op(a, b, c), and what it answers: the operands' adjoints. An operand that
// it leaves out gets none.
struct GradientRule {
  const ir::Node node;  // the node
  Var y, dy;            // its value, and the adjoint that arrived; dy is of y's shape
  std::array<Var, ir::max_operands> operands{};  // their values
  std::array<Var, ir::max_operands> adjoint{};
  bool known = true;  // false: this op has no gradient

  constexpr Var operand(int which) const { return operands[std::size_t(which)]; }
  constexpr Var a() const { return operand(0); }
  constexpr Var b() const { return operand(1); }
  constexpr Var c() const { return operand(2); }
  constexpr const ir::Attributes& attributes() const { return node.attributes; }
};

namespace rules {

// The sum of x over the axes that broadcasting repeated, in the shape that it had before.
constexpr Var unbroadcast(Var x, const Shape& before) {
  const int missing = x.shape().rank() - before.rank();
  int mask = (1 << missing) - 1;
  for (int axis = 0; axis < before.rank(); ++axis)
    if (before[axis] == 1 && x.shape()[axis + missing] != 1) mask |= 1 << (axis + missing);
  return reshape(ir::reduce(Op::sum, x, mask), before);
}

// x, a reduction of `before` over `mask`, repeated along the axes that it lost.
constexpr Var restore_axes(Var x, const Shape& before, int mask) {
  Shape kept;
  for (int axis = 0; axis < before.rank(); ++axis)
    kept.append((mask >> axis & 1) != 0 ? 1 : before[axis]);
  return broadcast(reshape(x, kept), before);
}

constexpr Var sum_along(Var x, int axis) {
  return restore_axes(ir::reduce(Op::sum, x, 1 << axis), x.shape(), 1 << axis);
}

// max over axes: to the first of equals. Seen as a pool whose window is the whole of the reduced
// axes.
constexpr Var max_gradient(Var x, Var dy, int mask) {
  const Shape shape = x.shape();
  if (const int lowest = mask & -mask;
      (mask & (mask + lowest)) != 0) {  // axes apart: bring them together at the end
    ir::Attributes order{}, inverse{};
    Shape together;
    for (int pass = 0; pass < 2; ++pass)
      for (int axis = 0; axis < shape.rank(); ++axis)
        if ((mask >> axis & 1) == pass) {
          order[together.rank()] = std::int16_t(axis);
          inverse[axis] = std::int16_t(together.rank());
          together.append(shape[axis]);
        }
    const int kept = dy.shape().rank(), last = ((1 << shape.rank()) - 1) & ~((1 << kept) - 1);
    const Var moved =
        ir::emit(x.builder(), Op::transpose, together, x.dtype(), ir::operands(x), order);
    return ir::emit(x.builder(), Op::transpose, shape, x.dtype(),
                    ir::operands(max_gradient(moved, dy, last)), inverse);
  }
  int reduced = 0, inner = 1;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if ((mask >> axis & 1) != 0) reduced = reduced == 0 ? shape[axis] : reduced * shape[axis];
    if (reduced > 0 && (mask >> axis & 1) == 0) inner *= shape[axis];
  }
  const int outer = shape.size() / (reduced * inner);
  const PoolWindow window{.kernel = {reduced, 1}, .stride = {reduced, 1}};
  const Var plane = reshape(x, {outer, reduced, inner});
  return reshape(ir::emit(x.builder(), Op::max_pool_gradient, plane.shape(), x.dtype(),
                          ir::operands(plane, reshape(dy, {outer, 1, inner})), window.attributes()),
                 shape);
}

constexpr void matmul(GradientRule& r) {
  const Var a = r.a(), b = r.b(), dy = r.dy;
  const bool ta = r.attributes()[0] != 0, tb = r.attributes()[1] != 0;
  if (b.shape().rank() == 1) {  // y = A b: dA = dy b^T, db = A^T dy
    r.adjoint[0] = ta ? outer(b, dy) : outer(dy, b);
    r.adjoint[1] = ir::matmul(a, dy, !ta, false);
  } else {  // y = A B: dA = dy B^T, dB = A^T dy
    r.adjoint[0] = ta ? ir::matmul(b, dy, tb, true) : ir::matmul(dy, b, false, !tb);
    r.adjoint[1] = tb ? ir::matmul(dy, a, true, ta) : ir::matmul(a, dy, !ta, false);
  }
}

constexpr void transpose(GradientRule& r) {
  ir::Attributes inverse{};
  for (int axis = 0; axis < r.y.shape().rank(); ++axis)
    inverse[r.attributes()[axis]] = std::int16_t(axis);
  r.adjoint[0] = ir::emit(r.y.builder(), Op::transpose, r.a().shape(), r.dy.dtype(),
                          ir::operands(r.dy), inverse);
}

// Each operand gets its part of dy.
constexpr void parts(GradientRule& r) {
  const int axis = r.attributes()[0];
  for (int i = 0, begin = 0; i < r.node.operands(); ++i) {
    const int length = r.operand(i).shape()[axis];
    r.adjoint[i] = slice(r.dy, axis, begin, length);
    begin += length;
  }
}

constexpr Var pool_gradient(Op op, Var x, Var dy, const ir::Attributes& attributes,
                            const Shape& shape) {
  return ir::emit(dy.builder(), op, shape, dy.dtype(),
                  op == Op::max_pool_gradient ? ir::operands(x, dy) : ir::operands(dy), attributes);
}

}  // namespace rules

// A row for every op: which one is missing, the compiler says.
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"
// Fills in the adjoints of r's operands. Sources: the derivative tables of any calculus book;
// softmax and convolution in Goodfellow, Bengio, Courville, "Deep Learning", 2016, chapters 6
// and 9.
constexpr void differentiate(GradientRule& r) {
  const Var y = r.y, dy = r.dy;
  const ir::Attributes attributes = r.attributes();
  Var* d = r.adjoint.data();
  constexpr double two_over_root_pi = 1.1283791670955126;
  // clang-format off
  switch (r.node.op) {
    case Op::negate: d[0] = -dy; break;                                  // -dy
    case Op::absolute: d[0] = dy * sign(r.a()); break;                   // dy sign(x)
    case Op::exp: d[0] = dy * y; break;                                  // dy exp(x)
    case Op::log: d[0] = dy / r.a(); break;                              // dy / x
    case Op::log1p: d[0] = dy / (1 + r.a()); break;                      // dy / (1 + x)
    case Op::expm1: d[0] = dy * (y + 1); break;                          // dy exp(x)
    case Op::sqrt: d[0] = dy * 0.5 / y; break;                           // dy / (2 sqrt(x))
    case Op::tanh: d[0] = dy * (1 - y * y); break;                       // dy (1 - tanh(x)^2)
    case Op::sigmoid: d[0] = dy * (y * (1 - y)); break;                  // dy s (1 - s)
    case Op::softplus: d[0] = dy * sigmoid(r.a()); break;                // dy sigmoid(x)
    case Op::relu: d[0] = select(less(constant(y.builder(), 0, y.shape(), y.dtype()), y), dy, 0); break;  // dy where x > 0
    case Op::erf: d[0] = dy * (two_over_root_pi * exp(-(r.a() * r.a()))); break;  // dy 2/sqrt(pi) exp(-x^2)
    case Op::erfc: d[0] = dy * (-two_over_root_pi * exp(-(r.a() * r.a()))); break;  // -dy 2/sqrt(pi) exp(-x^2)
    case Op::erfcx: d[0] = dy * (2 * r.a() * y - two_over_root_pi); break;  // dy (2 x erfcx(x) - 2/sqrt(pi))
    case Op::cosine: d[0] = -(dy * sin(r.a())); break;                   // -dy sin(x)
    case Op::sine: d[0] = dy * cos(r.a()); break;                        // dy cos(x)
    case Op::arctangent: d[0] = dy / (1 + r.a() * r.a()); break;         // dy / (1 + x^2)
    case Op::cast: d[0] = is_floating(r.a().dtype()) ? cast(dy, r.a().dtype()) : dy; break;  // dy
    case Op::add: d[0] = dy, d[1] = dy; break;                           // dy, dy
    case Op::subtract: d[0] = dy, d[1] = -dy; break;                     // dy, -dy
    case Op::multiply: d[0] = dy * r.b(), d[1] = dy * r.a(); break;      // dy b, dy a
    case Op::divide: d[0] = dy / r.b(), d[1] = -(dy * y) / r.b(); break; // dy / b, -dy a / b^2
    case Op::power:                                                      // dy b a^(b-1), dy a^b log(a)
      d[0] = dy * (r.b() * pow(r.a(), r.b() - 1));
      d[1] = dy * (y * log(r.a()));
      break;
    case Op::modulo:                                                     // dy, -dy floor(a / b)
      d[0] = dy, d[1] = -(dy * floor(r.a() / r.b()));
      break;
    case Op::maximum: {                                                  // to a where a >= b, else to b
      const Var first = less_equal(r.b(), r.a());
      d[0] = select(first, dy, 0), d[1] = select(first, 0, dy);
      break;
    }
    case Op::minimum: {                                                  // to a where a <= b, else to b
      const Var first = less_equal(r.a(), r.b());
      d[0] = select(first, dy, 0), d[1] = select(first, 0, dy);
      break;
    }
    case Op::select: d[1] = select(r.a(), dy, 0), d[2] = select(r.a(), 0, dy); break;  // to the chosen one
    // Piecewise constant: the derivative is 0 wherever there is one.
    case Op::sign: case Op::floor: case Op::less: case Op::less_equal: case Op::equal: case Op::logical_not: break;
    case Op::stop_gradient: break;
    case Op::custom_gradient: r.node.row->differentiate(d + 1, y, dy); break;  // as the user says
    case Op::custom:                                                     // as the user says, if he does
      if (r.node.row->differentiable)
        r.node.row->differentiate(d, y, dy);
      else
        r.known = false;
      break;
    case Op::identity: d[0] = dy; break;                                 // dy
    case Op::reshape: d[0] = reshape(dy, r.a().shape()); break;          // dy, as x was
    case Op::broadcast: d[0] = rules::unbroadcast(dy, r.a().shape()); break;  // the sum over the repetitions
    case Op::transpose: rules::transpose(r); break;                      // the inverse permutation
    case Op::slice: {                                                    // dy where x was, 0 elsewhere
      const AxisRange range = AxisRange::of(attributes);
      d[0] = ir::pad(dy, range, r.a().shape()[range.axis]);
      break;
    }
    case Op::pad: {                                                      // the part of dy where x is
      const AxisRange range = AxisRange::of(attributes);
      d[0] = slice(dy, range.axis, range.begin, r.a().shape()[range.axis], range.step);
      break;
    }
    case Op::concatenate: rules::parts(r); break;                  // its part of dy to each
    case Op::sum: d[0] = rules::restore_axes(dy, r.a().shape(), attributes[0]); break;  // dy, repeated
    case Op::max: d[0] = rules::max_gradient(r.a(), dy, attributes[0]); break;
    case Op::softmax:                                                    // s (dy - sum(dy s))
      d[0] = y * (dy - rules::sum_along(dy * y, attributes[0]));
      break;
    case Op::log_softmax:                                                // dy - softmax(x) sum(dy)
      d[0] = dy - exp(y) * rules::sum_along(broadcast(dy, y.shape()), attributes[0]);
      break;
    case Op::pick:                                                       // dy at the label, 0 elsewhere
      d[0] = one_hot(r.b(), r.a().shape()[y.shape().rank()], dy.dtype()) * expand_dims(dy, -1);
      break;
    case Op::gather:                                                     // dy, added to the rows that it came from
      d[1] = ir::emit(y.builder(), Op::scatter, r.b().shape(), dy.dtype(), ir::operands(r.a(), dy));
      break;
    case Op::scatter: d[1] = gather(dy, r.a()); break;                   // linear: the rows that it went to
    case Op::matmul: rules::matmul(r); break;
    case Op::outer:                                                      // y = a b^T: dy b, dy^T a
      d[0] = ir::matmul(dy, r.b(), false, false), d[1] = ir::matmul(dy, r.a(), true, false);
      break;
    case Op::convolution: {                                              // y = x * w
      const ConvolutionWindow window = ConvolutionWindow::of(attributes);
      d[0] = convolution_input_gradient(dy, r.b(), r.a().shape(), window);
      d[1] = convolution_weight_gradient(r.a(), dy, r.b().shape(), window);
      break;
    }
    case Op::convolution_input_gradient: {                               // linear in (dy, w): its own transposes
      const ConvolutionWindow window = ConvolutionWindow::of(attributes);
      d[0] = convolution(dy, r.b(), window);
      d[1] = convolution_weight_gradient(dy, r.a(), r.b().shape(), window);
      break;
    }
    case Op::convolution_weight_gradient: {                              // linear in (x, dy)
      const ConvolutionWindow window = ConvolutionWindow::of(attributes);
      d[0] = convolution_input_gradient(r.b(), dy, r.a().shape(), window);
      d[1] = convolution(r.a(), dy, window);
      break;
    }
    case Op::max_pool:                                                   // to the first of equals
      d[0] = rules::pool_gradient(Op::max_pool_gradient, r.a(), dy, attributes, r.a().shape());
      break;
    case Op::max_pool_gradient:                                          // linear in dy; x chooses, in steps
      d[1] = max_pool_tangent(r.a(), dy, PoolWindow::of(attributes));
      break;
    case Op::max_pool_tangent:                                           // linear in t: back to where it came from
      d[1] = rules::pool_gradient(Op::max_pool_gradient, r.a(), dy, attributes, r.a().shape());
      break;
    case Op::average_pool:                                               // dy / area, to all of the window
      d[0] = rules::pool_gradient(Op::average_pool_gradient, r.a(), dy, attributes, r.a().shape());
      break;
    case Op::average_pool_gradient: d[0] = average_pool(dy, PoolWindow::of(attributes), true); break;
    case Op::one_hot: d[0] = dy; break;                                  // in steps: nothing arrives at a whole number
    // No gradient flows through these, and none may be asked for.
    case Op::argmax: case Op::orthogonal: case Op::result:
      r.known = false;
      break;
    // Loops are gone through backwards by others: gradient_loops.hpp.
    case Op::element: case Op::carry: case Op::next: case Op::collect: case Op::last: break;
    // Nothing to pass on to: the sweep never asks.
    case Op::constant: case Op::input: case Op::label: case Op::parameter: case Op::state: case Op::argument:
    case Op::setting: case Op::samples: case Op::uniform: case Op::normal: case Op::iota:
    case Op::gradient: case Op::output: case Op::update: case Op::train: case Op::count:
      break;
  }
  // clang-format on
}
#pragma GCC diagnostic pop

}  // namespace tg::passes
