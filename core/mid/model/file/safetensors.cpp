#include "mid/model/file/safetensors.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "mid/model/file/layer_names.hpp"
#include "mid/model/file/onnx_model.hpp"
#include "mid/model/file/tensor_file.hpp"

namespace mid {
namespace {

/// Of a network that was read from ONNX: that file, and what it is given instead of the data's inputs.
constexpr const char *kOnnx = "onnx", *kOnnxInputs = "onnx.inputs";
constexpr const char *kFormat = "midlab network 1", *kLinearFormat = "midlab linear 1";

// Writing

void add(TensorWriter& out, const std::string& name, const DenseLayer& layer) {
  out.add(name + ".weight", Matrix(layer.weight.value.transpose()), false);
  out.add(name + ".bias", layer.bias.value, true);
}

void describe(TensorWriter& out, const char* key, const std::vector<std::string>& names) {
  if (!names.empty()) out.describe(key, Json(names).dump());
}

/// What the weights of convolutions do not tell.
Json convolutions_json(const Network& network) {
  const PictureShape& in = network.convolutions.front().in;
  Json list = Json::array();
  for (const ConvolutionLayer& c : network.convolutions)
    list.push_back({{"filters", c.shape.filters},
                    {"kernel", c.shape.kernel},
                    {"stride", c.shape.stride},
                    {"padding", c.shape.padding},
                    {"pool", c.shape.pool}});
  return {{"height", in.height}, {"width", in.width}, {"channels", in.channels}, {"layers", list}};
}

// Reading

/// Takes a model's parts out of a file, as the numbers that models are made of.
class PartReader {
 public:
  PartReader(const TensorFile& file, NamedParts parts) : file_(file), parts_(std::move(parts)) {}

  bool has(const std::string& part) const { return parts_.has(part); }

  /// A matrix as it is stored, out x in of a weight. `wanted_cols` -1: any number.
  MatrixD matrix(const std::string& part, std::int64_t wanted_cols) {
    const std::string& name = name_of(part);
    MatrixD out = numbers(name);
    if (parts_.inputs_first.contains(part)) out = MatrixD(out.transpose());
    if (file_.tensors().at(name).shape.size() != 2 || (wanted_cols >= 0 && out.cols() != wanted_cols))
      fail(part,
           Message("refusal.tensor_matrix").with("inputs", sides(wanted_cols)).with("found", shown_shape(file_.tensors().at(name).shape)));
    return out;
  }
  /// `wanted` -1: any number.
  MatrixD row(const std::string& part, std::int64_t wanted) {
    const std::string& name = name_of(part);
    MatrixD out = numbers(name);
    if (out.rows() != 1 || (wanted >= 0 && out.cols() != wanted))
      fail(part, Message("refusal.tensor_row").with("inputs", sides(wanted)).with("found", shown_shape(file_.tensors().at(name).shape)));
    return out;
  }
  /// A matrix or a row, whatever its shape.
  MatrixD whole(const std::string& part) { return numbers(name_of(part)); }
  /// A bias; 0 where the file has none.
  MatrixD bias(const std::string& part, std::int64_t outputs) {
    if (has(part)) return row(part, outputs);
    without_bias_.push_back(part);
    return MatrixD::Zero(1, outputs);
  }
  /// Weight, out x in, and bias of a layer, with the batch normalisations that enter it. `inputs` -1: any number.
  std::pair<MatrixD, MatrixD> dense(const std::string& part, std::int64_t inputs) {
    MatrixD weight = matrix(part + ".weight", inputs);
    const auto norms = parts_.norms.find(part);
    if (norms == parts_.norms.end()) return {weight, bias(part + ".bias", weight.rows())};
    // With the normalisation of its inputs h: W (s h + t) + b = (W s) h + (W t + b); of its outputs: s (W h + b) + t.
    MatrixD offset = has(part + ".bias") ? row(part + ".bias", weight.rows()) : MatrixD(MatrixD::Zero(1, weight.rows()));
    for (const bool on_inputs : {true, false})
      for (const BatchNorm& norm : norms->second) {
        if (norm.on_inputs != on_inputs) continue;
        const ScaleAndShift by = scale_and_shift(file_, norm);
        if (on_inputs) {
          offset += by.shift * weight.transpose();
          weight.array().rowwise() *= by.scale.row(0).array();
        } else {
          weight.array().colwise() *= by.scale.row(0).transpose().array();
          offset = offset.cwiseProduct(by.scale) + by.shift;
        }
      }
    return {weight, offset};
  }
  DenseLayer layer(const std::string& part, std::int64_t inputs) {
    const auto [weight, offset] = dense(part, inputs);
    DenseLayer out;
    out.weight.value = narrowed(part + ".weight", weight.transpose());
    out.bias.value = narrowed(part + ".bias", offset);
    return out;
  }

