#pragma once
#include <string>
#include <vector>

#include "mid/attack/attack.hpp"
#include "mid/data/dataset.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/experiment/members.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/measure/figure_entry.hpp"
#include "mid/measure/interval.hpp"
#include "mid/report/result.hpp"

// What the files figures_*.cpp share.
namespace mid {

/// Undefined or infinite becomes null.
inline Measure measure(double value, double baseline, int n, const char* unit) {
  Measure m;
  m.value = finite(value), m.baseline = finite(baseline), m.n = n, m.unit = unit;
  return m;
}

/// A null says why it is one; `why` is the key of the reason.
inline void warn_if_empty(Result& result, const Measure& m, const std::string& name, const char* why) {
  if (!m.value) result.warnings.push_back(Message("warning.undefined").with("figure", name).with("why", Message(why)));
}

inline std::vector<double> list(const VectorXd& v) { return {v.data(), v.data() + v.size()}; }

/// Answers about each record that may tell something new: the attacker's repeats, or 1 when all of them are the same, or
/// when the attacker hears answers about other records (a label attack).
inline int fresh_answers(const Spec& spec, const Release& release) {
  const Attack* attack = attack_called(spec.attack["kind"].get<std::string>());
  if (attack && attack->finds == Attack::Finds::label) return 1;
  return release.once_a_record() ? 1 : spec.attack.value("repeats", 1);
}

/// The entries of these rows; nothing of nothing.
inline std::vector<int> gather_or_empty(const std::vector<int>& of, const std::vector<int>& rows) {
  std::vector<int> out;
  if (!of.empty())
    for (int r : rows) out.push_back(of[static_cast<std::size_t>(r)]);
  return out;
}

/// The figures with a file of their own that the run of `result` has and that are computed by this function.
template <class Function>
std::vector<const FigureEntry*> entries_of(const Result& result, Function FigureEntry::* function) {
  std::vector<const FigureEntry*> out;
  for (const FigureEntry* f : figure_entries())
    if (f->*function && f->kind.is_of(run_bits(result.spec))) out.push_back(f);
  return out;
}

/// At most `most` of them, evenly spread over the rows, so that the kinds of records keep their shares.
inline std::vector<int> spread_over(const std::vector<int>& rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  std::vector<int> out;
  for (std::size_t i = 0; i < most; ++i) out.push_back(rows[i * rows.size() / most]);
  return out;
}

/// The attacked records whose secret (of a label attack, class; of one on membership, whether it was learnt from) is known, so that beliefs
/// about it can be judged.
struct JudgedRecords {
  std::vector<int> rows;    ///< their places among the attacked
  std::vector<int> person;  ///< theirs; empty: every record is a person of its own
  VectorXi truth;           ///< their secrets
};
inline JudgedRecords judged_records(const Data& data, Attack::Finds finds) {
  const VectorXi all = finds == Attack::Finds::membership
                           ? membership_of(data.split)
                           : rows_of(finds == Attack::Finds::label ? data.set.label : data.set.secret->of_row, data.split.attacked);
  JudgedRecords out;
  for (int i = 0; i < all.size(); ++i)
    if (all[i] >= 0) out.rows.push_back(i);
  out.person = gather_or_empty(gather_or_empty(data.set.person, data.split.attacked), out.rows);
  out.truth = rows_of(all, out.rows);
  return out;
}

}  // namespace mid
