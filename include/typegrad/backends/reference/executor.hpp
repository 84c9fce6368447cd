// Interprets a graph: node by node, by the reference's loops, over a chunk of samples at a time.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/reference/program.hpp"
#include "typegrad/backends/reference/random.hpp"
#include "typegrad/backends/reference/schedule.hpp"
#include "typegrad/core/aligned_buffer.hpp"
#include "typegrad/core/heap_array.hpp"
#include "typegrad/passes/slots.hpp"
#include "typegrad/passes/whole_numbers.hpp"

namespace tg::reference {

template <class T>
class Executor {
 public:
  // `capacity`: the most samples of a call, 0 for any number: then memory grows with them.
  [[gnu::cold]] Executor(const Program<T>& the_program, std::int64_t capacity)
      : program(&the_program),
        plan(the_program.nodes, the_program.looks),
        runs(the_program.nodes.size()),
        numbers(the_program.nodes.size()),
        shared(std::size_t(plan.shared_size + plan.addend_size)) {
    int outputs = 0;
    for (std::size_t id = 0; id < runs.size(); ++id) {
      if (node(id).op == Op::output) outputs = std::max(outputs, node(id).attributes[0] + 1);
      if (node(id).op == Op::constant) numbers[id] = rounded(node(id), T(node(id).value));
    }
    slot = HeapArray<T*>(std::size_t(passes::output_slot(program->leaves, outputs)));
    if (capacity > 0) provide(chunk_of(capacity));
  }

  // Memory of others: a leaf, a gradient, an output. Stays until it is set again.
  void bind(int which, T* memory) { slot[std::size_t(which)] = memory; }
  T* bound(int which) const { return slot[std::size_t(which)]; }

  // What depends on a leaf that is not bound is not computed. Allocates where a call has more
  // samples than any before it, and than the capacity.
  [[gnu::cold]] ir::Outcome run(std::int64_t samples, std::uint64_t the_seed = 0,
                                std::uint64_t the_call = 0) {
    ir::Failure problem;
    failure = &problem;
    count = samples, seed = the_seed, call = the_call;
    find_known();
    const std::int64_t chunk = chunk_of(samples);
    provide(chunk);
    first = 0, active = 1;
    run_units(0, plan.first_chunked);
    for (; first < samples; first += chunk) {
      active = int(std::min(chunk, samples - first));
      run_units(plan.first_chunked, plan.behind_chunked);
    }
    first = 0, active = 1;
    run_units(plan.behind_chunked, plan.unit_count);
    if (!failed()) update();
    return {problem.why.load(), problem.place};
  }

  // Those that such nodes need; all, of no graph that is known while compiling.
  template <class Nodes>
  static constexpr Parts<T> parts_of(const Nodes& nodes) {
    Parts<T> parts;
    for (const ir::Node& node : nodes) {
      if (node.op == Op::uniform || node.op == Op::normal) parts.draw = &Executor::draw;
      if (is_given(node) && !is_floating(node.dtype)) parts.convert = &Executor::convert;
      if (node.op == Op::custom && node.row->has_cpu) parts.kernel = &Executor::run_kernel;
      if (node.across) parts.sum = &Executor::sum_samples;
      if (node.region != 0) parts.loop = &Executor::run_loop;
    }
    return parts;
  }
  static constexpr Parts<T> all_parts() {
    return {&Executor::draw, &Executor::convert, &Executor::run_kernel, &Executor::sum_samples,
            &Executor::run_loop};
  }

 private:
  const ir::Node& node(std::size_t id) const { return program->nodes[id]; }
  const ir::Node& operand(const ir::Node& n, int which) const {
    return node(std::size_t(n.operand[std::size_t(which)]));
  }
  static bool per_sample(const ir::Node& n) { return n.space == ir::Space::per_sample; }
  static constexpr bool is_given(const ir::Node& n) {
    return n.op == Op::input || n.op == Op::label;
  }
  bool failed() const { return failure->why.load(std::memory_order_relaxed) != nullptr; }

