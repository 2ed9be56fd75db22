// Null controls of docs/architecture.md, "Honesty is structural": what no sound attack survives. Seeds are fixed.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "mid/attack/attack.hpp"
#include "mid/base/error.hpp"
#include "mid/report/text.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

/// The run of this specification under a null control.
Outcome controlled(Json spec, const char* control) {
  spec["control"] = control;
  return outcome_of(spec, &shared_stages());
}

double value(const Outcome& o, const char* name) { return o.result.privacy.at(name).value.value(); }

Json small_digits() {
  Json spec = preset("which-seven");
  spec["defense"] = {{"kind", "none"}};
  spec["train"]["epochs"] = 4;
  return spec;
}

Json decoded_digits() {
  Json spec = small_digits();
  spec["attack"] = {{"kind", "inversion_network"}, {"hidden", {64}}, {"epochs", 15}};
  return spec;
}

Json faces(int seed) {
  Json spec = preset("visitors");
  spec["defense"] = {{"kind", "none"}}, spec["model"]["bottleneck"] = 0, spec["train"]["epochs"] = 20, spec["seed"] = seed;
  return spec;
}

/// Class pictures without their judge, who takes longer than all the rest.
Json unjudged() {
  Json spec = preset("face-from-name");
  spec["attack"]["judge"] = false;
  return spec;
}

/// Numbers inside a network that has learnt incomes, overheard by who wants to know the sex.
Json embeddings(const Json& defense) {
  return {{"data", {{"name", "adult"}, {"sensitive", "sex"}, {"private", 1000}, {"auxiliary", 1000}, {"held_out", 1000}}},
          {"model", {{"hidden", {32}}, {"bottleneck", 8}}},
          {"train", {{"epochs", 10}}},
          {"defense", defense},
          {"release", {{"kind", "none"}, {"of", "embedding"}}},
          {"attack", {{"kind", "learned_inference"}, {"networks", 2}}}};
}

std::string complaint(const Json& spec) {
  try {
    (void)check_spec(spec);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("permuted answers bring the attribute attack down to guessing", "[figures]") {
  Json spec = preset("confidence");
  spec["defense"] = {{"kind", "none"}}, spec["train"]["epochs"] = 3;
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted);
  CHECK(value(straight, "attack_accuracy") > .95);
  CHECK(permuted.result.privacy.at("advantage").low.value() <= 0);
  CHECK(value(permuted, "attack_accuracy") <= permuted.result.privacy.at("attack_accuracy").baseline.value() + .02);
}

TEST_CASE("permuted answers bring the line-up of digits down to chance", "[figures]") {
  // Answers are permuted among all victims, so that the class goes, too.
  const Outcome straight = controlled(small_digits(), kNoControl), permuted = controlled(small_digits(), kPermuted);
  CHECK(value(straight, "line_up") > .4);
  CHECK(value(permuted, "line_up") == Approx(.1).margin(.03));
  CHECK(permuted.result.privacy.at("advantage").low.value() <= 0);
}

TEST_CASE("permuted answers bring a decoder's line-up of digits down to chance", "[figures]") {
  const Outcome straight = controlled(decoded_digits(), kNoControl), permuted = controlled(decoded_digits(), kPermuted);
  CHECK(value(straight, "line_up") > .4);
  CHECK(value(permuted, "line_up") == Approx(.1).margin(.03));
  CHECK(permuted.result.privacy.at("advantage").low.value() <= 0);
}

TEST_CASE("permuted answers bring the line-up of faces down to chance", "[figures]") {
  double line_up = 0, correlation = 0;
  const int seeds = 6;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Outcome permuted = controlled(faces(seed), kPermuted);
    line_up += value(permuted, "line_up") / seeds, correlation += value(permuted, "correlation") / seeds;
  }
  // 40 pictures a seed; the sd of a seed's mean under chance is about .05 (20 persons with two alike pictures each).
  CHECK(line_up == Approx(.1).margin(4 * .05 / std::sqrt(seeds)));
  CHECK(correlation == Approx(0).margin(.12));
}

TEST_CASE("a stranger's face is in nobody else's numbers inside, nor in those of a network that says nothing", "[figures]") {
  Json spec = preset("numbers-inside");
  spec["defense"] = {{"kind", "none"}}, spec["train"]["epochs"] = 20;
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted), empty = controlled(spec, kZero);
  CHECK(value(straight, "line_up") > .5);
  CHECK(value(permuted, "line_up") < .2);
  CHECK(value(permuted, "r_squared") <= 0);
  CHECK(value(empty, "line_up") == Approx(.1).margin(1e-6));
  CHECK(value(empty, "r_squared") < .02);
}

