// What a person's name looks like to a model that shows its confidences: an evolution strategy looks among mixtures of typical pictures.
// Black box. Ros, Hansen, PPSN 2008 (sep-CMA-ES); constants Hansen, arXiv 1604.00772.
#include <algorithm>
#include <cassert>
#include <tuple>

#include "mid/attack/search/code_questions.hpp"
#include "mid/attack/search/sep_cma_es.hpp"
#include "mid/base/error.hpp"

namespace mid::attack {
namespace {

struct Spec : PriorSpec, SelectionSpec {
  int queries = 1000, repeats = 1;
  double sd = .5, l2_weight = .05;
  bool judge = true;
  Spec() = default;
  static std::vector<Param> params() {
    std::vector<Param> all = prior_params<Spec>({"pca", "vae", "wgan_gp"});
    const std::vector<Param> own{
        param(&Spec::queries, "queries", 1, 1e7, "answers", "attack.queries"),
        param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.query_repeats"),
        param(&Spec::sd, "sd", 1e-3, 10, "", "attack.cma_es.sd", "Ros, Hansen, PPSN 2008"),
        param(&Spec::l2_weight, "l2_weight", 0, 1000, "", "attack.mi_face.l2_weight"),
        param(&Spec::judge, "judge", "attack.judge"),
    };
    all.insert(all.end(), own.begin(), own.end());
    for (Param& p : selection_params<Spec>()) all.push_back(std::move(p));
    return all;
  }
};

/// What a save point keeps.
struct State {
  std::vector<SepCmaEs> search;  // `restarts` a class, one after the other
  void pack(Packer& out) const {
    for (const SepCmaEs& s : search) out.add(s);
  }
  void unpack(Unpacker& in) {
    for (SepCmaEs& s : search) in.get(s);
  }
  static auto members(State& s) { return std::tie(s); }
};

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  assert(knowledge.auxiliary.pictures.size() != 0);  // experiment/experiment has checked that the data has some
  if (oracle.release_spec().of_embedding) throw Error("release.of", Message("refusal.needs_answer"));
  PictureSpace space;
  co_await learn_space(context, knowledge, spec, out.notes, space);

  const int classes = oracle.classes(), numbers = space.numbers();
  const int repeats = oracle.fresh() ? spec.repeats : 1;
  State state;
  std::vector<int> of_class;  // of each search
  for (int c = 0; c < classes; ++c)
    for (int k = 0; k < spec.restarts; ++k) {
      state.search.push_back(SepCmaEs(space.start().row(0).transpose().cast<double>(), spec.sd));
      of_class.push_back(c);
    }
  const int population = state.search[0].constants().population, searches = static_cast<int>(of_class.size());
  // A single search is not judged; several are, and what that asks is a part of the budget.
  const int looks = spec.restarts == 1 ? 0 : std::max(1, spec.views), least = spec.restarts * repeats * (population + looks);
  const int generations = (spec.queries - spec.restarts * repeats * looks) / (population * repeats * spec.restarts);
  if (spec.queries < least)
    throw Error("attack.queries",
                Message("refusal.too_few_queries").with("found", std::to_string(spec.queries)).with("least", std::to_string(least)));
  VectorXi label(searches * population);
  for (int i = 0; i < label.size(); ++i) label[i] = of_class[static_cast<std::size_t>(i / population)];
  const Stream draw = context.random.sub("cma_es");
  context.progress.begin("attacking", generations, "step");
  for (Loop turn(context, "cma_es", generations, state); turn; co_await turn.next()) {
    Matrix e(label.size(), numbers), code(label.size(), numbers);
    fill_normal(draw, static_cast<std::uint64_t>(*turn) * static_cast<std::uint64_t>(e.size()), e);
    for (int i = 0; i < searches; ++i)
      code.middleRows(i * population, population) =
          state.search[static_cast<std::size_t>(i)].points(e.middleRows(i * population, population).cast<double>()).cast<float>();
    count_work(30. * static_cast<double>(code.size()));
    co_await Tick{};
    VectorXd cost;
    co_await ask_confidence(context, oracle, space, code, label, repeats, cost);
    cost = -cost + spec.l2_weight / 2 * (code.rowwise() - space.start().row(0)).rowwise().squaredNorm().cast<double>();
    for (int i = 0; i < searches; ++i)
      state.search[static_cast<std::size_t>(i)].learn(e.middleRows(i * population, population).cast<double>(),
                                                      cost.segment(i * population, population));
    count_work(40. * static_cast<double>(code.size()));
    context.progress.done = *turn + 1;
  }
  Matrix all(searches, numbers);
  for (int i = 0; i < searches; ++i) all.row(i) = state.search[static_cast<std::size_t>(i)].mean().transpose().cast<float>();
  FoundCodes found{Matrix(), space.start().replicate(classes, 1)};
  co_await choose_codes(context, oracle, space, std::move(all), of_class, repeats, spec.views, false, found, out);
  out.notes["queries_a_class"] = spec.restarts * repeats * (generations * population + looks);
  co_await draw_codes(context, space, std::move(found), out);
}

}  // namespace

extern const Attack cma_es;
const Attack cma_es{{"cma_es",
                     "attack.cma_es.title",
                     "attack.cma_es.summary",
                     "Ros, Hansen, PPSN 2008; Hansen, arXiv 1604.00772",
                     &Spec::params,
                     {"network", "black_box"}},
                    Access::scores,
                    Attack::Finds::class_picture,
                    &run};

}  // namespace mid::attack
