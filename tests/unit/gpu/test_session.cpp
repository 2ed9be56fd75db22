// A run on a device that is lost, and one that is stopped: what was done is not lost with it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "../temporary_folder.hpp"
#include "adapter.hpp"
#include "gpu/choice.hpp"
#include "mid/base/error.hpp"
#include "mid/model/prior/generator.hpp"
#include "mid/session/session.hpp"

using namespace mid;

namespace {

std::shared_ptr<gpu::Gpu> opened() {
  std::string why_not;
  auto gpu = gpu::Gpu::open(why_not);
  INFO(why_not);
  REQUIRE(gpu);
  return gpu;
}

Json short_run() {
  return with_fields(preset("confidence"),
                     {{"train.epochs", 10000}, {"train.batch", 3000}, {"model.hidden", {8}}, {"attack.kind", "none"}});
}

int rounds(const Session& session) { return session.progress().done; }

/// Works until so many rounds of the training are done.
void train_until(Session& session, int round) {
  bool more = true;
  while (more && (session.progress().stage != "training" || rounds(session) < round)) more = session.advance_units(1);
  REQUIRE(more);
}

}  // namespace

TEST_CASE("a device lost in the middle of a run ends it with a sentence; the next run goes on from where it was, on the processor",
          "[gpu]") {
  const TemporaryFolder folder;
  auto gpu = opened();
  Session session(
      folder.path(), 64ull << 20, 2ull << 30,
      [&](const std::string& wish) {
        return wish == "gpu" ? DeviceOffer{std::make_unique<gpu::GpuDevice>(gpu), ""} : DeviceOffer{cpu_device(), ""};
      },
      "gpu");
  session.command({{"do", "run"}, {"spec", short_run()}});
  // Kept for a rescue every two seconds of work: as soon as one was made, the driver goes.
  while ((session.seconds() < 4 || rounds(session) < 6) && session.advance_units(1)) {
  }
  train_until(session, rounds(session) + 1);
  int reached = rounds(session);
  gpu->lose();
  while (session.advance_units(1)) {
  }
  CHECK(session.state() == Session::State::failed);
  CHECK_THAT(session.error(), Catch::Matchers::ContainsSubstring("was lost in the middle of the run"));
  CHECK(session.failed_on_device());
  // The next one is lost before it could save anything, and one more while it is being stopped.
  for (const bool stopped : {false, true}) {
    gpu = opened();
    session.command({{"do", "run"}, {"spec", short_run()}});
    train_until(session, 1);
    reached = std::max(reached, rounds(session));
    gpu->lose();
    if (stopped)
      session.command({{"do", "cancel"}});
    else
      while (session.advance_units(1)) {
      }
    CHECK(session.state() == (stopped ? Session::State::idle : Session::State::failed));
  }
  session.command({{"do", "device"}, {"name", "cpu"}});
  session.command({{"do", "run"}, {"spec", short_run()}});
  train_until(session, 1);
  CHECK(rounds(session) > 1);  // not from the beginning
  CHECK(rounds(session) <= reached + 1);
  session.command({{"do", "cancel"}});
}

TEST_CASE("a stopped run goes on with the weights that were on the device", "[gpu]") {
  const Json spec = with_fields(short_run(), {{"train.epochs", 4}});
  const auto of = [&](bool stopped) {
    const TemporaryFolder folder;
    auto gpu = opened();
    const DeviceMaker maker = [&](const std::string&) { return DeviceOffer{std::make_unique<gpu::GpuDevice>(gpu), ""}; };
    Session session(folder.path(), 64ull << 20, 2ull << 30, maker, "gpu");
    session.command({{"do", "run"}, {"spec", spec}});
    if (stopped) {
      train_until(session, 2);
      session.advance_units(3);
      session.command({{"do", "cancel"}});
      CHECK(session.state() == Session::State::idle);
      session.command({{"do", "run"}, {"spec", spec}});
      train_until(session, 1);
      CHECK(rounds(session) >= 2);
    }
    while (session.advance_units(100)) {
    }
    REQUIRE(session.state() == Session::State::done);
    return session.outcome()->result.json();
  };
  const Json whole = of(false), parted = of(true);
  CHECK(whole["utility"] == parted["utility"]);
  CHECK(whole["information"] == parted["information"]);
}

