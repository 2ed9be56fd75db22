#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "ui/draw/controls.hpp"
#include "ui/draw/motion.hpp"
#include "ui/draw/type.hpp"
#include "ui/frame.hpp"
#include "ui/page_model.hpp"
#include "ui/pictures.hpp"

namespace mid::ui {

/// The page: one window of Dear ImGui that fills the screen. It knows neither SDL, Emscripten nor GL; whoever shows it
/// makes ImGui's context, gives it `Outside`, calls draw() when a frame is due, and receive() when the Session has news.
class App {
 public:
  struct Outside {
    Queue::Send send;                                    ///< a command to the Session
    Queue::Help help;                                    ///< one to a second Session; may be null
    PageModel::ForProgram answer;                        ///< the result of a run that ask() began
    std::function<void(const std::string&)> keep_link;   ///< the address should say this
    std::function<void(const std::string&)> keep_state;  ///< the next visit should get this text in start()
    std::function<void(const std::string&)> copy_text;   ///< the clipboard should hold this text
    std::string address;                                 ///< of the page, before "#s="; empty: it has none that others can open
    std::function<void(const std::string&)> copy_link;   ///< the clipboard should hold a link with this state
    std::function<void(bool)> full_screen;               ///< a presentation began or ended; null: it stays in its window
    std::function<void()> paste;                         ///< brings the clipboard's text by the command "class"; null: only keys can
    std::function<void()> choose_file;                   ///< the visitor should choose a file for open_file(); null: it can only be dropped
    std::function<void()> open_manual;                   ///< the manual should be opened; null: there is none beside the page
    std::function<bool(const std::string& path)> has_file;  ///< whether a table or model of an earlier run is still there
    std::function<void(const std::string& name, const std::string& bytes)> save_file;       ///< the visitor should get this file
    std::function<void(std::span<const std::uint8_t> rgba, int width, int height)> upload;  ///< pixels for `pictures`
    std::function<void(const std::string&)> announce;  ///< those who cannot see the page should hear this sentence; may be null
    ImTextureID pictures{};
    std::string language = "en";  ///< of the visitor, until the page's button or a link says another
    bool dark = false;            ///< what the visitor's system prefers
    bool still = false;           ///< less motion
  };
  App(const Json& catalogue, Outside outside);

  /// Begins: with the state of a link, or story 1 if it holds none. `kept` is what keep_state got in an earlier visit: its
  /// runs are in the chart again, and with `where_left` its state is shown when there is no link.
  void start(std::string_view link, std::string_view kept = {}, bool where_left = false);
  void follow(std::string_view link);
  /// True when the snapshot brought what is now on the stage.
  bool receive(Snapshot snapshot);
  /// A snapshot of the second Session (Outside::help); what it says of a run under way is not wanted.
  void receive_help(const Snapshot& snapshot) { model_.receive_help(snapshot); }
  /// The second Session broke, or could not be made: there is none any more.
  void lose_help() { model_.lose_help(); }
  /// Sends what is due even when no frame is drawn (a hidden tab). Returns the seconds until it wants to be called again;
  /// negative: never.
  double work(double now) { return model_.advance(now); }
  /// A command of a program, as the Session knows it: "run" becomes what is shown, and so does what "set", "undo" and "redo"
  /// lead to. Beside these "step", "restart", "stop", "back" (to the last good run) and "fill" (the chart; "on":false stops that), as the
  /// buttons do; {"do":"own",
  /// "target":COLUMN, "secret":COLUMN} runs the table of open_file(), with "attack":NAME on the model beside it.
  void command(const Json& command);
  /// Whether the visitor is where codes of a class are pasted.
  bool takes_codes() const { return view_.pane && view_.pane->takes_paste; }
  /// What the notice says turned out not to be so.
  void close_notice() { model_.notice = {}; }
  int ask(Json spec) { return model_.ask(std::move(spec)); }
  /// One sentence for the visitor, until it is closed.
  void notify(const std::string& sentence);
  /// A file of the visitor's own, which the Session can read at `path`: a table (CSV), or by its name a model to attack on one. Opens the
  /// wizard.
  void open_file(const std::string& path) { is_model_name(path) ? model_.open_model(path) : model_.open_table(path); }
  void set_look(Look look) { view_.look = look; }
  void speak(const std::string& code);

  /// Makes the fonts for `scale` device pixels per logical pixel on a page of this size in device pixels. True: ImGui's texture
  /// must be uploaded anew. A page too low for its text at that size gets a smaller one: nothing is ever cut off. A
  /// presentation takes all the room that there is.
  bool set_scale(float scale, int device_width, int device_height);
  /// The pictures' texture was lost with its GL context: the next frame uploads it into this one.
  void upload_again(ImTextureID pictures) { outside_.pictures = pictures, pictures_.forget(); }
  /// Between ImGui::NewFrame and Render; io.DisplaySize is in device pixels. Returns the seconds until the next frame is
  /// wanted: 0 at once, negative never.
  double draw(double now);

  Widgets& controls() { return controls_; }
  Look look() const { return view_.look; }
  ImU32 ground() const;  ///< the colour behind everything
  /// What is chosen and shown, and where the controls stand (logical pixels), for programs beside the page.
  Json state() const;
  /// The state in few letters, as its QR code holds it.
  std::string short_link() const;
  /// The figures on the page as one sentence, for those who cannot see it.
  std::string summary() const;

 private:
  double keep(double now);
  void announce();
  void obey(const Json& command);

  Outside outside_;
  PageModel model_;
  View view_;
  TypeSet types_;
  Widgets controls_;
  Motion motion_;
  Pictures pictures_;
  std::string kept_;
  std::map<const Panel*, std::string> announced_;
  std::size_t kept_runs_ = 0;
  double kept_at_ = -1;
};

}  // namespace mid::ui
