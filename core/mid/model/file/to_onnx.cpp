#include "mid/model/file/to_onnx.hpp"

#include <cmath>
#include <protozero/pbf_writer.hpp>
#include <utility>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/json.hpp"

// Field numbers: onnx.proto and onnx-ml.proto of ONNX 1.12.

namespace mid {
namespace {

using protozero::pbf_writer;

constexpr const char* kInput = "input";

/// Writes one message inside another.
template <class F>
void write_inside(pbf_writer& out, protozero::pbf_tag_type tag, F f) {
  pbf_writer in(out, tag);
  f(in);
}

class OnnxWriter {
 public:
  explicit OnnxWriter(std::int64_t opset = 13) : opset_(opset) {}

  /// A weight, stored as it is.
  std::string weight(const std::string& name, const Matrix& value, bool row = false) {
    pbf_writer graph(graph_);
    write_inside(graph, 5, [&](pbf_writer& t) {
      if (!row) t.add_int64(1, value.rows());
      t.add_int64(1, value.cols());
      t.add_int32(2, 1);  // FLOAT
      t.add_string(8, name);
      t.add_bytes(9, reinterpret_cast<const char*>(value.data()), static_cast<std::size_t>(value.size()) * sizeof(float));
    });
    return name;
  }
  struct Attribute {
    std::string name;
    double number = 0;
    std::int64_t whole = 0;
    std::vector<float> numbers = {};
    int type = 0;  ///< FLOAT 1, INT 2, FLOATS 6
  };
  /// Appends a node and returns its output's name.
  std::string node(const std::string& op, const std::vector<std::string>& inputs, const std::string& output,
                   const std::vector<Attribute>& attributes = {}, const std::string& domain = {}) {
    pbf_writer graph(graph_);
    write_inside(graph, 1, [&](pbf_writer& n) {
      for (const std::string& input : inputs) n.add_string(1, input);
      n.add_string(2, output);
      n.add_string(3, output);
      n.add_string(4, op);
      for (const Attribute& a : attributes)
        write_inside(n, 5, [&](pbf_writer& w) {
          w.add_string(1, a.name);
          if (a.type == 1) w.add_float(2, static_cast<float>(a.number));
          if (a.type == 2) w.add_int64(3, a.whole);
          for (const float v : a.numbers) w.add_float(7, v);  // proto2: one by one
          w.add_int32(20, a.type);
        });
      if (!domain.empty()) n.add_string(7, domain);
    });
    return output;
  }
  std::string dense(const std::string& x, const std::string& name, const Matrix& w, const Matrix& b) {
    return node("Gemm", {x, weight(name + ".weight", w), weight(name + ".bias", b, true)}, name);
  }

  std::string finish(Eigen::Index inputs, const std::string& output, Eigen::Index outputs,
                     const std::vector<std::pair<std::string, std::string>>& metadata) {
    pbf_writer graph(graph_);
    graph.add_string(2, "midlab");
    value(graph, 11, kInput, inputs), value(graph, 12, output, outputs);
    std::string bytes;
    pbf_writer model(bytes);
    model.add_int64(1, 8);  // ir_version
    model.add_string(2, "midlab");
    model.add_message(7, graph_);
    write_inside(model, 8, [&](pbf_writer& o) { o.add_string(1, ""), o.add_int64(2, opset_); });
    write_inside(model, 8, [&](pbf_writer& o) { o.add_string(1, "ai.onnx.ml"), o.add_int64(2, 3); });
    for (const auto& [key, text] : metadata)
      write_inside(model, 14, [&, &k = key, &v = text](pbf_writer& m) { m.add_string(1, k), m.add_string(2, v); });
    return bytes;
  }

 private:
  static void value(pbf_writer& graph, protozero::pbf_tag_type tag, const std::string& name, Eigen::Index columns) {
    write_inside(graph, tag, [&](pbf_writer& v) {
      v.add_string(1, name);
      write_inside(v, 2, [&](pbf_writer& type) {
        write_inside(type, 1, [&](pbf_writer& tensor) {
          tensor.add_int32(1, 1);
          write_inside(tensor, 2, [&](pbf_writer& shape) {
            write_inside(shape, 1, [&](pbf_writer& side) { side.add_string(2, "n"); });
            write_inside(shape, 1, [&](pbf_writer& side) { side.add_int64(1, columns); });
          });
        });
      });
    });
  }

