"""Forty numbers of a door camera, turned back into faces: without a defence, and at three strengths of MID."""
import midlab

quick = {"train.epochs": 4}  # a short training, so that this takes seconds; without it the figures are those of docs/stories.md

undefended = midlab.run("preset:visitors", set={**quick, "defense.kind": "none"})
print(undefended.text())

found = undefended.pictures
error = ((found.guess.astype(float) - found.truth) ** 2).mean()
without = ((found.average.astype(float) - found.truth) ** 2).mean()
print(f"{len(found.names)} faces of {found.truth.shape[1]} x {found.truth.shape[2]}: squared error {error:.0f}, of the average face {without:.0f}\n")

for result in midlab.sweep("preset:visitors", {"defense.beta": [0.001, 0.01, 0.1]}, set=quick):
    row = result.row()
    print(f"beta {row['defense.beta']}: {row['accuracy']:.0%} named right, {row['line_up']:.0%} of strangers picked among ten (guessing {row['line_up_baseline']:.0%})")
