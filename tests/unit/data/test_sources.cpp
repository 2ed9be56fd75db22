#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdlib>
#include <set>

#include "mid/data/source.hpp"

using namespace mid;

namespace {

Data load(const std::string& name, Json spec = Json::object(), std::uint64_t seed = 1) {
  for (const DataSource* source : data_sources())
    if (source->about.name == name) return source->load(spec, Stream{seed});
  FAIL("no data source " << name);
  return {};
}

}  // namespace

TEST_CASE("london-faces: 40 known by their neutral photo, 20 visitors, 41 strangers for the attacker") {
  const Data data = load("london-faces");
  CHECK(data.set.rows() == 202);
  CHECK(data.split.train.size() == 40);
  CHECK(data.split.test.size() == 40);
  CHECK(data.split.attacked.size() == 40);
  CHECK(data.split.open.size() == 82);
  CHECK(data.set.classes.size() == 40);
  for (int i = 0; i < 40; ++i) {
    CHECK(data.set.label[data.split.train[i]] == i);
    CHECK(data.set.label[data.split.test[i]] == i);
    CHECK(data.set.pool[data.split.train[i]] == 0);
    CHECK(data.set.pool[data.split.test[i]] == 1);
    CHECK(data.set.person[data.split.train[i]] == data.set.person[data.split.test[i]]);
  }
  for (int row : data.split.attacked) CHECK(data.set.label[row] == -1);
  for (const std::string& name : data.set.row_names) CHECK(name.substr(0, 3) != "143");
  CHECK(data.set.row_names[0] == "001_neutral");
}

TEST_CASE("london-faces: the model sees 32 x 32, normalised by the attacker's own pictures") {
  const Data data = load("london-faces");
  const Dataset& set = data.set;
  CHECK(set.pictures.cols() == 64 * 64);
  CHECK(set.inputs.cols() == 32 * 32);
  CHECK(set.pictures.minCoeff() >= 0);
  CHECK(set.pictures.maxCoeff() <= 1);
  const float mean_of_four = (set.pictures(5, 0) + set.pictures(5, 1) + set.pictures(5, 64) + set.pictures(5, 65)) / 4;
  CHECK(std::abs(set.inputs(5, 0) - mean_of_four) < 1e-6f);
  Matrix open = rows_of(set.inputs, data.split.open);
  open.rowwise() -= set.input_mean.row(0);
  open.array().rowwise() /= set.input_sd.row(0).array();
  CHECK(open.colwise().mean().cwiseAbs().maxCoeff() < 1e-5f);
  CHECK(std::abs(open.array().square().mean() - 1) < 1e-4f);
  CHECK(set.input_sd.minCoeff() == set.input_sd.maxCoeff());
}

TEST_CASE("mnist: 3,000 private, of which 2,000 attacked, 3,000 open, 1,000 held out") {
  const Data data = load("mnist");
  CHECK(data.set.rows() == 7000);
  CHECK(data.split.train.size() == 3000);
  CHECK(data.split.attacked == std::vector<int>(data.split.train.begin(), data.split.train.begin() + 2000));
  CHECK(data.split.open.size() == 3000);
  CHECK(data.split.test.size() == 1000);
  CHECK(data.set.inputs == data.set.pictures);
  CHECK(data.set.input_mean.isZero());
  CHECK(data.set.input_sd.isOnes());
  std::vector<int> count(10, 0);
  for (int i = 0; i < 1000; ++i) ++count[data.set.label[i]];  // the file is sorted; the fixed shuffle deals it out
  for (int digit = 0; digit < 10; ++digit) CHECK((count[digit] > 70 && count[digit] < 130));
  CHECK(data.set.pool == data.set.kind);
}

TEST_CASE("adult: the 32 inputs of the survey story") {
  const Data data = load("adult");
  const Dataset& set = data.set;
  CHECK(set.rows() == 32561);
  REQUIRE(set.inputs.cols() == 32);
  CHECK(set.input_names[5] == "race=White");
  CHECK(set.input_names[30] == "sex=Male");
  CHECK(set.input_names[31] == "married=yes");
  // 39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, 2174, 0, 40, ...
  CHECK(set.inputs(0, 0) == static_cast<float>((39. - 38) / 14));
  CHECK(set.inputs(0, 1) == static_cast<float>((13. - 10) / 2.6));
  CHECK(set.inputs(0, 2) == 0);
  CHECK(set.inputs(0, 3) == static_cast<float>(std::log(2175.) / 5));
  CHECK(set.inputs(0, 4) == 0);
  CHECK(set.inputs(0, 5) == 1);
  CHECK(set.inputs.row(0).segment(6, 9).sum() == 1);
  CHECK(set.inputs.row(0).segment(15, 15).sum() == 1);
  CHECK(set.inputs(0, 30) == 1);
  CHECK(set.inputs(0, 31) == 0);
  CHECK(set.classes == std::vector<std::string>{"<=50K", ">50K"});
  CHECK(set.label.sum() == 7841);
  CHECK(set.table.columns.size() == 11);
  CHECK(set.secret->name == "sex");
  CHECK(set.secret->values == std::vector<std::string>{"Female", "Male"});
  CHECK(set.secret->inputs == std::vector{30});
  CHECK(set.secret->code == (Matrix(2, 1) << 0, 1).finished());
  CHECK(data.split.train.size() == 3000);
  CHECK(data.split.test.size() == 5000);
  CHECK(data.split.attacked == data.split.test);
  CHECK(data.split.open.size() == 5000);
}

TEST_CASE("adult: whether somebody is married can be the secret instead") {
  const Data data = load("adult", {{"sensitive", "married"}});
  CHECK(data.set.secret->inputs == std::vector{31});
  CHECK(data.set.secret->of_row.sum() == 14976);
}

TEST_CASE("a split depends on the seed and on nothing else") {
  CHECK(load("adult", Json::object(), 3).split.train == load("adult", Json::object(), 3).split.train);
  CHECK(load("adult", Json::object(), 3).split.train != load("adult", Json::object(), 4).split.train);
}
