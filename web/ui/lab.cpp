#include "lab.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/error.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/measure/figure.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

/// What distinguishes runs beside strength, seed and what happens to an answer.
std::size_t family_of(Json spec) {
  if (!spec.is_object()) return 0;
  const Json of = field_of(spec, "release.of");
  for (const char* field : {"seed", "defense", "version", "release"}) spec.erase(field);
  if (spec.contains("model") && spec["model"].is_object()) spec["model"].erase("bottleneck");
  spec["of"] = of;
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

/// Complete, without the fields that the core refuses; these are named in `left_out`. Null: nothing of it can be used.
Json accepted(Json spec, std::vector<std::string>& left_out) {
  for (int tries = 0; tries < 32; ++tries) try {
      return check_spec(spec).json();
    } catch (const Error& e) {
      const auto now =
          std::find_if(e.arguments().begin(), e.arguments().end(), [](const auto& argument) { return argument.first == "now"; });
      left_out.push_back(now == e.arguments().end() ? e.field()
                                                    : words("notice.link.renamed", {{"old", e.field()}, {"now", now->second.in("en")}}));
      if (!erase_field(spec, e.field())) break;
    }
  return nullptr;
}

Json completed(const Json& spec) {
  try {
    return check_spec(spec).json();
  } catch (const Error&) {
    return spec;  // the Session will say what is wrong with it
  }
}

std::optional<double> number_at(const SavedRun::Values& values, std::string_view name) {
  const auto found = values.find(std::string(name));
  return found == values.end() ? std::nullopt : found->second;
}

}  // namespace

const Json& Lab::Shown::spec() const {
  static const Json none;
  return result ? result->spec : none;
}

Lab::Lab(const Json& catalogue, Send send, Answer answer) : send_(std::move(send)), answer_(std::move(answer)) {
  if (catalogue.is_object()) presets_ = catalogue.value("presets", Json::object()), sections_ = catalogue.value("sections", Json::array());
  base_ = preset(story());
}

Json Lab::preset(const Story& s) const {
  if (s.own) {  // what is chosen, with the defence that the slider sets
    Json spec = base_.is_object() ? base_ : Json::object();
    spec["defense"] = {{"kind", s.defences.front()}, {s.parameter, s.stops[s.stops.size() / 2]}};
    for (const auto& [path, value] : s.changes.items()) set_field(spec, path, value);
    return spec;
  }
  Json spec = preset(s.key);
  if (!spec.is_object()) return Json::object();
  return s.changes.empty() ? spec : with_fields(spec, s.changes);
}

Json Lab::preset(const std::string& name) const { return presets_.is_object() && presets_.contains(name) ? presets_[name] : Json(); }

Json Lab::without_defence() const {
  Json spec = with_choice(story(), preset(story()), spec_, 0, seed_);
  const Json of = field_of(spec, "release.of");
  spec["release"] = {{"kind", "none"}, {"of", of.is_string() ? of : Json("answer")}};
  return spec;
}

// ---- choosing ----

void Lab::choose(const Json& spec, int story) {
  if (story != story_) stop_filling();
  story_ = story, strength_ = strength_of(spec), seed_ = seed_of(spec), base_ = spec;
}

void Lab::choose_story(int story) {
  if (story < 0 || story >= static_cast<int>(stories().size())) return;
  if (stories()[static_cast<std::size_t>(story)].own) {  // there is none before somebody brings a table
    own.open = true;
    return;
  }
  if (story != story_) stop_filling();
  story_ = story;
  base_ = preset(this->story());
  strength_ = 0;
  want_choice();
}

void Lab::set_strength(double strength) {
  if (strength == strength_) return;
  strength_ = strength;
  want_choice();
}

void Lab::set_seed(int seed) {
  seed_ = std::max(seed, 0);
  want_choice();
}

