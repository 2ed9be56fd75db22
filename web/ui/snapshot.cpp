#include "snapshot.hpp"

#include <algorithm>
#include <numeric>

#include "mid/base/error.hpp"

namespace mid::ui {
namespace {

template <class T>
T value_or(const Json& j, const char* key, T standard) {
  if (!j.is_object() || !j.contains(key) || j[key].is_null()) return standard;
  return j[key].get<T>();
}

std::vector<std::uint8_t> picture_bytes(const Json& j, const char* key, std::size_t size) {
  if (!j.contains(key) || j[key].is_null()) return {};
  std::vector<std::uint8_t> bytes =
      j[key].is_binary() ? std::vector<std::uint8_t>(j[key].get_binary()) : j[key].get<std::vector<std::uint8_t>>();
  if (!bytes.empty() && bytes.size() != size) throw Error("sheet." + std::string(key), "has another size than height x width x rows");
  return bytes;
}

Sheet read_sheet(const Json& j) {
  Sheet s;
  s.height = j.at("height").get<int>(), s.width = j.at("width").get<int>(), s.rows = j.at("rows").get<int>();
  if (s.height < 1 || s.width < 1 || s.height > 256 || s.width > 256 || s.rows < 0)
    throw Error("sheet", "must have pictures of 1 to 256 pixels a side");
  const auto size = static_cast<std::size_t>(s.height) * static_cast<std::size_t>(s.width) * static_cast<std::size_t>(s.rows);
  s.truth = picture_bytes(j, "truth", size);
  s.guess = picture_bytes(j, "guess", size);
  s.average = picture_bytes(j, "average", size);
  s.line_up = value_or(j, "line_up", std::vector<double>{});
  s.names = value_or(j, "names", std::vector<std::string>{});
  if (!j.contains("path") || !j["path"].is_object()) return s;
  const Json& path = j["path"];
  s.path.step = path.at("step").get<std::vector<int>>();
  s.path.confidence = value_or(path, "confidence", std::vector<double>{}), s.path.detail = value_or(path, "detail", std::vector<double>{});
  s.path.best_step = value_or(path, "best_step", std::vector<int>{});
  const std::size_t frames = s.path.step.size();
  s.path.pictures = picture_bytes(path, "pictures", size * frames);
  if (s.path.pictures.empty() || s.path.detail.size() != frames || s.path.confidence.size() != frames * static_cast<std::size_t>(s.rows) ||
      !std::is_sorted(s.path.step.begin(), s.path.step.end()))
    throw Error("sheet.path", "must have pictures, detail and confidence of every step, in their order");
  return s;
}

Beliefs read_beliefs(const Json& j) {
  Beliefs b;
  b.values = j.at("values").get<std::vector<std::string>>();
  b.truth = j.at("truth").get<std::vector<int>>();
  b.before = value_or(j, "before", std::vector<double>{});
  b.after = value_or(j, "after", std::vector<double>{});
  b.conditional_mean = value_or(j, "conditional_mean", std::vector<double>{});
  b.conditional_sd = value_or(j, "conditional_sd", std::vector<double>{});
  b.answer = value_or(j, "answer", std::vector<double>{});
  b.secret = value_or<std::string>(j, "secret", ""), b.target = value_or(j, "target", std::vector<double>{}),
  b.root = value_or(j, "root", false);
  if (!b.target.empty() && b.target.size() != b.truth.size()) throw Error("beliefs.target", "must have one number a row");
  const std::size_t size = b.truth.size() * b.values.size();
  for (const auto* list : {&b.before, &b.after, &b.conditional_mean, &b.conditional_sd})
    if (!list->empty() && list->size() != size) throw Error("beliefs", "has lists of different lengths");
  if (!b.answer.empty() && b.answer.size() != b.truth.size()) throw Error("beliefs.answer", "must have one number a row");
  return b;
}

}  // namespace

std::size_t Sheet::Path::frame_at(int at) const {
  const auto next = std::upper_bound(step.begin(), step.end(), at);
  return next == step.begin() ? 0 : static_cast<std::size_t>(next - step.begin()) - 1;
}

double Sheet::Path::confidence_of(std::size_t frame) const {
  const std::size_t people = step.empty() ? 0 : confidence.size() / step.size();
  if (people == 0) return 0;
  const auto from = confidence.begin() + static_cast<std::ptrdiff_t>(frame * people);
  return std::accumulate(from, from + static_cast<std::ptrdiff_t>(people), 0.) / static_cast<double>(people);
}

int Beliefs::guess(const std::vector<double>& list, int row) const {
  const std::size_t n = values.size(), from = static_cast<std::size_t>(row) * n;
  if (from + n > list.size()) return -1;
  std::size_t best = 0;
  for (std::size_t v = 1; v < n; ++v)
    if (list[from + v] > list[from + best]) best = v;
  return static_cast<int>(best);
}

Snapshot read_snapshot(const Json& j) {
  Snapshot s;
  const std::string state = value_or<std::string>(j, "state", "idle");
  s.state = state == "running"  ? Snapshot::State::running
            : state == "paused" ? Snapshot::State::paused
            : state == "done"   ? Snapshot::State::done
            : state == "failed" ? Snapshot::State::failed
                                : Snapshot::State::idle;
  s.tag = value_or(j, "tag", 0);
  s.spec = j.value("spec", Json());
  if (const Json p = j.value("progress", Json()); p.is_object()) {
    s.progress.stage = value_or<std::string>(p, "stage", ""), s.progress.unit = value_or<std::string>(p, "unit", "");
    s.progress.done = value_or(p, "done", 0), s.progress.total = value_or(p, "total", 0);
    s.progress.fraction = value_or(p, "fraction", 0.), s.progress.seconds = value_or(p, "seconds", 0.);
    if (p.contains("seconds_left") && p["seconds_left"].is_number()) s.progress.seconds_left = p["seconds_left"].get<double>();
    s.progress.live = p.value("live", Json::object());
  }
  s.result = j.value("result", Json());
  for (const Json& w : j.value("warnings", Json::array())) s.warnings.push_back(Message::from(w));
  if (j.contains("sheet") && j["sheet"].is_object()) s.sheet = read_sheet(j["sheet"]);
  if (j.contains("beliefs") && j["beliefs"].is_object()) s.beliefs = read_beliefs(j["beliefs"]);
  if (j.contains("tree") && j["tree"].is_object()) s.tree = j["tree"];
  if (const Json e = j.value("error", Json()); e.is_object())
    s.error_field = value_or<std::string>(e, "field", ""), s.error = value_or<std::string>(e, "sentence", ""),
    s.message = Message::from(e.value("message", Json(s.error)));
  for (const auto& [name, part] : {std::pair{"table", &s.table}, {"file", &s.file}})
    if (j.contains(name) && j[name].is_object()) *part = j[name];
  s.undo = value_or(j, "undo", 0), s.redo = value_or(j, "redo", 0);
  s.saved = j.value("saved", Json());
  return s;
}

double seconds_of(const Json& result) {
  if (!result.is_object() || !result.contains("timing") || !result["timing"].is_object()) return 0;
  double sum = 0;
  for (const Json& part : result["timing"])
    if (part.is_number()) sum += part.get<double>();
  return sum;
}

Measure measure_of(const Json& result, const char* group, std::string_view name) {
  Measure m;
  if (!result.is_object() || !result.contains(group)) return m;
  const Json& g = result[group];
  const std::string key(name);
  if (!g.is_object() || !g.contains(key) || !g[key].is_object()) return m;
  const Json& j = g[key];
  const auto number = [&](const char* part) -> std::optional<double> {
    if (!j.contains(part) || !j[part].is_number()) return std::nullopt;
    return j[part].get<double>();
  };
  m.value = number("value"), m.baseline = number("baseline"), m.low = number("low"), m.high = number("high");
  if (j.contains("n") && j["n"].is_number()) m.n = j["n"].get<int>();
  return m;
}

}  // namespace mid::ui
