// Writes networks as headers, and what the reference computes for them as expected.hpp, into the
// current folder.
#include <fstream>
#include <typegrad/backends/reference/evaluation.hpp>
#include <typegrad/runtime/write_header.hpp>
#include <typegrad/typegrad.hpp>

#include "networks.hpp"

constexpr int samples = 3;

// Random parameters: positive, since some of them are variances.
template <class Model>
void fill(Model& model, tg::Random& random) {
  for (const auto& variable : model.variables()) {
    auto numbers = model.view(variable);
    const double range = 2 / std::sqrt(double(numbers.cols()));
    for (int i = 0; i < numbers.size(); ++i)
      numbers.data()[i] = typename Model::Element(
          variable.op == tg::Op::state ? random.between(0.5, 1.5) : random.between(-range, range));
  }
}

template <class T>
void write_numbers(std::ofstream& out, const std::string& name, const T* numbers,
                   std::size_t count) {
  out << "inline constexpr " << (sizeof(T) == 4 ? "float " : "double ") << name << "[] = {";
  for (std::size_t i = 0; i < count; ++i)
    out << (i % 8 == 0 ? "\n  " : " ") << tg::runtime::header::literal<T>(numbers[i]) << ",";
  out << "};\n";
}

template <class Net, tg::DType dtype = tg::f32>
void write(std::ofstream& expected, const std::string& name) {
  using Element = tg::element_t<dtype>;
  tg::Random random(1);
  tg::Model<Net, tg::Cpu, dtype> model;
  fill(model, random);
  tg::write_header(model, name + ".hpp", name);

  using Compiled =
      tg::runtime::Compiled<tg::runtime::Inference<Net>, tg::Purpose::inference, dtype>;
  tg::reference::Bindings<Element> bindings(Compiled::recording);
  for (const auto& variable : model.variables())
    if (tg::ir::leaf_named(Compiled::recording, variable.name) >= 0)
      bindings.set(variable.name, model.view(variable).data());
  std::vector<std::vector<Element>> inputs;
  for (const tg::ir::Node& node : Compiled::recording.graph().nodes) {
    if (node.op != tg::Op::input) continue;
    auto& x = inputs.emplace_back(std::size_t(samples * node.shape.size()));
    for (Element& number : x) number = Element(random.between(-1, 1));
    write_numbers(expected, name + "_x" + std::to_string(inputs.size() - 1), x.data(), x.size());
  }
  std::size_t next = 0;
  for (const tg::ir::Node& node : Compiled::recording.graph().nodes)
    if (node.op == tg::Op::input) bindings.set(node.attributes[0], inputs[next++].data());
  tg::reference::Evaluation<Element> evaluation(Compiled::optimised, bindings, samples);
  for (std::size_t i = 0; i < tg::output_shapes<Net>.size(); ++i)
    write_numbers(expected, name + "_y" + std::to_string(i), evaluation.output(int(i)),
                  std::size_t(samples * tg::output_shapes<Net>[i].size()));
}

// True when it throws Error.
template <class Attempt>
bool refuses(Attempt attempt) {
  try {
    attempt();
  } catch (const tg::Error&) {
    return true;
  }
  return false;
}

static_assert(tg::output_shape<Growing> == tg::Shape{4, 22, 26});

int main() {
  std::ofstream expected("expected.hpp");
  expected << "#pragma once\n";
  write<LeNet>(expected, "lenet");
  write<Small>(expected, "small");
  write<Normalised>(expected, "normalised");
  write<Branched>(expected, "branched");
  write<Attention>(expected, "attention");
  write<Moves>(expected, "moves");
  write<Bare>(expected, "bare");
  write<Growing>(expected, "growing");
  write<Small, tg::f64>(expected, "precise");

  tg::Model<Small> model;
  const bool refused = refuses([&] { tg::write_header(model, "no.hpp", "two words"); }) &&
                       refuses([&] { tg::write_header(model, "no.hpp", "2nd"); }) &&
                       refuses([&] { tg::write_header(model, "no/such/folder.hpp", "name"); });
  return refused && !std::ifstream("no.hpp") && expected.flush() ? 0 : 1;
}