bool Lab::set_fields(const Json& fields) {
  try {
    Json wanted = fields;
    // A defence needs the bottleneck that Off took away.
    if (wanted.is_object() && wanted.contains("defense.kind") && wanted["defense.kind"] != "none" &&
        field_of(spec_, "model.bottleneck") == 0 && !wanted.contains("model.bottleneck"))
      wanted["model.bottleneck"] = field_of(preset(story()), "model.bottleneck");
    const Json next = with_fields(spec_.is_object() ? spec_ : Json::object(), wanted);
    const bool other_data =
        field_of(next, "data.name") != field_of(spec_, "data.name") || field_of(next, "attack.kind") != field_of(spec_, "attack.kind");
    choose(next, other_data ? story_of(next) : story_);
  } catch (const Error& e) {
    notice = message_of(e);
    return false;
  }
  want_choice();
  return true;
}

void Lab::load(const Run& run) {
  choose(run.spec, run.story);
  want_choice();
}

void Lab::open_table(const std::string& csv) {
  own.begin(csv);
  send_({{"do", "describe"}, {"csv", csv}});
}

void Lab::run_own() {
  if (!own.table()) {  // there is none before somebody brings a table
    own.open = true;
    return;
  }
  try {
    adopt(own.spec(), -1, false);
  } catch (const Error& e) {
    notice = message_of(e);
  }
}

void Lab::adopt(Json spec, int story, bool tolerant) {
  if (!spec.is_object()) spec = Json::object();
  if (tolerant) {
    std::vector<std::string> left_out;
    spec = accepted(std::move(spec), left_out);
    std::string fields;
    for (const auto& f : left_out) fields += (fields.empty() ? "" : ", ") + f;
    if (const Message left = Message("notice.link").with("fields", fields); !fields.empty())
      notice = notice.empty() ? left : Message("refusal.part.both").with("first", notice).with("second", left);
    if (!spec.is_object()) {
      notice = Message("notice.link.bad");
      return choose_story(std::max(story, 0));
    }
  }
  choose(spec, story >= 0 ? story : story_of(spec));
  want();
}

void Lab::back_to_last_good() {
  if (has_result()) {  // what stands on the stage
    choose(Json(shown_.spec()), shown_.story);
    return want();
  }
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
    if (run->story == story_ && run->utility) return load(Run(*run));
  choose_story(story_);
}

void Lab::want_choice() {
  notice = {};
  want();
}

void Lab::want(bool fresh, bool stepping) {
  own.open = false;
  // A specification that came from outside stays as it is where the choice agrees with it.
  const bool as_given = base_.is_object() && strength_of(base_) == strength_ && seed_of(base_) == seed_ && base_.contains("defense");
  spec_ = completed(as_given ? base_ : with_choice(story(), preset(story()), base_, strength_, seed_));
  family_ = family_of(spec_);
  stale_ = shown_.spec() != spec_;
  error_ = {};
  Job job;
  job.spec = spec_, job.story = story_, job.fresh = fresh, job.stepping = stepping;
  wanted_ = std::move(job);
}

void Lab::go(const char* where) {
  if ((where == std::string_view("undo") ? undo_ : redo_) == 0) return;
  wanted_.reset();
  own.open = false;
  error_ = {};
  send_({{"do", where}});
  Job job;
  job.story = story_;
  begin(std::move(job));
}

// ---- the run under way ----

void Lab::pause() {
  if (!running_) return;
  paused_ = true;
  send_({{"do", "pause"}});
}

void Lab::resume() {
  paused_ = resting_ = false;
  send_({{"do", speed_ > 0 ? "step" : "resume"}});
}

void Lab::step() {
  if (!busy()) return want(true, true);
  paused_ = true, resting_ = false;
  send_({{"do", "step"}});
}

void Lab::restart() { want(true); }

void Lab::stop() {
  if (!busy()) return;
  wanted_.reset();
  if (running_) send_({{"do", "cancel"}});
  running_.reset();
  paused_ = false, progress_ = {};
  if (!has_result()) return;
  choose(Json(shown_.spec()), shown_.story);
  spec_ = base_, family_ = family_of(spec_), stale_ = false;
}

int Lab::ask(Json spec) {
  Job job;
  job.purpose = Purpose::asked, job.spec = std::move(spec), job.ticket = ++last_ticket_;
  asked_.push_back(std::move(job));
  return last_ticket_;
}

