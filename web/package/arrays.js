// What a snapshot holds as bytes and flat lists, as arrays with their shapes. A number that there is none of is null there, NaN here.
const array = (data, ...shape) => ({ data, shape });
const doubles = list => Float64Array.from(list, x => x ?? NaN);
const integers = list => Int32Array.from(list);

export function picturesOf(sheet) {
  if (!sheet) return null;
  const { rows, height, width, of_classes, names, credit } = sheet;
  const pictures = bytes => array(bytes, bytes.length / (height * width), height, width);
  return {
    truth: pictures(sheet.truth), guess: pictures(sheet.guess), average: pictures(sheet.average),
    line_up: doubles(sheet.line_up), names, of_classes, credit,
    path: sheet.path ? pathOf(sheet.path, rows, height, width) : null,
    answers: sheet.answers ? answersOf(sheet.answers, rows) : null,
    line_ups: sheet.line_ups ? lineUpsOf(sheet.line_ups, rows, pictures) : null,
  };
}

function pathOf(path, rows, height, width) {
  const steps = path.step.length;
  return {
    step: integers(path.step), confidence: array(doubles(path.confidence), steps, rows), detail: doubles(path.detail),
    best_step: integers(path.best_step), pictures: array(path.pictures, steps, rows, height, width),
  };
}

function answersOf({ numbers, inside, partly, names, value, spread }, rows) {
  return { value: array(doubles(value), rows, numbers), inside, partly, names, spread: spread.length ? doubles(spread) : null };
}

function lineUpsOf({ size, candidate, likeness, truth, pick, others }, rows, pictures) {
  return {
    candidate: array(integers(candidate), rows, size), likeness: array(doubles(likeness), rows, size), truth: integers(truth),
    pick: integers(pick), others: pictures(others),
  };
}

export function beliefsOf(sheet) {
  if (!sheet) return null;
  const { secret, values, root, credit } = sheet, victims = sheet.truth.length;
  const table = list => array(doubles(list), victims, values.length), bells = list => list.length ? table(list) : null;
  return {
    secret, values, truth: integers(sheet.truth), before: table(sheet.before), after: table(sheet.after),
    answer: doubles(sheet.answer), target: doubles(sheet.target), root, credit,
    conditional_mean: bells(sheet.conditional_mean), conditional_sd: bells(sheet.conditional_sd),
  };
}

export function recordsOf({ about, records, height, width, part, ...bytes }) {
  const as = (Type, name) => new Type(bytes[name].buffer), classes = about.target.classes ?? [];
  return {
    name: about.data, columns: about.inputs, classes, about, part,
    inputs: array(as(Float32Array, "inputs"), records, about.inputs.length),
    target: as(classes.length ? Int32Array : Float64Array, "target"),
    pictures: bytes.pictures ? array(as(Float32Array, "pictures"), records, height, width) : null,
    secret: bytes.secret ? as(Int32Array, "secret") : null,
    row: as(Int32Array, "row"),
    train: as(Int32Array, "train"), test: as(Int32Array, "test"),
    attacked: as(Int32Array, "attacked"), auxiliary: as(Int32Array, "auxiliary"),
  };
}
