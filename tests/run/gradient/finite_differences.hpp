// Gradients by the pass against central differences, both evaluated by the reference in double.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/run/reference/lab.hpp"
#include "typegrad/passes/gradient.hpp"
#include "typegrad/passes/hoist.hpp"
#include "typegrad/passes/prune.hpp"
#include "typegrad/passes/simplify.hpp"
#include "typegrad/passes/stabilise.hpp"

namespace tg::test {

// A cost and its gradients with respect to all floating leaves of the lab, by the gradient pass.
class Differentiated {
 public:
  Differentiated(Lab<double>& lab, Var cost) : definition(lab) {
    mark(cost, 0);
    for (std::size_t leaf = 0; leaf < lab.leaves.size(); ++leaf)
      if (is_floating(lab.leaves[leaf].dtype()))
        mark(grad(cost, lab.leaves[leaf], zero_if_disconnected), int(leaf) + 1);
    run(passes::gradient, lab.recording->graph());
  }

  // From here on as a program does it: after the passes around the gradient, too.
  void optimise() {
    run(passes::simplify, definition.recording->graph());
    for (const auto pass : {passes::stabilise, passes::hoist, passes::gradient, passes::prune,
                            passes::hoist, passes::simplify, passes::prune, passes::simplify})
      run(pass, *graph);
  }

  double cost() const { return evaluated(0)[0]; }
  // [element], or [sample][element] where the leaf is per sample.
  Numbers<double> gradient(int leaf) const { return evaluated(leaf + 1); }

  // (cost(x + h) - cost(x - h)) / 2h for every number x of the leaf. The error is of order h^2 and
  // of order 1e-16 / h.
  Numbers<double> differences(int leaf, double h = 1e-5) const {
    Numbers<double> result;
    for (double& x : definition.memory[std::size_t(leaf)]) {
      const double before = x;
      x = before + h;
      const double above = cost();
      x = before - h;
      result.push_back((above - cost()) / (2 * h));
      x = before;
    }
    return result;
  }

 private:
  void mark(Var x, int index) {
    ir::emit(x.builder(), Op::output, x.shape(), x.dtype(), ir::operands(x), {std::int16_t(index)});
  }
  void run(ir::Graph (*pass)(const ir::Graph&), const ir::Graph& before) {
    *graph = pass(before);
    INFO("fault: " << graph->fault.name);
    REQUIRE_FALSE(graph->fault);
    REQUIRE(ir::first_wrong_node(*graph) == -1);
  }
  Numbers<double> evaluated(int index) const {
    reference::Bindings<double> bindings(*definition.recording);
    for (std::size_t i = 0; i < definition.memory.size(); ++i)
      bindings.set(definition.leaves[i], definition.memory[i].data());
    reference::Evaluation<double> evaluation(*graph, bindings, definition.samples);
    for (int id = 0; id < graph->size(); ++id)
      if (const ir::Node& node = (*graph)[id]; node.op == Op::output && node.attributes[0] == index)
        return {evaluation.value(id), evaluation.value(id) + evaluation.size(id)};
    FAIL("no output " << index);
    return {};
  }

  Lab<double>& definition;
  std::unique_ptr<ir::Graph> graph = std::make_unique<ir::Graph>();
};

// Every gradient of `cost`, one number, is what differences say, relative to the tensor's largest
// magnitude, and the optimised graph says the same.
inline void check_gradients(Lab<double>& lab, Var cost, double limit = 1e-7) {
  Differentiated differentiated(lab, cost);
  const double value = differentiated.cost();
  std::vector<Numbers<double>> gradients(lab.leaves.size());
  for (int leaf = 0; leaf < int(lab.leaves.size()); ++leaf) {
    if (!is_floating(lab.leaves[std::size_t(leaf)].dtype())) continue;
    INFO("leaf " << leaf);
    gradients[std::size_t(leaf)] = differentiated.gradient(leaf);
    const Numbers<double> expected = differentiated.differences(leaf);
    CHECK(distance(gradients[std::size_t(leaf)], expected) < limit);
  }

  differentiated.optimise();
  CHECK(differentiated.cost() == Approx(value).epsilon(1e-13));
  for (int leaf = 0; leaf < int(lab.leaves.size()); ++leaf) {
    if (!is_floating(lab.leaves[std::size_t(leaf)].dtype())) continue;
    INFO("optimised, leaf " << leaf);
    CHECK(distance(differentiated.gradient(leaf), gradients[std::size_t(leaf)]) < 1e-12);
  }
}

}  // namespace tg::test
