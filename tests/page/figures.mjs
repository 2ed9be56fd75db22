// What tests compare that run one experiment in two places: the command line's result, and whether two results agree.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

export const json = (program, words, more = {}) => JSON.parse(execFileSync(program, words, { encoding: "utf8", maxBuffer: 1 << 26, ...more }));
export const native = (spec, set = [], more = {}) =>
  json(process.env.MIDLAB_BIN, ["run", spec, "--json", "--no-cache", ...set.flatMap(s => ["--set", s])], more);

function close(a, b, name, tolerance) {
  if (a === null || b === null) return assert.equal(a, b, name);
  assert.ok(Math.abs(a - b) <= tolerance(Math.max(Math.abs(a), Math.abs(b))), `${name}: ${a} and ${b}`);
}
// Figures that count records jump by whole records where two classes are nearly alike; `exact`: the others within 1e-4, relative.
export function compare(one, other, what, exact) {
  assert.equal(one.id, other.id, what);
  assert.deepEqual(one.spec, other.spec, what);
  for (const group of ["utility", "privacy", "information"]) {
    assert.deepEqual(Object.keys(one[group]), Object.keys(other[group]), what);
    for (const [name, m] of Object.entries(one[group])) {
      const counts = m.unit === "proportion" || name === "mcc";
      if (!exact && !counts) continue;
      close(m.value, other[group][name].value, `${what}: ${group}.${name}`, size => counts ? 3 / m.n : 1e-4 * Math.max(size, 1e-3));
    }
  }
}
