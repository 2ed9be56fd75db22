// A model from a file answers each record as it did where it was trained, whatever the order of columns, categories and classes
// here; what cannot be the same is refused by name.
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "../data/check_error.hpp"
#include "mid/experiment/bring_inputs.hpp"
#include "mid/experiment/match_names.hpp"

using namespace mid;

namespace {

/// Six people: age, sex f or m, region north or south, a planet that is one for all; inputs as encode() makes them.
Dataset people() {
  Dataset set;
  set.name = "csv";
  set.table.columns = {{"age", true, {}, 0},
                       {"sex", false, {"f", "m"}, 0},
                       {"region", false, {"north", "south"}, 0},
                       {"year", true, {}, 0},
                       {"planet", false, {"Earth"}, 0}};
  set.table.values.resize(6, 5);
  set.inputs.resize(6, 3);
  for (int r = 0; r < 6; ++r) {
    set.table.values.row(r) << 20 + 7 * r, r % 2, r / 3, 1999, 0;
    set.inputs.row(r) << static_cast<float>(20 + 7 * r), static_cast<float>(r % 2), static_cast<float>(r / 3);
  }
  set.input_names = {"age", "sex=m", "region=south"};
  set.classes = {"no", "yes"};
  return set;
}

/// What the people are to a model with inputs of these names.
Matrix as_there(const Dataset& set, const std::vector<std::string>& names) {
  Matrix x(set.inputs.rows(), static_cast<Eigen::Index>(names.size()));
  for (Eigen::Index r = 0; r < x.rows(); ++r)
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto v = set.table.values.row(r);
      const std::string& n = names[i];
      x(r, static_cast<Eigen::Index>(i)) = static_cast<float>(n == "age"            ? v[0]
                                                              : n == "sex=f"        ? 1 - v[1]
                                                              : n == "sex=m"        ? v[1]
                                                              : n == "region=north" ? 1 - v[2]
                                                              : n == "region=south" ? v[2]
                                                              : n == "year"         ? 1999
                                                                                    : n == "planet=Earth");
    }
  return x;
}

/// A network without hidden layers, so that its logits are one line of arithmetic.
Network network(const std::vector<std::string>& inputs, const std::vector<std::string>& classes) {
  Network net;
  const auto n = static_cast<Eigen::Index>(inputs.size());
  net.head.weight.value = Matrix::Random(n, classes.size() == 2 ? 1 : static_cast<Eigen::Index>(classes.size())),
  net.head.bias.value = Matrix::Random(1, net.head.weight.value.cols());
  net.classes = static_cast<int>(classes.size());
  net.input_mean = Matrix::Random(1, n), net.input_sd = Matrix::Random(1, n).array().abs() + 1;
  net.input_names = inputs, net.class_names = classes;
  return net;
}

Matrix logits(const Network& net, const Matrix& x) { return logits_of(net, net.normalised(x)); }

std::vector<std::string> matched(Model& model, const Dataset& set) {
  std::vector<Message> remarks;
  match_names(model, set, "m.safetensors", remarks);
  return sentences_in("en", remarks);
}

void refused(Model model, const Dataset& set, const std::string& words) {
  CHECK(check_error([&] { matched(model, set); }, words) == "model.file");
}

}  // namespace

