#include "mid/model/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

#include "mid/base/text.hpp"

namespace mid {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian; swap bytes here");

namespace {

constexpr std::size_t kLengthBytes = 8, kAlignment = 8;
constexpr std::uint64_t kMostHeader = 100'000'000;  // the format's own limit
constexpr const char *kFormat = "midlab network 1", *kLinearFormat = "midlab linear 1";

/// Numbers as they lie in a file.
template <class Number>
using Values = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// How the format names a type of numbers.
template <class Number>
constexpr const char* dtype_of() {
  return sizeof(Number) == sizeof(double) ? "F64" : "F32";
}

// Writing

class Writer {
 public:
  /// `shape` [cols] for a row, [rows, cols] otherwise.
  template <class Number>
  void add(const std::string& name, const Values<Number>& value, bool row) {
    const auto begin = data_.size();
    data_.append(reinterpret_cast<const char*>(value.data()), static_cast<std::size_t>(value.size()) * sizeof(Number));
    const auto list = [](auto... numbers) { return nlohmann::ordered_json::array({numbers...}); };
    const auto shape = row ? list(value.cols()) : list(value.rows(), value.cols());
    header_[name] = {{"dtype", dtype_of<Number>()}, {"shape", shape}, {"data_offsets", list(begin, data_.size())}};
  }
  void add(const std::string& name, const DenseLayer& layer) {
    add(name + ".weight", Matrix(layer.weight.value.transpose()), false);
    add(name + ".bias", layer.bias.value, true);
  }
  void describe(const std::string& key, const std::string& text) { header_["__metadata__"][key] = text; }

  std::string take() {
    std::string text = header_.dump();
    while (text.size() % kAlignment) text += ' ';
    const std::uint64_t length = text.size();
    std::string out(kLengthBytes, '\0');
    std::memcpy(out.data(), &length, kLengthBytes);
    return out + text + data_;
  }

