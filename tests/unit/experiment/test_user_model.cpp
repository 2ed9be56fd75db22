// A model that somebody brings beside a table of their own (experiment/user_model.hpp): what is said of it, and the story it makes.
#include <catch2/catch_test_macros.hpp>

#include "../temporary_folder.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/experiment/user_model.hpp"
#include "mid/model/file/onnx_trees.hpp"
#include "mid/model/file/safetensors.hpp"
#include "mid/model/file/to_onnx.hpp"
#include "mid/model/tree/tree_text.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

/// 200 people: whether somebody smokes tells what they buy, and moves what they pay.
std::string table_text() {
  std::string text = "smokes,age,town,pay,buys\n";
  for (int i = 0; i < 200; ++i)
    text += std::string(i % 3 ? "no," : "yes,") + std::to_string(20 + i % 45) + "," +
            (i % 2   ? "Oslo"
             : i % 5 ? "Rome"
                     : "Bern") +
            "," + std::to_string(1000 + i % 45 + (i % 3 ? 0 : 400)) + "," + (i % 3 ? "little" : "much") + "\n";
  return text;
}

const std::vector<std::string> kInputs{"smokes=yes", "age", "town=Bern", "town=Oslo", "town=Rome", "pay"};

/// Two layers that answer by whether somebody smokes; `wide`: another number of inputs.
Network network(bool named, int wide = 0) {
  NetworkSpec spec;
  spec.hidden = {4, 3}, spec.activation = "tanh", spec.bottleneck = 0;
  const int inputs = static_cast<int>(kInputs.size()) + wide;
  Network net = make_network(spec, false, inputs, 2, Stream{1});
  for (DenseLayer* layer : {&net.hidden[0], &net.hidden[1], &net.head}) layer->weight.value.setZero(), layer->bias.value.setZero();
  net.hidden[0].weight.value(0, 0) = 3, net.hidden[0].bias.value(0, 0) = -1.5f;
  net.hidden[1].weight.value(0, 0) = 2, net.head.weight.value(0, 0) = 4;
  if (named) net.input_names = kInputs, net.class_names = {"little", "much"};
  return net;
}

