// Trees as data, and how they grow.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "mid/base/error.hpp"
#include "mid/model/tree/tree_codes.hpp"
#include "mid/model/tree/tree_text.hpp"
#include "tree_data.hpp"

using namespace mid;
using Catch::Approx;

namespace {

double entropy(const std::map<int, int>& counts, double n) {
  double h = 0;
  for (const auto& [key, count] : counts) h -= count / n * std::log2(count / n);
  return h;
}

/// Plain ID3 as a textbook has it: recursion, no histograms. The shape as text.
std::string textbook(const TreeData& data, const Tree& coder, const TreeSpec& spec, const TreePenalty& penalty,
                     const std::vector<int>& rows, int depth, std::vector<bool> used) {
  const double all = static_cast<double>(data.label.size()), n = static_cast<double>(rows.size());
  std::map<int, int> classes;
  for (int r : rows) ++classes[data.label[r]];
  double best = 1e-12;
  int column = -1, chosen_cut = -1;
  const auto part_of = [&](int c, int cut, int r) {
    const int code = coder.code(c, data.values(r, c));
    return cut < 0 ? code : code == coder.codes(c) - 1 ? 2 : static_cast<int>(code > cut);
  };
  for (int c = 0; c < static_cast<int>(data.columns.size()) && depth < spec.max_depth; ++c) {
    const bool cuts = spec.numeric == "cuts" && data.columns[static_cast<std::size_t>(c)].numeric;
    if ((!cuts && used[static_cast<std::size_t>(c)]) || (c == penalty.secret && penalty.secret_depth && *penalty.secret_depth != depth))
      continue;
    for (int cut = cuts ? 0 : -1; cut < (cuts ? coder.codes(c) - 2 : 0); ++cut) {
      std::map<int, std::map<int, int>> parts;
      std::map<int, int> sizes;
      for (int r : rows) ++parts[part_of(c, cut, r)][data.label[r]], ++sizes[part_of(c, cut, r)];
      double gain = entropy(classes, n);
      bool allowed = true;
      for (const auto& [part, size] : sizes) gain -= size / n * entropy(parts[part], size), allowed &= size >= spec.min_leaf;
      const double lambda = penalty.on == TreePenalty::On::every_split || c == penalty.secret ? penalty.lambda : 0;
      const double score = n / all * (gain - lambda * entropy(sizes, n));
      if (allowed && score > best + (column < 0 ? 0 : 1e-12)) best = score, column = c, chosen_cut = cut;
    }
  }
  if (column < 0 || classes.size() < 2) return "[" + std::to_string(rows.size()) + "]";
  std::map<int, std::vector<int>> parts;
  for (int r : rows) parts[part_of(column, chosen_cut, r)].push_back(r);
  used[static_cast<std::size_t>(column)] = true;
  std::string text = "(" + std::to_string(column) + "/" + std::to_string(chosen_cut);
  for (const auto& [part, its] : parts)
    text += " " + std::to_string(part) + ":" + textbook(data, coder, spec, penalty, its, depth + 1, used);
  return text + ")";
}

std::string shape(const Tree& tree, int node = 0) {
  const TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
  if (t.is_leaf()) return "[" + std::to_string(static_cast<int>(t.rows())) + "]";
  std::string text = "(" + std::to_string(t.column) + "/" + std::to_string(t.cut);
  for (std::size_t b = 0; b < t.child.size(); ++b)
    if (t.child[b] >= 0) text += " " + std::to_string(b) + ":" + shape(tree, t.child[b]);
  return text + ")";
}

TreeSpec small(const std::string& numeric = "bins", int min_leaf = 3) { return {5, min_leaf, numeric, "entropy"}; }

}  // namespace

TEST_CASE("growing equals textbook ID3, with and without a penalty", "[tree]") {
  for (const char* numeric : {"bins", "cuts"})
    for (std::uint64_t seed = 1; seed <= 8; ++seed)
      for (const double lambda : {0., .03, .1}) {
        const TreeData data = random_table(seed, 250, 7, seed % 2 ? 2 : 3);
        TreePenalty penalty;
        penalty.lambda = lambda;
        if (seed % 3 == 0) penalty.on = TreePenalty::On::secret, penalty.secret = 1;
        if (seed % 4 == 0) penalty.secret = 1, penalty.secret_depth = 2;
        const Tree tree = grown(data, small(numeric), penalty);
        std::vector<int> rows(250);
        for (int r = 0; r < 250; ++r) rows[static_cast<std::size_t>(r)] = r;
        CHECK(shape(tree) == textbook(data, tree, small(numeric), penalty, rows, 0, std::vector<bool>(7)));
      }
}

