#include "mid/model/outside/outside.hpp"

#include <algorithm>

#include "mid/base/hash.hpp"
#include "mid/base/stage_cache.hpp"
#include "mid/model/file/brought_inputs.hpp"

namespace mid {
namespace {

constexpr std::int64_t kRowsOfPart = 2048;  // of kept answers in one entry of the stage cache
constexpr double kHashWork = 16;            // operations a byte of SHA-256

}  // namespace

Message ChannelSpec::name() const {
  if (command.empty()) return Message::plain("model.url " + shown(Json(url)));
  std::string words;
  for (const std::string& word : command) words += (words.empty() ? "" : " ") + word;
  return Message::plain("model.command " + shown(Json(words)));
}

std::vector<Param> BlackBoxSpec::params() {
  using S = BlackBoxSpec;
  return {param(&S::command, "command", "model.black_box.command", "docs/own-model.md").as_file(),
          param(&S::url, "url", "model.black_box.url", "docs/own-model.md"),
          param(&S::file, "file", "model.black_box.file", "docs/own-model.md").as_file(),
          brought_inputs_param(),
          param(&S::output, "output", "model.black_box.output"),
          param(&S::as_table, "as_table", "model.black_box.as_table"),
          param(&S::fresh, "fresh", "model.black_box.fresh"),
          param(&S::tolerance, "tolerance", 0, 1, "", "model.black_box.tolerance"),
          param(&S::time_limit, "time_limit", .1, 86400, "s", "model.black_box.time_limit"),
          param(&S::retries, "retries", 0, 100, "", "model.black_box.retries"),
          param(&S::rows_per_question, "rows_per_question", 1, 100000, "records", "model.black_box.rows_per_question"),
          param(&S::budget, "budget", 1, 2e9, "records", "model.black_box.budget")};
}

ChannelSpec BlackBoxSpec::channel() const { return {command.value_or(std::vector<std::string>{}), url.value_or(""), time_limit, retries}; }

void check_black_box(const BlackBoxSpec& spec) {
  const bool command = spec.command.has_value(), url = spec.url.has_value();
  const int given = int{command} + int{url} + int{spec.file.has_value()};
  if (given != 1) throw Error("model.command", Message(given > 1 ? "refusal.outside_both" : "refusal.outside_none"));
  if (command && (spec.command->empty() || spec.command->front().empty()))
    throw Error("model.command",
                Message("refusal.must_be").with("allowed", Message("refusal.part.command")).with("found", shown(Json(*spec.command))));
  constexpr std::string_view kBegin = "http://";
  if (url && (!spec.url->starts_with(kBegin) || spec.url->find('/', kBegin.size()) == std::string::npos ||
              spec.url->find("/v2/models/") == std::string::npos))
    throw Error("model.url", Message("refusal.outside_url").with("found", shown(Json(*spec.url))));
}

Outside::Outside(const ChannelMaker& channels, BlackBoxSpec spec, Respondent asked, const std::string& digest, StageCache* cache)
    : spec_(std::move(spec)), asked_(std::move(asked)), cache_(cache) {
  if (!channels) throw Error(spec_.command ? "model.command" : "model.url", Message("refusal.outside_page"));
  const ChannelSpec where = spec_.channel();
  asked_.name = spec_.file ? Message::plain("model.file " + shown(Json(*spec_.file))) : where.name(), asked_.tolerance = spec_.tolerance,
  asked_.output = spec_.output;
  channel_ = channels(where);
  identity_ = {{"command", where.command}, {"url", where.url},          {"output", spec_.output},
               {"digest", digest},         {"columns", asked_.columns}, {"classes", asked_.classes}};
}

// A process is asked at once; an address first says what it serves.
Task Outside::open(Context&, Eigen::Index inputs) {
  if (open_) co_return;
  if (!spec_.command) {
    constexpr std::size_t kMostMetadata = std::size_t{4} << 20;
    channel_->send("", "", kMostMetadata);
    std::string text;
    while (!channel_->receive(text)) co_await Tick{};
    served_ = read_metadata(text, inputs, asked_);
    identity_["served"] = served_.identity;
  }
  load();
  open_ = true;
}

std::string Outside::key_of_part(std::size_t part) const { return StageCache::key("answers", Json{{"of", identity_}, {"part", part}}); }

void Outside::load() {
  bool more = cache_ != nullptr;
  const auto width = static_cast<std::size_t>(asked_.width());
  for (part_ = 0; more;) {
    std::unordered_map<std::string, std::vector<float>> found;
    std::string all;
    std::int64_t rows = 0;
    more = cache_->load(key_of_part(part_), [&](Unpacker& in) {
      in.get_index(rows, std::int64_t{1}, kRowsOfPart * 100);
      in.get(all);
      Unpacker each(all);
      for (std::int64_t r = 0; r < rows; ++r) {
        std::string key;
        std::vector<float> values;
        each.get(key), each.get(values);
        Unpacker::expect(values.size() == width);
        found[key] = std::move(values);
      }
      Unpacker::expect(each.at_end());
    });
    if (!more) break;
    known_.merge(found);
    part_bytes_ = std::move(all), part_rows_ = rows;
    if (rows < kRowsOfPart) return;
    ++part_, part_bytes_.clear(), part_rows_ = 0;
  }
}

void Outside::keep(const std::vector<std::string>& keys, const MatrixD& answers) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::vector<float> values(static_cast<std::size_t>(answers.cols()));
    for (std::size_t c = 0; c < values.size(); ++c)
      values[c] = static_cast<float>(answers(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)));
    Packer one;
    one.add(keys[i]), one.add(values);
    part_bytes_ += one.take(), ++part_rows_;
    known_[keys[i]] = std::move(values);
  }
  if (!cache_) return;
  Packer out;
  out.add(part_rows_), out.add(part_bytes_);
  cache_->put(key_of_part(part_), out.take());
  if (part_rows_ >= kRowsOfPart) ++part_, part_bytes_.clear(), part_rows_ = 0;
}

