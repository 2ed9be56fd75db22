/// @file
/// @ingroup data
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/base/matrix.hpp"
#include "mid/base/message.hpp"

namespace mid {

/// A column of a table.
struct Column {
  std::string name;                     ///< as in the file's header
  bool numeric = true;                  ///< numbers; otherwise categories
  std::vector<std::string> categories;  ///< of a categorical column, in order of the values 0, 1, ...
  int missing = 0;                      ///< rows without a value
  double offset = 0;                    ///< of numbers: what was taken off each, so that floats can tell them apart
};

/// A table of mixed columns, rows in file order: what trees, regression and schemas see.
struct Table {
  std::vector<Column> columns;  ///< in file order
  MatrixD values;               ///< rows x columns: the number, or the category's index; NaN where missing
  /// Index of the column called `name`, or -1.
  int find(const std::string& name) const;
};

/// The sensitive attribute, and how it enters the inputs.
struct Secret {
  std::string name;                 ///< as in the specification ("sensitive")
  std::vector<std::string> values;  ///< names of the values 0, 1, ...
  VectorXi of_row;                  ///< each row's value; -1 where missing
  std::vector<int> inputs;          ///< the columns of Dataset::inputs that it alone determines
  Matrix code;                      ///< values x inputs: what those columns are for each value, before normalisation
};

/// One data set as everything else sees it. Rows are records in file order; nothing here knows of private or auxiliary.
struct Dataset {
  std::string name;  ///< as in the specification ("adult")

  Matrix inputs;                         ///< rows x inputs, before normalisation; pictures in [0, 1]
  std::vector<std::string> input_names;  ///< empty for pictures
  Matrix input_mean;                     ///< 1 x inputs: the model's first step is (x - input_mean) / input_sd
  Matrix input_sd;                       ///< 1 x inputs

  std::vector<std::string> classes;  ///< names of the labels 0, 1, ...; empty: a regression
  VectorXi label;                    ///< each row's class; -1: none of them (a face that is not enrolled)
  VectorXd target;                   ///< each row's number, of a regression: (number - target_mean) / target_sd
  std::string target_name;           ///< what is predicted: "income", "sqrt(weekly_dose_mg)"
  double target_mean = 0;            ///< other than 0 with `standardize` all
  double target_sd = 1;              ///< other than 1 with `standardize` all
  bool target_is_root = false;       ///< of a number whose root is predicted: a dose
  /// The number that people read, of a prediction: in its own units, squared where the root is predicted.
  double readable(double predicted) const {
    const double v = target_mean + target_sd * predicted;
    return target_is_root ? v * v : v;
  }

  std::optional<Secret> secret;  ///< the attribute that an attacker wants to know; none: pictures, or no column was named

  int input_height = 0;  ///< of inputs that are pictures, in pixels; 0 otherwise
  int input_width = 0;   ///< the same
  Matrix pictures;       ///< rows x pixels in [0, 1]: what an attacker draws; empty for tables
  int height = 0;        ///< of `pictures`, in pixels: a multiple of the input's
  int width = 0;         ///< the same

  std::vector<int> person;             ///< each row's person, numbered from 0; empty: every row is a person of its own
  std::vector<int> pool;               ///< line-ups draw the nine others from the evaluated rows with the same number
  std::vector<int> kind;               ///< the average picture is the mean of the auxiliary rows with the same number
  std::vector<std::string> row_names;  ///< "014_smiling"; empty: the row's number

  Table table;         ///< the columns behind the inputs; empty for pictures
  std::string credit;  ///< whose data this is, with its licence: shown beside it

  /// Records.
  int rows() const { return static_cast<int>(inputs.rows()); }
};

/// Which rows serve what. The people of train and test, of attacked (unless it is a part of train, where the stories say
/// so) and of auxiliary are disjoint; a test proves it.
struct Split {
  std::vector<int> train;      ///< the model learns from these
  std::vector<int> test;       ///< utility is measured on these; never learnt from
  std::vector<int> attacked;   ///< the victims
  std::vector<int> auxiliary;  ///< the attacker's own
};

/// A data set as a specification cuts it.
struct Data {
  Dataset set;                    ///< all records
  Split split;                    ///< who gets which
  std::vector<Message> warnings;  ///< for the result: rows left out, columns that say nothing
};

/// The given rows of `m`, in that order. Every row must exist.
Matrix rows_of(const Matrix& m, const std::vector<int>& rows);
/// The same.
MatrixD rows_of(const MatrixD& m, const std::vector<int>& rows);
/// The same.
VectorXi rows_of(const VectorXi& v, const std::vector<int>& rows);
/// The same.
VectorXd rows_of(const VectorXd& v, const std::vector<int>& rows);

/// Mean and population sd of each column of `x`, 1 x columns; 1 in the place of an sd up to 1e-6.
void scale_of_columns(const Matrix& x, Matrix& mean, Matrix& sd);

/// The given rows of everything that has a row for each record: inputs, label, target, secret, pictures, person, pool,
/// kind, row_names, table. What describes columns or the whole set stays as it is.
Dataset subset(const Dataset& set, const std::vector<int>& rows);

/// The set as a tree sees it: the inputs are the table's columns, a number or the index of a category, NaN where missing,
/// not scaled; the secret is one of them.
Dataset table_as_inputs(Dataset set);

/// `inputs` with the secret's columns set to 0: what an attacker knows of a record.
Matrix without_secret(Matrix inputs, const Secret& secret);
/// `known` with the secret's columns set to what they are for value number `value`: the record if the secret were that.
Matrix with_secret(Matrix known, const Secret& secret, int value);

}  // namespace mid
