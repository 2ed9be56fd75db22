#include "mid/experiment/match_names.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include "mid/base/text.hpp"
#include "mid/experiment/input_alias.hpp"
#include "mid/experiment/match_refusal.hpp"

namespace mid {
namespace {

using Names = std::vector<std::string>;

/// The data's class that each of the model's is; nothing where both are in one order already.
std::optional<std::vector<int>> classes_by_name(const Names& model, const Dataset& set, const Refusal& refuse) {
  if (model.empty() || model == set.classes) return std::nullopt;
  std::vector<int> place;
  for (const std::string& name : model) place.push_back(place_of(set.classes, name));
  const std::set<int> distinct(place.begin(), place.end());
  if (model.size() != set.classes.size() || distinct.size() != place.size() || distinct.contains(-1)) refuse.other_classes(model);
  return place;
}

// Networks and regressions: an input of the model as a sum over inputs of the data.

struct Term {
  int input;
  double factor;
};
struct Source {
  double constant = 0;
  std::vector<Term> terms;
};

class InputMap {
 public:
  InputMap(Names model, const Dataset& set, const Refusal& refuse, std::vector<Message>& remarks) : set_(set), refuse_(refuse) {
    for (std::string& name : model) name = input_alias(name, set);
    for (const std::string& name : model) sources_.push_back(source(name));
    find_unknown(model, remarks);
    remarks.insert(remarks.end(), numbered_.begin(), numbered_.end());
    if (!absent_.empty()) remarks.push_back(Message("warning.model_knows").with("inputs", quoted(absent_)));
  }

  /// Weights of the data's inputs and what is added to the bias, from those (inputs x outputs) of the model's.
  void carry(MatrixD& weight, MatrixD& bias) const {
    MatrixD out = MatrixD::Zero(set_.inputs.cols(), weight.cols());
    for (std::size_t j = 0; j < sources_.size(); ++j) {
      const auto row = weight.row(static_cast<Eigen::Index>(j));
      bias += sources_[j].constant * row;
      for (const Term& t : sources_[j].terms) out.row(t.input) += t.factor * row;
    }
    weight = std::move(out);
  }
  /// The data's input that each of the model's is, where they are the same in another order.
  std::optional<std::vector<int>> order() const {
    std::vector<int> out;
    for (const Source& s : sources_) {
      if (s.constant != 0 || s.terms.size() != 1 || s.terms[0].factor != 1) return std::nullopt;
      out.push_back(s.terms[0].input);
    }
    const std::set<int> distinct(out.begin(), out.end());
    return out.size() == static_cast<std::size_t>(set_.inputs.cols()) && distinct.size() == out.size() ? std::optional(out) : std::nullopt;
  }

 private:
  Source source(const std::string& name) {
    if (const int same = place_of(set_.input_names, name); same >= 0) return {0, {{same, 1}}};
    for (std::size_t c = 0; c < set_.table.columns.size(); ++c) {
      const Column& column = set_.table.columns[c];
      if (name == column.name && column.numeric)
        return {set_.table.values(0, static_cast<Eigen::Index>(c)), {}};  // the same in every row: no input
      if (name == column.name + " missing") return absent(name);
      if (!name.starts_with(column.name + "=")) continue;
      if (column.numeric) refuse_.other_type(column.name, true);
      if (place_of(column.categories, name.substr(column.name.size() + 1)) < 0) return absent(name);
      // One category of each column may have no input: where all the others are 0.
      Source out{1, {}};
      for (const std::string& other : column.categories)
        if (const int input = place_of(set_.input_names, column.name + "=" + other); input >= 0) out.terms.push_back({input, -1});
      return out;
    }
    if (const int column = set_.table.find(name); column >= 0) return number_of(set_.table.columns[static_cast<std::size_t>(column)]);
    refuse_.lacks(name.substr(0, name.find('=')));
  }
  /// One number for the category: how far down it stands among all of them (LabelEncoder, OrdinalEncoder).
  Source number_of(const Column& column) {
    constexpr std::size_t kTold = 20;
    Source out;
    std::string numbers;
    for (std::size_t v = 0; v < column.categories.size(); ++v) {
      const std::string& category = column.categories[v];
      if (v <= kTold) numbers += (v > 0 ? ", " : "") + (v < kTold ? printable(category) + " " + std::to_string(v) : "...");
      // The first's term is 0 times its input, which says that the model knows it.
      if (const int input = place_of(set_.input_names, column.name + "=" + category); input >= 0)
        out.terms.push_back({input, static_cast<double>(v)});
    }
    numbered_.push_back(Message("warning.model_category_number").with("column", shown(column.name)).with("numbers", numbers));
    return out;
  }
  Source absent(const std::string& name) {
    absent_.push_back(name);
    return {};
  }

