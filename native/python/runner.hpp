#pragma once
#include <pybind11/pybind11.h>

#include <string>

#include "mid/session/session.hpp"
#include "predict_channel.hpp"

namespace mid::python {

/// A Session that Python works with: the interpreter's lock is free while the core works, and between two slices of the work Ctrl-C is
/// heard and progress told. One run at a time; several objects may run at once, each on a thread of its own.
class Runner {
 public:
  /// `cache` empty: nothing is kept. `predict` None: models outside are commands and addresses, as for `mid`; else every model outside
  /// is that function. `threads` share what the processor does; 0: as many as cores.
  Runner(const std::string& cache, const std::string& device, int threads, pybind11::object predict);

  /// What a run gave.
  struct Run {
    std::string json;                       ///< of `mid run --json`
    pybind11::object sheet, beliefs, tree;  ///< Outcome's, as dicts with views; None: it has none
    pybind11::bytes model;                  ///< as safetensors; empty: a tree, a model outside
  };
  /// Runs a specification (JSON, complete or not). `progress` is None or called with the fraction of the stage and a text, about ten
  /// times a second; what it raises ends the run and comes out, as Ctrl-C does and what `predict` raises. Raises midlab.Error or
  /// midlab.Failure for what fails otherwise; with `planned`, the run's id in a sweep, a failure is a result that says so.
  /// `all_victims`: sheet and beliefs are of everybody attacked, not of the first.
  Run run(const std::string& spec, const pybind11::object& progress, const std::string& planned, bool all_victims);

  /// Sentences about the device and the cache that nobody has heard yet.
  pybind11::list notes();

 private:
  void work(const Json& spec, const pybind11::object& progress, bool all_victims);
  Run ended();
  [[noreturn]] void fail() const;
  Predict predict_;
  Session session_;
  std::string told_device_, told_cache_;
};

}  // namespace mid::python
