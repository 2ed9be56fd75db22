#pragma once
#include <vector>

#include "mid/nn/program.hpp"

/// @file
/// Convolutions and pools by the operations of a Program: a table says which numbers of a picture each number of the result
/// looks at, and all work is in matmul. Pictures are rows; a row holds its numbers in order (y, x, channel), channels last.
/// Derivatives of any order follow from those of the operations. Source: method.md section 4, Convolution, Pools.
namespace mid {

/// The size of the pictures that a row holds.
struct PictureShape {
  int height = 0, width = 0, channels = 1;
  int numbers() const { return height * width * channels; }
  int places() const { return height * width; }
  bool operator==(const PictureShape&) const = default;
};

/// The window that a convolution or a pool moves over a picture, in pixels. Beyond the border are zeros (a max pool: nothing).
struct PictureWindow {
  int height = 1, width = 1;
  int stride_y = 1, stride_x = 1;
  int top = 0, left = 0, bottom = 0, right = 0;  ///< padding
};
/// A square one with the same stride and padding on all sides.
PictureWindow square_window(int size, int stride = 1, int padding = 0);

/// The size of what a window gives, channels as they are: floor((height + top + bottom - window) / stride) + 1 places down, the
/// same across; 0 where the window does not fit into the padded picture.
PictureShape windowed(const PictureShape& in, const PictureWindow& window);

/// Records every place's window as a row: (rows x in.numbers()) becomes (rows places x window numbers), where places are those
/// of windowed() row by row and a window's numbers are in order (y, x, channel); 0 beyond the border.
Var record_unfolded(Program& program, Var x, const PictureShape& in, const PictureWindow& window);

/// What recording a convolution gives.
struct ConvolutionVars {
  Var unfolded;       ///< rows places x window numbers: what the weights are multiplied with
  Var output;         ///< rows places x filters
  Var pictures;       ///< the same numbers as pictures: rows x places filters
  PictureShape size;  ///< of those
};
/// Records a convolution (a cross-correlation, as PyTorch's): `weight` has a row for each of a window's numbers, in order
/// (y, x, channel), and a column a filter; `bias` is 1 x filters.
ConvolutionVars record_convolution(Program& program, Var x, const PictureShape& in, const PictureWindow& window, Var weight, Var bias);

/// Records the largest number of each window and channel, of those inside the picture. Of equal ones the first in reading order
/// gets the derivative. The padding must be smaller than the window.
Var record_max_pool(Program& program, Var x, const PictureShape& in, const PictureWindow& window);
/// Records the mean of each window and channel. `of_padding`: zeros beyond the border count as numbers (PyTorch's default);
/// otherwise only what lies inside is averaged (ONNX's default).
Var record_average_pool(Program& program, Var x, const PictureShape& in, const PictureWindow& window, bool of_padding = true);
/// Records the mean of each channel over the whole picture: rows x channels.
Var record_global_average(Program& program, Var x, const PictureShape& in);

/// Records pictures of another size, no smaller: each pixel is that of `in` at (y in.height / height, x in.width / width), rounded
/// down, so pixels are repeated.
Var record_enlarged(Program& program, Var x, const PictureShape& in, int height, int width);

/// Records pictures whose numbers are in order (channel, y, x), as other programs keep them, in the order used here; and back.
Var record_channels_last(Program& program, Var x, const PictureShape& in);
Var record_channels_first(Program& program, Var x, const PictureShape& in);

}  // namespace mid
