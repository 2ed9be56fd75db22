#include <algorithm>
#include <cmath>
#include <cstring>
#include <fonts.hpp>

#include "mid/base/text.hpp"
#include "mid/base/typed_value.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr float kRow = 43;

/// A parameter of an entry, as the Session's catalogue lists it.
struct Field {
  std::string path;
  const Json& param;
  Json value, standard;    ///< standard: what the story begins with, or the entry's own default
  std::string label = {};  ///< in place of the parameter's name
  bool inner = false;      ///< of the second defence: a step to the right
  bool whole() const { return param["type"] == "integer"; }
};

/// Whether an entry or a parameter means something for the chosen kind of model.
bool is_for_model(const PageModel& model, const Json& thing) {
  const Json& models = thing["models"];
  return models.empty() || std::find(models.begin(), models.end(), field_of(model.choice().spec(), "model.kind")) != models.end();
}

std::string spelled(std::string name) {
  name = spaced(std::move(name));
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return name;
}

std::string shown_value(const Json& v) {
  if (v.is_null()) return std::string(words("advanced.auto"));
  if (v.is_boolean()) return std::string(words(v.get<bool>() ? "yes" : "no"));
  if (v.is_string()) {
    const std::string key = "value." + v.get<std::string>();
    return words(key) == key ? spelled(v.get<std::string>()) : std::string(words(key));
  }
  if (v.is_number()) {
    std::string text = v == std::floor(v.get<double>()) && std::fabs(v.get<double>()) < 1e15
                           ? std::to_string(static_cast<std::int64_t>(v.get<double>()))
                           : v.dump();
    if (text.starts_with("-")) text.replace(0, 1, "−");
    return localised(text);
  }
  if (v.is_array()) {
    std::string out;
    for (const Json& e : v) out += (out.empty() ? "" : ", ") + (e.is_string() ? e.get<std::string>() : e.dump());
    return out.empty() ? std::string(words("advanced.none")) : out;
  }
  return v.dump();
}

std::string number(const Json& bound) {
  return bound == std::floor(bound.get<double>()) && std::fabs(bound.get<double>()) < 1e9 ? count(bound.get<std::int64_t>())
                                                                                          : localised(bound.dump());
}

/// What it does, what is allowed, where it comes from.
std::string help_of(const Json& param) {
  std::string text(words(param["help_key"].get<std::string>()));
  const Json &low = param["low"], &high = param["high"];
  const std::string unit = param["unit"].get<std::string>().empty() ? "" : " " + unit_words(param["unit"].get<std::string>());
  if (param["type"] != "text" && (!low.is_null() || !high.is_null()))
    text += " " +
            (high.is_null()  ? words("advanced.from", {{"low", number(low)}})
             : low.is_null() ? words("advanced.to", {{"high", number(high)}})
                             : words("advanced.range", {{"low", number(low)}, {"high", number(high)}})) +
            unit + ".";
  return text;
}

/// One notch up or down: 1, 2, 5, 10, 20, ... for numbers of any size; counts go by ones, fives, tens.
Json notch(const Field& f, int way) {
  const double v = f.value.is_number()          ? f.value.get<double>()
                   : f.standard.is_number()     ? f.standard.get<double>()
                   : f.param["low"].is_number() ? f.param["low"].get<double>()
                                                : 0;
  double next = v;
  if (f.whole()) {
    const double size = std::fabs(v) + (way > 0 ? 0 : -.5), step = size < 10     ? 1
                                                                   : size < 50   ? 5
                                                                   : size < 200  ? 10
                                                                   : size < 1000 ? 50
                                                                                 : std::pow(10, std::floor(std::log10(size))) / 2;
    next = way > 0 ? (std::floor(v / step) + 1) * step : (std::ceil(v / step) - 1) * step;
  } else if (v == 0) {
    next = way > 0 ? .01 : v;
  } else {
    constexpr double kSteps[] = {1, 2, 5, 10};
    const double unit = std::pow(10, std::floor(std::log10(std::fabs(v)) + 1e-9)), digit = std::fabs(v) / unit;
    const bool grows = (way > 0) == (v > 0);
    if (grows)
      next = *std::find_if(kSteps, kSteps + 4, [&](double s) { return s > digit * 1.0001; }) * unit;
    else
      next = digit > 5.0001 ? 5 * unit : digit > 2.0001 ? 2 * unit : digit > 1.0001 ? unit : unit / 2;
    next = std::copysign(next, v);
    if (!grows && f.param["low"] == 0 && std::fabs(next) < 1e-6) next = 0;
  }
  if (f.param["low"].is_number()) next = std::max(next, f.param["low"].get<double>());
  if (f.param["high"].is_number()) next = std::min(next, f.param["high"].get<double>());
  return f.whole() ? Json(static_cast<std::int64_t>(std::lround(next))) : Json(next);
}

