#include "mid/attack/search/code_questions.hpp"

#include <functional>
#include <set>

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

/// The majority of `repeats` answers to each picture.
Task labels_of(Context& context, Oracle& oracle, Matrix pictures, int repeats, VectorXi& out) {
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

/// ln of the mean confidence in label[r] of `repeats` answers to each picture.
Task confidence_of(Context& context, Oracle& oracle, Matrix pictures, VectorXi label, int repeats, VectorXd& out) {
  AnswersToOutcome answers(std::move(label), {}, oracle.release().cut->quantisation_half_width);
  const std::function<void(const Answers&)> listen = [&](const Answers& answer) { answers.add(answer); };
  co_await oracle.ask(context, std::move(pictures), repeats, listen);
  out = answers.fit();
}

}  // namespace

Task ask_labels(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, int repeats, VectorXi& out) {
  Matrix pictures;
  co_await space.inputs(context, std::move(code), pictures);
  co_await labels_of(context, oracle, std::move(pictures), repeats, out);
}

Task ask_confidence(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, VectorXi label, int repeats, VectorXd& out) {
  Matrix pictures;
  co_await space.inputs(context, std::move(code), pictures);
  co_await confidence_of(context, oracle, std::move(pictures), std::move(label), repeats, out);
}

Task ask_in_views(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, VectorXi label, int repeats,
                  std::vector<View> views, bool labels_only, VectorXd& out) {
  Matrix pictures;
  co_await space.inputs(context, std::move(code), pictures);
  out = VectorXd::Zero(pictures.rows());
  for (const View& view : views) {
    Matrix changed = under_view(pictures, space.height(), space.width(), view);
    if (tick_due(6. * static_cast<double>(changed.size()))) co_await Tick{};
    if (labels_only) {
      VectorXi said;
      co_await labels_of(context, oracle, std::move(changed), repeats, said);
      out += (said.array() == label.array()).cast<double>().matrix();
    } else {
      VectorXd log_p;
      co_await confidence_of(context, oracle, std::move(changed), label, repeats, log_p);
      out += log_p.array().exp().matrix();
    }
  }
  out /= static_cast<double>(views.size());
}

std::vector<int> chosen_rows(const std::vector<int>& of_class, const VectorXd& score) {
  std::vector<int> out;
  for (std::size_t r = 0; r < of_class.size(); ++r) {
    const bool first = r == 0 || of_class[r] != of_class[r - 1];
    if (first)
      out.push_back(static_cast<int>(r));
    else if (score[static_cast<Eigen::Index>(r)] > score[out.back()])
      out.back() = static_cast<int>(r);
  }
  return out;
}

Task choose_codes(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, std::vector<int> of_class, int repeats,
                  int views, bool labels_only, FoundCodes& found, AttackResult& out) {
  const std::set<int> classes(of_class.begin(), of_class.end());
  if (classes.size() == of_class.size()) {
    found.code = std::move(code);
    co_return;
  }
  const std::vector<View> all = views > 0 ? random_views(views, context.random.sub("views")) : std::vector<View>(1);
  VectorXd score;
  const VectorXi label = Eigen::Map<const VectorXi>(of_class.data(), static_cast<Eigen::Index>(of_class.size()));
  co_await ask_in_views(context, oracle, space, code, label, repeats, all, labels_only, score);
  found.code = rows_of(code, chosen_rows(of_class, score));
  const std::size_t each = of_class.size() / classes.size();
  if (views == 0 || classes.size() != static_cast<std::size_t>(oracle.classes()) || each * classes.size() != of_class.size()) co_return;
  for (std::size_t k = 0; k < each; ++k) {
    std::vector<int> rows;
    for (std::size_t c = 0; c < classes.size(); ++c) rows.push_back(static_cast<int>(c * each + k));
    Matrix drawn;
    co_await space.draw(context, rows_of(code, rows), drawn);
    out.more_pictures["unselected"].push_back(std::move(drawn));
  }
}

Task draw_codes(Context& context, const PictureSpace& space, FoundCodes found, AttackResult& out) {
  Matrix drawn;
  co_await space.draw(context, std::move(found.code), drawn);
  out.pictures.push_back(std::move(drawn));
  co_await space.draw(context, std::move(found.start), drawn);
  out.more_pictures["start"].push_back(std::move(drawn));
}

}  // namespace mid
