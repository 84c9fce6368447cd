// Trains a model: one step, an epoch, a run.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>

#include "typegrad/runtime/model.hpp"
#include "typegrad/training/fit.hpp"
#include "typegrad/training/master_weights.hpp"
#include "typegrad/training/step.hpp"

namespace tg {

// tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 1e-3}, tg::batch<64>};
// Loss, solver and batch capacity are part of the type; the numbers of loss and solver may change
// between steps. Nothing is allocated after construction. Of a model in half precision, gradients
// and the solver's state are float; the weights that it changes are the model's own, rounded, or
// floats where tg::master_weights is one more argument.
template <class Model, class Loss, class Solver, int Capacity, class Weights = fitting::OwnWeights>
class Trainer {
 public:
  using Element = typename Model::Element;
  using Network = fitting::Trainable<typename Model::Network>;
  using Input = Given<Network, Element>;

  Trainer(Model& the_model, const Loss& the_loss, const Solver& the_solver, Batch<Capacity>,
          Weights = {})
      : loss(the_loss),
        solver(the_solver),
        model(&the_model),
        weights(the_model.memory().parameters(), the_model.memory().parameters_size()),
        gradients(the_model.memory().parameters_size()),
        states(SolverInitial::leaves()),
        stepper(Stepper::program(), Stepper::leaves(), Capacity),
        updater(Updater::program(), Updater::leaves(), 0),
        evaluator(Evaluator::program(), Evaluator::leaves(), Capacity) {
    the_model.memory().bind(stepper, gradients.data());
    the_model.memory().bind(evaluator);
    states.initialise(SolverInitial::leaves(), SolverInitial::compute(0));
    states.bind(updater);
    bind_named(updater, "weight", weights.solved());
    bind_named(updater, "gradient", gradients.data());
    for (int i = 0; i < (fitting::has_accuracy<UsableLoss> ? 2 : 1); ++i) {
      stepper.bind_output(i, &measured[i]);
      evaluator.bind_output(i, &measured[i]);
    }
  }
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  // Read at each step.
  Loss loss;
  Solver solver;

  // One step over up to Capacity samples: forward, loss, backward, update. Returns the loss before
  // the update. Throws Error, and changes nothing, when the samples or targets do not fit.
  template <class Images, class Targets>
  double step(const Images& images, const Targets& targets) {
    return learn(images, targets).loss;
  }
  template <class Images, class Targets>
  Measured learn(const Images& images, const Targets& targets) {
    const Measured result = differentiate(images, targets);
    if (std::isfinite(result.loss)) update();  // a step that went wrong teaches nothing
    ++steps;
    return result;
  }

  // Epochs over a data::Split, or {samples, targets}; numbers of another type become the model's.
  // Ctrl-C ends it after the step. Throws Error when the samples do not fit, and when a loss is not
  // finite: then the parameters are those from before that step.
  History fit(const fitting::Examples& examples, const FitOptions& options = {}) {
    Fitter fitter(*this);
    History history = fitting::fit(fitter, examples, options);
    epochs += history.epochs();
    return history;
  }
  template <fitting::Numbers Images, fitting::Numbers Targets>
  History fit(const Images& images, const Targets& targets, const FitOptions& options = {}) {
    return fit(fitting::Examples{images, targets}, options);
  }
  Measured evaluate(const fitting::Examples& examples) {
    Fitter fitter(*this);
    return fitting::evaluate(fitter, examples);
  }

  // Loss and accuracy of any number of samples, nothing learned.
  template <class Images, class Targets>
  Measured evaluate(const Images& images, const Targets& targets) {
    const std::int64_t width = input_shape<Network>.size();
    const std::int64_t samples = runtime::count_samples(images, width, "evaluate");
    const std::int64_t target_width = std::int64_t(targets.size()) / samples;
    Measured sum;
    for (std::int64_t first = 0; first < samples; first += Capacity) {
      const std::int64_t count = std::min<std::int64_t>(Capacity, samples - first);
      const Measured part = evaluate_batch(
          Samples<const Input>{images.data() + first * width, count, input_shape<Network>},
          Samples{targets.data() + first * target_width, count, Shape{int(target_width)}});
      sum.loss += part.loss * double(count);
      sum.accuracy += part.accuracy * double(count);
    }
    return {sum.loss / double(samples), sum.accuracy / double(samples)};
  }

