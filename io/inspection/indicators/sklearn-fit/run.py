# Fits models of scikit-learn.
import json
import os
import sys
import time

import warnings

import numpy
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

DEFAULTS = {"ROWS": "2000", "COLUMNS": "20"}
parameters = {name: os.environ.get(name, default) for name, default in DEFAULTS.items()}


def measure(work, loops=1):
    """Milliseconds that one call takes, of each repetition; those that warm up are left out."""
    # Time of the processor is not spent while others have it.
    clock = time.process_time if os.environ.get("THOTH_CLOCK") == "processor" else time.perf_counter
    warmup, repetitions = int(os.environ.get("THOTH_WARMUP", 2)), int(os.environ.get("THOTH_REPETITIONS", 7))
    times = []
    for turn in range(warmup + repetitions):
        started = clock()
        for _ in range(loops):
            work()
        if turn >= warmup:
            times.append((clock() - started) * 1000 / loops)
    return times


def tell(name, component, version, results, **more):
    answer = {"name": name, "component": component, "version": version, "parameters": parameters, "results": results}
    answer.update(more)
    json.dump(answer, sys.stdout)


rows, columns = int(parameters["ROWS"]), int(parameters["COLUMNS"])
state = numpy.random.RandomState(0)
points = state.rand(rows, columns)
classes = (points.sum(axis=1) + state.rand(rows) > columns / 2.0 + 0.5).astype(int)
# What releases have different defaults for is named.
models = {
    "logistic": lambda: LogisticRegression(solver="lbfgs", C=1.0, max_iter=50, tol=1e-12),
    "forest": lambda: RandomForestClassifier(n_estimators=20, max_depth=8, max_features=5, random_state=0),
    "kmeans": lambda: KMeans(n_clusters=8, n_init=2, max_iter=50, tol=0, random_state=0),
    "pca": lambda: PCA(n_components=5, svd_solver="full"),
}
warnings.simplefilter("ignore")
results = {name: measure(lambda: make().fit(points, classes)) for name, make in models.items()}
tell("sklearn-fit", "scikit-learn", sklearn.__version__, results)
