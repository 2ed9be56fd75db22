#pragma once

/// @file
/// midlab as a library: link mid::core, include this header or one of those below. They are its public interface, grouped
/// by what they are for. What else is installed is what they are made of: internal, and free to change in any version.
///
/// @mainpage midlab
/// midlab trains small models, defends them by mutual-information regularisation (MID) and its rivals, and attacks them.
///
/// Two ways to use it. A whole experiment is one JSON object: mid::Session runs it and gives snapshots, mid::run_experiment
/// the same as C++ values. Or step by step: a data set (mid::data_sources), a model trained with a defence (mid::train_target),
/// an attack (mid::attacks) that asks the model through a mid::Oracle. tests/system/package in the sources does the first.
///
/// Shapes: one record a row, in the order of the data set. Units: information in nats, but of a tree in bits; pictures in
/// [0, 1]; a mid::Measure names its own. Ranges and defaults of settings are those of `mid schema`: every entry lists them
/// once (mid::sections). Errors: bad input throws mid::Error, work that cannot be finished mid::Failure, each with a sentence
/// that says what to do. "method.md section N" is docs/method.md of the sources: every formula with its source and its test.

/// @defgroup session Whole experiments
/// A checked specification, one run of it, and the door that a program with a window uses: commands in, snapshots out.
#include "mid/experiment/experiment.hpp"  // one experiment, as C++ values
#include "mid/experiment/spec.hpp"        // specifications: read, check, complete, presets, JSON Schema
#include "mid/session/session.hpp"        // commands in, snapshots out; stops and goes on
#include "mid/session/snapshot.hpp"       // what there is to show, as values and as JSON

/// @defgroup data Data
/// Records, who gets which of them, and the data sets that a specification can name.
#include "mid/data/dataset.hpp"  // records, columns, secret, split
#include "mid/data/source.hpp"   // the data sets

/// @defgroup train Training
/// What is trained, and how to train it as a specification says.
#include "mid/experiment/target.hpp"  // trains the model of a specification
#include "mid/model/model.hpp"        // network, regression or tree; to bytes and back

/// @defgroup defend Defences
/// What is done about the leak: while training (defence), and to each answer (release).
#include "mid/defense/defense.hpp"
#include "mid/oracle/release.hpp"

/// @defgroup attack Attacks
/// Who tries to get at the records, what they know, and the one door through which they ask the model.
#include "mid/attack/attack.hpp"
#include "mid/oracle/oracle.hpp"

/// @defgroup measure Figures
/// What came of it: figures with baseline and interval, and what is known of each figure.
#include "mid/measure/figure.hpp"   // the table of all figures
#include "mid/measure/measure.hpp"  // one figure
#include "mid/report/result.hpp"    // those of a run
#include "mid/report/sheets.hpp"    // the pictures, beliefs and trees beside them

/// @defgroup work Long work and errors
/// What all of the above is made of: work that ticks, is stopped and goes on, and sentences about what went wrong.
#include "mid/base/context.hpp"
#include "mid/base/error.hpp"
#include "mid/base/task.hpp"
