// Recurrent layers with one matrix for all gates and with a parameter for each gate: the same
// numbers by the same products.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <map>
#include <string>

#include "tests/catch.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/recurrent.hpp"
#include "typegrad/runtime/program.hpp"

namespace tg::test {
namespace {

constexpr int rows = 7, features = 3, hidden = 4, samples = 5;

// y, the gradient of x, and of every parameter in the order of their declaration.
template <class Layer, int Parameters>
struct Gradients {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {rows, features}), y = Layer::define(s, x);
    const Var cost = batch_mean(sum(sin(y)));
    std::array<Var, 2 + Parameters> results{y, grad(cost, x)};
    for (int i = 0; i < Parameters; ++i)
      results[std::size_t(2 + i)] = grad(cost, s.parameters()[i]);
    return results;
  }
};

float noise(int i) { return float(int(std::uint32_t(i) * 2654435761u >> 8 & 1023) - 512) / 700; }

// What a layer computes: by the names of parameters, y and x.
using Numbers = std::map<std::string, std::vector<float>>;

// Parameters are taken from `given`, where there is one of that name.
template <class Layer, int Parameters>
Numbers run(Numbers& given) {
  using P = runtime::ProgramOf<Gradients<Layer, Parameters>, Purpose::inference, f32>;
  runtime::Callable call(P::program(), P::leaves(), samples);
  Numbers results;
  results["y"].resize(samples * rows * hidden * 2);
  call.bind_output(0, results["y"].data());
  int output = 1;
  for (std::size_t leaf = 0; leaf < P::leaves().infos.size(); ++leaf) {
    const auto& info = P::leaves().infos[leaf];
    const std::string name(P::leaves().name(leaf));
    const int size = info.shape.size() * (info.op == Op::input ? samples : 1);
    std::vector<float>& numbers = given[name];
    for (int i = int(numbers.size()); i < size; ++i) numbers.push_back(noise(i + 1000 * int(leaf)));
    call.bind(leaf, numbers.data());
    results[name].resize(std::size_t(size));
    call.bind_output(output++, results[name].data());
  }
  REQUIRE(output == 2 + Parameters);
  call.run(samples);
  return results;
}

// Block `gate` of (gates hidden, inputs), as (inputs, hidden).
std::vector<float> block(const std::vector<float>& all, int gates, int gate) {
  const std::size_t inputs = all.size() / std::size_t(gates * hidden);
  std::vector<float> result;
  for (std::size_t in = 0; in < inputs; ++in)
    for (int h = 0; h < hidden; ++h)
      result.push_back(all[std::size_t(gate * hidden + h) * inputs + in]);
  return result;
}

// `suffix` of the parameters together, and of those of gates.
struct Part {
  const char *together, *apart;
};

template <class Together, class Apart, int Parameters, int ApartParameters>
void check_layouts(const std::vector<std::string>& gates, bool two_biases,
                   const std::vector<Part>& parts) {
  Numbers together, apart;
  run<Together, Parameters>(together);
  const auto names = [&](const Part& part) {
    std::map<std::string, std::string> result{
        {"weight_ih", "W"}, {"weight_hh", "U"}, {"bias_ih", "b"}};
    if (two_biases) result["bias_hh"] = "c";
    if (!two_biases)  // the sum of both is one
      for (float& b : together["bias_hh_" + std::string(part.together)]) b = 0;
    return result;
  };
  const int count = int(gates.size());
  const auto each = [&](auto visit) {
    for (const Part& part : parts)
      for (const auto& [whole, own] : names(part))
        for (int gate = 0; gate < count; ++gate)
          visit(whole + "_" + part.together, own + gates[std::size_t(gate)] + part.apart, gate);
  };
  each([&](const std::string& whole, const std::string& own, int gate) {
    apart[own] = block(together[whole], count, gate);
  });
  apart["x"] = together["x"];
  Numbers one = run<Together, Parameters>(together), other = run<Apart, ApartParameters>(apart);
  CHECK(one["y"] == other["y"]);
  CHECK(one["x"] == other["x"]);
  each([&](const std::string& whole, const std::string& own, int gate) {
    INFO(own);
    CHECK(other[own] == block(one[whole], count, gate));
  });
}

// Products in a loop and outside, of the layer alone.
template <class Layer>
struct Forward {
  static constexpr Var define(Scope& s) { return Layer::define(s, s.input("x", {rows, features})); }
};
template <class Layer>
int products(bool in_loop) {
  const ir::Graph& graph = runtime::Compiled<Forward<Layer>, Purpose::inference, f32>::optimised;
  int count = 0;
  for (const ir::Node& node : graph.nodes)
    count += node.op == Op::matmul && (node.region != 0) == in_loop;
  return count;
}

}  // namespace

TEST_CASE("gates together and apart give the same numbers, bit by bit") {
  check_layouts<Lstm<hidden>, Lstm<hidden, separate_gates>, 4, 12>({"_i", "_f", "_c", "_o"}, false,
                                                                   {{"l0", ""}});
  check_layouts<Gru<hidden, last_state>, Gru<hidden, last_state, separate_gates>, 4, 12>(
      {"_r", "_z", "_n"}, true, {{"l0", ""}});
  check_layouts<Rnn<hidden, bidirectional>, Rnn<hidden, bidirectional, separate_gates>, 8, 6>(
      {""}, false, {{"l0", ""}, {"l0_reverse", "_reverse"}});
  check_layouts<Lstm<hidden, stacked<2>>, Lstm<hidden, stacked<2>, separate_gates>, 8, 24>(
      {"_i", "_f", "_c", "_o"}, false, {{"l0", ""}, {"l1", "_l1"}});
}

TEST_CASE("either way, a step has one product, and all inputs have one") {
  CHECK(products<Lstm<hidden>>(true) == 1);
  CHECK(products<Lstm<hidden>>(false) == 1);
  CHECK(products<Lstm<hidden, separate_gates>>(true) == 1);
  CHECK(products<Lstm<hidden, separate_gates>>(false) == 1);
}

}  // namespace tg::test
