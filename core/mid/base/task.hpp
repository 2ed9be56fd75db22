/// @file
/// @ingroup work
#pragma once
#include <algorithm>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <utility>

#include "mid/base/work.hpp"

namespace mid {

/// `co_await Tick{}`: one unit of work is done (at most 5 ms on a slow laptop); whoever runs the task may pause here.
struct [[nodiscard]] Tick : std::suspend_always {};

/// Long work written as plain code (design: docs/architecture.md, "Long work is a Task"). A function that returns Task
/// is a coroutine; advance() runs it to its next tick, so the same code serves a thread, a worker and a page.
///
/// Nested tasks are awaited: `co_await fit(...)`. advance() is a trampoline that resumes the innermost task itself
/// rather than by symmetric transfer, so the depth of the machine's stack never grows, at -O0 or in WebAssembly.
///
/// Rules (GCC 12 miscompiles what they forbid): `co_await` only as a statement or a for-increment; free functions, no
/// coroutine lambdas; arguments by value except those that outlive the task; no braced list inside a co_await
/// expression: name it first.
class [[nodiscard]] Task {
 public:
  /// @cond
  struct promise_type {
    using Handle = std::coroutine_handle<promise_type>;
    promise_type* root = this;
    Handle leaf, parent;  // leaf and ticked are used of the root only
    bool ticked = false;
    std::exception_ptr error;

    Task get_return_object() {
      leaf = Handle::from_promise(*this);
      return Task(leaf);
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Final : std::suspend_always {
      void await_suspend(Handle h) noexcept {
        auto& p = h.promise();
        if (p.parent) p.root->leaf = p.parent;
      }
    };
    Final final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { error = std::current_exception(); }

    Tick await_transform(Tick tick) {
      root->ticked = true;
      return tick;
    }
    auto await_transform(Task&& task) {
      struct Await {
        Task child;
        bool await_ready() const noexcept { return false; }
        void await_suspend(Handle h) noexcept {
          auto& c = child.handle_.promise();
          c.parent = h;
          c.root = h.promise().root;
          c.root->leaf = child.handle_;
        }
        void await_resume() {
          if (auto& e = child.handle_.promise().error) std::rethrow_exception(std::exchange(e, {}));
        }
      };
      return Await{std::move(task)};
    }
  };
  /// @endcond

  /// Takes over; `other` must not be advanced again.
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  /// The same; what this one still had to do is dropped.
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  /// Runs to the next tick. False when finished. What the work throws comes out here; the task is finished then.
  bool advance() {
    auto& p = handle_.promise();
    p.ticked = false;
    const std::int64_t outer = std::exchange(work_done.piece, 0);
    while (!p.ticked && !handle_.done()) p.leaf.resume();
    work_done.largest = std::max(work_done.largest, work_done.piece);
    work_done.piece += outer;  // a task that advances another one has done its work, too
    if (handle_.done() && p.error) std::rethrow_exception(std::exchange(p.error, {}));
    return !handle_.done();
  }

 private:
  explicit Task(promise_type::Handle handle) : handle_(handle) {}
  promise_type::Handle handle_;
};

/// Runs a task to its end on the spot: for tests and programs that have nothing else to do.
inline void finish(Task task) {
  while (task.advance()) {
  }
}

}  // namespace mid