 private:
  nlohmann::ordered_json header_ = nlohmann::ordered_json::object();
  std::string data_;
};

// Reading

struct Tensor {
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;
  bool used = false;
};

std::string shown_shape(const std::vector<std::int64_t>& shape) { return Json(shape).dump(); }

/// A file whose tensors hold Numbers: float or double.
template <class Number>
class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file) : file_(file) {
    if (bytes.size() < kLengthBytes) fail("is no safetensors file: it has " + std::to_string(bytes.size()) + " bytes, at least 10 are needed");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), kLengthBytes);
    if (length > kMostHeader || length > bytes.size() - kLengthBytes)
      fail("is no safetensors file, or cut short: its header should have " + std::to_string(length) + " bytes, the file has " +
           std::to_string(bytes.size()));
    data_ = bytes.substr(kLengthBytes + length);
    const std::string_view text = bytes.substr(kLengthBytes, length);
    const Json header = Json::parse(text, nullptr, false);
    if (!header.is_object()) fail("is no safetensors file: its header is no JSON object");
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") read_metadata(entry);
      else tensors_[name] = tensor(name, entry);
    }
    check_layout();
  }

  bool has(const std::string& name) const { return tensors_.count(name) != 0; }
  std::string text(const std::string& key, const std::string& otherwise) const {
    const auto found = metadata_.find(key);
    return found == metadata_.end() ? otherwise : found->second;
  }

  /// A tensor as it is stored. `wanted_cols` -1: any number.
  Values<Number> matrix(const std::string& name, std::int64_t wanted_cols) {
    Tensor& t = take(name);
    if (t.shape.size() != 2 || (wanted_cols >= 0 && t.shape[1] != wanted_cols))
      fail(name, "must have the shape [outputs, " + (wanted_cols < 0 ? "inputs" : std::to_string(wanted_cols)) + "], found " + shown_shape(t.shape));
    return numbers(name, t, t.shape[0], t.shape[1]);
  }
  /// `wanted` -1: any number.
  Values<Number> row(const std::string& name, std::int64_t wanted) {
    Tensor& t = take(name);
    const bool flat = t.shape.size() == 1 || (t.shape.size() == 2 && t.shape[0] == 1);
    if (!flat || (wanted >= 0 && t.shape.back() != wanted))
      fail(name, "must have the shape [" + (wanted < 0 ? "inputs" : std::to_string(wanted)) + "], found " + shown_shape(t.shape));
    return numbers(name, t, 1, t.shape.back());
  }
  DenseLayer layer(const std::string& name, std::int64_t inputs) {
    DenseLayer out;
    out.weight.value = matrix(name + ".weight", inputs).transpose();
    out.bias.value = row(name + ".bias", out.weight.value.cols());
    return out;
  }

  void check_all_used(const std::string& otherwise) const {
    for (const auto& [name, t] : tensors_)
      if (!t.used) fail(name, otherwise);
  }
  /// The metadata's spec; null when absent.
  Json spec() const {
    Json out = Json::parse(text("spec", "null"), nullptr, false);
    if (out.is_discarded()) fail("has metadata \"spec\" that is no JSON");
    return out;
  }
  [[noreturn]] void fail(const std::string& problem) const { throw Error(file_, problem); }
  [[noreturn]] void fail(const std::string& tensor, const std::string& problem) const {
    throw Error(file_, "holds tensor " + shown(tensor) + ", which " + problem);
  }

 private:
  void read_metadata(const Json& entry) {
    if (!entry.is_object()) fail("has a __metadata__ that is no object of texts");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) fail("has metadata " + shown(key) + " that must be text, found " + shown(value));
      value.get_to(metadata_[key]);
    }
  }

  Tensor tensor(const std::string& name, const Json& entry) const {
    constexpr std::int64_t kMostSide = 1 << 28;
    Tensor t;
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
      fail(name, "must be an object with dtype, shape and data_offsets");
    if (entry["dtype"] != dtype_of<Number>())
      fail(name, std::string("must have dtype \"") + dtype_of<Number>() + "\", found " + shown(entry["dtype"]));
    const Json &shape = entry["shape"], &offsets = entry["data_offsets"];
    if (!shape.is_array() || shape.empty() || shape.size() > 2) fail(name, "must have a shape of 1 or 2 sides, found " + shown(shape));
    std::uint64_t bytes = sizeof(Number);
    for (const Json& side : shape) {
      if (!side.is_number_unsigned() || side.get<std::uint64_t>() < 1 || side.get<std::uint64_t>() > kMostSide)
        fail(name, "must have sides of 1 to " + std::to_string(kMostSide) + ", found " + shown(shape));
      t.shape.push_back(side.get<std::int64_t>());
      bytes *= side.get<std::uint64_t>();
    }
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
      fail(name, "must have two data_offsets, found " + shown(offsets));
    t.begin = offsets[0].get<std::uint64_t>();
    t.end = offsets[1].get<std::uint64_t>();
    if (t.begin > t.end || t.end > data_.size())
      fail(name, "must lie within the file's " + std::to_string(data_.size()) + " bytes of data, found offsets " + shown(offsets));
    if (t.end - t.begin != bytes)
      fail(name, "of shape " + shown_shape(t.shape) + " needs " + std::to_string(bytes) + " bytes, found " + std::to_string(t.end - t.begin));
    return t;
  }

  /// The format's rule: the tensors cover the data without gap or overlap.
  void check_layout() const {
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const auto& [name, t] : tensors_) order.emplace_back(t.begin, name);
    std::sort(order.begin(), order.end());
    std::uint64_t covered = 0;
    for (const auto& [begin, name] : order) {
      if (begin != covered)
        fail(name, std::string(begin < covered ? "overlaps" : "leaves a gap after") + " the tensor before it: it begins at byte " +
                       std::to_string(begin) + " of the data, wanted is " + std::to_string(covered));
      covered = tensors_.at(name).end;
    }
    if (covered != data_.size())
      fail("has " + std::to_string(data_.size()) + " bytes of data, its tensors take " + std::to_string(covered));
  }

  Tensor& take(const std::string& name) {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) {
      std::vector<std::string> names;
      for (const auto& [other, t] : tensors_) names.push_back(other);
      fail("lacks the tensor " + name + "; it holds " + (names.empty() ? "none" : shortened(listed(names), 200)));
    }
    found->second.used = true;
    return found->second;
  }

  Values<Number> numbers(const std::string& name, const Tensor& t, std::int64_t rows, std::int64_t cols) const {
    Values<Number> out(rows, cols);
    std::memcpy(out.data(), data_.data() + t.begin, static_cast<std::size_t>(t.end - t.begin));
    if (!out.allFinite()) fail(name, "must hold finite numbers, found one that is infinite or not a number");
    return out;
  }

  std::string file_;
  std::string_view data_;
  std::map<std::string, Tensor> tensors_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace

std::string to_safetensors(const Network& network, const Json& spec) {
  Writer out;
  out.describe("format", kFormat);
  out.describe("activation", network.activation);
  out.describe("stochastic", network.stochastic ? "true" : "false");
  out.describe("spec", spec.dump());
  out.add("input.mean", network.input_mean, true);
  out.add("input.sd", network.input_sd, true);
  for (std::size_t i = 0; i < network.hidden.size(); ++i) out.add("hidden." + std::to_string(i), network.hidden[i]);
  if (network.bottleneck) out.add("bottleneck", *network.bottleneck);
  out.add("head", network.head);
  if (network.class_mean.value.size()) out.add("class_mean", network.class_mean.value, false);
  if (network.purifier) out.add("purifier.encode", network.purifier->encode), out.add("purifier.decode", network.purifier->decode);
  if (network.code_sd.size()) out.add("code.mean", network.code_mean, true), out.add("code.sd", network.code_sd, true);
  return out.take();
}

