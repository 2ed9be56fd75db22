// What a person's name looks like to a network: the picture that it likes best for each class, by gradients of its input.
// White box. Fredrikson, Jha, Ristenpart, CCS 2015; method.md sections 4 and 4.1.
#include <cassert>
#include <limits>

#include "mid/attack/search/random_views.hpp"
#include "mid/attack/search/students.hpp"
#include "mid/data/pictures.hpp"

namespace mid::attack {
namespace {

struct Spec : PriorSpec, AdversarySpec, SelectionSpec {
  std::string cost = "cross_entropy", optimizer = "adam";
  int steps = 100, patience = 100, students = 0;
  double learning_rate = .1, cost_threshold = .01, l2_weight = .03;
  Spec() = default;
  static std::vector<Param> params() {
    std::vector<Param> all = prior_params<Spec>({"pca", "pixels", "vae", "wgan_gp"});
    const std::vector<Param> own{
        choice(&Spec::cost, "cost", {"cross_entropy", "confidence", "lomma"}, "attack.mi_face.cost"),
        param(&Spec::students, "students", 0, 12, "", "attack.mi_face.students", "Nguyen et al., CVPR 2023"),
        choice(&Spec::optimizer, "optimizer", {"adam", "descent", "unit"}, "attack.mi_face.optimizer"),
        param(&Spec::learning_rate, "learning_rate", 1e-6, 100, "", "attack.learning_rate"),
        param(&Spec::steps, "steps", 1, 100000, "steps", "attack.mi_face.steps", "method.md section 4.1, MI-Face"),
        param(&Spec::patience, "patience", 1, 100000, "steps", "attack.mi_face.patience", "method.md section 4.1, MI-Face"),
        param(&Spec::cost_threshold, "cost_threshold", 0, 100, "", "attack.mi_face.cost_threshold", "method.md section 4.1, MI-Face")
            .formerly_called("enough"),
        param(&Spec::l2_weight, "l2_weight", 0, 1000, "", "attack.mi_face.l2_weight").formerly_called("pull"),
    };
    all.insert(all.end(), own.begin(), own.end());
    for (Param& p : selection_params<Spec>()) all.push_back(std::move(p));
    for (Param& p : adversary_params<Spec>()) all.push_back(std::move(p));
    return all;
  }
};

/// What the model makes of the attacker's own pictures inside: where lomma holds the search.
Task learn_features(Context& context, const Network& network, Matrix inputs, ClassSearch& search) {
  Activations inside;
  co_await activations(context, network, std::move(inputs), inside);
  scale_of_columns(inside.mu, search.feature_mean, search.feature_sd);
}

Matrix auxiliary_inputs(const Dataset& own) { return reduced(own.pictures, own.height, own.width, own.height / own.input_height); }

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  assert(knowledge.auxiliary.pictures.size() != 0);  // experiment/experiment has checked that the data has some
  PictureSpace space;
  co_await learn_space(context, knowledge, spec, out.notes, space);
  co_await Tick{};

  const Network& network = oracle.network();
  ClassSearch search;
  search.cost = spec.cost, search.optimizer = spec.optimizer, search.learning_rate = spec.learning_rate;
  search.steps = spec.steps, search.patience = spec.patience, search.cost_threshold = spec.cost_threshold,
  search.l2_weight = spec.l2_weight;
  search.draws = spec.draws;
  if (spec.cost == "lomma") {
    search.cost_threshold = -std::numeric_limits<double>::infinity();  // it has no least value
    co_await learn_features(context, network, auxiliary_inputs(knowledge.auxiliary), search);
  }
  if (spec.students > 0) co_await learn_students(context, network, auxiliary_inputs(knowledge.auxiliary), spec.students, search.students);
  std::vector<Matrix> starts;
  co_await likely_starts(context, network, space, spec.restarts, starts);
  const std::vector<std::string> all = adversaries(network, spec.adversary);
  for (const std::string& adversary : all) {
    search.adversary = adversary;
    std::vector<ClassCodes> candidates;
    for (std::size_t k = 0; k < starts.size(); ++k) {
      context.progress.begin("attacking", spec.steps, "step");
      ClassCodes found;
      const std::string name = "mi_face/" + adversary + (k == 0 ? "" : "/" + std::to_string(k));
      co_await search_classes(context, network, space, search, name, starts[k], found);
      candidates.push_back(std::move(found));
    }
    ClassCodes best;
    co_await choose_candidates(context, network, space, std::move(candidates), spec.views, adversary == spec.adversary, best, out);
    if (adversary == spec.adversary) out.notes["steps"] = best.steps;
    co_await draw_found(context, space, std::move(best), adversary, spec.adversary, out);
  }
}

}  // namespace

extern const Attack mi_face;
const Attack mi_face{{"mi_face",
                      "attack.mi_face.title",
                      "attack.mi_face.summary",
                      "Fredrikson, Jha, Ristenpart, CCS 2015; method.md section 4",
                      &Spec::params,
                      {"network"}},
                     Access::weights,
                     Attack::Finds::class_picture,
                     &run};

}  // namespace mid::attack
