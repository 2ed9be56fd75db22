#include "mid/model/file/batch_norms.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"

namespace mid {
namespace {

constexpr double kUsualEpsilon = 1e-5;  // PyTorch's default; a state_dict does not hold it

/// "net.12" -> "net.", 12; nothing where no number ends the name.
std::optional<std::pair<std::string, int>> numbered(const std::string& name) {
  std::size_t at = name.size();
  while (at > 0 && std::isdigit(static_cast<unsigned char>(name[at - 1]))) --at;
  if (at == name.size() || name.size() - at > 8) return std::nullopt;
  return std::pair{name.substr(0, at), std::stoi(name.substr(at))};
}

/// The numbers of a name, one after the other: "layers.0.bn1" -> {0, 1}.
std::vector<int> numbers_in(const std::string& name) {
  std::vector<int> out;
  for (std::size_t i = 0; i < name.size();) {
    std::size_t end = i;
    while (end < name.size() && std::isdigit(static_cast<unsigned char>(name[end]))) ++end;
    if (end > i) out.push_back(end - i < 9 ? std::stoi(name.substr(i, end - i)) : 0);
    i = std::max(end, i + 1);
  }
  return out;
}

std::optional<std::size_t> layer_called(const std::vector<DensePlace>& layers, const std::string& name) {
  const auto at = std::find_if(layers.begin(), layers.end(), [&](const DensePlace& l) { return l.name == name; });
  return at == layers.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - layers.begin()));
}

/// Whether the metadata say that normalisations stand behind the activation.
bool behind_activation(const TensorFile& file) {
  const std::string where = file.text("batch_norm", "before_activation");
  if (where != "before_activation" && where != "after_activation")
    file.fail(Message("refusal.metadata_must_be")
                  .with("key", "\"batch_norm\"")
                  .with("allowed", either_of({"before_activation", "after_activation"}))
                  .with("found", shown(where)));
  return where == "after_activation";
}

}  // namespace

std::vector<BatchNorm> take_batch_norms(const TensorFile& file, std::map<std::string, std::string>& names) {
  std::map<std::string, BatchNorm> found;
  const auto parent = [](const std::string& plain) {
    const auto dot = plain.rfind('.');
    return dot == std::string::npos ? std::string() : plain.substr(0, dot);
  };
  for (const auto& [plain, name] : names)
    for (const char* last : {"running_mean", "running_var", "num_batches_tracked"})
      if (plain == last || plain.ends_with(std::string(".") + last)) found[parent(plain)].name = parent(plain);
  for (auto at = names.begin(); at != names.end();) {
    const auto norm = found.find(parent(at->first));
    if (norm == found.end()) {
      ++at;
      continue;
    }
    BatchNorm& n = norm->second;
    const std::string last = at->first.substr(norm->first.empty() ? 0 : norm->first.size() + 1);
    if (last == "weight") n.weight = at->second;
    if (last == "bias") n.bias = at->second;
    if (last == "running_mean") n.mean = at->second;
    if (last == "running_var") n.variance = at->second;
    at = names.erase(at);
  }
  std::vector<BatchNorm> out;
  for (auto& [name, n] : found) {
    for (const auto& [tensor, called] : {std::pair{&n.mean, "running_mean"}, {&n.variance, "running_var"}})
      if (tensor->empty()) file.fail(Message("refusal.tensor_lacks").with("tensor", name + "." + called));
    const auto& shape = file.tensors().at(n.mean).shape;
    for (const std::string* tensor : {&n.weight, &n.bias, &n.mean, &n.variance})
      if (!tensor->empty() && (file.tensors().at(*tensor).shape.size() != 1 || file.tensors().at(*tensor).shape != shape))
        file.fail(*tensor, Message("refusal.tensor_norm_shape").with("found", shown_shape(file.tensors().at(*tensor).shape)));
    n.size = shape[0];
    out.push_back(std::move(n));
  }
  return out;
}

void place_batch_norms(const TensorFile& file, const std::vector<DensePlace>& layers, std::vector<BatchNorm>& norms) {
  std::vector<std::pair<std::size_t, bool>> taken;
  for (BatchNorm& norm : norms) {
    std::optional<std::size_t> at;
    bool on_inputs = false;
    const auto own = numbered(norm.name);
    if (own) {
      at = layer_called(layers, own->first + std::to_string(own->second - 1));
      if (!at) at = layer_called(layers, own->first + std::to_string(own->second + 1)), on_inputs = at.has_value();
    }
    if (!at) {  // named like its layer
      const std::vector<int> numbers = numbers_in(norm.name);
      std::vector<std::size_t> alike;
      for (std::size_t i = 0; i < layers.size(); ++i)
        if (numbers_in(layers[i].name) == numbers && layers[i].outputs == norm.size) alike.push_back(i);
      if (alike.size() == 1) {
        at = alike[0], on_inputs = behind_activation(file);
        if (on_inputs) at = *at + 1 < layers.size() ? std::optional(*at + 1) : std::nullopt;
      }
    }
    if (!at || (on_inputs ? layers[*at].inputs : layers[*at].outputs) != norm.size ||
        std::find(taken.begin(), taken.end(), std::pair{*at, on_inputs}) != taken.end())
      file.fail(norm.mean, Message("refusal.tensor_batch_norm"));
    norm.layer = *at, norm.on_inputs = on_inputs;
    taken.emplace_back(*at, on_inputs);
  }
}

double batch_norm_epsilon(const TensorFile& file) {
  const Json told = file.json("batch_norm_epsilon");
  if (told.is_null()) return kUsualEpsilon;
  if (!told.is_number() || told.get<double>() < 0 || told.get<double>() > 1)
    file.fail(
        Message("refusal.metadata_must_be").with("key", "\"batch_norm_epsilon\"").with("allowed", "0 - 1").with("found", shown(told)));
  return told.get<double>();
}

ScaleAndShift scale_and_shift(const TensorFile& file, const BatchNorm& norm) {
  const MatrixD variance = file.numbers(norm.variance);
  if (variance.size() > 0 && variance.minCoeff() < 0)
    file.fail(norm.variance, Message("refusal.tensor_negative").with("found", shown(variance.minCoeff())));
  ScaleAndShift out;
  out.scale = (variance.array() + batch_norm_epsilon(file)).rsqrt();
  if (!norm.weight.empty()) out.scale = out.scale.cwiseProduct(file.numbers(norm.weight));
  out.shift = -file.numbers(norm.mean).cwiseProduct(out.scale);
  if (!norm.bias.empty()) out.shift += file.numbers(norm.bias);
  return out;
}

}  // namespace mid
