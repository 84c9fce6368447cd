// A network of narrow layers in one kernel: a block takes its samples through all of them.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/activation.hpp"
#include "typegrad/backends/cuda/kernels/warp_product.hpp"

namespace tg::cuda {

// y = W_H h_H + b_H,  h_(l+1) = f(W_l h_l + b_l),  h_0 = x: H hidden layers of Width elements. The
// parameters are those of the same tg::Sequence, one after the other: W_0 (Width, Inputs), b_0
// (Width), …, W_H (Outputs, Width), b_H (Outputs). f is Act, an
// Activate.
// (Müller et al., "Real-time neural radiance caching for path tracing", 2021, has the idea.)
template <int Inputs, int Width, int HiddenLayers, int Outputs, class Act,
          Precision precision = Precision::f32>
struct Mlp {
  static_assert(Width == 16 || Width == 32 || Width == 64 || Width == 128,
                "a fused network is 16, 32, 64 or 128 wide");
  static_assert(HiddenLayers >= 1, "a fused network has a hidden layer");
  static_assert(Inputs >= 1 && Outputs >= 1 && Inputs <= 128 && Outputs <= 128,
                "a fused network has 1 to 128 inputs and outputs");

  using F = Act;
  static constexpr int inputs = Inputs, width = Width, hidden = HiddenLayers, outputs = Outputs;
  static constexpr int widest = padded(Inputs > Width && Inputs > Outputs ? Inputs
                                       : Width > Outputs                  ? Width
                                                                          : Outputs);
  // So many samples' numbers of one layer, and the sums of the next, fit a warp's registers.
  using Product = WarpProduct<precision, precision == Precision::f32 || widest <= 64 ? 32 : 16>;
  static constexpr int samples = Product::samples;

  // Where a layer's parameters begin; of `hidden + 1`, where they all end.
  static constexpr int weight(int layer) {
    return layer == 0 ? 0
                      : Width * (Inputs + 1) + (layer - 1) * Width * (Width + 1) -
                            (layer > HiddenLayers ? (Width - Outputs) * (Width + 1) : 0);
  }
  static constexpr int parameters = weight(HiddenLayers + 1);
};

namespace detail {

// The first layer, those between, the last one.
enum class Which { first, between, last };

// A layer of Net: its weights are (outputs, inputs), in shared memory with zeros around.
template <class Net, Which which>
struct MlpLayer {
  using Product = typename Net::Product;
  static constexpr int outputs = which == Which::last ? Net::outputs : Net::width;
  static constexpr int inputs = which == Which::first ? Net::inputs : Net::width;
  static constexpr int rows = padded(outputs), columns = padded(inputs);
  static constexpr int forward_words = Product::template matrix_words<columns, rows>;
  static constexpr int back_words = Product::template matrix_words<rows, columns>;

  // w = W^T, what samples are multiplied by on their way forward; and W, on the way back.
  template <class C, class Given, class To>
  TYPEGRAD_DEVICE static void stage_forward(const C& c, const Given& weight, const To& w) {
    Product::template stage<columns, rows, Along::k>(c, w, [&](int input, int output) -> float {
      return output < outputs && input < inputs ? float(weight[output * inputs + input]) : 0.0f;
    });
  }
  template <class C, class Given, class To>
  TYPEGRAD_DEVICE static void stage_back(const C& c, const Given& weight, const To& w) {
    Product::template stage<rows, columns, Along::n>(c, w, [&](int output, int input) -> float {
      return output < outputs && input < inputs ? float(weight[output * inputs + input]) : 0.0f;
    });
  }
  // sums = b
  template <class C, class Given>
  TYPEGRAD_DEVICE static void start(const C& c, const Given& weight,
                                    typename Product::template Sums<rows>& sums) {
    TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < sums.count; ++i) {
      const int output = sums.element(c.lane(), i);
      sums[i] = output < outputs ? float(weight[outputs * inputs + output]) : 0.0f;
    }
  }
};

template <class F, class Sums>
TYPEGRAD_DEVICE void activate(Sums& sums) {
  TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < sums.count; ++i) sums[i] = F::value(sums[i]);
}

inline constexpr int most_shared_floats = (160 << 10) / 4;  // of sm_80's 163 KiB for a block

