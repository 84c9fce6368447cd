// The reference evaluates graphs in constant expressions, on every compiler.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/reference/evaluation.hpp"
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/logic.hpp"
#include "typegrad/graph/verify.hpp"

namespace {

using namespace tg;

constexpr Var pool_gradient(Var x, Var dy, const PoolWindow& window) {
  return ir::emit(x.builder(), Op::max_pool_gradient, x.shape(), x.dtype(), ir::operands(x, dy),
                  window.attributes());
}

// A value and what it should be; few numbers, exact or within 1e-12.
struct Expectation {
  Var value;
  std::array<double, 9> numbers{};
};

struct Sheet {
  // 0, or the number of the first expectation that is not met; -1 for a graph that is wrong.
  template <class T>
  static constexpr int first_failure() {
    ir::Recording recording;
    Scope s(recording);
    const Var x = s.argument("image", {1, 3, 3}), w = s.argument("kernel", {1, 1, 2, 2}),
              a = s.argument("matrix", {2, 3});
    const Var v = s.input("vectors", {3}), label = s.label("labels");
    const Var corner = s.constant(1, {1, 2, 2});
    const PoolWindow pairs{{2, 2}, {1, 1}};
    const Expectation expectations[] = {
        {exp(s.constant(0, {2})), {1, 1}},
        {log(s.constant(1)), {0}},
        {sqrt(s.constant(2)), {1.4142135623730951}},
        {tanh(s.constant(0.5)), {0.46211715726000976}},
        {sigmoid(s.constant(-2)), {0.11920292202211755}},
        {softplus(s.constant(1)), {1.3132616875182228}},
        {erf(s.constant(0.5)), {0.5204998778130465}},
        {erfc(s.constant(10)), {2.0884875837625447e-45}},
        {erfc(s.constant(-0.5)), {1.5204998778130465}},
        {erfcx(s.constant(10)), {0.056140992743822586}},
        {erfcx(s.constant(-2)), {108.94090438997797}},
        {cos(s.constant(2)), {-0.4161468365471424}},
        {sin(s.constant(2)), {0.9092974268256817}},
        {atan(s.constant(2)), {1.1071487177940904}},
        {floor(s.constant(-2.5)), {-3}},
        {mod(s.constant(-2.5), s.constant(2)), {1.5}},
        {mod(s.constant(0x3p70), s.constant(-7)), {-1}},
#ifndef __CUDACC__  // which compares no NaN in constants
        {is_nan(mod(s.constant(1, {2}), s.constant(0, {2}))), {1, 1}},
#endif
        {pow(s.constant(2), s.constant(0.5)), {1.4142135623730951}},
        {maximum(a, 3), {3, 3, 3, 4, 5, 6}},
        {select(less(a, s.constant(3, {2, 3})), a, 0), {1, 2, 0, 0, 0, 0}},
        {cast(s.constant(-2.5), i32), {-2}},
        {broadcast(sum(a, 0), {2, 3}), {5, 7, 9, 5, 7, 9}},
        {transpose(a, {1, 0}), {1, 4, 2, 5, 3, 6}},
        {max(a, 1), {3, 6}},
        {argmax(a, 1), {2, 2}},
        {softmax(s.constant(5, {4})), {0.25, 0.25, 0.25, 0.25}},
        {log_softmax(s.constant(5, {2})), {-0.6931471805599453, -0.6931471805599453}},
        {pick(v, label), {-1, 2}},
        {one_hot(label, 3), {0, 0, 1, 1, 0, 0}},
        {matmul(a, v), {-2, -2, 20, 47}},
        {outer(sum(a, 1), sum(a, 0)), {30, 42, 54, 75, 105, 135}},
        {ir::emit(a.builder(), Op::orthogonal, {2, 1}, a.dtype(),
                  ir::operands(reshape(sum(a, 1) / 3, {2, 1}))),
         {0.3713906763541037, 0.9284766908852593}},
        {convolution(x, w), {-4, -4, -4, -4}},
        {convolution_input_gradient(corner, w, {1, 3, 3}, {}), {1, 1, 0, 1, 0, -1, 0, -1, -1}},
        {convolution_weight_gradient(x, corner, {1, 1, 2, 2}, {}), {12, 16, 24, 28}},
        {max_pool(x, pairs), {5, 6, 8, 9}},
        {pool_gradient(x, corner, {{2, 2}, {1, 1}}), {0, 0, 0, 0, 1, 1, 0, 1, 1}},
        {max_pool_tangent(x, x * x, pairs), {25, 36, 64, 81}},
        {average_pool(x, pairs), {3, 4, 6, 7}},
        {batch_mean(v), {1.5, 1.5, 1.5}},
        {sum(v), {9}},
        {s.samples() + 1, {3}},
    };
    if (recording.fault() || !ir::valid(recording.graph())) return -1;

    const T image[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, kernel[] = {1, 0, 0, -1},
            matrix[] = {1, 2, 3, 4, 5, 6};
    const T vectors[] = {1, 0, -1, 2, 3, 4}, labels[] = {2, 0};  // of two samples
    reference::Bindings<T> bindings(recording);
    bindings.set("image", image).set("kernel", kernel).set("matrix", matrix);
    bindings.set("vectors", vectors).set("labels", labels);
    reference::Evaluation<T> evaluation(bindings, 2);
    int number = 1;
    for (const Expectation& expectation : expectations) {
      const T* values = evaluation.value(expectation.value);
      for (std::size_t i = 0; i < evaluation.size(expectation.value.id()); ++i) {
        const double difference = double(values[i]) - expectation.numbers[i];
        const double limit = std::is_same_v<T, double> ? 1e-12 : 1e-5;
        if (!(difference <= limit && difference >= -limit)) return number;
      }
      ++number;
    }
    return 0;
  }
};

static_assert(Sheet::first_failure<double>() == 0);
static_assert(Sheet::first_failure<float>() == 0);

// Random leaves: the same bits at compile time and at run time, in float and double.
struct Random {
  static constexpr ir::Recording recording = [] {
    ir::Recording result;
    Scope s(result, Purpose::initial);
    s.enter(3);
    (void)s.uniform("u", {6});
    (void)s.normal("n", {6});
    return result;
  }();
  template <class T>
  static constexpr std::array<T, 6> numbers(int node) {
    reference::Bindings<T> bindings(recording, 7);
    reference::Evaluation<T> evaluation(bindings);
    std::array<T, 6> result{};
    for (int i = 0; i < 6; ++i) result[i] = evaluation.value(node)[i];
    return result;
  }
  static constexpr bool floats_are_rounded_doubles(int node) {
    for (int i = 0; i < 6; ++i)
      if (numbers<float>(node)[i] != float(numbers<double>(node)[i])) return false;
    return true;
  }
};
static_assert(Random::numbers<double>(0)[5] ==
              uniform<double>(random_bits(reference::random_key(hash("3.u"), 7), 0, 5)));
static_assert(Random::floats_are_rounded_doubles(0));
static_assert(Random::floats_are_rounded_doubles(1));

// A convolution of 20,000 multiply-adds is within every compiler's limits.
struct Large {
  static constexpr ir::Recording recording = [] {
    ir::Recording result;
    Scope s(result);
    (void)convolution(s.argument("x", {4, 11, 11}), s.argument("w", {4, 4, 5, 5}));
    return result;
  }();
  static constexpr double corner() {
    std::array<double, 4 * 11 * 11> x{};
    std::array<double, 4 * 4 * 5 * 5> w{};
    x.fill(2);
    w.fill(1);
    reference::Bindings<double> bindings(recording);
    bindings.set("x", x.data()).set("w", w.data());
    reference::Evaluation<double> evaluation(bindings);
    return evaluation.value(2)[4 * 7 * 7 - 1];
  }
};
static_assert(Large::corner() == 200);

// A table of only the rows that a graph needs.
constexpr auto rows = reference::rows_of<float>(Large::recording.graph());
static_assert(rows[int(Op::convolution)].exists && !rows[int(Op::matmul)].exists);

}  // namespace