TEST_CASE("inputs of a network and a regression are found by their names", "[names]") {
  const Dataset set = people();
  using Names = std::vector<std::string>;
  for (const auto& [inputs, remarks] :
       {std::pair<Names, std::size_t>{{"age", "sex=m", "region=south"}, 0},
        {{"region=south", "age", "sex=m"}, 1},                                          // another order
        {{"age", "sex=f", "sex=d", "region=east", "region=north", "region=south"}, 1},  // more categories there; f and m, one input here
        {{"age", "age missing", "sex=m", "region=south", "year", "planet=Earth"}, 1},   // what is the same for all here
        {{"age", "region=south"}, 1}}) {                                                // it was trained without sex
    INFO(inputs[0] << " " << inputs.size());
    const Network net = network(inputs, set.classes);
    Model model = net;
    CHECK(matched(model, set).size() == remarks);
    CHECK((logits(std::get<Network>(model), set.inputs) - logits(net, as_there(set, inputs))).cwiseAbs().maxCoeff() < 1e-3);
    CHECK(std::get<Network>(model).input_names == set.input_names);
    if (remarks == 0) CHECK(logits(std::get<Network>(model), set.inputs) == logits(net, as_there(set, inputs)));

    Linear line;
    line.weight = VectorXd::Random(static_cast<Eigen::Index>(inputs.size())), line.bias = .5, line.input_names = inputs;
    Model also = line;
    CHECK(matched(also, set).size() == remarks);
    CHECK((std::get<Linear>(also).predict(MatrixRef(set.inputs)) - line.predict(MatrixRef(as_there(set, inputs)))).cwiseAbs().maxCoeff() <
          1e-9);
  }
}

/// People of three regions, two sexes and an age, as encode() makes inputs of them.
Dataset three_regions() {
  Dataset set;
  set.name = "csv";
  set.table.columns = {{"region", false, {"east", "north", "west"}, 0}, {"age", true, {}, 0}, {"sex", false, {"f", "m"}, 0}};
  set.table.values.resize(12, 3), set.inputs = Matrix::Zero(12, 5);
  for (int r = 0; r < 12; ++r) {
    set.table.values.row(r) << r % 3, 30 + 2 * r, r / 6;
    set.inputs(r, r % 3) = 1, set.inputs(r, 3) = static_cast<float>(30 + 2 * r), set.inputs(r, 4) = static_cast<float>(r / 6);
  }
  set.input_names = {"region=east", "region=north", "region=west", "age", "sex=m"};
  set.classes = {"no", "yes"};
  return set;
}

/// The same people as pandas and scikit-learn write them: dummies with either mark, a step's prefix, one number for a category.
Matrix as_pandas(const Dataset& set, const std::vector<std::string>& names) {
  Matrix x(set.inputs.rows(), static_cast<Eigen::Index>(names.size()));
  for (Eigen::Index r = 0; r < x.rows(); ++r)
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string n = names[i].substr(names[i].find("__") == std::string::npos ? 0 : names[i].find("__") + 2);
      const auto region = static_cast<int>(set.table.values(r, 0)), sex = static_cast<int>(set.table.values(r, 2));
      x(r, static_cast<Eigen::Index>(i)) = n == "age"            ? static_cast<float>(set.table.values(r, 1))
                                           : n == "region"       ? static_cast<float>(region)
                                           : n == "sex"          ? static_cast<float>(sex)
                                           : n == "region_east"  ? region == 0
                                           : n == "region_north" ? region == 1
                                           : n == "region_west"  ? region == 2
                                           : n == "sex_f"        ? sex == 0
                                                                 : sex == 1;
    }
  return x;
}

const std::vector<std::vector<std::string>> kPandas = {
    {"age", "region_east", "region_north", "region_west", "sex_f", "sex_m"},                  // get_dummies
    {"age", "region_north", "region_west", "sex_m"},                                          // drop_first
    {"region_west", "sex_f", "region_east", "age"},                                           // another one dropped, another order
    {"num__age", "cat__sex_m", "cat__region_east", "cat__region_north", "cat__region_west"},  // ColumnTransformer
    {"region", "age", "sex"},                                                                 // OrdinalEncoder
};

