#include "mid/sweep/sweep.hpp"

#include <algorithm>
#include <utility>

#include "mid/base/hash.hpp"
#include "mid/base/stage_cache.hpp"

namespace mid {
namespace {

/// Parts text at commas that stand outside brackets and quotes.
std::vector<std::string> parted(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\' && i + 1 < text.size())
        parts.back() += text[i++];
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth <= 0) {
      parts.emplace_back();
      continue;
    }
    parts.back() += text[i];
  }
  return parts;
}

/// Whether setting `path` replaces the object in which `inner` lies.
bool replaces(const std::string& path, const std::string& inner) {
  for (const Section& s : sections())
    if (inner.starts_with(s.name + ".") && inner != path && (path == s.name || (!s.key.empty() && path == s.name + "." + s.key)))
      return true;
  return false;
}

void check_fields(const std::vector<Vary>& vary) {
  for (std::size_t i = 0; i < vary.size(); ++i) {
    if (vary[i].path == "seed") throw Error("--vary", Message("refusal.vary_seed"));
    for (std::size_t j = 0; j < i; ++j) {
      if (vary[j].path == vary[i].path) throw Error("--vary", Message("refusal.vary_twice").with("path", vary[i].path));
      if (replaces(vary[i].path, vary[j].path))
        throw Error("--vary", Message("refusal.vary_undoes").with("path", vary[i].path).with("other", vary[j].path));
    }
  }
}

/// The values of a combination: the last field changes fastest.
std::vector<Json> values_at(const std::vector<Vary>& vary, std::size_t combination) {
  std::vector<Json> values(vary.size());
  for (std::size_t v = vary.size(); v-- > 0; combination /= vary[v].values.size())
    values[v] = vary[v].values[combination % vary[v].values.size()];
  return values;
}

std::string dotted(const std::string& pointer) {
  std::string out;
  for (char c : pointer.substr(1)) out += c == '/' ? '.' : c;
  return out;
}

/// The varied fields of a description, as they were given.
std::string vary_words(const Json& description) {
  std::string out;
  for (const Json& v : description.at("vary"))
    out += (out.empty() ? "" : ", ") + v.at("path").get<std::string>() + "=" + shown(v.at("values"));
  return out.empty() ? "nothing" : out;
}

}  // namespace

Vary read_vary(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) throw Error("--vary", Message("refusal.vary_takes").with("found", shown(text)));
  try {
    (void)Json(text).dump();
  } catch (const Json::type_error&) {  // the library's only check of UTF-8
    throw Error("--vary", Message("refusal.must_be").with("allowed", Message("refusal.part.utf8")).with("found", shown(text)));
  }
  Vary v{text.substr(0, equals), {}};
  for (const std::string& part : parted(text.substr(equals + 1))) {
    if (part.empty())
      throw Error("--vary", Message("refusal.vary_takes").with("found", Message("refusal.part.empty_value").with("text", shown(text))));
    Json probe = Json::object();
    try {
      set_field(probe, v.path + "=" + part);
    } catch (const Error& e) {
      throw Error("--vary", Message("refusal.part.both").with("first", "--vary").with("second", e.message()));
    }
    const auto dot = v.path.find('.');
    const Json& object = probe[v.path.substr(0, dot)];
    const Json value = dot == std::string::npos ? object : object[v.path.substr(dot + 1)];
    if (std::find(v.values.begin(), v.values.end(), value) != v.values.end())
      throw Error("--vary", Message("refusal.vary_value_twice").with("path", v.path).with("value", shown(value)));
    v.values.push_back(value);
  }
  return v;
}

SweepRun planned_run(std::size_t combination, std::uint64_t seed, NamedFiles& files, const std::function<Spec()>& specification) {
  SweepRun run{combination, seed, "", nullptr};
  try {
    const Spec checked = specification();
    run.id = files.id(checked), run.spec = checked.json();
  } catch (const Error& e) {
    run.refused = e.what();
  }
  return run;
}