TEST_CASE("what the splits tell adds up to the leaves' entropy, and rows to the training rows", "[tree]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const TreeData data = random_table(seed, 400, 6, 3);
    for (const char* numeric : {"bins", "cuts"}) {
      const Tree tree = grown(data, small(numeric, 1));
      CHECK(information(tree) == Approx(leaf_information(tree)).epsilon(1e-12));
      double by_column = 0;
      for (int c = 0; c < 6; ++c) by_column += information(tree, c);
      CHECK(by_column == Approx(information(tree)));
      CHECK(label_information(tree) <= leaf_information(tree) + 1e-12);
      VectorXd counts = VectorXd::Zero(3);
      for (const TreeNode& t : tree.nodes)
        if (t.is_leaf()) counts += t.counts;
      CHECK(counts.sum() == 400);
      CHECK(counts == tree.nodes[0].counts);
      // Every training row ends in a leaf, and the leaves count them.
      VectorXd ended = VectorXd::Zero(static_cast<Eigen::Index>(tree.nodes.size()));
      for (int node : node_of(tree, data.values)) ended[node] += 1;
      for (std::size_t i = 0; i < tree.nodes.size(); ++i)
        CHECK(ended[static_cast<Eigen::Index>(i)] == (tree.nodes[i].is_leaf() ? tree.nodes[i].rows() : 0));
    }
  }
}

TEST_CASE("a strong targeted penalty keeps the secret out, a strong global one keeps everything out", "[tree]") {
  const TreeData data = random_table(3, 600, 6, 2);
  TreePenalty penalty;
  penalty.secret = 1;
  penalty.lambda = 5;
  CHECK(grown(data, small(), penalty).nodes.size() == 1);
  penalty.on = TreePenalty::On::secret;
  const Tree targeted = grown(data, small(), penalty);
  CHECK(targeted.nodes.size() > 1);
  CHECK(information(targeted, 1) == 0);
  penalty.lambda = 0;
  CHECK(information(grown(data, small(), penalty), 1) > 0);
}

TEST_CASE("depth placement lets the secret be asked at one depth only", "[tree]") {
  const TreeData data = random_table(5, 3000, 6, 2);
  TreePenalty penalty;
  penalty.secret = 1;
  for (int depth : {0, 1, 2}) {
    penalty.secret_depth = depth;
    for (const TreeNode& t : grown(data, small(), penalty).nodes) CHECK((t.column != 1 || t.depth == depth));
  }
}

TEST_CASE("quantile cuts: linear between neighbours, duplicates removed", "[tree]") {
  std::vector<double> values;
  for (int i = 16; i >= 0; --i) values.push_back(i);
  CHECK(quantile_cuts(values) == std::vector<double>{2, 4, 6, 8, 10, 12, 14});
  CHECK(quantile_cuts(std::vector<double>{0, 1}) == std::vector<double>{.125, .25, .375, .5, .625, .75, .875});
  CHECK(quantile_cuts(std::vector<double>{5, kMissing, 5, 5}) == std::vector<double>{5});
  CHECK(quantile_cuts(std::vector<double>{0, 0, 0, 0, 0, 0, 0, 0, 99999}) == std::vector<double>{0});
  CHECK(quantile_cuts(std::vector<double>{kMissing}).empty());
  CHECK(quantile_cuts(std::vector<double>{-1e308, 1e308, std::numeric_limits<double>::infinity()}).size() == 7);
  // Against sorting.
  Random random(Stream{4, 1});
  for (int round = 0; round < 30; ++round) {
    values.assign(static_cast<std::size_t>(1 + random.below(500)), 0);
    for (double& v : values) v = round % 3 ? std::exp(9 * random.normal()) : random.below(9);
    const auto found = quantile_cuts(values);
    std::sort(values.begin(), values.end());
    std::vector<double> expected;
    for (int k = 1; k < 8; ++k) {
      const double place = static_cast<double>(values.size() - 1) * k / 8;
      const auto i = static_cast<std::size_t>(place);
      const double right = values[std::min(i + 1, values.size() - 1)];
      const double cut = values[i] == right ? right : values[i] * (1 - (place - std::floor(place))) + right * (place - std::floor(place));
      if (expected.empty() || cut > expected.back()) expected.push_back(cut);
    }
    CHECK(found == expected);
  }
}