  /// Of a column whose categories all have inputs of the model but one, and it has none beside: the one for which these are all 0
  /// (pandas' drop_first). -1: none, or there is another reason.
  int left_out(const Column& column, const Names& model) const {
    int missing = -1;
    for (std::size_t v = 0; v < column.categories.size(); ++v) {
      if (place_of(model, column.name + "=" + column.categories[v]) >= 0) continue;
      if (missing >= 0) return -1;
      missing = static_cast<int>(v);
    }
    const bool others = std::any_of(absent_.begin(), absent_.end(), [&](const std::string& a) { return a.starts_with(column.name + "="); });
    return others ? -1 : missing;
  }
  /// Inputs of the data that none of the model's is made of.
  void find_unknown(const Names& model, std::vector<Message>& remarks) const {
    std::set<int> used;
    for (const Source& s : sources_)
      for (const Term& t : s.terms) used.insert(t.input);
    Names columns, values;
    for (int i = 0; i < static_cast<int>(set_.input_names.size()); ++i) {
      if (used.contains(i)) continue;
      const std::string& name = set_.input_names[static_cast<std::size_t>(i)];
      const auto its = std::find_if(set_.table.columns.begin(), set_.table.columns.end(),
                                    [&](const Column& c) { return name.starts_with(c.name + "="); });
      const bool known = its != set_.table.columns.end() &&
                         std::any_of(model.begin(), model.end(), [&](const std::string& m) { return m.starts_with(its->name + "="); });
      if (const int base = known ? left_out(*its, model) : -1; base >= 0)
        remarks.push_back(Message("warning.model_left_out").with("input", shown(name)));
      else
        (known ? values : columns).push_back(name);
    }
    if (!values.empty()) refuse_.unknown(values);
    if (!columns.empty()) remarks.push_back(Message("warning.model_unknown_input").with("inputs", quoted(columns)));
  }

