// The gradient of a narrow network in one kernel: forward, back, and sums over the samples.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/backends/cuda/kernels/mlp.hpp"

// A block takes a tile of samples forward and back. What goes into the activations on the way
// forward is kept in shared memory, if there is room, else in global memory that is the block's
// own: it is used again for the next tile, so it stays in the second-level cache. The samples'
// gradients are summed in parts: tiles that belong to one part are added in order by whoever has
// it, and how tiles make parts depends on the number of samples alone, so that the bits do not
// depend on the number of blocks. AddParts makes the gradient of them.
namespace tg::cuda {

// Who does not ask for dx.
struct NoInputGradient {};

namespace detail {

template <class Net, int Warps>
struct MlpGradientSpace {
  using First = MlpLayer<Net, Which::first>;
  using Between = MlpLayer<Net, Which::between>;
  using Last = MlpLayer<Net, Which::last>;
  static constexpr int block_samples = Warps * Net::samples;
  static constexpr int pitch = block_samples + Net::Product::slab_skew;
  static constexpr int slab_floats = Net::widest * pitch;
  static constexpr int forward_words =
      largest(First::forward_words, Between::forward_words, Last::forward_words);
  static constexpr int back_words =
      largest(First::back_words, Between::back_words, Last::back_words);
  static constexpr int matrix_floats = forward_words > back_words ? forward_words : back_words;
  static constexpr int working_floats = matrix_floats + 2 * slab_floats;
  // What goes into the activations, written and read by the same thread.
  static constexpr int kept_floats = Net::hidden * Net::width * block_samples;
  static constexpr bool keeps = working_floats + kept_floats <= most_shared_floats;
  static constexpr int floats = working_floats + (keeps ? kept_floats : 0);
};

// As many warps as there is shared memory for.
template <class Net>
constexpr int gradient_warps() {
  if (MlpGradientSpace<Net, 8>::working_floats <= most_shared_floats) return 8;
  if (MlpGradientSpace<Net, 4>::working_floats <= most_shared_floats) return 4;
  return 2;
}

}  // namespace detail

// run(c, parameters, x, stride, count, parts, kept, loss, input_gradient):
//   loss(c, element, sample, y) -> dy   for each output of a sample < count; it may write y
//   parts                               (parts(stride), parameters) is written
//   kept                                kept_floats for each block: none, where they fit elsewhere
//   input_gradient(c, element, sample, dx), or NoInputGradient{}
template <class Net, int MostParts = 256>
struct MlpGradient {
  static constexpr int warps = detail::gradient_warps<Net>();
  using Space = detail::MlpGradientSpace<Net, warps>;
  static constexpr int threads = 32 * warps, block_samples = Space::block_samples;
  static constexpr int large_shared = Space::floats * int(sizeof(float));
  static constexpr int kept_floats = Space::keeps ? 0 : Space::kept_floats;

  // The default suffices for every device, and so many parts are quickly added.
  static constexpr int tiles(int stride) { return tiles_of(stride, block_samples); }
  static constexpr int tiles_of_part(int stride) { return tiles_of(tiles(stride), MostParts); }
  static constexpr int parts(int stride) { return tiles_of(tiles(stride), tiles_of_part(stride)); }

  template <class C, class Loss, class InputGradient = NoInputGradient>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<const float> parameters,
                                  typename C::template Global<const float> x, int stride, int count,
                                  typename C::template Global<float> parts_sums,
                                  typename C::template Global<float> kept, const Loss& loss,
                                  const InputGradient& input_gradient = {}) {
    for_each_tile(c, parts(stride), [&](int part) {
      const int begin = part * tiles_of_part(stride);
      const int end = begin + tiles_of_part(stride);
      for (int tile = begin; tile < end && tile < tiles(stride); ++tile) {
        Tile<C, Loss, InputGradient> work(
            c, parameters, x, parts_sums + std::int64_t(part) * Net::parameters,
            kept + std::int64_t(c.block()) * kept_floats, loss, input_gradient);
        work.stride = stride, work.count = count, work.is_first = tile == begin;
        work.first_sample = tile * block_samples;
        work.run();
      }
    });
  }

 private:
  using Product = typename Net::Product;
  template <int N>
  using Sums = typename Product::template Sums<N>;
  template <int K>
  using Factor = typename Product::template Factor<K>;
  using Hidden = Sums<Net::width>;

  // One tile of samples.
  template <class C, class Loss, class InputGradient>
  struct Tile {
    using Given = typename C::template Global<const float>;
    using Floats = typename C::template Global<float>;
    static constexpr bool wants_input = !std::is_same_v<InputGradient, NoInputGradient>;