/// Text as a value of the parameter: an empty one is the default, a list may do without brackets.
Json typed(const Json& param, const std::string& text) {
  const std::string type = param["type"].get<std::string>();
  if (text.find_first_not_of(' ') == std::string::npos) return param["default_value"];
  if (type == "text") return text;
  if (type == "integers" && text[0] != '[') return json_or_discarded("[" + text + "]");
  if (type == "texts" && text[0] != '[') {
    Json list = Json::array();
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size()), begin = text.find_first_not_of(' ', from);
      if (begin < comma) list.push_back(text.substr(begin, comma - begin));
      from = comma + 1;
    }
    return list;
  }
  std::string plain = text;
  if (type == "number" && plain.find('.') == std::string::npos)
    std::replace(plain.begin(), plain.end(), spoken_language().decimal_sign, '.');
  const Json value = value_of(plain);
  return value.is_string() ? Json(text) : value;
}

bool small_button(Frame& f, const std::string& id, Box b, const char* sign, bool on, std::string_view tip) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Touch touch = on ? f.controls.button(id.c_str(), b, tip) : Touch{};
  p.fill(b, on ? touched(p, t.sunken, touch) : t.sunken, 8);
  p.stroke(b, on ? t.edge : t.line, 1, 8);
  p.text(b.middle_x(), b.middle_y() + 6, kBodyMedium, on ? t.ink : t.ink3, sign, Align::centre);
  return touch.clicked;
}

/// The value itself: a click lets type another one.
void value_box(Frame& f, const Field& field, Box b) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  View::Typing& typing = f.view.typing;
  if (typing.path == field.path) {
    p.fill(b, t.surface, 8);
    p.stroke(b, t.model, 2, 8);
    const TypeSet::Font& font = p.font(kBody);
    ImGui::PushFont(font.font);
    ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
    ImGui::SetCursorScreenPos({p.px(b.x + 8), p.px(b.middle_y()) - font.pixels / 2});
    ImGui::SetNextItemWidth(p.px(b.w - 16));
    if (typing.fresh) ImGui::SetKeyboardFocusHere();
    const bool enter = ImGui::InputText("##value", typing.text, sizeof typing.text,
                                        ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
    const bool left = !typing.fresh && !ImGui::IsItemActive();
    typing.fresh = false;
    ImGui::PopStyleColor();
    ImGui::PopFont();
    f.controls.note(field.path, b);
    if (!enter && !left) return;
    const std::string text = typing.text;
    const bool escaped = ImGui::IsKeyPressed(ImGuiKey_Escape);
    typing.path.clear();
    if (escaped || text == typing.before) return;
    if (const Json value = typed(field.param, text); value != field.value) f.model.set_fields({{field.path, value}});
    return;
  }
  const Touch touch = f.controls.button(field.path.c_str(), b, words("advanced.type"));
  if (touch.hovered || touch.focused) p.fill(b, t.sunken, 8);
  const Type type{Type::medium, 16, true};
  const std::string text = p.fitting(type, shown_value(field.value), b.w - 4);
  p.text(b.middle_x(), b.middle_y() + 6, type, field.value.is_null() ? t.ink3 : t.ink, text, Align::centre);
  if (!touch.clicked) return;
  typing.path = field.path, typing.fresh = true;
  const std::string now = field.value.is_null()                           ? ""
                          : field.value.is_string()                       ? field.value.get<std::string>()
                          : field.value.is_array() && field.value.empty() ? ""
                          : field.value.is_array()                        ? shown_value(field.value)
                                                                          : field.value.dump();
  std::string fits = now.substr(0, sizeof typing.text - 1);
  while (!is_utf8(fits)) fits.pop_back();  // what there is no room for ends between letters
  typing.before = fits;                    // and left alone it changes nothing
  std::snprintf(typing.text, sizeof typing.text, "%s", fits.c_str());
}

