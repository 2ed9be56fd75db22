#include "ui/classroom.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "mid/base/hash.hpp"
#include "mid/data/csv.hpp"
#include "mid/measure/interval.hpp"
#include "ui/figures.hpp"
#include "ui/strings.hpp"

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

}  // namespace

std::string result_code(const PageModel& model) {
  if (!model.runs().has_result() || model.runs().stale() || model.choice().story().own) return {};
  const Measure u = model.runs().figure("utility", model.choice().story().utility), a = model.runs().privacy();
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

std::string class_words(const ClassRuns& runs, const std::vector<double>& of) {
  const Measure m = runs.mean(of);
  if (of.size() < 2 || !m.low) return words("class.one", {{"value", percent(m.value)}});
  return words("class.mean", {{"mean", percent(m.value)},
                              {"low", percent(m.low)},
                              {"high", percent(m.high)},
                              {"least", percent(*std::min_element(of.begin(), of.end()))},
                              {"most", percent(*std::max_element(of.begin(), of.end()))}});
}

Json class_json(const PageModel& model, const std::string& pasted) {
  const ClassRuns runs = read_codes(pasted);
  const auto part = [&](const std::vector<double>& of) {
    const Measure m = runs.mean(of);
    return Json{{"mean", m.value ? Json(*m.value) : Json()},
                {"low", m.low ? Json(*m.low) : Json()},
                {"high", m.high ? Json(*m.high) : Json()},
                {"bins", runs.bins(of)},
                {"told", runs.any() ? class_words(runs, of) : ""}};
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

}  // namespace mid::ui
