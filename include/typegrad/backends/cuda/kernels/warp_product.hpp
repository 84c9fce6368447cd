// A warp's samples times a matrix in shared memory: sums in registers, which the next one takes.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/mma.hpp"
#include "typegrad/backends/cuda/quad.hpp"

// (Samples x K) (K x N): the samples are a warp's own, the matrix is the block's. WarpProduct says
// how a precision does it:
//   Sums<N>              the result, each lane has some of it
//   Factor<K>            what is multiplied by the matrix: loaded, or taken over from sums
//   matrix_words<K, N>   floats of shared memory that the matrix takes
//   stage<K, N, along>   the block writes the matrix there
// and how samples are summed over, for a gradient: OuterSums, dz h^T of the block's samples.
// Extents are multiples of 16. A Slab is shared memory in which samples lie [element][sample].
namespace tg::cuda {

constexpr int padded(int extent) { return tiles_of(extent, 16) * 16; }

// Along which extent neighbours lie together where a matrix is read from.
enum class Along { k, n };

// Where number i of a matrix is that is transposed on its way: 8 neighbours along what lies
// together in memory, by 4 of the others, are a warp's, so that it meets few lines there and few
// banks here.
template <int Together>
struct Transposed {
  int together, other;
  TYPEGRAD_DEVICE explicit Transposed(int i)
      : together(i / 32 % (Together / 8) * 8 + i % 8),
        other(i / 32 / (Together / 8) * 4 + i / 8 % 4) {}
};

template <class Floats>
struct Slab {
  Floats x;
  int pitch;

  TYPEGRAD_DEVICE auto operator()(int element, int sample) const {
    return x[element * pitch + sample];
  }
  TYPEGRAD_DEVICE Slab from_sample(int first) const { return {x + first, pitch}; }
};

// On tensor cores: a factor is fragments in registers. Its words are the lane's own sums, rounded.
template <Precision precision, int Samples>
struct WarpProduct {
  using W = Words<precision>;
  static constexpr int samples = Samples;
  static constexpr int slab_skew = 8;  // pitches of 8 more: a warp's pairs meet all banks
  static constexpr bool factor_is_in_slab = false;

  template <int N>
  struct Sums {
    static constexpr int count = Samples * N / 32;
    Sum tiles[Samples / 16][N / 8];

