// What a person's name looks like to a network: the picture that it likes best for each class, by gradients of its input.
// White box. Fredrikson, Jha, Ristenpart, CCS 2015; method.md sections 4 and 4.1; demos.md story 4.
#include <cassert>

#include "mid/attack/class_search.hpp"

namespace mid::attack {
namespace {

struct Spec : PriorSpec, AdversarySpec {
  std::string cost = "cross_entropy", optimizer = "adam";
  int steps = 100, patience = 100;
  double learning_rate = .1, enough = .01, pull = .03;
  Spec() = default;
  static std::vector<Param> params() {
    std::vector<Param> all = prior_params<Spec>({"pca", "pixels", "vae", "wgan_gp"});
    const std::vector<Param> own{
        choice(&Spec::cost, "cost", {"cross_entropy", "confidence"}, "What is made small: -ln of the class's confidence, or 1 - the confidence."),
        choice(&Spec::optimizer, "optimizer", {"adam", "descent", "unit"}, "How a step follows the gradient: Adam, plain descent, or steps of one length along it."),
        param(&Spec::learning_rate, "learning_rate", 1e-6, 100, "", "How far one step goes."),
        param(&Spec::steps, "steps", 1, 100000, "steps", "Steps at most (alpha).", "method.md section 4.1, MI-Face"),
        param(&Spec::patience, "patience", 1, 100000, "steps", "Ends a class whose cost is no better than the worst of so many before it (beta).", "method.md section 4.1, MI-Face"),
        param(&Spec::enough, "enough", 0, 100, "", "Ends a class whose cost is this small (gamma).", "method.md section 4.1, MI-Face"),
        param(&Spec::pull, "pull", 0, 1000, "", "How strongly a picture is held near the average one: adds pull/2 |code|^2 to the cost."),
    };
    all.insert(all.end(), own.begin(), own.end());
    for (Param& p : adversary_params<Spec>()) all.push_back(std::move(p));
    return all;
  }
};

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, Evidence& out) {
  const Spec spec = read<Spec>(j, "attack");
  assert(knowledge.open.pictures.size() != 0);  // run/experiment has checked that the data has some
  PictureSpace space;
  co_await learn_space(context, knowledge, spec, out.notes, space);
  co_await Tick{};

  const Network& network = oracle.network();
  ClassSearch search;
  search.cost = spec.cost, search.optimizer = spec.optimizer, search.learning_rate = spec.learning_rate;
  search.steps = spec.steps, search.patience = spec.patience, search.enough = spec.enough, search.pull = spec.pull;
  search.draws = spec.draws;
  const Matrix start = space.start().replicate(network.classes, 1);
  const std::vector<std::string> all = adversaries(network, spec.adversary);
  for (const std::string& adversary : all) {
    search.adversary = adversary;
    context.progress.begin("attacking", spec.steps, "step");
    ClassCodes found;
    co_await search_classes(context, network, space, search, "mi_face/" + adversary, start, found);
    if (adversary == spec.adversary) out.notes["steps"] = found.steps;
    co_await draw_found(context, space, std::move(found), adversary, spec.adversary, out);
  }
}

}  // namespace

extern const Attack mi_face;
const Attack mi_face{{"mi_face", "A face from a name",
                      "Knows the whole model and looks for the picture that it likes best for each class: no victim's picture is asked about.",
                      "Fredrikson, Jha, Ristenpart, CCS 2015; method.md section 4", &Spec::params, {"network"}},
                     Access::weights, Attack::Finds::class_picture, &run};

}  // namespace mid::attack