TEST_CASE("codes: bins from below, a missing value last, an unlisted category none", "[tree]") {
  const Tree tree{{{"n", true, {}}, {"s", false, {"a", "b"}}}, {{1, 2}, {}}, {"no", "yes"}, {}, "entropy"};
  CHECK(tree.codes(0) == 4);
  CHECK(tree.codes(1) == 3);
  CHECK(tree.code(0, 1) == 0);
  CHECK(tree.code(0, 1.5) == 1);
  CHECK(tree.code(0, 2.1) == 2);
  CHECK(tree.code(0, kMissing) == 3);
  CHECK(tree.code(1, 1) == 1);
  CHECK(tree.code(1, 2) == -1);
  CHECK(tree.code(1, kMissing) == 2);
}

TEST_CASE("an unseen category and a branch without rows answer with the node's own counts", "[tree]") {
  TreeData data{{{"s", false, {"a", "b", "never"}}}, MatrixD(6, 1), VectorXi(6), {"no", "yes"}};
  data.values << 0, 0, 0, 1, 1, 1;
  data.label << 0, 0, 0, 1, 1, 0;
  const Tree tree = grown(data, small("bins", 1));
  MatrixD asked(5, 1);
  asked << 0, 1, 2, 9, kMissing;
  CHECK(node_of(tree, asked) == (VectorXi(5) << 1, 2, 0, 0, 0).finished());
  CHECK(confidences(tree, asked)(1, 1) == Approx(2. / 3));
  CHECK(confidences(tree, asked)(3, 1) == Approx(1. / 3));
  CHECK(predicted(tree, asked) == (VectorXi(5) << 0, 1, 0, 0, 0).finished());
}

TEST_CASE("tables that say little give one leaf", "[tree]") {
  const auto leaf = [](TreeData data) {
    for (const char* numeric : {"bins", "cuts"}) {
      const Tree tree = grown(data, small(numeric, 1));
      CHECK(tree.nodes.size() == 1);
      CHECK(leaf_information(tree) == 0);
      CHECK(confidences(tree, data.values).rowwise().sum().isOnes(1e-12));
    }
  };
  const TreeData usual = random_table(1, 40, 4, 2);
  TreeData constant = usual, one_class = usual, missing = usual, one_row = usual, no_columns = usual;
  constant.values.setOnes();
  one_class.label.setZero();
  missing.values.setConstant(kMissing);
  one_row.values = usual.values.topRows(1).eval();
  one_row.label = usual.label.head(1).eval();
  no_columns.columns.clear();
  no_columns.values.resize(40, 0);
  for (const TreeData& data : {constant, one_class, missing, one_row, no_columns}) leaf(data);
  TreeData only_one_class = one_class;
  only_one_class.classes = {"all"};
  leaf(only_one_class);
}

TEST_CASE("what cannot be grown is refused in a sentence about the field", "[tree]") {
  const auto field_of = [](const TreeData& data, const TreePenalty& penalty = {}) -> std::string {
    try {
      grown(data, small(), penalty);
    } catch (const Error& e) {
      return e.field();
    }
    return "";
  };
  TreeData many = random_table(1, 300, 2, 2);
  for (int i = 0; i < 200; ++i) many.columns[1].categories.push_back("x" + std::to_string(i));
  CHECK(field_of(many) == "data.drop");
  many.columns[1].categories.resize(200);
  CHECK(field_of(many).empty());
  TreeData regression = random_table(1, 30, 2, 2);
  regression.classes.clear();
  CHECK(field_of(regression) == "model.kind");
  TreePenalty penalty;
  penalty.on = TreePenalty::On::secret;
  CHECK(field_of(random_table(1, 30, 2, 2), penalty) == "data.sensitive");
  TreeData empty = random_table(1, 30, 2, 2);
  empty.values.resize(0, 2);
  empty.label.resize(0);
  CHECK_THROWS_AS(grown(empty, small()), Failure);
}

TEST_CASE("Gini splits lower the Gini impurity as much as any split can", "[tree]") {
  TreeSpec spec = small("bins", 1);
  spec.criterion = "gini";
  spec.max_depth = 1;
  const TreeData data = random_table(8, 300, 5, 3);
  const auto left = [&](const Tree& tree) {  // what is left after the split
    double sum = 0;
    for (const TreeNode& t : tree.nodes)
      if (t.is_leaf()) sum += t.rows() - t.counts.squaredNorm() / t.rows();
    return sum;
  };
  const Tree best = grown(data, spec);
  CHECK(best.criterion == "gini");
  for (int c = 0; c < 5; ++c) {
    TreeData one = data;
    one.columns = {data.columns[static_cast<std::size_t>(c)]};
    one.values = data.values.col(c).eval();
    CHECK(left(best) <= left(grown(one, spec)) + 1e-9);
  }
}

