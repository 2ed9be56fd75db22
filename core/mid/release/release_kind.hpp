#pragma once
#include <concepts>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "mid/base/about.hpp"
#include "mid/base/json.hpp"
#include "mid/base/mark.hpp"

namespace mid {

/// A member that braces must give: leaving it out does not compile.
template <class T>
class Required {
 public:
  template <class U>
    requires std::constructible_from<T, U&&> && (!std::same_as<std::remove_cvref_t<U>, Required>)
  Required(U&& value) : value_(std::forward<U>(value)) {}
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }

 private:
  T value_;
};

struct Release;
struct ReleaseSubject;

/// What may happen to an answer before anyone sees it: one file in release/, which defines `const ReleaseKind NAME` in namespace
/// mid::release. Here it says what can be known without a model; what it does to the answers of one is its `make`.
struct ReleaseKind {
  /// as_the_model: as many draws as the model itself makes; once_a_record: whoever asks about a record again gets the same answer,
  /// noise and all; added: fresh noise on every answer, of whatever model.
  enum class Noise { as_the_model, once_a_record, added };
  /// Behind "the answer, ": `set` with {FIELD} for settings, or `unset` where they are not given.
  struct Words {
    const char *set = nullptr, *unset = nullptr;
  };
  About about;  ///< among its parameters "of": of_param() or of_answer_param() (oracle/release.hpp)
  /// `settings`: the object "release" of a specification. Called for the kinds of model in about.models.
  Required<Release (*)(const Json& settings, const ReleaseSubject& subject)> make;
  Required<Noise> noise;
  Mark mark = Mark::pentagon;  ///< in charts
  Words words{};
  bool plain = false;               ///< answers are left as they are
  bool label_alone = false;         ///< the most likely class, or one bit of each number inside, and nothing of how sure it is
  std::vector<double> strengths{};  ///< of its first number, worth trying in a comparison, from weak to strong; empty: about its default
};

/// All entries, in order of their names. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const ReleaseKind* const> release_kinds();
/// The entry of that name; null: there is none.
const ReleaseKind* release_called(std::string_view name);
/// The entry that an object "release" names; null: it is no such object.
const ReleaseKind* release_in(const Json& release);
/// Whether the object "release" of a specification leaves answers as they are; one that is missing does.
bool leaves_answers(const Json& release);

}  // namespace mid