  std::int64_t steps_done() const { return steps; }
  std::uint64_t seed = 0;  // of dropout and other random numbers
  // The gradients of the last step, as the parameters lie in Variables::parameters().
  const Element* gradient(const runtime::Variable& v) const { return gradients.data() + v.offset; }

 private:
  static constexpr DType arithmetic = arithmetic_of(Model::dtype);
  using HeldWeights = typename Weights::template Of<Element, typename Model::Kept>;
  static constexpr int arena_size = [] {
    int size = 0;
    for (const ir::Node& node :
         Recorded<Network, Purpose::initial, arithmetic>::recording.graph().nodes)
      if (node.op == Op::parameter) size += (node.shape.size() + 15) / 16 * 16;
    return size;
  }();
  using UsableLoss = fitting::UsableLoss<Network, Loss>;
  using Mode = typename Model::Mode;
  using Compiled = runtime::Compiled<fitting::TrainingStep<Network, UsableLoss>, Purpose::training,
                                     arithmetic, Mode>;
  // BatchNorm over vectors has no variance of one sample.
  static constexpr int minimum_samples = Compiled::recording.minimum_samples;
  static constexpr auto scopes = runtime::scope_table<Compiled>();
  using Backend = typename Model::RunsOn;
  using Stepper = runtime::ProgramOf<fitting::TrainingStep<Network, UsableLoss>, Purpose::training,
                                     Model::dtype, 0, Mode, Backend>;
  using Evaluator = runtime::ProgramOf<fitting::Evaluation<Network, UsableLoss>, Purpose::inference,
                                       Model::dtype, 0, Mode, Backend>;
  using Updater =
      runtime::ProgramOf<fitting::SolverUpdate<Solver, arena_size, HeldWeights::in_half>,
                         Purpose::training, HeldWeights::in_half ? Model::dtype : arithmetic, 0,
                         Mode, Backend>;
  using Target = std::conditional_t<fitting::has_label<Compiled>, std::int32_t, Element>;
  using SolverInitial =
      runtime::InitialValues<fitting::SolverUpdate<Solver, arena_size>, arithmetic>;

  // This trainer as the loop of fit sees it.
  struct Fitter final : fitting::Learner<Input, Target> {
    explicit Fitter(Trainer& the_trainer) : trainer(&the_trainer) {
      this->input_width = input_shape<Network>.size();
      this->target_width = trainer->target_width();
      this->capacity = Capacity;
      this->minimum_samples = Trainer::minimum_samples;
      this->vocabulary = tg::vocabulary<Network>;
      this->classes = output_shape<Network>.size();
      this->accuracy = fitting::has_accuracy<Loss>;
      this->epochs_before = trainer->epochs;
    }
    Measured learn(const data::Batch<Input, Target>& batch, const fitting::Debug& debug,
                   std::string& origin) override {
      return debug ? trainer->learn_in_debug_mode(batch, debug, origin)
                   : trainer->learn(batch.inputs, batch.targets);
    }
    Measured evaluate(const data::Batch<Input, Target>& batch) override {
      return trainer->evaluate_batch(batch.inputs, batch.targets);
    }
    double* rate() override {
      if constexpr (requires(Solver & s) {
                      { &s.learning_rate } -> std::same_as<double*>;
                    })
        return &trainer->solver.learning_rate;
      else
        return nullptr;
    }
    Trainer* trainer;
  };

  [[gnu::cold]] Measured learn_in_debug_mode(const data::Batch<Input, Target>& batch,
                                             const fitting::Debug& debug, std::string& origin) {
    const Measured result = differentiate(batch.inputs, batch.targets);
    bool right = std::isfinite(result.loss);
    for (std::size_t i = 0; i < gradients.size(); ++i) right = right && std::isfinite(gradients[i]);
    if (right) {
      update();
    } else {
      auto step = fitting::failed_step(stepper.leaves(), model->memory(), loss, batch);
      step.nodes = Stepper::program().nodes;
      step.scopes = scopes;
      static constexpr auto places = runtime::place_table<Compiled>();
      step.places = places;
      step.seed = seed, step.call = std::uint64_t(steps);
      origin = debug.diagnose(step);
      if (origin.empty())
        origin = Model::dtype == f16 ? "computed in float all is finite: a number is beyond 65504, "
                                       "the largest of f16 (bf16 has float's range)"
                                     : "the reference finds nothing wrong";
    }
    ++steps;
    return result;
  }

