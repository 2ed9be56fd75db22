#include "mid/experiment/measures.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "mid/experiment/measure_parts.hpp"
#include "mid/experiment/records.hpp"
#include "mid/measure/picture.hpp"

namespace mid {
namespace {

constexpr int kShownPictures = 60;

/// What the attacker's pictures are held against: one row for each picture that it draws.
struct Wanted {
  Matrix truth, average;
  std::vector<int> person;  // whose error is whose; empty: every row is a person of its own
  std::vector<int> pool;    // line-ups stay within it
  std::vector<std::string> names;
  std::vector<std::string> classes;  // of the rows; "" of those that belong to none
};

/// The mean of the auxiliary pictures of each kind.
MatrixD open_means(const Data& data) {
  const Dataset& set = data.set;
  const int kinds = set.kind.empty() ? 1 : 1 + *std::max_element(set.kind.begin(), set.kind.end());
  MatrixD sum = MatrixD::Zero(kinds, set.pictures.cols());
  VectorXd count = VectorXd::Zero(kinds);
  const auto kind = [&](int row) { return set.kind.empty() ? 0 : set.kind[static_cast<std::size_t>(row)]; };
  for (int r : data.split.auxiliary) sum.row(kind(r)) += set.pictures.row(r).cast<double>(), count[kind(r)] += 1;
  // A kind that the attacker never saw gets the mean of all.
  const MatrixD all = sum.colwise().sum() / std::max(1.0, count.sum());
  for (int k = 0; k < kinds; ++k) sum.row(k) = count[k] > 0 ? MatrixD(sum.row(k) / count[k]) : all;
  return sum;
}

/// The attacked records: each beside the average of its kind.
Wanted records(const Data& data) {
  const Dataset& set = data.set;
  const std::vector<int>& rows = data.split.attacked;
  const MatrixD mean = open_means(data);
  Wanted w;
  w.truth = rows_of(set.pictures, rows);
  w.average.resize(w.truth.rows(), w.truth.cols());
  for (std::size_t i = 0; i < rows.size(); ++i)
    w.average.row(static_cast<Eigen::Index>(i)) =
        mean.row(set.kind.empty() ? 0 : set.kind[static_cast<std::size_t>(rows[i])]).cast<float>();
  w.person = gather_or_empty(set.person, rows);
  w.pool = set.pool.empty() ? std::vector<int>(rows.size(), 0) : gather_or_empty(set.pool, rows);
  for (const int row : rows) {
    w.names.push_back(set.row_names.empty() ? std::to_string(number_in_file(set, row)) : set.row_names[static_cast<std::size_t>(row)]);
    const int label = row < set.label.size() ? set.label[row] : -1;
    w.classes.push_back(label < 0 ? std::string() : set.classes[static_cast<std::size_t>(label)]);
  }
  return w;
}

/// The classes: each one's mean over the pictures that the model learnt from, beside the average that the attacker has of it.
Wanted classes(const Data& data) {
  const Dataset& set = data.set;
  const auto n = static_cast<Eigen::Index>(set.classes.size());
  MatrixD sum = MatrixD::Zero(n, set.pictures.cols());
  VectorXd count = VectorXd::Zero(n);
  std::vector<int> kind(static_cast<std::size_t>(n), 0);
  for (int r : data.split.train) {
    const int c = set.label[r];
    sum.row(c) += set.pictures.row(r).cast<double>(), count[c] += 1;
    if (!set.kind.empty()) kind[static_cast<std::size_t>(c)] = set.kind[static_cast<std::size_t>(r)];
  }
  const MatrixD mean = open_means(data);
  Wanted w;
  w.truth.resize(n, set.pictures.cols()), w.average.resize(n, set.pictures.cols());
  for (Eigen::Index c = 0; c < n; ++c) {
    w.average.row(c) = mean.row(kind[static_cast<std::size_t>(c)]).cast<float>();
    w.truth.row(c) = count[c] > 0 ? Matrix((sum.row(c) / count[c]).cast<float>()) : Matrix(w.average.row(c));
  }
  w.pool.assign(static_cast<std::size_t>(n), 0);
  w.names = w.classes = set.classes;
  return w;
}

Wanted wanted(const Data& data, Attack::Finds finds) { return finds == Attack::Finds::class_picture ? classes(data) : records(data); }

Eigen::Index shown_rows(const Wanted& w) { return std::min(w.truth.rows(), Eigen::Index{kShownPictures}); }

PictureSheet sheet_of(const Data& data, Attack::Finds finds, const Wanted& w, Eigen::Index shown) {
  PictureSheet sheet;
  sheet.rows = static_cast<int>(shown);
  sheet.of_classes = finds == Attack::Finds::class_picture;
  sheet.height = data.set.height, sheet.width = data.set.width, sheet.credit = data.set.credit;
  sheet.truth = picture_bytes(w.truth.topRows(shown)), sheet.average = picture_bytes(w.average.topRows(shown));
  sheet.names.assign(w.names.begin(), w.names.begin() + shown);
  if (std::ranges::any_of(w.classes, [](const std::string& c) { return !c.empty(); }))
    sheet.classes.assign(w.classes.begin(), w.classes.begin() + shown);
  return sheet;
}

/// The path of the first `shown` rows, each step held against the truth.
PicturePath path_of(const AttackResult::Path& path, const Matrix& truth, const Matrix& average, Eigen::Index shown) {
  PicturePath out;
  if (path.step.empty()) return out;
  out.step = path.step;
  out.best_step.assign(path.best_step.begin(), path.best_step.begin() + shown);
  const double none = squared_error(average, truth).mean();
  for (std::size_t k = 0; k < path.step.size(); ++k) {
    const Matrix& frame = path.pictures[k];
    out.detail.push_back(none > 0 ? 1 - squared_error(frame, truth).mean() / none : 0);
    for (Eigen::Index row = 0; row < shown; ++row) out.confidence.push_back(path.confidence(static_cast<Eigen::Index>(k), row));
    const auto bytes = picture_bytes(frame.topRows(shown));
    out.pictures.insert(out.pictures.end(), bytes.begin(), bytes.end());
  }
  return out;
}

/// Line-ups of the rows of a sheet, whose candidates may be other rows of `target`.
LineUpSheet line_ups_of(const std::vector<LineUp>& drawn, const Wanted& target, int rows) {
  LineUpSheet out;
  for (const LineUp& line : drawn) out.size = std::max(out.size, static_cast<int>(line.row.size()));
  std::map<int, int> place;  // of rows that are not on the sheet
  for (const LineUp& line : drawn) {
    for (std::size_t j = 0; j < static_cast<std::size_t>(out.size); ++j) {
      const bool there = j < line.row.size();
      int who = there ? line.row[j] : -1;
      if (who >= rows) {
        const auto [found, fresh] = place.try_emplace(who, rows + static_cast<int>(place.size()));
        if (fresh) {
          const Pictures8 bytes = picture_bytes(target.truth.row(who));
          out.others.insert(out.others.end(), bytes.begin(), bytes.end());
        }
        who = found->second;
      }
      out.candidate.push_back(who), out.likeness.push_back(there ? line.likeness[j] : 0);
    }
    out.truth.push_back(line.truth), out.pick.push_back(line.pick);
  }
  return out;
}

/// A figure of some rows of the pictures that one trial drew.
using RowFigure = std::function<VectorXd(const Matrix& guess, Eigen::Index first, Eigen::Index count)>;

/// Means over the trials, one number a row.
Task over_trials(const std::vector<Matrix>& trials, RowFigure figure, VectorXd& sum) {
  constexpr Eigen::Index kRowsOfBlock = 32;
  sum = VectorXd::Zero(trials.front().rows());
  for (const Matrix& guess : trials)
    for (Eigen::Index first = 0; first < guess.rows(); first += kRowsOfBlock) {
      const Eigen::Index count = std::min(kRowsOfBlock, guess.rows() - first);
      sum.segment(first, count) += figure(guess, first, count) / static_cast<double>(trials.size());
      if (tick_due(50. * static_cast<double>(count * guess.cols()))) co_await Tick{};
    }
}

/// The same of line-ups; `first` becomes those of the first trial that was ever looked at.
Task picked_over_trials(const std::vector<Matrix>& trials, const Wanted& target, VectorXd& sum, VectorXd& first) {
  VectorXd one;
  sum = VectorXd::Zero(target.truth.rows());
  for (const Matrix& guess : trials) {
    co_await line_up(guess, target.truth, target.average, target.pool, one);
    if (first.size() == 0) first = one;
    sum += one / static_cast<double>(trials.size());
  }
}

}  // namespace

PictureSheet sheet_before_attack(const Data& data, Attack::Finds finds) {
  const Wanted w = wanted(data, finds);
  return sheet_of(data, finds, w, shown_rows(w));
}

ShownPictures shown_pictures(const Data& data, Attack::Finds finds) {
  const Wanted w = wanted(data, finds);
  return {w.truth.topRows(shown_rows(w)), w.average.topRows(shown_rows(w))};
}

Task measure_pictures(const Data& data, Attack::Finds finds, const AttackResult& attack_result, Stream random, OnSheets on_sheets,
                      Outcome& out) {
  const Dataset& set = data.set;
  const Wanted target = wanted(data, finds);
  const Matrix &truth = target.truth, &average = target.average;
  const std::vector<int>&person = target.person, &pool = target.pool;
  if (tick_due(8. * static_cast<double>(set.pictures.size()))) co_await Tick{};
  const Eigen::Index n = truth.rows();
  const std::vector<Matrix>& guesses = attack_result.pictures;
  const auto rows = [](const Matrix& m, Eigen::Index first, Eigen::Index count) { return MatrixRef(m.middleRows(first, count)); };
  const RowFigure squares = [&](const Matrix& guess, Eigen::Index first, Eigen::Index count) {
    return squared_error(rows(guess, first, count), rows(truth, first, count));
  };
  const RowFigure similarity = [&](const Matrix& guess, Eigen::Index first, Eigen::Index count) {
    return ssim(rows(guess, first, count), rows(truth, first, count), set.height, set.width);
  };
  const RowFigure like_truth = [&](const Matrix& guess, Eigen::Index first, Eigen::Index count) {
    return correlation(rows(guess, first, count), rows(truth, first, count), rows(average, first, count));
  };
  VectorXd error, similar, of_average, figure, first_picked;
  co_await over_trials(guesses, squares, error);
  co_await over_trials(guesses, similarity, similar);
  const double chance = line_up_chance(pool);
  auto& privacy = out.result.privacy;
  const auto over_persons = [&](const VectorXd& values, double baseline, const std::string& name, const std::string& unit) {
    return mean_with_bootstrap(list(values), person, baseline, unit, random.sub(name), privacy[name]);
  };
  const auto halve = [&](const VectorXd& values, const std::string& name) { privacy[name].halves = halves(list(values), person); };
  co_await picked_over_trials(guesses, target, figure, first_picked);
  co_await over_persons(figure, chance, "line_up", "proportion");
  Measure advantage = privacy["line_up"];
  halve(figure, "line_up");
  for (auto* part : {&advantage.value, &advantage.low, &advantage.high})
    if (*part) **part -= chance;
  advantage.baseline = 0;
  privacy["advantage"] = advantage;
  co_await over_trials(guesses, like_truth, figure);
  co_await over_persons(figure, 0, "correlation", "");
  halve(figure, "correlation");
  const std::vector<Matrix> averages{average};
  for (const FigureEntry* f : entries_of(out.result, &FigureEntry::of_pictures)) {
    const RowFigure likeness = [&](const Matrix& guess, Eigen::Index first, Eigen::Index count) {
      return f->of_pictures(rows(guess, first, count), rows(truth, first, count));
    };
    co_await over_trials(guesses, likeness, figure);
    co_await over_trials(averages, likeness, of_average);
    co_await over_persons(figure, f->baseline ? *f->baseline : of_average.mean(), std::string(f->kind.key), std::string(f->kind.unit));
  }
  co_await over_trials(averages, similarity, of_average);
  co_await over_persons(similar, of_average.mean(), "ssim", "");
  co_await over_trials(averages, squares, of_average);
  // The stream is older than the figure's name: another one would be another interval.
  co_await r_squared(list(error), list(of_average), person, random.sub("detail_back"), privacy["r_squared"]);

  for (const auto& [name, other] : attack_result.more_pictures) {
    co_await picked_over_trials(other, target, figure, first_picked);
    co_await over_persons(figure, chance, "line_up_" + name, "proportion");
    halve(figure, "line_up_" + name);
    co_await over_trials(other, like_truth, figure);
    co_await over_persons(figure, 0, "correlation_" + name, "");
    halve(figure, "correlation_" + name);
  }
  if (finds == Attack::Finds::class_picture) {
    VectorXd hit = VectorXd::Zero(n);
    for (const Matrix& guess : guesses) {
      co_await nearest_truth(guess, truth, average, figure);
      hit += figure / static_cast<double>(guesses.size());
    }
    privacy["nearest_class"] = proportion(hit.sum(), static_cast<int>(n), 1 / static_cast<double>(n));
  }

  PictureSheet sheet = sheet_of(data, finds, target, on_sheets == OnSheets::all_victims ? n : shown_rows(target));
  const Eigen::Index shown = sheet.rows;
  sheet.guess = picture_bytes(attack_result.pictures.front().topRows(shown));
  sheet.line_up.assign(first_picked.begin(), first_picked.begin() + shown);
  sheet.path = path_of(attack_result.path, truth, average, shown);
  std::vector<LineUp> drawn;
  co_await draw_line_ups(guesses.front(), truth, average, pool, sheet.rows, random.sub("line-ups to look at"), drawn);
  sheet.line_ups = line_ups_of(drawn, target, sheet.rows);
  if (!sheet.path.step.empty()) {
    Json& path = out.result.notes["path"];
    path = {{"step", sheet.path.step}, {"r_squared", sheet.path.detail}, {"confidence", Json::array()}};
    for (Eigen::Index k = 0; k < attack_result.path.confidence.rows(); ++k)
      path["confidence"].push_back(attack_result.path.confidence.row(k).mean());
  }
  out.sheet = std::move(sheet);
}

}  // namespace mid
