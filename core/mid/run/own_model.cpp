#include "mid/run/own_model.hpp"

#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"

namespace mid {
namespace {

/// Whatever is wrong with the file is wrong with the field that names it.
std::string bytes_of(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    throw Error("model.file", std::string("is ") + shown(path) + ": " + error.what());
  }
}

std::string counted(Eigen::Index n, const char* what) { return std::to_string(n) + " " + what + (n == 1 ? "" : "s"); }

/// The inputs in their order, for whoever has to bring a model for them.
std::string named(const Dataset& set) {
  constexpr std::size_t kLongest = 400;
  std::string list;
  for (const std::string& name : set.input_names) {
    if (list.size() > kLongest) return list + ", ...)";
    list += (list.empty() ? " (" : ", ") + name;
  }
  return list.empty() ? list : list + ")";
}

void check_shape(const Model& model, const Data& data, const std::string& path) {
  const Eigen::Index wanted = data.set.inputs.cols();
  Eigen::Index inputs = wanted;
  if (const auto* network = std::get_if<Network>(&model)) inputs = network->inputs();
  else if (const auto* linear = std::get_if<Linear>(&model)) inputs = linear->inputs();
  else inputs = static_cast<Eigen::Index>(std::get<Tree>(model).columns.size());
  if (inputs != wanted)
    throw Error("model.file", shown(path) + " takes " + counted(inputs, "input") + " and the records of " + shown(data.set.name) + " have " + std::to_string(wanted) + named(data.set) +
                                  "; choose the data (data.columns, data.image_size, ...) that the model was trained on");
  const int classes = classes_of(model), known = static_cast<int>(data.set.classes.size());
  if (classes != known)
    throw Error("model.file", shown(path) + " answers with " + (classes == 0 ? "a number" : std::to_string(classes) + " classes") + " and " + shown(data.set.name) + " has " + std::to_string(known) +
                                  "; choose the data that the model was trained on");
}

}  // namespace

bool has_own_model(const Spec& spec) { return spec.model.contains("file") && spec.model["file"].is_string(); }

std::string own_model_digest(const Spec& spec) { return has_own_model(spec) ? sha256(bytes_of(spec.model["file"].get<std::string>())) : std::string(); }

Model read_own_model(const Spec& spec, const Data& data) {
  const auto path = spec.model["file"].get<std::string>(), kind = spec.model["kind"].get<std::string>();
  Model model;
  const std::string bytes = bytes_of(path);
  try {
    model = model_from_bytes(kind, bytes, path);
  } catch (const Error& error) {
    throw Error("model.file", std::string("does not hold a model of kind ") + kind + ": " + error.what());
  } catch (const Json::exception&) {
    throw Error("model.file", shown(path) + " is not the JSON of a tree as midlab writes it (tree.json of a run with --out)");
  }
  check_shape(model, data, path);
  return model;
}

}  // namespace mid