  std::int64_t chunk_of(std::int64_t samples) const {
    return plan.whole ? samples : std::min<std::int64_t>(samples, chunk_samples);
  }
  [[gnu::cold]] void provide(std::int64_t chunk) {
    if (chunk <= room) return;
    room = chunk;
    values = AlignedBuffer<T>(std::size_t(room) * std::size_t(plan.samples_size));
    kernel = AlignedBuffer<T>(std::size_t(room) * std::size_t(plan.kernel_size));
  }

  // Which nodes are computed: those of which all operands are known.
  [[gnu::cold]] void find_known() {
    for (std::size_t id = 0; id < runs.size(); ++id) {
      const ir::Node& n = node(id);
      bool known = true;
      if (n.op == Op::output) {
        known = known && bound(passes::output_slot(program->leaves, n.attributes[0])) != nullptr;
      } else if (is_leaf(n.op) && !has_own_value(n.op)) {
        known = known && bound(passes::leaf_slot(n.attributes[0])) != nullptr;
      } else if (n.op == Op::train) {
        known = known && bound(passes::gradient_slot(operand(n, 0).attributes[0])) != nullptr;
      } else if (n.op == Op::update) {
        known = known && !program->looks;
      } else if (computes(n.op)) {
        known = known && (*program->rows)[std::size_t(n.op)].exists;
      }
      for (int i = n.op == Op::train ? 1 : 0; i < n.operands(); ++i)
        known = known && runs[std::size_t(n.operand[std::size_t(i)])];
      runs[id] = known;
      if (n.op == Op::samples) numbers[id] = T(count);
    }
  }

  [[gnu::cold]] void run_units(int begin, int end) {
    for (int u = begin; u < end && !failed(); ++u) {
      const Unit& unit = plan.units[std::size_t(u)];
      const std::size_t id = std::size_t(plan.order[std::size_t(unit.begin)]);
      if (node(id).region != 0)
        (this->*program->parts.loop)(unit);
      else
        make(id);
    }
  }

  // A node's value, where an observer sees it.
  [[gnu::cold]] void make(std::size_t id, int times = 1) {
    if (!runs[id]) return;
    Moment<T> moment{int(id), std::int64_t(call), first, active, time, times, {}};
    if (program->watcher != nullptr) program->watcher->before(moment);
    compute(id);
    if (program->single) round(id);
    if (program->watcher == nullptr || is_sink(node(id).op)) return;
    const bool whole = !node(id).across || first + active >= count;
    if (whole) moment.value = value(id);
    program->watcher->after(moment);
  }

  [[gnu::cold]] void compute(std::size_t id) {
    const ir::Node& n = node(id);
    switch (n.op) {
      case Op::uniform:
      case Op::normal:
        return (this->*program->parts.draw)(id);
      case Op::input:
      case Op::label:
        if (is_floating(n.dtype) || program->looks) return;
        return (this->*program->parts.convert)(id);
      case Op::output:
        return copy(memory(passes::output_slot(program->leaves, n.attributes[0]), n), n,
                    value(std::size_t(n.operand[0])));
      case Op::train:
        return copy(memory(passes::gradient_slot(operand(n, 0).attributes[0]), n), n,
                    value(std::size_t(n.operand[1])));
      case Op::next:
        return copy(value(id), n, value(std::size_t(n.operand[1])));
      default:
        if (!computes(n.op) || plan.root[id] != int(id)) return;
        if (n.across)
          (this->*program->parts.sum)(id);
        else if (n.op == Op::custom && n.row->has_cpu && !program->looks)
          (this->*program->parts.kernel)(id);
        else
          call_row(id);
    }
  }

  // The memory that is bound to a slot, of a value like n's.
  Value<T> memory(int which, const ir::Node& n) const {
    const std::int64_t step = per_sample(n) ? n.shape.size() : 0;
    return {bound(which) + first * step, 1, step};
  }
  [[gnu::cold, gnu::noinline]] Value<T> value(std::size_t of) const {
    const std::size_t id = std::size_t(plan.root[of]);
    const ir::Node& n = node(id);
    if (n.op == Op::constant || n.op == Op::samples) return {&numbers[id], 0, 0};
    if (n.op == Op::element) {
      const Value<T> rows = value(std::size_t(n.operand[0]));
      const int row = ir::RowRange::of(n.attributes).row(time) * n.shape.size();
      return {rows.data + row * rows.stride, rows.stride, rows.step};
    }
    const bool bound_here = is_leaf(n.op) && !has_own_value(n.op) &&
                            (!is_given(n) || is_floating(n.dtype) || program->looks);
    if (bound_here) return memory(passes::leaf_slot(n.attributes[0]), n);
    if (!per_sample(n)) return {shared.data() + plan.offset[id], 1, 0};
    return {values.data() + plan.offset[id] * room, 1, n.shape.size()};
  }

