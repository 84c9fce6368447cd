// Programs whose steps show themselves to observers: what a function that is observed runs.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/core/table.hpp"
#include "typegrad/runtime/observe.hpp"
#include "typegrad/runtime/program.hpp"

namespace tg {

namespace runtime {

// A node that a step computes, and where its value is: nowhere, when nobody else reads it.
struct StepNode {
  std::int16_t step = -1, node = -1;
  cpu::Location at{};
};

template <class L>
struct StepNodes {
  // Calls with every node of every step, in order.
  template <class Visit>
  static constexpr void each(Visit visit) {
    const auto one = [&](int step, int id) {
      visit(StepNode{std::int16_t(step), std::int16_t(id), L::plan.location[id]});
    };
    for (int s = 0; s < L::plan.steps.size(); ++s) {
      const cpu::StepPlan& step = L::plan.steps[s];
      switch (step.kind) {
        case cpu::StepKind::load:
        case cpu::StepKind::rows:
        case cpu::StepKind::add_partials:
          one(s, step.node);
          break;
        case cpu::StepKind::group:
          for (int id = L::fusion.first[step.group]; id >= 0; id = L::fusion.next[id])
            if (L::graph[id].across && !cpu::is_rows(L::graph[id]))
              visit(StepNode{std::int16_t(s), std::int16_t(id), {}});  // this tile's part alone
            else
              one(s, id);
          break;
        default:
          break;
      }
    }
  }
  static constexpr auto table = table_of<StepNode>([](auto visit) { each(visit); });
};

// What a step is called: its operations, the layer that recorded it, the last of their lines.
struct StepText {
  std::string what{}, where{}, line{};
};
// `made` has the nodes of each step.
template <class Made>
[[gnu::cold]] StepText text_of_step(const Made& made, int step, std::span<const ir::Node> nodes,
                                    int scope, const Origins& origins) {
  StepText text{.where = origins.layer(scope)};
  for (const auto& one : made)
    if (one.step == step) {
      const ir::Node& what = nodes[std::size_t(one.node)];
      if (!text.what.empty()) text.what += ' ';
      text.what += ir::name_of(what);
      if (what.place >= 0) text.line = origins.line(what.place);
    }
  if (text.what.empty()) text.what = "copy";
  return text;
}

// Those who look on, in the order in which they came.
class Observers {
 public:
  void add(Observer& observer) { all.push_back(&observer); }
  void before(const ObservedStep& step) const {
    for (Observer* observer : all) observer->before(step);
  }
  void after(const ObservedStep& step) const {
    for (Observer* observer : all) observer->after(step);
  }

 private:
  std::vector<Observer*> all;
};

// A program whose steps show themselves. (That of a device: runtime/watch_device.hpp.)
template <class Program>
class WatchedProgram;

template <class T>
class WatchedProgram<cpu::Program<T>> final : public cpu::Watcher<T> {
 public:
  template <class L>
  WatchedProgram(const cpu::Program<T>& program, std::type_identity<L>, const Origins& names)
      : watched(program),
        steps(program.steps.begin(), program.steps.end()),
        made(StepNodes<L>::table),
        origins(names) {
    for (cpu::Step<T>& step : steps) originals.push_back(step.run), step.run = &run_watched;
    watched.steps = steps;
    watched.watcher = this;
    for (std::size_t s = 0; s < steps.size(); ++s)
      texts.push_back(text_of_step(made, int(s), watched.nodes, steps[s].scope, origins));
  }
  WatchedProgram(const WatchedProgram&) = delete;
  WatchedProgram& operator=(const WatchedProgram&) = delete;

  auto callable(const Leaves& leaves, std::int64_t capacity) {
    return Callable<cpu::Program<T>>(watched, leaves, capacity, pool);
  }
  void add(Observer& observer) { observers.add(observer); }

  void run(const cpu::Frame<T>& frame, const cpu::Step<T>& step) override {
    const int number = int(&step - steps.data());
    ObservedStep seen{number,
                      texts[std::size_t(number)].what,
                      texts[std::size_t(number)].where,
                      texts[std::size_t(number)].line,
                      std::int64_t(frame.call),
                      step.phase == cpu::Phase::tile ? frame.first_sample : 0,
                      step.phase == cpu::Phase::tile ? frame.active : 1,
                      {},
                      frame.time,
                      step.repeats};
    observers.before(seen);
    originals[std::size_t(number)](frame, step);
    std::vector<ObservedValue> values;
    for (const StepNode& node : made)
      if (node.step == number && node.at.base != cpu::Base::nowhere) {
        const ir::Node& what = watched.nodes[std::size_t(node.node)];
        const bool lanes = what.space == ir::Space::per_sample;
        values.emplace_back(what, node.node, frame.at(node.at), sizeof(T) == 8,
                            lanes ? watched.sizes.lanes : 1, lanes ? 1 : 0, origins);
      }
    seen.values = values;
    observers.after(seen);
  }