Network network_from_safetensors(std::string_view bytes, const std::string& file, Json* spec) {
  Reader<float> in(bytes, file);
  Network net;
  net.activation = in.text("activation", "relu");
  if (net.activation != "relu" && net.activation != "leaky_relu" && net.activation != "tanh")
    in.fail("has metadata \"activation\" that must be relu, leaky_relu or tanh, found " + shown(net.activation));

  std::int64_t width = -1;  // of the layer before; the first one tells the inputs
  const auto next = [&](const std::string& name) {
    DenseLayer layer = in.layer(name, width);
    width = layer.weight.value.cols();
    return layer;
  };
  std::int64_t inputs = -1;
  const auto note_inputs = [&](const DenseLayer& layer) {
    if (inputs < 0) inputs = layer.weight.value.rows();
  };
  for (int i = 0; in.has("hidden." + std::to_string(i) + ".weight"); ++i) {
    net.hidden.push_back(next("hidden." + std::to_string(i)));
    note_inputs(net.hidden.back());
  }
  if (in.has("bottleneck.weight")) {
    net.bottleneck = next("bottleneck");
    note_inputs(*net.bottleneck);
    // The head tells what the bottleneck's numbers are: all of them the code, or half means and half raw sigmas.
    const Matrix head = in.matrix("head.weight", -1);
    net.stochastic = width == 2 * head.cols();
    if (!net.stochastic && width != head.cols())
      in.fail("head.weight", "must take the " + std::to_string(width) + " numbers that the bottleneck gives, or half of them if it is "
                             "stochastic, found " + std::to_string(head.cols()));
    if (net.stochastic) width /= 2;
    const std::string said = in.text("stochastic", net.stochastic ? "true" : "false");
    if (said != (net.stochastic ? "true" : "false"))
      in.fail("has metadata \"stochastic\" " + shown(said) + ", but its bottleneck gives " +
              std::to_string(net.bottleneck->bias.value.cols()) + " numbers and its head takes " + std::to_string(head.cols()));
  }
  net.head = next("head");
  note_inputs(net.head);
  net.classes = width == 1 ? 2 : static_cast<int>(width);

  net.input_mean = in.has("input.mean") ? in.row("input.mean", inputs) : Matrix(Matrix::Zero(1, inputs));
  net.input_sd = in.has("input.sd") ? in.row("input.sd", inputs) : Matrix(Matrix::Ones(1, inputs));
  if (net.input_sd.minCoeff() <= 0) in.fail("input.sd", "must hold numbers above 0, found " + shown(net.input_sd.minCoeff()));
  if (in.has("code.mean") || in.has("code.sd")) {
    net.code_mean = in.row("code.mean", net.code_size()), net.code_sd = in.row("code.sd", net.code_size());
    if (net.code_sd.minCoeff() < 0) in.fail("code.sd", "must not hold numbers below 0, found " + shown(net.code_sd.minCoeff()));
  }
  if (in.has("class_mean")) {
    net.class_mean.value = in.matrix("class_mean", net.code_size());
    if (net.class_mean.value.rows() != net.classes)
      in.fail("class_mean", "must have a row for each of the " + std::to_string(net.classes) + " classes, found " + std::to_string(net.class_mean.value.rows()));
  }
  if (in.has("purifier.encode.weight")) {
    Purifier& purifier = net.purifier.emplace();
    purifier.encode = in.layer("purifier.encode", net.classes);
    purifier.decode = in.layer("purifier.decode", purifier.encode.weight.value.cols());
    if (purifier.decode.weight.value.cols() != net.classes)
      in.fail("purifier.decode.weight", "must give a number for each of the " + std::to_string(net.classes) + " classes, found " + std::to_string(purifier.decode.weight.value.cols()));
  }
  in.check_all_used("is not part of a network; wanted are input.mean, input.sd, code.mean, code.sd, class_mean, hidden.0, hidden.1, ..., bottleneck, head, "
                    "purifier.encode and purifier.decode, each layer with .weight and .bias");
  if (spec) *spec = in.spec();
  return net;
}

std::string to_safetensors(const Linear& model, const Json& spec) {
  Writer out;
  out.describe("format", kLinearFormat);
  out.describe("spec", spec.dump());
  out.describe("noise", Json(model.noise).dump());
  out.add("weight", MatrixD(model.weight.transpose()), false);
  out.add("bias", MatrixD(MatrixD::Constant(1, 1, model.bias)), true);
  return out.take();
}

Linear linear_from_safetensors(std::string_view bytes, const std::string& file, Json* spec) {
  Reader<double> in(bytes, file);
  Linear model{in.row("weight", -1).transpose(), in.row("bias", 1)(0, 0), 0};
  const Json noise = Json::parse(in.text("noise", "0"), nullptr, false);
  if (!noise.is_number() || noise.get<double>() < 0) throw Error(file, "has a noise in its metadata that is no number of at least 0: " + shown(noise));
  model.noise = noise.get<double>();
  in.check_all_used("is not part of a regression; wanted are weight and bias");
  if (spec) *spec = in.spec();
  return model;
}

}  // namespace mid
