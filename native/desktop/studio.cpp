#include "studio.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <thread>

#include "gpu/choice.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/report/painter.hpp"
#include "opened_file.hpp"
#include "ui/strings.hpp"

namespace mid::desktop {
namespace {

constexpr double kFrame = 1. / 60;
constexpr int kFramesAfterEvent = 3;
constexpr float kTextScales[] = {.5f, .67f, .8f, .9f, 1, 1.1f, 1.25f, 1.5f, 1.75f, 2, 2.5f, 3, 4};

double seconds() {
  static const Uint64 begin = SDL_GetPerformanceCounter();
  return static_cast<double>(SDL_GetPerformanceCounter() - begin) / static_cast<double>(SDL_GetPerformanceFrequency());
}

}  // namespace

Studio::Studio(const Options& options, const Json& spec)
    : options_(options),
      picture_only_(!options.screenshot.empty()),
      kept_(picture_only_ ? Kept{} : Kept::read(kept_file())),
      window_(options.width, options.height, picture_only_),
      news_(SDL_RegisterEvents(1)),
      wake_up_([news = news_] {
        SDL_Event event{};
        event.type = news;
        SDL_PushEvent(&event);
      }),
      host_(options.cache, wake_up_, gpu::devices(0), options.device.empty() ? kept_.device : options.device),
      chooser_(wake_up_) {
  if (!options.device.empty()) kept_.device = options.device;
  ui::App::Outside outside;
  outside.send = [this](const Json& command) { host_.command(command); };
  outside.help = [this](const Json& command) { return help(command); };
  outside.answer = [](int, const Json&) {};  // nobody asks
  outside.keep_link = [](const std::string&) {};
  outside.keep_state = [this](const std::string& text) {
    kept_.page = text;
    keep();
  };
  outside.paste = [this] { paste_codes(); };
  outside.copy_link = outside.copy_text = [](const std::string& text) { SDL_SetClipboardText(text.c_str()); };
  outside.has_file = [](const std::string& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error);
  };
  outside.save_file = [this](const std::string& name, const std::string& text) { save(name, text); };
  outside.choose_file = [this] { choose_file(); };
  outside.upload = [this](std::span<const std::uint8_t> rgba, int width, int height) { window_.upload(rgba, width, height); };
  outside.pictures = window_.pictures();
  app_ = std::make_unique<ui::App>(Session::catalogue(), std::move(outside));
  if (options.scale > 0) kept_.text_scale = options.scale;
  app_->start(options.state, kept_.page, true);
  if (spec.is_object()) app_->command({{"do", "run"}, {"spec", spec}});
  if (!options.preset.empty()) app_->command({{"do", "run"}, {"preset", options.preset}});
  if (!options.open.empty() && !spec.is_object()) open(options.open);
  if (!options.model.empty()) open(options.model);
  if (!options.theme.empty())
    app_->set_look(options.theme == "dark" ? ui::Look::dark : options.theme == "contrast" ? ui::Look::contrast : ui::Look::light);
  app_->work(seconds());
}

void Studio::run() {
  while (!quit_) turn();
}

void Studio::take_picture() {
  while (!at_rest()) {
    turn();
    if (quit_) throw Failure("closed before the picture was ready");
    if (seconds() > options_.wait)
      throw Failure("the story did not come to rest in time; give it more with --wait, or see what keeps it busy without --screenshot");
  }
  write_file(options_.screenshot, png_bytes(window_.width(), window_.height(), window_.picture()));
  if (const Json error = app_->state()["error"]; error != "") throw Failure(error.get<std::string>());
}

/// Nothing runs, nothing moves, and what is shown was drawn.
bool Studio::at_rest() const {
  if (drawn_at_ < 0 || frames_due_ > 0 || wake_ >= 0) return false;
  const Json state = app_->state();
  return !(state["busy"] || state["own"]["waiting"] || state["stale"] || state["comparing"]) || state["error"] != "";
}

/// A second host where the machine has a core for it. A GPU is one device, which the first has.
bool Studio::help(const Json& command) {
  if (command.is_null()) {
    second_.reset();
    return true;
  }
  if (std::thread::hardware_concurrency() < 2 || kept_.device != "cpu") return false;
  if (!second_) second_.emplace(options_.cache, wake_up_);
  second_->command(command);
  return true;
}

/// Sleeps until there is something to do, and does it.
void Studio::turn() {
  sleep();
  for (SDL_Event event; SDL_PollEvent(&event);) {
    frames_due_ = kFramesAfterEvent;
    handle(event);
  }
  take_chosen_file();
  if (auto snapshot = host_.newest()) {
    tell_device(snapshot->device);
    app_->receive(std::move(*snapshot));
    app_->work(seconds());
  }
  if (auto snapshot = second_ ? second_->newest() : std::nullopt) {
    app_->receive_help(*snapshot);
    app_->work(seconds());
  }
  if (quit_) return;
  if (window_.minimised())
    app_->work(seconds());
  else
    draw();
}

