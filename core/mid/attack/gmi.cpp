// What a person's name looks like to a network, among the pictures that a generator can make which has seen other people only.
// White box. Zhang et al., CVPR 2020; method.md sections 4 and 4.1, "GMI without autograd".
#include <cassert>
#include <limits>

#include "mid/attack/search/random_views.hpp"

namespace mid::attack {
namespace {

struct Spec : PriorSpec, AdversarySpec, SelectionSpec {
  int steps = 1500;
  double learning_rate = .02, momentum = .9, weight = 100, limit = 1;
  Spec() { prior = "wgan_gp", restarts = 5; }
  static std::vector<Param> params() {
    std::vector<Param> all = prior_params<Spec>({"wgan_gp", "vae", "pca"});
    const std::vector<Param> own{
        param(&Spec::steps, "steps", 1, 100000, "steps", "attack.gmi.steps", "method.md section 4"),
        param(&Spec::learning_rate, "learning_rate", 1e-6, 100, "", "attack.learning_rate"),
        param(&Spec::momentum, "momentum", 0, .999, "", "attack.gmi.momentum"),
        param(&Spec::weight, "weight", 0, 1e6, "", "attack.gmi.weight"),
        param(&Spec::limit, "limit", 0, 100, "", "attack.gmi.limit"),
    };
    all.insert(all.end(), own.begin(), own.end());
    for (Param& p : selection_params<Spec>()) all.push_back(std::move(p));
    for (Param& p : adversary_params<Spec>()) all.push_back(std::move(p));
    return all;
  }
};

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  assert(knowledge.auxiliary.pictures.size() != 0);  // experiment/experiment has checked that the data has some
  PictureSpace space;
  co_await learn_space(context, knowledge, spec, out.notes, space);

  const Network& network = oracle.network();
  ClassSearch search;
  search.optimizer = "nesterov", search.steps = spec.steps, search.patience = spec.steps + 1, search.draws = spec.draws;
  search.cost_threshold = -std::numeric_limits<double>::infinity();  // every step is taken
  search.learning_rate = spec.learning_rate, search.momentum = spec.momentum, search.weight = spec.weight, search.limit = spec.limit;
  search.critic_weight = space.has_critic() ? 1 : 0, search.l2_weight = space.has_critic() ? 0 : 1;
  const std::vector<std::string> all = adversaries(network, spec.adversary);
  for (const std::string& adversary : all) {
    search.adversary = adversary;
    std::vector<ClassCodes> candidates;
    for (int restart = 0; restart < spec.restarts; ++restart) {
      Matrix start(network.classes, space.numbers());
      fill_normal(context.random.sub("gmi start").sub(static_cast<std::uint64_t>(restart)), 0, start);
      if (spec.limit > 0) start = start.cwiseMax(-static_cast<float>(spec.limit)).cwiseMin(static_cast<float>(spec.limit));
      context.progress.begin("attacking", spec.steps, "step");
      ClassCodes found;
      co_await search_classes(context, network, space, search, "gmi/" + adversary + "/" + std::to_string(restart), start, found);
      candidates.push_back(std::move(found));
    }
    ClassCodes best;
    co_await choose_candidates(context, network, space, std::move(candidates), spec.views, adversary == spec.adversary, best, out);
    co_await draw_found(context, space, std::move(best), adversary, spec.adversary, out);
  }
}

}  // namespace

extern const Attack gmi;
const Attack gmi{
    {"gmi", "attack.gmi.title", "attack.gmi.summary", "Zhang et al., CVPR 2020; method.md section 4", &Spec::params, {"network"}},
    Access::weights,
    Attack::Finds::class_picture,
    &run};

}  // namespace mid::attack