    TYPEGRAD_DEVICE float& operator[](int i) {
      return tiles[i / (N / 2)][i / 4 % (N / 8)].x[i % 4];
    }
    static constexpr int sample(int lane, int i) {
      return i / (N / 2) * 16 + Sum::row(lane, i % 4);
    }
    static constexpr int element(int lane, int i) {
      return i / 4 % (N / 8) * 8 + Sum::column(lane, i % 4);
    }
    template <class C, class S>
    TYPEGRAD_DEVICE void store(const C& c, const S& slab) {
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < count; ++i)
          slab.x[element(c.lane(), i) * slab.pitch + sample(c.lane(), i)] = (*this)[i];
    }
    // give(element, sample, value) for each number.
    template <class C, class S, class Give>
    TYPEGRAD_DEVICE void each(const C& c, const S&, const Give& give) {
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < count; ++i)
          give(element(c.lane(), i), sample(c.lane(), i), (*this)[i]);
    }
  };

  template <int K, int N>
  static constexpr int pitch = K / W::numbers + 8;
  template <int K, int N>
  static constexpr int matrix_words = N* pitch<K, N>;
  // w = at(k, n)
  template <int K, int N, Along along, class C, class To, class At>
  TYPEGRAD_DEVICE static void stage(const C& c, const To& w, const At& at) {
    constexpr int words = K / W::numbers;
    const auto n_of = [](int i) {
      return along == Along::k ? i / words : Transposed<N>(i).together;
    };
    const auto word_index = [](int i) {
      return along == Along::k ? i % words : Transposed<N>(i).other;
    };
    in_batches_of_block(
        c, N * words,
        [&](int i) {
          const int n = n_of(i), word = word_index(i), first = word / 8 * W::tile;
          return word_of<precision>(
              c, [&](int j) -> float { return at(first + W::number(word % 8, j), n); });
        },
        [&](int i, float word) { w[n_of(i) * pitch<K, N> + word_index(i)] = word; });
  }

  template <int K>
  struct Factor {
    Left tiles[Samples / 16][K / W::tile];

    // The sample's numbers at(element, sample).
    template <class C, class S, class At>
    TYPEGRAD_DEVICE void load(const C& c, const S&, const At& at) {
      each_word([&](Left& left, int m, int k, int i) {
        const int word = Left::word_index(c.lane(), i);
        left.word[i] = word_of<precision>(c, [&](int j) -> float {
          return at(k * W::tile + W::number(word, j), m * 16 + Left::row(c.lane(), i));
        });
      });
    }
    template <class C, class S>
    TYPEGRAD_DEVICE void take(const C& c, const S&, const Sums<K>& sums) {
      each_word([&](Left& left, int m, int k, int i) {
        const int half = i / 2, row = i % 2;
        left.word[i] = word_of<precision>(c, [&](int j) -> float {
          if constexpr (W::numbers == 2) return sums.tiles[m][2 * k + half].x[2 * row + j];
          return sums.tiles[m][k].x[2 * row + half];
        });
      });
    }
    // sums += this w
    template <int N, class C, class S, class From>
    TYPEGRAD_DEVICE void multiply(const C& c, const S&, const From& w, Sums<N>& sums) const {
      const int first = c.lane() / 4 * pitch<K, N> + c.lane() % 4 * 2;
      TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < K / W::tile; ++k) {
        TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < N / 8; ++n) {
          const Pair<float> pair = w.load_pair(first + n * 8 * pitch<K, N> + k * 8);
          TYPEGRAD_DEVICE_UNROLL for (int m = 0; m < Samples / 16; ++m)
              multiply_add<precision>(c, sums.tiles[m][n], tiles[m][k], {pair.x[0], pair.x[1]});
        }
      }
    }

   private:
    template <class Work>
    TYPEGRAD_DEVICE void each_word(const Work& work) {
      TYPEGRAD_DEVICE_UNROLL for (int m = 0; m < Samples / 16; ++m) {
        TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < K / W::tile; ++k) {
          TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < 4; ++i) work(tiles[m][k], m, k, i);
        }
      }
    }
  };

  // 16 x N sums over the samples of two slabs, in tf32 whatever the precision of the layers.
  template <int N>
  struct OuterSums {
    static constexpr int count = N / 2;
    Sum tiles[N / 8] = {};

    TYPEGRAD_DEVICE float& operator[](int i) { return tiles[i / 4].x[i % 4]; }
    static constexpr int row(int lane, int i) { return Sum::row(lane, i % 4); }
    static constexpr int column(int lane, int i) { return i / 4 * 8 + Sum::column(lane, i % 4); }

    // += sum over s < BlockSamples of a[row + …][s] b[column + …][s]
    template <int BlockSamples, class C, class S>
    TYPEGRAD_DEVICE void add(const C& c, const S& a, int row, const S& b, int column) {
      const int group = c.lane() / 4, word = c.lane() % 4 * 2;
      for (int s = 0; s < BlockSamples; s += 8) {
        const Right upper = rounded_pair(c, a, row + group, s + word);
        const Right lower = rounded_pair(c, a, row + group + 8, s + word);
        const Left left{{upper.word[0], lower.word[0], upper.word[1], lower.word[1]}};
        TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < N / 8; ++n) multiply_add<Precision::tf32>(
            c, tiles[n], left, rounded_pair(c, b, column + n * 8 + group, s + word));
      }
    }

   private:
    template <class C, class S>
    TYPEGRAD_DEVICE static Right rounded_pair(const C& c, const S& slab, int element, int sample) {
      const Pair<float> pair = slab.x.load_pair(element * slab.pitch + sample);
      return {{rounded_to_tf32(c, pair.x[0]), rounded_to_tf32(c, pair.x[1])}};
    }
  };
};

// Exact: fused multiply-adds. 8 lanes have 4 samples each and 4 groups of lanes their elements, 4
// neighbours of every 16; a factor lies in the warp's part of a slab.
template <int Samples>
struct WarpProduct<Precision::f32, Samples> {
  static_assert(Samples == 32);
  static constexpr int samples = Samples;
  static constexpr int slab_skew = 4;
  static constexpr bool factor_is_in_slab = true;

  TYPEGRAD_DEVICE static int first_sample(int lane) { return lane % 8 * 4; }
  TYPEGRAD_DEVICE static int first_element(int lane) { return lane / 8 * 4; }

  template <int N>
  struct Sums {
    static constexpr int count = N;
    Quad<float> tiles[N / 4];  // of an element each

