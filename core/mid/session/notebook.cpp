#include "mid/session/notebook.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mid/base/error.hpp"
#include "mid/base/stage_cache.hpp"
#include "mid/experiment/spec.hpp"

namespace mid {
namespace {

/// Names this build's sources: another build may give other figures for the same specification.
std::string build() { return StageCache::key("notebook", Json::object()); }

SavedRun::Values values_of(const Measures& measures) {
  SavedRun::Values out;
  for (const auto& [name, m] : measures) out[name] = m.value ? finite(*m.value) : std::nullopt;
  return out;
}

/// Of use and privacy: where their 95 % intervals begin and end.
std::map<std::string, std::vector<double>> intervals_of(const Result& r) {
  std::map<std::string, std::vector<double>> out;
  for (const Measures* measures : {&r.utility, &r.privacy})
    for (const auto& [name, m] : *measures)
      if (m.value && m.low && m.high && std::isfinite(*m.low) && std::isfinite(*m.high)) out[name] = {*m.low, *m.high};
  return out;
}

/// The specification complete as this build reads it; empty: refused.
std::optional<Spec> accepted(const Json& spec) {
  try {
    return check_spec(spec);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<Json> accepted_all(const Json& saved, const char* name, std::size_t most) {
  std::vector<Json> out;
  if (!saved.contains(name) || !saved[name].is_array()) return out;
  const Json& list = saved[name];
  for (std::size_t i = list.size() > most ? list.size() - most : 0; i < list.size(); ++i)
    if (const auto spec = accepted(list[i])) out.push_back(spec->json());
  return out;
}

/// The numbers of a group of measures; everything else is dropped.
SavedRun::Values accepted_values(const Json& entry, const char* group) {
  SavedRun::Values out;
  if (!entry.contains(group) || !entry[group].is_object()) return out;
  for (const auto& [name, value] : entry[group].items())
    if (name.size() <= 64 && (value.is_null() || value.is_number())) read_json(value, out[name], name, Lacking::kept);
  return out;
}

std::map<std::string, std::vector<double>> accepted_intervals(const Json& entry) {
  std::map<std::string, std::vector<double>> out;
  if (!entry.contains("intervals") || !entry["intervals"].is_object()) return out;
  for (const auto& [name, ends] : entry["intervals"].items())
    if (name.size() <= 64 && ends.is_array() && ends.size() == 2 && ends[0].is_number() && ends[1].is_number())
      out[name] = {ends[0].get<double>(), ends[1].get<double>()};
  return out;
}

}  // namespace

void Notebook::choose(Json spec) {
  if (spec == chosen_) return;
  if (settled_ && chosen_.is_object()) {
    undo_.push_back(std::move(chosen_));
    if (undo_.size() > kMostSteps) undo_.erase(undo_.begin());
  }
  redo_.clear();
  chosen_ = std::move(spec), settled_ = false;
  ++serial_;
}

bool Notebook::move(std::vector<Json>& from, std::vector<Json>& to) {
  if (from.empty()) return false;
  if (settled_) to.push_back(std::move(chosen_));
  chosen_ = std::move(from.back()), settled_ = true;
  from.pop_back();
  ++serial_;
  return true;
}

void Notebook::add(SavedRun run) {
  std::erase_if(runs_, [&](const SavedRun& r) { return r.id == run.id; });
  runs_.push_back(std::move(run));
  if (runs_.size() > kMostRuns) runs_.erase(runs_.begin());
  ++serial_;
}

void Notebook::log(const Result& r) {
  add({r.id, r.spec, values_of(r.utility), values_of(r.privacy), values_of(r.information), intervals_of(r), {}, {}});
}

void Notebook::log_failure(const std::string& id, const Json& spec, const std::string& sentence, const Message& message) {
  add({id, spec, {}, {}, {}, {}, sentence, message});
}

Saved Notebook::save() const { return {1, build(), chosen_, undo_, redo_, runs_}; }

bool Notebook::restore(const Json& saved) {
  if (!saved.is_object() || saved.value("version", Json()) != 1) return false;
  const auto chosen = saved.contains("chosen") && saved["chosen"].is_object() ? accepted(saved["chosen"]) : std::nullopt;
  chosen_ = chosen ? chosen->json() : Json();
  settled_ = chosen_.is_object();
  undo_ = accepted_all(saved, "undo", kMostSteps), redo_ = accepted_all(saved, "redo", kMostSteps);
  runs_.clear();
  if (saved.value("build", Json()) == build() && saved.contains("runs") && saved["runs"].is_array())
    for (const Json& entry : saved["runs"]) {
      if (!entry.is_object() || !entry.contains("spec")) continue;
      const auto spec = accepted(entry["spec"]);
      if (!spec) continue;
      const Json failed = entry.value("failed", Json());
      SavedRun run{spec->id(),
                   spec->json(),
                   accepted_values(entry, "utility"),
                   accepted_values(entry, "privacy"),
                   accepted_values(entry, "information"),
                   accepted_intervals(entry),
                   {},
                   {}};
      if (failed.is_string()) {
        run.failed = failed.get<std::string>();
        if (entry.contains("failed_message")) run.failed_message = Message::from(entry["failed_message"]);
      }
      add(std::move(run));
    }
  ++serial_;
  return true;
}

}  // namespace mid
