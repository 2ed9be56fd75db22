#include "outcome_files.hpp"

#include <algorithm>
#include <cmath>

#include "common.hpp"
#include "mid/experiment/population.hpp"
#include "mid/experiment/records.hpp"
#include "npy.hpp"

namespace mid::cli {
namespace {

std::size_t size_of(Eigen::Index n) { return static_cast<std::size_t>(n); }

/// Adds arrays of one sheet, those that hold something.
struct Arrays {
  Npz& out;
  std::string sheet;
  template <class T>
  void add(const std::string& name, const std::vector<T>& values, const NpyShape& shape) const {
    if (!values.empty()) out.add(sheet + name, npy_of(values.data(), shape));
  }
  template <class T>
  void add(const std::string& name, const std::vector<T>& values) const {
    add(name, values, {values.size()});
  }
  void add(const std::string& name, const MatrixD& values) const {
    static_assert(MatrixD::IsRowMajor);
    if (values.size() > 0) out.add(sheet + name, npy_of(values.data(), {size_of(values.rows()), size_of(values.cols())}));
  }
  void add(const std::string& name, const VectorXd& values) const {
    if (values.size() > 0) out.add(sheet + name, npy_of(values.data(), {size_of(values.size())}));
  }
  void add(const std::string& name, const VectorXi& values) const {
    if (values.size() > 0) out.add(sheet + name, npy_of(values.data(), {size_of(values.size())}));
  }
};

void add_pictures(const PictureSheet& sheet, Npz& out) {
  const auto rows = static_cast<std::size_t>(sheet.rows), height = static_cast<std::size_t>(sheet.height),
             width = static_cast<std::size_t>(sheet.width), pixels = std::max<std::size_t>(sheet.pixels(), 1);
  const Arrays to{out, "pictures."};
  to.add("truth", sheet.truth, {rows, height, width});
  to.add("guess", sheet.guess, {sheet.guess.size() / pixels, height, width});
  to.add("average", sheet.average, {rows, height, width});
  to.add("line_up", sheet.line_up);
  to.add("answers.value", sheet.answers.value, {rows, static_cast<std::size_t>(sheet.answers.numbers)});
  to.add("answers.spread", sheet.answers.spread);
  const LineUpSheet& line_ups = sheet.line_ups;
  const auto size = static_cast<std::size_t>(line_ups.size);
  to.add("line_ups.candidate", line_ups.candidate, {rows, size});
  to.add("line_ups.likeness", line_ups.likeness, {rows, size});
  to.add("line_ups.truth", line_ups.truth);
  to.add("line_ups.pick", line_ups.pick);
  to.add("line_ups.others", line_ups.others, {line_ups.others.size() / pixels, height, width});
  const PicturePath& path = sheet.path;
  to.add("path.step", path.step);
  to.add("path.confidence", path.confidence, {path.step.size(), rows});
  to.add("path.detail", path.detail);
  to.add("path.best_step", path.best_step);
  to.add("path.pictures", path.pictures, {path.step.size(), rows, height, width});
}

void add_beliefs(const BeliefSheet& sheet, Npz& out) {
  const Arrays to{out, "beliefs."};
  to.add("truth", sheet.truth);
  to.add("before", sheet.before);
  to.add("after", sheet.after);
  to.add("answer", sheet.answer);
  to.add("conditional_mean", sheet.conditional_mean);
  to.add("conditional_sd", sheet.conditional_sd);
  to.add("target", sheet.target);
}

/// What is no number is an empty cell.
std::string number(double value) { return std::isnan(value) ? "" : shortest_text(value); }

std::string line_of(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& cell : cells) out += (cell.empty() ? "" : csv_cell(cell)) + ",";
  out.back() = '\n';
  return out;
}

/// The columns of a table that the attacker knows of its victims.
std::vector<int> known_columns(const Spec& spec, const Dataset& set, Attack::Finds finds) {
  std::vector<std::string> unknown = spec.attack.value("also_unknown", std::vector<std::string>());
  if (finds == Attack::Finds::attribute) unknown.push_back(set.secret->name);
  std::vector<int> out;
  for (std::size_t c = 0; finds != Attack::Finds::label && c < set.table.columns.size(); ++c)
    if (std::find(unknown.begin(), unknown.end(), set.table.columns[c].name) == unknown.end()) out.push_back(static_cast<int>(c));
  return out;
}

std::string table_cell(const Table& table, int row, int c) {
  const Column& column = table.columns[static_cast<std::size_t>(c)];
  const double value = table.values(row, c);
  if (std::isnan(value)) return "";
  return column.numeric ? shortest_text(value + column.offset) : column.categories[static_cast<std::size_t>(value)];
}

std::string csv_of_beliefs(const BeliefSheet& sheet, const Spec& spec, const Data& data) {
  const Attack::Finds finds = attack_called(spec.attack["kind"].get<std::string>())->finds;
  const Dataset& set = data.set;
  const std::vector<int> rows = believed_rows(data, finds), known = known_columns(spec, set, finds);
  const bool bells = sheet.answer.size() > 0, number_wanted = sheet.target.size() > 0;
  const bool class_wanted = finds != Attack::Finds::label && !set.classes.empty();
  std::vector<std::string> head{"row"};
  for (const int c : known) head.push_back("known." + set.table.columns[static_cast<std::size_t>(c)].name);
  for (const char* name : {"truth", "guess", "right", "score", "guess_without_answer", "score_without_answer"}) head.emplace_back(name);
  if (class_wanted) head.emplace_back("class");
  if (bells) head.emplace_back("answer");
  if (number_wanted) head.emplace_back("target");
  if (bells && number_wanted) head.emplace_back("error");
  std::string out = line_of(head);
  const auto value = [&](int v) { return v < 0 ? "" : sheet.values[static_cast<std::size_t>(v)]; };
  for (int i = 0; i < sheet.rows(); ++i) {
    const int row = rows[static_cast<std::size_t>(i)];
    std::vector<std::string> cells{std::to_string(number_in_file(set, row))};
    for (const int c : known) cells.push_back(table_cell(set.table, row, c));
    const int guess = BeliefSheet::guess(sheet.after, i), before = BeliefSheet::guess(sheet.before, i);
    cells.push_back(value(sheet.truth[i])), cells.push_back(value(guess)), cells.emplace_back(guess == sheet.truth[i] ? "1" : "0");
    cells.push_back(number(sheet.after(i, guess))), cells.push_back(value(before)), cells.push_back(number(sheet.before(i, before)));
    if (class_wanted) cells.push_back(set.label[row] < 0 ? "" : set.classes[static_cast<std::size_t>(set.label[row])]);
    if (bells) cells.push_back(number(sheet.answer[i]));
    if (number_wanted) cells.push_back(number(sheet.target[i]));
    if (bells && number_wanted)  // of the answer as people read it
      cells.push_back(number((sheet.root ? sheet.answer[i] * sheet.answer[i] : sheet.answer[i]) - sheet.target[i]));
    out += line_of(cells);
  }
  return out;
}

/// Mean over the pixels of the squared difference, white being 1.
double mean_square(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  constexpr double kWhite = 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) / kWhite * ((a[i] - b[i]) / kWhite);
  return sum / static_cast<double>(a.size());
}

