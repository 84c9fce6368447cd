// Looking on while a function runs: what each step has made, for those who ask.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "typegrad/runtime/program.hpp"

namespace tg {

// An option of tg::Function: f.observe(observer) shows every step. Such a function runs on one
// thread, through a table of steps of its own; others pay nothing.
struct Observed {};
inline constexpr Observed observed{};

// An option of tg::Function, tg::debug_mode: <typegrad/runtime/debug.hpp>.
struct DebugMode {};
namespace runtime {
template <class Program>
class DebugCheck;
}

namespace runtime {

// What the layers and lines that nodes name by their indices are called.
struct Origins {
  std::span<const ir::ScopeEntry> scopes;
  std::span<const ir::Place> places;

  std::string layer(int scope) const {
    std::string path;
    ir::spell_scope(scopes, scope, [&](std::string_view piece) { path += piece; });
    return path;
  }
  std::string line(int place) const { return ir::text_of(places, place); }
};

}  // namespace runtime

// A value that a step has made. Valid while the observer is called.
class ObservedValue {
 public:
  ObservedValue(const ir::Node& what, int id, const void* memory, bool is_double, int lane_count,
                const runtime::Origins& names)
      : node(&what), index(id), data(memory), wide(is_double), lanes(lane_count), origins(&names) {}

  int number() const { return index; }  // among the nodes of the program

  Op op() const { return node->op; }
  const char* name() const { return ir::name_of(*node); }
  const Shape& shape() const { return node->shape; }
  DType dtype() const { return node->dtype; }
  bool per_sample() const { return node->space == ir::Space::per_sample; }
  // The path of the layer that recorded it, "3.0"; empty outside of layers.
  std::string layer() const { return origins->layer(node->scope); }
  // "net.cpp:31", the line of the definition that it comes from, also where rewrites made another
  // operation of it; empty in the library's own layers.
  std::string line() const { return origins->line(node->place); }
  // Element `element` of sample `sample` of the step (of any, where samples share it).
  double at(int element, int sample = 0) const {
    const std::size_t i =
        std::size_t(element) * std::size_t(lanes) + std::size_t(per_sample() ? sample : 0);
    return wide ? static_cast<const double*>(data)[i] : double(static_cast<const float*>(data)[i]);
  }

 private:
  const ir::Node* node;
  int index;
  const void* data;
  bool wide;
  int lanes;
  const runtime::Origins* origins;
};

// A step: one kernel's work, for a tile of samples or for what samples share.
struct ObservedStep {
  int number = 0;          // in the table of steps
  std::string_view what;   // its operations: "matmul add sigmoid"
  std::string_view where;  // the layer that recorded it, "3.0"; empty outside of layers
  std::string_view line;   // of its last operation that has one: "net.cpp:31"
  std::int64_t call = 0, first_sample = 0;
  int samples = 1;                        // that the values hold
  std::span<const ObservedValue> values;  // those that are in memory behind it
  int time = 0, times = 1;                // in a loop: which of how many rounds
};

class Observer {
 public:
  virtual ~Observer() = default;
  // Around every step, in the order in which they run. What `after` throws ends the call: updates
  // that were made in place by then stay.
  virtual void before(const ObservedStep&) {}
  virtual void after(const ObservedStep&) {}
};

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
  static constexpr int count = [] {
    int n = 0;
    each([&](const StepNode&) { ++n; });
    return n;
  }();
  static constexpr auto table = [] {
    std::array<StepNode, std::size_t(count)> result{};
    std::size_t next = 0;
    each([&](const StepNode& node) { result[next++] = node; });
    return result;
  }();
};

// A program whose steps show themselves.
template <class T>
class WatchedProgram final : public cpu::Watcher<T> {
 public:
  WatchedProgram(const cpu::Program<T>& program, std::span<const StepNode> nodes,
                 const Origins& names)
      : watched(program),
        steps(program.steps.begin(), program.steps.end()),
        made(nodes),
        origins(names) {
    for (cpu::Step<T>& step : steps) originals.push_back(step.run), step.run = &run_watched;
    watched.steps = steps;
    watched.watcher = this;
    for (std::size_t s = 0; s < steps.size(); ++s) texts.push_back(describe(int(s)));
  }
  WatchedProgram(const WatchedProgram&) = delete;
  WatchedProgram& operator=(const WatchedProgram&) = delete;

  const cpu::Program<T>& program() const { return watched; }
  void add(Observer& observer) { observers.push_back(&observer); }

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
    for (Observer* observer : observers) observer->before(seen);
    originals[std::size_t(number)](frame, step);
    std::vector<ObservedValue> values;
    for (const StepNode& node : made)
      if (node.step == number && node.at.base != cpu::Base::nowhere) {
        const ir::Node& what = watched.nodes[std::size_t(node.node)];
        const bool lanes = what.space == ir::Space::per_sample;
        values.emplace_back(what, node.node, frame.at(node.at), sizeof(T) == 8,
                            lanes ? watched.sizes.lanes : 1, origins);
      }
    seen.values = values;
    for (Observer* observer : observers) observer->after(seen);
  }

 private:
  struct Text {
    std::string what, where, line;
  };

  static void run_watched(const cpu::Frame<T>& frame, const cpu::Step<T>& step) {
    frame.watcher->run(frame, step);
  }
  [[gnu::cold]] Text describe(int step) const {
    Text text;
    for (const StepNode& node : made)
      if (node.step == step) {
        if (!text.what.empty()) text.what += ' ';
        const ir::Node& what = watched.nodes[std::size_t(node.node)];
        text.what += ir::name_of(what);
        if (what.place >= 0) text.line = origins.line(what.place);
      }
    if (text.what.empty()) text.what = "copy";
    text.where = origins.layer(steps[std::size_t(step)].scope);
    return text;
  }

  cpu::Program<T> watched;
  std::vector<cpu::Step<T>> steps;
  std::vector<typename cpu::Step<T>::Kernel> originals;
  std::span<const StepNode> made;
  Origins origins;
  std::vector<Text> texts;
  std::vector<Observer*> observers;
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

  WatchedProgram<typename Program::Element> watched{
      Program::program(), StepNodes<typename Program::Plan::L>::table, {scopes, places}};
  ThreadPool own{1};

  auto callable(const Leaves& leaves, std::int64_t capacity) {
    return Callable<typename Program::Program>(watched.program(), leaves, capacity, own);
  }
};

}  // namespace runtime
}  // namespace tg