  [[gnu::noinline]] void copy(Value<T> to, const ir::Node& like, Value<T> from) const {
    copy(to, like.shape.size(), per_sample(like), from);
  }
  template <class From>
  void copy(Value<T> to, int size, bool of_samples, Value<From> from) const {
    for (int sample = 0; sample < (of_samples ? active : 1); ++sample) {
      T* const out = to.data + sample * to.step;
      const T* const in = from.data + sample * from.step;
      for (int i = 0; i < size; ++i) out[i] = in[std::ptrdiff_t(i) * from.stride];
    }
  }

  T rounded(const ir::Node& n, T x) const {
    return program->single && is_floating(n.dtype) ? T(float(x)) : x;
  }
  [[gnu::cold]] void round(std::size_t id) {
    const ir::Node& n = node(id);
    if (is_sink(n.op) || plan.root[id] != int(id) || n.op == Op::element) return;
    if (is_leaf(n.op) && n.op != Op::uniform && n.op != Op::normal) return;
    const Value<T> mine = value(id);
    const std::int64_t all = std::int64_t(per_sample(n) ? active : 1) * n.shape.size();
    for (std::int64_t i = 0; i < all; ++i) mine.data[i] = rounded(n, mine.data[i]);
  }

  void draw(std::size_t id) {
    const ir::Node& n = node(id);
    const std::uint64_t key = random_key(program->names[std::size_t(n.attributes[0])], seed, call);
    const Value<T> out = value(id);
    for (int sample = 0; sample < (per_sample(n) ? active : 1); ++sample)
      fill_random<T>(n.op, key, std::uint64_t(per_sample(n) ? first + sample : 0),
                     {out.data + sample * out.step}, n.shape.size());
  }

  // Integers of 32 bits become T.
  [[gnu::cold]] void convert(std::size_t id) {
    const ir::Node& n = node(id);
    const std::int64_t size = n.shape.size();
    const std::int32_t* const given =
        reinterpret_cast<const std::int32_t*>(bound(passes::leaf_slot(n.attributes[0]))) +
        first * size;
    T* const out = value(id).data;
    bool exact = true;
    for (std::int64_t i = 0; i < active * size; ++i) {
      out[i] = T(given[i]);
      exact = exact && passes::is_exact(out[i]);
    }
    if (!exact) failure->note(passes::not_exact<T>);
  }

  // A node's operands, as a row of the reference reads those of a sample.
  struct Operands {
    const ir::Node* nodes[ir::max_operands]{};
    Value<T> values[ir::max_operands];
    View<const T> views[ir::max_operands];
    bool of_samples = false;  // any of them

    Operands(const Executor& executor, const ir::Node& n) {
      for (int i = 0; i < n.operands(); ++i) {
        nodes[i] = &executor.operand(n, i);
        values[i] = executor.value(std::size_t(n.operand[std::size_t(i)]));
        of_samples = of_samples || per_sample(*nodes[i]);
      }
    }
    const View<const T>* of(int sample) {
      for (int i = 0; i < ir::max_operands; ++i)
        views[i] = {values[i].data + sample * values[i].step, values[i].stride};
      return views;
    }
  };

  [[gnu::cold]] void call_row(std::size_t id) {
    const ir::Node& n = node(id);
    const Row<T>& row = (*program->rows)[std::size_t(n.op)];
    Operands in(*this, n);
    const Value<T> out = value(id);
    const int copies = per_sample(n) ? active : 1;
    bool together = copies > 1 && is_elementwise(n.op);
    for (int i = 0; i < n.operands(); ++i)
      together = together && (in.values[i].stride == 0 || in.values[i].step == n.shape.size());
    if (together) {  // all samples are one long vector
      ir::Node all = n;
      all.shape = Shape{n.shape.size() * copies};
      row({all, in.nodes, in.of(0), {out.data}});
    } else {
      for (int sample = 0; sample < copies; ++sample)
        row({n, in.nodes, in.of(sample), {out.data + sample * out.step}});
    }
  }

