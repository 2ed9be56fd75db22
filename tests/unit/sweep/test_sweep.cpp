#include "mid/sweep/sweep.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "mid/base/error.hpp"
#include "mid/base/hash.hpp"

using namespace mid;

namespace {

std::string complaint(const std::string& vary) {
  try {
    read_vary(vary);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("values of --vary are JSON or text, parted at commas outside brackets") {
  CHECK(read_vary("defense.beta=0.1,1e-3").values == std::vector<Json>{.1, 1e-3});
  CHECK(read_vary("defense.kind=none,mid").values == std::vector<Json>{"none", "mid"});
  CHECK(read_vary("model.hidden=[32],[64,32]").values == std::vector<Json>{{32}, {64, 32}});
  CHECK(read_vary(R"(defense={"kind":"none"},{"kind":"mid","beta":1})").values.size() == 2);
  CHECK(read_vary(R"(data.target="a,\"b","c")").values == std::vector<Json>{"a,\"b", "c"});
  for (const char* wrong :
       {"defense.beta", "=1", "defense.beta=", "defense.beta=1,,2", "defense.beta=1,1", "a.b.c=1", "x.y=1", "defense={\"kind\""}) {
    INFO(wrong);
    CHECK(complaint(wrong).starts_with("--vary "));
  }
}

TEST_CASE("every combination, the last field fastest, times the seeds from the specification's on") {
  Json spec = preset("confidence");
  spec["seed"] = 5;
  const SweepPlan plan = plan_sweep(spec, {read_vary("defense.kind=mid,none"), read_vary("train.epochs=1,2,3")}, 2);
  REQUIRE(plan.runs.combinations.size() == 6);
  REQUIRE(plan.runs.runs.size() == 12);
  CHECK(plan.runs.combinations[1] == std::vector<Json>{"mid", 2});
  CHECK(plan.runs.runs[3].seed == 6);
  CHECK(plan.runs.runs[3].spec["train"]["epochs"] == 2);
  CHECK(plan.runs.runs[11].spec["defense"] == Json{{"kind", "none"}});  // the other entry's defaults
  std::set<std::string> ids;
  for (const SweepRun& run : plan.runs.runs) ids.insert(run.id);
  CHECK(ids.size() == 12);
  CHECK(plan_sweep(spec, {}, 1).runs.runs.size() == 1);
}

TEST_CASE("null controls are swept like any field, and one that is not defined is refused alone") {
  const SweepPlan plan = plan_sweep(preset("label-from-update"), {read_vary("control=none,permuted,zero")}, 1);
  REQUIRE(plan.runs.runs.size() == 3);
  CHECK(plan.runs.runs[0].id == check_spec(preset("label-from-update")).id());
  CHECK(plan.runs.runs[1].spec["control"] == "permuted");
  CHECK(plan.runs.runs[2].refused.starts_with("control zero is not defined"));
}

TEST_CASE("a refused combination leaves the others alone; all refused are an error") {
  const SweepPlan plan = plan_sweep(preset("confidence"), {read_vary("defense.kind=none,mid"), read_vary("defense.beta=0.1,1")}, 1);
  CHECK(plan.runs.runs[0].refused.find("defense.beta") != std::string::npos);
  CHECK(plan.runs.runs[2].refused.empty());
  CHECK_THROWS_AS(plan_sweep(preset("confidence"), {read_vary("defense.beta=-1,-2")}, 1), Error);
  CHECK_THROWS_AS(plan_sweep(preset("confidence"), {read_vary("seed=1,2")}, 1), Error);
  CHECK_THROWS_AS(plan_sweep(preset("confidence"), {read_vary("defense.beta=1,2"), read_vary("defense.kind=mid,none")}, 1), Error);
  CHECK_THROWS_AS(plan_sweep(preset("confidence"), {read_vary("train.epochs=1,2,3,4,5,6,7,8,9,10,11")}, 100'000), Error);
}

TEST_CASE("a description from a folder gives the same plan, and bad ones are refused by name") {
  const SweepPlan plan = plan_sweep(preset("confidence"), {read_vary("defense.beta=0.1,1")}, 2);
  const SweepPlan again = plan_of(plan.description);
  CHECK(again.description == plan.description);
  CHECK(again.runs.runs.size() == 4);
  const auto refused = [&](const char* at, const Json& value) {
    Json changed = plan.description;
    changed[Json::json_pointer(at)] = value;
    CHECK_THROWS_AS(plan_of(changed), Error);
  };
  for (const Json& value : {Json(), Json(7), Json("x"), Json::array({1}), Json::object()})
    for (const char* at : {"/vary", "/seeds", "/spec", "/vary/0", "/vary/0/values", "/vary/0/path", "/seeds/count", "/seeds/first"}) {
      INFO(at << " " << value.dump());
      if ((at == std::string("/seeds/count") || at == std::string("/seeds/first")) && value == 7) continue;
      if (at == std::string("/vary/0/values") && value.is_array()) continue;
      if (at == std::string("/spec") && value == Json::object()) continue;  // the defaults
      refused(at, value);
    }
  refused("/vary/0/values", Json::array());
  for (const Json& value : {Json(0), Json(-1), Json(1.5), Json(1000001), Json(4294967297), Json(1e300)}) refused("/seeds/count", value);
  CHECK_THROWS_AS(plan_of(Json()), Error);
  CHECK_THROWS_AS(plan_of(Json::array()), Error);
}

TEST_CASE("of a long list each run is made when it is asked for, and is the one that a short list holds") {
  const std::vector<Vary> vary{read_vary("defense.kind=none,mid,ridge"), read_vary("data.noise=0.1,0.2")};
  const SweepPlan held = plan_sweep(preset("tiny"), vary, 3), plan = plan_sweep(preset("tiny"), vary, 3000);
  REQUIRE(held.is_held());
  REQUIRE(!plan.is_held());
  CHECK(plan.runs.runs.empty());
  REQUIRE(plan.size() == 18000);
  CHECK(plan.runs.combinations == held.runs.combinations);
  for (std::size_t c = 0; c < 6; ++c)
    for (std::size_t s = 0; s < 3; ++s) {
      const SweepRun run = plan.run(c * 3000 + s), same = held.run(c * 3 + s);
      CHECK(run.id == same.id);
      CHECK(run.spec == same.spec);
      CHECK(run.combination == c);
      CHECK(run.seed == s + 1);
      CHECK(plan.runs.spec_of(SweepRun{c, s + 1, "", nullptr}) == same.spec);
    }
  CHECK(plan_of(plan.description).description == plan.description);
  const SweepPlan some = plan_sweep(preset("tiny"), {read_vary("defense.lambda=-1,0.1")}, 10000);
  CHECK(some.run(0).refused.find("defense.lambda") != std::string::npos);
  CHECK(some.run(10000).refused.empty());
  CHECK_THROWS_AS(plan_sweep(preset("tiny"), {read_vary("defense.lambda=-1,-2")}, 10000), Error);
}

TEST_CASE("descriptions name the field in which they differ") {
  const auto description = [](const char* beta, int seeds, int epochs) {
    Json spec = preset("confidence");
    spec["train"]["epochs"] = epochs;
    return plan_sweep(spec, {read_vary(beta)}, seeds).description;
  };
  const Json one = description("defense.beta=0.1,1", 2, 3);
  CHECK(difference(one, one).empty());
  CHECK(difference(one, description("defense.beta=0.1", 2, 3)).starts_with("--vary is defense.beta="));
  CHECK(difference(one, description("defense.beta=0.1,1", 3, 3)) == "seeds.count is 2 there and 3 here");
  CHECK(difference(one, description("defense.beta=0.1,1", 2, 4)) == "spec.train.epochs is 3 there and 4 here");
  CHECK(!difference(Json(), one).empty());
  CHECK(!difference(Json{{"version", 1}}, one).empty());
}

TEST_CASE("a finished run survives its file; another run's or a damaged one is done again") {
  SweepRun run = plan_sweep(preset("confidence"), {}, 1).runs.runs[0];
  Result result;
  result.id = run.id, result.spec = run.spec;
  result.utility["accuracy"] = {.1 + .2, {}, {}, {}, 3, "proportion"};
  SweepRun back = run;
  REQUIRE(unpack_sweep_run(pack_sweep_run(result), back));
  CHECK(*back.result->utility["accuracy"].value == .1 + .2);
  const std::string whole = pack_sweep_run(result);
  CHECK(!unpack_sweep_run(whole.substr(0, 200), back));
  const Json meant = Json::parse(whole);
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    back = run;
    // A blank between two fields may change; nothing that is said may.
    if (unpack_sweep_run(damaged, back)) CHECK(Json::parse(damaged, nullptr, false) == meant);
  }
  // With a right checksum, too, a field of another type is none of ours.
  for (const auto& [at, value] : {std::pair<const char*, Json>{"/failed", "broken"},
                                  {"/failed", {{"stage", 1}, {"sentence", "x"}}},
                                  {"/failed", {{"stage", "x"}, {"sentence", "x"}, {"input", "yes"}}},
                                  {"/notes", 7},
                                  {"/spec", 7},
                                  {"/warnings", 7}}) {
    Json changed = result.json();
    changed[Json::json_pointer(at)] = value;
    changed["sha256"] = sha256(changed.dump());
    SweepRun other = run;
    INFO(at << " " << value.dump());
    CHECK(!unpack_sweep_run(changed.dump(), other));
  }
  result.failed = RunFailure{"reading", "too few rows", true};
  SweepRun refused = run;
  REQUIRE(unpack_sweep_run(pack_sweep_run(result), refused));
  CHECK(refused.refused == "too few rows");
  CHECK(!refused.result);
  result.spec["seed"] = 9;
  CHECK(!unpack_sweep_run(pack_sweep_run(result), back));
}

TEST_CASE("a record of a segment gives back what came out") {
  const SweepRun run = plan_sweep(preset("tiny"), {}, 1).runs.runs[0];
  Result result;
  result.id = run.id, result.spec = run.spec, result.device = "gpu", result.timing.train = 2;
  result.privacy["attack_accuracy"] = {.1 + .2, .5, {}, .9, 3, "proportion", {.3, .4}};
  result.warnings.push_back(Message::plain("careful")), result.notes = {{"queries", 7}};
  const std::string record = pack_sweep_record(run, result);
  CHECK(record.find('\n') == std::string::npos);
  CHECK(record.find("\"spec\"") == std::string::npos);
  SweepRun back = run;
  unpack_sweep_record(record, back);
  CHECK(back.result->json() == result.json());
  SweepRun bare{0, 1, "", nullptr};  // where the specification follows from the place
  unpack_sweep_record(record, bare);
  CHECK(bare.id == run.id);
  result.failed = RunFailure{"reading", "too few rows", true};
  SweepRun refused{0, 1, "", nullptr};
  unpack_sweep_record(pack_sweep_record(run, result), refused);
  CHECK(refused.refused == "too few rows");
  SweepRun at_once{0, 1, "", nullptr, "lambda is negative"}, read{0, 1, "", nullptr};
  unpack_sweep_record(pack_sweep_record(at_once, {}), read);
  CHECK(read.refused == "lambda is negative");
  CHECK_THROWS_AS(unpack_sweep_record("{}", read), Error);
  CHECK_THROWS_AS(unpack_sweep_record("[1", read), Error);
}