TEST_CASE("permuted doses bring the inference of the gene down to guessing, for every attacker", "[figures]") {
  Json spec = preset("dose");
  for (const Json& defence : {Json{{"kind", "none"}}, Json{{"kind", "mid"}, {"lambda", .1}, {"noise", .3}}}) {
    spec["defense"] = defence;
    const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted);
    CHECK(value(straight, "attack_accuracy") > .8);
    for (const char* advantage : {"advantage", "advantage_true_target"}) {
      INFO(advantage);
      CHECK(straight.result.privacy.at(advantage).low.value() > .05);
      CHECK(permuted.result.privacy.at(advantage).low.value() <= 0);
    }
  }
}

TEST_CASE("permuted outcomes and answers bring the inference from a tree down to guessing, for every attacker", "[figures]") {
  Json spec = preset("survey-tree");
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted);
  for (const char* advantage : {"advantage", "advantage_answer"}) {
    INFO(advantage);
    CHECK(straight.result.privacy.at(advantage).low.value() > .1);
    CHECK(permuted.result.privacy.at(advantage).low.value() <= 0);
  }
}

TEST_CASE("pictures of classes that are told to others bring line-up and correlation down to chance, for every attacker", "[figures]") {
  Json spec = unjudged();
  spec["train"]["epochs"] = 20;
  const int seeds = 3;
  std::map<std::string, double> mean;
  for (int seed = 1; seed <= seeds; ++seed) {
    spec["seed"] = seed;
    const Outcome permuted = controlled(spec, kPermuted);
    for (const char* name : {"line_up", "line_up_naive", "line_up_mean", "correlation", "correlation_naive", "correlation_mean"})
      mean[name] += value(permuted, name) / seeds;
    if (seed > 1) continue;
    const Outcome straight = controlled(spec, kNoControl);
    CHECK(straight.result.privacy.at("advantage").low.value() > .3);
    CHECK(straight.result.privacy.at("correlation").low.value() > .3);
  }
  // 40 classes a seed: the sd of a seed's mean under chance is about .04 (line-up: sd .25 of one) and .05 (correlation).
  for (const auto& [name, found] : mean) {
    INFO(name);
    if (name.starts_with("line_up"))
      CHECK(found == Approx(.1).margin(4 * .04 / std::sqrt(seeds)));
    else
      CHECK(found == Approx(0).margin(4 * .05 / std::sqrt(seeds)));
  }
}

TEST_CASE("generative inversion finds nothing in pictures told to others, nor in a model that says nothing", "[figures]") {
  Json spec = preset("face-from-name");
  spec["train"]["epochs"] = 20;
  spec["attack"] = {{"kind", "gmi"}, {"prior", "pca"}, {"steps", 200}, {"restarts", 1}, {"adversary", "mean"}, {"judge", false}};
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted), empty = controlled(spec, kZero);
  CHECK(straight.result.privacy.at("advantage").low.value() > .3);
  CHECK(value(permuted, "line_up") == Approx(.1).margin(4 * .04));
  CHECK(value(permuted, "correlation") == Approx(0).margin(4 * .05));
  CHECK(value(empty, "line_up") == Approx(.1).margin(1e-6));  // the pull brings every code to the average face
}

TEST_CASE("searches that hold no weights find nothing in pictures told to others, nor in a model that says nothing", "[figures]") {
  Json spec = preset("face-from-name");
  spec["train"]["epochs"] = 20, spec["defense"] = {{"kind", "none"}}, spec["model"]["bottleneck"] = 0;
  for (const Json& attack : {Json{{"kind", "cma_es"}, {"queries", 600}}, {{"kind", "brep_mi"}, {"queries", 1500}}}) {
    INFO(attack.dump());
    spec["attack"] = attack;
    spec["attack"]["judge"] = false;
    const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted), empty = controlled(spec, kZero);
    CHECK(straight.result.privacy.at("advantage").low.value() > .1);
    // A search adds something to where it began.
    CHECK(value(straight, "correlation") > value(straight, "correlation_start"));
    CHECK(value(permuted, "line_up") == Approx(.1).margin(4 * .04));
    CHECK(value(permuted, "correlation") == Approx(0).margin(4 * .05));
    CHECK(value(empty, "line_up") == Approx(.1).margin(4 * .04));
  }
}

