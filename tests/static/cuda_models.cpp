// Models and functions on a GPU: nvcc compiles what keeps their memory there and trains them.
#include "typegrad/core/config.hpp"

#if defined(__CUDACC__)
#include <typegrad/cuda.cuh>
#include <typegrad/typegrad.hpp>

namespace models {

using Net = tg::Sequence<tg::Input<20>, tg::Linear<10>, tg::BatchNorm<>, tg::Relu, tg::Dropout<0.5>,
                         tg::Linear<3>>;
using Model = tg::Model<Net, tg::Cuda>;
using OneKernel =
    tg::Model<tg::Sequence<tg::Input<20>, tg::Dropout<0.5>, tg::Linear<3>>, tg::CudaCooperative>;
static_assert(std::is_same_v<Model::Memory, tg::cuda::DeviceMemory<tg::cuda::Device>>);

struct Count {
  static constexpr auto define(tg::Scope& s) {
    const tg::Var n = s.shared("n", {3});
    s.update(n, n + 1);
    return tg::outputs(2 * n);
  }
};
using Counter = tg::Function<Count, tg::Cuda>;
using Watched = tg::Function<Count, tg::Cuda, tg::observed>;
static_assert(std::is_same_v<tg::Shared<Counter>::Memory, Model::Memory>);

}  // namespace models

template <class Model>
double train(Model& model, const std::vector<float>& samples,
             const std::vector<std::int32_t>& labels) {
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{}, tg::batch<64>};
  static_assert((decltype(trainer)::launches() == 1) == std::is_same_v<Model, models::OneKernel>);
  trainer.teach(samples, labels);
  trainer.fit(samples, labels);
  return trainer.evaluate(samples, labels).loss + double(model.template get<"0.weight">()(0));
}
template double train(models::Model&, const std::vector<float>&, const std::vector<std::int32_t>&);
template double train(models::OneKernel&, const std::vector<float>&,
                      const std::vector<std::int32_t>&);
void predict(models::Model& model, const tg::Tensor<float, tg::Cuda>& x,
             tg::Tensor<float, tg::Cuda>& y) {
  model(x, y);
}
float count() {
  tg::Shared<models::Counter> state;
  models::Counter counter(state);
  return counter()(0) + state.get<"n">()(0);
}
float look_on(tg::Observer& observer) {
  tg::Shared<models::Watched> state;
  models::Watched watched(state);
  watched.observe(observer);
  return watched()(0);
}
#endif
