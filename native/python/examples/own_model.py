"""What a model of one's own gives away through its answers alone: here a k-nearest-neighbours model in NumPy; any function will do."""
import midlab
import numpy as np

spec = {"data": {"name": "adult", "sensitive": "married", "private": 1000, "held_out": 500}, "attack": {"kind": "csmia"}}
records = midlab.data(spec)
print(f"{records.name}: {len(records.columns)} inputs, the first is {records.columns[0].name} ({records.columns[0].unit}); classes {records.classes}")

train = records.train
mean, sd = train.inputs.mean(axis=0), train.inputs.std(axis=0) + 1e-6
known = (train.inputs - mean) / sd


def predict(inputs: np.ndarray, k: int = 5) -> np.ndarray:
    """[n, classes]: the share of each class among the k nearest training records."""
    scaled = (inputs - mean) / sd
    distance = (scaled**2).sum(axis=1)[:, None] - 2 * scaled @ known.T + (known**2).sum(axis=1)
    nearest = np.argpartition(distance, k, axis=1)[:, :k]
    return np.stack([(train.target[nearest] == c).mean(axis=1) for c in range(len(records.classes))], axis=1)


for release in ("none", "label_only"):
    result = midlab.attack(predict, spec, set={"release.kind": release})
    use, leak = result["utility"]["accuracy"], result["privacy"]["attack_accuracy"]
    print(f"release {release}: {use['value']:.1%} right; whether somebody is married is told in {leak['value']:.1%} (guessing {leak['baseline']:.1%})")

# The null control: answers dealt to other people must tell nothing.
control = midlab.attack(predict, {**spec, "control": "permuted"})["privacy"]["attack_accuracy"]
print(f"answers dealt to others: {control['value']:.1%}, between {control['low']:.1%} and {control['high']:.1%}")

# scikit-learn: predict=model.predict_proba. PyTorch: predict=lambda x: torch.softmax(model(torch.from_numpy(x)), 1).detach().numpy()