TEST_CASE("LOMMA finds nothing in pictures told to others, nor in a model that says nothing", "[figures]") {
  Json spec = unjudged();
  spec["train"]["epochs"] = 20, spec["attack"]["cost"] = "lomma", spec["attack"]["adversary"] = "mean";
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted), empty = controlled(spec, kZero);
  CHECK(straight.result.privacy.at("advantage").low.value() > .3);
  CHECK(value(permuted, "line_up") == Approx(.1).margin(4 * .04));
  CHECK(value(permuted, "correlation") == Approx(0).margin(4 * .05));
  CHECK(value(empty, "line_up") == Approx(.1).margin(1e-6));
}

TEST_CASE("numbers inside tell an attribute that they were not learnt for, and a permuted or empty network tells nothing", "[figures]") {
  const Json spec = embeddings({{"kind", "none"}});
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted), empty = controlled(spec, kZero);
  const double baseline = straight.result.privacy.at("attack_accuracy").baseline.value();
  CHECK(straight.result.privacy.at("advantage").low.value() > 0);
  CHECK(value(straight, "attack_accuracy") > baseline + .05);
  CHECK(value(straight, "attack_accuracy") >= value(straight, "attack_accuracy_label") - .02);
  CHECK(permuted.result.privacy.at("advantage").low.value() <= 0);
  for (const char* name : {"attack_accuracy", "attack_accuracy_logistic", "attack_accuracy_nearest", "attack_accuracy_network"}) {
    INFO(name);
    CHECK(value(permuted, name) <= baseline + .03);
    CHECK(value(empty, name) == baseline);
  }
}

TEST_CASE("attackers who are new to an embedding judge what its own adversaries left in it", "[figures]") {
  const Outcome plain = controlled(embeddings({{"kind", "none"}}), kNoControl),
                against = controlled(embeddings({{"kind", "adversarial"}, {"strength", 1}}), kNoControl);
  for (const Outcome* r : {&plain, &against}) {
    CHECK(r->result.privacy.contains("attack_accuracy_network"));
    CHECK(r->result.notes.at("validation_accuracy").size() == 3);
  }
  UNSCOPED_INFO("fresh attackers: plain " << value(plain, "attack_accuracy") << ", adversarial " << value(against, "attack_accuracy")
                                          << ", guess " << plain.result.privacy.at("attack_accuracy").baseline.value());
  CHECK(value(against, "attack_accuracy") <= value(plain, "attack_accuracy") + .02);
}

TEST_CASE("repeats of a noisy embedding tell more of an attribute", "[figures]") {
  Json spec = embeddings({{"kind", "trained_noise"}, {"noise", 2}});
  const double once = value(controlled(spec, kNoControl), "auc");
  spec["attack"]["repeats"] = 20;
  CHECK(value(controlled(spec, kNoControl), "auc") > once);
}

TEST_CASE("choosing among candidates by views finds nothing in pictures told to others, nor in a model that says nothing", "[figures]") {
  Json spec = unjudged();
  spec["train"]["epochs"] = 20, spec["attack"]["adversary"] = "mean", spec["attack"]["steps"] = 40;
  spec["attack"].update({{"restarts", 3}, {"views", 8}});
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted), empty = controlled(spec, kZero);
  CHECK(straight.result.privacy.at("advantage").low.value() > .3);
  CHECK(straight.result.privacy.contains("line_up_unselected"));
  CHECK(value(permuted, "line_up") == Approx(.1).margin(4 * .04));
  CHECK(value(permuted, "correlation") == Approx(0).margin(4 * .05));
  CHECK(value(empty, "line_up") == Approx(.1).margin(4 * .04));
}

TEST_CASE("KED-MI finds nothing in pictures told to others, nor in a model that says nothing", "[figures]") {
  Json spec = preset("face-from-name");
  spec["defense"] = {{"kind", "none"}}, spec["model"]["bottleneck"] = 0;
  spec["attack"] = {{"kind", "ked_mi"}, {"judge", false}};
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted), empty = controlled(spec, kZero);
  CHECK(straight.result.privacy.at("advantage").low.value() > 0);
  CHECK(value(permuted, "line_up") == Approx(.1).margin(4 * .04));
  CHECK(value(permuted, "correlation") == Approx(0).margin(4 * .05));
  CHECK(value(empty, "line_up") == Approx(.1).margin(4 * .04));
}

