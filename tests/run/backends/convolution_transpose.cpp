// ConvTranspose on the CPU backend: an input gradient forward, a convolution back.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/conv_transpose.hpp"

namespace tg::test {

TEST_CASE("ConvTranspose", "[backends]") {
  check_layer<ConvTranspose<3, 2, stride<2>>, 2, 3, 2>();
  check_layer<
      ConvTranspose<4, kernel<3, 2>, stride<2>, padding<1, 0>, output_padding<1, 0>, groups<2>>, 2,
      3, 3>();
}

TEST_CASE("ConvTranspose, one sample at a time", "[backends]") {
  check_latency<ConvTranspose<2, 3, dilation<2>, no_bias>, 2, 3, 3>();
  check_latency<ConvTranspose<7, 2, stride<2>>, 3, 4, 40>();
  check_latency<
      ConvTranspose<4, kernel<3, 4>, stride<2, 3>, padding<1, 2>, output_padding<1, 2>, groups<2>>,
      6, 5, 9>();
  check_latency<ConvTranspose<3, 1, stride<3>>, 2, 3, 3>();
  check_latency<ConvTranspose<1, 5, stride<2>, padding<4>, dilation<3>>, 2, 5, 6>();
}

TEST_CASE("DepthwiseConv", "[backends]") {
  check_layer<DepthwiseConv<3, padding<1>, stride<2>>, 5, 5, 6>();
  check_latency<DepthwiseConv<kernel<1, 3>, no_bias>, 3, 4, 5>();
}

}  // namespace tg::test
