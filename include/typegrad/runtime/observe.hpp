// Looking on while a function runs: what each step has made, for those who ask.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/name.hpp"
#include "typegrad/graph/place_text.hpp"

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
  // Element e of sample s is e * element_step + s * sample_step behind `memory`.
  ObservedValue(const ir::Node& what, int id, const void* memory, bool is_double,
                std::ptrdiff_t element_step, std::ptrdiff_t sample_step,
                const runtime::Origins& names)
      : node(&what),
        index(id),
        data(memory),
        wide(is_double),
        of_element(element_step),
        of_sample(sample_step),
        origins(&names) {}

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
    const std::ptrdiff_t i = element * of_element + sample * of_sample;
    return wide ? static_cast<const double*>(data)[i] : double(static_cast<const float*>(data)[i]);
  }

 private:
  const ir::Node* node;
  int index;
  const void* data;
  bool wide;
  std::ptrdiff_t of_element, of_sample;
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

}  // namespace tg