    TYPEGRAD_DEVICE Tile(const C& the_context, const Given& the_parameters, const Given& the_x,
                         const Floats& the_sums, const Floats& the_kept, const Loss& the_loss,
                         const InputGradient& the_input_gradient)
        : c(the_context),
          parameters(the_parameters),
          x(the_x),
          sums(the_sums),
          kept(Space::keeps ? large().part(Space::working_floats, Space::kept_floats) : the_kept),
          loss(the_loss),
          input_gradient(the_input_gradient),
          matrix(large().part(0, Space::matrix_floats)),
          adjoints{large().part(Space::matrix_floats, Space::slab_floats), Space::pitch},
          values{large().part(Space::matrix_floats + Space::slab_floats, Space::slab_floats),
                 Space::pitch} {}

    TYPEGRAD_DEVICE void run() const {
      auto dz = back<typename Space::Last>(forward(), Net::hidden);
      for (int layer = Net::hidden - 1; layer > 0; --layer)
        dz = back<typename Space::Between>(dz, layer);
      back_to_input(dz);
    }

    // dy of the warp's samples.
    TYPEGRAD_DEVICE auto forward() const {
      Hidden z;
      apply<typename Space::First>(0, z, [&](auto& x_factor) {
        x_factor.load(c, own(adjoints), [&](int e, int s) { return input(e, warp_sample() + s); });
      });
      keep(z, 0);
      const auto activated = [&](auto& factor) {
        detail::activate<typename Net::F>(z);
        factor.take(c, own(adjoints), z);
      };
      for (int layer = 1; layer < Net::hidden; ++layer) {
        apply<typename Space::Between>(layer, z, activated);
        keep(z, layer);
      }
      Sums<Space::Last::rows> y;
      apply<typename Space::Last>(Net::hidden, y, activated);
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < y.count; ++i) {
        const int element = y.element(c.lane(), i);
        const int sample = first_sample + warp_sample() + y.sample(c.lane(), i);
        const bool inside = element < Net::outputs && sample < count;
        y[i] = inside ? float(loss(c, element, sample, y[i])) : 0.0f;
      }
      return y;
    }

