#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <limits>

#include "check_error.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/encode.hpp"

using namespace mid;

namespace {

using Names = std::vector<std::string>;

Table table(const std::string& text) { return table_of(parse_csv(text, "f")); }

}  // namespace

TEST_CASE("numbers stay, two categories become one input, more become one each") {
  const Encoding e = encode(table("n,two,three\n1,f,x\n2,m,y\n3,f,z\n"), {0, 1, 2});
  CHECK(e.names == Names{"n", "two=m", "three=x", "three=y", "three=z"});
  CHECK(e.inputs == (Matrix(3, 5) << 1, 0, 1, 0, 0, 2, 1, 0, 1, 0, 3, 0, 0, 0, 1).finished());
  CHECK(e.numeric == std::vector{true, false, false, false, false});
  CHECK(e.column == std::vector{0, 1, 2, 2, 2});
}

TEST_CASE("a reference-coded column has no input for its first category") {
  const Encoding e = encode(table("g\na\nb\nc\n"), {0, 1, 2}, {"g"});
  CHECK(e.names == Names{"g=b", "g=c"});
  CHECK(e.inputs == (Matrix(3, 2) << 0, 0, 1, 0, 0, 1).finished());
}

TEST_CASE("a missing number is the training rows' mean and is marked") {
  const Encoding e = encode(table("n,m\n1,1\n,2\n3,3\n100,4\n"), {0, 1, 2});
  CHECK(e.names == Names{"n", "n missing", "m"});
  CHECK(e.inputs.col(0) == (VectorXf(4) << 1, 2, 3, 100).finished());
  CHECK(e.inputs.col(1) == (VectorXf(4) << 0, 1, 0, 0).finished());
  CHECK(e.numeric == std::vector{true, false, true});
}

TEST_CASE("a missing category is a category of its own") {
  Table t = table("c\nb\n?\na\n");
  missing_as_category(t);
  CHECK(t.columns[0].categories == Names{"a", "b", "?"});
  CHECK(t.columns[0].missing == 1);
  CHECK(t.values.col(0) == (VectorXd(3) << 1, 2, 0).finished());
  CHECK(encode(t, {0, 1, 2}).names == Names{"c=a", "c=b", "c=?"});
}

TEST_CASE("a column that says nothing is left out with a warning") {
  const Encoding e = encode(table("k,n\nx,1\nx,2\n"), {0, 1});
  CHECK(e.names == Names{"n"});
  REQUIRE(e.warnings.size() == 1);
  CHECK(e.warnings[0].in("en").find("\"k\"") != std::string::npos);
}

TEST_CASE("columns without any value are said to have none") {
  Table t = table("n,k,m\n,NA,1\n,?,2\n");
  missing_as_category(t);
  const Encoding e = encode(t, {0, 1});
  CHECK(e.names == Names{"m"});
  CHECK(sentences_in("en", e.warnings) == Names{"columns \"n\" and \"k\" have no value in any row and are no inputs"});
}

TEST_CASE("columns that would make inputs of one name are refused") {
  for (const std::string text :
       {"age missing,age\n1,5\n2,\n", "sex=m,sex\n1,f\n2,m\n", "sex=x,sex\n1,f\n2,m\n3,x\n", "a=b,a\nc,b=c\nd,e\n"}) {
    INFO(text);
    CHECK(check_error([&] { encode(table(text), {0, 1}); }, "both make an input called") == "data.drop");
  }
  CHECK(encode(table("age_missing,age\n1,5\n2,\n"), {0, 1}).names == Names{"age_missing", "age", "age missing"});
}

TEST_CASE("an identifier is refused as an input") {
  std::string text = "id,n\n";
  for (int i = 0; i < 201; ++i) text += "p" + std::to_string(i) + "," + std::to_string(i) + "\n";
  CHECK(check_error([&] { encode(table(text), {0}); }, "\"id\": it has 201 different texts") == "data.drop");
}

