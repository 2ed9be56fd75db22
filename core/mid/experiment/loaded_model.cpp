#include "mid/experiment/loaded_model.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"
#include "mid/experiment/bring_inputs.hpp"
#include "mid/experiment/match_names.hpp"
#include "mid/experiment/match_refusal.hpp"
#include "mid/experiment/measure_parts.hpp"
#include "mid/experiment/named_files.hpp"
#include "mid/measure/classification.hpp"
#include "mid/measure/interval.hpp"
#include "mid/measure/regression.hpp"
#include "mid/model/file/onnx.hpp"
#include "mid/model/file/onnx_model.hpp"
#include "mid/model/file/onnx_trees.hpp"
#include "mid/model/network/log_softmax.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

constexpr std::size_t kLargestModel = std::size_t{1} << 30,
                      kLargestTree = std::size_t{128} << 20;  // JSON takes six times as much once read

/// Whatever is wrong with the file is wrong with the field that names it.
std::string bytes_of(const Spec& spec) {
  const auto path = spec.model["file"].get<std::string>();
  try {
    return read_file(path, spec.model["kind"] == "tree" ? kLargestTree : kLargestModel);
  } catch (const Error& error) {
    throw Error("model.file", Message("refusal.model_file").with("file", shown(path)).with("why", error.message()));
  }
}

/// Which field names it.
std::string field_of(const Spec& spec) {
  if (!spec.model.value("file", Json()).is_null() || spec.model["kind"] != kBlackBox) return "model.file";
  return spec.model["command"].is_null() ? "model.url" : "model.command";
}

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

}  // namespace

void refuse_inputs(Eigen::Index inputs, const Dataset& set, const std::string& path) {
  throw Error("model.file", Message("refusal.model_inputs")
                                .with("file", shown(path))
                                .with("inputs", counted(inputs, "input"))
                                .with("data", name_of(set))
                                .with("found", std::to_string(set.inputs.cols()))
                                .with("names", named(set)));
}

void refuse_answers(int classes, const Dataset& set, const std::string& path) {
  throw Error("model.file", Message("refusal.model_answers")
                                .with("file", shown(path))
                                .with("answers", classes == 0 ? Message("refusal.part.number")
                                                              : Message("refusal.part.classes").with("n", std::to_string(classes)))
                                .with("data", name_of(set))
                                .with("found", std::to_string(set.classes.size())));
}

