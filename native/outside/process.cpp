#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

extern char** environ;

namespace mid::outside {
namespace {

using Clock = std::chrono::steady_clock;

/// Both ends are this program's alone: other children must not hold them open.
bool make_pipe(int (&ends)[2]) {
  if (pipe(ends) != 0) return false;
  for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
  return true;
}

void shut(int& file) {
  if (file >= 0) close(file);
  file = -1;
}

/// Appends what can be read without waiting. False: the end.
bool drain(int file, std::string& to) {
  char block[65536];
  const ssize_t n = read(file, block, sizeof block);
  if (n > 0) to.append(block, static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace

Process::~Process() { end(); }

std::string Process::start(const std::vector<std::string>& command) {
  // A child that has gone is told by write() and not by a signal that would end this program, too.
  struct sigaction now{};
  if (sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
  int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
  if (!make_pipe(in) || !make_pipe(out) || !make_pipe(err)) {
    const std::string why = std::strerror(errno);
    for (int* ends : {in, out, err}) shut(ends[0]), shut(ends[1]);
    return why;
  }
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err[1], STDERR_FILENO);
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t usual, none;
  sigemptyset(&none), sigemptyset(&usual);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGALRM}) sigaddset(&usual, signal);
  posix_spawnattr_setsigdefault(&how, &usual);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setpgroup(&how, 0);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int failed = posix_spawnp(&pid_, words[0], &files, &how, words.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&how);
  shut(in[0]), shut(out[1]), shut(err[1]);
  in_ = in[1], out_ = out[0], err_ = err[0];
  if (failed) {
    pid_ = -1;
    close_all();
    return std::strerror(failed);
  }
  for (const int file : {in_, out_, err_}) fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK);
  return {};
}

void Process::close_all() { shut(in_), shut(out_), shut(err_); }

void Process::end() {
  if (pid_ <= 0) return close_all();
  close_all();
  const auto gone_within = [this](int milliseconds) {
    for (const auto until = Clock::now() + std::chrono::milliseconds(milliseconds);;) {
      const pid_t ended = waitpid(pid_, &status_, WNOHANG);
      if (ended == pid_ || (ended < 0 && errno != EINTR)) return true;
      if (Clock::now() >= until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  };
  if (!gone_within(150)) {
    kill(-pid_, SIGTERM);
    if (!gone_within(150)) {
      kill(-pid_, SIGKILL);
      while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
      }
    }
  }
  pid_ = -1;
}

std::string Process::how() const {
  if (WIFSIGNALED(status_)) return "signal " + std::to_string(WTERMSIG(status_));
  return "exit status " + std::to_string(WEXITSTATUS(status_));
}

bool Process::write_some(std::string& rest) {
  if (rest.empty()) return true;
  const ssize_t n = write(in_, rest.data(), rest.size());
  if (n > 0) rest.erase(0, static_cast<std::size_t>(n));
  return n >= 0 || errno == EAGAIN || errno == EINTR;
}

bool Process::read_some(std::string& output, std::string& error, bool writing, int milliseconds) {
  pollfd files[3] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}, {writing ? in_ : -1, POLLOUT, 0}};
  if (poll(files, 3, milliseconds) <= 0) return true;
  if (files[1].revents && !drain(err_, error)) shut(err_);
  return !files[0].revents || drain(out_, output);
}

void Process::last_words(std::string& error, int milliseconds) {
  for (const auto until = Clock::now() + std::chrono::milliseconds(milliseconds); err_ >= 0 && Clock::now() < until;) {
    pollfd file{err_, POLLIN, 0};
    if (poll(&file, 1, 10) > 0 && !drain(err_, error)) shut(err_);
  }
}

}  // namespace mid::outside
