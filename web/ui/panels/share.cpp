#include <algorithm>
#include <cmath>
#include <fonts.hpp>

#include "qrcodegen.hpp"
#include "ui/exports.hpp"
#include "ui/frame.hpp"
#include "ui/link.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// Dark on light in every look, with the quiet zone that readers need.
void draw_code(Frame& f, Box box) {
  Paint& p = f.paint;
  const View::Code& code = f.view.code;
  constexpr int kQuiet = 3;
  const int cells = code.size + 2 * kQuiet;
  // Whole device pixels a cell: uneven ones confuse readers.
  const float side = std::max(1.f, std::floor(std::min(box.w, box.h) * p.scale() / static_cast<float>(cells))) / p.scale(),
              all = side * static_cast<float>(cells);
  const float x = box.x + (box.w - all) / 2, y = box.y;
  p.fill({x, y, all, all}, IM_COL32_WHITE, 8);
  for (int r = 0; r < code.size; ++r)
    for (int c = 0; c < code.size;) {  // neighbours in one piece
      int end = c;
      while (end < code.size && code.dark[static_cast<std::size_t>(r * code.size + end)]) ++end;
      if (end > c)
        p.fill({x + side * static_cast<float>(c + kQuiet), y + side * static_cast<float>(r + kQuiet), side * static_cast<float>(end - c),
                side},
               IM_COL32_BLACK);
      c = end + 1;
    }
}

/// Makes the code anew when the link is another one. False: there is none.
bool has_code(Frame& f, const std::string& address) {
  View::Code& code = f.view.code;
  if (code.of == address) return code.size > 0;
  code = {};
  code.of = address;
  if (address.empty()) return false;
  try {
    const auto made = qrcodegen::QrCode::encodeText(address.c_str(), qrcodegen::QrCode::Ecc::LOW);
    code.size = made.getSize();
    for (int r = 0; r < code.size; ++r)
      for (int c = 0; c < code.size; ++c) code.dark.push_back(made.getModule(c, r));
  } catch (const std::length_error&) {  // more than a code can hold
  }
  return code.size > 0;
}

void draw(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  p.icon(box.x + 10, box.y + 22, icon::kLink, t.ink);
  p.text(box.x + 30, box.y + 28, kBodyStrong, t.ink, words("share.head"));
  const bool beside = box.w > 560;
  float x = box.x, y = box.y + 48, w = box.w;
  const std::string short_link = f.doors.address.empty() ? "" : f.doors.address + "#s=" + short_link_text(model, f.view, f.view.share_hide);
  if (has_code(f, short_link)) {
    const float side = beside ? std::min(280.f, box.h - 140) : std::min(240.f, box.w);
    draw_code(f, {x, y, beside ? side : box.w, side});
    if (beside) {
      p.paragraph(x, y + side + 20, side, kNote, t.ink2, words("share.code"), 21);
      x += side + 32, w -= side + 32;
    } else {
      y += side + 22;
      y += 21 * static_cast<float>(p.paragraph(x, y, w, kNote, t.ink2, words("share.code"), 21)) + 4;
    }
  } else if (!short_link.empty()) {
    y += 21 * static_cast<float>(p.paragraph(x, y + 12, w, kNote, t.ink2, words("share.no code"), 21)) + 16;
  }

  const bool runs =
      std::any_of(model.runs().list().begin(), model.runs().list().end(), [](const Run& r) { return r.utility && r.privacy; });
  const bool result = model.runs().has_result() && !model.runs().stale(), picture = result && model.choice().story().stage != Stage::tree;
  const std::string name = "midlab-" + std::string(model.choice().story().key);
  const auto copied = [&](const std::string& text, const char* done) {
    f.doors.copy_text(text);
    model.notice = Message(done);
  };
  const float gap = 8, half = (w - gap) / 2, pitch = std::clamp((box.bottom() - y - 68) / 6, 35.f, 44.f),
              button = std::min(pitch - 3, 36.f);
  int place = 0;
  const auto group = [&](const char* word) {
    if (place % 2) ++place;
    y += pitch * static_cast<float>(place / 2);
    place = 0;
    p.text(x, y + 22, kNoteMedium, t.ink3, words(word));
    y += 34;
  };
  const auto next_place = [&] {
    const Box b{x + (place % 2 ? half + gap : 0), y + pitch * static_cast<float>(place / 2), half, button};
    ++place;
    return b;
  };
  /// A button of the grid; in ink3 and dead where it has nothing to give.
  const auto item = [&](const char* id, const char* picture_of, bool able) {
    const Box b = next_place();
    const std::string tip = std::string(id) + (able ? ".tip" : ".none");
    return icon_button(f, id, b, picture_of, words(id), able ? t.ink : t.ink3, t.edge, words(tip)) && able;
  };
  group("share.copy");
  if (item("share.link", icon::kLink, true)) {
    f.doors.copy(link_text(model, f.view, f.view.share_hide));
    const auto file_at = [&](const char* path) {
      const Json file = field_of(model.choice().spec(), path);
      return file.is_string() ? shortened(file_name(file.get<std::string>()), 40) : std::string();
    };
    const std::string csv = file_at("data.csv"), brought = file_at("model.file");
    model.notice = csv.empty() ? Message("shared")
                               : Message(brought.empty() ? "own.shared" : "own.shared.model").with("file", csv).with("model", brought);
  }
  if (item("share.command", icon::kTerminal, model.choice().preset(std::string(model.choice().story().key)).is_object()))
    copied(command_line(model), "share.command.done");
  if (item("share.class", icon::kPresentation, true)) f.view.open("class");
  constexpr const char* kHidden[] = {"share.hide.0", "share.hide.1", "share.hide.2", "share.hide.3"};
  if (icon_button(f, "share.hide", next_place(), icon::kEye, words(kHidden[f.view.share_hide]), t.ink, t.edge, words("share.hide.tip")))
    f.view.share_hide = static_cast<View::Hide>((f.view.share_hide + 1) % 4);
  if (item("share.cite", icon::kQuote, true)) copied(citation(), "share.cite.done");
  if (!f.doors.save_file) return;
  group("share.save");
  if (item("share.picture", icon::kImage, picture)) f.doors.save_file(name + ".png", picture_png(model, f.view.export_times));
  const std::string size = words("share.size", {{"n", std::to_string(f.view.export_times)}});
  if (icon_button(f, "share.size", next_place(), icon::kImage, size, picture ? t.ink : t.ink3, t.edge, words("share.size.tip")))
    f.view.export_times = f.view.export_times % 4 + 1;
  if (item("share.chart", icon::kChartScatter, runs)) f.doors.save_file(name + "-trade-off.svg", trade_off_svg(model));
  if (item("share.runs", icon::kDownload, runs)) f.doors.save_file("midlab-runs.csv", runs_csv(model));
  if (item("share.result", icon::kDownload, result))
    f.doors.save_file(name + ".json", model.runs().shown().result->json().dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

namespace panel {
extern const Panel share;
const Panel share{.name = "share", .draw = &draw, .travels = false};  // whoever opens the link has no use for it
}  // namespace panel

}  // namespace mid::ui
