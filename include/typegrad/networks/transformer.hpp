// A Transformer's encoder, layer by layer.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/multi_head_attention.hpp"
#include "typegrad/layers/standardise.hpp"

namespace tg {

// x (tokens, width) -> y (tokens, width), with A the attention and F two Linear layers,
// linear2(activation(linear1(x))), the first with FeedForward outputs:
//   z = norm1(x + A(x)),   y = norm2(z + F(z))
//   z = x + A(norm1(x)),   y = z + F(norm2(z))       with tg::norm_first
// torch.nn.TransformerEncoderLayer(width, Heads, FeedForward, batch_first=True), with its
// parameters' names: self_attn.…, linear1.…, linear2.…, norm1.…, norm2.… (Vaswani et al.,
// "Attention is all you need", 2017; Xiong et al., "On layer normalization in the transformer
// architecture", 2020).
// Options: norm_first, activation (Relu), dropout (0.1; of the attention's weights, of the
// activation, of A and of F), causal, epsilon (1e-5, of the norms). Faults: needs_tokens,
// heads_do_not_divide.
template <int Heads, int FeedForward = 2048, auto... Options>
class TransformerEncoderLayer {
  using options = OptionsOf<TransformerEncoderLayer, Options...>;

 public:
  static constexpr Var define(Scope& s, Var x) {
    options::template allow<Subject::order, Subject::activation, Subject::rate, Subject::mask,
                            Subject::epsilon>(s);
    if (x.shape().rank() != 2)
      return s.fault(x, {.kind = FaultKind::needs_tokens, .got = x.shape()});
    if constexpr (options::template get<Subject::order>(false)) {
      const Var z = x + attend(s, norm(s, "norm1", x));
      return z + feed_forward(s, norm(s, "norm2", z));
    } else {
      const Var z = norm(s, "norm1", x + attend(s, x));
      return norm(s, "norm2", z + feed_forward(s, z));
    }
  }

 private:
  static constexpr double rate = options::template get<Subject::rate>(0.1);

  // What `make` records has names that begin with `name`.
  static constexpr Var named(Scope& s, const char* name, auto make) {
    s.enter(name);
    const Var y = make();
    s.leave();
    return y;
  }
  static constexpr Var drop(Scope& s, const char* name, Var x) {
    return named(s, name, [&] { return Dropout<rate>::define(s, x); });
  }
  static constexpr Var norm(Scope& s, const char* name, Var x) {
    constexpr double small = options::template get<Subject::epsilon>(1e-5);
    const Shape features{x.shape()[1]};
    return named(s, name, [&] {
      const Var weight = s.parameter("weight", features, Constant{1});
      const Var bias = s.parameter("bias", features, Constant{0});
      return layer_options::standardise(x, small) * weight + bias;
    });
  }
  static constexpr Var linear(Scope& s, const char* name, int outputs, Var x) {
    const TorchDefault filler{x.shape()[1]};
    return named(s, name, [&] { return layers::linear<true>(s, x, outputs, filler, filler); });
  }

  static constexpr Var attend(Scope& s, Var x) {
    using Attention =
        MultiHeadAttention<Heads, Causal<options::template get<Subject::mask>(false)>{},
                           DropoutRate<rate>{}>;
    return drop(s, "dropout1", named(s, "self_attn", [&] { return Attention::define(s, x); }));
  }
  static constexpr Var feed_forward(Scope& s, Var x) {
    constexpr auto activation = options::template get<Subject::activation>(Relu{});
    const Var y = activation.define(s, linear(s, "linear1", FeedForward, x));
    return drop(s, "dropout2", linear(s, "linear2", x.shape()[1], drop(s, "dropout", y)));
  }
};

// `Layers` of them, one after the other. torch.nn.TransformerEncoder, with its parameters' names:
// layers.0.self_attn.…
template <int Layers, int Heads, int FeedForward = 2048, auto... Options>
struct TransformerEncoder {
  static constexpr Var define(Scope& s, Var x) {
    s.enter("layers");
    for (int i = 0; i < Layers; ++i) {
      s.enter(i);
      x = TransformerEncoderLayer<Heads, FeedForward, Options...>::define(s, x);
      s.leave();
    }
    s.leave();
    return x;
  }
};

}  // namespace tg
