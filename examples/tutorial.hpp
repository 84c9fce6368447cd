// What the programs of the Theano tutorial share: its order of the data, and its training loop.
// SPDX-License-Identifier: MIT
#pragma once
#include "command_line.hpp"

namespace example {

// Numbers of samples, and labels, as the tutorial's file has them.
struct Part {
  std::vector<float> images;
  std::vector<std::int32_t> labels;
  int width = 784;

  int count() const { return int(labels.size()); }
  std::span<const float> images_at(int begin, int length) const {
    return std::span(images).subspan(std::size_t(begin) * std::size_t(width),
                                     std::size_t(length) * std::size_t(width));
  }
  std::span<const std::int32_t> labels_at(int begin, int length) const {
    return std::span(labels).subspan(std::size_t(begin), std::size_t(length));
  }
};
struct Parts {
  Part train, validation, test;
};

// In their order: the last sixth of the training images validates (of MNIST the last 10,000).
// Pixels are bytes / 256, as in the tutorial's file.
inline Parts tutorial_parts(const std::string& folder, int samples) {
  const auto all = digits(folder, samples);
  const auto part = [](const tg::data::Split& split, std::int64_t begin, std::int64_t length) {
    const auto images = split.images().slice(begin, length);
    const auto labels = split.labels().slice(begin, length);
    Part result{{images.begin(), images.end()}, {labels.begin(), labels.end()}};
    for (float& pixel : result.images) pixel *= 255.0f / 256;
    return result;
  };
  const std::int64_t learn = all.train.count() * 5 / 6;
  return {part(all.train, 0, learn), part(all.train, learn, all.train.count() - learn),
          part(all.test, 0, all.test.count())};
}

// Epochs of batches in their order. step(images, labels) learns from a batch; errors(part) is the
// share of a part that is classified wrongly, asked when patience says; best() is called at each
// new lowest one. Returns the test error that belongs to the lowest.
template <class Step, class Errors, class Best>
double learn(const Parts& parts, int batch, int epochs, Step step, Errors errors, Best best) {
  tg::EarlyStopping stopping;
  const int batches = parts.train.count() / batch;
  double test = 1;
  std::int64_t made = 0;
  int epoch = 0;
  for (bool going = true; going && epoch < epochs; ++epoch)
    for (int i = 0; i < batches && going; ++i, ++made) {
      step(parts.train.images_at(i * batch, batch), parts.train.labels_at(i * batch, batch));
      if (stopping.looks(made, batches)) {
        const double validation = errors(parts.validation);
        std::printf("epoch %d, validation error %.2f %%\n", epoch + 1, 100 * validation);
        std::fflush(stdout);
        if (stopping.improves(made, validation)) {
          test = errors(parts.test);
          best();
        }
      }
      going = !stopping.over(made);
    }
  std::printf("best validation error %.2f %%, with it test error %.2f %%, after %d epochs\n",
              100 * stopping.best(), 100 * test, epoch);
  return test;
}

}  // namespace example
