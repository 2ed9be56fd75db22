// How the npm package is used, as its types say it. Compiled by test_package.mjs, never run; each line below an @ts-expect-error must fail.
import { catalogue, configure, data, MidlabError, presets, run, schema, specification, text } from "midlab";
import type { CompleteSpecification, Json, Progress, Result, Shaped, Specification } from "midlab";

const spec: Specification = { data: { name: "adult", sensitive: "married" }, defense: { kind: "mid", beta: 0.1 }, seed: 1, control: "permuted" };
const wasm: WebAssembly.Module = await WebAssembly.compile(new Uint8Array());
configure({ wasm, data: async (name: string) => new Uint8Array(name.length) });
configure({ wasm: new URL("https://example.org/core.wasm"), data: "https://example.org/data/" });

const said: string[] = [];
const result: Result = await run(spec, {
  set: { "defense.beta": 0.1, "attack.queries": [1, 2] },
  files: { "people.csv": "age,sex\n1,2\n", "m.onnx": new Uint8Array(1), "a.csv": new Blob(["a"]) },
  signal: AbortSignal.timeout(1000),
  allVictims: true,
  onProgress: ({ stage, fraction, seconds_left, live }: Progress) => { said.push(`${stage} ${fraction.toFixed(2)} ${seconds_left ?? "?"} ${live.accuracy ?? ""}`); },
});
await run("preset:visitors");
const value: number | null = result.privacy.line_up!.value;
const bytes: Uint8Array | undefined = result.pictures?.guess.data;
const scores: Shaped<Float64Array> | undefined = result.beliefs?.after;
const leaves: boolean[] | undefined = result.tree?.nodes.map(node => node.question === "" && node.parent >= 0);
const sentences: string = [await text(result), ...result.warnings].join("\n");
const complete: CompleteSpecification = await specification("preset:dose", { set: { "defense.kind": "none" } });
const kinds: string[] = (await catalogue()).sections.flatMap(section => section.entries.map(entry => entry.name));
const dose: CompleteSpecification | undefined = (await presets()).dose;
const names: Json | undefined = (await schema()).properties;
const records = await data("preset:confidence");
const inputs: Float32Array = records.inputs.data, private_: Int32Array = records.train;
try { await run({}); } catch (e) { if (e instanceof MidlabError && !e.input) said.push(e.stage, e.field, e.message); }
export const used = [value, bytes, scores, leaves, sentences, complete, kinds, dose, names, inputs, private_];

// @ts-expect-error: a preset is named so
await run("visitors");
// @ts-expect-error: there is no such object
await run({ defence: { kind: "mid" } });
// @ts-expect-error: a null control is permuted or zero
await run({ control: "none of these" });
// @ts-expect-error: no such option
await run(spec, { progress: () => {} });
// @ts-expect-error: a figure may be undefined
const sure: number = result.privacy.line_up!.value;
// @ts-expect-error: not every run has pictures
result.pictures.guess;
// @ts-expect-error: what is a promise is waited for
(await catalogue).sections;
