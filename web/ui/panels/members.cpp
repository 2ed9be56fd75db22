#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/panel.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// What the stage of private training shows beside its numbers, in words.
std::vector<std::string> sentences(const PageModel& model) {
  std::vector<std::string> out;
  if (model.choice().story().stage != Stage::members || !model.runs().has_result()) return out;
  if (const Measure now = told_apart(model); now.value) {
    const Measure plain = told_apart(model, false);
    const bool hidden = now.low && *now.low <= .5;
    out.push_back(std::string(words("members.apart")) + " " + percent(now.value) + ": " +
                  std::string(words(hidden ? "members.hidden" : "members.told")) + " (" + std::string(words("members.coin")) +
                  (plain.value ? "; " + words("no defence", {{"value", percent(plain.value)}}) : "") + ").");
  }
  const Shown* learnt = model.runs().companion("members");
  if (const Measure named = learnt && learnt->result ? learnt->result->figure("privacy", model.choice().story().privacy) : Measure{};
      named.value)
    out.push_back(std::string(words("members.members")) + ": " + percent(named.value) + " " + std::string(words("members.named")) + ".");
  return out;
}

void tell(const PageModel& model, const View&, Json& state) { state["members"] = sentences(model); }

std::string announce(const PageModel& model, const View&) {
  const std::vector<std::string> all = model.runs().stale() ? std::vector<std::string>{} : sentences(model);
  return all.size() == 2 ? all[0] + " " + all[1] : "";
}

}  // namespace

namespace panel {
extern const Panel members;
/// Whether members are told from strangers, for those who cannot see the stage.
const Panel members{.name = "members", .tell = &tell, .announce = &announce};
}  // namespace panel

}  // namespace mid::ui
