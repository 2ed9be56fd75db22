#include "ui/own.hpp"

#include <algorithm>
#include <cctype>

#include "mid/base/text.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/experiment/user_table.hpp"
#include "ui/story.hpp"
#include "ui/strings.hpp"

namespace mid::ui {

void Own::begin(std::string csv) {
  csv_ = std::move(csv);
  failed_ = {}, target_.clear(), secret_.clear();
  table_.reset(), step_ = target, page = 0;
  open = waiting_ = true;
  examine_again();
}

void Own::receive(Answer<UserTable> table) {
  waiting_ = false;
  failed_ = std::move(table.failed);
  if (!table.value) return;
  table_ = std::move(table.value);
  if (!expected_.is_object()) return;
  const Json wish = field_of(expected_, "data.target"), hidden = field_of(expected_, "data.sensitive");
  if (!wish.is_string() || !hidden.is_string() || !offers(wish.get<std::string>(), target) || !offers(hidden.get<std::string>(), secret))
    return;
  target_ = wish.get<std::string>(), secret_ = hidden.get<std::string>(), step_ = go;
  examine_again();
}

void Own::expect(Json spec) {
  expected_ = std::move(spec);
  csv_.clear(), failed_ = {}, target_.clear(), secret_.clear();
  table_.reset(), step_ = target, open = true, waiting_ = false;
  drop_model();
}

void Own::bring(std::string model) {
  open = true;
  model_path_ = std::move(model);
  examine_again();
}

void Own::drop_model() {
  model_path_.clear(), wished_attack_.clear();
  examine_again();
}

void Own::examine_again() { model_.reset(), model_failed_ = {}, attack_.clear(), run_when_recognised = false, page = 0; }

Json Own::question() {
  if (!examining()) return nullptr;
  const Json now{{"do", "recognise"}, {"csv", csv_}, {"target", target_}, {"secret", secret_}, {"model", model_path_}};
  if (!asked_.is_null()) return nullptr;  // one after the other: answers are about the last question
  asked_ = now;
  return now;
}

void Own::receive(Answer<UserModel> model) {
  const Json asked = std::exchange(asked_, Json());
  const auto about = [&](const char* name) { return asked.is_object() ? asked.value(name, std::string()) : std::string(); };
  if (!examining() || about("csv") != csv_ || about("target") != target_ || about("secret") != secret_ || about("model") != model_path_)
    return;  // of what was chosen before: question() asks again
  if (!model.value) {
    model_failed_ = std::move(model.failed), run_when_recognised = false;
    return;
  }
  model_ = std::move(model.value);
  choose_attack(model_->attacks.empty() ? std::string() : model_->attacks.front());
  if (const Json before = field_of(expected_, "attack.kind"); before.is_string()) choose_attack(before.get<std::string>());
  choose_attack(std::exchange(wished_attack_, {}));
}

void Own::choose_attack(const std::string& attack) {
  if (!model_) wished_attack_ = attack;
  if (model_ && std::ranges::find(model_->attacks, attack) != model_->attacks.end()) attack_ = attack;
}

std::string Own::model_file() const {
  if (!model_path_.empty()) return file_name(model_path_);
  const Json file = field_of(expected_, "model.file");
  return file.is_string() ? file_name(file.get<std::string>()) : "";
}

std::string Own::file() const {
  if (!csv_.empty()) return file_name(csv_);
  const Json csv = field_of(expected_, "data.csv");
  return csv.is_string() ? file_name(csv.get<std::string>()) : "";
}

bool Own::offers(const std::string& column, Step step) const {
  const UserColumn* c = table_ ? table_->column(column) : nullptr;
  return c && (step == target ? c->why_message.target : c->why_message.secret).empty();
}

void Own::show(Step step) {
  if ((step >= secret && target_.empty()) || (step == go && secret_.empty())) return;
  step_ = step, page = 0;
}

bool Own::may(const UserColumn& column, std::string& why) const {
  why = said(step_ == target ? column.why_message.target : column.why_message.secret);
  if (why.empty() && step_ == secret && column.name == target_) why = words("own.is.target");
  return why.empty();
}

void Own::choose(const std::string& column) {
  if (step_ == go || !offers(column, step_)) return;
  if (step_ == secret && column == target_) return;
  if (step_ == target) {
    target_ = column;
    if (secret_ == target_) secret_.clear();
  } else {
    secret_ = column;
  }
  examine_again();
  show(step_ == target ? secret : go);
}

Json Own::table_in_language() const {
  if (!table_) return nullptr;
  UserTable table = *table_;
  for (UserColumn& c : table.columns) c.why = {said(c.why_message.target), said(c.why_message.secret)};
  return json_of(table);
}

Json Own::spec() const {
  Json spec = model_ ? with_fields(model_->spec, {{"attack.kind", attack_}}) : own_spec(table_.value(), target_, secret_);
  // All else that a link said is kept.
  const bool same_kind =
      field_of(expected_, "model.file").is_string() == model_.has_value() &&
      (!model_ || (field_of(expected_, "model.kind") == field_of(spec, "model.kind") && field_of(expected_, "attack.kind") == attack_));
  if (expected_.is_object() && same_kind && field_of(expected_, "data.target") == target_ &&
      field_of(expected_, "data.sensitive") == secret_) {
    spec = expected_;
    spec["data"]["csv"] = csv_;
    if (model_) spec["model"]["file"] = model_->path;
    spec = check_spec(spec).json();
  }
  return spec;
}

bool is_model_name(const std::string& path) {
  const std::string name = file_name(path);
  const auto dot = name.rfind('.');
  if (dot == std::string::npos) return false;
  std::string end = name.substr(dot + 1);
  std::ranges::transform(end, end.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  // Formats that cannot be read are refused as models, and no table is lost.
  constexpr std::string_view kModels[] = {"onnx",   "safetensors", "json",  "pt", "pth",    "pkl",
                                          "joblib", "h5",          "keras", "pb", "tflite", "ckpt"};
  return std::ranges::find(kModels, end) != std::end(kModels);
}

std::string file_name(const std::string& path) { return path.substr(path.find_last_of("/\\") + 1); }

std::string shortened(const std::string& name, std::size_t most) { return mid::shortened(printable(name), most, "…"); }

}  // namespace mid::ui
