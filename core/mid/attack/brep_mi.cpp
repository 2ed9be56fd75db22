// What a person's name looks like to a model that says names only: a code moves away from the boundary of its class, on ever larger
// spheres. Label only. Kahla, Chen, Just, Jia, CVPR 2022 (BREP-MI).
#include <algorithm>
#include <cassert>
#include <cmath>
#include <tuple>

#include "mid/attack/search/boundary_repulsion.hpp"
#include "mid/attack/search/code_questions.hpp"
#include "mid/base/error.hpp"

namespace mid::attack {
namespace {

struct Spec : PriorSpec, SelectionSpec {
  int queries = 10000, points = 32, repeats = 1;
  double start_share = .25;
  bool judge = true;
  Spec() = default;
  static std::vector<Param> params() {
    std::vector<Param> all = prior_params<Spec>({"pca", "vae", "wgan_gp"});
    const std::vector<Param> own{
        param(&Spec::queries, "queries", 1, 1e7, "answers", "attack.queries"),
        param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.query_repeats"),
        param(&Spec::points, "points", 1, 10000, "pictures", "attack.brep_mi.points", "Kahla et al., CVPR 2022"),
        param(&Spec::start_share, "start_share", 0, 1, "", "attack.brep_mi.start_share"),
        param(&Spec::judge, "judge", "attack.judge"),
    };
    all.insert(all.end(), own.begin(), own.end());
    for (Param& p : selection_params<Spec>()) all.push_back(std::move(p));
    return all;
  }
};

constexpr int kStartBatch = 256;

/// The first codes of each class that random ones come upon, `restarts` rows a class, in a save point.
struct Starts {
  Matrix code;
  std::vector<int> found;  // of each row, 1: there is one
  std::int64_t asked = 0;
  void pack(Packer& out) const { out.add(code), out.add(found), out.add(asked); }
  void unpack(Unpacker& in) {
    const std::size_t classes = found.size();
    in.get_same(code), in.get(found), in.get(asked);
    Unpacker::expect(found.size() == classes && asked >= 0);
  }
  static auto members(Starts& s) { return std::tie(s); }
};

/// Where each class's search stands.
struct State {
  MatrixD code, answer;
  VectorXd radius;
  void pack(Packer& out) const { out.add(code), out.add(answer), out.add(radius); }
  void unpack(Unpacker& in) { in.get_same(code), in.get_same(answer), in.get_same(radius); }
  static auto members(State& s) { return std::tie(s); }
};

Matrix clipped(const Matrix& code) { return code.cwiseMax(-static_cast<float>(kCodeLimit)).cwiseMin(static_cast<float>(kCodeLimit)); }

Task find_starts(Context& context, Oracle& oracle, const PictureSpace& space, int restarts, int repeats, std::int64_t most, Starts& out) {
  const auto wanted = static_cast<int>(out.found.size());
  const int batches = static_cast<int>((most / repeats + kStartBatch - 1) / kStartBatch);
  const Stream draw = context.random.sub("brep_mi start");
  context.progress.begin("attacking", wanted, "search");
  for (Loop batch(context, "brep_mi start", batches, out); batch; co_await batch.next()) {
    const auto rows = static_cast<Eigen::Index>(std::min<std::int64_t>(kStartBatch, (most - out.asked) / repeats));
    Matrix code(rows, space.numbers());
    fill_normal(draw, static_cast<std::uint64_t>(*batch) * kStartBatch * static_cast<std::uint64_t>(space.numbers()), code);
    code = clipped(code);
    VectorXi said;
    co_await ask_labels(context, oracle, space, code, repeats, said);
    out.asked += rows * repeats;
    for (Eigen::Index r = 0; r < rows; ++r) {
      for (int at = said[r] * restarts; at < (said[r] + 1) * restarts; ++at) {
        int& found = out.found[static_cast<std::size_t>(at)];
        if (found) continue;
        out.code.row(at) = code.row(r), found = 1;
        break;
      }
    }
    context.progress.done = static_cast<int>(std::count(out.found.begin(), out.found.end(), 1));
    if (context.progress.done == wanted) {
      batch.stop();
      break;
    }
  }
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  assert(knowledge.auxiliary.pictures.size() != 0);  // experiment/experiment has checked that the data has some
  if (oracle.release_spec().of_embedding) throw Error("release.of", Message("refusal.needs_answer"));
  PictureSpace space;
  co_await learn_space(context, knowledge, spec, out.notes, space);

  const int classes = oracle.classes(), numbers = space.numbers(), repeats = oracle.fresh() ? spec.repeats : 1;
  const std::int64_t all = std::int64_t{spec.queries} * classes, a_turn = std::int64_t{spec.points + 1} * repeats;
  const int restarts = spec.restarts, looks = restarts == 1 ? 0 : std::max(1, spec.views);
  Starts starts{space.start().replicate(classes * restarts, 1), std::vector<int>(static_cast<std::size_t>(classes * restarts)), 0};
  const std::int64_t judging = std::int64_t{restarts} * looks * repeats;  // of a class
  if (judging > 0 && static_cast<double>(judging) > (1 - spec.start_share) * spec.queries)
    throw Error("attack.queries",
                Message("refusal.too_few_queries")
                    .with("found", std::to_string(spec.queries))
                    .with("least", std::to_string(std::llround(std::ceil(static_cast<double>(judging) / (1 - spec.start_share))))));
  const auto for_start = static_cast<std::int64_t>(spec.start_share * static_cast<double>(all));
  co_await find_starts(context, oracle, space, restarts, repeats, for_start, starts);
  std::vector<int> begun, searched;  // the starts that there are, and the class of each
  for (int i = 0; i < classes * restarts; ++i)
    if (starts.found[static_cast<std::size_t>(i)]) begun.push_back(i), searched.push_back(i / restarts);
  std::vector<int> with_start = searched;
  with_start.erase(std::unique(with_start.begin(), with_start.end()), with_start.end());
  const int rows = static_cast<int>(searched.size());

  // A class's own share of what is left; that of classes without a start is not spent on the others.
  const std::int64_t left = (all - starts.asked) / classes - judging;
  const auto turns = static_cast<int>(std::max<std::int64_t>(0, left / (a_turn * restarts)));
  State state{rows_of(starts.code, begun).cast<double>(), rows_of(starts.code, begun).cast<double>(),
              VectorXd::Constant(rows, kFirstRadius)};
  const Stream draw = context.random.sub("brep_mi");
  context.progress.begin("attacking", turns, "step");
  for (Loop turn(context, "brep_mi", rows > 0 ? turns : 0, state); turn; co_await turn.next()) {
    Matrix random(rows * spec.points, numbers);
    fill_normal(draw, static_cast<std::uint64_t>(*turn) * static_cast<std::uint64_t>(random.size()), random);
    MatrixD direction = random.cast<double>();
    direction.array().colwise() /= direction.rowwise().norm().eval().array().max(1e-300);
    Matrix around(random.rows(), numbers);
    for (int i = 0; i < rows; ++i)
      around.middleRows(i * spec.points, spec.points) =
          ((state.radius[i] * direction.middleRows(i * spec.points, spec.points)).rowwise() + state.code.row(i)).cast<float>();
    count_work(40. * static_cast<double>(around.size()));
    co_await Tick{};
    VectorXi said, said_after;
    co_await ask_labels(context, oracle, space, std::move(around), repeats, said);
    MatrixD next(rows, numbers);
    std::vector<bool> enlarges;
    for (int i = 0; i < rows; ++i) {
      std::vector<bool> inside;
      for (int p = 0; p < spec.points; ++p) inside.push_back(said[i * spec.points + p] == searched[static_cast<std::size_t>(i)]);
      const Repulsion away = repulsion(direction.middleRows(i * spec.points, spec.points), inside);
      next.row(i) = pushed(state.code.row(i).transpose(), away, state.radius[i], kCodeLimit).transpose();
      enlarges.push_back(away.enlarges);
    }
    Matrix asked = next.cast<float>();
    co_await ask_labels(context, oracle, space, std::move(asked), repeats, said_after);
    for (int i = 0; i < rows; ++i) {
      if (said_after[i] != searched[static_cast<std::size_t>(i)]) continue;  // the code stays, and the turn is counted
      state.code.row(i) = next.row(i);
      if (!enlarges[static_cast<std::size_t>(i)]) continue;
      state.answer.row(i) = next.row(i), state.radius[i] *= kRadiusGrowth;
    }
    context.progress.done = *turn + 1;
  }
  FoundCodes found{space.start().replicate(classes, 1), space.start().replicate(classes, 1)};
  if (rows > 0) {
    FoundCodes best;
    co_await choose_codes(context, oracle, space, state.answer.cast<float>(), searched, repeats, spec.views, true, best, out);
    for (std::size_t i = 0; i < with_start.size(); ++i) found.code.row(with_start[i]) = best.code.row(static_cast<Eigen::Index>(i));
    for (int c : with_start) found.start.row(c) = starts.code.row(c * restarts);
  }
  out.notes["queries_for_start"] = starts.asked, out.notes["turns"] = rows > 0 ? turns : 0;
  const int without = classes - static_cast<int>(with_start.size());
  out.notes["classes_without_start"] = without;
  if (without > 0)
    out.warnings.push_back(
        Message("warning.no_start").with("classes", std::to_string(without)).with("asked", std::to_string(starts.asked)));
  co_await draw_codes(context, space, std::move(found), out);
}

}  // namespace

extern const Attack brep_mi;
const Attack brep_mi{{"brep_mi",
                      "attack.brep_mi.title",
                      "attack.brep_mi.summary",
                      "Kahla, Chen, Just, Jia, CVPR 2022",
                      &Spec::params,
                      {"network", "black_box"}},
                     Access::label,
                     Attack::Finds::class_picture,
                     &run};

}  // namespace mid::attack
