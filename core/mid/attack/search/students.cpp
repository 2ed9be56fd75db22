#include "mid/attack/search/students.hpp"

#include "mid/nn/fit.hpp"

namespace mid {

Task learn_students(Context& context, const Network& target, Matrix inputs, int count, std::vector<Network>& out) {
  constexpr int kRounds = 50;
  const std::vector<int> shapes[] = {{64}, {256}, {128, 128}};
  Activations inside;
  co_await activations(context, target, inputs, inside);
  const Matrix soft = purifier_input(logits_of(target, inside.mu)).array().exp();
  const Matrix y = target.outputs() == 1 ? Matrix(soft.col(1)) : soft, x = target.normalised(inputs);
  for (int i = 0; i < count; ++i) {
    const std::string name = "student/" + std::to_string(i);
    NetworkSpec shape;
    shape.hidden = shapes[static_cast<std::size_t>(i) % std::size(shapes)], shape.bottleneck = 0;
    Network student = make_network(shape, false, target.inputs(), target.classes, context.random.sub(name).sub("weights"));
    student.input_mean = target.input_mean, student.input_sd = target.input_sd;
    Training training;
    training.parameters = student.parameters();
    training.data = {&x, &y};
    training.loss = [&](Program& p, const Batch& batch) {
      return p.mean_of_rows(record_cross_entropy(p, student.record(p, batch.data[0]).logits, batch.data[1]));
    };
    TrainSpec train;
    train.epochs = kRounds, train.batch = 64, train.schedule = "constant";
    context.progress.begin("training", kRounds, "round");
    co_await fit(context, name, train, std::move(training));
    check_finite(student);
    out.push_back(std::move(student));
  }
}

}  // namespace mid
