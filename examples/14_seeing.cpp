// A model looked at from all sides: its graph, its steps, its numbers, its filters.
// test-arguments: --folder .
// SPDX-License-Identifier: MIT
#include <typegrad/io/npz.hpp>
#include <typegrad/typegrad.hpp>
#include <typegrad/views/dot.hpp>
#include <typegrad/views/graph_html.hpp>
#include <typegrad/views/images.hpp>
#include <typegrad/views/monitor.hpp>
#include <typegrad/views/nan_guard.hpp>
#include <typegrad/views/profile.hpp>

#include "command_line.hpp"

// clang-format off
// [network]
using Net = tg::Sequence<tg::Input<1, 28, 28>, tg::Conv<6, 5>, tg::Relu, tg::MaxPool<2>, tg::Flatten, tg::Linear<10>>;
struct Predict {
  static constexpr tg::Var define(tg::Scope& s) { return s.named("p", softmax(Net::define(s))); }
};
// [/network]

// [inspect]
struct Rate {                                            // x -> sqrt(x), watched on its way
  static constexpr tg::Var define(tg::Scope& s) {
    tg::Var x = s.input("x", {2});
    tg::Var seen = tg::print<"x">(x);
    tg::Var checked = tg::assert_that<"x is not negative">(seen, seen >= 0);
    return sqrt(tg::breakpoint_if<"x is large">(checked > 100, checked));
  }
};
// [/inspect]
// clang-format on

void write_graphs(const std::string& folder) {
  // [text]
  std::puts(tg::debugprint<Predict>({.types = true}));
  // [/text]
  // [dot]
  tg::write_text(folder + "/predict.dot", tg::dot<Predict>({.compact = true}));
  tg::write_text(folder + "/written.dot", tg::dot<Predict, tg::recorded>());
  // [/dot]
  // [html]
  tg::write_text(folder + "/predict.html", tg::graph_html<Predict>());
  // [/html]
}

void observe(tg::Model<Net>& model, std::span<const float> images) {
  // [observe]
  tg::Function<Predict, tg::Cpu, tg::observed> predict{model};
  tg::NanGuard guard;   // an Error that names the operation, the layer, the sample, the element
  tg::Profile profile;  // how long each step takes
  int steps = 0;
  tg::Monitor monitor{[&](const tg::ObservedStep& step) { steps += !step.values.empty(); }};
  predict.observe(guard);
  predict.observe(profile);
  predict.observe(monitor);
  predict(images);
  std::fputs(profile.text().c_str(), stdout);
  // [/observe]
  std::printf("%d steps left values in memory\n", steps);
}

void inspect() {
  // [breakpoint]
  tg::breakpoint_handler = [](const tg::BreakpointCall& call) {  // without it: SIGTRAP
    std::printf("%s: %g in sample %lld\n", call.name, call.at(0), call.sample);
  };
  tg::Function<Rate> rate;
  rate(std::vector<float>{1, 4, 400, 900});
  // [/breakpoint]
  try {
    rate(std::vector<float>{1, -4});
  } catch (const tg::Error& error) {
    std::printf("an error as expected: %s\n", error.what());
  }
}

void draw(tg::Model<Net>& model, std::span<const float> image, const std::string& folder) {
  // [images]
  tg::write_image(folder + "/filters.png", tg::filters_image<"0.weight">(model));
  tg::write_image(folder + "/seen.png", tg::activations_image<"2">(model, image, {2, 3}));
  tg::write_image(folder + "/digit.pgm", tg::tile_images(image, {28, 28}, {1, 1}));
  // [/images]
  // [numpy]
  model.save(folder + "/model.npz");
  // [/numpy]
}

constexpr const char* usage =
    "usage: seeing [option value]…\n"
    "  --folder path  where its files go (.)\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const std::string folder = options.text("--folder", ".");
  options.finish();

  const auto digits = tg::data::digits({.train = 200, .test = 10});
  tg::Model<Net> model;
  write_graphs(folder);
  observe(model, digits.train.images());
  inspect();
  draw(model, digits.train.images().slice(0, 1), folder);
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
