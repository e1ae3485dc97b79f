# Needs: scikit-learn
# Which classifier tells handwritten digits apart, by cross-validation.
import sklearn.datasets
import sklearn.ensemble
import sklearn.linear_model
import sklearn.model_selection
import sklearn.pipeline
import sklearn.preprocessing

images, labels = sklearn.datasets.load_digits(return_X_y=True)
images, labels = images[:800], labels[:800]
candidates = [
    sklearn.ensemble.RandomForestClassifier(n_estimators=60, random_state=0),
    sklearn.pipeline.make_pipeline(
        sklearn.preprocessing.StandardScaler(), sklearn.linear_model.LogisticRegression(max_iter=200)
    ),
]
for candidate in candidates:
    scores = sklearn.model_selection.cross_val_score(candidate, images, labels, cv=3)
    print(type(candidate).__name__, scores.mean() > 0.8)