constexpr int largest(int a, int b, int c) { return a > b ? (a > c ? a : c) : b > c ? b : c; }

}  // namespace detail

// What a block of so many warps needs of shared memory to evaluate Net; PerThread: for samples that
// its threads have.
template <class Net, int Warps, bool PerThread = false>
struct MlpSpace {
  using First = detail::MlpLayer<Net, detail::Which::first>;
  using Between = detail::MlpLayer<Net, detail::Which::between>;
  using Last = detail::MlpLayer<Net, detail::Which::last>;
  static constexpr bool has_slab = PerThread || Net::Product::factor_is_in_slab;
  static constexpr int warp_samples = PerThread ? 32 : Net::samples;
  static constexpr int pitch = Warps * warp_samples + Net::Product::slab_skew;
  static constexpr int slab_floats = has_slab ? Net::widest * pitch : 0;
  static constexpr int all_words =
      First::forward_words + (Net::hidden - 1) * Between::forward_words + Last::forward_words;
  // All weights stay there, if they fit; else a layer at a time passes through.
  static constexpr bool resident = slab_floats + all_words <= detail::most_shared_floats;
  static constexpr int matrix_floats =
      resident ? all_words
               : detail::largest(First::forward_words, Between::forward_words, Last::forward_words);
  static constexpr int floats = matrix_floats + slab_floats;
  static constexpr int bytes = floats * int(sizeof(float));
  static_assert(bytes <= 227 << 10, "so many warps need more shared memory than a block has");
};

// Net as a function that a block has: its weights pass through shared memory, its samples come from
// wherever the caller has them. A kernel that makes one has Warps warps, and says
//   static constexpr int large_shared = tg::cuda::MlpSpace<Net, Warps, PerThread>::bytes;
template <class Net, int Warps, class C, bool PerThread = false>
class MlpOfBlock {
  using Space = MlpSpace<Net, Warps, PerThread>;
  using Product = typename Net::Product;
  using Given = typename C::template Global<const float>;
  using Floats = typename C::template Global<float>;
  template <int N>
  using Sums = typename Product::template Sums<N>;
  template <int K>
  using Factor = typename Product::template Factor<K>;

 public:
  // All threads of the block come.
  TYPEGRAD_DEVICE MlpOfBlock(const C& c, const Given& the_parameters)
      : parameters(the_parameters),
        matrices(c.template large_shared<float, Space::floats>().part(0, Space::matrix_floats)),
        slab{c.template large_shared<float, Space::floats>().part(Space::matrix_floats,
                                                                  Space::slab_floats) +
                 (Space::has_slab ? c.warp() * Space::warp_samples : 0),
             Space::pitch} {
    if constexpr (Space::resident) {
      stage<typename Space::First>(c, 0);
      for (int layer = 1; layer < Net::hidden; ++layer) stage<typename Space::Between>(c, layer);
      stage<typename Space::Last>(c, Net::hidden);
      c.barrier();
    }
  }

  // For the warp's Net::samples samples: at(element, sample) says their inputs, give(element,
  // sample, y) gets their outputs, elements from Net::outputs on too, which mean nothing. All lanes
  // of the warp come; where Space::resident is false, all threads of the block.
  template <class At, class Give>
  TYPEGRAD_DEVICE void evaluate(const C& c, const At& at, const Give& give) const {
    Sums<Net::width> h;
    {
      Factor<padded(Net::inputs)> x;
      x.load(c, slab, at);
      apply<typename Space::First>(c, x, 0, h);
    }
    Factor<Net::width> factor;
    for (int layer = 1; layer < Net::hidden; ++layer) {
      detail::activate<typename Net::F>(h);
      factor.take(c, slab, h);
      apply<typename Space::Between>(c, factor, layer, h);
    }
    detail::activate<typename Net::F>(h);
    factor.take(c, slab, h);
    Sums<padded(Net::outputs)> y;
    apply<typename Space::Last>(c, factor, Net::hidden, y);
    y.each(c, slab, give);
  }