    // Adds dz h^T and dz to the layer's sums; the adjoint of what went into the activation before.
    template <class Layer, class Adjoint>
    TYPEGRAD_DEVICE Hidden back(Adjoint dz, int layer) const {
      Factor<Layer::rows> factor = share<Layer>(dz, layer);
      {
        Hidden h = recall(layer - 1);
        detail::activate<typename Net::F>(h);
        h.store(c, own(values));
      }
      c.barrier();
      add_gradient<Layer>(layer);
      Hidden dh = {};
      factor.multiply(c, own(adjoints), matrix, dh);
      Hidden z = recall(layer - 1);
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < z.count; ++i) dh[i] *= Net::F::slope(z[i]);
      return dh;
    }
    TYPEGRAD_DEVICE void back_to_input(Hidden dz) const {
      using Layer = typename Space::First;
      Factor<Layer::rows> factor = share<Layer>(dz, 0);
      in_batches_of_block(
          c, Layer::columns * block_samples,
          [&](int i) { return input(i / block_samples, i % block_samples); },
          [&](int i, float value) {
            values.x[i / block_samples * values.pitch + i % block_samples] = value;
          });
      c.barrier();
      add_gradient<Layer>(0);
      if constexpr (wants_input) {
        Sums<Layer::columns> dx = {};
        factor.multiply(c, own(adjoints), matrix, dx);
        TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < dx.count; ++i) {
          const int element = dx.element(c.lane(), i);
          const int sample = first_sample + warp_sample() + dx.sample(c.lane(), i);
          if (element < Net::inputs && sample < count) input_gradient(c, element, sample, dx[i]);
        }
      }
    }

    // The adjoints go to the block's slab, and the layer's weights to where they are multiplied by.
    template <class Layer, class Adjoint>
    TYPEGRAD_DEVICE Factor<Layer::rows> share(Adjoint& dz, int layer) const {
      c.barrier();  // all have used the slabs, and the layer before
      Factor<Layer::rows> factor;
      factor.take(c, own(adjoints), dz);
      if constexpr (!Product::factor_is_in_slab) dz.store(c, own(adjoints));
      if constexpr (wants_input || !std::is_same_v<Layer, typename Space::First>)
        Layer::stage_back(c, parameters + Net::weight(layer), matrix);
      return factor;
    }

    // A warp takes 16 x `columns` of the weights' gradients at a time. The thread that adds to a
    // number is the same for each of the part's tiles.
    template <class Layer>
    TYPEGRAD_DEVICE void add_gradient(int layer) const {
      constexpr int columns = Layer::columns % 32 == 0 ? 32 : 16;
      constexpr int across = Layer::columns / columns;
      const Floats to = sums + Net::weight(layer);
      for (int unit = c.warp(); unit < Layer::rows / 16 * across; unit += warps) {
        const int row = unit / across * 16, column = unit % across * columns;
        typename Product::template OuterSums<columns> outer;
        outer.template add<block_samples>(c, adjoints, row, values, column);
        in_batches(
            outer.count,
            [&](int i) -> float {
              const int at =
                  weight<Layer>(row + outer.row(c.lane(), i), column + outer.column(c.lane(), i));
              return is_first || at < 0 ? 0.0f : float(to[at]);
            },
            [&](int i, float before) {
              const int at =
                  weight<Layer>(row + outer.row(c.lane(), i), column + outer.column(c.lane(), i));
              if (at >= 0) to[at] = before + outer[i];
            });
      }
      for (int output = c.warp(); output < Layer::outputs; output += warps) {
        float sum = 0;
        for (int s = c.lane(); s < block_samples; s += 32) sum += adjoints(output, s);
        for (int step = 16; step > 0; step /= 2) sum += c.shuffle_xor(sum, step);
        const int at = Layer::outputs * Layer::inputs + output;
        if (c.lane() == 0) to[at] = is_first ? sum : to[at] + sum;
      }
    }
    // Which of the layer's weights; -1: none.
    template <class Layer>
    TYPEGRAD_DEVICE static int weight(int row, int column) {
      return row < Layer::outputs && column < Layer::inputs ? row * Layer::inputs + column : -1;
    }

    // z = W h + b, where fill(factor) says what h is.
    template <class Layer, class To, class Fill>
    TYPEGRAD_DEVICE void apply(int layer, To& z, const Fill& fill) const {
      Factor<Layer::columns> factor;
      c.barrier();  // all have used the slabs, and the layer before
      fill(factor);
      Layer::stage_forward(c, parameters + Net::weight(layer), matrix);
      c.barrier();
      Layer::start(c, parameters + Net::weight(layer), z);
      factor.multiply(c, own(adjoints), matrix, z);
    }

    // What goes into the activation behind a layer: each thread has its own.
    TYPEGRAD_DEVICE void keep(Hidden& z, int layer) const {
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < z.count; ++i)
          kept[(layer * z.count + i) * threads + c.thread()] = z[i];
    }
    TYPEGRAD_DEVICE Hidden recall(int layer) const {
      Hidden z;
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < z.count; ++i) z[i] =
          kept[(layer * z.count + i) * threads + c.thread()];
      return z;
    }

    TYPEGRAD_DEVICE float input(int element, int sample) const {
      const bool inside = element < Net::inputs && first_sample + sample < count;
      return inside ? float(x[element * stride + first_sample + sample]) : 0.0f;
    }
    TYPEGRAD_DEVICE int warp_sample() const { return c.warp() * Net::samples; }
    TYPEGRAD_DEVICE Slab<Floats> own(const Slab<Floats>& slab) const {
      return slab.from_sample(warp_sample());
    }
    TYPEGRAD_DEVICE Floats large() const { return c.template large_shared<float, Space::floats>(); }

    const C& c;
    Given parameters, x;
    Floats sums, kept;
    const Loss& loss;
    const InputGradient& input_gradient;
    Floats matrix;
    Slab<Floats> adjoints, values;
    int stride = 0, count = 0, first_sample = 0;
    bool is_first = false;
  };
};

// sum[i] = parts[0][i] + parts[1][i] + …, in that order. epilogue(c, i, value) gets each.
template <int Elements>
struct AddParts {
  static constexpr int threads = 256;
  static constexpr int tiles() { return tiles_of(Elements, threads); }

  template <class C, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<const float> parts,
                                  int count, const Epilogue& epilogue) {
    for_each_tile(c, tiles(), [&](int tile) {
      const int i = tile * threads + c.thread();
      if (i >= Elements) return;
      float sum = 0;
      in_batches(
          count, [&](int part) -> float { return parts[std::int64_t(part) * Elements + i]; },
          [&](int, float number) { sum += number; });
      epilogue(c, i, sum);
    });
  }
};

}  // namespace tg::cuda
