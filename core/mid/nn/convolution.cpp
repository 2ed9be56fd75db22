#include "mid/nn/convolution.hpp"

#include <algorithm>
#include <cassert>

namespace mid {
namespace {

int place_count(int size, int before, int after, int window, int stride) {
  const int free = size + before + after - window;
  return free < 0 ? 0 : free / stride + 1;
}

/// A column number of a picture; -1: beyond the border.
int column_at(const PictureShape& in, int y, int x, int channel) {
  if (y < 0 || y >= in.height || x < 0 || x >= in.width) return -1;
  return (y * in.width + x) * in.channels + channel;
}

/// Where the window's corner lies at place (y, x) of the result.
struct Corner {
  int y, x;
};
Corner corner_of(const PictureWindow& w, int y, int x) { return {y * w.stride_y - w.top, x * w.stride_x - w.left}; }

/// Calls f(y, x) for each place of the result in order.
template <class F>
void each_place(const PictureShape& out, F f) {
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) f(y, x);
}

std::vector<int> table_for(const PictureShape& in, bool last_to_first) {
  std::vector<int> table(static_cast<std::size_t>(in.numbers()));
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x)
      for (int c = 0; c < in.channels; ++c) {
        const int last = column_at(in, y, x, c), first = (c * in.height + y) * in.width + x;
        table[static_cast<std::size_t>(last_to_first ? first : last)] = last_to_first ? last : first;
      }
  return table;
}

}  // namespace

PictureWindow square_window(int size, int stride, int padding) { return {size, size, stride, stride, padding, padding, padding, padding}; }

PictureShape windowed(const PictureShape& in, const PictureWindow& w) {
  return {place_count(in.height, w.top, w.bottom, w.height, w.stride_y), place_count(in.width, w.left, w.right, w.width, w.stride_x),
          in.channels};
}

Var record_unfolded(Program& p, Var x, const PictureShape& in, const PictureWindow& w) {
  assert(p.cols(x) == in.numbers());
  const PictureShape out = windowed(in, w);
  std::vector<int> table;
  const int numbers = w.height * w.width * in.channels;
  table.reserve(static_cast<std::size_t>(out.places()) * static_cast<std::size_t>(numbers));
  each_place(out, [&](int place_y, int place_x) {
    const Corner corner = corner_of(w, place_y, place_x);
    for (int v = 0; v < w.height; ++v)
      for (int u = 0; u < w.width; ++u)
        for (int c = 0; c < in.channels; ++c) table.push_back(column_at(in, corner.y + v, corner.x + u, c));
  });
  return p.reshape(p.gather(x, std::move(table)), p.rows(x) * out.places(), numbers);
}

ConvolutionVars record_convolution(Program& p, Var x, const PictureShape& in, const PictureWindow& w, Var weight, Var bias) {
  ConvolutionVars v;
  v.size = windowed(in, w);
  v.size.channels = p.cols(weight);
  v.unfolded = record_unfolded(p, x, in, w);
  v.output = p.dense(v.unfolded, weight, bias);
  v.pictures = p.reshape(v.output, p.rows(x), v.size.numbers());
  return v;
}

Var record_max_pool(Program& p, Var x, const PictureShape& in, const PictureWindow& w) {
  assert(p.cols(x) == in.numbers());
  assert(std::max(w.top, w.bottom) < w.height && std::max(w.left, w.right) < w.width);
  const PictureShape out = windowed(in, w);
  Var most;
  for (int v = 0; v < w.height; ++v)
    for (int u = 0; u < w.width; ++u) {
      // Beyond the border: the nearest number inside, which is in the same window and was or will be looked at itself.
      std::vector<int> table;
      table.reserve(static_cast<std::size_t>(out.numbers()));
      each_place(out, [&](int place_y, int place_x) {
        const Corner corner = corner_of(w, place_y, place_x);
        const int y_in = std::clamp(corner.y + v, 0, in.height - 1), x_in = std::clamp(corner.x + u, 0, in.width - 1);
        for (int c = 0; c < in.channels; ++c) table.push_back(column_at(in, y_in, x_in, c));
      });
      const Var next = p.gather(x, std::move(table));
      most = most.id < 0 ? next : p.add(most, p.leaky_relu(p.sub(next, most), 0));
    }
  return most;
}

Var record_average_pool(Program& p, Var x, const PictureShape& in, const PictureWindow& w, bool of_padding) {
  assert(p.cols(x) == in.numbers());
  const PictureShape out = windowed(in, w);
  std::vector<int> table;
  Matrix share = Matrix::Zero(1, out.numbers());  // one divided by the numbers that count
  int column = 0;
  each_place(out, [&](int place_y, int place_x) {
    const Corner corner = corner_of(w, place_y, place_x);
    for (int c = 0; c < in.channels; ++c, ++column) {
      int inside = 0;
      for (int v = 0; v < w.height; ++v)
        for (int u = 0; u < w.width; ++u) {
          table.push_back(column_at(in, corner.y + v, corner.x + u, c));
          inside += table.back() >= 0 ? 1 : 0;
        }
      share(0, column) = 1.f / static_cast<float>(of_padding ? w.height * w.width : std::max(inside, 1));
    }
  });
  const Var sum = p.gather_sum(x, std::move(table), w.height * w.width);
  if ((share.array() == share(0, 0)).all()) return p.scale(sum, share(0, 0));
  return p.mul(sum, p.spread_rows(p.constant(std::move(share)), p.rows(x)));
}

Var record_global_average(Program& p, Var x, const PictureShape& in) {
  return record_average_pool(p, x, in, {.height = in.height, .width = in.width});
}

Var record_enlarged(Program& p, Var x, const PictureShape& in, int height, int width) {
  assert(p.cols(x) == in.numbers() && height >= in.height && width >= in.width);
  if (height == in.height && width == in.width) return x;
  const PictureShape out{height, width, in.channels};
  std::vector<int> table;
  table.reserve(static_cast<std::size_t>(out.numbers()));
  each_place(out, [&](int y, int x_out) {
    for (int c = 0; c < in.channels; ++c) table.push_back(column_at(in, y * in.height / height, x_out * in.width / width, c));
  });
  return p.gather(x, std::move(table));
}

Var record_channels_last(Program& p, Var x, const PictureShape& in) {
  assert(p.cols(x) == in.numbers());
  return in.channels == 1 ? x : p.gather(x, table_for(in, false));
}

Var record_channels_first(Program& p, Var x, const PictureShape& in) {
  assert(p.cols(x) == in.numbers());
  return in.channels == 1 ? x : p.gather(x, table_for(in, true));
}

}  // namespace mid