/// Asked in every frame, and dear: made anew only when the choice or the list of runs is another.
const std::vector<Json>& Lab::missing_stops() {
  if (missing_serial_ == saved_serial_ && missing_for_ == spec_) return missing_;
  missing_serial_ = saved_serial_, missing_for_ = spec_;
  missing_.clear();
  if (!spec_.is_object()) return missing_;
  for (const double stop : story().stops) {
    const Json spec = completed(with_choice(story(), preset(story()), spec_, stop, seed_));
    const auto known = [&](const Run& r) { return r.spec == spec; };
    if (std::none_of(runs_.begin(), runs_.end(), known)) missing_.push_back(spec);
  }
  return missing_;
}

void Lab::fill() {
  const std::vector<Json>& missing = missing_stops();
  fill_.assign(missing.begin(), missing.end());
  filling_ = !fill_.empty();
}

void Lab::stop_filling() {
  fill_.clear();
  filling_ = false;
  if (running_ && running_->purpose == Purpose::fill) {
    send_({{"do", "cancel"}});
    running_.reset();
  }
}

void Lab::begin(Job job) {
  job.tag = ++last_tag_;
  progress_ = {};
  paused_ = job.stepping, resting_ = false;
  Json command{{"do", "run"}, {"tag", job.tag}};
  if (!job.spec.is_null()) command["spec"] = job.spec;
  if (job.purpose != Purpose::shown) command["aside"] = true;
  if (job.purpose == Purpose::asked) command["log"] = false;
  if (job.fresh) command["fresh"] = true;
  send_(command);
  if (job.stepping || (job.purpose == Purpose::shown && speed_ > 0)) send_({{"do", "step"}});
  running_ = std::move(job);
}

/// At less than full speed the Session is told every single step.
double Lab::pace(double now) {
  if (!running_ || !resting_ || paused_) return -1;
  if (speed_ <= 0 || progress_.stage != "training") {
    resting_ = false;
    send_({{"do", "resume"}});
    return -1;
  }
  const double left = last_step_ + 1 / speed_ - now;
  if (left > 0) return left;
  resting_ = false, last_step_ = now;
  send_({{"do", "step"}});
  return -1;
}

double Lab::advance(double now) {
  constexpr double kPause = .1;  // between two runs while the slider is dragged freely
  if (wanted_) {
    if (last_sent_ >= 0 && now - last_sent_ < kPause) return kPause - (now - last_sent_);
    last_sent_ = now;
    // A run for a program is put off, not lost; its finished stages are kept.
    if (running_ && running_->purpose == Purpose::asked) asked_.push_front(std::move(*running_));
    if (running_ && running_->purpose == Purpose::fill) fill_.push_front(running_->spec);
    Job job = std::move(*wanted_);
    wanted_.reset();
    begin(std::move(job));
  } else if (!running_ && !asked_.empty()) {
    Job job = std::move(asked_.front());
    asked_.pop_front();
    begin(std::move(job));
  } else if (!running_ && has_result() && !stale() && error_.empty() && compare_failed_ != family_ &&
             (!undefended() || (beside_ && defended() && !beside()))) {
    Job job;
    job.purpose = Purpose::compare, job.story = story_, job.spec = without_defence();
    begin(std::move(job));
  } else if (!running_ && !fill_.empty()) {
    Job job;
    job.purpose = Purpose::fill, job.story = story_, job.spec = std::move(fill_.front());
    fill_.pop_front();
    begin(std::move(job));
  } else if (!running_ && filling_) {
    filling_ = false;
  }
  return pace(now);
}

// ---- the Session's news ----

