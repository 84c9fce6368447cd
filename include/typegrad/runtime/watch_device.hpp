// Programs of a device whose steps show themselves: what each has made comes to the host.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/host.hpp"
#include "typegrad/runtime/watch.hpp"

namespace tg::runtime {

// A node that a step computes, and where its value is: nowhere, when nobody else reads it.
struct DeviceStepNode {
  std::int16_t step = -1, node = -1;
  cuda::Place at{};
};

// The layer that a step is of. In a loop that may end early, where its flag is: whether it is
// taken; what belongs to the loop itself is not shown.
struct DeviceStep {
  std::int16_t scope = -1, taken = -1;
  bool is_shown = true;
};

// What is seen of L's steps, each of them a launch.
template <class L>
struct DeviceSteps {
  // Calls with every node of every step, in order.
  template <class Visit>
  static constexpr void each(Visit visit) {
    const auto one = [&](int step, int id) {
      visit(DeviceStepNode{std::int16_t(step), std::int16_t(id),
                           is_kept(id) ? L::plan.place[id] : cuda::Place{}});
    };
    for (int s = 0; s < L::plan.steps.size(); ++s) {
      const cuda::StepPlan& step = L::plan.steps[s];
      if (step.kind == cuda::StepKind::load) one(s, step.node);
      if (step.kind != cuda::StepKind::group) continue;
      for (int id = L::fusion.first[step.group]; id >= 0; id = L::fusion.next[id]) one(s, id);
    }
  }
  // A sum across the samples has its place also where a fused program alone gets it.
  static constexpr bool is_kept(int id) {
    const int group = L::fusion.group[id];
    const bool fused = group >= 0 && L::fusion.next[L::fusion.first[group]] >= 0;
    return !L::graph[id].across || !fused || L::fusion.stored[id];
  }
  static constexpr auto nodes = table_of<DeviceStepNode>([](auto visit) { each(visit); });

  static constexpr auto steps = [] {
    std::array<DeviceStep, std::size_t(L::plan.steps.size())> result{};
    for (int s = 0; s < L::plan.steps.size(); ++s) {
      const cuda::StepPlan& step = L::plan.steps[s];
      const int end = cuda::lowering::end_of<L>(step.region);
      const int named = step.node >= 0 ? step.node : L::fusion.first[step.group];
      result[std::size_t(s)] = {
          .scope = L::graph[named].scope,
          .taken = std::int16_t(end < 0 ? -1 : L::plan.taken_offset + end),
          .is_shown = step.kind != cuda::StepKind::takes && step.kind != cuda::StepKind::idle};
    }
    return result;
  }();
};

template <class Device, class T>
class WatchedProgram<cuda::Program<Device, T>> final : public cuda::Watcher<Device, T> {
  using Frame = cuda::Frame<Device, T>;
  using Step = cuda::Step<Device, T>;

 public:
  template <class L>
  WatchedProgram(const cuda::Program<Device, T>&, std::type_identity<L>, const Origins& names)
      : watched(cuda::ProgramOf<typename L::Stepwise>::program()),
        made(DeviceSteps<typename L::Stepwise>::nodes),
        steps(DeviceSteps<typename L::Stepwise>::steps),
        origins(names) {
    watched.watcher = this;
    for (std::size_t s = 0; s < steps.size(); ++s)
      texts.push_back(text_of_step(made, int(s), watched.nodes, steps[s].scope, origins));
  }
  WatchedProgram(const WatchedProgram&) = delete;
  WatchedProgram& operator=(const WatchedProgram&) = delete;

  auto callable(const Leaves& leaves, std::int64_t capacity) {
    return Callable<cuda::Program<Device, T>>(watched, leaves, capacity);
  }
  void add(Observer& observer) { observers.add(observer); }

  void run(const Frame& frame, const Step& step) override {
    const std::size_t number = std::size_t(&step - watched.steps.data());
    if (!is_shown(frame, steps[number])) return step.launch(frame, &step);
    ObservedStep seen{.number = int(number),
                      .what = texts[number].what,
                      .where = texts[number].where,
                      .line = texts[number].line,
                      .call = frame.call,
                      .samples = samples_of(number, frame.batch.samples),
                      .values = {},
                      .time = frame.time,
                      .times = step.task.repeats};
    observers.before(seen);
    step.launch(frame, &step);
    std::vector<std::vector<T>> numbers;
    std::vector<ObservedValue> values;
    for (const DeviceStepNode& node : made)
      if (std::size_t(node.step) == number && node.at.base != cuda::Base::nowhere) {
        const ir::Node& what = watched.nodes[std::size_t(node.node)];
        const bool lanes = what.space == ir::Space::per_sample;
        const int stride = lanes ? frame.batch.stride : 1;
        numbers.push_back(fetch(frame, node.at, what.shape.size() * stride));
        values.emplace_back(what, node.node, numbers.back().data(), sizeof(T) == 8, stride,
                            lanes ? 1 : 0, origins);
      }
    seen.values = values;
    observers.after(seen);
  }

 private:
  static std::vector<T> fetch(const Frame& frame, const cuda::Place& place, int count) {
    std::vector<T> numbers(static_cast<std::size_t>(count));
    frame.device->to_host(numbers.data(), frame.at(place).template as<T>(), numbers.size());
    return numbers;
  }
  // Whether it is taken: else its memory has what was there.
  static bool is_shown(const Frame& frame, const DeviceStep& step) {
    if (!step.is_shown || step.taken < 0) return step.is_shown;
    T taken = 0;
    frame.device->to_host(&taken, frame.shared.part(step.taken, 1), 1);
    return taken != T(0);
  }
  int samples_of(std::size_t number, int samples) const {
    for (const DeviceStepNode& node : made)
      if (std::size_t(node.step) == number)
        return watched.nodes[std::size_t(node.node)].space == ir::Space::per_sample ? samples : 1;
    return 1;
  }

  cuda::Program<Device, T> watched;
  std::span<const DeviceStepNode> made;
  std::span<const DeviceStep> steps;
  Origins origins;
  std::vector<StepText> texts;
  Observers observers;
};

}  // namespace tg::runtime