SweepPlan plan_sweep(const Json& spec, const std::vector<Vary>& vary, int seeds, NamedFiles files) {
  check_fields(vary);
  if (seeds < 1) throw Error("--seeds", Message("refusal.at_least").with("low", "1").with("found", std::to_string(seeds)));
  if (!spec.is_object()) throw Error("the specification", Message("refusal.object").with("found", shown(spec)));
  const std::uint64_t first = check_spec(spec.contains("seed") ? Json{{"seed", spec["seed"]}} : Json::object()).seed;
  SweepPlan plan;
  std::size_t count = 1;
  for (const Vary& v : vary) {
    if (v.values.empty()) throw Error("--vary", Message("refusal.vary_no_value").with("path", v.path));
    plan.runs.paths.push_back(v.path);
    count *= v.values.size();
    if (count * static_cast<std::size_t>(seeds) > kMostSweepRuns)
      throw Error("--vary", Message("refusal.vary_runs").with("most", std::to_string(kMostSweepRuns)));
  }

  for (std::size_t c = 0; c < count; ++c) plan.runs.combinations.push_back(values_at(vary, c));
  const auto made = [spec, first, paths = plan.runs.paths](std::size_t c, const std::vector<Json>& values, int s, NamedFiles& read) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(s);
    return planned_run(c, seed, read, [&] {
      Json one = spec;
      for (std::size_t v = 0; v < paths.size(); ++v) set_field(one, paths[v], values[v]);
      one["seed"] = seed;
      return check_spec(one);
    });
  };
  const std::size_t most = static_cast<std::size_t>(seeds) * count;
  bool accepted = false;
  std::string refused;
  const auto look_at = [&](const SweepRun& run) {
    accepted |= run.refused.empty();
    if (refused.empty()) refused = run.refused;
  };
  if (most <= kMostHeldRuns) {
    for (std::size_t c = 0; c < count; ++c)
      for (int s = 0; s < seeds; ++s) look_at(plan.runs.runs.emplace_back(made(c, plan.runs.combinations[c], s, files)));
  } else {
    // The files that are named, each value of a field beside the others' first.
    std::vector<Json> values = plan.runs.combinations[0];
    for (std::size_t v = 0; v < vary.size(); ++v)
      for (const Json& value : vary[v].values) {
        const Json before = std::exchange(values[v], value);
        look_at(made(0, values, 0, files));
        values[v] = before;
      }
    for (std::size_t c = 0; c < count && c < kMostHeldRuns && !accepted; ++c) look_at(made(c, plan.runs.combinations[c], 0, files));
    plan.made = most;
    plan.make_run = [made, seeds, files, vary](std::size_t position) {
      const auto per_combination = static_cast<std::size_t>(seeds);
      const std::size_t c = position / per_combination;
      NamedFiles read = files;
      return made(c, values_at(vary, c), static_cast<int>(position % per_combination), read);
    };
    plan.runs.seeds = static_cast<std::size_t>(seeds);
    plan.runs.make_spec = [make = plan.make_run, first, seeds](const SweepRun& run) {
      return make(run.combination * static_cast<std::size_t>(seeds) + static_cast<std::size_t>(run.seed - first)).spec;
    };
  }
  const bool looked_at_all = plan.is_held() || count <= kMostHeldRuns;
  if (!accepted && looked_at_all)
    throw Error("", count == 1 ? Message::plain(refused) : Message("refusal.all_refused").with("why", refused));

  Json base = spec;
  try {
    base = check_spec(spec).json();  // complete, so that a default written out is no difference
  } catch (const Error&) {           // the varied values make a specification of it, or else it was refused above
  }
  Json fields = Json::array();
  for (const Vary& v : vary) fields.push_back({{"path", v.path}, {"values", v.values}});
  plan.description = {{"version", 1},   {"build", StageCache::key("sweep", Json::object())}, {"spec", base},
                      {"vary", fields}, {"seeds", {{"first", first}, {"count", seeds}}},     {"files", files.json()}};
  return plan;
}