  // Numbers in one sample's target.
  std::int64_t target_width() const {
    const runtime::Leaves& leaves = stepper.leaves();
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf)
      if (leaves.name(leaf) == "target") return leaves.infos[leaf].shape.size();
    return 1;
  }

  template <class Callable>
  static void bind_named(Callable& function, std::string_view name, const void* memory) {
    const runtime::Leaves& leaves = function.leaves();
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf)
      if (leaves.name(leaf) == name) function.bind_given(leaf, memory);
  }

  template <class Callable, class Images, class Targets>
  [[gnu::noinline]] std::int64_t bind_samples(Callable& function, const Images& images,
                                              const Targets& targets) {
    static_assert(ContiguousOf<Images, Input>,
                  "the samples must be contiguous numbers of the model's dtype, or std::int32_t "
                  "where it begins with tg::Tokens");
    const std::int64_t samples =
        runtime::count_samples(images, input_shape<Network>.size(), "trainer");
    if (samples > Capacity)
      fail("trainer", "%lld samples, expected at most %d, its tg::batch", (long long)samples,
           Capacity);
    networks::check_given<Network>(images.data(), samples, "trainer");
    const runtime::Leaves& leaves = function.leaves();
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
      const runtime::LeafInfo& info = leaves.infos[leaf];
      if (info.op != Op::input && info.op != Op::label) continue;
      if (leaves.name(leaf) != "target") {
        function.bind_given(leaf, images.data());
        continue;
      }
      if (std::int64_t(targets.size()) != samples * info.shape.size())
        fail("trainer", "targets of %lld numbers for %lld samples, expected %lld",
             (long long)targets.size(), (long long)samples,
             (long long)(samples * info.shape.size()));
      if constexpr (ContiguousOf<Targets, std::int32_t>) {
        if (info.op == Op::label) check_labels(targets.data(), samples);
        if (info.op == Op::label) function.bind_labels(leaf, targets.data());
      } else if constexpr (ContiguousOf<Targets, Element>) {
        function.bind(leaf, const_cast<Element*>(targets.data()));
      }
    }
    return samples;
  }
  static void check_labels(const std::int32_t* labels, std::int64_t samples) {
    constexpr int classes = output_shape<Network>.size();
    for (std::int64_t i = 0; i < samples; ++i)
      if (labels[i] < 0 || labels[i] >= classes)
        fail("trainer", "label %d at sample %lld, expected 0 to %d", labels[i], (long long)i,
             classes - 1);
  }

  template <class Images, class Targets>
  Measured evaluate_batch(const Images& images, const Targets& targets) {
    const std::int64_t samples = bind_samples(evaluator, images, targets);
    evaluator.read(loss);
    evaluator.run(samples);
    return take();
  }
  // Loss, metric and gradients of a step; nothing is learned yet.
  template <class Images, class Targets>
  Measured differentiate(const Images& images, const Targets& targets) {
    const std::int64_t samples = bind_samples(stepper, images, targets);
    if (samples < minimum_samples)
      fail("trainer", "%lld samples, expected at least %d: the network normalises over them",
           (long long)samples, minimum_samples);
    stepper.read(loss);
    stepper.run(samples, seed, std::uint64_t(steps));
    return take();
  }
  Measured take() const { return {double(measured[0]), double(measured[1])}; }

  void update() {
    updater.read(solver);
    weights.before_update();
    updater.run(1);
    weights.after_update();
  }

  Model* model;
  HeldWeights weights;
  AlignedBuffer<Element> gradients;
  runtime::Variables<Element> states;
  runtime::Callable<typename Stepper::Program> stepper;
  runtime::Callable<typename Updater::Program> updater;
  runtime::Callable<typename Evaluator::Program> evaluator;
  Element measured[2] = {};
  std::int64_t steps = 0, epochs = 0;
};

template <class Model, class Loss, class Solver, int Capacity>
Trainer(Model&, Loss, Solver, Batch<Capacity>) -> Trainer<Model, Loss, Solver, Capacity>;
template <class Model, class Loss, class Solver, int Capacity>
Trainer(Model&, Loss, Solver, Batch<Capacity>, MasterWeights)
    -> Trainer<Model, Loss, Solver, Capacity, MasterWeights>;

}  // namespace tg
