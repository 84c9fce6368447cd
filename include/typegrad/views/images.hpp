// What a network has learned, and what it sees, as images of tiles.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>

#include "typegrad/io/image.hpp"
#include "typegrad/runtime/model.hpp"

namespace tg {

// So many rows and columns, of pixels or of tiles: {28, 28}.
struct Grid {
  int rows = 0, columns = 0;
};

namespace views {

// Post: `to`, from its pixel (y, x) on, shows the numbers, the smallest black, the largest white;
// all black where there is no difference. What is not finite is black.
template <class T>
void draw_tile(Image& to, int y, int x, const T* numbers, Grid tile) {
  const int size = tile.rows * tile.columns;
  double low = INFINITY, high = -INFINITY;
  for (int i = 0; i < size; ++i)
    if (const double number = double(numbers[i]); std::isfinite(number))
      low = std::min(low, number), high = std::max(high, number);
  if (!(low < high)) return;
  for (int i = 0; i < size; ++i)
    if (const double number = double(numbers[i]); std::isfinite(number))
      to.at(y + i / tile.columns, x + i % tile.columns) =
          std::uint8_t(255 * ((number - low) / (high - low)) + 0.5);
}

// The numbers of a variable of a Model or Shared. Error: no_such_parameter.
template <FixedString Name, class Store>
auto variable_of(Store& store) {
  if constexpr (requires { store.template parameter<Name>(); })
    return store.template parameter<Name>();
  else
    return store.template get<Name>();
}

}  // namespace views

// Numbers as tiles of `tile` pixels in a grid, `spacing` black pixels between them: each tile
// brought to 0 … 255 by its own least and largest number. Tiles that find no place in the grid are
// not shown; places without one stay black. The image has rows * tile.rows + (rows - 1) * spacing
// rows of pixels, and columns likewise.
// Throws Error unless the numbers are whole tiles.
// Source of the form: tile_raster_images of the deep learning tutorials.
template <class Numbers>
Image tile_images(const Numbers& numbers, Grid tile, Grid grid, int spacing = 1) {
  if (tile.rows < 1 || tile.columns < 1 || grid.rows < 1 || grid.columns < 1 || spacing < 0)
    fail("images", "found %d x %d tiles of %d x %d pixels, spacing %d, expected at least 1 of each",
         grid.rows, grid.columns, tile.rows, tile.columns, spacing);
  const std::size_t size = std::size_t(tile.rows) * std::size_t(tile.columns);
  const std::size_t count = std::size_t(numbers.size()) / size;
  if (std::size_t(numbers.size()) != count * size)
    fail("images", "found %zu numbers, expected whole tiles of %d x %d",
         std::size_t(numbers.size()), tile.rows, tile.columns);
  Image result{.height = grid.rows * (tile.rows + spacing) - spacing,
               .width = grid.columns * (tile.columns + spacing) - spacing};
  for (int i = 0; i < grid.rows * grid.columns && std::size_t(i) < count; ++i)
    views::draw_tile(result, i / grid.columns * (tile.rows + spacing),
                     i % grid.columns * (tile.columns + spacing),
                     numbers.data() + std::size_t(i) * size, tile);
  return result;
}

// What each row of a matrix looks at: filters_image<"W">(state, {28, 28}, {2, 5}) shows a weight of
// (10, 784). `store` is a Model or a Shared. Error: no_such_parameter; throws as tile_images.
template <FixedString Name, class Store>
Image filters_image(Store& store, Grid tile, Grid grid, int spacing = 1) {
  return tile_images(views::variable_of<Name>(store), tile, grid, spacing);
}

// The filters of a convolution, a weight of (out, in, height, width): out rows of in tiles.
// Error: no_such_parameter. Throws Error for a weight of another rank.
template <FixedString Name, class Store>
Image filters_image(Store& store, int spacing = 1) {
  const auto numbers = views::variable_of<Name>(store);
  Shape shape{};
  for (const runtime::Variable& v : store.variables())
    if (v.hash == hash(Name.view())) shape = v.shape;
  if (shape.rank() != 4)
    fail("images", "found '%s' of rank %d, expected the four axes of a convolution's weight",
         Name.text, shape.rank());
  return tile_images(numbers, {shape[2], shape[3]}, {shape[0], shape[1]}, spacing);
}

// What the layer of that name gives for the first sample of x: its channels, of (channels, height,
// width), as tiles in a grid: activations_image<"0">(model, x, {2, 3}). Of a layer of other rank,
// one row of pixels. Error: no_such_layer.
template <FixedString Layer, class Net, class Backend, auto... Options, class Numbers>
Image activations_image(Model<Net, Backend, Options...>& model, const Numbers& x, Grid grid,
                        int spacing = 1) {
  using Network = typename Model<Net, Backend, Options...>::Network;
  constexpr Shape shape = output_shape<runtime::OutputOf<Network, Layer>>;
  constexpr Grid tile = shape.rank() == 3 ? Grid{shape[1], shape[2]} : Grid{1, shape.size()};
  const auto seen = model.template output_of<Layer>(x);
  return tile_images(std::span(seen.data(), std::size_t(shape.size())), tile, grid, spacing);
}

}  // namespace tg