TEST_CASE("inputs of pandas and scikit-learn are what they are here", "[names]") {
  const Dataset set = three_regions();
  for (const auto& names : kPandas) {
    INFO(names[0] << " " << names[1] << " " << names.size());
    const Network net = network(names, set.classes);
    Model model = net;
    const std::vector<std::string> remarks = matched(model, set);
    CHECK((logits(std::get<Network>(model), set.inputs) - logits(net, as_pandas(set, names))).cwiseAbs().maxCoeff() < 1e-3);
    const bool left_out = names.size() == 4, number = names.size() == 3;
    for (const std::string& remark : remarks) CHECK((left_out || number || remark.find("another order") != std::string::npos));
    if (left_out)
      CHECK(remarks[0].find(names[0] == "age" ? "no input for \"region=east\"" : "no input for \"region=north\"") != std::string::npos);
    if (number) CHECK(remarks.size() == 2);
    if (number)
      CHECK(remarks[0].find("\"region\" as one number, in the order of the categories: east 0, north 1, west 2") != std::string::npos);

    Linear line;
    line.weight = VectorXd::Random(static_cast<Eigen::Index>(names.size())), line.input_names = names;
    Model also = line;
    matched(also, set);
    CHECK((std::get<Linear>(also).predict(MatrixRef(set.inputs)) - line.predict(MatrixRef(as_pandas(set, names)))).cwiseAbs().maxCoeff() <
          1e-5);
  }
  // Two categories without an input, or one beside a category that the data never have: nobody can know.
  refused(network({"age", "sex_m", "region_west"}, set.classes), set, "does not know \"region=east\" or \"region=north\" of the table");
  refused(network({"age", "sex_m", "region=south", "region_west", "region_east"}, set.classes), set,
          "does not know \"region=north\" of the table");
  refused(network({"age", "sex_m", "region_south"}, set.classes), set, "needs the column \"region_south\"");
  refused(network({"age", "cat__height"}, set.classes), set, "needs the column \"cat__height\"");
}

TEST_CASE("a tree that asks about pandas' dummies asks the same here", "[names]") {
  const Dataset set = three_regions();
  const std::vector<std::string> names = kPandas[0];
  const Matrix there = as_pandas(set, names);
  using Mode = TreeEnsemble::Mode;
  for (const Mode mode : {Mode::at_most, Mode::less, Mode::at_least, Mode::more, Mode::equal, Mode::unequal})
    for (const float value : {0.f, .5f, 1.f}) {
      TreeEnsemble trees;
      trees.inputs = names, trees.input_count = 6, trees.roots = {0}, trees.outputs = 2, trees.classes = set.classes;
      const auto node = [&](int input, Mode how, float at, int yes, int no) {
        TreeEnsemble::Node n;
        n.input = input, n.mode = how, n.value = at, n.yes = yes, n.no = no;
        return n;
      };
      const auto leaf = [&](double p) {
        TreeEnsemble::Node n;
        n.numbers = {{0, 1 - p}, {1, p}};
        return n;
      };
      trees.nodes = {node(4, mode, value, 1, 2), node(3, Mode::at_most, .5f, 3, 4), leaf(.1), leaf(.2), leaf(.7)};
      TreeEnsemble here = trees;
      std::vector<Message> remarks;
      match_names(here, set, "m.onnx", remarks);
      CHECK(here.answers(set.inputs) == trees.answers(there));
      if (mode == Mode::at_most) CHECK(is_one_tree(here));

      // A category as a number: of two that is the input that there is, of three none.
      trees.inputs = {"age", "sex", "region"}, trees.input_count = 3;
      trees.nodes[0].input = 1, trees.nodes[1].input = 0, trees.nodes[1].value = 40;
      here = trees;
      match_names(here, set, "m.onnx", remarks);
      CHECK(here.answers(set.inputs) == trees.answers(as_pandas(set, trees.inputs)));
      trees.nodes[1].input = 2;
      CHECK(check_error([&] { match_names(trees, set, "m.onnx", remarks); },
                        "needs the column \"region\" as a number, and here it holds categories") == "model.file");
    }
}