TEST_CASE("LOMMA with students finds nothing in pictures told to others", "[figures]") {
  Json spec = unjudged();
  spec["train"]["epochs"] = 20, spec["attack"].update({{"cost", "lomma"}, {"students", 2}, {"adversary", "mean"}, {"steps", 60}});
  const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted);
  CHECK(straight.result.privacy.at("advantage").low.value() > .2);
  CHECK(value(permuted, "line_up") == Approx(.1).margin(4 * .04));
}

TEST_CASE("every question of a search counts, those for a start too, and stays within the budget", "[figures]") {
  Json spec = preset("face-from-name");
  spec["train"]["epochs"] = 10;
  for (const int repeats : {1, 3}) {
    for (const Json& attack : {Json{{"kind", "cma_es"}, {"queries", 100}},
                               {{"kind", "brep_mi"}, {"queries", 250}},
                               {{"kind", "cma_es"}, {"queries", 250}, {"restarts", 2}, {"views", 4}},
                               {{"kind", "brep_mi"}, {"queries", 500}, {"restarts", 2}, {"views", 4}}}) {
      INFO(attack.dump() << repeats);
      spec["attack"] = attack;
      spec["attack"].update({{"judge", false}, {"repeats", repeats}});
      const Outcome o = outcome_of(spec, &shared_stages());
      const auto asked = o.result.notes["queries"].get<int>(), most = attack["queries"].get<int>() * 40;
      CHECK(asked <= most);
      CHECK(asked > most / 4);
    }
  }
  // A class that no start is found for is drawn as the average face, and said to be.
  spec["attack"] = {{"kind", "brep_mi"}, {"queries", 10}, {"judge", false}};
  const Outcome none = outcome_of(spec, &shared_stages());
  CHECK(none.result.notes["classes_without_start"].get<int>() > 0);
  CHECK(std::any_of(none.result.warnings.begin(), none.result.warnings.end(),
                    [](const Message& m) { return m.in("en").find("classes were named for none of") != std::string::npos; }));
}

TEST_CASE("generators find nothing in pictures told to others, whatever the adversary", "[figures]") {
  Json spec = preset("face-from-name");
  spec["train"]["epochs"] = 20;
  for (const Json& prior : {Json{{"prior", "vae"}, {"epochs", 8}}, Json{{"prior", "wgan_gp"}, {"generator_steps", 10}}}) {
    spec["attack"] = {{"kind", "gmi"}, {"steps", 30}, {"restarts", 1}, {"judge", false}};
    spec["attack"].update(prior);
    const Outcome permuted = controlled(spec, kPermuted);
    for (const char* name : {"line_up", "line_up_naive", "line_up_mean"}) {
      INFO(name);
      CHECK(value(permuted, name) == Approx(.1).margin(4 * .04));
    }
    for (const char* name : {"correlation", "correlation_naive", "correlation_mean"}) {
      INFO(name);
      CHECK(value(permuted, name) == Approx(0).margin(4 * .05));
    }
  }
}

TEST_CASE("permuted outcomes bring CSMIA, LOMIA and who holds the tree down to guessing, and an empty tree tells them nothing",
          "[figures]") {
  Json spec = preset("survey-tree");
  for (const char* kind : {"csmia", "lomia", "tree_white_box"}) {
    INFO(kind);
    spec["attack"] = {{"kind", kind}};
    const Outcome straight = controlled(spec, kNoControl), permuted = controlled(spec, kPermuted), empty = controlled(spec, kZero);
    CHECK(value(straight, "attack_accuracy") > value(permuted, "attack_accuracy") + .02);
    CHECK(permuted.result.privacy.at("advantage").low.value() <= 0);
    CHECK(value(empty, "attack_accuracy") == empty.result.privacy.at("attack_accuracy").baseline.value());
  }
}

TEST_CASE("a victim with all weights 0 gives the baseline exactly", "[figures]") {
  const Outcome pictures = controlled(faces(1), kZero);
  CHECK(value(pictures, "line_up") == Approx(.1).margin(1e-9));
  const Outcome digits = controlled(small_digits(), kZero);
  CHECK(value(digits, "line_up") == Approx(.1).margin(1e-9));
  // The decoder then draws one picture for everybody; whom that resembles wins what the others lose.
  CHECK(value(controlled(decoded_digits(), kZero), "line_up") == Approx(.1).margin(1e-3));
  const Outcome names = controlled(unjudged(), kZero);  // no gradient: the average face
  CHECK(value(names, "line_up") == Approx(.1).margin(1e-9));
  CHECK(value(names, "line_up_naive") == Approx(.1).margin(1e-9));
  CHECK(value(names, "correlation") == Approx(0).margin(.05));
  Json spec = preset("confidence");
  const Outcome beliefs = controlled(spec, kZero);
  CHECK(value(beliefs, "attack_accuracy") == beliefs.result.privacy.at("attack_accuracy").baseline.value());
  CHECK(value(beliefs, "advantage") == 0);
  for (const char* story : {"dose", "survey-tree"}) {
    const Outcome empty = controlled(preset(story), kZero);
    CHECK(value(empty, "attack_accuracy") == empty.result.privacy.at("attack_accuracy").baseline.value());
    CHECK(value(empty, "advantage") == 0);
  }
}

