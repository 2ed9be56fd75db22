#include "mid/defense/combined/combined.hpp"

#include <cassert>

namespace mid {
namespace {

NetworkHooks hooks_of(const Json& part) {
  const Defense* entry = defense_called(part.at("kind").get<std::string>());
  assert(entry && entry->network);  // check_spec has let only known ones through
  return entry->network(part);
}

/// The one that there is.
template <class Hook>
Hook either(Hook a, Hook b) {
  assert(!a || !b);
  return a ? std::move(a) : std::move(b);
}

}  // namespace

NetworkHooks network_hooks(const Json& defense) {
  const std::vector<Json> parts = defense_parts(defense);
  NetworkHooks a = hooks_of(parts[0]);
  if (parts.size() == 1) return a;
  NetworkHooks b = hooks_of(parts[1]);
  NetworkHooks out;
  assert(!a.stochastic || !b.stochastic);
  out.stochastic = a.stochastic || b.stochastic;
  out.noise_sd = std::max(a.noise_sd, b.noise_sd);
  out.class_means = a.class_means || b.class_means;
  const auto needs = [&](NetworkHooks::Needs which) { return a.needs == which || b.needs == which; };
  using Needs = NetworkHooks::Needs;
  out.needs = needs(Needs::hidden) ? Needs::hidden : needs(Needs::inside) ? Needs::inside : Needs::nothing;
  out.dropout = std::max(a.dropout, b.dropout);
  out.frozen = std::max(a.frozen, b.frozen);
  out.takes_public = a.takes_public || b.takes_public;
  out.most_batch = a.most_batch == 0 || b.most_batch == 0 ? std::max(a.most_batch, b.most_batch) : std::min(a.most_batch, b.most_batch);
  if (a.penalty && b.penalty)
    out.penalty = [first = std::move(a.penalty), second = std::move(b.penalty)](Program& p, const NetworkVars& v, const Batch& batch) {
      return p.add(first(p, v, batch), second(p, v, batch));
    };
  else
    out.penalty = either(std::move(a.penalty), std::move(b.penalty));
  out.companion = either(std::move(a.companion), std::move(b.companion));
  out.target = either(std::move(a.target), std::move(b.target));
  out.gradient = either(std::move(a.gradient), std::move(b.gradient));
  out.privacy_loss = either(std::move(a.privacy_loss), std::move(b.privacy_loss));
  // Beside a step that is followed for itself nobody may ask for more: it would be left out.
  assert(!out.gradient || (!out.penalty && !out.companion));
  out.reserved_fraction = std::max(a.reserved_fraction, b.reserved_fraction);
  return out;
}

}  // namespace mid