  // The result of each sample, added up: chunk by chunk.
  void sum_samples(std::size_t id) {
    const ir::Node& n = node(id);
    const int size = n.shape.size();
    T* const total = value(id).data;
    T* const addend = shared.data() + plan.shared_size;
    if (first == 0) std::fill_n(total, size, T(0));
    Operands in(*this, n);
    for (int sample = 0; sample < active; ++sample) {
      const View<const T>* const views = in.of(sample);
      if (n.op != Op::identity) (*program->rows)[std::size_t(n.op)]({n, in.nodes, views, {addend}});
      const View<const T> mine = n.op == Op::identity ? views[0] : View<const T>{addend};
      for (int i = 0; i < size; ++i) total[i] += mine[i];
    }
  }

  // A user's kernel, which finds a lane per sample.
  [[gnu::cold]] void run_kernel(std::size_t id) {
    const ir::Node& n = node(id);
    const int lanes = per_sample(n) ? active : 1;
    Operands in(*this, n);
    LanesCall<T> own;
    T* next = kernel.data();
    const auto provide_lanes = [&](const ir::Node& like) {
      T* const mine = next;
      next += Schedule::padded(like.shape.size()) * (per_sample(like) ? room : 1);
      return mine;
    };
    for (int i = 0; i < n.operands(); ++i) {
      const int of = per_sample(*in.nodes[i]) ? lanes : 1, size = in.nodes[i]->shape.size();
      T* const to = provide_lanes(*in.nodes[i]);
      for (int lane = 0; lane < of; ++lane)
        for (int e = 0; e < size; ++e)
          to[e * of + lane] =
              in.values[i].data[lane * in.values[i].step + std::ptrdiff_t(e) * in.values[i].stride];
      own.in[i] = to, own.spaces[i] = in.nodes[i]->space, own.shape[i] = in.nodes[i]->shape;
    }
    T* const result = provide_lanes(n);
    own.out = result, own.result = n.shape;
    own.lanes = own.active = lanes, own.first_sample = first;
    own.failure = failure;
    if (n.place >= 0 && !program->places.empty()) own.place = program->places[std::size_t(n.place)];
    n.row->template cpu<T>()(own);
    const Value<T> out = value(id);
    for (int lane = 0; lane < lanes; ++lane)
      for (int e = 0; e < n.shape.size(); ++e)
        out.data[lane * out.step + e] = result[e * lanes + lane];
  }

  // Of loops: executor_loops.hpp, which every program includes that may have one.
  void run_loop(const Unit& unit);
  template <class Visit>
  void each_next(const Unit& unit, Visit visit) const;
  bool is_idle(int region) const;
  void pass_by(const Unit& unit);
  void leave(std::size_t id, int from);
  std::size_t node_at(int place) const { return std::size_t(plan.order[std::size_t(place)]); }

  // All new values are known before the first is written.
  [[gnu::cold]] void update() {
    for (const bool writes : {false, true})
      for (std::size_t id = 0; id < runs.size(); ++id) {
        const ir::Node& n = node(id);
        if (n.op != Op::update || !runs[id]) continue;
        const std::size_t from = std::size_t(n.operand[1]);
        const bool staged = Schedule::is_staged(node(std::size_t(plan.root[from])));
        const Value<T> room_for_it{shared.data() + plan.offset[id], 1, 0};
        if (writes)
          copy(value(std::size_t(n.operand[0])), n, staged ? room_for_it : value(from));
        else if (staged)
          copy(room_for_it, n, value(from));
      }
  }

  const Program<T>* program;
  Schedule plan;
  HeapArray<bool> runs;
  HeapArray<T> numbers;  // of constants
  HeapArray<T*> slot;
  AlignedBuffer<T> shared, values, kernel;
  // Of this call, of this chunk, of this step of a loop.
  std::int64_t count = 0, first = 0, room = 0;
  std::uint64_t seed = 0, call = 0;
  int active = 1, time = 0;
  ir::Failure* failure = nullptr;
};

}  // namespace tg::reference
