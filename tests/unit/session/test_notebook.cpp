#include <catch2/catch_test_macros.hpp>

#include "mid/experiment/spec.hpp"
#include "mid/session/session.hpp"

using namespace mid;

namespace {

Json small_spec(double beta, int seed = 3) {
  return {{"data", {{"name", "adult"}, {"private", 200}, {"auxiliary", 300}, {"held_out", 150}}},
          {"model", {{"hidden", {8}}, {"bottleneck", 4}}},
          {"train", {{"epochs", 1}, {"batch", 16}}},
          {"defense", {{"kind", "mid"}, {"beta", beta}}},
          {"seed", seed}};
}

void finish(Session& s) {
  while (s.advance(1000)) {
  }
  INFO(s.error());
  REQUIRE(s.state() == Session::State::done);
}

void run(Session& s, const Json& spec, Json more = Json::object()) {
  more["do"] = "run", more["spec"] = spec;
  s.command(more);
  finish(s);
}

double chosen(Session& s) { return s.snapshot().json()["chosen"]["defense"]["beta"].get<double>(); }

}  // namespace

TEST_CASE("undo and redo go through the choices whose result was seen") {
  Session s;
  run(s, small_spec(.01));
  s.command({{"do", "run"}, {"spec", small_spec(.02)}});  // passed through while dragging
  s.advance_units(2);
  run(s, small_spec(.03));
  run(s, small_spec(.04));
  CHECK(s.snapshot().json()["undo"] == 2);
  s.command({{"do", "undo"}});
  CHECK(chosen(s) == .03);
  s.command({{"do", "run"}});  // the chosen one
  finish(s);
  CHECK(s.snapshot(true).json()["result"]["spec"]["defense"]["beta"] == .03);
  s.command({{"do", "undo"}});
  CHECK(chosen(s) == .01);
  s.command({{"do", "undo"}});  // there is none: nothing changes
  CHECK(chosen(s) == .01);
  CHECK(s.snapshot().json()["redo"] == 2);
  s.command({{"do", "redo"}});
  s.command({{"do", "redo"}});
  CHECK(chosen(s) == .04);
  CHECK(s.snapshot().json()["redo"] == 0);
  s.command({{"do", "undo"}});
  run(s, small_spec(.5));  // another way from here: what was undone is gone
  CHECK(s.snapshot().json()["redo"] == 0);
  CHECK(s.snapshot().json()["undo"] == 2);
}

TEST_CASE("set changes the chosen specification as a whole or not at all") {
  Session s;
  run(s, small_spec(.01));
  s.command({{"do", "set"}, {"fields", {{"attack.repeats", 10}, {"attack.kind", "likelihood_inference"}, {"seed", 8}}}});
  CHECK(s.error().empty());
  Json now = s.snapshot().json()["chosen"];
  CHECK(now["attack"]["repeats"] == 10);
  CHECK(now["seed"] == 8);
  CHECK(s.state() == Session::State::done);  // it runs nothing
  s.command({{"do", "set"}, {"fields", {{"seed", 9}, {"defense.beta", -1}}}});
  CHECK(s.error_field() == "defense.beta");
  CHECK(s.snapshot().json()["chosen"] == now);
  s.command({{"do", "set"}, {"fields", 7}});
  CHECK(s.error_field() == "fields");
  s.command({{"do", "set"}, {"fields", {{"colour", "red"}}}});
  CHECK(s.snapshot().json()["chosen"] == now);
  s.command({{"do", "run"}});
  finish(s);
  CHECK(s.snapshot(true).json()["result"]["spec"] == now);
}

TEST_CASE("a run on the side leaves the choice alone, and one may stay out of the list") {
  Session s;
  run(s, small_spec(.01));
  run(s, small_spec(.02), {{"aside", true}});
  run(s, small_spec(.03), {{"aside", true}, {"log", false}});
  const Json all = s.snapshot(true).json();
  CHECK(all["chosen"]["defense"]["beta"] == .01);
  CHECK(all["undo"] == 0);
  REQUIRE(all["saved"]["runs"].size() == 2);
  CHECK(all["saved"]["runs"][1]["spec"]["defense"]["beta"] == .02);
  CHECK(all["saved"]["runs"][1]["utility"]["accuracy"].is_number());
}

TEST_CASE("what another session has run joins the list and the stage cache as if it had run here, and nothing else does") {
  Session alone, first, second;
  run(alone, small_spec(.01));
  run(alone, small_spec(.02), {{"aside", true}});
  run(first, small_spec(.01));
  run(second, small_spec(.02), {{"aside", true}, {"hand", true}, {"tag", 7}});
  const Json handed = Json::parse(second.snapshot().json().dump());
  REQUIRE(handed["packed"].is_string());
  run(second, small_spec(.03), {{"aside", true}});
  CHECK_FALSE(second.snapshot().json().contains("packed"));  // nobody asked for that one

  // A run under way goes on.
  first.command({{"do", "run"}, {"spec", small_spec(.04)}, {"aside", true}, {"log", false}});
  first.command({{"do", "take"}, {"spec", handed["spec"]}, {"outcome", handed["packed"]}});
  CHECK(first.error().empty());
  CHECK(first.state() == Session::State::running);
  CHECK(first.snapshot(true).json()["saved"] == alone.snapshot(true).json()["saved"]);
  finish(first);
  // It need not run again, and is shown as it was there.
  first.command({{"do", "run"}, {"spec", handed["spec"]}, {"aside", true}});
  CHECK_FALSE(first.advance_units(1));
  CHECK(first.state() == Session::State::done);
  CHECK(first.snapshot().json()["result"]["timing"] == handed["result"]["timing"]);

  const Json before = first.snapshot(true).json()["saved"];
  std::string cut = handed["packed"];
  cut.resize(cut.size() / 2);
  for (const Json& bad : {Json{{"spec", handed["spec"]}, {"outcome", cut}}, Json{{"spec", small_spec(.01)}, {"outcome", handed["packed"]}},
                          Json{{"spec", handed["spec"]}, {"outcome", "?"}}, Json{{"spec", handed["spec"]}},
                          Json{{"spec", 7}, {"outcome", ""}}, Json{{"spec", handed["spec"]}, {"failed", 7}}}) {
    Json command = bad;
    command["do"] = "take";
    first.command(command);
    INFO(bad.dump().substr(0, 200));
    CHECK_FALSE(first.error().empty());
    CHECK(first.snapshot(true).json()["saved"] == before);
  }
}