Task Outside::ask(Context&, const Matrix& inputs, std::vector<Eigen::Index> rows, std::vector<std::string> keys) {
  Matrix block(static_cast<Eigen::Index>(rows.size()), inputs.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) block.row(static_cast<Eigen::Index>(i)) = inputs.row(rows[i]);
  const std::int64_t id = ++id_;
  const bool process = spec_.command.has_value();
  channel_->send(process ? "" : "/infer", process ? question_line(id, asked_, block) : infer_request(served_, block),
                 most_bytes(block.rows(), asked_));
  count_work(60. * static_cast<double>(block.size()));
  std::string text;
  while (!channel_->receive(text)) co_await Tick{};
  keep(keys, process ? read_answer_line(text, id, block.rows(), asked_) : read_infer_reply(text, served_, block.rows(), asked_));
  co_await Tick{};
}

Task Outside::answer(Context& context, Matrix inputs, std::uint64_t draw, Matrix& out) {
  co_await open(context, inputs.cols());
  const Eigen::Index n = inputs.rows();
  std::vector<std::string> keys(static_cast<std::size_t>(n));
  for (Eigen::Index r = 0; r < n; ++r) {
    std::string bytes(reinterpret_cast<const char*>(inputs.row(r).data()), static_cast<std::size_t>(inputs.cols()) * sizeof(float));
    if (spec_.fresh) bytes += std::to_string(draw);
    keys[static_cast<std::size_t>(r)] = sha256(bytes).substr(0, 32);
    if (tick_due(kHashWork * static_cast<double>(bytes.size()))) co_await Tick{};
  }
  std::vector<Eigen::Index> rows;
  std::vector<std::string> new_keys;
  std::unordered_set<std::string> waiting;
  for (Eigen::Index r = 0; r < n; ++r) {
    const std::string& key = keys[static_cast<std::size_t>(r)];
    // Counted whether it is known or not, so that a run that goes on, or is repeated, ends where the first did.
    if (needed_.insert(key).second && spec_.budget && questions() > *spec_.budget)
      throw Failure(Message("refusal.outside_budget").with("budget", std::to_string(*spec_.budget)).with("stage", context.progress.stage));
    if (known_.contains(key) || !waiting.insert(key).second) continue;
    rows.push_back(r), new_keys.push_back(key);
    if (static_cast<int>(rows.size()) < spec_.rows_per_question) continue;
    co_await ask(context, inputs, std::move(rows), std::move(new_keys));
    rows.clear(), new_keys.clear();
  }
  if (!rows.empty()) co_await ask(context, inputs, std::move(rows), std::move(new_keys));
  out.resize(n, asked_.width());
  for (Eigen::Index r = 0; r < n; ++r) {
    const std::vector<float>& values = known_.at(keys[static_cast<std::size_t>(r)]);
    for (Eigen::Index c = 0; c < out.cols(); ++c) out(r, c) = values[static_cast<std::size_t>(c)];
  }
  count_work(4. * static_cast<double>(out.size()));
  co_await Tick{};
}

}  // namespace mid
