#include <algorithm>
#include <functional>

#include "mid/measure/figure.hpp"
#include "mid/measure/front.hpp"
#include "mid/measure/paired.hpp"
#include "mid/report/comparison.hpp"

namespace mid {
namespace {

using Numbers = std::vector<std::optional<double>>;
using Setting = Comparison::Setting;
using Family = Comparison::Family;

/// Exact tests over more signs than these are no longer quick; the first seeds are taken.
constexpr std::size_t kMostFlips = 20;

const Comparison::Gets* gets_of(const Setting& s) {
  const auto at = s.attackers.find(s.attacker);
  return at == s.attackers.end() ? nullptr : &at->second;
}

const Setting* undefended(const Comparison& c) {
  for (const Family& f : c.families)
    if (f.name == "no defence") return &f.settings.front();
  return nullptr;
}

/// Utility and leak as shares (measure/front.hpp), by one half of the people.
class Scale {
 public:
  Scale(const Comparison& c, double undefended_leak) : c_(c), leak_(undefended_leak), lower_(gains_when_lower(c.utility)) {}
  Trade operator()(double utility, double leak) const {
    const double gained = lower_ ? 1 - utility / c_.guess_utility : (utility - c_.guess_utility) / (1 - c_.guess_utility);
    return {gained, (leak - c_.guess_leak) / (leak_ - c_.guess_leak)};
  }

 private:
  const Comparison& c_;
  double leak_;
  bool lower_;
};

void name_attackers(Comparison& c) {
  for (Family& f : c.families) {
    for (Setting& s : f.settings) {
      std::optional<double> most;
      s.attacker.clear();
      for (const auto& [name, gets] : s.attackers)
        if (const auto mean = over_seeds(gets.selecting); mean && (!most || mean->mean > *most)) most = mean->mean, s.attacker = name;
    }
  }
}

void mark_front(Family& f, const Scale& scale) {
  std::vector<Trade> trades;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < f.settings.size(); ++i) {
    Setting& s = f.settings[i];
    s.on_front = false;
    const Comparison::Gets* gets = gets_of(s);
    const auto utility = over_seeds(s.utility), leak = gets ? over_seeds(gets->selecting) : std::nullopt;
    if (utility && leak) trades.push_back(scale(utility->mean, leak->mean)), of.push_back(i);
  }
  for (const std::size_t place : front(trades)) f.settings[of[place]].on_front = true;
}

void measure_volume(Family& f, const Scale& scale, std::size_t seeds) {
  f.volume.assign(seeds, std::nullopt);
  for (std::size_t seed = 0; seed < seeds; ++seed) {
    std::vector<Trade> trades;
    for (const Setting& s : f.settings)
      if (const auto* gets = gets_of(s); s.on_front && gets && s.utility[seed] && gets->reported[seed])
        trades.push_back(scale(*s.utility[seed], *gets->reported[seed]));
    if (!trades.empty()) f.volume[seed] = hypervolume(trades);
  }
}

/// The least leak to the selecting half of the settings that are useful enough.
std::optional<int> least_at(const Comparison& c, const Family& f, double share) {
  const bool lower = gains_when_lower(c.utility);
  const double wanted = lower ? c.undefended_utility->mean / share : c.undefended_utility->mean * share;
  std::optional<int> at;
  double least = 0;
  for (std::size_t i = 0; i < f.settings.size(); ++i) {
    const auto* gets = gets_of(f.settings[i]);
    const auto utility = over_seeds(f.settings[i].utility), leak = gets ? over_seeds(gets->selecting) : std::nullopt;
    if (!utility || !leak || (lower ? utility->mean > wanted : utility->mean < wanted)) continue;
    if (!at || leak->mean < least) at = static_cast<int>(i), least = leak->mean;
  }
  return at;
}

/// Both numbers of the seeds that have them.
void each_pair(const Numbers& a, const Numbers& b, const std::function<void(double, double)>& use) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (a[i] && b[i]) use(*a[i], *b[i]);
}

