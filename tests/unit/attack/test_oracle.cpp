#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "mid/base/error.hpp"
#include "mid/oracle/oracle.hpp"

using namespace mid;

namespace {

Network stochastic_network() {
  NetworkSpec spec;
  spec.hidden = {6}, spec.bottleneck = 3;
  return make_network(spec, true, 4, 3, Stream{11}.sub("weights"));
}

struct OracleFixture {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{11}, nullptr, {}, {}};
  Model model = stochastic_network();
  Matrix victims = Matrix::Random(5, 4);
};

}  // namespace

TEST_CASE("the oracle counts every row it answers, asked or overheard") {
  OracleFixture f;
  Oracle oracle(f.model, {}, Access::scores, f.victims, Stream{1});
  std::vector<Answers> answers;
  finish(oracle.ask(f.context, Matrix::Zero(7, 4), 2, [&](const Answers& a) { answers.push_back(a); }));
  Answers one;
  finish(oracle.observe(f.context, 0, one));
  CHECK(oracle.queries() == 2 * 7 + 5);
  CHECK(answers.size() == 2);
  CHECK(answers[0].value != answers[1].value);  // each answer has noise of its own
}

TEST_CASE("the oracle gives the model only to whom it was granted") {
  OracleFixture f;
  Oracle scores(f.model, {}, Access::scores, f.victims, Stream{1});
  CHECK_THROWS_AS(scores.weights(), Error);
  Oracle white(f.model, {}, Access::scores | Access::weights, f.victims, Stream{1});
  CHECK(&white.weights() == &f.model);
  Oracle nothing(f.model, {}, Access::none, f.victims, Stream{1});
  Answers one;
  CHECK_THROWS_AS(finish(nothing.observe(f.context, 0, one)), Error);
}

TEST_CASE("the same repeat is the same answer, another repeat is not, unless answers are sticky") {
  OracleFixture f;
  Oracle oracle(f.model, {}, Access::scores, f.victims, Stream{1});
  Answers a, b, c;
  finish(oracle.observe(f.context, 0, a));
  finish(oracle.observe(f.context, 0, b));
  finish(oracle.observe(f.context, 1, c));
  CHECK(a.value == b.value);
  CHECK(a.value != c.value);
  const ReleaseSpec sticky = read_release({{"kind", "sticky"}}, "release");
  Oracle stuck(f.model, sticky, Access::scores, f.victims, Stream{1});
  finish(stuck.observe(f.context, 0, a));
  finish(stuck.observe(f.context, 1, b));
  CHECK(a.value == b.value);
  // Whoever asks about the very record gets its sticky answer, too.
  Answers asked;
  finish(stuck.ask(f.context, f.victims, 1, [&](const Answers& heard) { asked = heard; }));
  CHECK(asked.value == a.value);
}

TEST_CASE("the null control permutes the answers among the victims and changes nothing else") {
  OracleFixture f;
  Oracle straight(f.model, {}, Access::scores, f.victims, Stream{1}), turned(f.model, {}, Access::scores, f.victims, Stream{1});
  turned.permute_victims({4, 0, 1, 2, 3});
  Answers a, b;
  finish(straight.observe(f.context, 0, a));
  finish(turned.observe(f.context, 0, b));
  CHECK(b.value.row(0) == a.value.row(4));
  CHECK(b.value.row(3) == a.value.row(2));
}

TEST_CASE("a sticky answer hangs on the record alone, not on its place or on who asks") {
  OracleFixture f;
  const ReleaseSpec sticky = read_release({{"kind", "sticky"}}, "release");
  Matrix many = Matrix::Random(1300, 4);
  many.row(600) = many.row(0), many.row(1299) = many.row(0);
  Oracle one(f.model, sticky, Access::scores, many, Stream{1}.sub("user")),
      other(f.model, sticky, Access::scores, many, Stream{1}.sub("victim"));
  Answers a, b;
  finish(one.observe(f.context, 0, a));
  finish(other.observe(f.context, 3, b));
  CHECK(a.value == b.value);
  CHECK(a.value.row(0) == a.value.row(600));
  CHECK(a.value.row(0) == a.value.row(1299));
  CHECK(a.value.row(0) != a.value.row(1));
}

TEST_CASE("what is released decides which access an attacker needs") {
  OracleFixture f;
  const ReleaseSpec code = read_release({{"of", "embedding"}}, "release"), label = read_release({{"kind", "label_only"}}, "release");
  Answers a;
  Oracle no_code(f.model, code, Access::scores, f.victims, Stream{1});
  CHECK_THROWS_AS(finish(no_code.observe(f.context, 0, a)), Error);
  Oracle has_code(f.model, code, Access::embedding, f.victims, Stream{1});
  CHECK_NOTHROW(finish(has_code.observe(f.context, 0, a)));
  Oracle labels(f.model, label, Access::label, f.victims, Stream{1});
  CHECK_NOTHROW(finish(labels.observe(f.context, 0, a)));
  Oracle no_scores(f.model, {}, Access::label, f.victims, Stream{1});
  CHECK_THROWS_AS(finish(no_scores.observe(f.context, 0, a)), Error);
}

TEST_CASE("answers that are no numbers never reach an attacker or a figure") {
  OracleFixture f;
  std::get<Network>(f.model).head.weight.value.setConstant(std::numeric_limits<float>::infinity());
  Oracle oracle(f.model, {}, Access::scores, f.victims, Stream{1});
  Answers one;
  CHECK_THROWS_AS(finish(oracle.observe(f.context, 0, one)), Failure);
  CHECK_THROWS_AS(finish(oracle.ask(f.context, Matrix::Ones(2, 4), 1, [](const Answers&) {})), Failure);
}
