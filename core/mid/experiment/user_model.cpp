#include "mid/experiment/user_model.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "mid/attack/attack.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/param.hpp"
#include "mid/experiment/loaded_model.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/model/file/onnx.hpp"
#include "mid/model/file/onnx_model.hpp"

namespace mid {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 30;
constexpr std::size_t kNamed = 8;  // names in a sentence

bool is_json(std::string_view bytes) {
  const auto first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{';
}

/// What the file holds, as far as the table leaves that open.
std::string kind_of_model(const std::string& bytes, const std::string& file, const UserColumn& target) {
  if (is_json(bytes)) return "tree";
  const bool number = target.target == "number";
  if (looks_like_onnx(bytes)) {
    const std::string kind = kind_of_onnx(bytes, file);
    if (kind == "tree" || kind == kBlackBox) return kind;
    if (kind == "network" && number) return kBlackBox;
  }
  // One dense layer with one output is a regression where a number is predicted, and a logit where classes are.
  return number ? "linear" : "network";
}

std::string first_names(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i) list += (i == 0 ? "" : ", ") + printable(names[i]);
  return names.size() > kNamed ? list + ", ..." : list;
}

std::string hidden_layers(const Network& network) {
  std::string list;
  for (const DenseLayer& layer : network.hidden) list += (list.empty() ? "" : ", ") + std::to_string(layer.weight.value.cols());
  return list;
}

/// The model itself; layers of a graph are told by the remarks of its reader.
Message described(const Model& model) {
  if (const auto* network = std::get_if<Network>(&model)) {
    const Message inputs = counted(network->inputs(), "input"),
                  classes = Message("refusal.part.classes").with("n", std::to_string(network->classes));
    const bool layers = !network->front && !network->hidden.empty() && network->convolutions.empty();
    return Message(layers ? "recognised.network" : "recognised.graph")
        .with("inputs", inputs)
        .with("classes", classes)
        .with("layers", hidden_layers(*network))
        .with("activation", network->activation);
  }
  if (const auto* linear = std::get_if<Linear>(&model))
    return Message("recognised.regression").with("inputs", counted(linear->inputs(), "input"));
  const Tree& tree = std::get<Tree>(model);
  return Message("recognised.tree").with("leaves", std::to_string(tree.leaves())).with("depth", std::to_string(tree.depth()));
}

/// Inputs as other programs make them of a table's columns: all numbers, then each category of each column (pandas.get_dummies), the
/// first of them without an input (drop_first); or one number for each column (OrdinalEncoder).
struct UsualInputs {
  const char* maker;
  std::vector<BroughtInput> inputs;
};
std::vector<UsualInputs> usual_inputs(const Dataset& set) {
  UsualInputs whole{"pandas.get_dummies", {}}, dropped{"pandas.get_dummies(drop_first=True)", {}}, numbers{"OrdinalEncoder", {}};
  for (const Column& column : set.table.columns) {
    numbers.inputs.push_back({column.name});
    if (column.numeric) whole.inputs.push_back({column.name}), dropped.inputs.push_back({column.name});
  }
  for (const Column& column : set.table.columns)
    for (std::size_t v = 0; v < column.categories.size() && !column.numeric; ++v) {
      whole.inputs.push_back({column.name + "=" + column.categories[v]});
      if (v > 0) dropped.inputs.push_back(whole.inputs.back());
    }
  return {whole, dropped, numbers};
}

Json names_as_inputs(const std::vector<BroughtInput>& inputs) {
  Json out = Json::array();
  for (const BroughtInput& input : inputs) out.push_back({{"name", input.name}});
  return out;
}

/// Calls look(inputs) with none, and where the model names none and takes another number of them than the table has, with those that
/// other programs would have made of the table, as many as it takes. Returns these, and says so in `found`.
template <class F>
std::vector<BroughtInput> inputs_that_fit(const Dataset& set, std::vector<Message>& found, F look) {
  try {
    look(std::vector<BroughtInput>());
    return {};
  } catch (const Error& error) {
    if (error.key() != "refusal.model_inputs") throw;
    for (const UsualInputs& usual : usual_inputs(set)) try {
        look(usual.inputs);
        std::vector<std::string> names;
        for (const BroughtInput& input : usual.inputs) names.push_back(input.name);
        found.push_back(Message("recognised.usual_inputs").with("maker", usual.maker).with("names", first_names(names)));
        return usual.inputs;
      } catch (const Error&) {  // another number of them, or not for this table
      }
    throw;
  }
}

/// How its inputs and classes met those of the table; `brought`: they were told by how many they are.
void tell_names(const Model& model, const Dataset& set, bool brought, std::vector<Message>& found) {
  const auto* network = std::get_if<Network>(&model);
  const auto* linear = std::get_if<Linear>(&model);
  const bool named = network ? !network->input_names.empty() : !linear || !linear->input_names.empty();
  if (!brought) found.push_back(Message(named ? "recognised.by_name" : "recognised.in_order").with("names", first_names(set.input_names)));
  if (network && network->class_names.empty()) found.push_back(Message("recognised.classes").with("names", first_names(set.classes)));
}

/// `number`: it predicts one, of which a black box says nothing itself; `table`: it takes a table's columns as they are.
std::vector<std::string> fitting_attacks(Json spec, const std::string& kind, bool number, bool table) {
  std::vector<std::string> out;
  for (const Attack* a : attacks()) {
    if (a->finds != Attack::Finds::attribute || !a->about.is_for(kind) || (a->needs_table && !table)) continue;
    if (kind == kBlackBox && !a->about.is_for(number ? "linear" : "tree")) continue;
    spec["attack"] = {{"kind", std::string(a->about.name)}};
    try {
      (void)check_spec(spec);
      out.emplace_back(a->about.name);
    } catch (const Error&) {  // it does not go with the rest
    }
  }
  std::ranges::stable_sort(out, {}, [](const std::string& name) { return grants(attack_called(name)->needs, Access::weights) ? 0 : 1; });
  return out;
}

}  // namespace

