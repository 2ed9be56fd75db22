// What the wizard finds in a stranger's CSV, and the story that it makes of it (experiment/user_table.hpp).
#include <catch2/catch_test_macros.hpp>

#include "../temporary_folder.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/experiment/user_table.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

/// 80 people: a number to predict, classes to predict, a secret, an age with gaps, what is the same in every row.
std::string people(int rows = 80) {
  std::string text = "id,age,smokes,town,pay,buys,planet\n";
  for (int i = 0; i < rows; ++i)
    text += "p" + std::to_string(i) + "," + (i % 9 == 0 ? "" : std::to_string(20 + i % 40)) + "," + (i % 3 ? "no" : "yes") + "," +
            (i % 2 ? "Oslo" : "Rome") + "," + std::to_string(1000 + 7 * i + (i % 3 ? 0 : 400)) + "," + (i % 4 ? "much" : "little") +
            ",Earth\n";
  return text;
}

class File {
 public:
  explicit File(const std::string& text, const char* name = "people.csv") : path_((folder_.path() / name).string()) {
    write_file(path_, text);
  }
  const std::string& path() const { return path_; }
  UserTable table() const { return user_table(path_); }
  std::string sentence() const {
    try {
      user_table(path_);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

std::string refusal(const UserTable& table, const char* target, const char* secret) {
  try {
    own_spec(table, target, secret);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("each column says what was found in it and what it can serve as") {
  const File file(people(300));
  const Json table = json_of(file.table());
  CHECK(table["file"] == "people.csv");
  CHECK(table["rows"] == 300);
  const Json& c = table["columns"];
  REQUIRE(c.size() == 7);
  CHECK(c[0]["row_names"] == true);
  CHECK(c[0]["why"]["target"] == "300 different texts, which name a row");
  CHECK(c[1]["numeric"] == true);
  CHECK(c[1]["missing"] == 34);
  CHECK(c[1]["target"] == "number");
  CHECK(c[1]["secret"] == false);
  CHECK(c[1]["why"]["secret"] == "40 different numbers, more than 20");
  CHECK(c[2]["values"] == Json{"no", "yes"});
  CHECK(c[2]["target"] == "classes");
  CHECK(c[2]["secret"] == true);
  CHECK(c[6]["why"]["target"] == "the same in every row");
  CHECK(c[6]["secret"] == false);
}

TEST_CASE("a file that is no usable table gets one sentence that begins with its name") {
  for (const auto& [text, part] : {std::pair{std::string("PK\x03\x04zip"), "save the sheet as CSV"},
                                   {std::string("a\n1\n2\n"), "has one column"},
                                   {std::string("a,b\n1,2\n"), "has 1 row; at least 20"},
                                   {std::string("a,b\n1\n"), "line 2 has 1 fields"},
                                   {std::string(), "is empty"},
                                   {std::string("a,\"b\n1,2\n"), "quote that is never closed"}}) {
    const File file(text);
    INFO(file.sentence());
    CHECK(file.sentence().starts_with("people.csv "));
    CHECK(says(file.sentence(), part));
  }
  std::string constant = "a,b\n", names = "name,pay\n";
  for (int i = 0; i < 30; ++i) constant += std::to_string(i) + ",x\n";
  for (int i = 0; i < 300; ++i) names += "n" + std::to_string(i) + "," + std::to_string(1.5 * i) + "\n";
  CHECK(says(File(constant).sentence(), "no column that could be the secret"));
  CHECK(says(File(names).sentence(), "no column that could be the secret"));
}

TEST_CASE("a number to predict makes a regression attacked by map_inference, classes a tree attacked by tree_black_box") {
  const File file(people(300));
  const UserTable table = file.table();
  const Json number = own_spec(table, "pay", "smokes"), classes = own_spec(table, "buys", "smokes");
  CHECK(number["model"]["kind"] == "linear");
  CHECK(number["attack"]["kind"] == "map_inference");
  CHECK(number["data"]["standardize"] == "all");
  CHECK(number["defense"]["kind"] == "none");
  CHECK(number["data"]["drop"] == Json::array());  // the run leaves ids out by itself, and says so
  CHECK(classes["model"]["kind"] == "tree");
  CHECK(classes["model"]["min_leaf"] == 5);
  CHECK(classes["attack"]["kind"] == "tree_black_box");
  const Outcome fitted = outcome_of(number), grown = outcome_of(classes);
  CHECK(fitted.result.privacy.contains("attack_accuracy"));
  CHECK(grown.tree->secret == "smokes");
  // A quarter is attacked; what is drawn is in the units of the file.
  CHECK(fitted.result.privacy.at("attack_accuracy").n == 75);
  CHECK(fitted.beliefs->target.minCoeff() >= 1000);
  CHECK(fitted.beliefs->answer.minCoeff() > 900);
}

TEST_CASE("ids are left out as a run of the command line leaves them out, with its warning; many other texts are dropped") {
  std::string text = ",patient_id,town,age,smokes,buys\n";
  for (int i = 0; i < 300; ++i)
    text += std::to_string(i) + "," + std::to_string(7000 + 13 * i) + ",Town " + std::to_string(i) + "," + std::to_string(20 + i % 40) +
            (i % 3 ? ",no" : ",yes") + (i % 4 ? ",much\n" : ",little\n");
  const File file(text);
  const UserTable table = file.table();
  CHECK(table.columns[0].row_names);
  CHECK(table.columns[1].row_names);
  CHECK_FALSE(table.columns[3].row_names);
  const Json spec = own_spec(table, "buys", "smokes");
  CHECK(spec["data"]["drop"] == Json{"town"});
  const Outcome outcome = outcome_of(spec);
  const auto told = [&](const std::string& words) {
    return std::any_of(outcome.result.warnings.begin(), outcome.result.warnings.end(),
                       [&](const Message& w) { return says(w.in("en"), words); });
  };
  CHECK(told("columns \"column 1\" and \"patient_id\" are left out"));
}

TEST_CASE("what is wrong with single cells is said with their place") {
  std::string text = people(80);
  text.replace(text.find(",27,"), 4, ",27 years,");
  CHECK(says(File(text).sentence(), "people.csv line 9, column 2 (\"age\") says \"27 years\", but 70 of the 71 cells"));
}

TEST_CASE("columns that cannot serve are refused by name") {
  const File file(people(300));
  const UserTable table = file.table();
  CHECK(says(refusal(table, "planet", "smokes"), "people.csv cannot predict \"planet\": the same in every row"));
  CHECK(says(refusal(table, "pay", "planet"), "cannot keep \"planet\" secret"));
  CHECK(says(refusal(table, "id", "smokes"), "300 different texts"));
  CHECK(says(refusal(table, "pay", "age"), "40 different numbers"));
  CHECK(says(refusal(table, "smokes", "smokes"), "two columns"));
  CHECK(says(refusal(table, "nothing", "smokes"), "no column"));
}
