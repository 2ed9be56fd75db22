#include "predict_channel.hpp"

#include <pybind11/numpy.h>

#include <exception>
#include <utility>

#include "mid/base/error.hpp"
#include "mid/model/outside/answer_text.hpp"
#include "mid/model/outside/serve_text.hpp"
#include "views.hpp"

namespace mid::python {
namespace {

using Answers = py::array_t<float, py::array::c_style | py::array::forcecast>;

/// What is no row of numbers for each record is said by the reader of the line, in the words it has for every model.
MatrixRef rows_of(const Answers& answers) {
  const Eigen::Index n = answers.ndim() == 0 ? 1 : answers.shape(0);
  const Eigen::Index width = n == 0 ? 0 : answers.size() / n;
  return Eigen::Map<const Matrix>(answers.data(), n, width);
}

class PredictChannel : public Channel {
 public:
  explicit PredictChannel(Predict& predict) : predict_(predict) {}

  void send(const std::string&, std::string line, std::size_t) override { question_ = read_question_line(line, {}); }

  bool receive(std::string& answer) override {
    const py::gil_scoped_acquire lock;
    try {
      answer = ask();
    } catch (const std::exception&) {  // of any kind, Python's too: the run ends, and whoever called it gets just that
      predict_.thrown = std::current_exception();
      throw Failure(Message::plain("the model raised an exception"));
    }
    return true;
  }

 private:
  std::string ask() {
    auto inputs = std::make_unique<Matrix>(std::move(question_.inputs));
    const Matrix& records = *inputs;
    const Answers answers(predict_.function(view_of(records, owner_of(std::move(inputs)))));
    std::string rows;
    append_rows(rows, rows_of(answers), true);
    // Which of the two is asked for depends on the data; the reader takes its own.
    return "{\"id\":" + question_.id.dump() + ",\"probabilities\":[" + rows + "],\"values\":[" + rows + "]}";
  }

  Predict& predict_;
  InferenceRequest question_;
};

}  // namespace

std::unique_ptr<Channel> channel_to(Predict& predict) { return std::make_unique<PredictChannel>(predict); }

}  // namespace mid::python