void row(Frame& f, const Field& field, Box b) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string name = field.label.empty() ? spelled(field.param["name"].get<std::string>()) : field.label;
  if (field.inner) b.x += 16, b.w -= 16;
  const Box label{b.x, b.y + 4, p.width(kBody, name) + 8, b.h - 8};
  const Touch touch = f.controls.button((field.path + ".help").c_str(), label, help_of(field.param));
  p.text(b.x, b.middle_y() + 6, kBody, touch.hovered ? t.ink : t.ink2, name);

  const Json& choices = field.param["choices"];
  const bool list = field.param["type"] == "integers" || field.param["type"] == "texts";
  const Box box{b.right() - 140, b.y + 4, 140, 35};
  if (field.param["type"] == "boolean" || (!list && !choices.empty())) {
    std::vector<Json> values{true, false};
    if (!choices.empty()) values.assign(choices.begin(), choices.end());
    const auto shown = [&](const Json& v) {
      const auto titles = field.param.find("titles");
      return titles == field.param.end() || !titles->contains(v) ? shown_value(v)
                                                                 : std::string(words((*titles)[v.get<std::string>()].get<std::string>()));
    };
    std::vector<MenuItem> items;
    for (const Json& v : values) items.push_back({shown(v), "", v == field.value});
    const std::string now = p.fitting(kBodyMedium, shown(field.value), b.right() - label.right() - menu_width(f, "", "") - 4);
    const float w = menu_width(f, "", now);
    const int picked = menu(f, field.path.c_str(), {b.right() - w, box.y, w, 35}, "", now, items);
    if (picked >= 0 && values[static_cast<std::size_t>(picked)] != field.value)
      f.model.set_fields({{field.path, values[static_cast<std::size_t>(picked)]}});
  } else if (field.param["type"] == "integer" || field.param["type"] == "number") {
    const Json down = notch(field, -1), up = notch(field, 1);
    if (small_button(f, field.path + ".less", {box.x, box.y, 35, 35}, "−", down != field.value, words("advanced.less")))
      f.model.set_fields({{field.path, down}});
    value_box(f, field, {box.x + 37, box.y, box.w - 74, 35});
    if (small_button(f, field.path + ".more", {box.right() - 35, box.y, 35, 35}, "+", up != field.value, words("advanced.more")))
      f.model.set_fields({{field.path, up}});
  } else {
    value_box(f, field, box);
  }
  if (field.value == field.standard || field.param.contains("titles")) return;  // such a list has no room beside it, and says "none"
  const Box reset{box.x - 32, box.y + 3, 29, 29};
  if (label.right() > reset.x) return;
  if (icon_button(f, (field.path + ".reset").c_str(), reset, icon::kRotateCcw, "", t.ink3, 0,
                  words("advanced.reset", {{"value", shown_value(field.standard)}})))
    f.model.set_fields({{field.path, field.standard}});
}

/// The six objects of a specification as chips; returns where the next thing may stand.
float chips(Frame& f, float x, float y, float right) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Json& sections = f.model.choice().sections();
  const float left = x;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::string name = sections[i]["name"].get<std::string>();
    const std::string_view word = words("section." + name);
    const float w = p.width(kNoteMedium, word) + 20;
    if (x + w > right) x = left, y += 36;
    const bool open = f.view.section == static_cast<int>(i);
    const Box b{x, y, w, 30};
    const Touch touch = f.controls.button(("section." + name).c_str(), b, words(sections[i]["help_key"].get<std::string>()));
    p.fill(b, open ? t.ink : touched(p, t.sunken, touch), 8);
    p.text(b.middle_x(), b.middle_y() + 5, kNoteMedium, open ? t.surface : t.ink2, word, Align::centre);
    if (touch.clicked) f.view.section = static_cast<int>(i), f.view.sheet_page = 0;
    x += w + 6;
  }
  return y + 38;
}