TEST_CASE("a null control is part of what a run is, and none changes nothing about it") {
  const Spec plain = check_spec(preset("dose"));
  Json spec = preset("dose");
  spec["control"] = kNoControl;
  CHECK(check_spec(spec).json() == plain.json());
  CHECK_FALSE(plain.json().contains("control"));
  std::set<std::string> ids{plain.id()};
  for (const char* control : {kPermuted, kZero}) {
    spec["control"] = control;
    const Spec checked = check_spec(spec);
    CHECK(checked.json()["control"] == control);
    CHECK(check_spec(checked.json()).id() == checked.id());
    ids.insert(checked.id());
  }
  CHECK(ids.size() == 3);
  CHECK(spec_schema()["properties"]["control"]["enum"] == Json{"none", "permuted", "zero"});
  // The target is trained once for all three; outcomes are kept apart.
  StageCache cache;
  const Outcome straight = outcome_of(preset("dose"), &cache);
  for (int again = 0; again < 2; ++again)
    for (const char* control : {kPermuted, kZero}) {
      spec["control"] = control;
      CHECK(value(outcome_of(spec, &cache), "attack_accuracy") < value(straight, "attack_accuracy"));
    }
  CHECK(value(outcome_of(preset("dose"), &cache), "attack_accuracy") == value(straight, "attack_accuracy"));
}

TEST_CASE("a result says that it is of a null control, at its head and among its warnings") {
  const auto said = [](const Json& spec, const char* control) { return controlled(spec, control).result; };
  CHECK(said(preset("dose"), kNoControl).warnings == outcome_of(preset("dose"), &shared_stages()).result.warnings);
  for (const auto& [spec, control, part] :
       {std::tuple{preset("dose"), kPermuted, "a null control: answers were permuted"},
        {preset("dose"), kZero, "a null control: all weights of the model were set to 0"},
        {unjudged(), kPermuted, "a null control: what was drawn for one class was compared with another"}}) {
    const Result result = said(spec, control);
    REQUIRE_FALSE(result.warnings.empty());
    CHECK(result.warnings[0].in("en").starts_with(part));
    const std::string text = result_text(result);
    CHECK(text.find(std::string("null control ") + control) < text.find('\n'));
    CHECK(text.find("Note: a null control: ") != std::string::npos);
  }
}

TEST_CASE("a null control where there is none is refused with the way out") {
  const Json update = preset("label-from-update"), dose = preset("dose");
  const auto with = [](Json spec, const Json& fields) {
    for (const auto& [path, value] : fields.items()) set_field(spec, path, value);
    return spec;
  };
  CHECK(complaint(with(dose, {{"control", "shuffled"}})).starts_with("control must be none, permuted or zero, found"));
  CHECK(complaint(with(dose, {{"control", 0}})).starts_with("control must be none, permuted or zero, found 0"));
  CHECK(complaint(with(dose, {{"control", kPermuted}, {"attack.kind", "none"}}))
            .starts_with("control must be none where attack.kind is none"));
  CHECK(complaint(with(dose, {{"control", kZero}, {"defense.kind", "none"}, {"model.file", "m.safetensors"}}))
            .starts_with("control zero takes all weights away"));
  CHECK(complaint(with(dose, {{"control", kPermuted}, {"defense.kind", "none"}, {"model.file", "m.safetensors"}})).empty());
  CHECK(complaint(with(update, {{"control", kZero}})).find("set it to permuted") != std::string::npos);
  CHECK(complaint(with(update, {{"control", kPermuted}})).empty());
  Json alone = dose;
  alone["data"]["private"] = 1700, alone["data"]["held_out"] = 1, alone["control"] = kPermuted;
  CHECK_THROWS_AS(outcome_of(alone), Error);
}
