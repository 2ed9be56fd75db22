// What a person's name looks like to a network: the picture that it likes best for each class, by gradients of its input.
// White box. Fredrikson, Jha, Ristenpart, CCS 2015; method.md sections 4 and 4.1; demos.md story 4.
#include <cassert>

#include "mid/attack/class_search.hpp"
#include "mid/data/pictures.hpp"

namespace mid::attack {
namespace {

struct Spec {
  std::string prior = "pca", cost = "cross_entropy", optimizer = "adam", adversary = "eot";
  int components = 40, shifts = 0, steps = 100, patience = 100, draws = 8;
  bool mirror = true;
  double learning_rate = .1, enough = .01, pull = .03;
  static std::vector<Param> params() {
    return {
        choice(&Spec::prior, "prior", {"pca", "pixels"}, "Where the picture is looked for: among mixtures of typical pictures of other people, or pixel by pixel."),
        param(&Spec::components, "components", 1, 400, "", "Typical pictures (principal components of the attacker's own) that may be mixed."),
        param(&Spec::shifts, "shifts", 0, 8, "pixels", "The typical pictures are learnt from the attacker's own moved by this much in four directions, too."),
        param(&Spec::mirror, "mirror", "The typical pictures are learnt from the attacker's own mirrored left to right, too."),
        choice(&Spec::cost, "cost", {"cross_entropy", "confidence"}, "What is made small: -ln of the class's confidence, or 1 - the confidence."),
        choice(&Spec::optimizer, "optimizer", {"adam", "descent", "unit"}, "How a step follows the gradient: Adam, plain descent, or steps of one length along it."),
        param(&Spec::learning_rate, "learning_rate", 1e-6, 100, "", "How far one step goes."),
        param(&Spec::steps, "steps", 1, 100000, "steps", "Steps at most (alpha).", "method.md section 4.1, MI-Face"),
        param(&Spec::patience, "patience", 1, 100000, "steps", "Ends a class whose cost is no better than the worst of so many before it (beta).", "method.md section 4.1, MI-Face"),
        param(&Spec::enough, "enough", 0, 100, "", "Ends a class whose cost is this small (gamma).", "method.md section 4.1, MI-Face"),
        param(&Spec::pull, "pull", 0, 1000, "", "How strongly a picture is held near the average one: adds pull/2 |code|^2 to the cost."),
        choice(&Spec::adversary, "adversary", {"naive", "eot", "mean"}, "Against a network with noise: one draw a step, the mean of several, or the noise taken out. The other two are measured beside it."),
        param(&Spec::draws, "draws", 1, 1000, "draws", "Draws of the network's noise that eot averages in each step."),
    };
  }
};

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, Evidence& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Dataset& open = knowledge.open;
  assert(open.pictures.size() != 0);  // run/experiment has checked that the data has some
  const OwnPictures made{spec.shifts, spec.mirror};
  Matrix pictures;
  co_await made.load(open, pictures);
  PictureSpace space;
  if (spec.prior == "pca") {
    PcaPrior prior;
    co_await learn_components(context, knowledge, made, spec.components, pictures, prior);
    out.notes["components"] = prior.components.rows();
    space = PictureSpace::components(std::move(prior), open);
  } else {
    const Matrix mean = pictures.colwise().mean();
    space = PictureSpace::pixels(reduced(mean, open.height, open.width, open.height / open.input_height), open);
  }
  co_await Tick{};

  const Network& network = oracle.network();
  ClassSearch search;
  search.cost = spec.cost, search.optimizer = spec.optimizer, search.learning_rate = spec.learning_rate;
  search.steps = spec.steps, search.patience = spec.patience, search.enough = spec.enough, search.pull = spec.pull;
  search.draws = spec.draws;
  const std::vector<std::string> all{"naive", "eot", "mean"};
  for (const std::string& adversary : all) {
    const bool chosen = adversary == spec.adversary;
    if (!network.stochastic && !chosen) continue;  // without noise they are the same
    search.adversary = adversary;
    context.progress.begin("attacking", spec.steps, "step");
    ClassCodes found;
    co_await search_classes(context, network, space, search, "mi_face/" + adversary, found);
    Matrix drawn = space.draw(found.code);
    if (!chosen) {
      out.more_pictures[adversary].push_back(std::move(drawn));
      continue;
    }
    out.pictures.push_back(std::move(drawn));
    out.notes["steps"] = found.steps;
    out.notes["target_confidence"] = found.confidence.mean();
  }
  out.notes["own_pictures"] = pictures.rows();
}

}  // namespace

extern const Attack mi_face;
const Attack mi_face{{"mi_face", "A face from a name",
                      "Knows the whole model and looks for the picture that it likes best for each class: no victim's picture is asked about.",
                      "Fredrikson, Jha, Ristenpart, CCS 2015; method.md section 4", &Spec::params, {"network"}},
                     Access::weights, Attack::Finds::class_picture, &run};

}  // namespace mid::attack
