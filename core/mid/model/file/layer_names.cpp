#include "mid/model/file/layer_names.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"

namespace mid {
namespace {

constexpr std::size_t kMostLayers = 9;  // 8 hidden ones and the head
constexpr const char* kNoPart = "refusal.tensor_not_network";

bool ends(const std::string& name, std::string_view with) { return name.ends_with(with); }
bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos && text.size() < 9;
}

/// "hidden.12.weight" with the prefix "hidden." -> 12; nothing of other names.
std::optional<int> number_of(const std::string& name, const std::string& prefix) {
  const auto dot = name.rfind('.');
  if (!name.starts_with(prefix) || dot < prefix.size()) return std::nullopt;
  const std::string number = name.substr(prefix.size(), dot - prefix.size()), last = name.substr(dot);
  if (!is_number(number) || (last != ".weight" && last != ".bias")) return std::nullopt;
  return std::stoi(number);
}

std::optional<int> hidden_number(const std::string& name) { return number_of(name, "hidden."); }
std::optional<int> convolution_number(const std::string& name) { return number_of(name, "convolution."); }

bool is_own_extra(const std::string& name) {
  static const std::set<std::string> kExtras{"input.mean",
                                             "input.sd",
                                             "code.mean",
                                             "code.sd",
                                             "bottleneck.noise_sd",
                                             "class_mean",
                                             "purifier.encode.weight",
                                             "purifier.encode.bias",
                                             "purifier.decode.weight",
                                             "purifier.decode.bias"};
  return kExtras.contains(name);
}

bool is_own(const std::string& name) {
  static const std::set<std::string> kLayers{"bottleneck.weight", "bottleneck.bias", "head.weight", "head.bias"};
  return is_own_extra(name) || kLayers.contains(name) || hidden_number(name) || convolution_number(name);
}

/// What a network of midlab's has no place for, each with its own way out.
void refuse_other_layers(const TensorFile& file) {
  for (const auto& [name, t] : file.tensors()) {
    if (ends(name, "weight_g") || ends(name, "weight_v") || name.find("parametrizations.") != std::string::npos)
      file.fail(name, Message("refusal.tensor_weight_norm"));
    if (name.find("weight_ih") != std::string::npos || name.find("weight_hh") != std::string::npos)
      file.fail(name, Message("refusal.tensor_recurrent"));
    if (ends(name, "in_proj_weight")) file.fail(name, Message("refusal.tensor_attention"));
    if (ends(name, "weight") && name.find("embed") != std::string::npos) file.fail(name, Message("refusal.tensor_embedding"));
    if (ends(name, "weight") && t.shape.size() > 2)
      file.fail(name, Message("refusal.tensor_convolution").with("shape", shown_shape(t.shape)));
  }
}

/// What the tensors are called without what stands before all of them, and Keras' "dense/kernel:0" with dots.
std::map<std::string, std::string> short_names(const TensorFile& file) {
  std::vector<std::pair<std::string, std::string>> names;  // short, the file's
  for (const auto& [name, t] : file.tensors()) {
    std::string plain = ends(name, ":0") ? name.substr(0, name.size() - 2) : name;
    std::replace(plain.begin(), plain.end(), '/', '.');
    names.emplace_back(std::move(plain), name);
  }
  for (;;) {
    std::string front;
    bool shared = !names.empty();
    for (const auto& [plain, name] : names) {
      if (is_own_extra(plain)) continue;
      const auto dot = plain.find('.');
      // A layer keeps at least its own name.
      if (dot == std::string::npos || plain.find('.', dot + 1) == std::string::npos ||
          (!front.empty() && plain.substr(0, dot + 1) != front))
        shared = false;
      if (shared) front = plain.substr(0, dot + 1);
    }
    if (!shared || front.empty()) break;
    for (auto& [plain, name] : names)
      if (plain.starts_with(front)) plain.erase(0, front.size());
  }
  std::map<std::string, std::string> out;
  for (const auto& [plain, name] : names)
    if (!out.emplace(plain, name).second) file.fail(name, Message("refusal.tensor_same_name").with("other", shown(out[plain])));
  return out;
}

/// A layer of another program.
struct Layer {
  std::string name, weight, bias;  ///< `bias` empty: it has none
  bool inputs_first = false;       ///< the weight is a kernel
  std::int64_t inputs = 0, outputs = 0;
  std::string base;  ///< the name without its numbers
  std::vector<int> numbers;
};

void check_way_round(const TensorFile& file, const std::string& weight, const std::string& bias) {
  const auto &w = file.tensors().at(weight).shape, &b = file.tensors().at(bias).shape;
  if (w.size() == 2 && !b.empty() && b.back() == w[1] && w[1] != w[0])
    file.fail(weight, Message("refusal.tensor_transposed").with("shape", shown_shape(w)).with("bias", std::to_string(b.back())));
}

void measure(const TensorFile& file, Layer& layer) {
  const auto& shape = file.tensors().at(layer.weight).shape;
  if (shape.size() == 1 && !layer.bias.empty() && file.tensors().at(layer.bias).shape == shape)
    file.fail(layer.weight, Message("refusal.tensor_norm").with("shape", shown_shape(shape)));
  if (shape.size() != 2) file.fail(layer.weight, Message("refusal.tensor_dense").with("found", shown_shape(shape)));
  if (!layer.inputs_first && !layer.bias.empty()) check_way_round(file, layer.weight, layer.bias);
  layer.inputs = shape[layer.inputs_first ? 0 : 1], layer.outputs = shape[layer.inputs_first ? 1 : 0];
}

void take_numbers_out(Layer& layer) {
  for (std::size_t i = 0; i < layer.name.size();) {
    std::size_t end = i;
    while (end < layer.name.size() && std::isdigit(static_cast<unsigned char>(layer.name[end]))) ++end;
    if (end == i) {
      layer.base += layer.name[i++];
      continue;
    }
    layer.base += '#';
    layer.numbers.push_back(end - i < 9 ? std::stoi(layer.name.substr(i, end - i)) : 0);
    i = end;
  }
}

std::vector<Layer> layers_of(const TensorFile& file, const std::map<std::string, std::string>& names) {
  std::map<std::string, Layer> layers;
  for (const auto& [plain, name] : names) {
    if (is_own_extra(plain)) continue;
    const auto dot = plain.rfind('.');
    const std::string last = plain.substr(dot == std::string::npos ? 0 : dot + 1);
    Layer& layer = layers[dot == std::string::npos ? "" : plain.substr(0, dot)];
    layer.name = dot == std::string::npos ? "" : plain.substr(0, dot);
    if ((last != "weight" && last != "kernel" && last != "bias") || (last != "bias" && !layer.weight.empty()))
      file.fail(name, Message(kNoPart));
    (last == "bias" ? layer.bias : layer.weight) = name;
    layer.inputs_first = layer.inputs_first || last == "kernel";
  }
  std::vector<Layer> out;
  for (auto& [name, layer] : layers) {
    if (layer.weight.empty()) file.fail(layer.bias, Message("refusal.tensor_bias_alone"));
    measure(file, layer);
    take_numbers_out(layer);
    out.push_back(std::move(layer));
  }
  return out;
}

/// fc1 and fc3 without fc2. Numbers that stand alone count an nn.Sequential's activations, too.
void check_numbers(const TensorFile& file, const std::vector<Layer>& layers) {
  std::map<std::string, std::vector<const Layer*>> groups;
  for (const Layer& layer : layers)
    if (layer.numbers.size() == 1 && layer.base.size() > 1 && layer.base.back() == '#' && layer.base[layer.base.size() - 2] != '.')
      groups[layer.base].push_back(&layer);
  for (auto& [base, group] : groups) {
    std::sort(group.begin(), group.end(), [](const Layer* a, const Layer* b) { return a->numbers < b->numbers; });
    for (std::size_t i = 1; i < group.size(); ++i)
      if (group[i]->numbers[0] != group[i - 1]->numbers[0] + 1)
        file.fail(Message("refusal.layers_gap").with("first", group[i - 1]->name).with("second", group[i]->name));
  }
}

/// Every order in which the layers fit one another, those of one base by number. Stops at `most`.
void find_orders(const std::vector<Layer>& layers, std::vector<std::size_t>& order, std::vector<bool>& used, std::size_t most,
                 std::vector<std::vector<std::size_t>>& found) {
  if (found.size() == most) return;
  if (order.size() == layers.size()) {
    found.push_back(order);
    return;
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (used[i] || (!order.empty() && layers[order.back()].outputs != layers[i].inputs)) continue;
    bool waits = false;  // for one of the same base that comes first
    for (std::size_t k = 0; k < layers.size(); ++k)
      waits = waits || (!used[k] && layers[k].base == layers[i].base && layers[k].numbers < layers[i].numbers);
    if (waits) continue;
    used[i] = true, order.push_back(i);
    find_orders(layers, order, used, most, found);
    used[i] = false, order.pop_back();
  }
}

/// Whether a layer of this name is the last one, as people call it.
bool sounds_last(const std::string& name) {
  const std::string own = name.substr(name.rfind('.') + 1);
  for (const char* word : {"head", "out", "output", "classifier", "final", "logits", "last", "predict"})
    if (own.find(word) != std::string::npos) return true;
  return false;
}

void refuse_hidden(const TensorFile& file, std::size_t hidden) {
  if (hidden >= kMostLayers)
    file.fail(Message("refusal.layers_most").with("found", std::to_string(hidden)).with("most", std::to_string(kMostLayers - 1)));
}

std::string quoted(const std::vector<Layer>& layers) {
  std::string out;
  for (const Layer& layer : layers) out += (out.empty() ? "" : ", ") + shown(layer.name);
  return out;
}

std::vector<Layer> in_order(const TensorFile& file, std::vector<Layer> layers) {
  if (!layers.empty()) refuse_hidden(file, layers.size() - 1);
  constexpr std::size_t kEnough = 1000;
  std::vector<std::vector<std::size_t>> orders;
  std::vector<std::size_t> order;
  std::vector<bool> used(layers.size());
  find_orders(layers, order, used, kEnough, orders);
  if (orders.size() > 1) {
    std::vector<std::vector<std::size_t>> likely;
    for (const auto& o : orders)
      if (sounds_last(layers[o.back()].name)) likely.push_back(o);
    if (!likely.empty()) orders = likely;
  }
  if (orders.empty()) {
    Message shapes;
    for (const Layer& l : layers) {
      const Message shape = Message("refusal.part.layer_shape")
                                .with("layer", shown(l.name))
                                .with("inputs", std::to_string(l.inputs))
                                .with("outputs", std::to_string(l.outputs));
      shapes = shapes.empty() ? shape : Message("refusal.list_comma").with("list", shapes).with("last", shape);
    }
    file.fail(Message("refusal.layers_chain").with("shapes", shapes));
  }
  if (orders.size() > 1) file.fail(Message("refusal.layers_orders").with("layers", quoted(layers)));
  std::vector<Layer> out;
  for (const std::size_t i : orders[0]) out.push_back(layers[i]);
  return out;
}

[[noreturn]] void lacks(const TensorFile& file, const std::string& wanted) {
  std::vector<std::string> there;
  for (const auto& [name, t] : file.tensors()) there.push_back(name);
  file.fail(Message("refusal.tensor_absent")
                .with("tensor", wanted)
                .with("there", there.empty() ? Message("refusal.part.no_tensor") : Message::plain(shortened(listed(there), 200))));
}

NamedParts own_parts(const TensorFile& file, const std::map<std::string, std::string>& names) {
  NamedParts parts;
  std::set<int> hidden;
  int convolutions = 0, last_convolution = -1;
  for (const auto& [plain, name] : names) {
    if (!is_own(plain)) continue;
    parts.tensor[plain] = name;
    if (const auto number = hidden_number(plain)) hidden.insert(*number);
    if (const auto number = convolution_number(plain); number && ends(plain, ".weight"))
      ++convolutions, last_convolution = std::max(last_convolution, *number);
  }
  if (!parts.has("head.weight")) lacks(file, "head.weight");
  for (const auto& [plain, name] : names)
    if (!is_own(plain)) file.fail(name, Message(kNoPart));
  int wanted = 0;
  for (const int number : hidden) {
    if (number != wanted)
      file.fail(Message("refusal.hidden_gap").with("found", std::to_string(number)).with("wanted", std::to_string(wanted)));
    ++wanted;
  }
  refuse_hidden(file, hidden.size());
  if (last_convolution + 1 != convolutions)
    file.fail(Message("refusal.metadata_convolution_count").with("found", std::to_string(convolutions)));
  for (const auto& [part, name] : parts.tensor) {
    if (!ends(part, ".bias")) continue;
    const std::string weight = part.substr(0, part.size() - 4) + "weight";
    if (!parts.has(weight)) file.fail(name, Message("refusal.tensor_bias_alone"));
    check_way_round(file, parts.tensor.at(weight), name);
  }
  return parts;
}

}  // namespace