    TYPEGRAD_DEVICE float& operator[](int i) { return tiles[i / 4].x[i % 4]; }
    TYPEGRAD_DEVICE static int sample(int lane, int i) { return first_sample(lane) + i % 4; }
    TYPEGRAD_DEVICE static int element(int lane, int i) {
      return i / 16 * 16 + first_element(lane) + i / 4 % 4;
    }
    template <class C, class S>
    TYPEGRAD_DEVICE void store(const C& c, const S& slab) const {
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < count; i += 4) slab.x.store_quad(
          element(c.lane(), i) * slab.pitch + first_sample(c.lane()), tiles[i / 4]);
    }
    // Through the slab: then a lane has one sample, and neighbours go to memory together.
    template <class C, class S, class Give>
    TYPEGRAD_DEVICE void each(const C& c, const S& slab, const Give& give) {
      c.warp_barrier();
      store(c, slab);
      c.warp_barrier();
      in_batches(
          N, [&](int e) -> float { return slab(e, c.lane()); },
          [&](int e, float value) { give(e, c.lane(), value); });
    }
  };

  template <int K, int N>
  static constexpr int matrix_words = K* N;
  template <int K, int N, Along along, class C, class To, class At>
  TYPEGRAD_DEVICE static void stage(const C& c, const To& w, const At& at) {
    const auto k_of = [](int i) { return along == Along::n ? i / N : Transposed<K>(i).together; };
    const auto n_of = [](int i) { return along == Along::n ? i % N : Transposed<K>(i).other; };
    in_batches_of_block(
        c, K * N, [&](int i) { return at(k_of(i), n_of(i)); },
        [&](int i, float number) { w[k_of(i) * N + n_of(i)] = number; });
  }

  template <int K>
  struct Factor {
    // A lane writes its own sample, which no other lane has read since Sums::each.
    template <class C, class S, class At>
    TYPEGRAD_DEVICE void load(const C& c, const S& slab, const At& at) {
      in_batches(
          K, [&](int e) -> float { return at(e, c.lane()); },
          [&](int e, float value) { slab.x[e * slab.pitch + c.lane()] = value; });
      c.warp_barrier();
    }
    template <class C, class S>
    TYPEGRAD_DEVICE void take(const C& c, const S& slab, const Sums<K>& sums) {
      c.warp_barrier();
      sums.store(c, slab);
      c.warp_barrier();
    }
    template <int N, class C, class S, class From>
    TYPEGRAD_DEVICE void multiply(const C& c, const S& slab, const From& w, Sums<N>& sums) const {
      for (int k = 0; k < K; ++k) {
        const Quad<float> x = slab.x.load_quad(k * slab.pitch + first_sample(c.lane()));
        TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < N; n += 16) {
          const Quad<float> factor = w.load_quad(k * N + n + first_element(c.lane()));
          TYPEGRAD_DEVICE_UNROLL for (int e = 0; e < 4; ++e) {
            TYPEGRAD_DEVICE_UNROLL for (int s = 0; s < 4; ++s) sums.tiles[n / 4 + e].x[s] +=
                factor.x[e] * x.x[s];
          }
        }
      }
    }
  };

  template <int N>
  struct OuterSums {
    static constexpr int count = N / 2;
    float x[4][N / 8] = {};

    TYPEGRAD_DEVICE float& operator[](int i) { return x[i / (N / 8)][i % (N / 8)]; }
    static constexpr int row(int lane, int i) { return lane / 8 + i / (N / 8) * 4; }
    static constexpr int column(int lane, int i) { return lane % 8 + i % (N / 8) * 8; }

    template <int BlockSamples, class C, class S>
    TYPEGRAD_DEVICE void add(const C& c, const S& a, int row, const S& b, int column) {
      for (int s = 0; s < BlockSamples; s += 4) {
        Quad<float> right[N / 8];
        TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < N / 8; ++n) right[n] =
            b.x.load_quad((column + c.lane() % 8 + n * 8) * b.pitch + s);
        TYPEGRAD_DEVICE_UNROLL for (int m = 0; m < 4; ++m) {
          const Quad<float> left = a.x.load_quad((row + c.lane() / 8 + m * 4) * a.pitch + s);
          TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < N / 8; ++n) {
            TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < 4; ++i) x[m][n] += left.x[i] * right[n].x[i];
          }
        }
      }
    }
  };
};

}  // namespace tg::cuda
