#include "ui/page_model.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/experiment/spec.hpp"
#include "ui/strings.hpp"
#include "ui/tree_view.hpp"

namespace mid::ui {
namespace {

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

}  // namespace

PageModel::PageModel(const Json& catalogue, Queue::Send send, ForProgram answer, Queue::Help help)
    : send_(std::move(send)), answer_(std::move(answer)), choice_(catalogue), queue_(send_, std::move(help)), runs_(choice_) {}

// ---- choosing ----

void PageModel::take(const Json& spec, int story) {
  if (story != choice_.story_index()) queue_.stop_filling();
  choice_.take(Json(spec), story);
}

void PageModel::choose_story(int story) {
  if (story < 0 || story >= static_cast<int>(stories().size())) return;
  if (stories()[static_cast<std::size_t>(story)].own) {  // there is none before somebody brings a table
    own.open = true;
    return;
  }
  if (story != choice_.story_index()) queue_.stop_filling();
  choice_.begin(story);
  want_choice();
}

void PageModel::set_strength(double strength) {
  if (strength == choice_.strength()) return;
  choice_.set_strength(strength);
  want_choice();
}

void PageModel::choose_defence(const std::string& rival) {
  if (rival == choice_.rival()) return;
  choice_.choose(rival);
  if (choice_.strength() > 0) return want_choice();
  choice_.complete();  // Off is Off
  runs_.choice_changed();
  if (runs_.stale() || !runs_.has_result()) want_choice();
}

void PageModel::set_seed(int seed) {
  choice_.set_seed(seed);
  want_choice();
}

bool PageModel::set_fields(const Json& fields) {
  const int before = choice_.story_index();
  try {
    choice_.set_fields(fields);
  } catch (const Error& e) {
    notice = message_of(e);
    return false;
  }
  if (choice_.story_index() != before) queue_.stop_filling();
  want_choice();
  return true;
}

void PageModel::load(const Run& run) {
  take(run.spec, run.story);
  want_choice();
}

void PageModel::open_table(const std::string& csv) {
  own.begin(csv);
  send_({{"do", "describe"}, {"csv", csv}});
}

void PageModel::run_own() {
  if (!own.table()) {  // there is none before somebody brings a table
    own.open = true;
    return;
  }
  if (!own.model_path().empty() && !own.model()) {  // refused, or not looked at yet
    own.open = true, own.run_when_recognised = own.examining();
    return;
  }
  try {
    adopt(own.spec(), -1, false);
  } catch (const Error& e) {
    notice = message_of(e);
  }
}

void PageModel::adopt(Json spec, int story, bool tolerant) {
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
  take(spec, story >= 0 ? story : story_of(spec));
  want();
}

void PageModel::back_to_last_good() {
  if (runs_.has_result()) {  // what stands on the stage
    take(runs_.shown().spec(), runs_.shown().story);
    return want();
  }
  const auto& list = runs_.list();
  for (auto run = list.rbegin(); run != list.rend(); ++run)
    if (run->story == choice_.story_index() && run->utility) return load(Run(*run));
  choose_story(choice_.story_index());
}

void PageModel::want_choice() {
  notice = {};
  want();
}

void PageModel::want(bool fresh, bool stepping) {
  own.open = false;
  choice_.complete();
  runs_.choice_changed();
  error_ = {};
  Queue::Job job;
  job.spec = choice_.spec(), job.story = choice_.story_index(), job.fresh = fresh, job.stepping = stepping;
  queue_.want(std::move(job));
}

void PageModel::go(const char* where, int steps) {
  if (steps == 0) return;
  queue_.drop_wanted();
  own.open = false;
  error_ = {};
  send_({{"do", where}});
  Queue::Job job;
  job.story = choice_.story_index();
  queue_.begin(std::move(job));
}

// ---- the run under way ----

void PageModel::step() {
  if (!queue_.busy()) return want(true, true);
  queue_.step();
}

void PageModel::stop() {
  if (!queue_.busy()) return;
  queue_.stop();
  if (!runs_.has_result()) return;
  take(runs_.shown().spec(), runs_.shown().story);
  choice_.complete_as(runs_.shown().spec());
  runs_.choice_changed();
}

int PageModel::unfilled() const { return queue_.filling() ? queue_.left_to_fill() : static_cast<int>(runs_.missing_stops().size()); }

void PageModel::export_tree(const std::string& format) {
  const Shown& shown = runs_.shown();
  send_({{"do", "export"},
         {"format", format},
         {"spec", shown.result ? shown.result->spec : choice_.spec()},
         {"words", shown.tree ? TreeView(shown).said() : Json::object()}});
}

double PageModel::advance(double now) {
  if (const Json question = own.question(); question.is_object()) send_(question);
  return queue_.advance(now, [&]() -> std::optional<Queue::Job> {
    if (!error_.empty()) return std::nullopt;
    Queue::Job job;
    job.story = choice_.story_index();
    if (runs_.lacks_comparison()) {
      job.spec = choice_.without_defence();
      return job;
    }
    job.spec = runs_.missing_companion(), job.companion = true;
    job.listed = family_of(job.spec) == choice_.family();  // what can be compared stands in the chart, too
    return job.spec.is_null() ? std::nullopt : std::optional(std::move(job));
  });
}

// ---- the Session's news ----

void PageModel::receive(Snapshot s) {
  if (s.saved) runs_.remember(std::move(*s.saved));
  choice_.set_steps(static_cast<int>(s.undo), static_cast<int>(s.redo));
  if (s.table) own.receive(std::move(*s.table));
  if (s.model) {
    own.receive(std::move(*s.model));
    if (own.model() && std::exchange(own.run_when_recognised, false)) run_own();
  }
  if (s.file && !s.file->value)
    notice = s.file->failed;
  else if (s.file)
    file = std::move(s.file->value);
  if (!queue_.receive(s)) return;  // on its way when another run began
  if (queue_.running()->purpose == Queue::Purpose::shown) {
    if (queue_.running()->spec.is_null() && s.spec.is_object()) {  // where undo or redo led
      take(s.spec, story_of(s.spec));
      choice_.complete_as(s.spec);
      queue_.name_running(s.spec, choice_.story_index());
      runs_.choice_changed();
    }
    if (s.sheet && !s.result) runs_.preview(std::move(*s.sheet));
  }
  if (s.state == RunState::done)
    finish(s);
  else if (s.state == RunState::failed)
    fail(s);
}

void PageModel::receive_help(const Snapshot& s) {
  const auto job = queue_.receive_help(s);
  if (!job) return;
  Json command{{"do", "take"}, {"spec", job->spec}};
  if (s.packed)
    command["outcome"] = *s.packed;
  else if (s.error && !s.error->input)
    command["failed"] = json_of(*s.error);
  else  // refused: it stands in no list
    return;
  send_(command);
}

void PageModel::finish(Snapshot& s) {
  const Queue::Job job = queue_.end(false);
  switch (job.purpose) {
    case Queue::Purpose::asked: return answer_(job.ticket, json_of(s.result));
    case Queue::Purpose::compare:
      return !job.companion ? runs_.show_beside(std::move(s), job.spec, job.story)
                            : runs_.show_companion(std::move(s), job.spec, job.story);
    case Queue::Purpose::fill: return;
    case Queue::Purpose::shown: return runs_.show(std::move(s), job.spec, job.story);
  }
}

void PageModel::fail(const Snapshot& s) {
  const Queue::Job job = queue_.end(true);
  if (job.purpose == Queue::Purpose::asked) {
    const Trouble why = s.error.value_or(Trouble{});
    const Json failed = {{"failed", {{"field", why.field}, {"sentence", why.sentence}}}};
    return answer_(job.ticket, s.result ? s.result->json() : failed);
  }
  if (job.purpose == Queue::Purpose::shown)
    error_ = s.error ? s.error->message : Message("error.title");
  else if (job.purpose == Queue::Purpose::compare && !job.companion)
    runs_.comparison_failed();
  else if (job.purpose == Queue::Purpose::compare)
    runs_.show_companion({}, job.spec, job.story);
}

}  // namespace mid::ui