namespace {

void check_shape(const Model& model, const Data& data, const std::string& path) {
  if (const int inputs = inputs_of(model); inputs != data.set.inputs.cols()) refuse_inputs(inputs, data.set, path);
  if (const int classes = classes_of(model); classes != static_cast<int>(data.set.classes.size())) refuse_answers(classes, data.set, path);
}

bool is_named(const Model& model) {
  if (const auto* network = std::get_if<Network>(&model)) return !network->input_names.empty();
  if (const auto* linear = std::get_if<Linear>(&model)) return !linear->input_names.empty();
  return true;
}

/// Of a tree whose file tells shares alone: in each leaf as many as it holds of the data's training records.
void count_records(Tree& tree, const Matrix& train) {
  VectorXd reached = VectorXd::Constant(static_cast<Eigen::Index>(tree.nodes.size()), 1e-6);  // a leaf that nobody reaches keeps its shares
  for (const int leaf : node_of(tree, train.cast<double>())) reached[leaf] += 1;
  for (std::size_t i = tree.nodes.size(); i-- > 0;) {  // children stand behind their parents
    TreeNode& node = tree.nodes[i];
    if (node.is_leaf())
      node.counts *= reached[static_cast<Eigen::Index>(i)];
    else
      node.counts.setZero();
  }
  for (std::size_t i = tree.nodes.size(); i-- > 1;)
    tree.nodes[static_cast<std::size_t>(tree.nodes[i].parent)].counts += tree.nodes[i].counts;
}

/// One tree from an ONNX file.
Tree fitted_tree(const std::string& bytes, const std::string& name, const std::vector<BroughtInput>& inputs, const Data& data,
                 std::vector<Message>& remarks) {
  TreeEnsemble trees = read_onnx_trees(bytes, name);
  bring_inputs(trees, inputs);
  if (trees.inputs.empty() && numbers_behind_categories(data.set)) remarks.push_back(Message("warning.model_order"));
  if (!is_one_tree(trees)) throw Error(name, Message("refusal.onnx_forest"));
  match_names(trees, data.set, name, remarks);
  bool counts = false;
  Tree tree = tree_of(trees, counts);
  if (!counts) {
    count_records(tree, rows_of(data.set.inputs, data.split.train));
    remarks.push_back(Message("warning.model_no_counts"));
  }
  return tree;
}

/// Every record that is trained on, judged, attacked or the attacker's.
std::vector<int> all_rows(const Split& split) {
  std::vector<int> rows;
  for (const auto* part : {&split.train, &split.test, &split.attacked, &split.auxiliary})
    rows.insert(rows.end(), part->begin(), part->end());
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

/// What the model answers before release and noise: logits of a network, else what pre_noise_output() gives.
Matrix exact_answers(const Model& model, const Activations& inside) {
  const auto* network = std::get_if<Network>(&model);
  return network ? logits_of(*network, inside.mu) : inside.mu;
}

/// Whether a graph's own numbers, which were taken for logits, are confidences: each from 0 to 1, and those of a record together 1.
bool are_confidences(const Model& model, const Activations& inside) {
  constexpr float kRounding = 1e-3f;
  const auto* network = std::get_if<Network>(&model);
  const Matrix& of = inside.mu;
  if (!network || !network->front || of.size() == 0 || !(of.minCoeff() >= 0 && of.maxCoeff() <= 1)) return false;
  const bool together = of.cols() == 1 || ((of.rowwise().sum().array() - 1).abs() < kRounding).all();
  return together && ends_openly(network->source, "");
}

/// Whether nobody brought a scaling along: the inputs are taken as they are.
bool unscaled(const Model& model) {
  const auto* network = std::get_if<Network>(&model);
  return network && (network->input_mean.array() == 0).all() && (network->input_sd.array() == 1).all();
}

/// "21.3 % (16.0 to 27.9 %)".
Message with_interval(const Measure& m) {
  const std::string unit = unit_words(m.unit).empty() ? "" : " " + std::string(unit_words(m.unit));
  return Message("warning.interval")
      .with("value", number_words(m.value, m.unit) + unit)
      .with("low", number_words(m.low, m.unit))
      .with("high", number_words(m.high, m.unit) + unit);
}

/// Where to look: what of it the file leaves open.
Message reasons(const Model& model, const Message& about_answers) {
  const auto also = [](const Message& list, const Message& reason) {
    return Message("refusal.list_comma").with("list", list).with("last", reason);
  };
  const Message out = also(Message(unscaled(model) ? "warning.reason_unscaled" : "warning.reason_inputs"), about_answers);
  const auto* network = std::get_if<Network>(&model);
  return network ? also(out, Message("warning.reason_activation").with("activation", network->activation)) : out;
}

/// -ln of the confidence in the truth, nats, from a network's logits.
VectorXd surprise_at(const Matrix& logits, const VectorXi& label) {
  MatrixD both = logits.cast<double>();
  if (logits.cols() == 1) both = MatrixD::Zero(logits.rows(), 2), both.col(1) = logits.col(0).cast<double>();
  return surprise(log_softmax(std::move(both)), label);
}

void judge_classes(const std::string& field, const Model& model, const Matrix& answers, const Data& data, Stream random,
                   std::vector<Message>& warnings) {
  const VectorXi label = rows_of(data.set.label, data.split.test);
  const int classes = classes_of(model), n = static_cast<int>(label.size());
  VectorXi best(n);
  for (Eigen::Index r = 0; r < n; ++r) {
    Eigen::Index most = answers(r, 0) > 0 ? 1 : 0;
    if (answers.cols() > 1) answers.row(r).maxCoeff(&most);
    best[r] = static_cast<int>(most);
  }
  const double right = wins(best, label).sum();
  const Measure m = proportion(right, n, majority_share(label, classes));
  if (*m.high >= *m.baseline) {
    if (!std::holds_alternative<Network>(model)) return;  // a leaf without a class is infinitely surprised, and no fault of the file
    const Measure nll = mean_with_bootstrap(list(surprise_at(answers, label)), gather_or_empty(data.set.person, data.split.test),
                                            class_entropy(label, classes), "nats", random);
    if (nll.low && *nll.low > *nll.baseline)
      warnings.push_back(Message("warning.model_surprised")
                             .with("field", field)
                             .with("value", with_interval(nll))
                             .with("baseline", number_words(nll.baseline, nll.unit))
                             .with("reasons", reasons(model, Message("warning.reason_classes"))));
    return;
  }
  Message about_classes("warning.reason_classes");
  if (const Measure other = proportion(n - right, n, m.baseline); classes == 2 && *other.low > *m.baseline)
    about_classes = Message("warning.reason_other_way").with("value", with_interval(other));
  warnings.push_back(Message("warning.model_wrong")
                         .with("field", field)
                         .with("value", with_interval(m))
                         .with("baseline", number_words(m.baseline, m.unit))
                         .with("reasons", reasons(model, about_classes)));
}

void judge_numbers(const std::string& field, const Model& model, const Matrix& answers, const Data& data, Stream random,
                   std::vector<Message>& warnings) {
  const Dataset& set = data.set;
  const auto readable = [&](const VectorXd& v) { return VectorXd(v.unaryExpr([&](double x) { return set.readable(x); })); };
  const VectorXd truth = readable(rows_of(set.target, data.split.test)),
                 error = (readable(answers.col(0).cast<double>()) - truth).array().square();
  const Measure m = root_mean_square(list(error), truth, readable(rows_of(set.target, data.split.train)).mean(),
                                     gather_or_empty(set.person, data.split.test), set.target_is_root ? "" : set.target_name, random);
  if (!m.low || !m.baseline || *m.low <= *m.baseline) return;
  warnings.push_back(Message("warning.model_errs")
                         .with("field", field)
                         .with("value", with_interval(m))
                         .with("baseline", number_words(m.baseline, m.unit))
                         .with("reasons", reasons(model, Message("warning.reason_units"))));
}

void judge(const Spec& spec, const Model& model, const Matrix& test, const Data& data, Stream random, std::vector<Message>& warnings) {
  if (classes_of(model) > 0)
    judge_classes(field_of(spec), model, test, data, random, warnings);
  else
    judge_numbers(field_of(spec), model, test, data, random, warnings);
}

}  // namespace

bool has_loaded_model(const Spec& spec) {
  return spec.model["kind"] == kBlackBox || (spec.model.contains("file") && spec.model["file"].is_string());
}

std::string loaded_model_digest(const Spec& spec) {
  if (!has_loaded_model(spec)) return {};
  if (!spec.model.value("file", Json()).is_null()) {
    const std::string bytes = sha256(bytes_of(spec));
    return spec.model.contains("inputs") ? sha256(bytes + spec.model["inputs"].dump()) : bytes;
  }
  if (!spec.model["command"].is_array()) return {};
  NamedFiles files;
  (void)files.id(spec);
  const Json seen = files.json();
  Json words = Json::object();
  for (const auto& [path, digest] : seen.items())
    if (std::find(spec.model["command"].begin(), spec.model["command"].end(), Json(path)) != spec.model["command"].end())
      words[path] = digest;
  return sha256(words.dump());
}

void open_black_box(const Context& context, const Spec& spec, const Data& data, std::unique_ptr<Outside>& outside, BlackBox& box,
                    std::vector<Message>& warnings) {
  const auto how = read<BlackBoxSpec>(spec.model, "model");
  const bool classes = data.set.classes.size() > 1;
  Respondent asked;
  asked.columns = data.set.input_names;
  if (classes) asked.classes = data.set.classes;
  const bool file = how.file.has_value();
  ChannelMaker channels = context.channels;
  if (file) {
    std::vector<Message> remarks;
    channels = answers_of_file(bytes_of(spec), *how.file, brought_inputs(spec.model), data, remarks);
    for (const Message& remark : remarks)
      warnings.push_back(Message("warning.model_file").with("file", shown(*how.file)).with("remark", remark));
  }
  outside = std::make_unique<Outside>(channels, how, std::move(asked), loaded_model_digest(spec), context.cache);
  box = {outside.get(), classes ? static_cast<int>(data.set.classes.size()) : 0, how.fresh};
  if (file) return;
  warnings.push_back(Message(how.fresh ? "warning.outside_fresh" : "warning.outside").with("field", field_of(spec)));
}

Model fitted_model(const std::string& kind, const std::string& bytes, const std::string& name, const std::vector<BroughtInput>& inputs,
                   const Data& data, std::vector<Message>& remarks) {
  if (kind == "tree" && looks_like_onnx(bytes)) return fitted_tree(bytes, name, inputs, data, remarks);
  Model model = model_from_bytes(kind, bytes, name, &remarks);
  bring_inputs(model, inputs);
  if (!is_named(model) && numbers_behind_categories(data.set)) remarks.push_back(Message("warning.model_order"));
  match_names(model, data.set, name, remarks);
  check_shape(model, data, name);
  return model;
}

Model read_loaded_model(const Spec& spec, const Data& data, std::vector<Message>& warnings) {
  const auto path = spec.model["file"].get<std::string>(), kind = spec.model["kind"].get<std::string>();
  std::vector<Message> remarks;
  const std::string bytes = bytes_of(spec);
  const auto fitted = [&] {
    try {
      return fitted_model(kind, bytes, path, brought_inputs(spec.model), data, remarks);
    } catch (const Error& error) {  // whatever is wrong with the file is wrong with the field that names it
      if (error.field() == "model.file" || error.field() == "model.inputs") throw;
      throw Error("model.file", Message("refusal.model_file_kind").with("kind", kind).with("why", error.message()));
    }
  };
  Model model = fitted();
  for (const Message& remark : remarks) warnings.push_back(Message("warning.model_file").with("file", shown(path)).with("remark", remark));
  return model;
}

Task examine_loaded_model(Context& context, const Spec& spec, const Data& data, const Model& model, std::vector<Message>& warnings) {
  if (std::holds_alternative<BlackBox>(model)) {
    Activations seen;
    co_await pre_noise_output(context, model, rows_of(data.set.inputs, data.split.test), seen);
    judge(spec, model, seen.mu, data, context.random.sub("own model"), warnings);
    co_return;
  }
  const std::vector<int> rows = all_rows(data.split);
  Activations inside;
  co_await pre_noise_output(context, model, rows_of(data.set.inputs, rows), inside);
  if (are_confidences(model, inside))
    throw Error("model.file", Message("refusal.onnx_confidences").with("field", shown(spec.model["file"])));
  const Matrix answers = exact_answers(model, inside);
  Matrix all = answers;
  if (inside.sigma.size()) {  // as far as the noise reaches, too: nothing but a number times 0 is 0
    constexpr float kReach = 6;
    const Matrix exact = inside.mu;
    for (const float reach : {-kReach, kReach}) inside.mu = exact + reach * inside.sigma, all += exact_answers(model, inside) * 0;
  }
  Eigen::Index bad = 0;
  for (Eigen::Index r = 0; r < all.rows(); ++r) bad += all.row(r).allFinite() ? 0 : 1;
  if (bad > 0)
    throw Error("model.file", Message("refusal.model_infinite")
                                  .with("file", shown(spec.model["file"]))
                                  .with("found", std::to_string(bad))
                                  .with("records", counted(answers.rows(), "record")));
  co_await Tick{};
  Matrix test(static_cast<Eigen::Index>(data.split.test.size()), answers.cols());
  for (std::size_t i = 0; i < data.split.test.size(); ++i)
    test.row(static_cast<Eigen::Index>(i)) = answers.row(std::lower_bound(rows.begin(), rows.end(), data.split.test[i]) - rows.begin());
  judge(spec, model, test, data, context.random.sub("own model"), warnings);
}

}  // namespace mid
