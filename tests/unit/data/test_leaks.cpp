#include <catch2/catch_test_macros.hpp>

#include <set>

#include "folder.hpp"
#include "load.hpp"

using namespace mid;

namespace {

constexpr std::uint64_t kSeeds = 20;

std::set<int> people(const Data& data, const std::vector<int>& rows) {
  std::set<int> out;
  for (int row : rows) out.insert(data.set.person.empty() ? row : data.set.person[static_cast<std::size_t>(row)]);
  return out;
}

bool disjoint(const std::set<int>& a, const std::set<int>& b) {
  for (int person : a)
    if (b.contains(person)) return false;
  return true;
}

bool no_row_twice(const std::vector<int>& rows) { return std::set<int>(rows.begin(), rows.end()).size() == rows.size(); }

/// `attacks_training_rows`: by design, as the stories say (digits); else the victims are strangers to the model.
void check_disjoint(const Data& data, bool attacks_training_rows) {
  const auto train = people(data, data.split.train), test = people(data, data.split.test);
  const auto attacked = people(data, data.split.attacked), auxiliary = people(data, data.split.auxiliary);
  CHECK((!train.empty() && !test.empty() && !attacked.empty()));
  CHECK(disjoint(train, auxiliary));
  CHECK(disjoint(test, auxiliary));
  CHECK(disjoint(attacked, auxiliary));
  for (const std::vector<int>* rows : {&data.split.train, &data.split.test, &data.split.attacked, &data.split.auxiliary}) {
    CHECK(no_row_twice(*rows));
    for (int row : *rows) REQUIRE((row >= 0 && row < data.set.rows()));
  }
  if (attacks_training_rows) {
    CHECK(std::includes(train.begin(), train.end(), attacked.begin(), attacked.end()));
    CHECK(disjoint(test, train));
  } else {
    CHECK(disjoint(attacked, train));
  }
}

/// A row of the model's training set must not be a row of its test, whoever it is.
void check_rows_apart(const Data& data) {
  const std::set<int> train(data.split.train.begin(), data.split.train.end());
  for (int row : data.split.test) CHECK(!train.contains(row));
}

}  // namespace

TEST_CASE("nobody is on both sides: every source, 20 seeds") {
  const Folder folder;
  std::string text = "x,y,s\n";
  for (int i = 0; i < 50; ++i) text += std::to_string(i) + (i % 3 ? ",a" : ",b") + (i % 2 ? ",0\n" : ",1\n");
  const Json own{{"csv", folder.write("own.csv", text)}, {"target", "y"}, {"sensitive", "s"}};
  for (const DataSource* source : data_sources()) {
    const std::string name(source->about.name);
    const bool victims_trained = name == "mnist" || name == "digits";
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      INFO(name << ", seed " << seed);
      const Data data = source->load(name == "csv" ? own : Json::object(), Stream{seed});
      check_disjoint(data, victims_trained);
      check_rows_apart(data);
    }
  }
}

TEST_CASE("a table's victims are strangers to the model, or those it learnt from where that is asked for") {
  const Data private_ = load("steak", {{"victims", "private"}}, 1), held_out = load("steak", Json::object(), 1);
  check_disjoint(private_, true);
  check_rows_apart(private_);
  CHECK(private_.split.train == held_out.split.train);
  CHECK(private_.split.attacked == private_.split.train);
  CHECK(held_out.split.attacked == held_out.split.test);
}

TEST_CASE("seeds really draw different people") {
  for (const char* name : {"london-faces", "digits", "steak"})
    CHECK(load(name, Json::object(), 1).split.attacked != load(name, Json::object(), 2).split.attacked);
}

TEST_CASE("what the model is normalised by does not depend on the victims") {
  // Standardising uses the training rows alone: with other test rows behind them the figures stay.
  const Folder folder;
  std::string a = "x,y,set\n", b = "x,y,set\n";
  for (int i = 0; i < 30; ++i) {
    const std::string end = std::string(i % 2 ? ",p" : ",q") + (i < 20 ? ",train\n" : ",test\n");
    a += std::to_string(i) + end;
    b += (i < 20 ? std::to_string(i) : std::to_string(1000 * i)) + end;
  }
  const auto figures = [&](const std::string& text) {
    return load("csv", {{"csv", folder.write("f.csv", text)}, {"target", "y"}, {"split_column", "set"}}).set.input_sd;
  };
  CHECK(figures(a) == figures(b));
}