void Studio::sleep() {
  if (window_.minimised()) {  // no frames, but the work goes on
    SDL_WaitEventTimeout(nullptr, 250);
    return;
  }
  double pause = frames_due_ > 0 ? 0 : wake_;
  if (pause < 0 && picture_only_) pause = .25;  // somebody has to look at the clock
  if (pause < 0) {
    SDL_WaitEvent(nullptr);
    pause = 0;
  } else if (pause > kFrame) {
    SDL_WaitEventTimeout(nullptr, static_cast<int>(std::ceil(pause * 1000)));
  }
  // Where the screen does not set the pace (no vertical sync), this does.
  const double left = drawn_at_ + kFrame - seconds();
  if (drawn_at_ >= 0 && left > .001) SDL_Delay(static_cast<Uint32>(left * 1000));
}

void Studio::handle(const SDL_Event& event) {
  switch (event.type) {
    case SDL_QUIT: quit_ = true; return;
    case SDL_KEYDOWN:
      if (key(event.key)) return;
      break;
    case SDL_DROPFILE: open(std::filesystem::u8path(event.drop.file)); break;
    case SDL_DROPTEXT: follow(event.drop.file); break;
    default: break;
  }
  if (event.type == SDL_DROPFILE || event.type == SDL_DROPTEXT) SDL_free(event.drop.file);
  window_.process(event);
}

/// True: the key was the window's own.
bool Studio::key(const SDL_KeyboardEvent& key) {
  if (!(key.keysym.mod & (KMOD_CTRL | KMOD_GUI))) return false;
  const auto next = std::ranges::upper_bound(kTextScales, kept_.text_scale);
  const auto here = std::ranges::lower_bound(kTextScales, kept_.text_scale);
  switch (key.keysym.sym) {
    case SDLK_q: quit_ = true; return true;
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
      if (next != std::end(kTextScales)) set_text_scale(*next);
      return true;
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
      if (here != std::begin(kTextScales)) set_text_scale(*std::prev(here));
      return true;
    case SDLK_0:
    case SDLK_KP_0: set_text_scale(1); return true;
    case SDLK_g: next_device(); return true;
    case SDLK_v:
      if (ImGui::GetIO().WantTextInput) return false;
      if (app_->takes_codes()) return paste_codes(), true;
      if (char* text = SDL_GetClipboardText()) {
        follow(text);
        SDL_free(text);
      }
      return true;
    default: return false;
  }
}

void Studio::open(const std::filesystem::path& path) {
  if (is_table(path) || is_model(path)) return app_->open_file(std::filesystem::absolute(path).string());
  try {
    app_->command({{"do", "run"}, {"spec", opened_spec(path)}});
  } catch (const Error& e) {
    app_->notify(e.what());
  }
}

void Studio::choose_file() {
  if (!chooser_.open(std::string(ui::words("own.choose")))) app_->notify(std::string(ui::words("own.no_chooser")));
}

void Studio::take_chosen_file() {
  const auto choice = chooser_.take();
  if (!choice) return;
  if (!choice->failed.empty())
    app_->notify(ui::words("own.chooser_failed", {{"chooser", choice->failed}}));
  else if (!choice->path.empty())
    open(choice->path);
}

void Studio::save(const std::string& name, const std::string& text) {
  try {
    const std::filesystem::path path = download_path(name);
    write_file(path, text);
    app_->notify(ui::words("tree.saved", {{"name", path.string()}}));
  } catch (const Failure& e) {
    app_->notify(e.what());
  }
}

void Studio::follow(const std::string& pasted) {
  const std::string link = pasted_link(pasted);
  if (link.empty())
    app_->notify("What was pasted is not a link of midlab; Share copies one.");
  else
    app_->follow(link);
}

void Studio::paste_codes() {
  if (char* text = SDL_GetClipboardText()) {
    app_->command({{"do", "class"}, {"text", text}});
    SDL_free(text);
  }
}

void Studio::set_text_scale(float scale) {
  kept_.text_scale = scale;
  keep();
}

void Studio::next_device() {
  kept_.device = kept_.device == "cpu" ? "gpu" : kept_.device == "gpu" ? "auto" : "cpu";
  host_.command({{"do", "device"}, {"name", kept_.device}});
  app_->notify(std::string(ui::words("device." + kept_.device)));
  keep();
}

/// In the title, and once in a notice what there is to say of it.
void Studio::tell_device(const DeviceState& device) {
  if (device.name.empty()) return;
  window_.set_title(device.name == "cpu" ? "midlab" : "midlab, " + device.name + (device.adapter.empty() ? "" : ": " + device.adapter));
  if (device.note != device_note_ && !device.note.empty()) app_->notify(device.note);
  device_note_ = device.note;
}

void Studio::keep() {
  if (picture_only_) return;
  try {
    kept_.write(kept_file());
  } catch (const Failure& e) {
    app_->notify(e.what());
  }
}

void Studio::draw() {
  const double now = seconds();
  if (app_->set_scale(kept_.text_scale * window_.pixel_ratio(), window_.width(), window_.height())) window_.fonts_changed();
  window_.begin_frame();
  wake_ = app_->draw(now);
  window_.end_frame(app_->ground());
  drawn_at_ = now;
  if (frames_due_ > 0) --frames_due_;
}

}  // namespace mid::desktop