  const Dataset& set_;
  const Refusal& refuse_;
  std::vector<Source> sources_;
  Names absent_;
  std::vector<Message> numbered_;  // remarks
};

/// The layer that takes the inputs, of a network without a front.
DenseLayer& first_of(Network& net) { return !net.hidden.empty() ? net.hidden.front() : net.bottleneck ? *net.bottleneck : net.head; }

void match(Network& net, const Dataset& set, const Refusal& refuse, std::vector<Message>& remarks) {
  if (!net.input_names.empty() && !set.input_names.empty() && net.input_names != set.input_names) {
    const InputMap map(net.input_names, set, refuse, remarks);
    if (!net.convolutions.empty()) refuse.other_pictures();
    if (net.front) {
      MatrixD weight = net.input_sd.row(0).cast<double>().cwiseInverse().asDiagonal();
      MatrixD bias = -net.input_mean.row(0).cast<double>() * weight;
      if (map.order()) remarks.push_back(Message("warning.model_input_order"));
      map.carry(weight, bias);
      net.input_mean = Matrix::Zero(1, weight.rows()), net.input_sd = Matrix::Ones(1, weight.rows());
      net.front->prepend(weight.cast<float>(), bias.cast<float>());
    } else if (const auto order = map.order()) {
      DenseLayer& first = first_of(net);
      const Matrix mean = net.input_mean, sd = net.input_sd, weight = first.weight.value;
      for (std::size_t j = 0; j < order->size(); ++j) {
        const int to = (*order)[j];
        const auto from = static_cast<Eigen::Index>(j);
        net.input_mean(0, to) = mean(0, from), net.input_sd(0, to) = sd(0, from), first.weight.value.row(to) = weight.row(from);
      }
      remarks.push_back(Message("warning.model_input_order"));
    } else {
      DenseLayer& first = first_of(net);
      MatrixD weight = first.weight.value.cast<double>(), bias = first.bias.value.cast<double>();
      weight.array().colwise() /= net.input_sd.row(0).transpose().cast<double>().array();
      bias -= net.input_mean.row(0).cast<double>() * weight;
      map.carry(weight, bias);
      first.weight.value = weight.cast<float>(), first.bias.value = bias.cast<float>();
      net.input_mean = Matrix::Zero(1, weight.rows()), net.input_sd = Matrix::Ones(1, weight.rows());
    }
    net.input_names = set.input_names;
  }
  const auto place = classes_by_name(net.class_names, set, refuse);
  if (!place) return;
  remarks.push_back(Message("warning.model_class_order"));
  net.class_names = set.classes;
  const auto moved = [&](const Matrix& rows) {
    Matrix out(rows.rows(), rows.cols());
    for (std::size_t c = 0; c < place->size(); ++c) out.row((*place)[c]) = rows.row(static_cast<Eigen::Index>(c));
    return out;
  };
  const auto moved_cols = [&](const Matrix& cols) { return Matrix(moved(cols.transpose()).transpose()); };
  Matrix &weight = net.head.weight.value, &bias = net.head.bias.value;
  if (net.outputs() == 1)
    weight = -weight, bias = -bias;  // the logit of the other class
  else
    weight = moved_cols(weight), bias = moved_cols(bias);
  if (net.class_mean.value.size()) net.class_mean.value = moved(net.class_mean.value);
  if (!net.purifier) return;
  net.purifier->encode.weight.value = moved(net.purifier->encode.weight.value);
  net.purifier->decode.weight.value = moved_cols(net.purifier->decode.weight.value);
  net.purifier->decode.bias.value = moved_cols(net.purifier->decode.bias.value);
}

void match(Linear& model, const Dataset& set, const Refusal& refuse, std::vector<Message>& remarks) {
  if (!model.input_names.empty() && model.input_names != set.input_names) {
    const InputMap map(model.input_names, set, refuse, remarks);
    if (map.order()) remarks.push_back(Message("warning.model_input_order"));
    MatrixD weight = model.weight, bias = MatrixD::Constant(1, 1, model.bias);
    map.carry(weight, bias);
    model.weight = weight.col(0), model.bias = bias(0, 0), model.input_names = set.input_names;
  }
  LinearTarget& t = model.target;
  if (t.name.empty() || set.target_name.empty()) return;
  if (t.name != set.target_name || t.root != set.target_is_root) refuse.other_target(t.name);
  if (t.mean == set.target_mean && t.sd == set.target_sd) return;
  remarks.push_back(Message("warning.model_scaling").with("target", shown(t.name)));
  const double scale = t.sd / set.target_sd;
  model.weight *= scale, model.noise *= scale;
  model.bias = (model.bias * t.sd + t.mean - set.target_mean) / set.target_sd;
  t = {set.target_name, set.target_mean, set.target_sd, set.target_is_root};
}

// Trees: columns, categories and classes are all named.

/// The data's categories first, so that a record's value means the same here and there; then what only the tree knows.
void match_categories(Tree& tree, int column, const Names& categories) {
  Names& its = tree.columns[static_cast<std::size_t>(column)].categories;
  Names both = categories;
  for (const std::string& category : its)
    if (place_of(both, category) < 0) both.push_back(category);
  for (TreeNode& node : tree.nodes) {
    if (node.is_leaf() || node.column != column) continue;
    std::vector<int> child(both.size() + 1, -1);
    for (std::size_t b = 0; b < its.size(); ++b) child[static_cast<std::size_t>(place_of(both, its[b]))] = node.child[b];
    child.back() = node.child.back();  // where it is missing
    node.child = std::move(child);
  }
  its = std::move(both);
}

void match(Tree& tree, const Dataset& set, const Refusal& refuse, std::vector<Message>& remarks) {
  std::set<int> asked;
  for (const TreeNode& node : tree.nodes)
    if (!node.is_leaf()) asked.insert(node.column);
  Names new_values, unasked;
  std::vector<int> place(tree.columns.size(), -1);  // of the tree's columns in the data
  for (std::size_t c = 0; c < tree.columns.size(); ++c) {
    TreeColumn& column = tree.columns[c];
    place[c] = set.table.find(column.name);
    if (!asked.contains(static_cast<int>(c))) continue;
    if (place[c] < 0) refuse.lacks(column.name);
    const Column& here = set.table.columns[static_cast<std::size_t>(place[c])];
    if (here.numeric != column.numeric) refuse.other_type(column.name, here.numeric);
    if (column.numeric) continue;
    for (const std::string& category : here.categories)
      if (place_of(column.categories, category) < 0) new_values.push_back(column.name + "=" + category);
    if (column.categories != here.categories) match_categories(tree, static_cast<int>(c), here.categories);
  }
  if (!new_values.empty()) remarks.push_back(Message("warning.model_new_values").with("values", quoted(new_values)));

  std::vector<TreeColumn> columns;
  std::vector<std::vector<double>> cuts(set.table.columns.size());
  for (std::size_t c = 0; c < set.table.columns.size(); ++c) {
    const Column& here = set.table.columns[c];
    const auto its = std::find(place.begin(), place.end(), static_cast<int>(c));
    const auto index = static_cast<std::size_t>(its - place.begin());
    if (its != place.end() && asked.contains(static_cast<int>(index))) {
      columns.push_back(tree.columns[index]), cuts[c] = tree.cuts[index];
      continue;
    }
    if (its == place.end()) unasked.push_back(here.name);
    columns.push_back({here.name, here.numeric, here.categories});
  }
  if (!unasked.empty()) remarks.push_back(Message("warning.model_unknown_column").with("columns", quoted(unasked)));
  for (TreeNode& node : tree.nodes)
    if (!node.is_leaf()) node.column = place[static_cast<std::size_t>(node.column)];
  tree.columns = std::move(columns), tree.cuts = std::move(cuts);

  const auto classes = classes_by_name(tree.classes, set, refuse);
  if (!classes) return;
  remarks.push_back(Message("warning.model_class_order"));
  for (TreeNode& node : tree.nodes) {
    const VectorXd counts = node.counts;
    for (std::size_t k = 0; k < classes->size(); ++k) node.counts[(*classes)[k]] = counts[static_cast<Eigen::Index>(k)];
  }
  tree.classes = set.classes;
}

/// What a black box is asked and answers is compared by names as it is opened (Outside).
void match(BlackBox&, const Dataset&, const Refusal&, std::vector<Message>&) {}

}  // namespace

void match_names(Model& model, const Dataset& set, const std::string& path, std::vector<Message>& remarks) {
  const Refusal refuse(path, set);
  std::visit([&](auto& m) { match(m, set, refuse, remarks); }, model);
}

}  // namespace mid