SweepPlan plan_of(const Json& description) {
  const auto part = [](const Json& of, const char* key, bool (Json::*is)() const noexcept, const char* wanted) -> const Json& {
    if (!of.is_object() || !of.contains(key)) throw Error(key, Message("refusal.missing"));
    if (!(of[key].*is)()) throw Error(key, Message("refusal.must_be").with("allowed", Message(wanted)).with("found", shown(of[key])));
    return of[key];
  };
  std::vector<Vary> vary;
  for (const Json& v : part(description, "vary", &Json::is_array, "refusal.part.list"))
    vary.push_back({part(v, "path", &Json::is_string, "refusal.part.text").get<std::string>(),
                    part(v, "values", &Json::is_array, "refusal.part.list").get<std::vector<Json>>()});
  const Json& seeds = part(description, "seeds", &Json::is_object, "refusal.part.object");
  const Json& count = part(seeds, "count", &Json::is_number_integer, "refusal.part.whole_number");
  if (count < 1 || count > kMostSweepRuns)
    throw Error("count",
                Message("refusal.in_range").with("low", "1").with("high", std::to_string(kMostSweepRuns)).with("found", shown(count)));
  Json spec = part(description, "spec", &Json::is_object, "refusal.part.object");
  spec["seed"] = part(seeds, "first", &Json::is_number_integer, "refusal.part.whole_number");
  return plan_sweep(spec, vary, count.get<int>(), NamedFiles(part(description, "files", &Json::is_object, "refusal.part.object")));
}

std::string difference(const Json& there, const Json& here) {
  try {
    if (!there.is_object() || there.at("version") != 1) return "its description cannot be read";
    if (there.at("build") != here.at("build")) return "its runs were made by another build of midlab";
    if (there.at("vary") != here.at("vary")) return "--vary is " + vary_words(there) + " there and " + vary_words(here) + " here";
    for (const auto& [path, digest] : here.at("files").items())
      if (there.at("files").contains(path) && there["files"][path] != digest)
        return "the file " + path + " had other bytes there than it has here";
    const Json patch = Json::diff(there, here);
    if (patch.empty()) return "";
    const auto pointer = patch[0].at("path").get<std::string>();
    const auto at = [&](const Json& j) {
      const Json::json_pointer p(pointer);
      return j.contains(p) ? shown(j.at(p)) : std::string("absent");
    };
    return dotted(pointer) + " is " + at(there) + " there and " + at(here) + " here";
  } catch (const Json::exception&) {
    return "its description cannot be read";
  }
}

std::string pack_sweep_run(const Result& result) {
  Json j = result.json();
  j["sha256"] = sha256(j.dump());
  return j.dump(1) + "\n";
}

namespace {

/// What came out, or why the input refuses it.
void take_result(SweepRun& run, Result&& result) {
  if (result.failed && result.failed->input)
    run.refused = result.failed->sentence;
  else
    run.result = std::move(result);
}

}  // namespace

bool unpack_sweep_run(const std::string& bytes, SweepRun& run) {
  Json j = json_or_discarded(bytes, kLargestJson);
  if (!j.is_object() || !j.contains("sha256")) return false;
  const Json digest = j["sha256"];
  j.erase("sha256");
  try {
    if (digest != sha256(j.dump())) return false;
    Result result = Result::from_json(j);
    if (result.id != run.id || result.spec != run.spec) return false;
    take_result(run, std::move(result));
    return true;
  } catch (const Error&) {
    return false;
  } catch (const Json::exception&) {  // a text that is no UTF-8, a value of another type
    return false;
  }
}

std::string pack_sweep_record(const SweepRun& run, const Result& result) {
  if (!run.refused.empty()) return Json{{"refused", run.refused}}.dump();
  Json j = result.json();
  for (const char* known : {"spec", "version"}) j.erase(known);
  return j.dump();
}

void unpack_sweep_record(const std::string& text, SweepRun& run) {
  Json j = parse_json(text, "the record", kLargestJson);
  if (j.is_object() && j.contains("refused") && j["refused"].is_string()) {
    run.refused = j["refused"].get<std::string>();
    return;
  }
  if (j.is_object()) j["spec"] = run.spec.is_object() ? run.spec : Json::object();
  Result result = Result::from_json(j);
  run.id = result.id;
  take_result(run, std::move(result));
}

}  // namespace mid