/// Which entry of the section is chosen, as a row of its own. Returns it, or null.
const Json* entry_row(Frame& f, const Json& section, Box b, bool shown) {
  PageModel& model = f.model;
  const std::string name = section["name"].get<std::string>(), key = section["key"].get<std::string>();
  const Json& entries = section["entries"];
  if (key.empty()) return entries.empty() ? nullptr : &entries[0];
  const Json chosen = field_of(model.choice().spec(), name + "." + key);
  const Json* entry = nullptr;
  std::vector<MenuItem> items;
  std::vector<const Json*> offered;
  for (const Json& e : entries) {
    if (e["name"] == chosen)
      entry = &e;
    else if (!is_for_model(model, e))
      continue;
    items.push_back({std::string(words(e["title_key"].get<std::string>())), "", e["name"] == chosen});
    offered.push_back(&e);
  }
  if (!shown) return entry;
  const std::string now =
      f.paint.fitting(kBodyMedium, entry ? std::string(words((*entry)["title_key"].get<std::string>())) : shown_value(chosen),
                      b.w - 60 - menu_width(f, "", ""));
  f.paint.text(b.x, b.middle_y() + 6, kBodyMedium, f.theme().ink, words("advanced.kind"));
  const float w = std::min(menu_width(f, "", now), b.w - 60);
  const int picked = menu(f, (name + "." + key).c_str(), {b.right() - w, b.y + 4, w, 35}, "", now, items);
  if (picked >= 0 && (*offered[static_cast<std::size_t>(picked)])["name"] != chosen) {
    f.view.sheet_page = 0;
    Json fields{{name + "." + key, (*offered[static_cast<std::size_t>(picked)])["name"]}};
    // A second defence stays; where the new one does not allow it the core says so, and nothing changes.
    if (const Json second = field_of(model.choice().spec(), name + ".also"); !second.is_null() && fields[name + "." + key] != "none")
      fields[name + ".also"] = second;
    model.set_fields(fields);
  }
  return entry;
}

/// The choice of a second defence beside the first, as a parameter; null where the first or the model allows none.
Json second_choice(const PageModel& model, const Json& entries, const Json& entry) {
  const Json beside = entry.value("beside", Json::array());
  if (beside.empty() || field_of(model.choice().spec(), "model.kind") != "network") return {};
  Json choices = Json::array({"none"}), titles = Json::object();
  choices.insert(choices.end(), beside.begin(), beside.end());
  for (const Json& e : entries) titles[e["name"].get<std::string>()] = e["title_key"];
  return {{"name", "also"}, {"type", "text"},     {"low", nullptr},  {"high", nullptr}, {"help_key", "section.defense.also"},
          {"unit", ""},     {"choices", choices}, {"titles", titles}};
}

/// The second defence's row and those of its parameters.
void add_second(const PageModel& model, const Json& entries, const Json& choice, std::vector<Field>& fields) {
  const Json chosen = field_of(model.choice().spec(), "defense.also.kind"), now = chosen.is_null() ? Json("none") : chosen;
  fields.push_back({"defense.also.kind", choice, now, "none", std::string(words("advanced.also"))});
  for (const Json& entry : entries)
    if (entry["name"] == now)
      for (const Json& param : entry["params"]) {
        if (!is_for_model(model, param)) continue;
        const std::string path = "defense.also." + param["name"].get<std::string>();
        const Json value = field_of(model.choice().spec(), path);
        fields.push_back({path, param, value.is_null() ? param["default_value"] : value, param["default_value"], "", true});
      }
}

/// At the foot: whether the row without defence stands on a stage of pictures. Returns where the rest has to end.
float compare_row(Frame& f, Box box) {
  if (f.model.choice().story().stage != Stage::pictures) return box.bottom();
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Box b{box.x + 20, box.bottom() - kRow - 6, box.w - 40, kRow};
  p.line(b.x, b.y - 4, b.right(), b.y - 4, t.line);
  const std::string_view name = words("compare.switch");
  const Box label{b.x, b.y + 4, p.width(kBody, name) + 8, b.h - 8};
  const Touch touch = f.controls.button("compare.help", label, words("compare.switch.tip"));
  p.text(b.x, b.middle_y() + 6, kBody, touch.hovered ? t.ink : t.ink2, name);
  const std::string now = shown_value(f.view.compare);
  const float w = menu_width(f, "", now);
  const int picked = menu(f, "compare", {b.right() - w, b.y + 4, w, 35}, "", now,
                          {{shown_value(true), "", f.view.compare}, {shown_value(false), "", !f.view.compare}});
  if (picked >= 0) f.view.compare = picked == 0;
  return b.y - 6;
}

