// Trains a model: one step, an epoch, a run.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>

#include "typegrad/runtime/model.hpp"
#include "typegrad/training/fit.hpp"
#include "typegrad/training/master_weights.hpp"
#include "typegrad/training/resident.hpp"
#include "typegrad/training/snapshot.hpp"
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
  using Memory = typename Model::Memory;

  Trainer(Model& the_model, const Loss& the_loss, const Solver& the_solver, Batch<Capacity>,
          Weights = {})
      : loss(the_loss),
        solver(the_solver),
        model(&the_model),
        weights(the_model.memory().parameter_array()),
        gradients(the_model.memory().array_of_gradients()),
        states(SolverInitial::leaves()),
        stepper(Stepper::program(), Stepper::leaves(), Capacity),
        updater(Updater::program(), Updater::leaves(), 0),
        evaluator(Evaluator::program(), Evaluator::leaves(), Capacity),
        together(stepper.runs_on(), updater.runs_on(), evaluator.runs_on(), measured) {
    the_model.memory().bind(stepper, &gradients);
    the_model.memory().bind(evaluator);
    states.initialise(SolverInitial::leaves(), SolverInitial::compute(0));
    states.bind(updater);
    bind_named(updater, "weight", weights.solved());
    if constexpr (is_together) {
      bind_named(updater, "teaches", together.permission());
      bind_named(stepper, "goes_on", together.run_goes_on());
    }
    bind_named(updater, "gradient", Memory::part_of(gradients, 0, gradients.size()));
    for (int i = 0; i < (fitting::has_accuracy<UsableLoss> ? 2 : 1); ++i) {
      const auto part = Memory::part_of(measured, std::size_t(i), 1);
      stepper.bind_part(stepper.slot_of(i), part);
      evaluator.bind_part(evaluator.slot_of(i), part);
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
    if constexpr (!is_together) {
      const Measured result = differentiate(images, targets);
      if (std::isfinite(result.loss)) update();  // a step that went wrong teaches nothing
      ++steps;
      return result;
    } else {
      teach(images, targets);
      return take();
    }
  }
  // The same for who does not ask how it went: from a device nothing is copied back.
  template <class Images, class Targets>
  void teach(const Images& images, const Targets& targets) {
    if constexpr (!is_together) {
      learn(images, targets);
    } else {
      const std::int64_t samples = bind_step(images, targets);
      stepper.read(loss), updater.read(solver);
      together.template run<Input, Target>(samples, seed, std::uint64_t(steps++));
    }
  }

  // Epochs over a data::Split, or {samples, targets}; numbers of another type become the model's.
  // Ctrl-C ends it after the step. Throws Error when the samples do not fit, and when a loss is not
  // finite: then the parameters are those from before that step. A device takes all samples once,
  // if there is room for them, and then only says what is to be shown.
  History fit(const fitting::Examples& examples, const FitOptions& options = {}) {
    return fit_on(examples, options, {});
  }
  template <fitting::Numbers Images, fitting::Numbers Targets>
  History fit(const Images& images, const Targets& targets, const FitOptions& options = {}) {
    return fit_on({images, targets}, options, fitting::on_device<Fitter>(images, targets));
  }

  // Loss and accuracy of any number of samples, nothing learned.
  Measured evaluate(const fitting::Examples& examples) { return evaluate_on(examples, {}); }
  template <class Images, class Targets>
  Measured evaluate(const Images& images, const Targets& targets) {
    const std::int64_t count =
        runtime::count_samples(images, input_shape<Network>.size(), "evaluate");
    const Samples<const Input> inputs{images.data(), count, input_shape<Network>};
    const Samples answers{targets.data(), count, Shape{int(std::int64_t(targets.size()) / count)}};
    if constexpr (is_together)
      return evaluate_on({inputs, answers}, fitting::on_device<Fitter>(images, targets));
    else
      return evaluate_here(inputs, answers);
  }

  // What a step launches on a device: kernels, or loops' steps; captured, all of them are one.
  static consteval int launches() {
    static_assert(is_together, "typegrad: on the host, a step launches nothing");
    return Together::launches(Stepper::Plan::L::launches, Updater::Plan::L::launches);
  }

  std::int64_t steps_done() const { return steps; }
  std::uint64_t seed = 0;  // of dropout and other random numbers
  // The gradients of the last step, as the parameters lie in Variables::parameters().
  const Element* gradient(const runtime::Variable& v) const {
    return Memory::to_read(gradients, v.offset, std::size_t(v.shape.size()));
  }

 private:
  using Array = typename Memory::template Array<Element>;
  static constexpr DType arithmetic = arithmetic_of(Model::dtype);
  using HeldWeights = typename Weights::template Of<Element, typename Model::Kept, Memory>;
  static constexpr bool is_together = !Memory::is_host && !HeldWeights::on_host;
  static constexpr int arena_size =
      fitting::size_of_arena(Recorded<Network, Purpose::initial, arithmetic>::recording);
  using UsableLoss = fitting::UsableLoss<Network, Loss>;
  using Mode = typename Model::Mode;
  using Compiled = runtime::Compiled<fitting::TrainingStep<Network, UsableLoss, is_together>,
                                     Purpose::training, arithmetic, Mode>;
  // BatchNorm over vectors has no variance of one sample.
  static constexpr int minimum_samples = Compiled::recording.minimum_samples;
  static constexpr auto scopes = runtime::scope_table<Compiled>();
  using Backend = typename Model::RunsOn;
  using Stepper = runtime::ProgramOf<fitting::TrainingStep<Network, UsableLoss, is_together>,
                                     Purpose::training, Model::dtype, 0, Mode, Backend>;
  using Evaluator = runtime::ProgramOf<fitting::Evaluation<Network, UsableLoss>, Purpose::inference,
                                       Model::dtype, 0, Mode, Backend>;
  using Updater = runtime::ProgramOf<
      fitting::SolverUpdate<Solver, arena_size, HeldWeights::in_half, is_together>,
      Purpose::training, HeldWeights::in_half ? Model::dtype : arithmetic, 0, Mode, Backend>;
  using Target = std::conditional_t<fitting::has_label<Compiled>, std::int32_t, Element>;
  using SolverInitial =
      runtime::InitialValues<fitting::SolverUpdate<Solver, arena_size>, arithmetic>;
  using Together = typename fitting::StepsOf<Memory, Element, is_together, Stepper, Updater>::type;

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

    // Where memory is a device's: training/resident.hpp.
    using Memory = typename Trainer::Memory;
    using Element = typename Trainer::Element;
    static constexpr bool is_together = Trainer::is_together;
    using Steps = Together;
    using Number = Input;
    using Answer = Target;
    auto& steps() { return trainer->together; }
    int rate_slot() const { return fitting::rate_slot<Solver>(trainer->updater); }
    template <class Inputs, class Targets>
    void bind(const Inputs& inputs, const Targets& targets) {
      bind_arrays(trainer->stepper, inputs, targets);
    }
    template <class Inputs, class Targets>
    void bind_evaluator(const Inputs& inputs, const Targets& targets) {
      trainer->evaluator.read(trainer->loss);
      bind_arrays(trainer->evaluator, inputs, targets);
    }
    template <class Data>
    void evaluate_next(Data& data, std::int64_t samples) {
      trainer->together.evaluate_next(data, samples);
    }
    template <class Data>
    void run_next(Data& data, std::int64_t samples) {
      trainer->stepper.read(trainer->loss), trainer->updater.read(trainer->solver);
      trainer->together.run_next(data, samples, trainer->seed, std::uint64_t(trainer->steps++));
    }
    std::int64_t steps_done() const { return trainer->steps; }
    // Later ones have taught nothing.
    void set_steps(std::int64_t count) { trainer->steps = count; }

    Trainer* trainer;
  };

  History fit_on(const fitting::Examples& examples, const FitOptions& options,
                 const fitting::OnDevice<Fitter>& there) {
    Fitter fitter(*this);
    History history = fitting::fit_where(fitter, examples, options, there);
    epochs += history.epochs();
    return history;
  }

  Measured evaluate_on(const fitting::Examples& examples, const fitting::OnDevice<Fitter>& there) {
    Fitter fitter(*this);
    return fitting::evaluate_where(fitter, examples, there);
  }

  [[gnu::cold]] Measured learn_in_debug_mode(const data::Batch<Input, Target>& batch,
                                             const fitting::Debug& debug, std::string& origin) {
    const fitting::Snapshot before(model->memory());
    if constexpr (is_together) together.permit();
    const Measured result = differentiate(batch.inputs, batch.targets);
    bool right = std::isfinite(result.loss);
    const Element* const all = Memory::to_read(gradients, 0, gradients.size());
    for (std::size_t i = 0; i < gradients.size(); ++i) right = right && std::isfinite(all[i]);
    if (right) {
      update();
    } else {
      before.restore();
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

  template <class Callable, class Part>
  static void bind_named(Callable& function, std::string_view name, const Part& part) {
    const runtime::Leaves& leaves = function.leaves();
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf)
      if (leaves.name(leaf) == name) function.bind_part(passes::leaf_slot(int(leaf)), part);
  }

  template <class Callable, class Inputs, class Targets>
  static void bind_arrays(Callable& function, const Inputs& inputs, const Targets& targets) {
    const runtime::Leaves& leaves = function.leaves();
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
      const Op op = leaves.infos[leaf].op;
      if (op != Op::input && op != Op::label) continue;
      const int slot = passes::leaf_slot(int(leaf));
      if (leaves.name(leaf) == "target")
        function.bind_part(slot, Memory::part_of(targets, 0, targets.size()));
      else
        function.bind_part(slot, Memory::part_of(inputs, 0, inputs.size()));
    }
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
    networks::check_given<Network>(images, samples, "trainer");
    const runtime::Leaves& leaves = function.leaves();
    for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
      const runtime::LeafInfo& info = leaves.infos[leaf];
      if (info.op != Op::input && info.op != Op::label) continue;
      if (leaves.name(leaf) != "target") {
        function.bind_range(leaf, images);
        continue;
      }
      if (std::int64_t(targets.size()) != samples * info.shape.size())
        fail("trainer", "targets of %lld numbers for %lld samples, expected %lld",
             (long long)targets.size(), (long long)samples,
             (long long)(samples * info.shape.size()));
      if constexpr (ContiguousOf<Targets, std::int32_t>) {
        if (info.op == Op::label) check_labels(targets.data(), samples);
        if (info.op == Op::label) function.bind_range(leaf, targets);
      } else if constexpr (ContiguousOf<Targets, Element>) {
        function.bind_range(leaf, targets);
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

  // Batch by batch, as they lie in the host's memory: nothing is allocated.
  template <class Answers>
  Measured evaluate_here(const Samples<const Input>& inputs, const Answers& answers) {
    const Fitter fitter(*this);
    fitting::check_examples(fitter, {inputs, answers}, "evaluate");
    fitting::Mean mean;
    for (std::int64_t first = 0; first < inputs.count(); first += Capacity) {
      const std::int64_t count = std::min<std::int64_t>(Capacity, inputs.count() - first);
      mean.add(evaluate_batch(inputs.slice(first, count), answers.slice(first, count)), count);
    }
    return mean.value();
  }
  template <class Images, class Targets>
  Measured evaluate_batch(const Images& images, const Targets& targets) {
    const std::int64_t samples = bind_samples(evaluator, images, targets);
    evaluator.read(loss);
    evaluator.run(samples);
    return take();
  }
  template <class Images, class Targets>
  std::int64_t bind_step(const Images& images, const Targets& targets) {
    const std::int64_t samples = bind_samples(stepper, images, targets);
    if (samples < minimum_samples)
      fail("trainer", "%lld samples, expected at least %d: the network normalises over them",
           (long long)samples, minimum_samples);
    return samples;
  }
  // Loss, metric and gradients of a step; nothing is learned yet.
  template <class Images, class Targets>
  Measured differentiate(const Images& images, const Targets& targets) {
    const std::int64_t samples = bind_step(images, targets);
    stepper.read(loss);
    stepper.run(samples, seed, std::uint64_t(steps));
    return take();
  }
  Measured take() const {
    const Element* const now = Memory::to_read(measured, 0, 2);
    return {double(now[0]), double(now[1])};
  }

  void update() {
    updater.read(solver);
    weights.before_update();
    updater.run(1);
    weights.after_update();
  }

  Model* model;
  HeldWeights weights;
  Array gradients;
  runtime::Variables<Element, Element, Memory> states;
  runtime::Callable<typename Stepper::Program> stepper;
  runtime::Callable<typename Updater::Program> updater;
  runtime::Callable<typename Evaluator::Program> evaluator;
  Array measured{2};  // loss and metric
  [[no_unique_address]] Together together;
  std::int64_t steps = 0, epochs = 0;
};

template <class Model, class Loss, class Solver, int Capacity>
Trainer(Model&, Loss, Solver, Batch<Capacity>) -> Trainer<Model, Loss, Solver, Capacity>;
template <class Model, class Loss, class Solver, int Capacity>
Trainer(Model&, Loss, Solver, Batch<Capacity>, MasterWeights)
    -> Trainer<Model, Loss, Solver, Capacity, MasterWeights>;

}  // namespace tg
