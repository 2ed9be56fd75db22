#include <catch2/catch_test_macros.hpp>

#include <cmath>

#include "mid/data/dataset.hpp"

using namespace mid;

namespace {

Dataset four_records() {
  Dataset set;
  set.name = "four";
  set.inputs = (Matrix(4, 3) << 1, 0, 10, 2, 1, 20, 3, 0, 30, 4, 1, 40).finished();
  set.input_names = {"a", "s", "b"};
  set.input_mean = Matrix::Zero(1, 3);
  set.input_sd = Matrix::Ones(1, 3);
  set.classes = {"no", "yes"};
  set.label = (VectorXi(4) << 0, 1, 1, 0).finished();
  set.target = (VectorXd(4) << .1, .2, .3, .4).finished();
  set.secret = Secret{"s", {"f", "m"}, (VectorXi(4) << 0, 1, 0, 1).finished(), {1}, (Matrix(2, 1) << 0, 1).finished()};
  set.pictures = (Matrix(4, 2) << 1, 2, 3, 4, 5, 6, 7, 8).finished();
  set.person = {0, 0, 1, 1};
  set.pool = {0, 1, 0, 1};
  set.kind = {5, 6, 7, 8};
  set.row_names = {"w", "x", "y", "z"};
  set.table.columns = {{"a", true, {}, 0}};
  set.table.values = (MatrixD(4, 1) << 1, 2, 3, 4).finished();
  return set;
}

}  // namespace

TEST_CASE("a subset keeps every row-aligned part in step") {
  const Dataset set = four_records();
  const Dataset two = subset(set, {2, 0});
  CHECK(two.rows() == 2);
  CHECK(two.inputs == (Matrix(2, 3) << 3, 0, 30, 1, 0, 10).finished());
  CHECK(two.label == (VectorXi(2) << 1, 0).finished());
  CHECK(two.target == (VectorXd(2) << .3, .1).finished());
  CHECK(two.secret->of_row == (VectorXi(2) << 0, 0).finished());
  CHECK(two.pictures == (Matrix(2, 2) << 5, 6, 1, 2).finished());
  CHECK(two.person == std::vector{1, 0});
  CHECK(two.pool == std::vector{0, 0});
  CHECK(two.kind == std::vector{7, 5});
  CHECK(two.row_names == std::vector<std::string>{"y", "w"});
  CHECK(two.table.values == (MatrixD(2, 1) << 3, 1).finished());
}

TEST_CASE("a subset leaves alone what describes columns or the whole set") {
  const Dataset set = four_records();
  const Dataset two = subset(set, {3, 1});
  CHECK(two.name == set.name);
  CHECK(two.input_names == set.input_names);
  CHECK(two.input_mean == set.input_mean);
  CHECK(two.classes == set.classes);
  CHECK(two.secret->code == set.secret->code);
  CHECK(two.table.columns.size() == 1);
}

TEST_CASE("a subset of a set without pictures or names has none either") {
  Dataset set = four_records();
  set.pictures.resize(0, 0);
  set.row_names.clear();
  set.target.resize(0);
  const Dataset one = subset(set, {1});
  CHECK(one.pictures.size() == 0);
  CHECK(one.row_names.empty());
  CHECK(one.target.size() == 0);
}

TEST_CASE("the secret is taken out of records and put back") {
  const Dataset set = four_records();
  const Matrix known = without_secret(set.inputs, *set.secret);
  CHECK(known.col(1).isZero());
  CHECK(known.col(0) == set.inputs.col(0));
  CHECK(with_secret(known, *set.secret, 1).col(1).isOnes());
  CHECK(with_secret(known, *set.secret, 0) == known);
}

TEST_CASE("a secret coded in several inputs is set as a whole") {
  Secret secret{"gene", {"G/G", "A/G", "A/A"}, VectorXi::Zero(2), {0, 2}, (Matrix(3, 2) << 0, 0, 1, 0, 0, 1).finished()};
  const Matrix known = (Matrix(2, 3) << 0, 7, 0, 0, 8, 0).finished();
  CHECK(with_secret(known, secret, 2) == (Matrix(2, 3) << 0, 7, 1, 0, 8, 1).finished());
  CHECK(with_secret(with_secret(known, secret, 2), secret, 1) == (Matrix(2, 3) << 1, 7, 0, 1, 8, 0).finished());
}

TEST_CASE("a table finds its columns by name") {
  const Dataset set = four_records();
  CHECK(set.table.find("a") == 0);
  CHECK(set.table.find("b") == -1);
}

TEST_CASE("a tree sees the table: categories by their index, the secret as a column of its own") {
  Dataset set = four_records();
  set.table.columns = {{"a", true, {}, 0}, {"s", false, {"x", "f", "m"}, 0}};
  set.table.values = (MatrixD(4, 2) << 1, 1, 2, 2, std::nan(""), 1, 4, 2).finished();
  const Dataset seen = table_as_inputs(set);
  CHECK(seen.input_names == std::vector<std::string>{"a", "s"});
  CHECK(seen.inputs(1, 0) == 2);
  CHECK(std::isnan(seen.inputs(2, 0)));
  CHECK(seen.secret->inputs == std::vector{1});
  CHECK(seen.secret->code == (Matrix(2, 1) << 1, 2).finished());  // "f" and "m" are the table's categories 1 and 2
  const Matrix known = without_secret(seen.inputs, *seen.secret);
  CHECK(with_secret(known, *seen.secret, 1)(0, 1) == 2);
}

TEST_CASE("a predicted root is read as its square, a standardised number in its own units") {
  Dataset set;
  set.target_is_root = true;
  CHECK(set.readable(5) == 25);
  set.target_is_root = false, set.target_mean = 10, set.target_sd = 2;
  CHECK(set.readable(-1) == 8);
}