TEST_CASE("two networks in turn, stopped and resumed, end where one go ends: every optimiser has its moments back", "[gpu]") {
  Matrix pictures(40, 16);
  fill_normal(Stream{4, 4}, 0, pictures);
  pictures = (pictures.array() * .2f + .5f).max(0.f).min(1.f).matrix();
  WganSpec spec;
  spec.code = 4, spec.generator = {16}, spec.critic = {16}, spec.steps = 12, spec.batch = 20, spec.learning_rate = 2e-2f,
  spec.critic_steps = 2;
  const auto device = gpu_for_test();
  const auto trained = [&](const std::string& from, bool stop, PictureGenerator& out) {
    Context context{*device, Stream{1}};
    if (!from.empty()) context.saves.unpack(from);
    Task task = train_wgan(context, "wgan", spec, pictures, out);
    if (!stop) {
      while (task.advance()) {
      }
      return std::string();
    }
    while (context.progress.done < 6) task.advance();
    for (context.saves.ask(); !context.saves.ready();) task.advance();  // as Session's "cancel" does
    return context.saves.pack();
  };
  const auto same = [](const auto& a, const auto& b) {
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i]->value == b[i]->value);
  };
  for (const bool convolutions : {false, true}) {
    INFO("convolutions: " << convolutions);
    if (convolutions) spec.by = {{4, 4}, {{.filters = 3, .kernel = 3, .padding = 1, .pool = 2}}};
    PictureGenerator whole, part, parted;
    trained("", false, whole);
    trained(trained("", true, part), false, parted);
    same(whole.generator.parameters(), parted.generator.parameters());
    same(whole.critic.parameters(), parted.critic.parameters());
  }
}

TEST_CASE("a device that does not exist is refused, and a wish is told of in the snapshot", "[gpu]") {
  Session session({}, 1 << 20, 1 << 20, gpu::devices(1), "cpu");
  session.command({{"do", "device"}, {"name", "abacus"}});
  CHECK_THAT(session.error(), Catch::Matchers::ContainsSubstring("name must be cpu, gpu or auto, found"));
  session.command({{"do", "device"}, {"name", "auto"}});
  const Json device = session.snapshot().json()["device"];
  CHECK(device["wish"] == "auto");
  CHECK(device["name"] == "cpu");  // until something runs
  CHECK(device["choices"] == Json::array({"cpu", "gpu", "auto"}));
}

TEST_CASE("auto keeps Programs that share a Parameter together, and sends the large ones to the GPU", "[gpu]") {
  const auto counted = gpu_for_test();
  auto device = gpu::auto_device(cpu_device(), gpu_for_test(), 1000);
  Parameter w;
  w.value.setConstant(4, 4, 1);
  const auto program = [&](int rows, bool learn) {
    Program p;
    const Var x = p.input(rows, 4), v = p.parameter(w), y = p.matmul(x, v);
    p.keep(y);
    if (learn) p.sgd(v, p.matmul(x, y, true), p.full(1, 1, .01f));
    return p;
  };
  const std::uint64_t before = counted->dispatches();
  const auto small = device->compile(program(2, false));
  small->run();
  CHECK(counted->dispatches() == before);
  const auto follows = device->compile(program(200, true));  // large, but its weights are with the small one
  follows->run();
  CHECK(counted->dispatches() == before);
  Parameter other;
  other.value.setConstant(4, 4, 1);
  Program p;
  const Var y = p.matmul(p.input(200, 4), p.parameter(other));
  p.keep(y);
  const auto large = device->compile(p);
  large->run();
  CHECK(counted->dispatches() > before);
}