void draw(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  p.card(box);
  const float x = box.x + 20, right = box.right() - 20;
  p.icon(x + 10, box.y + 24, icon::kSlidersHorizontal, t.ink);
  p.text(x + 30, box.y + 30, kBodyStrong, t.ink, words("advanced"));
  if (icon_button(f, "advanced.close", {box.right() - 44, box.y + 6, 36, 36}, icon::kX, "", t.ink2, 0, words("close"))) f.view.close();
  p.line(box.x, box.y + 47, box.right(), box.y + 47, t.line);
  const Json& sections = model.choice().sections();
  if (sections.empty()) return;
  f.view.section = std::clamp(f.view.section, 0, static_cast<int>(sections.size()) - 1);
  float y = chips(f, x, box.y + 58, right);

  const Json& section = sections[static_cast<std::size_t>(f.view.section)];
  const bool with_entry = !section["key"].get<std::string>().empty();
  const Json* entry = entry_row(f, section, {x, y, right - x, kRow}, true);
  if (with_entry) y += kRow, p.line(x, y, right, y, t.line);
  if (!entry) return;
  const std::string name = section["name"].get<std::string>(), key = section["key"].get<std::string>();
  const Json begins = model.choice().preset();
  const bool same_entry = !with_entry || field_of(begins, name + "." + key) == (*entry)["name"];
  std::vector<Field> fields;
  // The seed is no parameter of an entry; on narrow pages it stands here alone.
  const Json seed{{"name", "seed"}, {"type", "integer"},       {"low", 0}, {"high", 2147483647}, {"help_key", "form.seed.help"},
                  {"unit", ""},     {"choices", Json::array()}};
  if (name == "data") fields.push_back({"seed", seed, model.choice().spec().value("seed", Json(1)), 1});
  for (const Json& param : (*entry)["params"]) {
    if (!is_for_model(model, param)) continue;
    const std::string path = name + "." + param["name"].get<std::string>();
    Json standard = same_entry ? field_of(begins, path) : param["default_value"];
    Json value = field_of(model.choice().spec(), path);
    if (value.is_null()) value = param["default_value"];  // an empty list of objects is left out
    if (standard.is_null()) standard = param["default_value"];
    fields.push_back({path, param, std::move(value), std::move(standard)});
  }
  const Json second = name == "defense" ? second_choice(model, section["entries"], *entry) : Json();
  if (!second.is_null()) add_second(model, section["entries"], second, fields);
  const float foot = compare_row(f, box);
  if (fields.empty()) {
    p.paragraph(x, y + 28, right - x, kNote, t.ink2, words((*entry)["summary_key"].get<std::string>()), 21);
    return;
  }
  const float room = foot - 8 - y;
  const int all = static_cast<int>(fields.size()), fit = static_cast<int>(room / kRow);
  const int per = all <= fit ? all : std::max(1, static_cast<int>((room - 40) / kRow)), pages = (all + per - 1) / per;
  f.view.sheet_page = std::clamp(f.view.sheet_page, 0, pages - 1);
  for (int i = f.view.sheet_page * per; i < std::min(all, (f.view.sheet_page + 1) * per); ++i) {
    row(f, fields[static_cast<std::size_t>(i)], {x, y, right - x, kRow});
    y += kRow;
    if (i + 1 < std::min(all, (f.view.sheet_page + 1) * per)) p.line(x, y, right, y, t.line);
  }
  if (pages > 1)
    pager(f, "advanced", {x, foot - 44, right - x, 36}, f.view.sheet_page, pages, words("advanced.before"), words("advanced.after"));
}

void keep(const View& view, Json& link, bool brief) {
  if (!brief) link["section"] = view.section;
}

void restore(Json& link, View& view, const std::function<void(const std::string&)>&) {
  std::int64_t number = 0;
  if (take(link, "section", &Json::is_number_integer, number)) view.section = static_cast<int>(number & 0xFF);
}

}  // namespace

namespace panel {
extern const Panel advanced;
const Panel advanced{.name = "advanced", .draw = &draw, .own_card = true, .keep = &keep, .restore = &restore};
}  // namespace panel

}  // namespace mid::ui
