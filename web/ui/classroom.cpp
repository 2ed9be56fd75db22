#include "classroom.hpp"

#include <algorithm>
#include <cmath>
#include <fonts.hpp>
#include <map>
#include <optional>
#include <set>

#include "figures.hpp"
#include "frame.hpp"
#include "menu.hpp"
#include "mid/base/hash.hpp"
#include "mid/data/csv.hpp"
#include "mid/measure/interval.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

/// One decimal of a per cent, with a point in every language: codes travel.
std::string tenths(double share) {
  char text[24];
  std::snprintf(text, sizeof text, "%.1f", 100 * share);
  return text;
}

/// A mark of everything but the seed, so that a class sees when somebody's settings are others.
std::string mark_of(Json spec) {
  for (const char* field : {"seed", "version"}) spec.erase(field);
  return sha256(spec.dump(-1, ' ', false, Json::error_handler_t::replace)).substr(0, 6);
}

struct Code {
  std::string story, settings;
  double strength = 0, utility = 0, privacy = 0, seed = 0;  // a seed is a whole number below 2^31
};

bool number(std::string_view text, double& to) {
  const std::optional<double> value = parse_number(text);
  if (value) to = *value;
  return value.has_value();
}

bool read(std::string_view word, Code& to) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0;;) {
    const auto end = word.find(':', from);
    parts.push_back(word.substr(from, end - from));
    if (end == std::string_view::npos) break;
    from = end + 1;
  }
  if (parts.size() != 6 || find_story(parts[0]) < 0 || parts[5].size() != 6 ||
      parts[5].find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return false;
  to.story = parts[0], to.settings = parts[5];
  if (!number(parts[1], to.strength) || !number(parts[2], to.seed) || !number(parts[3], to.utility) || !number(parts[4], to.privacy))
    return false;
  to.utility /= 100, to.privacy /= 100;
  const auto share = [](double x) { return x >= 0 && x <= 1; };
  return to.strength >= 0 && to.strength <= 1e9 && to.seed >= 0 && to.seed < 2147483648. && to.seed == std::floor(to.seed) &&
         share(to.utility) && share(to.privacy);
}

/// Twenty bars from 0 to 100 %, with the mean's interval over them and the baseline as a mark.
void histogram(Frame& f, Box box, const ClassRuns& runs, const std::vector<double>& of, std::optional<double> baseline, ImU32 colour) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const auto bins = runs.bins(of);
  const int most = std::max(1, *std::max_element(bins.begin(), bins.end()));
  const float from = box.x + 24, w = box.right() - from, floor = box.bottom() - 20, top = box.y + 22;
  const float bar = w / static_cast<float>(ClassRuns::kBins);
  p.text(from - 6, top + 5, kNote, t.ink3, std::to_string(most), Align::right);
  p.line(from, top, box.right(), top, t.line);
  p.line(from, floor, box.right(), floor, t.edge);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const float h = (floor - top) * static_cast<float>(bins[i]) / static_cast<float>(most);
    if (h > 0) p.fill({from + bar * static_cast<float>(i) + 1, floor - h, bar - 2, h}, colour, 2);
  }
  const auto x = [&](double share) { return from + w * static_cast<float>(std::clamp(share, 0., 1.)); };
  if (baseline) p.fill({x(*baseline) - 1, top - 4, 2, floor - top + 4}, t.ink);
  const Measure mean = runs.mean(of);
  if (mean.low && mean.high) {
    p.fill({x(*mean.low), top - 9, std::max(3.f, x(*mean.high) - x(*mean.low)), 4}, t.ink, 2);
    p.circle(x(*mean.value), top - 7, 5, t.ink);
  }
  for (const double tick : {0., .5, 1.})
    p.text(x(tick), floor + 16, kNote, t.ink3, percent(tick), tick == 0 ? Align::left : tick == 1 ? Align::right : Align::centre);
}

std::string told(const ClassRuns& runs, const std::vector<double>& of) {
  const Measure m = runs.mean(of);
  if (of.size() < 2 || !m.low) return words("class.one", {{"value", percent(m.value)}});
  return words("class.mean", {{"mean", percent(m.value)},
                              {"low", percent(m.low)},
                              {"high", percent(m.high)},
                              {"least", percent(*std::min_element(of.begin(), of.end()))},
                              {"most", percent(*std::max_element(of.begin(), of.end()))}});
}

}  // namespace

std::string result_code(const PageModel& model) {
  if (!model.runs().has_result() || model.runs().stale() || model.choice().story().own) return {};
  const Measure u = model.runs().figure("utility", model.choice().story().utility),
                a = model.runs().figure("privacy", model.choice().story().privacy);
  if (!u.value || !a.value) return {};
  return std::string(model.choice().story().key) + ":" + strength_number(model.runs().shown().strength) + ":" +
         std::to_string(model.runs().shown().seed) + ":" + tenths(*u.value) + ":" + tenths(*a.value) + ":" +
         mark_of(model.runs().shown().spec());
}

Measure ClassRuns::mean(const std::vector<double>& of) const {
  return mean_with_bootstrap(of, {}, std::nullopt, "proportion", Stream{1}.sub("class"));
}

std::array<int, ClassRuns::kBins> ClassRuns::bins(const std::vector<double>& of) const {
  std::array<int, kBins> out{};
  for (const double x : of) ++out[std::min(static_cast<std::size_t>(x * kBins + 1e-9), kBins - 1)];
  return out;
}