class Brought {
 public:
  explicit Brought(const std::string& table = table_text()) : csv_((folder_.path() / "people.csv").string()) { write_file(csv_, table); }
  UserModel model(const std::string& bytes, const char* name, const char* target = "buys", const char* secret = "smokes") {
    const std::string path = (folder_.path() / name).string();
    write_file(path, bytes);
    return user_model(datasets_, user_table(csv_), target, secret, path);
  }
  std::string sentence(const std::string& bytes, const char* name, const char* target = "buys", const char* secret = "smokes") {
    try {
      (void)model(bytes, name, target, secret);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }

 private:
  TemporaryFolder folder_;
  std::string csv_;
  DatasetCache datasets_;
};

std::string all(const UserModel& m) {
  std::string text;
  for (const Message& f : m.found) text += f.in("en") + "\n";
  return text;
}
bool mentions(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

std::string trees_file(const std::string& name) {
  return read_file(std::filesystem::path(__FILE__).parent_path() / "../../golden/onnx_trees" / (name + ".onnx"));
}
/// Records of the four numbers that those trees take, and what the trees say of them: the likeliest class, and the first number.
std::string asked(const std::string& trees) {
  const TreeEnsemble ensemble = read_onnx_trees(trees_file(trees), trees);
  std::string text = std::string("p,q,r,s,") + (ensemble.regression() ? "number\n" : "class\n");
  for (int i = 0; i < 300; ++i) {
    Matrix x(1, 4);
    for (Eigen::Index c = 0; c < 4; ++c) x(0, c) = static_cast<float>((i * (2 * c + 3) + i / 7) % 7 - 3) / 2;
    const Matrix y = ensemble.answers(x);
    Eigen::Index best = 0;
    y.row(0).maxCoeff(&best);
    for (const float v : x.reshaped()) text += std::to_string(v) + ",";
    text += (ensemble.regression() ? std::to_string(y(0, 0)) : std::string(1, static_cast<char>('a' + best))) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a network is recognised, told of and attacked from the inside") {
  Brought here;
  const std::string bytes = to_safetensors(network(true), Json::object());
  const UserModel m = here.model(bytes, "m.safetensors");
  CAPTURE(all(m));
  CHECK(mentions(all(m), "a network of 6 inputs, hidden layers of 4, 3 units (tanh) and 2 classes"));
  CHECK(mentions(all(m), "found in the table by their names: smokes=yes, age"));
  CHECK(m.attacks.front() == "likelihood_inference");
  CHECK(m.attacks.size() == 2);
  CHECK(m.attacked == 50);
  const Outcome out = outcome_of(m.spec);
  CHECK(out.result.utility.at("accuracy").value == 1);
  CHECK(out.result.privacy.at("attack_accuracy").value == 1);
}

TEST_CASE("a model without names is taken in the table's order, and that is said") {
  Brought here;
  const UserModel m = here.model(to_onnx(network(false)), "m.onnx");
  CAPTURE(all(m));
  CHECK(mentions(all(m), "names no columns, so they were taken in the table\u2019s order: smokes=yes, age, town=Bern"));
  CHECK(mentions(all(m), "names no classes, so they were taken in this order: little, much"));
  CHECK(mentions(all(m), "its outputs are confidences, by S"));
  CHECK(m.spec["model"]["kind"] == "network");
}

TEST_CASE("a model without names that takes as many inputs as pandas or scikit-learn make of the table is asked by theirs") {
  Brought here;
  struct Case {
    int inputs, smokes;
    const char *maker, *names;
  };
  for (const Case& c : {Case{7, 3, "pandas.get_dummies makes", "age, pay, smokes=no, smokes=yes, town=Bern"},
                        Case{5, 2, "pandas.get_dummies(drop_first=True) makes", "age, pay, smokes=yes, town=Oslo, town=Rome"},
                        Case{4, 0, "OrdinalEncoder makes", "smokes, age, town, pay"}})
    for (const bool onnx : {false, true}) {
      Network net = network(false, c.inputs - static_cast<int>(kInputs.size()));
      net.hidden[0].weight.value(0, 0) = 0, net.hidden[0].weight.value(c.smokes, 0) = 3;
      const UserModel m = here.model(onnx ? to_onnx(net) : to_safetensors(net, Json::object()), onnx ? "m.onnx" : "m.safetensors");
      CAPTURE(all(m));
      CHECK(mentions(all(m), c.maker));
      CHECK(mentions(all(m), std::string("as that makes them: ") + c.names));
      CHECK_FALSE(mentions(all(m), "table\u2019s order"));
      CHECK(m.spec["model"]["inputs"].size() == static_cast<std::size_t>(c.inputs));
      const Outcome out = outcome_of(m.spec);
      CHECK(out.result.utility.at("accuracy").value == 1);
      CHECK(out.result.privacy.at("attack_accuracy").value == 1);
    }
}

TEST_CASE("a regression is attacked on the number as the table has it") {
  Brought here;
  Linear model;
  model.weight = VectorXd::Zero(5), model.weight[0] = 400, model.bias = 1022,
  model.input_names = {"smokes=yes", "age", "town=Bern", "town=Oslo", "town=Rome"};
  for (const bool onnx : {false, true}) {
    const UserModel m = here.model(onnx ? to_onnx(model) : to_safetensors(model, Json::object()), onnx ? "m.onnx" : "m.safetensors", "pay");
    CAPTURE(all(m));
    CHECK(mentions(all(m), "a regression on 6 inputs"));
    CHECK(m.attacks == std::vector<std::string>{"map_inference"});
    const Outcome out = outcome_of(m.spec);
    CHECK(out.result.privacy.at("attack_accuracy").value == 1);
  }
}

TEST_CASE("a tree is attacked white-box first, and black-box on request") {
  Brought here;
  Tree tree;
  tree.columns = {{"smokes", false, {"no", "yes"}}}, tree.cuts.resize(1), tree.classes = {"little", "much"}, tree.nodes.resize(3);
  tree.nodes[0].split = TreeNode::Split::multiway, tree.nodes[0].column = 0, tree.nodes[0].child = {1, 2, -1};
  tree.nodes[0].counts = Eigen::Vector2d(100, 50), tree.nodes[1].counts = Eigen::Vector2d(100, 0),
  tree.nodes[2].counts = Eigen::Vector2d(0, 50);
  for (const int child : {1, 2})
    tree.nodes[static_cast<std::size_t>(child)].parent = 0, tree.nodes[static_cast<std::size_t>(child)].depth = 1;
  const UserModel m = here.model(model_bytes(tree, Json::object()), "tree.json");
  CAPTURE(all(m));
  CHECK(mentions(all(m), "a tree of 2 leaves, at most 1 questions deep"));
  CHECK(m.attacks.front() == "tree_white_box");
  for (const std::string& attack : m.attacks) {
    const Outcome out = outcome_of(with_fields(m.spec, {{"attack.kind", attack}}));
    CHECK(out.result.privacy.at("attack_accuracy").value == 1);
  }
  CHECK(mentions(here.sentence(model_bytes(tree, Json::object()), "tree.json", "pay"),
                 "tree.json tells classes apart, and \"pay\" is a number"));
}

TEST_CASE("one tree of an ONNX file is a tree, attacked white-box and black-box") {
  Brought here(asked("tree_modes"));
  const UserModel m = here.model(trees_file("tree_modes"), "m.onnx", "class", "p");
  CAPTURE(all(m));
  CHECK(m.spec["model"]["kind"] == "tree");
  CHECK(m.attacks == std::vector<std::string>{"tree_white_box", "csmia", "tree_black_box"});
  CHECK(mentions(all(m), "these data\u2019s training records were counted"));
  for (const std::string& attack : m.attacks) {
    const Outcome out = outcome_of(with_fields(m.spec, {{"attack.kind", attack}}));
    CHECK(out.result.utility.at("accuracy").value == 1);
    CHECK(out.result.privacy.at("attack_accuracy").n == 75);
    CHECK(out.tree);
  }
}

TEST_CASE("a forest of an ONNX file answers, and only attacks that ask it go") {
  Brought here(asked("forest"));
  const UserModel m = here.model(trees_file("forest"), "m.onnx", "class", "p");
  CAPTURE(all(m));
  CHECK(m.spec["model"]["kind"] == "black_box");
  CHECK(mentions(all(m), "it was read as 9 trees, which only answer"));
  CHECK(m.attacks == std::vector<std::string>{"csmia", "tree_black_box"});
  const Outcome out = outcome_of(m.spec);
  CHECK(out.result.utility.at("accuracy").value == 1);
  for (const Message& w : out.result.warnings) CHECK_FALSE(mentions(w.in("en"), "answers from outside"));
  CHECK_THROWS_AS(check_spec(with_fields(m.spec, {{"defense.kind", "dropout"}})), Error);
  // The same columns in another order are found by the names that the file has.
  std::string turned = asked("forest");
  turned.replace(0, 8, "q,p,r,s,");
  Brought there(turned);
  const UserModel other = there.model(trees_file("forest"), "m.onnx", "class", "q");
  CHECK(mentions(all(other), "came in another order"));
  CHECK(outcome_of(other.spec).result.utility.at("accuracy").value < 1);  // the columns are others now
  Brought number(asked("regressor_sum"));
  CHECK(mentions(number.sentence(trees_file("forest"), "m.onnx", "number", "p"), "answers with 3 classes"));
}

TEST_CASE("boosted trees of a number are attacked by what they answer") {
  Brought here(asked("regressor_sum"));
  const UserModel m = here.model(trees_file("regressor_sum"), "m.onnx", "number", "p");
  CHECK(m.attacks == std::vector<std::string>{"map_inference"});
  const Outcome out = outcome_of(m.spec);
  CHECK(out.result.utility.at("rmse").value.value_or(1) < 1e-4);
  CHECK(out.result.privacy.contains("attack_accuracy"));
}

TEST_CASE("a network of a number is attacked by what it answers") {
  const std::filesystem::path golden = std::filesystem::path(__FILE__).parent_path() / "../../golden";
  const Json j = Json::parse(read_file(golden / "onnx.json"))["number_opset13"];
  std::string text = "high,b,c,d,e,dose\n";
  for (std::size_t i = 0; i < j["x"].size(); ++i) {
    for (const Json& v : j["x"][i]) text += v.dump() + ",";
    text += j["logits"][i][0].dump() + "\n";
  }
  Brought here(text);
  const std::string bytes = read_file(golden / "onnx/number_opset13.onnx");
  const UserModel m = here.model(bytes, "m.onnx", "dose", "high");
  CAPTURE(all(m));
  CHECK(mentions(all(m), "its one output is the number that it predicts"));
  CHECK(mentions(all(m), "it only answers"));
  CHECK(m.attacks == std::vector<std::string>{"map_inference"});
  const Outcome out = outcome_of(m.spec);
  CHECK(out.result.utility.at("rmse").value.value_or(1) < 1e-2);  // of about 200
  CHECK(out.result.utility.at("rmse").baseline.value_or(0) > 1);
  CHECK(out.result.privacy.contains("attack_accuracy"));
  // Where nothing says so it is a network of two classes, and the sentence names the way out.
  Json spec = m.spec;
  spec["model"] = {{"file", m.path}};
  for (const auto& [attack, words] : {std::pair("none", "set model.kind to black_box"), {"map_inference", "of several layers black_box"}}) {
    spec["attack"] = {{"kind", attack}};
    try {
      (void)outcome_of(spec);
      CHECK(false);
    } catch (const Error& e) {
      CHECK(mentions(e.what(), words));
    }
  }
  // Rows of a class are no numbers.
  CHECK(mentions(here.sentence(read_file(golden / "onnx/digits_opset13.onnx"), "m.onnx", "dose", "high"), "answers with 10 numbers"));
}

TEST_CASE("what is no model, or not one for this table, gets one sentence") {
  Brought here;
  const std::string good = to_onnx(network(false));
  CHECK(mentions(here.sentence("<!doctype html><p>Sign in", "m.onnx"), "m.onnx is a web page, and read are ONNX"));
  CHECK(mentions(here.sentence(std::string("PK\x03\x04", 4) + std::string(60, 'x'), "m.pt"), "m.pt is a zip archive, as torch.save"));
  CHECK(mentions(here.sentence(std::string("\x80\x02}q", 4) + std::string(60, 'x'), "m.pkl"), "m.pkl is a Python pickle"));
  CHECK(mentions(here.sentence(good.substr(0, good.size() / 2), "m.onnx"), "m.onnx"));
  CHECK(mentions(here.sentence("", "m.onnx"), "m.onnx"));
  const std::string wide = here.sentence(to_onnx(network(false, 2)), "m.onnx");
  CHECK(mentions(wide, "\"m.onnx\" takes 8 inputs"));
  CHECK(mentions(wide, "have 6 (smokes=yes, age, town=Bern"));
  CHECK(mentions(here.sentence("{\"a\": 1}", "tree.json"), "tree.json"));
  CHECK(mentions(here.sentence(to_safetensors(network(false), Json::object()), "m.safetensors", "pay"), "m.safetensors"));
}
