#include "ui/own.hpp"

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
}

void Own::expect(Json spec) {
  expected_ = std::move(spec);
  csv_.clear(), failed_ = {}, target_.clear(), secret_.clear();
  table_.reset(), step_ = target, open = true, waiting_ = false;
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
  show(step_ == target ? secret : go);
}

Json Own::table_in_language() const {
  if (!table_) return nullptr;
  UserTable table = *table_;
  for (UserColumn& c : table.columns) c.why = {said(c.why_message.target), said(c.why_message.secret)};
  return json_of(table);
}

Json Own::spec() const {
  Json spec = own_spec(table_.value(), target_, secret_);
  // All else that a link said is kept.
  if (expected_.is_object() && field_of(expected_, "data.target") == target_ && field_of(expected_, "data.sensitive") == secret_) {
    spec = expected_;
    spec["data"]["csv"] = csv_;
    spec = check_spec(spec).json();
  }
  return spec;
}

std::string file_name(const std::string& path) { return path.substr(path.find_last_of("/\\") + 1); }

std::string shortened(const std::string& name, std::size_t most) { return mid::shortened(printable(name), most, "…"); }

}  // namespace mid::ui
