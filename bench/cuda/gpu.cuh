// Programs of tg::Cuda, to be measured.
// SPDX-License-Identifier: MIT
#pragma once
#include "bench/cuda/measure.cuh"
#include "bench/cuda/program.hpp"
#include "typegrad/cuda.cuh"

namespace tg::bench {

template <class Definition, class Backend = Cuda, DType dtype = f32>
using OnGpu = OnDevice<Backend, cuda::Device, Definition, Purpose::inference, dtype>;
template <class Net, class Loss, class Solver>
using TrainingOnGpu = Training<Cuda, cuda::Device, Net, Loss, Solver>;

// Seconds of a step as Trainer::fit makes it, all told: epochs of 100 steps, after one that nobody
// counts.
template <class Net, class Loss, class Solver, int Capacity>
double seconds_of_fit(int epochs = 20) {
  constexpr int steps = 100;
  constexpr std::size_t samples = std::size_t(steps) * Capacity;
  const std::vector<float> images =
      random_numbers(samples * std::size_t(input_shape<Net>.size()), 3, 1);
  std::vector<std::int32_t> labels(samples);
  for (std::size_t i = 0; i < samples; ++i) labels[i] = std::int32_t(i % 10);
  Model<Net, Cuda> model;
  Trainer trainer{model, Loss{}, Solver{}, batch<Capacity>};
  const auto run = [&](int count) {
    const auto start = std::chrono::steady_clock::now();
    trainer.fit(images, labels, {.epochs = count, .progress = Progress::none});
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  run(1);
  return run(epochs) / (epochs * steps);
}

// The rows of a network that learns: a step of fit, and its programs alone, one call after the
// other. False when it does not learn.
template <class Net, class Loss, class Solver, int Samples>
bool report_training(const Table& table, cuda::Device& device, const std::string& work) {
  TrainingOnGpu<Net, Loss, Solver> training(device, Samples);
  if (!training.learns()) return false;
  const Counted counted = training.counted();
  table.row(work, seconds_of_fit<Net, Loss, Solver, Samples>(), counted);
  table.row(work + ", its programs alone", training.seconds(), counted);
  return true;
}

}  // namespace tg::bench
