#include "ui/queue.hpp"

#include <utility>

namespace mid::ui {

int Queue::ask(Json spec) {
  Job job;
  job.purpose = Purpose::asked, job.spec = std::move(spec), job.ticket = ++last_ticket_;
  asked_.push_back(std::move(job));
  return last_ticket_;
}

void Queue::fill(const std::vector<Json>& specs) {
  fill_.assign(specs.begin(), specs.end());
  filling_ = !fill_.empty();
}

void Queue::stop_filling() {
  fill_.clear();
  filling_ = false;
  helped_.reset();
  help();
  if (!runs(Purpose::fill)) return;
  send_({{"do", "cancel"}});
  running_.reset();
}

void Queue::pause() {
  if (!running_) return;
  paused_ = true;
  send_({{"do", "pause"}});
}

void Queue::resume() {
  paused_ = resting_ = false;
  send_({{"do", speed_ > 0 ? "step" : "resume"}});
}

void Queue::step() {
  paused_ = true, resting_ = false;
  send_({{"do", "step"}});
}

void Queue::stop() {
  wanted_.reset();
  if (running_) send_({{"do", "cancel"}});
  running_.reset();
  paused_ = false, progress_ = {};
}

Json Queue::command_of(const Job& job) {
  Json command{{"do", "run"}, {"tag", job.tag}};
  if (!job.spec.is_null()) command["spec"] = job.spec;
  if (job.purpose != Purpose::shown) command["aside"] = true;
  if (job.purpose == Purpose::asked || !job.listed) command["log"] = false;
  if (job.fresh) command["fresh"] = true;
  return command;
}

void Queue::begin(Job job) {
  job.tag = ++last_tag_;
  progress_ = {};
  paused_ = job.stepping, resting_ = false;
  send_(command_of(job));
  if (job.stepping || (job.purpose == Purpose::shown && speed_ > 0)) send_({{"do", "step"}});
  running_ = std::move(job);
}

/// At less than full speed the Session is told every single step.
double Queue::pace(double now) {
  if (!running_ || !resting_ || paused_) return -1;
  if (speed_ <= 0 || progress_.stage != "training") {
    resting_ = false;
    send_({{"do", "resume"}});
    return -1;
  }
  const double left = last_step_ + 1 / speed_ - now;
  if (left > 0) return left;
  resting_ = false, last_step_ = now;
  send_({{"do", "step"}});
  return -1;
}

double Queue::advance(double now, const std::function<std::optional<Job>()>& comparison) {
  constexpr double kPause = .1;  // between two runs while the slider is dragged freely
  if (wanted_) {
    if (last_sent_ >= 0 && now - last_sent_ < kPause) return kPause - (now - last_sent_);
    last_sent_ = now;
    // A run for a program is put off, not lost; its finished stages are kept.
    if (runs(Purpose::asked)) asked_.push_front(std::move(*running_));
    if (runs(Purpose::fill)) fill_.push_front(running_->spec);
    Job job = std::move(*wanted_);
    wanted_.reset();
    begin(std::move(job));
  } else if (!running_ && !asked_.empty()) {
    Job job = std::move(asked_.front());
    asked_.pop_front();
    begin(std::move(job));
  } else if (std::optional<Job> compare; !running_ && (compare = comparison())) {
    compare->purpose = Purpose::compare;
    begin(std::move(*compare));
  } else if (!running_ && !fill_.empty()) {
    Job job;
    job.purpose = Purpose::fill, job.spec = std::move(fill_.front());
    fill_.pop_front();
    begin(std::move(job));
  } else if (!running_ && !helped_ && filling_) {
    filling_ = false;
  }
  help();
  return pace(now);
}

/// Gives the second Session what fills the chart, one run at a time, and lets go of it when there is nothing left.
void Queue::help() {
  if (!help_ || helped_) return;
  if (fill_.empty()) {
    if (std::exchange(engaged_, false)) help_(nullptr);
    return;
  }
  Job job;
  job.purpose = Purpose::fill, job.spec = fill_.front(), job.tag = last_tag_ + 1;
  Json command = command_of(job);
  command["hand"] = true;
  if (!help_(command)) return;
  ++last_tag_, engaged_ = true;
  fill_.pop_front();
  helped_ = std::move(job);
}

std::optional<Queue::Job> Queue::receive_help(const Snapshot& s) {
  const bool ended = s.state == RunState::done || s.state == RunState::failed;
  return helped_ && ended && s.tag == helped_->tag ? std::exchange(helped_, std::nullopt) : std::nullopt;
}

void Queue::lose_help() {
  if (helped_) fill_.push_front(std::move(helped_->spec));
  helped_.reset();
  help_ = {};
}

bool Queue::receive(const Snapshot& s) {
  if (!running_ || s.tag != running_->tag) return false;
  resting_ = s.state == RunState::paused;
  if (!runs(Purpose::shown)) return true;
  auto live = std::move(progress_.live);
  progress_ = s.progress;
  // What the training said last stays true while the attack runs.
  if (progress_.live.empty() && progress_.stage != "training") progress_.live = std::move(live);
  return true;
}

Queue::Job Queue::end(bool failed) {
  Job job = std::move(*running_);
  running_.reset();
  resting_ = false;
  if (!failed) std::erase(fill_, job.spec);  // nobody has to run it any more
  if (failed || job.purpose == Purpose::shown) paused_ = false;
  return job;
}

}  // namespace mid::ui
