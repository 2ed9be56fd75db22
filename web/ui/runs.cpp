#include "ui/runs.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "mid/base/error.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/measure/figure.hpp"

namespace mid::ui {
namespace {

std::optional<double> number_at(const SavedRun::Values& values, std::string_view name) {
  const auto found = values.find(std::string(name));
  return found == values.end() ? std::nullopt : found->second;
}

Interval interval_at(const SavedRun& run, const std::string& name) {
  const auto found = run.intervals.find(name);
  if (found == run.intervals.end() || found->second.size() != 2) return std::nullopt;
  return std::pair(found->second[0], found->second[1]);
}

/// Whether an entry is the stronger the smaller its number is.
bool is_weaker_with_more(const Treatment& t, const std::string& model) {
  const bool release = t.defence == "none";
  const std::vector<double> stops = rival_of((release ? "release." : "defense.") + (release ? t.release : t.defence), model, Json()).stops;
  return stops.size() > 2 && stops[1] > stops.back();
}

bool is_undefended(const std::string& defence, const std::string& release) { return defence == "none" && !changes_answers(release); }
bool is_undefended(const Json& spec) { return is_undefended(defence_of(spec), release_of(spec)); }

/// Runs::by_stops() of a list.
std::vector<int> ordered_by_stops(const std::vector<Run>& list) {
  std::map<std::size_t, int> latest;  // of each family
  for (int i = 0; i < std::ssize(list); ++i) latest[list[static_cast<std::size_t>(i)].family] = i;
  std::vector<std::tuple<int, std::ptrdiff_t, std::string, double, int, int>> places;
  for (int i = 0; i < std::ssize(list); ++i) {
    const Run& r = list[static_cast<std::size_t>(i)];
    const Story& story = stories()[static_cast<std::size_t>(r.story)];
    const std::string name = r.defence != "none" ? "defense." + r.defence : "release." + r.release;
    const bool own = std::ranges::find(story.defences, r.defence) != story.defences.end();
    const std::ptrdiff_t in_switch = is_undefended(r.defence, r.release) ? -2
                                     : own                               ? -1
                                                                         : std::ranges::find(story.rivals, name) - story.rivals.begin();
    places.emplace_back(-latest[r.family], in_switch, name, r.weakens ? -r.strength : r.strength, r.seed, i);
  }
  std::ranges::sort(places);
  std::vector<int> out;
  for (const auto& place : places) out.push_back(std::get<5>(place));
  return out;
}

}  // namespace

const Json& Shown::spec() const {
  static const Json none;
  return result ? result->spec : none;
}

Measure Runs::figure(std::string_view group, std::string_view name) const {
  return has_result() ? shown_.result->figure(group, name) : Measure{};
}

Measure Runs::privacy() const { return has_result() ? figure("privacy", privacy_figure(choice_.story(), shown_.spec())) : Measure{}; }

const Shown* Runs::beside() const {
  return shows_defence() && plain_.sheet && plain_family_ == shown_family_ && plain_.seed == shown_.seed ? &plain_ : nullptr;
}

std::vector<const Shown*> Runs::finished() const {
  std::vector<const Shown*> out;
  if (has_result() && shown_family_ == choice_.family() && shown_.seed == choice_.seed()) out.push_back(&shown_);
  for (const Earlier& e : earlier_)
    if (e.family == choice_.family() && e.shown.seed == choice_.seed()) out.push_back(&e.shown);
  return out;
}

const Shown* Runs::kept_companion(const Json& spec) const {
  const auto at = std::ranges::find(kept_companions_, spec, &std::pair<Json, Shown>::first);
  return at == kept_companions_.end() ? nullptr : &at->second;
}

const Shown* Runs::companion(std::string_view name, bool defended) const {
  for (const Companion& c : companions_)
    if (has_result() && c.name == name && c.defended == defended)
      if (const Shown* kept = kept_companion(c.spec); kept && kept->result) return kept;
  return nullptr;
}

Json Runs::missing_companion() const {
  if (has_result() && !stale())
    for (const Companion& c : companions_)
      if (!kept_companion(c.spec)) return c.spec;
  return nullptr;
}

std::vector<Runs::Companion> Runs::companions_of(const Json& spec, const Story& story) const {
  std::vector<Companion> out;
  if (story.companions.empty()) return out;
  Json plain = with_choice(story, choice_.preset(story), spec, 0, seed_of(spec));
  plain["release"] = {{"kind", "none"}, {"of", is_inside(spec) ? "embedding" : "answer"}};
  for (const bool defended : {true, false})
    for (const auto& [name, fields] : story.companions.items()) try {
        out.push_back({name, defended, with_fields(defended ? spec : plain, fields)});
      } catch (const Error&) {  // this model or this table has none
      }
  return out;
}

bool Runs::shows_defence() const { return has_result() && !is_undefended(shown_.spec()); }

bool Runs::lacks_comparison() const {
  return has_result() && !stale() && compare_failed_ != choice_.family() && (!undefended() || (beside_ && shows_defence() && !beside()));
}

const Run* Runs::run_of(const Json& spec) const {
  for (const Run& r : list_)
    if (r.spec == spec && r.utility && r.privacy) return &r;
  return nullptr;
}

const Run* Runs::undefended() const {
  for (const Run& r : list_)
    if (comparable(r) && is_undefended(r.defence, r.release) && r.seed == choice_.seed()) return &r;
  return nullptr;
}

/// Of the chosen family and seed.
bool Runs::knows_stops() const { return missing_family_ == choice_.family() && missing_seed_ == choice_.seed(); }

/// The same stops are looked for until the choice or the switch is another: to check a specification costs more than to find it.
void Runs::make_stops() const {
  std::vector<std::pair<std::string, double>> wanted;
  if (choice_.has_own_defence())
    for (const double stop : choice_.story().stops) wanted.emplace_back("", stop);
  for (const Rival& r : choice_.rivals())
    for (std::size_t i = 1; i < r.stops.size(); ++i) wanted.emplace_back(r.key, r.stops[i]);
  Json beside = choice_.spec().is_object() ? choice_.spec()["defense"] : Json();  // what a strength leaves as it is
  if (beside.is_object()) beside.erase(choice_.story().parameter);
  if (knows_stops() && wanted == wanted_ && beside == wanted_beside_) return;
  missing_family_ = choice_.family(), missing_seed_ = choice_.seed();
  wanted_ = std::move(wanted), wanted_beside_ = std::move(beside);
  stops_.clear();
  if (!choice_.spec().is_object()) return;
  for (int repeat = 0; repeat < kRepeatsOfAll; ++repeat)  // every curve first, then again
    for (const auto& [rival, stop] : wanted_) stops_.push_back(choice_.with(rival, stop, choice_.seed() + repeat));
}

const std::vector<Json>& Runs::missing_stops() const {
  if (missing_serial_ == saved_serial_ && knows_stops()) return missing_;
  make_stops();
  missing_serial_ = saved_serial_;
  missing_.clear();
  for (const Json& spec : stops_) {
    const std::string defence = defence_of(spec), release = release_of(spec);
    const int seed = seed_of(spec);
    if (std::ranges::none_of(
            list_, [&](const Run& r) { return r.seed == seed && r.defence == defence && r.release == release && r.spec == spec; }))
      missing_.push_back(spec);
  }
  return missing_;
}

void Runs::remember(Saved saved) {
  saved_ = std::move(saved), ++saved_serial_;
  list_.clear();
  for (const SavedRun& entry : saved_->runs) {
    Run r;
    r.spec = entry.spec;
    r.treatment = treatment_of(r.spec), r.weakens = is_weaker_with_more(r.treatment, model_of(r.spec));
    r.story = story_of(r.spec), r.strength = r.treatment.strength, r.seed = seed_of(r.spec), r.repeats = repeats_of(r.spec);
    r.release = release_of(r.spec), r.defence = defence_of(r.spec), r.family = family_of(r.spec);
    const Story& of = stories()[static_cast<std::size_t>(r.story)];
    const std::string privacy(privacy_figure(of, r.spec));
    r.utility = number_at(entry.utility, of.utility), r.privacy = number_at(entry.privacy, privacy);
    r.utility_interval = interval_at(entry, of.utility), r.privacy_interval = interval_at(entry, privacy);
    const unsigned kind = model_bit(model_of(r.spec));
    r.bound = number_at(entry.information, picked_figure(FigureKind::Group::information, &FigureKind::bound, kind));
    r.information = number_at(entry.information, picked_figure(FigureKind::Group::information, &FigureKind::estimate, kind));
    if (entry.failed) r.error = entry.failed_message ? *entry.failed_message : Message::plain(*entry.failed);
    list_.push_back(std::move(r));
  }
  by_stops_ = ordered_by_stops(list_);
}

void Runs::preview(PictureSheet sheet) {
  if (shown_.story == choice_.story_index()) return;
  const int serial = shown_.serial + 1;
  shown_ = {};
  shown_.sheet = std::move(sheet), shown_.story = choice_.story_index(), shown_.serial = serial;
}

void Runs::show(Snapshot&& s, const Json& spec, int story) {
  if (shown_.result && shown_.sheet) {
    std::erase_if(earlier_, [&](const Earlier& e) { return e.shown.spec() == shown_.spec() || e.shown.spec() == spec; });
    earlier_.push_front({shown_family_, shown_});
    if (earlier_.size() > kMostEarlier) earlier_.pop_back();
  }
  if (shown_.result && is_undefended(shown_.spec())) {  // what the next one is compared with
    const int serial = plain_.serial + 1;
    plain_ = std::move(shown_), plain_family_ = shown_family_, shown_.serial = plain_.serial;
    plain_.serial = serial;
  }
  shown_family_ = family_of(spec);
  shown_ = {.result = std::move(s.result),
            .warnings = std::move(s.warnings),
            .sheet = std::move(s.sheet),
            .beliefs = std::move(s.beliefs),
            .tree = std::move(s.tree),
            .strength = strength_of(stories()[static_cast<std::size_t>(story)], spec),
            .seed = seed_of(spec),
            .story = story,
            .serial = shown_.serial + 1};
  companions_ = companions_of(spec, stories()[static_cast<std::size_t>(story)]);
  choice_changed();
  expected_ = expected_of(shown_.spec());
}

void Runs::show_beside(Snapshot&& s, const Json& spec, int story) {
  plain_family_ = family_of(spec);
  plain_ = {.result = std::move(s.result),
            .warnings = {},
            .sheet = std::move(s.sheet),
            .beliefs = {},
            .tree = {},
            .strength = 0,
            .seed = seed_of(spec),
            .story = story,
            .serial = plain_.serial + 1};
}

void Runs::show_companion(Snapshot&& s, const Json& spec, int story) {
  Shown kept;
  kept.result = std::move(s.result), kept.sheet = std::move(s.sheet), kept.beliefs = std::move(s.beliefs);
  kept.seed = seed_of(spec), kept.story = story, kept.serial = ++companion_serial_;
  kept_companions_.emplace_front(spec, std::move(kept));
  if (kept_companions_.size() > kMostCompanions) kept_companions_.pop_back();
}

}  // namespace mid::ui
