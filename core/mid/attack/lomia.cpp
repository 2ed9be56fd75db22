// Label-only inference from a model's answers. Mehnaz et al., USENIX Security 2022; method.md section 3, "CSMIA/LOMIA".
#include "mid/attack/belief/asked_values.hpp"
#include "mid/model/attribute_scores.hpp"

namespace mid::attack {
namespace {

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json, AttackResult& out) {
  if (knowledge.auxiliary.inputs.cols() != static_cast<Eigen::Index>(knowledge.auxiliary.table.columns.size()))
    throw Error("model.as_table", Message("refusal.needs_as_table").with("attack", shown(Json("lomia"))));
  AskedValues asked;
  Matrix about = knowledge.known;
  co_await ask_values(context, oracle, knowledge, std::move(about), asked);
  const MatrixD share = asked.prior.array().exp();
  CsmiaGuess direct = csmia(asked.predicted, asked.top, knowledge.label, share);
  // The known columns as a table of their own.
  const Secret& secret = *knowledge.auxiliary.secret;
  TreeData known;
  std::vector<int> kept;
  for (int c = 0; c < static_cast<int>(knowledge.auxiliary.table.columns.size()); ++c) {
    if (c == secret.inputs[0]) continue;
    const Column& column = knowledge.auxiliary.table.columns[static_cast<std::size_t>(c)];
    known.columns.push_back({column.name, column.numeric, column.categories});
    kept.push_back(c);
  }
  known.values.resize(knowledge.known.rows(), static_cast<Eigen::Index>(kept.size()));
  for (std::size_t c = 0; c < kept.size(); ++c)
    known.values.col(static_cast<Eigen::Index>(c)) = knowledge.known.col(kept[c]).cast<double>();
  known.label = knowledge.label, known.classes = knowledge.auxiliary.classes;
  VectorXi guess;
  std::vector<std::string> values = secret.values;
  MatrixD prior = share;
  co_await lomia(context, std::move(known), std::move(values), std::move(direct), std::move(prior), guess);
  out.log_posterior = certain_score(guess, asked.prior);
  out.prior = std::move(asked.prior);
}

}  // namespace

extern const Attack lomia;
const Attack lomia{{"lomia",
                    "attack.lomia.title",
                    "attack.lomia.summary",
                    "Mehnaz et al., USENIX Security 2022; method.md section 3",
                    nullptr,
                    {"tree", "black_box"}},
                   Access::scores,
                   Attack::Finds::attribute,
                   &run,
                   false,
                   true};

}  // namespace mid::attack