TEST_CASE("a run that broke in another session stands in the list with its sentence, too") {
  const auto broken = small_spec(.01);
  Json spec = broken;
  spec["train"] = {{"epochs", 60}, {"batch", 16}, {"optimizer", "sgd"}, {"momentum", .99}, {"learning_rate", 10}};
  Session first, second;
  second.command({{"do", "run"}, {"spec", spec}, {"aside", true}, {"hand", true}});
  while (second.advance(1000)) {
  }
  REQUIRE(second.state() == Session::State::failed);
  const Json failed = second.snapshot(true).json();
  first.command({{"do", "take"}, {"spec", failed["spec"]}, {"failed", failed["error"]}});
  CHECK(first.error().empty());
  CHECK(first.snapshot(true).json()["saved"]["runs"] == failed["saved"]["runs"]);
}

TEST_CASE("what is saved comes back in another session, and its runs give the same figures") {
  Session first;
  run(first, small_spec(.01));
  run(first, small_spec(.02));
  const Json saved = Json::parse(first.snapshot(true).json()["saved"].dump());
  CHECK_FALSE(first.snapshot().json().contains("saved"));  // once
  Session second;
  second.command({{"do", "restore"}, {"state", saved}});
  CHECK(second.error().empty());
  const Json there = second.snapshot(true).json();
  CHECK(there["saved"] == saved);
  CHECK(there["chosen"]["defense"]["beta"] == .02);
  CHECK(there["undo"] == 1);
  run(second, saved["runs"][0]["spec"]);
  CHECK(second.snapshot(true).json()["saved"]["runs"].back()["utility"] == saved["runs"][0]["utility"]);
}

TEST_CASE("a saved state from anywhere is read as far as it makes sense") {
  Session s;
  run(s, small_spec(.01));
  const Json before = s.snapshot(true).json()["saved"];
  for (const Json& bad : {Json(7), Json(nullptr), Json::array(), Json{{"version", 2}}, Json{{"version", "1"}}}) {
    s.command({{"do", "restore"}, {"state", bad}});
    CHECK(s.error_field() == "state");
    CHECK(s.snapshot(true).json()["saved"] == before);
  }
  Json odd = before;
  odd["chosen"] = "nothing";
  odd["undo"] = {7, small_spec(.2), {{"data", {{"name", "none such"}}}}};
  odd["redo"] = "x";
  odd["runs"].push_back(
      {{"spec", small_spec(.3)}, {"utility", {{"accuracy", "high"}, {"nll", 1}}}, {"failed", "it broke"}, {"id", "../../x"}});
  odd["runs"].push_back(5);
  odd["more"] = true;
  s.command({{"do", "restore"}, {"state", odd}});
  const Json after = s.snapshot(true).json()["saved"];
  CHECK(after["chosen"].is_null());
  CHECK(after["undo"].size() == 1);
  REQUIRE(after["runs"].size() == 2);
  CHECK(after["runs"][1]["utility"] == Json{{"nll", 1}});
  CHECK(after["runs"][1]["id"] == check_spec(small_spec(.3)).id());
  odd["build"] = "another";
  s.command({{"do", "restore"}, {"state", odd}});
  CHECK(s.snapshot(true).json()["saved"]["runs"].empty());
  run(s, small_spec(.01));
}

TEST_CASE("a run that breaks stays in the list with its sentence, one that was refused does not") {
  Session s;
  Json wild = small_spec(.01);
  wild["train"] = {{"learning_rate", 10}, {"epochs", 60}, {"optimizer", "sgd"}, {"momentum", .99}, {"batch", 4}};
  s.command({{"do", "run"}, {"spec", wild}});
  while (s.advance(1000)) {
  }
  REQUIRE(s.state() == Session::State::failed);
  REQUIRE_FALSE(s.error_is_input());
  REQUIRE(s.snapshot(true).json()["saved"]["runs"].size() == 1);
  CHECK(s.snapshot(true).json()["saved"]["runs"][0]["failed"] == s.error());
  s.command({{"do", "run"}, {"spec", {{"seed", -4}}}});
  CHECK(s.snapshot(true).json()["saved"]["runs"].size() == 1);
}

TEST_CASE("a command that cannot be followed does not stop the run under way") {
  Session s;
  s.command({{"do", "run"}, {"spec", small_spec(.01)}});
  s.advance_units(3);
  s.command({{"do", "set"}, {"fields", {{"seed", "x"}}}});
  CHECK(s.error_field() == "seed");
  CHECK(s.state() == Session::State::running);
  s.command({{"do", "dance"}});
  finish(s);
  s.command({{"do", "undo"}});
  CHECK(s.error().empty());
}
