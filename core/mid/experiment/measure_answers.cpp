#include <cmath>

#include "mid/experiment/measures.hpp"
#include "mid/info/secret.hpp"

namespace mid {
namespace {

/// Over how many names each row of confidences is spread: e^entropy; 0 of a row that says nothing.
std::vector<double> spread_of(const MatrixD& confidences) {
  std::vector<double> out;
  for (Eigen::Index r = 0; r < confidences.rows(); ++r) {
    const double sum = confidences.row(r).sum();
    out.push_back(sum > 0 ? std::exp(entropy(confidences.row(r).transpose() / sum)) : 0);
  }
  return out;
}

}  // namespace

Task measure_answers(Context& context, Oracle& oracle, const Model& model, const Data& data, PictureSheet& sheet) {
  if (!oracle.overheard() || classes_of(model) == 0) co_return;
  Released heard;
  co_await oracle.serve(context, 0, heard);
  heard.value = Matrix(heard.value.topRows(sheet.rows));
  const Release& release = oracle.release();
  const ReleaseSubject& subject = release.subject;
  AnswerSheet& out = sheet.answers;
  out.inside = subject.of == ReleaseSubject::Of::code;
  MatrixD value;
  if (out.inside) {
    value = heard.value.cast<double>();
    for (Eigen::Index c = 0; c < value.cols(); ++c)
      value.col(c) = (value.col(c).array() - static_cast<double>(subject.mean(c))) / static_cast<double>(subject.sd(c));
  } else {
    // Not Eigen's exp: that of -infinity is no 0.
    value = log_probability_of(heard, model).unaryExpr([](double v) { return std::exp(v); });
    out.partly = heard.form == AnswerForm::label || heard.form == AnswerForm::top;
    out.names = data.set.classes;
    out.spread = spread_of(value);
  }
  out.numbers = static_cast<int>(value.cols());
  out.value.assign(value.data(), value.data() + value.size());
  co_await Tick{};
}

}  // namespace mid
