#include "lab.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/error.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

/// What distinguishes runs beside strength and seed.
std::size_t family_of(Json spec) {
  if (!spec.is_object()) return 0;
  for (const char* field : {"seed", "defense", "version"}) spec.erase(field);
  if (spec.contains("model") && spec["model"].is_object()) spec["model"].erase("bottleneck");
  return std::hash<std::string>{}(spec.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Removes the field at "a.b.c" from an object. False: it is not there.
bool erase_field(Json& spec, const std::string& path) {
  Json* here = &spec;
  std::size_t from = 0;
  for (std::size_t dot; (dot = path.find('.', from)) != std::string::npos; from = dot + 1) {
    const std::string name = path.substr(from, dot - from);
    if (!here->is_object() || !here->contains(name)) return false;
    here = &(*here)[name];
  }
  return here->is_object() && here->erase(path.substr(from)) > 0;
}

int seed_of(const Json& spec) {
  if (!spec.is_object() || !spec.contains("seed") || !spec["seed"].is_number_integer()) return 1;
  return static_cast<int>(std::clamp<std::int64_t>(spec["seed"].get<std::int64_t>(), 0, 2147483647));
}

}  // namespace

Lab::Lab(const Json& catalogue, Send send, Answer answer) : send_(std::move(send)), answer_(std::move(answer)) {
  if (catalogue.is_object()) presets_ = catalogue.value("presets", Json::object());
  base_ = preset(story());
}

Json Lab::preset(const Story& s) const {
  const std::string key(s.key);
  if (!presets_.is_object() || !presets_.contains(key)) return Json::object();
  const Json& found = presets_[key];
  return found.is_object() && found.contains("spec") ? found["spec"] : found;
}

void Lab::choose_story(int story) {
  if (story < 0 || story >= static_cast<int>(stories().size())) return;
  story_ = story;
  base_ = preset(this->story());
  strength_ = 0;
  tolerant_ = false;
  want();
}

void Lab::set_strength(double strength) {
  if (strength == strength_ && !error_.empty()) return;
  if (strength == strength_) return;
  strength_ = strength;
  want();
}

void Lab::set_seed(int seed) {
  seed_ = std::max(seed, 0);
  want();
}

void Lab::load(const Run& run) {
  story_ = run.story, strength_ = run.strength, seed_ = run.seed, base_ = run.spec;
  want();
}

void Lab::adopt(Json spec, int story, bool tolerant) {
  if (!spec.is_object()) spec = Json::object();
  story_ = story >= 0 ? story : story_of(spec);
  strength_ = strength_of(spec);
  seed_ = seed_of(spec);
  base_ = std::move(spec);
  tolerant_ = tolerant;
  left_out_.clear();
  want();
}

void Lab::back_to_last_good() {
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
    if (run->story == story_ && run->utility) return load(Run(*run));
  choose_story(story_);
}

void Lab::pause() {
  if (!running_) return;
  paused_ = true;
  send_({{"do", "pause"}});
}

void Lab::resume() {
  paused_ = false;
  send_({{"do", "resume"}});
}

int Lab::ask(Json spec) {
  Job job;
  job.purpose = Purpose::asked, job.spec = std::move(spec), job.ticket = ++last_ticket_;
  asked_.push_back(std::move(job));
  return last_ticket_;
}

void Lab::want() {
  // A specification that came from outside stays as it is where the choice agrees with it.
  const bool as_given = base_.is_object() && strength_of(base_) == strength_ && seed_of(base_) == seed_ && base_.contains("defense");
  spec_ = as_given ? base_ : with_choice(story(), preset(story()), base_, strength_, seed_);
  family_ = family_of(spec_);
  error_.clear();
  Job job;
  job.spec = spec_, job.story = story_, job.seed = seed_, job.strength = strength_, job.family = family_;
  job.tolerant = tolerant_;
  wanted_ = std::move(job);
}

void Lab::begin(Job job) {
  job.tag = ++last_tag_;
  progress_ = {};
  paused_ = false;
  send_({{"do", "run"}, {"spec", job.spec}, {"tag", job.tag}});
  running_ = std::move(job);
}

double Lab::advance(double now) {
  constexpr double kPause = .1;  // between two runs while the slider is dragged freely
  if (wanted_) {
    if (last_sent_ >= 0 && now - last_sent_ < kPause) return kPause - (now - last_sent_);
    last_sent_ = now;
    // A run for a program is put off, not lost; its finished stages are kept.
    if (running_ && running_->purpose == Purpose::asked) asked_.push_front(std::move(*running_));
    Job job = std::move(*wanted_);
    wanted_.reset();
    begin(std::move(job));
  } else if (!running_ && !asked_.empty()) {
    Job job = std::move(asked_.front());
    asked_.pop_front();
    begin(std::move(job));
  } else if (!running_ && has_result() && !stale() && error_.empty() && !undefended()) {
    Job job;
    job.purpose = Purpose::compare, job.story = story_, job.seed = seed_, job.family = family_;
    job.spec = with_choice(story(), preset(story()), spec_, 0, seed_);
    begin(std::move(job));
  }
  return -1;
}

void Lab::receive(const Json& j) {
  Snapshot s;
  try {
    s = read_snapshot(j);
  } catch (const Json::exception& e) {
    notice = e.what();
    return;
  } catch (const Error& e) {
    notice = e.what();
    return;
  }
  // Snapshots that were on their way when another run began.
  if (!running_ || s.tag != running_->tag) return;
  paused_ = s.state == Snapshot::State::paused;
  if (running_->purpose == Purpose::shown) {
    Json live = std::move(progress_.live);
    progress_ = s.progress;
    // What the training said last stays true while the attack runs.
    if (progress_.live.empty() && progress_.stage != "training") progress_.live = std::move(live);
    // The truth is known before the attack: it may stand on the stage while the model trains.
    if (s.sheet && s.state != Snapshot::State::done && shown_.story != story_) {
      const int serial = shown_.serial + 1;
      shown_ = {};
      shown_.sheet = std::move(s.sheet), shown_.story = story_, shown_.serial = serial;
    }
  }
  if (s.state == Snapshot::State::done) finish(s);
  else if (s.state == Snapshot::State::failed) fail(s);
}

void Lab::finish(Snapshot& s) {
  Job job = std::move(*running_);
  running_.reset();
  if (job.purpose == Purpose::asked) return answer_(job.ticket, s.result);

  const Story& of = stories()[static_cast<std::size_t>(job.story)];
  std::erase_if(runs_, [&](const Run& r) {
    return r.story == job.story && r.family == job.family && r.strength == job.strength && r.seed == job.seed;
  });
  runs_.push_back({.story = job.story, .strength = job.strength, .seed = job.seed, .family = job.family, .spec = job.spec,
                   .utility = measure_of(s.result, "utility", of.utility).value,
                   .privacy = measure_of(s.result, "privacy", of.privacy).value, .error = {}});
  if (job.purpose == Purpose::compare) return;
  shown_ = {.result = std::move(s.result), .sheet = std::move(s.sheet), .beliefs = std::move(s.beliefs),
            .strength = job.strength, .seed = job.seed, .story = job.story, .serial = shown_.serial + 1};
  if (!left_out_.empty()) {
    std::string fields;
    for (const auto& f : left_out_) fields += (fields.empty() ? "" : ", ") + f;
    notice = words("notice.link", {{"fields", fields}});
    left_out_.clear();
  }
  tolerant_ = false;
}

void Lab::fail(const Snapshot& s) {
  Job job = std::move(*running_);
  running_.reset();
  if (job.purpose == Purpose::asked) {
    const Json failed = {{"failed", {{"field", s.error_field}, {"sentence", s.error}}}};
    return answer_(job.ticket, s.result.is_object() ? s.result : failed);
  }
  if (job.tolerant && left_out_.size() < 16) {
    if (erase_field(job.spec, s.error_field)) {
      left_out_.push_back(s.error_field);
      base_ = job.spec;
      strength_ = strength_of(base_), seed_ = seed_of(base_);
      return want();
    }
    notice = std::string(words("notice.link.bad"));
    return choose_story(job.story);
  }
  runs_.push_back({.story = job.story, .strength = job.strength, .seed = job.seed, .family = job.family, .spec = job.spec,
                   .utility = {}, .privacy = {}, .error = s.error});
  if (job.purpose == Purpose::shown) error_ = s.error.empty() ? std::string(words("error.title")) : s.error;
}

const Run* Lab::undefended() const {
  for (const Run& r : runs_)
    if (comparable(r) && r.strength == 0 && r.seed == seed_) return &r;
  return nullptr;
}

}  // namespace mid::ui