  /// As 32-bit numbers, of which a network is made.
  Matrix narrowed(const std::string& part, const MatrixD& exact) {
    const Matrix out = exact.cast<float>();
    if (!out.allFinite()) fail(part, Message("refusal.tensor_too_large").with("found", shown(exact.cwiseAbs().maxCoeff())));
    for (Eigen::Index i = 0; i < exact.size(); ++i)
      if (const double wanted = exact.data()[i]; wanted != 0)
        change_ = std::max(change_, std::abs(out.data()[i] - wanted) / std::abs(wanted));
    return out;
  }

  /// What the numbers were, if not `own` already.
  void remark_types(const std::string& own, bool network) {
    types_.erase(own);
    if (types_.empty()) return;
    char change[32];
    std::snprintf(change, sizeof change, "%.1g", change_);
    remark(Message(network && change_ > 0 ? "warning.model_types_changed" : "warning.model_types")
               .with("types", either_of({types_.begin(), types_.end()}))
               .with("own", own)
               .with("change", change));
  }
  void remark(const Message& message) { parts_.remarks.push_back(message); }
  /// All of them, for whoever wants to hear.
  void tell(std::vector<Message>* remarks) {
    if (!remarks) return;
    if (!without_bias_.empty()) remark(Message("warning.model_no_bias").with("parts", either_of(without_bias_)));
    remarks->insert(remarks->end(), parts_.remarks.begin(), parts_.remarks.end());
  }
  [[noreturn]] void fail(const std::string& part, const Message& problem) const {
    file_.fail(has(part) ? parts_.tensor.at(part) : part, problem);
  }

 private:
  static Message sides(std::int64_t wanted) {
    return wanted < 0 ? Message("refusal.part.any_inputs") : Message::plain(std::to_string(wanted));
  }
  const std::string& name_of(const std::string& part) const {
    if (!has(part)) file_.fail(Message("refusal.tensor_lacks").with("tensor", part));
    return parts_.tensor.at(part);
  }
  MatrixD numbers(const std::string& name) {
    types_.insert(file_.tensors().at(name).dtype);
    return file_.numbers(name);
  }

