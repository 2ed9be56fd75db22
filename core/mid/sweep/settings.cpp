#include "mid/sweep/settings.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <span>

#include "mid/base/language.hpp"
#include "mid/base/philox.hpp"
#include "mid/base/text.hpp"
#include "mid/defense/defense.hpp"
#include "mid/release/release_kind.hpp"

namespace mid {
namespace {

/// Where a parameter's values come from: a share in [0, 1) of its range to a value.
struct Range {
  std::string param;
  std::function<Json(double)> at;
};

/// Three digits: nobody reads more, and a setting can be typed again.
double rounded(double x) {
  if (x == 0) return 0;
  const double scale = std::pow(10, 2 - std::floor(std::log10(std::abs(x))));
  return std::round(x * scale) / scale;
}

Json number_of(const Param& p, double x) {
  x = std::clamp(x, p.low, p.high);
  return p.type == Param::Type::integer ? Json(static_cast<int>(std::round(x))) : Json(rounded(x));
}

double between(double a, double b, double share) {
  const bool by_logarithm = a * b > 0 && std::max(a / b, b / a) >= 2;
  return by_logarithm ? a * std::pow(b / a, share) : a + share * (b - a);
}

/// From the first of the strengths to the last, between neighbours as the line through them goes.
Range range_of(const Param& p, std::vector<double> strengths) {
  return {p.name, [p, strengths = std::move(strengths)](double share) {
            const double place = share * static_cast<double>(strengths.size() - 1);
            const std::size_t i = std::min(static_cast<std::size_t>(place), strengths.size() - 2);
            return number_of(
                p, strengths.size() == 1 ? strengths[0] : between(strengths[i], strengths[i + 1], place - static_cast<double>(i)));
          }};
}

Range range_of(const Param& p, const Tried& tried) {
  if (!p.choices.empty())
    return {p.name, [p](double share) { return Json(p.choices[static_cast<std::size_t>(share * static_cast<double>(p.choices.size()))]); }};
  const bool by_logarithm = tried.low > 0 && tried.high >= 10 * tried.low;
  return {p.name, [=](double share) {
            return number_of(
                p, by_logarithm ? tried.low * std::pow(tried.high / tried.low, share) : tried.low + share * (tried.high - tried.low));
          }};
}

/// `count` points of the box, each range's parts used once.
std::vector<Json> drawn(const std::vector<Range>& ranges, int wanted, Stream random) {
  const int count = std::max(wanted, 0);
  std::vector<Json> out(static_cast<std::size_t>(count), Json::object());
  for (const Range& r : ranges) {
    const Stream own = random.sub(r.param);
    const std::vector<int> order = permutation(own.sub("order"), count);
    for (int i = 0; i < count; ++i)
      out[static_cast<std::size_t>(i)][r.param] =
          r.at((order[static_cast<std::size_t>(i)] + uniform_at(own.sub("place"), static_cast<std::uint64_t>(i))) / count);
  }
  return out;
}

const Param* param_called(const std::vector<Param>& params, const std::string& name) {
  const auto at = std::find_if(params.begin(), params.end(), [&](const Param& p) { return p.name == name; });
  return at == params.end() ? nullptr : &*at;
}

const Param* first_number(const std::vector<Param>& params) {
  const auto at = std::find_if(params.begin(), params.end(),
                               [](const Param& p) { return p.type == Param::Type::number || p.type == Param::Type::integer; });
  return at == params.end() ? nullptr : &*at;
}

/// About a default of which nobody says what is worth trying.
std::vector<double> about_default(const Param& p) {
  std::vector<double> out;
  if (p.default_value.is_number())
    for (const double factor : {.03, .1, .3, 1., 3., 10.}) out.push_back(factor * p.default_value.get<double>());
  return out;
}

/// A rival's settings: its objects "defense" or "release".
struct Rival {
  std::string name;
  std::vector<Json> objects;
  bool own = false;  ///< begins with what was given
};

/// Of an entry: one rival, or two where its strengths have both signs. `given` (null: nothing) comes before its default, and that before
/// everything that is drawn.
std::vector<Rival> rivals(const About& about, const Param* strength, std::vector<double> strengths, const std::vector<Tried>& tried,
                          const std::vector<Param>& params, const Json& given, int count) {
  const std::string kind(about.name);
  std::vector<Range> others;
  for (const Tried& t : tried)
    if (const Param* p = param_called(params, t.param)) others.push_back(range_of(*p, t));
  if (!strength && others.empty()) return {{kind, {given.is_null() ? Json{{"kind", kind}} : given}, !given.is_null()}};
  if (strength) {
    if (strengths.empty()) strengths = about_default(*strength);
    std::erase_if(strengths, [&](double v) { return v < strength->low || v > strength->high; });
  }
  std::vector<Rival> out;
  for (const bool negative : {true, false}) {
    std::vector<double> of_sign;
    std::copy_if(strengths.begin(), strengths.end(), std::back_inserter(of_sign), [&](double v) { return (v < 0) == negative; });
    if (strength ? of_sign.empty() : negative) continue;
    Rival one{(negative ? "negative " : "") + kind, {}};
    const auto of_this_sign = [&](const Json& x) { return !strength || (x.is_number() && x.get<double>() < 0) == negative; };
    if (!given.is_null() && of_this_sign(strength ? given.value(strength->name, Json()) : Json()))
      one.objects.push_back(given), one.own = true;
    if (!strength || of_this_sign(strength->default_value)) one.objects.push_back({{"kind", kind}});
    std::vector<Range> ranges = others;
    if (strength) ranges.insert(ranges.begin(), range_of(*strength, of_sign));
    for (Json& point : drawn(ranges, count - static_cast<int>(one.objects.size()), Stream{0}.sub("compare").sub(one.name))) {
      point["kind"] = kind;
      one.objects.push_back(std::move(point));
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

std::vector<std::string> setting_paths() { return {"model.bottleneck", "defense", "release"}; }

std::vector<Setting> settings_to_compare(const Json& base, int count) {
  const std::string model = base["model"]["kind"].get<std::string>(), own = base["defense"]["kind"].get<std::string>();
  const std::string of = base["release"].value("of", std::string("answer"));
  const bool network = model == "network", embedding = of != "answer";
  const Json none{{"kind", "none"}}, base_width = network ? base["model"]["bottleneck"] : Json();
  // What is released as an embedding has the same width for all.
  const Json plain = network && !embedding ? Json(0) : base_width;
  const auto release = [&](Json object) {
    object["of"] = of;
    return object;
  };
  std::vector<Setting> out;
  std::set<std::string> seen;
  const auto add = [&](const std::string& family, std::vector<Json> at) {
    if (seen.insert(family + Json(at).dump()).second) out.push_back({spaced(family), std::move(at)});
  };
  const auto of_defense = [&](const Defense& d, const Json& given) {
    const std::vector<Param> params = d.about.params_for(model);
    const Param* strength = d.strength ? param_called(params, d.strength) : nullptr;
    const std::vector<double> strengths = strength ? d.strengths : std::vector<double>{};
    if (!strength) strength = first_number(params);
    return rivals(d.about, strength, strengths, d.tried, params, given, count);
  };

  const Defense& defence = *defense_called(own);
  const Json as_given = base["defense"];
  std::vector<Rival> own_rivals = of_defense(defence, as_given);
  const bool combined = as_given.contains("also");
  if (combined)  // all of its settings are with the other defence as it was given
    for (Rival& r : own_rivals) {
      for (Json& object : r.objects) object["also"] = as_given["also"];
      r.name = filled(text_of("defense.combined", "en"), {{"first", r.name}, {"second", as_given["also"]["kind"].get<std::string>()}});
    }
  // The specification's own setting is the first of all.
  std::stable_partition(own_rivals.begin(), own_rivals.end(), [](const Rival& r) { return r.own; });
  const auto width_of = [&](const Json& object) { return network && leaves_noise(object, model) ? base_width : plain; };
  for (const Rival& r : own_rivals)
    for (const Json& object : r.objects) add(r.name, {object == as_given ? base_width : width_of(object), object, release(none)});
  add("no defence", {plain, none, release(none)});
  if (network && !embedding) {
    Param width;
    width.name = "bottleneck", width.type = Param::Type::integer, width.low = 1, width.high = 1e6;
    const double most = std::max(base_width.is_number() ? base_width.get<double>() : 0., 8.);
    for (const Json& point : drawn({range_of(width, {2 * most, 1})}, count, Stream{0}.sub("compare").sub("narrow layer")))
      add("narrow layer", {point["bottleneck"], none, release(none)});
  }
  for (const Defense* d : defenses())
    if (d->about.is_for(model) && (d != &defence || combined) && std::string(d->about.name) != "none")
      for (const Rival& r : of_defense(*d, Json()))
        for (const Json& object : r.objects) add(r.name, {width_of(object), object, release(none)});
  for (const ReleaseKind* r : release_kinds()) {
    const std::string name(r->about.name);
    if (r->plain || !r->about.is_for(model)) continue;
    if (*r->noise == ReleaseKind::Noise::once_a_record) {  // of a model with noise alone
      for (const Rival& noisy : own_rivals)
        for (const Json& object : noisy.objects)
          add(noisy.name + ", " + name, {object == as_given ? base_width : width_of(object), object, release({{"kind", name}})});
      continue;
    }
    const std::vector<Param> params = r->about.params_for(model);
    for (const Rival& one : rivals(r->about, first_number(params), r->strengths, {}, params, Json(), count))  // "of" is text
      for (const Json& object : one.objects) add(one.name, {plain, none, release(object)});
  }
  return out;
}

}  // namespace mid
