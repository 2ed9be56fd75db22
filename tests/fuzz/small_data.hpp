#pragma once
#include "fuzz.hpp"
#include "mid/session/session.hpp"

/// Small tables and runs that targets of models, stages and commands share.
namespace mid::fuzz {

/// The text of a table of 60 people with a number, three jobs and a secret sex; `rich` (y, n) or `dose` (a number) is predicted.
inline std::string small_table(bool classes) {
  std::string text = classes ? "age,job,sex,rich\n" : "age,job,sex,dose\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(20 + i) + "," + "abc"[i % 3] + "," + "fm"[i % 2] + ",";
    text += classes ? std::string(1, "ynn"[i * 7 % 3]) : std::to_string(13 + i * 1.37);
    text += "\n";
  }
  return text;
}

/// A specification of such a table for models of this kind, quick to run.
inline Json small_spec(const std::string& kind, const std::string& attack) {
  static const std::string classes = folder().write("classes.csv", small_table(true));
  static const std::string numbers = folder().write("numbers.csv", small_table(false));
  const bool linear = kind == "linear";
  const char* target = linear ? "dose" : "rich";
  Json spec{{"data", {{"name", "csv"}, {"csv", linear ? numbers : classes}, {"target", target}, {"sensitive", "sex"}, {"auxiliary", 10}}},
            {"model", {{"kind", kind}}},
            {"attack", {{"kind", attack}}}};
  if (kind == "network") spec["model"].update({{"hidden", {4}}, {"bottleneck", 3}}), spec["train"] = {{"epochs", 2}, {"batch", 20}};
  if (kind == "tree") spec["model"]["min_leaf"] = 2;
  return spec;
}

/// Both ways in which a snapshot leaves the core, and how the page reads it again.
inline void send(const Snapshot& snapshot) {
  const Json json = snapshot.json();
  try {
    (void)json.dump();
    (void)Snapshot::from_json(Json::from_cbor(Json::to_cbor(json)));
  } catch (const std::exception& e) {
    finding(std::string("a snapshot is no JSON, or not read again: ") + e.what());
  }
}

/// Runs a specification by a Session, at most so many units.
inline void run(Session& session, const Json& spec, int units = 5000) {
  session.command({{"do", "run"}, {"spec", spec}});
  session.advance_units(units);
  send(session.snapshot(true));
}

}  // namespace mid::fuzz
