#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/base/param.hpp"
#include "mid/base/philox.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// How many records (or people) serve what: fields that every data set of a specification shares. A struct of a source's
/// own parameters derives from it and sets its defaults in its constructor.
struct SplitSpec {
  std::optional<int> private_;   ///< the model learns from these
  std::optional<int> held_out;   ///< kept from model and attacker: utility, and mostly the victims
  std::optional<int> auxiliary;  ///< the attacker's own
};

/// The parameters of SplitSpec for the struct S that derives from it. `what` is "rows" or "people".
template <class S>
std::vector<Param> split_params(const std::string& what, double least_auxiliary = 0, double least_held_out = 1) {
  using Count = std::optional<int>;
  constexpr double kMost = 10'000'000;
  return {
      param<S, Count>(&S::private_, "private", 1, kMost, what, "data.private." + what),
      param<S, Count>(&S::held_out, "held_out", least_held_out, kMost, what, "data.held_out." + what),
      param<S, Count>(&S::auxiliary, "auxiliary", least_auxiliary, kMost, what, "data.auxiliary." + what).formerly_called("open"),
  };
}

/// The object "data" of a specification as the struct S; "name" has been read by whoever chose the source.
template <class S>
S read_data_spec(const Json& spec) {
  static const std::vector<Param> params = S::params();
  static const std::string kName[] = {"name"};
  S s;
  read_fields(&s, params, spec, "data", kName);
  return s;
}

/// The numbers of a split.
struct Shares {
  int private_ = 0, held_out = 0, auxiliary = 0;
};

/// Fills in what a specification leaves open: held_out is `test_fraction` of `n` (rounded) if that is given, and whatever
/// is still unknown shares the rest evenly, private first. Throws Error naming the field ("data.private") when more than
/// `n` are wanted, private would be empty, or auxiliary or held_out below `least_auxiliary` or `least_held_out`.
Shares shares(const SplitSpec& spec, int n, std::optional<double> test_fraction, const std::string& what, int least_auxiliary = 0,
              int least_held_out = 1);

/// The members 0 .. n-1 of each part.
struct Parts {
  std::vector<int> private_, held_out, auxiliary;
};

/// A seeded permutation of 0 .. n-1, cut: first the private ones, then the held-out ones, then the auxiliary ones. In this
/// order, so that asking for more auxiliary ones leaves the victims the same.
Parts cut(const Shares& shares, int n, Stream random);

}  // namespace mid
