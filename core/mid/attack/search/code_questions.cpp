#include "mid/attack/search/code_questions.hpp"

#include <functional>

#include "mid/attack/belief/membership_score.hpp"
#include "mid/base/error.hpp"

namespace mid {
namespace {

/// The most likely class of each row; two classes may come as one number.
void count_classes(const Answers& answer, Eigen::MatrixXi& count) {
  const Matrix& v = answer.value;
  const float middle = answer.form == AnswerForm::logit ? 0.f : .5f;
  for (Eigen::Index r = 0; r < v.rows(); ++r) {
    Eigen::Index best = v(r, 0) > middle ? 1 : 0;
    if (v.cols() > 1) v.row(r).maxCoeff(&best);
    ++count(r, best);
  }
}

}  // namespace

Task ask_labels(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, int repeats, VectorXi& out) {
  Matrix pictures;
  co_await space.inputs(context, std::move(code), pictures);
  const Eigen::Index rows = pictures.rows();
  Eigen::MatrixXi count = Eigen::MatrixXi::Zero(rows, oracle.classes());
  const std::function<void(const Answers&)> listen = [&](const Answers& answer) { count_classes(answer, count); };
  co_await oracle.ask(context, std::move(pictures), repeats, listen);
  out.resize(rows);
  for (Eigen::Index r = 0; r < rows; ++r) {
    Eigen::Index best = 0;
    count.row(r).maxCoeff(&best);  // the first of the largest
    out[r] = static_cast<int>(best);
  }
}

Task ask_confidence(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, VectorXi label, int repeats, VectorXd& out) {
  Matrix pictures;
  co_await space.inputs(context, std::move(code), pictures);
  AnswersToOutcome answers(std::move(label), {}, oracle.release().cut->quantisation_half_width);
  const std::function<void(const Answers&)> listen = [&](const Answers& answer) { answers.add(answer); };
  co_await oracle.ask(context, std::move(pictures), repeats, listen);
  out = answers.fit();
}

Task draw_codes(Context& context, const PictureSpace& space, FoundCodes found, AttackResult& out) {
  Matrix drawn;
  co_await space.draw(context, std::move(found.code), drawn);
  out.pictures.push_back(std::move(drawn));
  co_await space.draw(context, std::move(found.start), drawn);
  out.more_pictures["start"].push_back(std::move(drawn));
}

}  // namespace mid