NamedParts network_parts(const TensorFile& file) {
  refuse_other_layers(file);
  std::map<std::string, std::string> names = short_names(file);
  std::vector<BatchNorm> norms = take_batch_norms(file, names);
  const bool own = norms.empty() && std::all_of(names.begin(), names.end(), [](const auto& n) { return is_own(n.first); });
  if (own || file.text("format", "").starts_with("midlab")) {
    if (!norms.empty()) file.fail(norms[0].mean, Message(kNoPart));  // midlab writes none
    return own_parts(file, names);
  }
  std::vector<Layer> layers = layers_of(file, names);
  check_numbers(file, layers);
  layers = in_order(file, std::move(layers));
  NamedParts parts;
  for (const auto& [plain, name] : names)
    if (is_own_extra(plain)) parts.tensor[plain] = name;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string part = i + 1 == layers.size() ? "head" : "hidden." + std::to_string(i);
    parts.tensor[part + ".weight"] = layers[i].weight;
    if (!layers[i].bias.empty()) parts.tensor[part + ".bias"] = layers[i].bias;
    if (layers[i].inputs_first) parts.inputs_first.insert(part + ".weight");
  }
  std::vector<DensePlace> places;
  for (const Layer& layer : layers) places.push_back({layer.name, layer.inputs, layer.outputs});
  place_batch_norms(file, places, norms);
  for (const BatchNorm& norm : norms) {
    parts.remarks.push_back(Message(norm.on_inputs ? "warning.model_norm_inputs" : "warning.model_norm_outputs")
                                .with("norm", shown(norm.name))
                                .with("layer", shown(layers[norm.layer].name))
                                .with("epsilon", shown(batch_norm_epsilon(file))));
    parts.norms[norm.layer + 1 == layers.size() ? "head" : "hidden." + std::to_string(norm.layer)].push_back(norm);
  }
  if (layers.size() > 1) parts.remarks.push_back(Message("warning.model_layer_order").with("layers", quoted(layers)));
  if (!parts.inputs_first.empty()) parts.remarks.push_back(Message("warning.model_kernels"));
  return parts;
}

NamedParts regression_parts(const TensorFile& file) {
  const std::map<std::string, std::string> names = short_names(file);
  std::map<std::string, std::string> found;  // "weight" or "bias" -> the file's name
  std::set<std::string> layers;
  for (const auto& [plain, name] : names) {
    const auto dot = plain.rfind('.');
    std::string last = plain.substr(dot == std::string::npos ? 0 : dot + 1);
    if (last == "kernel") last = "weight";
    if (last != "weight" && last != "bias") file.fail(name, Message("refusal.tensor_not_regression"));
    layers.insert(dot == std::string::npos ? "" : plain.substr(0, dot));
    found[last] = name;
  }
  if (layers.size() > 1) file.fail(Message("refusal.regression_layers").with("found", std::to_string(layers.size())));
  if (!found.contains("weight")) lacks(file, "weight");
  return {found, {}, {}, {}};
}

}  // namespace mid