TEST_CASE("growing pauses often and says how far it is", "[tree]") {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  const TreeData data = random_table(2, 40000, 12, 2);
  Tree tree;
  int ticks = 0;
  Task task = grow_tree(context, "fit", data, {8, 25, "bins", "entropy"}, {}, tree);
  while (task.advance()) ++ticks;
  CHECK(ticks > 3);
  CHECK(context.progress.done == 9);
  CHECK(context.progress.live.at("leaves") == tree.leaves());
}

TEST_CASE("growing on from a tree that a price stopped keeps its splits and goes on below its leaves as if nothing cost", "[tree]") {
  const auto device = cpu_device();
  for (const char* numeric : {"bins", "cuts"})
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      const TreeData data = random_table(seed, 300, 6, 2);
      TreePenalty penalty;
      penalty.lambda = .08;
      const Tree priced = grown(data, small(numeric), penalty), free = grown(data, small(numeric));
      Tree on, again, root;
      // Each in a run of its own: within one the save points of a second would be those of the first.
      Context first{*device, Stream{1, 0}}, second{*device, Stream{1, 0}}, third{*device, Stream{1, 0}};
      finish(grow_on(first, data, small(numeric), priced, on));
      finish(grow_on(second, data, small(numeric), free, again));
      CHECK(shape(again) == shape(free));
      finish(grow_on(third, data, small(numeric), grown(data, {0, 3, numeric, "entropy"}), root));
      CHECK(shape(root) == shape(free));
      // Down both at once: where the priced tree asks, the other asks the same; where it ends, the textbook goes on.
      std::vector<std::pair<int, int>> pairs{{0, 0}};
      const VectorXi end = node_of(priced, data.values);
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto [a, b] = pairs[i];
        const TreeNode &x = priced.nodes[static_cast<std::size_t>(a)], &y = on.nodes[static_cast<std::size_t>(b)];
        CHECK(x.counts == y.counts);
        if (x.is_leaf()) {
          std::vector<int> rows;
          std::vector<bool> used(6);
          for (int r = 0; r < 300; ++r)
            if (end[r] == a) rows.push_back(r);
          for (int up = x.parent; up >= 0; up = priced.nodes[static_cast<std::size_t>(up)].parent)
            used[static_cast<std::size_t>(priced.nodes[static_cast<std::size_t>(up)].column)] = true;
          CHECK(shape(on, b) == textbook(data, priced, small(numeric), {}, rows, x.depth, used));
          continue;
        }
        REQUIRE(x.column == y.column);
        REQUIRE(x.cut == y.cut);
        for (std::size_t branch = 0; branch < x.child.size(); ++branch)
          if (x.child[branch] >= 0) pairs.emplace_back(x.child[branch], y.child[branch]);
      }
    }
}

TEST_CASE("an interrupted tree grows on to the same tree", "[tree]") {
  const auto device = cpu_device();
  const TreeData data = random_table(2, 20000, 12, 3);
  const TreeSpec spec{8, 25, "cuts", "entropy"};
  const Tree whole = grown(data, spec);
  for (const int pause : {3, 20, 60, 200}) {
    INFO(pause);
    Context first{*device, Stream{1, 0}}, second{*device, Stream{1, 0}};
    Tree lost, found;
    Task task = grow_tree(first, "fit", data, spec, {}, lost);
    for (int i = 0; i < pause; ++i) REQUIRE(task.advance());
    second.saves.unpack(first.saves.pack());
    int ticks = 0;
    Task rest = grow_tree(second, "fit", data, spec, {}, found);
    while (rest.advance()) ++ticks;
    CHECK(tree_json(found) == tree_json(whole));
    CHECK(second.progress.live.at("leaves") == whole.leaves());
    // A finished tree is not grown again.
    Context third{*device, Stream{1, 0}};
    third.saves.unpack(second.saves.pack());
    Tree again;
    int fewer = 0;
    Task none = grow_tree(third, "fit", data, spec, {}, again);
    while (none.advance()) ++fewer;
    CHECK(tree_json(again) == tree_json(whole));
    CHECK(fewer < ticks);
  }
}