void compare_with_first(Comparison& c) {
  const Family& first = c.families.front();
  std::vector<double> p;
  std::vector<Family*> tested;
  for (Family& f : c.families) {
    for (std::size_t k = 0; k < f.at.size(); ++k) {
      if (!f.at[k].setting || !first.at[k].setting || &f == &first) continue;
      const auto reported = [&](const Family& of) -> const Numbers& {
        return gets_of(of.settings[static_cast<std::size_t>(*of.at[k].setting)])->reported;
      };
      each_pair(reported(first), reported(f), [&](double ours, double theirs) { f.at[k].lower += theirs < ours, ++f.at[k].of; });
    }
    f.versus.reset();
    if (&f == &first) continue;
    std::vector<double> differences;
    each_pair(first.volume, f.volume, [&](double ours, double theirs) { differences.push_back(ours - theirs); });
    if (differences.empty()) continue;
    Comparison::Versus versus{};
    versus.difference = spread(differences).mean;
    if (const auto interval = t_interval(differences)) std::tie(versus.low, versus.high) = *interval;
    versus.p = sign_flip_p(std::span(differences).first(std::min(differences.size(), kMostFlips)));
    f.versus = versus;
    p.push_back(versus.p), tested.push_back(&f);
  }
  const std::vector<double> corrected = holm(p);
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->versus->p_holm = corrected[i];
}

}  // namespace

std::optional<Spread> over_seeds(const Numbers& values) {
  std::vector<double> there;
  for (const auto& v : values)
    if (v) there.push_back(*v);
  return there.empty() ? std::nullopt : std::optional(spread(there));
}

void judge_fronts(Comparison& c) {
  name_attackers(c);
  c.undefended_utility.reset(), c.undefended_leak.reset();
  for (Family& f : c.families) f.volume.clear(), f.at.clear(), f.versus.reset();
  const Setting* plain = undefended(c);
  const auto* gets = plain ? gets_of(*plain) : nullptr;
  const auto selecting = gets ? over_seeds(gets->selecting) : std::nullopt;
  if (plain && selecting) c.undefended_utility = over_seeds(plain->utility), c.undefended_leak = over_seeds(gets->reported);
  const double chosen_by = selecting ? selecting->mean : c.guess_leak;
  if (!c.undefended_utility || !c.undefended_leak || chosen_by <= c.guess_leak || c.undefended_leak->mean <= c.guess_leak) {
    c.troubles.emplace_back("Nothing can be compared: the best attacker of the model without a defence gets no more than the guess.");
    return;
  }
  const Scale to_select(c, chosen_by), to_report(c, c.undefended_leak->mean);
  for (Family& f : c.families) {
    mark_front(f, to_select);
    measure_volume(f, to_report, c.seeds.size());
    for (const double share : Comparison::kShares) f.at.push_back({least_at(c, f, share)});
  }
  compare_with_first(c);
}

bool Comparison::is_whole() const {
  const std::size_t n = seeds.size();
  const auto fits = [&](const Family& f) {
    return !f.settings.empty() && (f.volume.empty() || f.volume.size() == n) && (f.at.empty() || f.at.size() == std::size(kShares)) &&
           std::all_of(f.at.begin(), f.at.end(),
                       [&](const At& at) {
                         return !at.setting || (*at.setting >= 0 && *at.setting < static_cast<int>(f.settings.size()) &&
                                                gets_of(f.settings[static_cast<std::size_t>(*at.setting)]));
                       }) &&
           std::all_of(f.settings.begin(), f.settings.end(), [&](const Setting& s) {
             return s.utility.size() == n && std::all_of(s.attackers.begin(), s.attackers.end(), [&](const auto& one) {
                      return one.second.selecting.size() == n && one.second.reported.size() == n;
                    });
           });
  };
  return n > 0 && !families.empty() && std::all_of(families.begin(), families.end(), fits);
}

}  // namespace mid