  std::int64_t opset_;
  std::string graph_;
};

std::string activate_onnx(OnnxWriter& out, const std::string& x, const std::string& activation, const std::string& name) {
  if (activation == "tanh") return out.node("Tanh", {x}, name);
  if (activation == "leaky_relu") return out.node("LeakyRelu", {x}, name, {{.name = "alpha", .number = .01, .type = 1}});
  return out.node("Relu", {x}, name);
}

void add_names(std::vector<std::pair<std::string, std::string>>& metadata, const char* key, const std::vector<std::string>& names) {
  if (!names.empty()) metadata.emplace_back(key, Json(names).dump());
}

}  // namespace

std::string to_onnx(const Network& network) {
  if (network.front) {
    if (network.front->prepended) throw Error("run", Message("refusal.onnx_reordered"));
    return network.source;
  }
  if (!network.convolutions.empty()) throw Error("run", Message("refusal.export_convolutions"));
  OnnxWriter out;
  std::string x = kInput;
  if ((network.input_mean.array() != 0).any() || (network.input_sd.array() != 1).any()) {
    x = out.node("Sub", {x, out.weight("input.mean", network.input_mean, true)}, "input.moved");
    x = out.node("Div", {x, out.weight("input.sd", network.input_sd, true)}, "input.scaled");
  }
  for (std::size_t i = 0; i < network.hidden.size(); ++i) {
    const std::string name = "hidden." + std::to_string(i);
    x = out.dense(x, name, network.hidden[i].weight.value, network.hidden[i].bias.value);
    x = activate_onnx(out, x, network.activation, name + ".active");
  }
  if (network.bottleneck) {
    const int k = network.code_size();
    x = out.dense(x, "bottleneck", network.bottleneck->weight.value.leftCols(k), network.bottleneck->bias.value.leftCols(k));
    if (!network.stochastic) x = activate_onnx(out, x, network.activation, "bottleneck.active");
  }
  Matrix weight = network.head.weight.value, bias = network.head.bias.value;
  if (network.outputs() == 1) {  // a number for each class: 0 and the logit
    weight = Matrix::Zero(network.head.weight.value.rows(), 2), bias = Matrix::Zero(1, 2);
    weight.col(1) = network.head.weight.value.col(0), bias(0, 1) = network.head.bias.value(0, 0);
  }
  x = out.dense(x, "head", weight, bias);
  if (network.purifier) {
    x = out.node("LogSoftmax", {x}, "purifier.log", {{.name = "axis", .whole = -1, .type = 2}});
    x = out.node("Clip", {x, out.weight("purifier.least", Matrix::Constant(1, 1, std::log(1e-10f)), true)}, "purifier.input");
    x = out.dense(x, "purifier.encode", network.purifier->encode.weight.value, network.purifier->encode.bias.value);
    x = out.node("Tanh", {x}, "purifier.active");
    x = out.dense(x, "purifier.decode", network.purifier->decode.weight.value, network.purifier->decode.bias.value);
  }
  x = out.node("Softmax", {x}, "probabilities", {{.name = "axis", .whole = -1, .type = 2}});
  std::vector<std::pair<std::string, std::string>> metadata;
  add_names(metadata, "inputs", network.input_names), add_names(metadata, "classes", network.class_names);
  return out.finish(network.inputs(), x, network.classes, metadata);
}

std::string to_onnx(const Linear& model) {
  OnnxWriter out;
  std::vector<float> coefficients;
  for (const double w : model.weight) coefficients.push_back(static_cast<float>(w));
  const std::string x = out.node("LinearRegressor", {kInput}, "value",
                                 {{.name = "coefficients", .numbers = coefficients, .type = 6},
                                  {.name = "intercepts", .numbers = {static_cast<float>(model.bias)}, .type = 6},
                                  {.name = "targets", .whole = 1, .type = 2}},
                                 "ai.onnx.ml");
  std::vector<std::pair<std::string, std::string>> metadata;
  add_names(metadata, "inputs", model.input_names);
  return out.finish(model.inputs(), x, 1, metadata);
}

}  // namespace mid
