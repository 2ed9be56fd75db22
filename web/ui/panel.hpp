#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "mid/base/json.hpp"
#include "ui/draw/layout.hpp"

namespace mid::ui {

class PageModel;
struct Frame;
struct View;

/// Something that a visitor opens, as one file of web/ui/panels: how it is drawn, the commands that it follows, its part of App::state()
/// and of a link. The page knows none by name; who opens one names it (View::open).
struct Panel {
  /// What a link hides until it is asked for, each with all before it.
  enum class Hidden { never, explanation, chart };

  std::string_view name;  ///< in a link ("pane")
  /// Fills the box. Null: others draw it where it belongs.
  void (*draw)(Frame& f, Box box) = nullptr;
  /// Its own place on pages that have a column beside the stage; null: once open it takes the place of that column.
  Box Layout::* place = nullptr;
  bool own_card = false;          ///< it draws its card itself
  Hidden hidden = Hidden::never;  ///< with what a link hides it
  bool strip = false;             ///< where there is no column it stands in a strip under the stage, in a presentation too
  bool travels = true;            ///< a link says that it is open
  bool takes_paste = false;       ///< what is pasted while it is open is for it
  /// Whether it stands in the stage's place now; null: never. It draws its card itself there.
  bool (*covers)(const PageModel& model, const View& view) = nullptr;

  /// Whether it takes the place of transport, stage and controls together now; null: never. Then draw_whole() fills that, and what stands
  /// in the column beside it, where there is one, is draw_beside()'s; null: what stood there stays.
  bool (*is_whole)(const View& view, const Layout& layout) = nullptr;
  void (*draw_whole)(Frame& f, Box box) = nullptr;
  void (*draw_beside)(Frame& f, Box box) = nullptr;

  std::string_view command = {};  ///< the "do" that it follows; empty: none
  /// Follows such a command, whatever stands in it.
  void (*obey)(PageModel& model, View& view, const Json& command) = nullptr;
  /// Adds what programs beside the page may know.
  void (*tell)(const PageModel& model, const View& view, Json& state) = nullptr;
  /// The sentence that those who cannot see it should hear as soon as it is another one; empty: none.
  std::string (*announce)(const PageModel& model, const View& view) = nullptr;
  /// Adds its fields to a link's "view"; `brief`: only what cannot be left out.
  void (*keep)(const View& view, Json& link, bool brief) = nullptr;
  /// Takes its fields out of a link's "view"; `left_out` is told the names of those that it does not know.
  void (*restore)(Json& link, View& view, const std::function<void(const std::string&)>& left_out) = nullptr;
};

/// All of them, in order of their files. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const Panel* const> panels();
/// Null: there is none of that name.
inline const Panel* panel_called(std::string_view name) {
  for (const Panel* p : panels())
    if (p->name == name) return p;
  return nullptr;
}

/// Takes a field of this type out of an object; false: there is none.
template <class T>
bool take(Json& from, const char* name, bool (Json::*is)() const noexcept, T& to) {
  if (!from.contains(name) || !(from[name].*is)()) return false;
  to = from[name].get<T>();
  from.erase(name);
  return true;
}

}  // namespace mid::ui
