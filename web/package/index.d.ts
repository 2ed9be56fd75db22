// Types of the package midlab, written by hand; a test compares them with what comes out.

/** What JSON knows. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** An object of a specification: its fields by name. What there is says `catalogue()`, or `mid schema`. */
export type Fields = { [name: string]: Json };

/** An experiment. What is left out takes its default. */
export interface SpecificationFields {
  $schema?: string;
  /** Of the form of specifications. */
  version?: number;
  data?: Fields;
  model?: Fields;
  train?: Fields;
  defense?: Fields;
  release?: Fields;
  attack?: Fields;
  /** 0 to 2^53 - 1 */
  seed?: number;
  /** A null control, which must find nothing: answers dealt to others, or a model whose weights are 0. */
  control?: "none" | "permuted" | "zero";
}
/** The same with every default written out. "control" is left out where there is none. */
export interface CompleteSpecification {
  version: number;
  data: Fields;
  model: Fields;
  train: Fields;
  defense: Fields;
  release: Fields;
  attack: Fields;
  seed: number;
  control?: "permuted" | "zero";
}
export type Specification = SpecificationFields | `preset:${string}`;

/** Numbers in one typed array, row after row. */
export interface Shaped<Numbers> {
  data: Numbers;
  /** Its product is data.length. */
  shape: number[];
}

/** A figure with what it is compared with, and its interval of 95 %. null: there is none. */
export interface Measure {
  value: number | null;
  /** What is reached without the model or its answer. */
  baseline: number | null;
  low: number | null;
  high: number | null;
  /** How many records, persons or pictures it averages. */
  n: number;
  /** "proportion", "nats", "bits", "dB", or "" for pure numbers. */
  unit: string;
  /** The value over every second person, and over the others. */
  halves?: number[];
}
export type Measures = { [name: string]: Measure };

/** What `mid run --json` prints. */
export interface Figures {
  /** Names the experiment. */
  id: string;
  spec: CompleteSpecification;
  /** What the model can do. */
  utility: Measures;
  /** What the attacker gets. */
  privacy: Measures;
  /** What the answers tell. */
  information: Measures;
  timing: { train_s: number; attack_s: number };
  device: string;
  /** Sentences for whoever reads the figures: show them with the figures. */
  warnings: string[];
  /** null: it ended well. */
  failed: null;
  /** Figures of the defence's and the attack's own. */
  notes?: { [name: string]: Json };
  version: string;
}

/** The first 60 victims (or the classes) of an attack on pictures, or all (allVictims): [rows, height, width], 0 black to 255 white. */
export interface Pictures {
  /** The true pictures; where `of_classes`, the mean of those learnt from. */
  truth: Shaped<Uint8Array>;
  /** The attacker's. */
  guess: Shaped<Uint8Array>;
  /** The guess without an answer. */
  average: Shaped<Uint8Array>;
  /** [rows] in [0, 1]: the chance to be picked among ten. */
  line_up: Float64Array;
  names: string[];
  of_classes: boolean;
  /** Whose data this is: to be shown wherever a picture is. */
  credit: string;
  /** null: the attack does not go step by step. */
  path: PicturePath | null;
  /** null: no answer is asked. */
  answers: Answers | null;
  /** null: there are none. */
  line_ups: LineUps | null;
}
/** How an attack's pictures came to be: what it looked at, at some of its steps. */
export interface PicturePath {
  /** [steps], increasing from 0. */
  step: Int32Array;
  /** [steps, rows] in [0, 1]: how sure the model was that the picture is of its class. */
  confidence: Shaped<Float64Array>;
  /** [steps]: 1 - squared error / squared error of the average picture. */
  detail: Float64Array;
  /** [rows]: where the picture was found that was kept. */
  best_step: Int32Array;
  /** [steps, rows, height, width]. */
  pictures: Shaped<Uint8Array>;
}
/** What the attacker is told about each row: the first answer, as it leaves the release. */
export interface Answers {
  /** [rows, numbers]: confidences in [0, 1]; or, where `inside`, the numbers inside, in sd of each from its mean. */
  value: Shaped<Float64Array>;
  inside: boolean;
  /** A confidence of 0 was not said: of a label alone, or of the largest alone. */
  partly: boolean;
  /** Of the classes; empty of the numbers inside. */
  names: string[];
  /** [rows]: e^entropy of the confidences; 0: nothing was said. null of the numbers inside. */
  spread: Float64Array | null;
}
/** One of the line-ups that the figure line_up counts, for each row. */
export interface LineUps {
  /** [rows, size]: the row whose true picture it is, then the places of `others`; -1: none. */
  candidate: Shaped<Int32Array>;
  /** [rows, size]: the correlation by which the attacker chooses. */
  likeness: Shaped<Float64Array>;
  /** [rows]: the place of the true one. */
  truth: Int32Array;
  /** [rows]: the place of the attacker's pick; -1: the picture names nobody. */
  pick: Int32Array;
  /** [others, height, width]: candidates that are no rows. */
  others: Shaped<Uint8Array>;
}

