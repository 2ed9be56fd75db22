#include <algorithm>

#include "mid/base/param.hpp"
#include "mid/model/file/onnx_translator.hpp"
#include "mid/model/file/tensor_file.hpp"

namespace mid {
namespace {

using Kind = LayerGraph::Kind;
using Sides = OnnxTranslator::Sides;

/// The column of number (channel, y, x) where channels come last.
std::vector<int> channels_last(const PictureShape& s) {
  std::vector<int> order;
  for (int c = 0; c < s.channels; ++c)
    for (int p = 0; p < s.places(); ++p) order.push_back(p * s.channels + c);
  return order;
}

Sides sides_of(const PictureShape& s) { return {s.channels, s.height, s.width}; }

}  // namespace

OnnxTranslator::Value OnnxTranslator::picture(const OnnxNode& node, const Value& v, PictureShape& shape) {
  if (v.constant || v.sides.size() != 3 || size_of_sides(v.sides) > 1 << 22) fail_sides(node, v, "[n, c, h, w]");
  shape = {static_cast<int>(v.sides[1]), static_cast<int>(v.sides[2]), static_cast<int>(v.sides[0])};
  std::vector<int> order = channels_last(shape);
  bool straight = true;
  for (std::size_t i = 0; i < order.size(); ++i) straight = straight && order[i] == static_cast<int>(i);
  if (straight) order.clear();
  return {{}, arranged(node, v, order), v.sides, order};
}

PictureWindow OnnxTranslator::window(const OnnxNode& node, std::int64_t height, std::int64_t width, const PictureShape& in) const {
  constexpr std::int64_t kMost = 4096;
  Sides strides = node.wholes("strides"), pads = node.wholes("pads");
  if (strides.empty()) strides = {1, 1};
  if (strides.size() != 2 || *std::min_element(strides.begin(), strides.end()) < 1 ||
      *std::max_element(strides.begin(), strides.end()) > kMost)
    fail_attribute(node, "strides", shown_shape(strides), "[1, 1]");
  const std::string automatic = node.text("auto_pad", "NOTSET");
  if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
    const auto all = [](std::int64_t size, std::int64_t stride, std::int64_t window) {
      return std::max<std::int64_t>(0, ((size + stride - 1) / stride - 1) * stride + window - size);
    };
    const std::int64_t y = all(in.height, strides[0], height), x = all(in.width, strides[1], width), up = automatic == "SAME_LOWER" ? 1 : 0;
    pads = {(y + up) / 2, (x + up) / 2, y - (y + up) / 2, x - (x + up) / 2};
  } else if (automatic == "VALID") {
    pads = {0, 0, 0, 0};
  } else if (automatic != "NOTSET") {
    fail_attribute(node, "auto_pad", automatic, "NOTSET, VALID, SAME_UPPER, SAME_LOWER");
  }
  if (pads.empty()) pads = {0, 0, 0, 0};
  if (pads.size() != 4 || *std::min_element(pads.begin(), pads.end()) < 0 || *std::max_element(pads.begin(), pads.end()) > kMost)
    fail_attribute(node, "pads", shown_shape(pads), "[0, 0, 0, 0]");
  if (height < 1 || width < 1 || height > kMost || width > kMost)
    fail_attribute(node, "kernel_shape", shown_shape({height, width}), "[1, 1]");
  PictureWindow w{.height = static_cast<int>(height), .width = static_cast<int>(width)};
  w.stride_y = static_cast<int>(strides[0]), w.stride_x = static_cast<int>(strides[1]);
  w.top = static_cast<int>(pads[0]), w.left = static_cast<int>(pads[1]), w.bottom = static_cast<int>(pads[2]),
  w.right = static_cast<int>(pads[3]);
  const PictureShape out = windowed(in, w);
  if (out.places() < 1) fail_attribute(node, "kernel_shape", shown_shape({height, width}), "<= " + shown_shape({in.height, in.width}));
  const double unfolded = double(out.places()) * static_cast<double>(height * width) * in.channels;
  if (unfolded > double{1 << 24}) fail(node, Message("refusal.onnx_too_large").with("found", shown(unfolded)));
  return w;
}