TEST_CASE("all columns that cannot stay are named at once, and so is what makes too many inputs") {
  std::string text = "a,b,n,c\n";
  for (int i = 0; i < 210; ++i)
    text += "a" + std::to_string(i) + ",b" + std::to_string(i) + "," + std::to_string(i) + ",c" + std::to_string(i) + "\n";
  CHECK(check_error([&] { encode(table(text), {0}); },
                    "must list columns \"a\", \"b\" and \"c\": they have 210, 210, 210 different texts") == "data.drop");
  Table wide;
  wide.values = MatrixD::Zero(150, 200);
  for (int c = 0; c < 200; ++c) {
    wide.columns.push_back({"c" + std::to_string(c), false, {}, 0});
    for (int r = 0; r < 150; ++r) wide.columns.back().categories.push_back("v" + std::to_string(r)), wide.values(r, c) = r;
  }
  CHECK(check_error([&] { encode(wide, {0}); }, "make 30000 inputs, one for each text, and a model may have at most 20000") == "data.drop");
}

TEST_CASE("a secret that is counted from nearby keeps its names") {
  Table t = table("a,s\n1,0\n2,1\n3,0\n");
  t.columns[1].offset = 1700000000000;
  CHECK(secret_of(t, 1, encode(t, {0, 1, 2})).values == Names{"1700000000000", "1700000000001"});
}

TEST_CASE("the secret knows its inputs and what they are for each value") {
  const Table t = table("a,s\n1,x\n2,z\n3,y\n4,x\n");
  const Secret s = secret_of(t, 1, encode(t, {0, 1, 2, 3}));
  CHECK(s.name == "s");
  CHECK(s.values == Names{"x", "y", "z"});
  CHECK(s.of_row == (VectorXi(4) << 0, 2, 1, 0).finished());
  CHECK(s.inputs == std::vector{1, 2, 3});
  CHECK(s.code == Matrix::Identity(3, 3));
}

TEST_CASE("a numeric secret has its numbers as values and codes") {
  const Table t = table("a,s\n1,2.5\n2,10\n3,-1\n4,10\n");
  const Secret s = secret_of(t, 1, encode(t, {0, 1, 2, 3}));
  CHECK(s.values == Names{"-1", "2.5", "10"});
  CHECK(s.of_row == (VectorXi(4) << 1, 2, 0, 2).finished());
  CHECK(s.inputs == std::vector{1});
  CHECK(s.code == (Matrix(3, 1) << -1, 2.5, 10).finished());
}

TEST_CASE("values of the secret that no row has are not listed") {
  Table t = table("s\na\nb\nc\n");
  t.values = rows_of(t.values, {0, 2});
  CHECK(secret_of(t, 0, encode(t, {0, 1})).values == Names{"a", "c"});
}

TEST_CASE("a secret of one value or of too many numbers is refused") {
  std::string text = "s,k\n";
  for (int i = 0; i < 21; ++i) text += std::to_string(i) + ",1\n";
  const Table t = table(text);
  CHECK(check_error([&] { secret_of(t, 0, encode(t, {0})); }, "at most 20 different numbers; \"s\" has 21") == "data.sensitive");
  CHECK(check_error([&] { secret_of(t, 1, encode(t, {0})); }, "\"k\" is the same in every row") == "data.sensitive");
}

TEST_CASE("standardising uses the given rows' mean and population sd") {
  const Matrix x = (Matrix(4, 3) << 1, 0, 5, 3, 1, 5, 5, 0, 5, 1000, 1, 9).finished();
  Matrix mean, sd;
  standardise(x, {true, false, true}, {0, 1, 2}, mean, sd);
  CHECK(mean == (Matrix(1, 3) << 3, 0, 5).finished());
  CHECK(std::abs(sd(0, 0) - std::sqrt(8.f / 3)) < 1e-6f);
  CHECK(sd(0, 1) == 1);
  CHECK(sd(0, 2) == 1);  // constant over these rows
}