/** What an attack on an attribute believes of the first 1,000 victims. */
export interface Beliefs {
  secret: string;
  /** Names of the secret's values. */
  values: string[];
  /** [victims]: the value of each. */
  truth: Int32Array;
  /** [victims, values]: probabilities without an answer. */
  before: Shaped<Float64Array>;
  /** The same with the answers: the attacker's scores. */
  after: Shaped<Float64Array>;
  /** [victims]: the released logit, or number, of the first query; empty where answers are more than one number. */
  answer: Float64Array;
  /** [victims, values]: mean of that number if the secret had that value; null: not of this attack. */
  conditional_mean: Shaped<Float64Array> | null;
  /** The same: its sd. */
  conditional_sd: Shaped<Float64Array> | null;
  /** [victims] of a regression: what would have been right, in the units that people read. */
  target: Float64Array;
  /** Answers are roots. */
  root: boolean;
  credit: string;
}

/** A tree as it is drawn. */
export interface Tree {
  /** Names of the secret's values. */
  values: string[];
  secret: string;
  /** The root first, parents before their children. */
  nodes: TreeNode[];
  /** The node where each victim ends, in the order of Beliefs. */
  victims: number[];
}
/** A node, with what it gives away. Shares are over the training records. */
export interface TreeNode {
  /** -1 of the root. */
  parent: number;
  /** The answer that leads here. */
  branch: string;
  /** The column that it asks about; empty of a leaf. */
  question: string;
  /** About the secret itself. */
  asks: boolean;
  answer: string;
  confidence: number;
  share: number;
  /** The share of each value of the secret in it. */
  values: number[];
  tells: number;
  tells_name: string;
  everyone: number;
  gives_away: boolean;
  /** Bits about the class. */
  gain: number;
  /** Bits of its split about the secret. */
  information: number;
  /** What a defence kept from being asked below this leaf. */
  cut: { question: string; asks: boolean; leaves: number } | null;
}

/** The figures, and beside them what a person looks at. */
export interface Result extends Figures {
  /** Of attacks on pictures. */
  pictures: Pictures | null;
  /** Of attacks on an attribute. */
  beliefs: Beliefs | null;
  /** Of a tree and a secret. */
  tree: Tree | null;
  /** The trained network or regression, as a safetensors file; empty of a tree. */
  model: Uint8Array;
}

/** Where a run stands. */
export interface Progress {
  stage: string;
  /** How much of the stage is done, in `unit`. */
  done: number;
  total: number;
  unit: string;
  /** Of the stage, 0 to 1. */
  fraction: number;
  /** That the run has worked. */
  seconds: number;
  /** That the stage still needs, an estimate; null: unknown. */
  seconds_left: number | null;
  /** Figures of the moment, as the accuracy in training. */
  live: { [name: string]: number };
}

/** One input of the model, as `mid data columns` prints it. */
export interface Column {
  place: number;
  name: string;
  meaning: string;
  unit: string;
  /** Of the model's first step, (x - mean) / sd. */
  mean: number;
  sd: number;
  /** The table's column behind it; not of pixels. */
  column?: string;
  /** Of a tree: the column's categories, in the order of their numbers. */
  categories?: string[];
  /** What was taken off each number. */
  offset?: number;
  /** The input where the number is missing. */
  missing?: number;
}

/** All records of a specification, in the order of their file. */
export interface Data {
  name: string;
  /** [records, inputs], before the model's first step. */
  inputs: Shaped<Float32Array>;
  /** [records]: classes (-1: none of them) as Int32Array, or numbers as Float64Array. */
  target: Int32Array | Float64Array;
  /** The inputs in the order in which a model takes them. */
  columns: Column[];
  /** Names of the classes; empty: the target is a number. */
  classes: string[];
  /** What `mid data columns --json` prints. */
  about: { [name: string]: Json };
  /** [records, height, width] in [0, 1]: what an attacker draws; null of tables. */
  pictures: Shaped<Float32Array> | null;
  /** [records]: the value of the sensitive attribute (-1: missing), whose names are in about.secret; null: no secret. */
  secret: Int32Array | null;
  /** [records]: where it stands in its file, from 1. */
  row: Int32Array;
  /** [records]: train, test or auxiliary; empty: left out. */
  part: string[];
  /** Places of the private records, from which the model learns. */
  train: Int32Array;
  /** Of those held out. */
  test: Int32Array;
  /** Of the victims, who are of train or test. */
  attacked: Int32Array;
  /** Of the attacker's own. */
  auxiliary: Int32Array;
}