  const TensorFile& file_;
  NamedParts parts_;
  std::set<std::string> types_;
  std::vector<std::string> without_bias_;
  double change_ = 0;  // the largest, of any number in units of itself
};

/// A list of names in the metadata; empty when absent.
std::vector<std::string> names_in(const TensorFile& file, const char* key, std::int64_t wanted) {
  const Json j = file.json(key);
  if (j.is_null()) return {};
  if (!j.is_array() || !std::all_of(j.begin(), j.end(), [](const Json& n) { return n.is_string(); }))
    file.fail(Message("refusal.metadata_names").with("key", shown(key)).with("found", shown(j)));
  if (static_cast<std::int64_t>(j.size()) != wanted)
    file.fail(Message("refusal.metadata_count")
                  .with("key", shown(key))
                  .with("found", std::to_string(j.size()))
                  .with("wanted", std::to_string(wanted)));
  return j.get<std::vector<std::string>>();
}

/// Two logits become one, the second minus the first: what a network of two classes has here, and what a release rounds and
/// adds noise to.
void make_one_logit(MatrixD& weight, MatrixD& bias) {
  weight = MatrixD(weight.row(1) - weight.row(0));
  bias = MatrixD(bias.col(1) - bias.col(0));
}

/// The head tells what the bottleneck's numbers are: all of them the code, or half means and half raw sigmas. Where the file has a size
/// of the noise, all of them are means.
void read_bottleneck(const TensorFile& file, PartReader& in, std::int64_t& width, Network& net) {
  net.bottleneck = in.layer("bottleneck", width);
  width = net.bottleneck->weight.value.cols();
  const std::int64_t taken = in.matrix("head.weight", -1).cols();
  const bool sized = in.has("bottleneck.noise_sd");
  if (sized) {
    net.noise_sd = in.narrowed("bottleneck.noise_sd", in.row("bottleneck.noise_sd", taken));
    if (net.noise_sd.minCoeff() < 0)
      in.fail("bottleneck.noise_sd", Message("refusal.tensor_negative").with("found", shown(net.noise_sd.minCoeff())));
  }
  net.stochastic = sized || width == 2 * taken;
  if ((sized || !net.stochastic) && width != taken)
    in.fail("head.weight", Message("refusal.tensor_head").with("width", std::to_string(width)).with("found", std::to_string(taken)));
  const std::string said = file.text("stochastic", net.stochastic ? "true" : "false");
  if (said != (net.stochastic ? "true" : "false"))
    file.fail(Message("refusal.metadata_stochastic")
                  .with("found", shown(said))
                  .with("given", std::to_string(width))
                  .with("taken", std::to_string(taken)));
  width = taken;
}

/// The size of the pictures and of each window is in the metadata.
void read_convolutions(const TensorFile& file, PartReader& in, Network& net) {
  struct Picture {
    int height = 0, width = 0, channels = 1;
    std::vector<ConvolutionSpec> layers;
    static std::vector<Param> params() {
      return {param(&Picture::height, "height", 1, 4096, "", ""), param(&Picture::width, "width", 1, 4096, "", ""),
              param(&Picture::channels, "channels", 1, 4096, "", ""), objects(&Picture::layers, "layers", "")};
    }
  };
  const Json told = file.json("convolutions");
  try {
    const auto picture = read<Picture>(told, "convolutions");
    PictureShape size{picture.height, picture.width, picture.channels};
    std::size_t i = 0;
    for (; in.has("convolution." + std::to_string(i) + ".weight"); ++i) {
      if (i == picture.layers.size()) break;
      const ConvolutionSpec& shape = picture.layers[i];
      const std::string part = "convolution." + std::to_string(i), field = "convolutions.layers[" + std::to_string(i) + "]";
      const PictureShape next = check_convolution(shape, size, field);
      net.convolutions.push_back({shape, size, in.layer(part, std::int64_t{shape.kernel} * shape.kernel * size.channels)});
      if (net.convolutions.back().weights.weight.value.cols() != shape.filters)
        in.fail(part + ".weight", Message("refusal.tensor_filters")
                                      .with("wanted", std::to_string(shape.filters))
                                      .with("found", std::to_string(net.convolutions.back().weights.weight.value.cols())));
      size = next;
    }
    if (i != picture.layers.size() || in.has("convolution." + std::to_string(i) + ".weight"))
      file.fail(Message("refusal.metadata_convolution_count").with("found", std::to_string(picture.layers.size())));
  } catch (const Error& error) {
    if (error.field().starts_with("convolutions")) file.fail(Message("refusal.metadata_convolutions").with("why", error.message()));
    throw;
  }
}

/// What some defences add.
void read_additions(PartReader& in, Network& net) {
  const auto narrow_row = [&](const char* part, std::int64_t size) { return in.narrowed(part, in.row(part, size)); };
  if (in.has("code.mean") || in.has("code.sd")) {
    net.code_mean = narrow_row("code.mean", net.code_size()), net.code_sd = narrow_row("code.sd", net.code_size());
    if (net.code_sd.minCoeff() < 0) in.fail("code.sd", Message("refusal.tensor_negative").with("found", shown(net.code_sd.minCoeff())));
  }
  if (in.has("class_mean")) {
    net.class_mean.value = in.narrowed("class_mean", in.matrix("class_mean", net.code_size()));
    if (net.class_mean.value.rows() != net.classes)
      in.fail("class_mean", Message("refusal.tensor_class_rows")
                                .with("classes", std::to_string(net.classes))
                                .with("found", std::to_string(net.class_mean.value.rows())));
  }
  if (!in.has("purifier.encode.weight") && !in.has("purifier.decode.weight")) return;
  Purifier& purifier = net.purifier.emplace();
  purifier.encode = in.layer("purifier.encode", net.classes);
  purifier.decode = in.layer("purifier.decode", purifier.encode.weight.value.cols());
  if (purifier.decode.weight.value.cols() != net.classes)
    in.fail("purifier.decode.weight", Message("refusal.tensor_class_numbers")
                                          .with("classes", std::to_string(net.classes))
                                          .with("found", std::to_string(purifier.decode.weight.value.cols())));
}

/// A network that was read from ONNX once, and what has been done to it since.
Network read_front(const TensorFile& tensors, Json* spec) {
  NamedParts parts;
  for (const auto& [name, t] : tensors.tensors()) parts.tensor[name] = name;
  if (tensors.tensors().at(kOnnx).dtype != "U8")
    tensors.fail(kOnnx, Message("refusal.tensor_dtype").with("found", tensors.tensors().at(kOnnx).dtype));
  PartReader in(tensors, parts);
  Network net = network_from_onnx(tensors.tensors().at(kOnnx).bytes, tensors.file());
  if (!net.front) tensors.fail(kOnnx, Message("refusal.tensor_not_network"));
  if (in.has(std::string(kOnnxInputs) + ".weight")) {
    DenseLayer first = in.layer(kOnnxInputs, -1);
    if (first.weight.value.cols() != net.front->inputs)
      in.fail(std::string(kOnnxInputs) + ".weight", Message("refusal.tensor_matrix")
                                                        .with("inputs", std::to_string(net.front->inputs))
                                                        .with("found", std::to_string(first.weight.value.cols())));
    net.front->prepend(std::move(first.weight.value), std::move(first.bias.value));
    net.input_mean = Matrix::Zero(1, net.front->inputs), net.input_sd = Matrix::Ones(1, net.front->inputs);
  }
  const Eigen::Index outputs = net.outputs();
  net.head = in.layer("head", net.code_size());
  if (net.outputs() != outputs)
    in.fail("head.weight",
            Message("refusal.tensor_row").with("inputs", std::to_string(outputs)).with("found", std::to_string(net.outputs())));
  read_additions(in, net);
  net.input_names = names_in(tensors, "inputs", net.inputs()), net.class_names = names_in(tensors, "classes", net.classes);
  if (spec) *spec = tensors.json("spec");
  return net;
}

}  // namespace

std::string to_safetensors(const Network& network, const Json& spec) {
  TensorWriter out;
  out.describe("format", kFormat);
  out.describe("activation", network.activation);
  out.describe("stochastic", network.stochastic ? "true" : "false");
  out.describe("spec", spec.dump());
  describe(out, "inputs", network.input_names), describe(out, "classes", network.class_names);
  out.add("input.mean", network.input_mean, true);
  out.add("input.sd", network.input_sd, true);
  for (std::size_t i = 0; i < network.convolutions.size(); ++i)
    add(out, "convolution." + std::to_string(i), network.convolutions[i].weights);
  if (!network.convolutions.empty()) out.describe("convolutions", convolutions_json(network).dump());
  if (network.front) {
    if (network.front->prepended) {
      const LayerGraph::Step& first = network.front->steps[0];
      const auto weight = [&](int index) { return network.front->weights[static_cast<std::size_t>(index)]; };
      add(out, kOnnxInputs, {weight(first.weight), weight(first.bias)});
    }
    out.add_bytes(kOnnx, network.source);
  }
  for (std::size_t i = 0; i < network.hidden.size(); ++i) add(out, "hidden." + std::to_string(i), network.hidden[i]);
  if (network.bottleneck) add(out, "bottleneck", *network.bottleneck);
  if (network.noise_sd.size()) out.add("bottleneck.noise_sd", network.noise_sd, true);
  add(out, "head", network.head);
  if (network.class_mean.value.size()) out.add("class_mean", network.class_mean.value, false);
  if (network.purifier) add(out, "purifier.encode", network.purifier->encode), add(out, "purifier.decode", network.purifier->decode);
  if (network.code_sd.size()) out.add("code.mean", network.code_mean, true), out.add("code.sd", network.code_sd, true);
  return out.take();
}

Network network_from_safetensors(std::string_view bytes, const std::string& file, Json* spec, std::vector<Message>* remarks) {
  const TensorFile tensors(bytes, file);
  if (tensors.has(kOnnx)) return read_front(tensors, spec);
  PartReader in(tensors, network_parts(tensors));
  Network net;
  net.activation = tensors.text("activation", "relu");
  if (net.activation != "relu" && net.activation != "leaky_relu" && net.activation != "tanh")
    tensors.fail(Message("refusal.metadata_must_be")
                     .with("key", "\"activation\"")
                     .with("allowed", either_of({"relu", "leaky_relu", "tanh"}))
                     .with("found", shown(net.activation)));

  std::int64_t width = -1, inputs = -1;  // of the layer before; the first one tells the inputs
  const auto note_inputs = [&](const DenseLayer& layer) {
    if (inputs < 0) inputs = layer.weight.value.rows();
  };
  if (in.has("convolution.0.weight")) {
    read_convolutions(tensors, in, net);
    inputs = net.convolutions.front().in.numbers(), width = net.convolutions.back().out().numbers();
  }
  for (int i = 0; in.has("hidden." + std::to_string(i) + ".weight"); ++i) {
    net.hidden.push_back(in.layer("hidden." + std::to_string(i), width));
    width = net.hidden.back().weight.value.cols();
    note_inputs(net.hidden.back());
  }
  if (in.has("bottleneck.weight")) {
    read_bottleneck(tensors, in, width, net);
    note_inputs(*net.bottleneck);
  }
  auto [weight, bias] = in.dense("head", width);
  net.classes = std::max(2, static_cast<int>(weight.rows()));
  if (weight.rows() == 2) {
    make_one_logit(weight, bias);
    in.remark(Message("warning.model_two_outputs"));
  }
  net.head.weight.value = in.narrowed("head.weight", weight.transpose());
  net.head.bias.value = in.narrowed("head.bias", bias);
  note_inputs(net.head);

  net.input_mean = in.has("input.mean") ? in.narrowed("input.mean", in.row("input.mean", inputs)) : Matrix(Matrix::Zero(1, inputs));
  net.input_sd = in.has("input.sd") ? in.narrowed("input.sd", in.row("input.sd", inputs)) : Matrix(Matrix::Ones(1, inputs));
  if (net.input_sd.minCoeff() <= 0) in.fail("input.sd", Message("refusal.tensor_above_zero").with("found", shown(net.input_sd.minCoeff())));
  read_additions(in, net);
  net.input_names = names_in(tensors, "inputs", inputs), net.class_names = names_in(tensors, "classes", net.classes);

  const bool bends = !net.convolutions.empty() || !net.hidden.empty() || (net.bottleneck && !net.stochastic);
  if (bends && !tensors.has_text("activation")) in.remark(Message("warning.model_activation"));
  in.remark_types("F32", true);
  in.tell(remarks);
  if (spec) *spec = tensors.json("spec");
  return net;
}

std::string to_safetensors(const Linear& model, const Json& spec) {
  TensorWriter out;
  out.describe("format", kLinearFormat);
  out.describe("spec", spec.dump());
  out.describe("noise", Json(model.noise).dump());
  describe(out, "inputs", model.input_names);
  if (!model.target.name.empty())
    out.describe(
        "target",
        Json{{"name", model.target.name}, {"mean", model.target.mean}, {"sd", model.target.sd}, {"root", model.target.root}}.dump());
  out.add("weight", MatrixD(model.weight.transpose()), false);
  out.add("bias", MatrixD(MatrixD::Constant(1, 1, model.bias)), true);
  return out.take();
}

Linear linear_from_safetensors(std::string_view bytes, const std::string& file, Json* spec, std::vector<Message>* remarks) {
  const TensorFile tensors(bytes, file);
  PartReader in(tensors, regression_parts(tensors));
  MatrixD weight = in.whole("weight");
  if (weight.rows() > 1 && weight.cols() > 1)
    in.fail("weight", Message("refusal.tensor_one_number").with("found", std::to_string(weight.rows())));
  Linear model;
  model.weight = weight.reshaped();
  model.bias = in.bias("bias", 1)(0, 0);
  const Json noise = tensors.json("noise"), target = tensors.json("target");
  if (!noise.is_null() && (!noise.is_number() || noise.get<double>() < 0))
    tensors.fail(Message("refusal.metadata_noise").with("found", shown(noise)));
  if (noise.is_number()) model.noise = noise.get<double>();
  model.input_names = names_in(tensors, "inputs", model.weight.size());
  if (!target.is_null()) {
    const auto number = [&](const char* key) { return target.is_object() && target.contains(key) && target[key].is_number(); };
    if (!number("mean") || !number("sd") || target["sd"].get<double>() <= 0 || !target.contains("name") || !target["name"].is_string() ||
        !target.contains("root") || !target["root"].is_boolean())
      tensors.fail(Message("refusal.metadata_target").with("found", shown(target)));
    model.target = {target["name"].get<std::string>(), target["mean"].get<double>(), target["sd"].get<double>(),
                    target["root"].get<bool>()};
  }
  in.remark_types("F64", false);
  in.tell(remarks);
  if (spec) *spec = tensors.json("spec");
  return model;
}

}  // namespace mid
