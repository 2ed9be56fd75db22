#include "results_file.hpp"

#include <memory>
#include <random>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"

#ifdef MIDLAB_SQLITE
#include <sqlite3.h>
#endif

namespace mid::cli {

namespace fs = std::filesystem;

void lack_sqlite(const std::string& field) {
  throw Error(field,
              "needs a mid that was built with SQLite, found one without it; install libsqlite3-dev (Debian), configure and build "
              "again");
}

#ifndef MIDLAB_SQLITE

bool has_sqlite() { return false; }
void write_results_file(const fs::path& file, const SweepPlan&, const EachRun&) { lack_sqlite(shown_path(file)); }
Counts read_results_file(const fs::path& file, SweepPlan&) { lack_sqlite(shown_path(file)); }

#else

namespace {

constexpr const char* kSchema = R"(
CREATE TABLE sweep (description TEXT NOT NULL);
CREATE TABLE runs (place INTEGER PRIMARY KEY, combination INTEGER NOT NULL, seed INTEGER NOT NULL, id TEXT, refused TEXT, failed TEXT,
                   failed_stage TEXT, device TEXT, train_s REAL, attack_s REAL, warnings TEXT, notes TEXT);
CREATE TABLE names (figure INTEGER PRIMARY KEY, "group" TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL,
                    has_value INTEGER NOT NULL);
CREATE TABLE figures (place INTEGER NOT NULL, figure INTEGER NOT NULL, value REAL, baseline REAL, low REAL, high REAL, n INTEGER NOT NULL,
                      PRIMARY KEY (place, figure)) WITHOUT ROWID;
CREATE VIEW results AS SELECT combinations.*, runs.seed, names."group", names.name, value, baseline, low, high, n, names.unit, runs.id
  FROM figures JOIN names USING (figure) JOIN runs USING (place) JOIN combinations USING (combination);
)";
constexpr const char* kGroups[] = {"utility", "privacy", "information"};

/// Nobody writes into a file that another may read, so no lock is wanted.
constexpr const char* kNoLocks = "unix-none";

class Statement;

class Database {
 public:
  /// For reading, or a new one to be filled.
  Database(fs::path file, bool fill) : file_(std::move(file)), fill_(fill) {
    const int how = fill ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    check(sqlite3_open_v2(file_.c_str(), &db_, how, kNoLocks));
  }
  ~Database() { sqlite3_close(db_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  void run(const std::string& sql) { check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }
  void check(int code) const {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    const std::string why = db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
    if (fill_) throw Failure(shown_path(file_) + " could not be written (" + why + "); check that the disk has room");
    throw Error(shown_path(file_), "cannot be read (" + why + "); run mid collect again");
  }
  sqlite3* get() const { return db_; }

 private:
  fs::path file_;
  bool fill_;
  sqlite3* db_ = nullptr;
};

class Statement {
 public:
  Statement(const Database& db, const std::string& sql) : db_(db) {
    db.check(sqlite3_prepare_v2(db.get(), sql.c_str(), static_cast<int>(sql.size()), &statement_, nullptr));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& operator<<(std::int64_t x) { return bound(sqlite3_bind_int64(statement_, ++bound_, x)); }
  Statement& operator<<(std::size_t x) { return *this << static_cast<std::int64_t>(x); }
  Statement& operator<<(double x) { return bound(sqlite3_bind_double(statement_, ++bound_, x)); }
  Statement& operator<<(const std::optional<double>& x) { return x ? *this << *x : null(); }
  Statement& operator<<(const std::string& x) {
    return bound(sqlite3_bind_text(statement_, ++bound_, x.data(), static_cast<int>(x.size()), SQLITE_TRANSIENT));
  }
  Statement& null() { return bound(sqlite3_bind_null(statement_, ++bound_)); }
  /// Text, or null where it is empty.
  Statement& maybe(const std::string& x) { return x.empty() ? null() : *this << x; }
  void insert() {
    db_.check(sqlite3_step(statement_));
    db_.check(sqlite3_reset(statement_));
    bound_ = 0;
  }

  /// The next row; false: there is none.
  bool row() {
    const int code = sqlite3_step(statement_);
    db_.check(code);
    return code == SQLITE_ROW;
  }
  std::int64_t whole(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) const {
    const unsigned char* text = sqlite3_column_text(statement_, column);
    return text ? reinterpret_cast<const char*>(text) : "";
  }
  std::optional<double> number(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL ? std::nullopt : std::optional(sqlite3_column_double(statement_, column));
  }

 private:
  Statement& bound(int code) {
    db_.check(code);
    return *this;
  }
  const Database& db_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string marks(std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += i ? ", ?" : "?";
  return out;
}

void add_value(Statement& to, const Json& value) {
  if (value.is_null())
    to.null();
  else if (value.is_number_float())
    to << value.get<double>();
  else if (value.is_number_integer())
    to << value.get<std::int64_t>();
  else
    to << (value.is_string() ? value.get<std::string>() : value.dump());
}

void add_combinations(Database& db, const SweepRuns& runs) {
  std::string columns;
  for (const std::string& path : runs.paths) columns += ", " + quoted(path);
  db.run("CREATE TABLE combinations (combination INTEGER PRIMARY KEY" + columns + ")");
  Statement insert(db, "INSERT INTO combinations VALUES (" + marks(1 + runs.paths.size()) + ")");
  for (std::size_t c = 0; c < runs.combinations.size(); ++c) {
    insert << c;
    for (const Json& value : runs.combinations[c]) add_value(insert, value);
    insert.insert();
  }
}

/// The numbers by which a file knows its figures.
class Names {
 public:
  std::int64_t number(const std::string& group, const std::string& name, const Measure& m) {
    const auto [at, is_new] = known_.try_emplace({group, name, m.unit}, Known{static_cast<std::int64_t>(known_.size())});
    at->second.has_value |= m.value.has_value();
    return at->second.number;
  }
  void write(Database& db) const {
    Statement insert(db, "INSERT INTO names VALUES (" + marks(5) + ")");
    for (const auto& [key, known] : known_) {
      insert << known.number << std::get<0>(key) << std::get<1>(key) << std::get<2>(key);
      (insert << std::int64_t{known.has_value}).insert();
    }
  }

 private:
  struct Known {
    std::int64_t number;
    bool has_value = false;
  };
  std::map<std::tuple<std::string, std::string, std::string>, Known> known_;
};

void fill(Database& db, const SweepPlan& plan, const EachRun& each) {
  db.run("PRAGMA journal_mode = OFF");
  db.run("PRAGMA locking_mode = EXCLUSIVE");
  db.run("BEGIN");
  add_combinations(db, plan.runs);
  db.run(kSchema);
  (Statement(db, "INSERT INTO sweep VALUES (?)") << plan.description.dump()).insert();
  Statement run_row(db, "INSERT INTO runs VALUES (" + marks(12) + ")"), figure_row(db, "INSERT INTO figures VALUES (" + marks(7) + ")");
  Names names;
  each([&](std::size_t place, const SweepRun& run) {
    run_row << place << run.combination << static_cast<std::int64_t>(run.seed);
    run_row.maybe(run.id).maybe(run.refused);
    if (!run.result) {
      for (int i = 0; i < 7; ++i) run_row.null();
      run_row.insert();
      return;
    }
    const Result& r = *run.result;
    run_row.maybe(r.failed ? r.failed->sentence : "").maybe(r.failed ? r.failed->stage : "");
    run_row << r.device << r.timing.train << r.timing.attack;
    const std::vector<std::string> warnings = sentences_in("en", r.warnings);
    run_row.maybe(warnings.empty() ? "" : Json(warnings).dump()).maybe(r.notes.empty() ? "" : r.notes.dump());
    run_row.insert();
    for (const char* group : kGroups)
      for (const auto& [name, m] : *r.group(group)) {
        figure_row << place << names.number(group, name, m) << m.value << m.baseline << m.low << m.high;
        (figure_row << static_cast<std::int64_t>(m.n)).insert();
      }
  });
  names.write(db);
  db.run("COMMIT");
}

/// Brings the runs of a file.
void walk(const fs::path& file, const std::function<void(SweepRun&)>& see) {
  const Database db(file, false);
  std::vector<std::pair<Measures Result::*, std::pair<std::string, std::string>>> names;
  for (Statement name(db, "SELECT \"group\", name, unit FROM names ORDER BY figure"); name.row();) {
    const std::string group = name.text(0);
    names.push_back({group == "utility"   ? &Result::utility
                     : group == "privacy" ? &Result::privacy
                                          : &Result::information,
                     {name.text(1), name.text(2)}});
  }
  Statement rows(db,
                 "SELECT place, combination, seed, id, refused, failed, failed_stage, device, train_s, attack_s, warnings, notes FROM runs "
                 "ORDER BY place"),
      figures(db, "SELECT place, figure, value, baseline, low, high, n FROM figures ORDER BY place, figure");
  for (bool more = figures.row(); rows.row();) {
    const std::int64_t place = rows.whole(0);
    SweepRun run{static_cast<std::size_t>(rows.whole(1)), static_cast<std::uint64_t>(rows.whole(2)), rows.text(3), nullptr, rows.text(4)};
    if (run.refused.empty()) {
      Result& r = run.result.emplace();
      r.id = run.id, r.device = rows.text(7);
      r.timing = {rows.number(8).value_or(0), rows.number(9).value_or(0)};
      if (const std::string why = rows.text(5); !why.empty()) r.failed = RunFailure{rows.text(6), why};
      if (const std::string warnings = rows.text(10); !warnings.empty())
        for (const Json& sentence : json_or_discarded(warnings))
          if (sentence.is_string()) r.warnings.push_back(Message::plain(sentence.get<std::string>()));
      if (Json notes = json_or_discarded(rows.text(11)); notes.is_object()) r.notes = std::move(notes);
    }
    for (; more && figures.whole(0) <= place; more = figures.row()) {
      const auto number = static_cast<std::size_t>(figures.whole(1));
      if (figures.whole(0) < place || number >= names.size() || !run.result) continue;
      const auto& [group, name] = names[number];
      ((*run.result).*group)[name.first] = {
          figures.number(2), figures.number(3), figures.number(4), figures.number(5), static_cast<int>(figures.whole(6)), name.second};
    }
    see(run);
  }
}

}  // namespace

bool has_sqlite() { return true; }

void write_results_file(const fs::path& file, const SweepPlan& plan, const EachRun& each) {
  fs::path part = file;  // base/file.hpp, remove_old_parts: what a program that was killed leaves goes
  part += ".part-" + std::to_string(std::random_device{}());
  std::error_code error;
  fs::remove(part, error);
  try {
    Database db(part, true);
    fill(db, plan, each);
  } catch (const std::exception&) {
    fs::remove(part, error);
    throw;
  }
  fs::rename(part, file, error);
  if (error) throw Failure(Message("refusal.file_not_in_place").with("field", shown_path(file)).with("why", error.message()));
}

Counts read_results_file(const fs::path& file, SweepPlan& plan) {
  std::error_code error;
  if (!fs::exists(file, error)) throw Error(shown_path(file), "is not there; run mid collect first");
  const Database db(file, false);
  Statement description(db, "SELECT description FROM sweep");
  if (!description.row() || description.text(0) != plan.description.dump())
    throw Error(shown_path(file), "is of another sweep; run mid collect again");
  for (Statement name(db, "SELECT \"group\", name, unit, has_value FROM names ORDER BY figure"); name.row();) {
    SweepFigure& figure = plan.runs.figures[name.text(0)][name.text(1)];
    if (name.whole(3) != 0 && !figure.has_value) figure = {true, name.text(2)};
  }
  Statement count(db, "SELECT count(*), count(failed), count(refused) FROM runs");
  Counts counts;
  if (count.row())
    counts = {static_cast<std::size_t>(count.whole(0)), static_cast<std::size_t>(count.whole(1)), static_cast<std::size_t>(count.whole(2))};
  plan.runs.runs.clear();
  plan.runs.walk = [file](const std::function<void(SweepRun&)>& see) { walk(file, see); };
  return counts;
}

#endif

}  // namespace mid::cli