/** A parameter of an entry. */
export interface Parameter {
  name: string;
  type: "boolean" | "integer" | "number" | "text" | "integers" | "texts" | "objects";
  default_value: Json;
  /** null: no bound. */
  low: number | null;
  high: number | null;
  choices: string[];
  unit: string;
  help: string;
  help_key: string;
  source: string;
  /** The kinds of model that it is for; empty: all. */
  models: string[];
}
export interface Entry {
  name: string;
  title: string;
  title_key: string;
  summary: string;
  summary_key: string;
  source: string;
  params: Parameter[];
  models: string[];
  /** Of a defence: those that may stand beside it in a network (defense.also). */
  beside?: string[];
}
export interface Section {
  /** "data", "model", "train", "defense", "release" or "attack". */
  name: string;
  /** The field that chooses an entry; empty: there is nothing to choose. */
  key: string;
  standard: string;
  help: string;
  help_key: string;
  entries: Entry[];
}
export interface FigureKind {
  name: string;
  group: "utility" | "privacy" | "information";
  title: string;
  title_key: string;
  /** The same in plain words. */
  plain: string;
  plain_key: string;
  unit: string;
  gain: "higher" | "lower" | "neither";
  baseline_key: string;
  detail: boolean;
}
/** What forms are made of, as `mid schema --catalogue` prints it. */
export interface Catalogue {
  version: string;
  sections: Section[];
  figures: FigureKind[];
  presets: { [name: string]: CompleteSpecification };
  stories: { name: string; menu_key: string; menu: string }[];
  schema: { [key: string]: Json };
}

/** Contents of a file: text is written as UTF-8. */
export type Contents = string | Uint8Array | ArrayBuffer | ArrayBufferView | Blob;

export interface SpecificationOptions {
  /** Fields to change, in their order, as `mid run --set` does: { "defense.beta": 0.1 }. Choosing a kind takes that kind's defaults. */
  set?: { [path: string]: Json };
  /** Files that the specification names (data.csv, model.file), by those names. Nothing else of the machine is seen. */
  files?: { [name: string]: Contents };
}
export interface RunOptions extends SpecificationOptions {
  /** Called about ten times a second. What it throws ends the run and comes out. */
  onProgress?: (progress: Progress) => void;
  /** Ends the run; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Pictures and beliefs are of everybody attacked, not of the first 60 or 1,000. */
  allVictims?: boolean;
}

export interface Configuration {
  /** The package's core.wasm: where it is, its bytes, or the compiled module (which a page may hand to its workers). */
  wasm?: string | URL | Uint8Array | ArrayBuffer | WebAssembly.Module;
  /** The package's folder data: its address, ending in "/", or a function that fetches a file of it ("adult/adult.data.gz"). */
  data?: string | URL | ((name: string) => Contents | Promise<Contents>);
}

/** Bad input, or work that could not be finished. The message is the sentence that `mid` prints. */
export class MidlabError extends Error {
  constructor(message: string, more?: { field?: string; input?: boolean; stage?: string });
  name: "MidlabError";
  /** The path of the field at fault ("defense.beta"); empty: none. */
  field: string;
  /** The input was at fault, not the work. */
  input: boolean;
  /** Of a run: the part in which it ended; empty: before it began. */
  stage: string;
}

/** Says where the package's own files are, for whoever serves them from elsewhere. To be called before everything else. */
export function configure(options: Configuration): void;
/**
 * Trains, attacks and measures one experiment in this thread, in slices of about 12 ms between which everything else has its turn.
 * Several at once run one after the other; what they have in common is done once. Rejects with MidlabError, or with what the signal or
 * onProgress gave.
 */
export function run(spec: Specification, options?: RunOptions): Promise<Result>;
/** The records of a specification, and who gets which, as its model takes them. */
export function data(spec: Specification, options?: SpecificationOptions): Promise<Data>;
/** The specification checked, with every default written out. */
export function specification(spec: Specification, options?: SpecificationOptions): Promise<CompleteSpecification>;
/** The presets in their order: name to specification. */
export function presets(): Promise<{ [name: string]: CompleteSpecification }>;
export function catalogue(): Promise<Catalogue>;
/** The JSON Schema (2020-12) of a specification, as `mid schema` prints it. */
export function schema(): Promise<{ [key: string]: Json }>;
/** The figures as `mid run` prints them: each with its baseline and its interval, and the warnings. */
export function text(result: Figures): Promise<string>;