TEST_CASE("a specification names and scales the inputs of a file", "[names]") {
  const Dataset set = three_regions();
  const std::vector<std::string> names = kPandas[1];
  const std::vector<BroughtInput> inputs = {{names[0], 40, 8}, {names[1], .3, .5}, {names[2]}, {names[3], 0, 2}};
  Matrix there = as_pandas(set, names);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto column = there.col(static_cast<Eigen::Index>(i)).array();
    column = (column - static_cast<float>(inputs[i].mean)) / static_cast<float>(inputs[i].sd);
  }
  Network net = network({}, set.classes);
  net.head.weight.value = Matrix::Random(4, 1), net.input_mean = Matrix::Random(1, 4), net.input_sd = Matrix::Constant(1, 4, 1.5f);
  Model model = net;
  bring_inputs(model, inputs);
  matched(model, set);
  CHECK((logits(std::get<Network>(model), set.inputs) - logits(net, there)).cwiseAbs().maxCoeff() < 1e-4);
  Linear line;
  line.weight = VectorXd::Random(4), line.bias = .5;
  model = line;
  bring_inputs(model, inputs);
  matched(model, set);
  CHECK((std::get<Linear>(model).predict(MatrixRef(set.inputs)) - line.predict(MatrixRef(there))).cwiseAbs().maxCoeff() < 1e-4);
  TreeEnsemble trees;
  trees.roots = {0}, trees.nodes.resize(3);
  TreeEnsemble::Node& root = trees.nodes[0];
  root.mode = TreeEnsemble::Mode::at_most, root.value = .1f, root.yes = 1, root.no = 2;
  trees.nodes[1].numbers = {{0, 1.}}, trees.nodes[2].numbers = {{0, 2.}};
  TreeEnsemble here = trees;
  bring_inputs(here, inputs);
  std::vector<Message> remarks;
  Dataset number = set;
  number.classes.clear();
  match_names(here, number, "m.onnx", remarks);
  CHECK(here.answers(number.inputs) == trees.answers(there));
  Model four = line;
  CHECK(check_error([&] { bring_inputs(four, {{"age"}}); }, "must name all 4 inputs of the model, found 1") == "model.inputs");
}

TEST_CASE("columns and categories that the model needs or cannot know are refused by name", "[names]") {
  const Dataset set = people();
  refused(network({"Age", "sex=m", "region=south"}, set.classes), set,
          "needs the column \"Age\"; the columns of the table are \"age\", \"sex\", \"region\"");
  refused(network({"age", "gender=m", "region=south"}, set.classes), set, "needs the column \"gender\"");
  refused(network({"age=old", "sex=m", "region=south"}, set.classes), set,
          "needs the column \"age\" as categories, and here it holds numbers");
  refused(network({"age", "sex=m", "region=east", "region=west"}, set.classes), set,
          "does not know \"region=south\" of the table and knows other values of the same column");
}

TEST_CASE("classes are brought into the data's order, or refused", "[names]") {
  const Dataset set = people();
  const Network two = network(set.input_names, {"yes", "no"});
  Model model = two;
  CHECK(matched(model, set).size() == 1);
  CHECK(logits(std::get<Network>(model), set.inputs) == -logits(two, set.inputs));
  Network pure = two;
  pure.purifier = Purifier{make_layer(2, 3, Stream{1}), make_layer(3, 2, Stream{2})};
  model = pure;
  matched(model, set);
  CHECK((logits(std::get<Network>(model), set.inputs) + logits(pure, set.inputs)).cwiseAbs().maxCoeff() < 1e-5);

  Dataset three = people();
  three.classes = {"a", "b", "c"};
  Network net = network(set.input_names, {"c", "a", "b"});
  net.class_mean.value = Matrix::Random(3, 3);
  model = net;
  matched(model, three);
  const Matrix before = logits(net, set.inputs), after = logits(std::get<Network>(model), set.inputs);
  CHECK(after.col(0) == before.col(1));
  CHECK(after.col(1) == before.col(2));
  CHECK(after.col(2) == before.col(0));
  CHECK(std::get<Network>(model).class_mean.value.row(2) == net.class_mean.value.row(0));

  refused(network(set.input_names, {"Nein", "Ja"}), set,
          "answers with the classes \"Nein\" or \"Ja\" and the table has \"no\" or \"yes\"; call them alike");
  refused(network(set.input_names, {"no", "no"}), set, "answers with the classes");
  refused(network(set.input_names, {"no", "yes", "perhaps"}), set, "answers with the classes");
  Model nameless = network(set.input_names, {"no", "yes"});
  std::get<Network>(nameless).class_names.clear(), std::get<Network>(nameless).input_names.clear();
  CHECK(matched(nameless, set).empty());
}

