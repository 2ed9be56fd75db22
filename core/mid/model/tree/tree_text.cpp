#include "mid/model/tree/tree_text.hpp"

#include <cmath>
#include <cstdio>
#include <set>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"

namespace mid {
namespace {

constexpr const char* kTreeFormat = "midlab-tree-1";
constexpr int kMostLevels = 100;  // midlab's own have 30 at most; what walks a tree may call itself for each

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
  return text;
}

std::string answer(const Tree& tree, const TreeNode& t) {
  Eigen::Index best = 0;
  const double share = confidence(t).maxCoeff(&best);
  return number(t.rows()) + " rows, " + tree.classes[static_cast<std::size_t>(best)] + " " + percent(share);
}

std::string dot_string(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// One value of an object, with a sentence where it is absent or of another type.
template <class T>
T get(const Json& j, const char* key, const std::string& path) {
  if (!j.is_object() || !j.contains(key)) throw Error(path, Message("refusal.json_key").with("key", key));
  try {
    return j.at(key).get<T>();
  } catch (const Json::exception&) {
    throw Error(path + "." + key, Message("refusal.json_type").with("found", shown(j.at(key))));
  }
}

/// Whole numbers, which the library would take from anything that is a number.
int whole(const Json& j, const std::string& path) {
  if (!j.is_number_integer() || j.get<double>() < -2147483647. || j.get<double>() > 2147483647.)
    throw Error(path, Message("refusal.must_be").with("allowed", Message("refusal.part.whole_number")).with("found", shown(j)));
  return j.get<int>();
}
int get_whole(const Json& j, const char* key, const std::string& path) { return whole(get<Json>(j, key, path), path + "." + key); }
std::vector<int> get_wholes(const Json& j, const char* key, const std::string& path) {
  const Json list = get<Json>(j, key, path);
  if (!list.is_array())
    throw Error(path + "." + key,
                Message("refusal.must_be").with("allowed", Message("refusal.part.whole_numbers")).with("found", shown(list)));
  std::vector<int> out;
  for (const Json& n : list) out.push_back(whole(n, path + "." + key));
  return out;
}

TreeColumn read_column(const Json& j, const std::string& path, std::vector<double>& cuts) {
  TreeColumn column{get<std::string>(j, "name", path), get<bool>(j, "numeric", path), {}};
  if (column.numeric)
    cuts = get<std::vector<double>>(j, "cuts", path);
  else
    column.categories = get<std::vector<std::string>>(j, "categories", path);
  for (std::size_t i = 0; i < cuts.size(); ++i)
    if (!std::isfinite(cuts[i]) || (i > 0 && cuts[i] <= cuts[i - 1])) throw Error(path + ".cuts", Message("refusal.tree_cuts"));
  return column;
}

void read_split(const Json& j, const std::string& path, Tree& tree, TreeNode& t) {
  t.column = get_whole(j, "column", path);
  if (t.column < 0 || t.column >= static_cast<int>(tree.columns.size()))
    throw Error(path + ".column", Message("refusal.tree_column").with("found", std::to_string(t.column)));
  const auto c = static_cast<std::size_t>(t.column);
  const auto split = get<std::string>(j, "split", path);
  if (split != "multiway" && split != "cut")
    throw Error(path + ".split", Message("refusal.must_be").with("allowed", either_of({"multiway", "cut"})).with("found", split));
  t.split = split == "cut" ? TreeNode::Split::cut : TreeNode::Split::multiway;
  if (split == "cut") {
    t.cut = get_whole(j, "cut", path);
    if (t.cut < 0 || t.cut >= static_cast<int>(tree.cuts[c].size()))
      throw Error(path + ".cut", Message("refusal.tree_cut").with("found", std::to_string(t.cut)));
  }
  t.child = get_wholes(j, "child", path);
  const int branches = split == "cut" ? 3 : tree.codes(t.column);
  if (static_cast<int>(t.child.size()) != branches)
    throw Error(path + ".child",
                Message("refusal.tree_places").with("wanted", std::to_string(branches)).with("found", std::to_string(t.child.size())));
}

/// Every node but the root hangs on exactly one parent before it, one level up.
void connect(Tree& tree, const std::string& path) {
  for (std::size_t i = 0; i < tree.nodes.size(); ++i)
    for (int c : tree.nodes[i].child) {
      if (c < 0) continue;
      const bool there = c > static_cast<int>(i) && c < static_cast<int>(tree.nodes.size());
      if (!there || tree.nodes[static_cast<std::size_t>(c)].parent >= 0)
        throw Error(path + ".nodes[" + std::to_string(i) + "].child", Message("refusal.tree_child").with("found", std::to_string(c)));
      tree.nodes[static_cast<std::size_t>(c)].parent = static_cast<int>(i);
    }
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const int parent = tree.nodes[i].parent;
    if (i > 0 && parent < 0) throw Error(path + ".nodes[" + std::to_string(i) + "]", Message("refusal.tree_orphan"));
    if (tree.nodes[i].depth > kMostLevels) throw Error(path, Message("refusal.tree_levels").with("most", std::to_string(kMostLevels)));
    if (tree.nodes[i].depth != (i > 0 ? tree.nodes[static_cast<std::size_t>(parent)].depth + 1 : 0))
      throw Error(path + ".nodes[" + std::to_string(i) + "].depth", Message("refusal.tree_depth"));
  }
}

void write_text(const Tree& tree, int node, std::string& out) {
  const TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
  for (std::size_t b = 0; b < t.child.size(); ++b) {
    if (t.child[b] < 0) continue;
    out += std::string(2 * static_cast<std::size_t>(t.depth + 1), ' ') + tree.branch_text(node, static_cast<int>(b)) + ": " +
           answer(tree, tree.nodes[static_cast<std::size_t>(t.child[b])]) + "\n";
    write_text(tree, t.child[b], out);
  }
}

}  // namespace