  // The same for a sample of each thread: y = Net(x).
  TYPEGRAD_DEVICE void operator()(const C& c, const float (&x)[Net::inputs],
                                  float (&y)[Net::outputs]) const requires PerThread {
    c.warp_barrier();
    TYPEGRAD_DEVICE_UNROLL for (int e = 0; e < Net::inputs; ++e) slab.x[e * slab.pitch + c.lane()] =
        x[e];
    c.warp_barrier();
    for (int first = 0; first < 32; first += Net::samples) {
      const auto from = slab.from_sample(first);
      evaluate(
          c,
          [&](int element, int sample) -> float {
            return element < Net::inputs ? float(from(element, sample)) : 0.0f;
          },
          [&](int element, int sample, float value) {
            if (element < Net::outputs) from.x[element * from.pitch + sample] = value;
          });
    }
    c.warp_barrier();
    TYPEGRAD_DEVICE_UNROLL for (int e = 0; e < Net::outputs; ++e) y[e] = slab(e, c.lane());
  }

 private:
  template <class Layer>
  TYPEGRAD_DEVICE Floats matrix(int layer) const {
    const int before =
        layer == 0 ? 0 : Space::First::forward_words + (layer - 1) * Space::Between::forward_words;
    return matrices.part(Space::resident ? before : 0, Layer::forward_words);
  }
  template <class Layer>
  TYPEGRAD_DEVICE void stage(const C& c, int layer) const {
    Layer::stage_forward(c, parameters + Net::weight(layer), matrix<Layer>(layer));
  }
  // sums = W x + b
  template <class Layer, class X, class To>
  TYPEGRAD_DEVICE void apply(const C& c, const X& x, int layer, To& sums) const {
    if constexpr (!Space::resident) {
      c.barrier();  // all have used the layer before
      stage<Layer>(c, layer);
      c.barrier();
    }
    Layer::start(c, parameters + Net::weight(layer), sums);
    x.multiply(c, slab, matrix<Layer>(layer), sums);
  }

  Given parameters;
  Floats matrices;
  Slab<Floats> slab;
};

// What a user's kernel calls, with as many threads as a block of Warps warps has:
//   static constexpr int large_shared = tg::cuda::MlpSpace<Net, Warps, true>::bytes;
//   …
//   const auto network = tg::cuda::mlp<Net, Warps>(c, parameters);  // all threads of the block
//   network(c, x, y);  // float x[Net::inputs], y[Net::outputs]: a sample of each thread
// All lanes of a warp call it together; where MlpSpace says that the weights are not `resident`,
// all threads of the block do.
template <class Net, int Warps, class C>
TYPEGRAD_DEVICE auto mlp(const C& c, const typename C::template Global<const float>& parameters) {
  return MlpOfBlock<Net, Warps, C, true>(c, parameters);
}

namespace detail {
// As many warps as there is shared memory for.
template <class Net>
constexpr int inference_warps() {
  if (MlpSpace<Net, 8>::floats <= most_shared_floats) return 8;
  if (MlpSpace<Net, 4>::floats <= most_shared_floats) return 4;
  return 2;
}
}  // namespace detail

// y = Net(x) for all samples: one kernel, and nothing but parameters, x and y in global memory.
// epilogue(c, element, sample, value) gets each output.
template <class Net, int Warps = detail::inference_warps<Net>()>
struct MlpInference {
  static constexpr int threads = 32 * Warps, block_samples = Warps * Net::samples;
  static constexpr int large_shared = MlpSpace<Net, Warps>::bytes;
  static constexpr int tiles(int stride) { return tiles_of(stride, block_samples); }

  template <class C, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, typename C::template Global<const float> parameters,
                                  typename C::template Global<const float> x, int stride,
                                  const Epilogue& epilogue) {
    const MlpOfBlock<Net, Warps, C> network(c, parameters);
    for_each_tile(c, tiles(stride), [&](int tile) {
      const int first = tile * block_samples + c.warp() * Net::samples;
      network.evaluate(
          c,
          [&](int element, int sample) -> float {
            const bool inside = element < Net::inputs && first + sample < stride;
            return inside ? float(x[element * stride + first + sample]) : 0.0f;
          },
          [&](int element, int sample, float value) {
            if (element < Net::outputs && first + sample < stride)
              epilogue(c, element, first + sample, value);
          });
    });
  }
};

}  // namespace tg::cuda
