// Programs of tg::Cuda, to be measured.
// SPDX-License-Identifier: MIT
#pragma once
#include "bench/cuda/measure.cuh"
#include "bench/cuda/program.hpp"
#include "typegrad/cuda.cuh"

namespace tg::bench {

template <class Definition, class Backend = Cuda, DType dtype = f32>
using OnGpu = OnDevice<Backend, cuda::Device, Definition, Purpose::inference, dtype>;
template <class Net, class Loss, class Solver, class Backend = Cuda>
using TrainingOnGpu = Training<Backend, cuda::Device, Net, Loss, Solver>;

// Trains on samples that lie on the device: epochs of 100 steps, by Trainer::fit.
template <class Net, class Loss, class Solver, int Capacity, class Backend = Cuda>
class Fit {
 public:
  static constexpr int steps = 100;  // of an epoch

  Fit() {
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::int32_t(i % 10);
  }
  // Seconds that so many epochs take, all told.
  double run(int epochs) {
    const auto start = std::chrono::steady_clock::now();
    trainer.fit(images, labels, {.epochs = epochs, .progress = Progress::none});
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  double seconds_of_a_step(int epochs = 20) {
    run(1);  // which takes the samples to the device
    return run(epochs) / (epochs * steps);
  }
  static constexpr int kernels() { return decltype(trainer)::launches(); }

 private:
  static constexpr std::size_t samples = std::size_t(steps) * Capacity;
  std::vector<float> images = random_numbers(samples * std::size_t(input_shape<Net>.size()), 3, 1);
  std::vector<std::int32_t> labels = std::vector<std::int32_t>(samples);
  Model<Net, Backend> model;
  Trainer<Model<Net, Backend>, Loss, Solver, Capacity> trainer{model, Loss{}, Solver{},
                                                               batch<Capacity>};
};

// The rows of a network that learns: a step of fit, one launch, and its two programs alone. False
// when it does not learn.
template <class Net, class Loss, class Solver, int Samples, class Backend = Cuda>
bool report_training(const Table& table, cuda::Device& device, const std::string& work) {
  TrainingOnGpu<Net, Loss, Solver, Backend> training(device, Samples);
  if (!training.learns()) return false;
  Counted counted = training.counted();
  table.row(work + ", its programs alone", training.seconds(), counted);
  Fit<Net, Loss, Solver, Samples, Backend> fit;
  counted.kernels = fit.kernels(), counted.graphs = 1;
  table.row(work, fit.seconds_of_a_step(), counted);
  return true;
}

}  // namespace tg::bench
