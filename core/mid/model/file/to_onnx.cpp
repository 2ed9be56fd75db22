#include "mid/model/file/to_onnx.hpp"

#include <cmath>
#include <utility>

#include "mid/base/error.hpp"
#include "mid/base/json.hpp"
#include "mid/model/file/onnx_writer.hpp"

namespace mid {
namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

std::string activate_onnx(OnnxWriter& out, const std::string& x, const std::string& activation, const std::string& name) {
  if (activation == "tanh") return out.node("Tanh", {x}, {name});
  if (activation == "leaky_relu") return out.node("LeakyRelu", {x}, {name}, {OnnxWriter::number("alpha", .01)});
  return out.node("Relu", {x}, {name});
}

/// The convolutions, whose pictures are (channel, y, x) in ONNX and (y, x, channel) here. Gives n rows of numbers in ONNX's order.
std::string convolve(OnnxWriter& out, std::string x, const Network& network) {
  const PictureShape& first = network.convolutions.front().in;
  if (first.channels == 1) {
    x = out.node("Reshape", {x, out.shape("picture.shape", {0, 1, first.height, first.width})}, {"picture"});
  } else {
    x = out.node("Reshape", {x, out.shape("picture.shape", {0, first.height, first.width, first.channels})}, {"picture"});
    x = out.node("Transpose", {x}, {"picture.channels"}, {OnnxWriter::wholes("perm", {0, 3, 1, 2})});
  }
  for (std::size_t i = 0; i < network.convolutions.size(); ++i) {
    const ConvolutionLayer& layer = network.convolutions[i];
    const ConvolutionSpec& s = layer.shape;
    const std::string name = "convolutions." + std::to_string(i);
    const Matrix& w = layer.weights.weight.value;
    std::vector<float> weight;
    for (int f = 0; f < s.filters; ++f)
      for (int c = 0; c < layer.in.channels; ++c)
        for (int place = 0; place < s.kernel * s.kernel; ++place) weight.push_back(w(place * layer.in.channels + c, f));
    x = out.node("Conv",
                 {x, out.weight(name + ".weight", weight, {s.filters, layer.in.channels, s.kernel, s.kernel}),
                  out.weight(name + ".bias", layer.weights.bias.value, true)},
                 {name},
                 {OnnxWriter::wholes("kernel_shape", {s.kernel, s.kernel}), OnnxWriter::wholes("strides", {s.stride, s.stride}),
                  OnnxWriter::wholes("pads", {s.padding, s.padding, s.padding, s.padding})});
    if (s.pool > 1)
      x = out.node("MaxPool", {x}, {name + ".pooled"},
                   {OnnxWriter::wholes("kernel_shape", {s.pool, s.pool}), OnnxWriter::wholes("strides", {s.pool, s.pool})});
    x = activate_onnx(out, x, network.activation, name + ".active");
  }
  return out.node("Flatten", {x}, {"convolved"}, {OnnxWriter::whole("axis", 1)});
}

/// The weights of the layer behind the convolutions, with its inputs in ONNX's order.
Matrix by_channel(const Matrix& weight, const PictureShape& in) {
  Matrix out(weight.rows(), weight.cols());
  for (int c = 0; c < in.channels; ++c)
    for (int place = 0; place < in.places(); ++place) out.row(c * in.places() + place) = weight.row(place * in.channels + c);
  return out;
}

void add_names(Metadata& metadata, const char* key, const std::vector<std::string>& names) {
  if (!names.empty()) metadata.emplace_back(key, Json(names).dump());
}

}  // namespace

std::string to_onnx(const Network& network) {
  if (network.front) {
    if (network.front->prepended) throw Error("run", Message("refusal.onnx_reordered"));
    return network.source;
  }
  OnnxWriter out;
  std::string x = OnnxWriter::kInput;
  if ((network.input_mean.array() != 0).any() || (network.input_sd.array() != 1).any()) {
    x = out.node("Sub", {x, out.weight("input.mean", network.input_mean, true)}, {"input.moved"});
    x = out.node("Div", {x, out.weight("input.sd", network.input_sd, true)}, {"input.scaled"});
  }
  if (!network.convolutions.empty()) x = convolve(out, x, network);
  bool behind_pictures = !network.convolutions.empty();
  const auto dense = [&](const std::string& name, const Matrix& weight, const Matrix& bias) {
    const bool ordered = std::exchange(behind_pictures, false);
    x = out.dense(x, name, ordered ? by_channel(weight, network.convolutions.back().out()) : weight, bias);
  };
  for (std::size_t i = 0; i < network.hidden.size(); ++i) {
    const std::string name = "hidden." + std::to_string(i);
    dense(name, network.hidden[i].weight.value, network.hidden[i].bias.value);
    x = activate_onnx(out, x, network.activation, name + ".active");
  }
  if (network.bottleneck) {
    const int k = network.code_size();
    dense("bottleneck", network.bottleneck->weight.value.leftCols(k), network.bottleneck->bias.value.leftCols(k));
    if (network.stochastic && network.noise_sd.size())
      x = out.node("Tanh", {x}, {"bottleneck.active"});  // noise of a fixed size is added to it
    else if (!network.stochastic)
      x = activate_onnx(out, x, network.activation, "bottleneck.active");
  }
  Matrix weight = network.head.weight.value, bias = network.head.bias.value;
  if (network.outputs() == 1) {  // a number for each class: 0 and the logit
    weight = Matrix::Zero(network.head.weight.value.rows(), 2), bias = Matrix::Zero(1, 2);
    weight.col(1) = network.head.weight.value.col(0), bias(0, 1) = network.head.bias.value(0, 0);
  }
  dense("head", weight, bias);
  if (network.purifier) {
    x = out.node("LogSoftmax", {x}, {"purifier.log"}, {OnnxWriter::whole("axis", -1)});
    x = out.node("Clip", {x, out.weight("purifier.least", {std::log(1e-10f)}, {})}, {"purifier.input"});
    x = out.dense(x, "purifier.encode", network.purifier->encode.weight.value, network.purifier->encode.bias.value);
    x = out.node("Tanh", {x}, {"purifier.active"});
    x = out.dense(x, "purifier.decode", network.purifier->decode.weight.value, network.purifier->decode.bias.value);
  }
  x = out.node("Softmax", {x}, {"probabilities"}, {OnnxWriter::whole("axis", -1)});
  Metadata metadata;
  add_names(metadata, "inputs", network.input_names), add_names(metadata, "classes", network.class_names);
  return out.finish(network.inputs(), x, network.classes, metadata);
}

std::string to_onnx(const Linear& model) {
  OnnxWriter out;
  std::vector<float> coefficients;
  for (const double w : model.weight) coefficients.push_back(static_cast<float>(w));
  const std::string x = out.node("LinearRegressor", {OnnxWriter::kInput}, {"value"},
                                 {OnnxWriter::numbers("coefficients", coefficients),
                                  OnnxWriter::numbers("intercepts", {static_cast<float>(model.bias)}), OnnxWriter::whole("targets", 1)},
                                 OnnxWriter::kTreesAndRegressions);
  Metadata metadata;
  add_names(metadata, "inputs", model.input_names);
  return out.finish(model.inputs(), x, 1, metadata);
}

}  // namespace mid
