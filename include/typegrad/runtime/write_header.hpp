// A trained network as one header of plain C++: for programs in which nothing else fits.
// SPDX-License-Identifier: MIT
#pragma once
#include <memory>

#include "typegrad/io/file.hpp"
#include "typegrad/runtime/header/contract.hpp"
#include "typegrad/runtime/header/writer.hpp"
#include "typegrad/runtime/model.hpp"

namespace tg {

namespace runtime::header {

// What write_header needs of a network's type, as constants.
template <class Net, DType floating>
struct Tables {
  using C = Compiled<Inference<Net>, Purpose::inference, floating>;
  static constexpr auto nodes = ir::exact_nodes<C::optimised.size()>(C::optimised);
  static constexpr auto leaf_infos = LeafTable<C>::leaves();
  static constexpr auto leaf_text = LeafTable<C>::text();
  static constexpr auto rows = reference::rows_of<element_t<floating>>(C::optimised);
};

inline bool is_identifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (char c : name)
    if (!(c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
      return false;
  return true;
}

}  // namespace runtime::header

// Writes the network with its parameters, as they are now, as a header that needs the standard
// library alone: no typegrad, no heap, no exceptions, no type information.
//   tg::write_header(model, "lenet.hpp", "lenet");
// In the other program, for one sample, of arrays or of pointers that do not overlap:
//   #include <lenet.hpp>
//   std::array<float, 10> y = lenet::predict(image);  // std::array<float, 784>
//   lenet::predict(image, y);                         // const float*, float*
// `lenet::predict` is a constexpr object, and calls of it are constant expressions. It keeps
// `lenet::Network::workspace` numbers on the stack, or in memory given as one more pointer.
// Its numbers are those of backends/reference for the optimised network, to the bit, where that is
// compiled with -ffp-contract=off; the header itself sees to it. exp, log, tanh and the like are
// the standard library's, and a few units in the last place apart in constant expressions.
// Throws Error when `name` is no identifier, or the file cannot be written; it is whole or as it
// was. Compile-time error: not_in_a_header, with the layer and its operation.
template <class Net, class Backend, auto... Options>
[[gnu::cold]] void write_header(Model<Net, Backend, Options...>& model, const std::string& path,
                                const std::string& name) {
  using M = Model<Net, Backend, Options...>;
  using Tables = runtime::header::Tables<typename M::Network, arithmetic_of(M::dtype)>;
  if constexpr (tg::is_half(M::dtype))
    error::raise<error::stored_in_half<error::dtype<M::dtype>>>();
  else if constexpr (networks::right<Net> &&
                     runtime::header::is_writable<Net, typename Tables::C>()) {
    if (!runtime::header::is_identifier(name))
      throw Error("write_header: '" + name + "', expected a name for a namespace");
    const auto graph = std::make_unique<ir::Graph>();
    for (const ir::Node& node : Tables::nodes) graph->nodes.push_back(node);
    const std::string text =
        runtime::header::Writer<typename M::Element, typename M::Memory>(
            *graph, Tables::rows, {Tables::leaf_infos, Tables::leaf_text.data()}, model.memory())
            .write(name);
    io::OutputFile file(path);
    file.write(text.data(), text.size());
    file.commit();
  }
}

}  // namespace tg