void Lab::receive(Snapshot s) {
  if (s.saved) remember(std::move(*s.saved));
  undo_ = static_cast<int>(s.undo), redo_ = static_cast<int>(s.redo);
  if (s.table) own.receive(std::move(*s.table));
  if (s.file && !s.file->value)
    notice = s.file->failed;
  else if (s.file)
    file = std::move(s.file->value);
  // Snapshots that were on their way when another run began.
  if (!running_ || s.tag != running_->tag) return;
  resting_ = s.state == RunState::paused;
  if (running_->purpose == Purpose::shown) {
    if (running_->spec.is_null() && s.spec.is_object()) {  // where undo or redo led
      choose(s.spec, story_of(s.spec));
      spec_ = running_->spec = s.spec, running_->story = story_;
      family_ = family_of(spec_), stale_ = shown_.spec() != spec_;
    }
    auto live = std::move(progress_.live);
    progress_ = s.progress;
    // What the training said last stays true while the attack runs.
    if (progress_.live.empty() && progress_.stage != "training") progress_.live = std::move(live);
    // The truth is known before the attack: it may stand on the stage while the model trains.
    if (s.sheet && !s.result && shown_.story != story_) {
      const int serial = shown_.serial + 1;
      shown_ = {};
      shown_.sheet = std::move(s.sheet), shown_.story = story_, shown_.serial = serial;
    }
  }
  if (s.state == RunState::done)
    finish(s);
  else if (s.state == RunState::failed)
    fail(s);
}

void Lab::remember(Saved saved) {
  saved_ = std::move(saved), ++saved_serial_;
  runs_.clear();
  for (const SavedRun& entry : saved_->runs) {
    Run r;
    r.spec = entry.spec;
    r.story = story_of(r.spec), r.strength = strength_of(r.spec), r.seed = seed_of(r.spec), r.repeats = repeats_of(r.spec);
    r.release = release_of(r.spec), r.defence = defence_of(r.spec), r.family = family_of(r.spec);
    const Story& of = stories()[static_cast<std::size_t>(r.story)];
    r.utility = number_at(entry.utility, of.utility), r.privacy = number_at(entry.privacy, of.privacy);
    const unsigned model = model_bit(model_of(r.spec));
    r.bound = number_at(entry.information, picked_figure(FigureKind::Group::information, &FigureKind::bound, model));
    r.told = number_at(entry.information, picked_figure(FigureKind::Group::information, &FigureKind::told, model));
    if (entry.failed) r.error = entry.failed_message ? *entry.failed_message : Message::plain(*entry.failed);
    runs_.push_back(std::move(r));
  }
}

void Lab::finish(Snapshot& s) {
  Job job = std::move(*running_);
  running_.reset();
  resting_ = false;
  if (job.purpose == Purpose::asked) return answer_(job.ticket, json_of(s.result));
  if (job.purpose == Purpose::compare) {
    plain_family_ = family_of(job.spec);
    plain_ = {.result = std::move(s.result),
              .warnings = {},
              .sheet = std::move(s.sheet),
              .beliefs = {},
              .tree = {},
              .strength = 0,
              .seed = seed_of(job.spec),
              .story = job.story,
              .serial = plain_.serial + 1};
    return;
  }
  if (job.purpose == Purpose::fill) return;
  shown_ = {.result = std::move(s.result),
            .warnings = std::move(s.warnings),
            .sheet = std::move(s.sheet),
            .beliefs = std::move(s.beliefs),
            .tree = std::move(s.tree),
            .strength = strength_of(job.spec),
            .seed = seed_of(job.spec),
            .story = job.story,
            .serial = shown_.serial + 1};
  stale_ = shown_.spec() != spec_;
  expected_ = expected_of(shown_.spec());
  paused_ = false;
}

void Lab::fail(const Snapshot& s) {
  Job job = std::move(*running_);
  running_.reset();
  paused_ = resting_ = false;
  if (job.purpose == Purpose::asked) {
    const Trouble why = s.error.value_or(Trouble{});
    const Json failed = {{"failed", {{"field", why.field}, {"sentence", why.sentence}}}};
    return answer_(job.ticket, s.result ? s.result->json() : failed);
  }
  if (job.purpose == Purpose::shown)
    error_ = s.error ? s.error->message : Message("error.title");
  else if (job.purpose == Purpose::compare)
    compare_failed_ = family_;
}

const Run* Lab::run_of(const Json& spec) const {
  for (const Run& r : runs_)
    if (r.spec == spec && r.utility && r.privacy) return &r;
  return nullptr;
}

const Run* Lab::undefended() const {
  for (const Run& r : runs_)
    if (comparable(r) && r.defence == "none" && !changes_answers(r.release) && r.seed == seed_) return &r;
  return nullptr;
}

}  // namespace mid::ui