ClassRuns read_codes(std::string_view text) {
  ClassRuns out;
  std::vector<Code> codes;
  constexpr std::string_view kBetween = " \t\r\n,;\"'";
  for (std::size_t from = 0; (from = text.find_first_not_of(kBetween, from)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBetween, from), text.size());
    const std::string_view word = text.substr(from, end - from);
    from = end;
    if (std::count(word.begin(), word.end(), ':') < 3) continue;  // a name, a greeting
    if (Code code; read(word, code))
      codes.push_back(std::move(code));
    else
      ++out.unreadable;
  }
  std::map<std::string, int> count;
  for (const Code& c : codes) ++count[c.story + c.settings];
  const auto most = std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::set<double> seeds;
  for (const Code& c : codes) {
    if (c.story + c.settings != most->first)
      ++out.others;
    else if (!seeds.insert(c.seed).second)
      ++out.again;
    else
      out.story = c.story, out.settings = c.settings, out.strength = c.strength, out.utility.push_back(c.utility),
      out.privacy.push_back(c.privacy);
  }
  return out;
}

Json class_json(const PageModel& model, const std::string& pasted) {
  const ClassRuns runs = read_codes(pasted);
  const auto part = [&](const std::vector<double>& of) {
    const Measure m = runs.mean(of);
    return Json{{"mean", m.value ? Json(*m.value) : Json()},
                {"low", m.low ? Json(*m.low) : Json()},
                {"high", m.high ? Json(*m.high) : Json()},
                {"bins", runs.bins(of)},
                {"told", runs.any() ? told(runs, of) : ""}};
  };
  const int at = find_story(runs.story);
  const auto name = [&](const char* key) {
    return at < 0 ? std::string() : std::string(story_words(stories()[static_cast<std::size_t>(at)].texts, key));
  };
  Json utility = part(runs.utility), privacy = part(runs.privacy);
  utility["name"] = name("utility.short"), privacy["name"] = name("privacy.short");
  return {{"code", result_code(model)},    {"story", runs.story}, {"strength", runs.strength},
          {"n", runs.privacy.size()},      {"again", runs.again}, {"others", runs.others},
          {"unreadable", runs.unreadable}, {"utility", utility},  {"privacy", privacy}};
}

void classroom(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  p.icon(box.x + 10, box.y + 22, icon::kPresentation, t.ink);
  p.text(box.x + 30, box.y + 28, kBodyStrong, t.ink, words("class"));
  if (icon_button(f, "class.close", {box.right() - 34, box.y + 4, 36, 36}, icon::kX, "", t.ink2, 0, words("close")))
    f.view.pane = View::stage;
  const bool beside = box.w > 560;
  const float w = beside ? 300 : box.w;
  float y = box.y + 64;
  y += 21 * static_cast<float>(p.paragraph(box.x, y, w, kNote, t.ink2, words("class.how"), 21)) + 4;
  const std::string own = result_code(model);
  const float half = (w - 8) / 2;
  if (icon_button(f, "class.copy", {box.x, y, half, 36}, icon::kLink, words("class.copy"), own.empty() ? t.ink3 : t.ink, t.edge,
                  words(own.empty() ? "class.copy.none" : "class.copy.tip")) &&
      !own.empty()) {
    f.doors.copy_text(own);
    model.notice = Message("class.copied").with("code", own);
  }
  if (f.doors.paste && icon_button(f, "class.paste", {box.x + half + 8, y, half, 36}, icon::kDownload, words("class.paste"), t.ink, t.edge,
                                   words("class.paste.tip")))
    f.doors.paste();
  y += 58;

  const ClassRuns& runs = f.view.class_runs(&read_codes);
  if (!runs.any()) {
    p.paragraph(box.x, y, w, kNote, t.ink3, words(runs.unreadable ? "class.unreadable" : "class.empty"), 21);
    return;
  }
  const Story& story = stories()[static_cast<std::size_t>(find_story(runs.story))];
  const std::string strength = std::string(story.symbol) + " = " + localised(strength_number(runs.strength));
  y += 21 * static_cast<float>(p.paragraph(box.x, y, w, kNote, t.ink,
                                           words("class.runs", {{"n", std::to_string(runs.privacy.size())},
                                                                {"story", std::string(story_words(story.texts, "menu"))},
                                                                {"strength", strength}}),
                                           21));
  std::string left_out;
  for (const auto& [n, key] : {std::pair{runs.again, "class.again"}, {runs.others, "class.others"}, {runs.unreadable, "class.broken"}})
    if (n > 0) left_out += (left_out.empty() ? "" : " ") + words(key, {{"n", std::to_string(n)}});
  if (!left_out.empty()) y += 21 * static_cast<float>(p.paragraph(box.x, y, w, kNote, t.ink3, left_out, 21));
  float x = box.x, width = box.w;
  if (beside) x += w + 32, width -= w + 32, y = box.y + 48;
  const float room = box.bottom() - y, height = std::clamp(room / 2 - 76, 64.f, 130.f);
  const auto base = [&](const char* group, std::string_view name) {
    return model.choice().story().key == runs.story ? model.runs().figure(group, name).baseline : std::nullopt;
  };
  for (const bool attack : {true, false}) {
    const std::vector<double>& of = attack ? runs.privacy : runs.utility;
    const ImU32 colour = attack ? t.attack : t.model;
    p.text(x, y + 14, kNoteStrong, colour, story_words(story.texts, attack ? "privacy.short" : "utility.short"));
    histogram(f, {x, y + 14, width, height}, runs, of, base(attack ? "privacy" : "utility", attack ? story.privacy : story.utility),
              colour);
    y += height + 32;
    y += 19 * static_cast<float>(p.paragraph(x, y, width, kNote, t.ink2, told(runs, of), 19)) + 2;
  }
}

}  // namespace mid::ui
