// The smallest program of someone else's: a network, and one batch through it.
#include <typegrad/typegrad.hpp>
#include <vector>

struct Network : tg::Sequence<tg::Input<4>, tg::Linear<3>, tg::Tanh, tg::Linear<2>> {};
static_assert(tg::output_shape<Network> == tg::Shape{2});
static_assert(tg::parameter_count<Network> == 4 * 3 + 3 + 3 * 2 + 2);

int main() {
  tg::Model<Network> model;
  const std::vector<float> samples(5 * 4, 1.0f);  // (samples, features)
  const auto outputs = model(samples);
  return outputs.rows() == 5 && outputs.cols() == 2 ? 0 : 1;
}
