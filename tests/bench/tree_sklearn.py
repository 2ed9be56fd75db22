#!/usr/bin/python3
"""Times scikit-learn's DecisionTreeClassifier on a table made as in tree.cpp: 50,000 rows, 20 columns, depth 8; processor time."""
import sys
import time

try:
    import numpy as np
    import sklearn
    from sklearn.tree import DecisionTreeClassifier
except ImportError as e:
    sys.exit(f"scikit-learn is not installed here ({e}); Debian's package is python3-sklearn")

random = np.random.default_rng(1)
print(f"scikit-learn {sklearn.__version__}, DecisionTreeClassifier(criterion='entropy', max_depth=8, min_samples_leaf=25)")
for rows in (25000, 50000, 100000):
    x = random.normal(size=(rows, 20)).astype(np.float32)
    y = x[:, 0] + x[:, 1] * x[:, 2] + x[:, 3] + .5 * x[:, 4] * x[:, 5] + random.normal(size=rows) > 0
    times = []
    for _ in range(5):
        begin = time.process_time()
        tree = DecisionTreeClassifier(criterion="entropy", max_depth=8, min_samples_leaf=25, random_state=0).fit(x, y)
        times.append(1e3 * (time.process_time() - begin))
    print(f"  {rows:7d} rows: {min(times):7.1f} ms least, {sorted(times)[2]:7.1f} ms median, {tree.get_n_leaves()} leaves")