/// `rows`: where the victims stand in the data; empty of those who do not stand there.
std::string csv_of_pictures(const PictureSheet& sheet, const Dataset& set, const std::vector<int>& rows) {
  const bool answered = !sheet.answers.names.empty() && !sheet.answers.inside;
  std::vector<std::string> head{"place", "name", "line_up", "mse", "mse_of_average"};
  if (!rows.empty()) head.insert(head.begin() + 1, "row");
  if (answered) head.emplace_back("answered"), head.emplace_back("confidence");
  std::string out = line_of(head);
  const auto numbers = static_cast<std::size_t>(sheet.answers.numbers);
  for (std::size_t i = 0; i < static_cast<std::size_t>(sheet.rows); ++i) {
    const auto picture = [&](const Pictures8& of) { return std::span(of).subspan(i * sheet.pixels(), sheet.pixels()); };
    std::vector<std::string> cells{std::to_string(i), sheet.names[i], number(sheet.line_up[i]),
                                   number(mean_square(picture(sheet.guess), picture(sheet.truth))),
                                   number(mean_square(picture(sheet.average), picture(sheet.truth)))};
    if (!rows.empty()) cells.insert(cells.begin() + 1, std::to_string(number_in_file(set, rows[i])));
    if (answered) {
      const auto first = sheet.answers.value.begin() + static_cast<std::ptrdiff_t>(i * numbers);
      const auto most = std::max_element(first, first + static_cast<std::ptrdiff_t>(numbers));
      cells.push_back(sheet.answers.names[static_cast<std::size_t>(most - first)]), cells.push_back(number(*most));
    }
    out += line_of(cells);
  }
  return out;
}

}  // namespace

std::string arrays_npz(const Outcome& outcome) {
  Npz out;
  if (outcome.sheet) add_pictures(*outcome.sheet, out);
  if (outcome.beliefs) add_beliefs(*outcome.beliefs, out);
  return out.empty() ? "" : out.bytes();
}

std::string records_csv(const Outcome& outcome, DatasetCache& datasets) {
  const bool drawn = outcome.sheet && !outcome.sheet->guess.empty();
  if (!drawn && !outcome.beliefs) return "";
  const Spec spec = check_spec(outcome.result.spec);
  const Data& data = datasets.data(spec);
  if (!drawn) return csv_of_beliefs(*outcome.beliefs, spec, data);
  const bool among_data = !outcome.sheet->of_classes && !has_gaussian_people(spec);
  return csv_of_pictures(*outcome.sheet, data.set, among_data ? data.split.attacked : std::vector<int>{});
}

VictimsWritten victims_written(const Outcome& outcome) {
  const bool drawn = outcome.sheet.has_value();
  const int written = drawn ? outcome.sheet->rows : outcome.beliefs ? outcome.beliefs->rows() : 0;
  const auto all = outcome.result.privacy.find(drawn ? "line_up" : "attack_accuracy");  // it counts everybody
  return {written, all == outcome.result.privacy.end() ? written : all->second.n};
}

}  // namespace mid::cli
