// A program with memory to run on: binds leaves, reads settings, runs.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/exception.hpp"
#include "typegrad/core/heap_array.hpp"
#include "typegrad/graph/place_text.hpp"
#include "typegrad/passes/slots.hpp"
#include "typegrad/runtime/backend.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg::runtime {

// The part of a function that is the same for all definitions that the same Program runs.
template <Runnable Program>
class Callable {
 public:
  using Element = typename Program::Element;

  // `more`: what the backend's executor takes beside its program.
  template <class... More>
  Callable(const Program& program, const Leaves& leaves, std::int64_t capacity, More&... more)
      : table(leaves), executor(program, capacity, more...), settings(leaves.infos.size()) {
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf)
      if (leaves.infos[leaf].op == Op::setting) {
        executor.bind(passes::leaf_slot(int(leaf)), &settings[leaf]);
        settings[leaf] = Element(leaves.infos[leaf].read(nullptr));
      }
  }

  const Leaves& leaves() const { return table; }

  // Memory of the host: of a leaf, of an output.
  void bind(std::size_t leaf, Element* memory) {
    executor.bind(passes::leaf_slot(int(leaf)), memory);
  }
  void bind_labels(std::size_t leaf, const std::int32_t* labels) {
    bind(leaf, reinterpret_cast<Element*>(const_cast<std::int32_t*>(labels)));
  }
  // An input: numbers, or integers of 32 bits that the program turns into numbers.
  void bind_given(std::size_t leaf, const void* given) {
    bind(leaf, static_cast<Element*>(const_cast<void*>(given)));
  }
  void bind_output(int output, Element* memory) { executor.bind(slot_of(output), memory); }
  void bind_gradient(std::size_t leaf, Element* memory) {
    executor.bind(passes::gradient_slot(int(leaf)), memory);
  }
  // What a Memory of runtime/memory.hpp keeps.
  template <class Part>
  void bind_part(int slot, const Part& part) {
    if constexpr (std::is_same_v<Part, void*>)
      executor.bind(slot, static_cast<Element*>(part));
    else
      executor.bind(slot, part);
  }

  int slot_of(int output) const { return passes::output_slot(int(table.infos.size()), output); }

  // A range: where its numbers lie, if programs like this one can read them there, else on the
  // host.
  template <class Range>
  void bind_range(std::size_t leaf, const Range& range) {
    if constexpr (binds_part<Range>)
      executor.bind(passes::leaf_slot(int(leaf)), range.part());
    else
      bind_given(leaf, range.data());
  }
  template <class Range>
  void bind_output_range(int output, Range& range) {
    if constexpr (binds_part<Range>)
      executor.bind(slot_of(output), range.part());
    else if constexpr (requires { range.write(); })
      bind_output(output, range.write().data());
    else
      bind_output(output, range.data());
  }

  // What is bound there; null when nothing is.
  const void* bound(std::size_t leaf) const { return executor.bound(passes::leaf_slot(int(leaf))); }
  const Element* output(int output) const { return executor.bound(slot_of(output)); }

  typename Program::Executor& runs_on() { return executor; }

  // Where a setting is, by how it is read; -1 when there is none.
  int slot_of(ir::SettingReader reader) const {
    for (std::size_t leaf = 0; leaf < table.infos.size(); ++leaf)
      if (table.infos[leaf].op == Op::setting && table.infos[leaf].read == reader)
        return passes::leaf_slot(int(leaf));
    return -1;
  }
  // The settings of an aggregate, as they are now.
  template <class Aggregate>
  void read(const Aggregate& aggregate) {
    for (std::size_t leaf = 0; leaf < table.infos.size(); ++leaf)
      if (table.infos[leaf].aggregate == &ir::type_tag<Aggregate>)
        settings[leaf] = Element(table.infos[leaf].read(&aggregate));
  }

  // Throws Error when a user's kernel says that something is wrong.
  void run(std::int64_t samples, std::uint64_t seed = 0, std::uint64_t call = 0) {
    const ir::Outcome outcome = executor.run(samples, seed, call);
    if (outcome.failure != nullptr) report(outcome.failure, outcome.place);
  }

 private:
  template <class Range>
  static constexpr bool binds_part = requires(typename Program::Executor& program,
                                              const Range& range) {
    program.bind(0, range.part());
  };
  [[noreturn, gnu::cold]] static void report(const char* failure, const ir::Place& place) {
    throw Error(joined(failure, ir::at_line(ir::text_of(place))));
  }

  Leaves table;
  typename Program::Executor executor;
  HeapArray<Element> settings;
};

}  // namespace tg::runtime
