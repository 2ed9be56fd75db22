#pragma once
#include <span>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/report/result.hpp"

namespace mid {

/// A result as a person reads it in a terminal (UTF-8, at most 100 columns, ends with a line break): what was run, then a
/// row for each measure with value, baseline, 95 % interval and number of records, then the warnings. For a failed run:
/// where it stopped and why.
std::string result_text(const Result& result);
/// Which run that is, how long it took and on what: "run 0123456789abcdef, trained in 0.10 s, attacked in 0.20 s on cpu".
std::string run_words(const Result& result);
/// Where a run stopped and why: "Failed while training: the loss is no number".
std::string failure_words(const RunFailure& failed);
/// What a run is doing: "training: round 3 of 20, right 91 %".
std::string progress_words(const Progress& progress);
/// Its figures as cells: first the head (name, value, baseline, 95 % interval, n), then a row a figure in the order of figure.hpp; a row
/// of one cell is the heading of those below it. Numbers with their units, in the words of words.hpp.
std::vector<std::vector<std::string>> result_table(const Result& result);

/// The figures of several seeds: {"utility", "privacy", "information"}, each {NAME: {"mean", "sd" between the seeds (null of one),
/// "n" seeds that have a value, "unit", "baseline", "low", "high"}}. Baseline and interval are means of those of the single runs
/// (null where one has none): an interval says how sure one run is of its records, the sd how far seeds lie apart.
Json seed_summary(std::span<const Result> runs);
/// Throws Error naming `file` unless `all` is what `mid run --seeds` writes: an object with a list "seeds" and such a "summary".
void check_seed_summary(const Json& all, const std::string& file);
/// A checked summary as a table for a terminal.
std::string seed_summary_text(const Json& summary, int seeds);
/// The same as cells, as result_table() gives them: name, mean, sd, baseline, interval, seeds.
std::vector<std::vector<std::string>> seed_summary_table(const Json& summary);
/// The line above it, which says what its columns are.
std::string seed_summary_words(int seeds);

}  // namespace mid