UserModel user_model(DatasetCache& datasets, const UserTable& table, const std::string& target, const std::string& secret,
                     const std::string& path) {
  UserModel out;
  out.path = path, out.file = std::filesystem::path(path).filename().string(), out.target = target, out.secret = secret;
  out.spec = own_spec(table, target, secret);
  const UserColumn& predicted = *table.column(target);
  const std::string bytes = read_file(path, kLargest), kind = kind_of_model(bytes, out.file, predicted);
  if (predicted.target == "number" && kind == "tree")
    throw Error(out.file, Message("refusal.own_model_number").with("column", shown(Json(target))));
  Json data = out.spec["data"];
  data.erase("standardize");                       // it was trained on what is predicted as it is
  if (kind == "network") data.erase("auxiliary");  // whoever attacks it learns from rows of their own
  out.spec = {{"version", 1}, {"seed", out.spec["seed"]}, {"data", std::move(data)}, {"model", {{"kind", kind}, {"file", path}}}};
  out.attacks = fitting_attacks(out.spec, kind, predicted.target == "number", kind == "tree" && !looks_like_onnx(bytes));
  out.spec["attack"] = {{"kind", out.attacks.front()}};
  const Spec spec = check_spec(out.spec);
  out.spec = spec.json();
  const Data& rows = datasets.data(spec);
  out.attacked = static_cast<int>(rows.split.attacked.size());
  std::vector<Message> remarks, usual;
  std::optional<Model> model;
  const auto inputs = inputs_that_fit(rows.set, usual, [&](const std::vector<BroughtInput>& as) {
    remarks.clear();
    if (kind == kBlackBox)
      (void)answers_of_file(bytes, out.file, as, rows, remarks);
    else
      model = fitted_model(kind, bytes, out.file, as, rows, remarks);
  });
  if (!inputs.empty()) out.spec["model"]["inputs"] = names_as_inputs(inputs), out.spec = check_spec(out.spec).json();
  if (model) {
    out.found.push_back(described(*model));
    tell_names(*model, rows.set, !inputs.empty(), out.found);
  }
  out.found.insert(out.found.end(), usual.begin(), usual.end());
  out.found.insert(out.found.end(), remarks.begin(), remarks.end());
  return out;
}

}  // namespace mid
