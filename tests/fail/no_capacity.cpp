// The workspace of a network that compares samples with each other, for a call of any number of
// them.
// expected-error {{needs_batch_capacity<limit<0>>}}
// expected-error {{say how many samples a call has at most, with tg::batch<N>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/inference.hpp"

// What differs from the mean of the samples.
struct Difference {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) { return x - tg::batch_mean(x); }
};
using Net = tg::Sequence<tg::Input<16>, tg::Linear<16>, Difference, tg::Linear<16>>;

#ifdef FIXED
// All samples stay in the store until their mean is known.
static_assert(tg::workspace_bytes<Net, tg::batch<256>> - tg::workspace_bytes<Net, tg::batch<64>> >=
              192 * 16 * 4);
#else
static_assert(tg::workspace_bytes<Net> > 0);
#endif
