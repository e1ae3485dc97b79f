# Needs: scikit-learn
# Which messages are unwanted: words are counted, weighed, and told apart by logistic regression.
import random

import sklearn.feature_extraction.text
import sklearn.linear_model
import sklearn.model_selection
import sklearn.pipeline

random.seed(5)
words = [f"word{number}" for number in range(3000)]
telling = {True: ["winner", "prize", "free", "urgent"], False: ["meeting", "report", "lunch", "thanks"]}
messages, labels = [], []
for number in range(4000):
    label = number % 3 == 0
    text = random.choices(words, k=30)
    text += random.choices(telling[label], k=1) + random.choices(telling[not label], k=random.randrange(2))
    messages.append(" ".join(text))
    labels.append(label)
model = sklearn.pipeline.make_pipeline(
    sklearn.feature_extraction.text.TfidfVectorizer(), sklearn.linear_model.LogisticRegression(max_iter=300)
)
for strength in (0.1, 1.0, 10.0):
    model.set_params(logisticregression__C=strength)
    scores = sklearn.model_selection.cross_val_score(model, messages, labels, cv=3)
    print(strength, scores.mean() > 0.7)