TEST_CASE("a regression's answers come in the data's scaling, of the same target", "[names]") {
  Dataset set = people();
  set.classes.clear(), set.target_name = "dose", set.target_mean = 30, set.target_sd = 5;
  Linear line;
  line.weight = VectorXd::Random(3), line.bias = .5, line.noise = .2, line.input_names = set.input_names,
  line.target = {"dose", 20, 10, false};
  Model model = line;
  CHECK(matched(model, set).size() == 1);
  const Linear& here = std::get<Linear>(model);
  const VectorXd dose = (20 + 10 * line.predict(MatrixRef(set.inputs)).array()).matrix();
  CHECK(((30 + 5 * here.predict(MatrixRef(set.inputs)).array()).matrix() - dose).cwiseAbs().maxCoeff() < 1e-9);
  CHECK(here.noise == .4);
  line.target.name = "cost";
  refused(line, set, "predicts \"cost\", and what is to be predicted here is \"dose\"");
}

TEST_CASE("columns, categories and classes of a tree are found by their names", "[names]") {
  Dataset set = people();
  set.inputs = set.table.values.cast<float>();
  Tree tree;
  tree.columns = {{"region", false, {"west", "south", "north"}}, {"height", true, {}}, {"age", true, {}}};
  tree.cuts = {{}, {150}, {30, 40}};
  tree.classes = {"yes", "no"};
  const auto node = [&](int parent, int depth, double yes, double no) {
    TreeNode t;
    t.parent = parent, t.depth = depth, t.counts = (VectorXd(2) << yes, no).finished();
    tree.nodes.push_back(t);
  };
  node(-1, 0, 9, 6), node(0, 1, 1, 0), node(0, 1, 2, 3), node(0, 1, 6, 3), node(2, 2, 2, 0), node(2, 2, 0, 3), node(0, 1, 0, 1);
  tree.nodes[0].split = TreeNode::Split::multiway, tree.nodes[0].column = 0, tree.nodes[0].child = {1, 2, 3, 6};
  tree.nodes[2].split = TreeNode::Split::cut, tree.nodes[2].column = 2, tree.nodes[2].cut = 1, tree.nodes[2].child = {4, 5, -1};
  Model model = tree;
  CHECK(matched(model, set).size() == 2);  // columns that it does not know; classes
  const Tree& here = std::get<Tree>(model);
  CHECK(here.columns.size() == set.table.columns.size());
  const MatrixD p = confidences(here, set.table.values);  // no, yes
  for (int r = 0; r < 6; ++r) {
    INFO(r);
    // North: node 3; south: 41 and older node 5.
    CHECK(p(r, 1) == (r < 3 ? 6. / 9 : 0.));
    CHECK(p(r, 0) == (r < 3 ? 3. / 9 : 1.));
  }
  MatrixD missing = set.table.values.topRows(1);
  missing(0, 2) = std::nan("");
  CHECK(confidences(here, missing)(0, 0) == 1);
  // A category that it never saw is answered where it would have been asked.
  set.table.columns[2].categories = {"north", "east"};
  model = tree;
  const std::vector<std::string> remarks = matched(model, set);
  REQUIRE(remarks.size() == 3);
  CHECK(remarks[0].find("was not trained on \"region=east\"") != std::string::npos);
  CHECK(confidences(std::get<Tree>(model), set.table.values)(5, 1) == 9. / 15);

  const auto changed = [&](auto change) {
    Tree other = tree;
    change(other);
    return Model(other);
  };
  refused(changed([](Tree& t) { t.columns[0].name = "area"; }), set, "needs the column \"area\"; the columns of the table are");
  refused(changed([](Tree& t) { t.columns[2].name = "sex"; }), set, "needs the column \"sex\" as a number, and here it holds categories");
  refused(changed([](Tree& t) { t.columns[0].name = "year"; }), set, "needs the column \"year\" as categories, and here it holds numbers");
  refused(changed([](Tree& t) { t.classes = {"Ja", "Nein"}; }), set, "answers with the classes \"Ja\" or \"Nein\"");
}