 private:
  static void run_watched(const cpu::Frame<T>& frame, const cpu::Step<T>& step) {
    frame.watcher->run(frame, step);
  }
  cpu::Program<T> watched;
  ThreadPool pool{1};
  std::vector<cpu::Step<T>> steps;
  std::vector<typename cpu::Step<T>::Kernel> originals;
  std::span<const StepNode> made;
  Origins origins;
  std::vector<StepText> texts;
  Observers observers;
};

// Of a program that is interpreted, a step for each node but those leaves that somebody keeps.
template <class T>
class WatchedProgram<reference::Program<T>> final : public reference::Watcher<T> {
 public:
  template <class L>
  WatchedProgram(const reference::Program<T>& program, std::type_identity<L>, const Origins& names)
      : watched(program), origins(names) {
    watched.watcher = this;
    int count = 0;
    for (std::size_t id = 0; id < watched.nodes.size(); ++id) {
      const ir::Node& node = watched.nodes[id];
      steps.push_back(
          {is_step(node) ? count++ : -1, origins.layer(node.scope), origins.line(node.place)});
    }
  }
  WatchedProgram(const WatchedProgram&) = delete;
  WatchedProgram& operator=(const WatchedProgram&) = delete;

  auto callable(const Leaves& leaves, std::int64_t capacity) {
    return Callable<reference::Program<T>>(watched, leaves, capacity);
  }
  void add(Observer& observer) { observers.add(observer); }

  void before(const reference::Moment<T>& moment) override {
    if (steps[std::size_t(moment.node)].number < 0) return;
    const ObservedStep seen = step_of(moment);
    observers.before(seen);
  }
  void after(const reference::Moment<T>& moment) override {
    if (steps[std::size_t(moment.node)].number < 0) return;
    ObservedStep seen = step_of(moment);
    const ir::Node& node = watched.nodes[std::size_t(moment.node)];
    const ObservedValue value(node, moment.node, moment.value.data, sizeof(T) == 8,
                              moment.value.stride, moment.value.step, origins);
    if (moment.value.data != nullptr) seen.values = {&value, 1};
    observers.after(seen);
  }

 private:
  struct Step {
    int number;
    std::string layer, line;
  };
  static bool is_step(const ir::Node& node) {
    const Op op = node.op;
    return !is_sink(op) && (!is_leaf(op) || op == Op::input || op == Op::label ||
                            op == Op::uniform || op == Op::normal);
  }
  ObservedStep step_of(const reference::Moment<T>& moment) const {
    const std::size_t id = std::size_t(moment.node);
    const ir::Node& node = watched.nodes[id];
    const bool per_sample = node.space == ir::Space::per_sample;
    return {steps[id].number,
            ir::name_of(node),
            steps[id].layer,
            steps[id].line,
            moment.call,
            per_sample ? moment.first_sample : 0,
            per_sample ? moment.samples : 1,
            {},
            moment.time,
            moment.times};
  }

  reference::Program<T> watched;
  Origins origins;
  std::vector<Step> steps;
  Observers observers;
};

// What a function without tg::debug_mode has of it.
struct NoCheck {};

// What a function has of it: a watched program on a thread of its own, or nothing.
template <class Program, bool IsObserved>
struct Watch {
  static auto callable(const Leaves& leaves, std::int64_t capacity) {
    return Callable<typename Program::Program>(Program::program(), leaves, capacity);
  }
};
template <class Program>
struct Watch<Program, true> {
  using C = typename Program::Plan::C;
  static constexpr auto scopes = scope_table<C>();
  static constexpr auto places = place_table<C>();

  WatchedProgram<typename Program::Program> watched{
      Program::program(), std::type_identity<typename Program::Plan::L>{}, {scopes, places}};

  auto callable(const Leaves& leaves, std::int64_t capacity) {
    return watched.callable(leaves, capacity);
  }
};

}  // namespace runtime
}  // namespace tg