Json tree_json(const Tree& tree) {
  Json columns = Json::array(), nodes = Json::array();
  for (std::size_t c = 0; c < tree.columns.size(); ++c) {
    const TreeColumn& column = tree.columns[c];
    Json j{{"name", column.name}, {"numeric", column.numeric}};
    if (column.numeric)
      j["cuts"] = tree.cuts[c];
    else
      j["categories"] = column.categories;
    columns.push_back(std::move(j));
  }
  for (const TreeNode& t : tree.nodes) {
    Json j{{"depth", t.depth}, {"counts", std::vector<double>(t.counts.begin(), t.counts.end())}};
    if (!t.is_leaf()) {
      j["column"] = t.column;
      j["split"] = t.split == TreeNode::Split::cut ? "cut" : "multiway";
      if (t.split == TreeNode::Split::cut) j["cut"] = t.cut;
      j["child"] = t.child;
    }
    nodes.push_back(std::move(j));
  }
  return {{"format", kTreeFormat},   {"criterion", tree.criterion},   {"lambda_comparable", tree.criterion == "entropy"},
          {"classes", tree.classes}, {"columns", std::move(columns)}, {"nodes", std::move(nodes)}};
}

Tree tree_from_json(const Json& j, const std::string& path) {
  if (const auto format = get<std::string>(j, "format", path); format != kTreeFormat)
    throw Error(path + ".format", Message("refusal.must_be").with("allowed", kTreeFormat).with("found", format));
  Tree tree;
  tree.criterion = get<std::string>(j, "criterion", path);
  tree.classes = get<std::vector<std::string>>(j, "classes", path);
  const Json columns = get<Json>(j, "columns", path), nodes = get<Json>(j, "nodes", path);
  if (tree.classes.empty()) throw Error(path + ".classes", Message("refusal.tree_classes"));
  if (!nodes.is_array() || nodes.empty()) throw Error(path + ".nodes", Message("refusal.tree_nodes"));
  if (!columns.is_array())
    throw Error(path + ".columns", Message("refusal.must_be").with("allowed", Message("refusal.part.list")).with("found", shown(columns)));
  tree.cuts.resize(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c)
    tree.columns.push_back(read_column(columns[c], path + ".columns[" + std::to_string(c) + "]", tree.cuts[c]));
  std::set<std::string> names;
  for (const TreeColumn& column : tree.columns)
    if (!names.insert(column.name).second)
      throw Error(path + ".columns", Message("refusal.tree_column_twice").with("column", shown(column.name)));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string at = path + ".nodes[" + std::to_string(i) + "]";
    TreeNode t;
    t.depth = get_whole(nodes[i], "depth", at);
    const auto counts = get<std::vector<double>>(nodes[i], "counts", at);
    t.counts = Eigen::Map<const VectorXd>(counts.data(), static_cast<Eigen::Index>(counts.size()));
    if (counts.size() != tree.classes.size() || !t.counts.allFinite() || (t.counts.array() < 0).any() || !std::isfinite(t.rows()))
      throw Error(at + ".counts", Message("refusal.tree_counts").with("classes", std::to_string(tree.classes.size())));
    if (nodes[i].contains("split")) read_split(nodes[i], at, tree, t);
    tree.nodes.push_back(std::move(t));
  }
  connect(tree, path);
  return tree;
}

std::string tree_dot(const Tree& tree) {
  std::string out = "digraph tree {\n  node [shape=box];\n";
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const TreeNode& t = tree.nodes[i];
    std::string label = answer(tree, t);
    for (std::size_t y = 0; y < tree.classes.size(); ++y)
      label += (y == 0 ? "; " : ", ") + tree.classes[y] + " " + number(t.counts[static_cast<Eigen::Index>(y)]);
    out += "  n" + std::to_string(i) + " [label=" + dot_string(label) + "];\n";
    for (std::size_t b = 0; b < t.child.size(); ++b)
      if (t.child[b] >= 0)
        out += "  n" + std::to_string(i) + " -> n" + std::to_string(t.child[b]) +
               " [label=" + dot_string(tree.branch_text(static_cast<int>(i), static_cast<int>(b))) + "];\n";
  }
  return out + "}\n";
}

std::string tree_text(const Tree& tree) {
  std::string out = "all: " + answer(tree, tree.nodes.front()) + "\n";
  write_text(tree, 0, out);
  return out;
}

}  // namespace mid
