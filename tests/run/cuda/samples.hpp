// Numbers for kernels, as the caller has them and as they lie on a device.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/core/random.hpp"

using Numbers = std::vector<float>;

inline Numbers random_numbers(int count, std::uint64_t seed) {
  tg::Random random(seed);
  Numbers x(static_cast<std::size_t>(count));
  for (float& number : x) number = float(random.between(-1, 1));
  return x;
}
inline int stride_of(int samples) {
  return tg::cuda::tiles_of(samples, tg::cuda::sample_unit) * 64;
}

// x[element][sample], of samples behind the last, too: they repeat it.
inline Numbers in_lanes(const Numbers& rows, int elements, int samples) {
  const int stride = stride_of(samples);
  Numbers lanes(std::size_t(elements * stride));
  for (int e = 0; e < elements; ++e)
    for (int s = 0; s < stride; ++s)
      lanes[std::size_t(e * stride + s)] =
          rows[std::size_t(std::min(s, samples - 1) * elements + e)];
  return lanes;
}

inline bool near(float a, double b) { return std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b)); }