void OnnxTranslator::convolution(const OnnxNode& node) {
  PictureShape in;
  const Value x = picture(node, value(node, 0), in);
  const OnnxTensor& w = constant(node, 1);
  const std::int64_t groups = node.whole("group", 1);
  Sides dilations = node.wholes("dilations");
  if (dilations.empty()) dilations = {1, 1};
  if (dilations.size() != 2 || dilations[0] < 1 || dilations[1] < 1 || dilations[0] > 64 || dilations[1] > 64)
    fail_attribute(node, "dilations", shown_shape(dilations), "[1, 1]");
  if (w.shape.size() != 4 || groups < 1 || groups > in.channels || w.shape[1] * groups != in.channels || w.shape[0] < 1 ||
      w.shape[0] % groups != 0 || w.shape[2] < 1 || w.shape[3] < 1)
    fail_sides(node, value(node, 1), "[f, " + std::to_string(in.channels) + ", h, w]");
  const std::int64_t filters = w.shape[0], own = w.shape[1], kh = w.shape[2], kw = w.shape[3];
  const PictureWindow win = window(node, (kh - 1) * dilations[0] + 1, (kw - 1) * dilations[1] + 1, in);
  if (static_cast<double>(win.height) * win.width * in.channels * static_cast<double>(filters) > double{1 << 26})
    fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(filters)));
  // A row for each of a window's numbers, (y, x, channel): what a group or a dilation leaves out is 0.
  MatrixD weights = MatrixD::Zero(Eigen::Index{win.height} * win.width * in.channels, filters);
  for (std::int64_t f = 0; f < filters; ++f)
    for (std::int64_t c = 0; c < own; ++c)
      for (std::int64_t y = 0; y < kh; ++y)
        for (std::int64_t p = 0; p < kw; ++p) {
          const std::int64_t channel = f / (filters / groups) * own + c;
          weights((y * dilations[0] * win.width + p * dilations[1]) * in.channels + channel, f) =
              w.numbers[static_cast<std::size_t>(((f * own + c) * kh + y) * kw + p)];
        }
  MatrixD bias = MatrixD::Zero(1, filters);
  if (given(node, 2)) {
    const OnnxTensor& b = constant(node, 2);
    if (b.shape != Sides{filters}) fail_sides(node, value(node, 2), "[" + std::to_string(filters) + "]");
    for (std::int64_t f = 0; f < filters; ++f) bias(0, f) = b.numbers[static_cast<std::size_t>(f)];
  }
  PictureShape out = windowed(in, win);
  out.channels = static_cast<int>(filters);
  if (std::int64_t{out.places()} * filters > 1 << 22)
    fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(std::int64_t{out.places()} * filters)));
  const int at_weight = weight(narrowed(node, weights)), at_bias = weight(narrowed(node, bias));
  const int at =
      step(node, {.kind = Kind::convolution, .a = x.at, .weight = at_weight, .bias = at_bias, .picture = in, .window = win}, out.numbers());
  give(node, {{}, at, sides_of(out), channels_last(out)});
}

void OnnxTranslator::pool(const OnnxNode& node) {
  PictureShape in;
  const Value x = picture(node, value(node, 0), in);
  const bool largest = node.op == "MaxPool";
  const Sides kernel = node.wholes("kernel_shape");
  if (kernel.size() != 2) fail_attribute(node, "kernel_shape", shown_shape(kernel), "[h, w]");
  for (const std::int64_t d : node.wholes("dilations"))
    if (d != 1) fail_attribute(node, "dilations", std::to_string(d), "1");
  if (node.outputs.size() > 1 && !node.outputs[1].empty() && uses_.contains(node.outputs[1]))
    fail_attribute(node, "Indices", node.outputs[1], "-");
  const PictureWindow w = window(node, kernel[0], kernel[1], in);
  if (std::max(w.top, w.bottom) >= w.height || std::max(w.left, w.right) >= w.width)
    fail_attribute(node, "pads", shown_shape(node.wholes("pads")), "< " + shown_shape(kernel));
  if (node.whole("ceil_mode", 0) != 0 &&
      ((in.height + w.top + w.bottom - w.height) % w.stride_y != 0 || (in.width + w.left + w.right - w.width) % w.stride_x != 0))
    fail_attribute(node, "ceil_mode", "1", "0");
  const PictureShape out = windowed(in, w);
  const int at = step(node,
                      {.kind = largest ? Kind::max_pool : Kind::average_pool,
                       .a = x.at,
                       .picture = in,
                       .window = w,
                       .of_padding = node.whole("count_include_pad", 0) != 0},
                      out.numbers());
  give(node, {{}, at, sides_of(out), channels_last(out)});
}

void OnnxTranslator::global_pool(const OnnxNode& node) {
  PictureShape in;
  const Value x = picture(node, value(node, 0), in);
  if (node.op == "GlobalMaxPool") {  // the largest of each column of pixels, then of those
    const PictureShape line{1, in.width, in.channels};
    const int lines = step(node, {.kind = Kind::max_pool, .a = x.at, .picture = in, .window = {.height = in.height}}, line.numbers());
    const int one = step(node, {.kind = Kind::max_pool, .a = lines, .picture = line, .window = {.width = in.width}}, in.channels);
    return give(node, {{}, one, {in.channels, 1, 1}, {}});
  }
  give(node, {{}, step(node, {.kind = Kind::global_average, .a = x.at, .picture = in}, in.channels), {in.channels, 1, 1}, {}});
}

void OnnxTranslator::reduce_mean(const OnnxNode& node) {
  Sides axes = wholes(node, 1, "axes");
  for (std::int64_t& axis : axes)
    if (axis < 0) axis += 4;
  std::sort(axes.begin(), axes.end());
  if (axes != Sides{2, 3}) fail_attribute(node, "axes", shown_shape(axes), "[2, 3]");
  PictureShape in;
  const Value x = picture(node, value(node, 0), in);
  Sides sides{in.channels};
  if (node.whole("keepdims", 1) != 0) sides = {in.channels, 1, 1};
  give(node, {{}, step(node, {.kind = Kind::global_average, .a = x.at, .picture = in}, in.channels), sides, {}});
}

}  // namespace mid
