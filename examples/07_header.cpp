// LeNet as one header of plain C++, for machines where nothing else fits: weights and all.
// test-arguments: --samples 600 --header lenet.hpp
// SPDX-License-Identifier: MIT
#include <typegrad/runtime/write_header.hpp>
#include <typegrad/typegrad.hpp>

#include "command_line.hpp"

struct LeNet : tg::models::LeNet<> {};

constexpr const char* usage =
    "usage: header [option value]…\n"
    "  --load path    parameters, safetensors (without: learns from drawn digits for an epoch)\n"
    "  --samples n    digits to learn from (20000)\n"
    "  --header path  the header to write (lenet.hpp)\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int samples = options.number("--samples", 20000, 1, 1000000);
  const std::string file = options.text("--load"), header = options.text("--header", "lenet.hpp");
  options.finish();

  tg::Model<LeNet> model;
  if (file.empty()) {
    tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{}, tg::batch<64>};
    trainer.fit(tg::data::digits({.train = samples, .test = 0}).train, {.epochs = 1});
  } else {
    model.load(file);
  }
  // [header]
  tg::write_header(model, header,
                   "lenet");  // then, elsewhere: auto scores = lenet::predict(image);
  // [/header]
  std::printf("wrote %s\n", header.c_str());
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
