// Names that somebody may have meant: the nearest of the most used distributions.

const KNOWN =
  "aiohttp altair anthropic apache-airflow attrs beautifulsoup4 black bokeh boto3 botocore bqplot cartopy catboost celery certifi cffi chardet click cryptography cython dash dask datasets django duckdb fastai fastapi flask folium fsspec geopandas gensim google-cloud-storage gradio h5py holoviews httpx huggingface-hub hvplot idna imageio ipykernel ipython ipywidgets jax jinja2 joblib jsonschema jupyter jupyterlab keras langchain lightgbm lxml matplotlib mlflow mypy nbformat networkx nltk notebook numba numpy openai opencv-python openpyxl optuna packaging pandas panel pillow pip plotly polars protobuf psutil psycopg2 pyarrow pydantic pygments pymongo pytest python-dateutil pytorch-lightning pytz pyyaml pyzmq requests rich ruff s3fs scikit-image scikit-learn scipy seaborn setuptools shap six spacy sqlalchemy statsmodels streamlit sympy tensorflow tokenizers torch torchvision tornado tqdm traitlets transformers typing-extensions urllib3 uvicorn wandb werkzeug wheel xarray xgboost xlrd".split(
    " ",
  );

/** At most two known names within two edits (one, for short names) of `name`. */
export function nearestNames(name: string): string[] {
  const limit = name.length <= 5 ? 1 : 2;
  return KNOWN.map((known) => ({ known, distance: editDistance(name, known, limit) }))
    .filter(({ distance }) => distance <= limit && distance > 0)
    .sort((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1))
    .slice(0, 2)
    .map(({ known }) => known);
}

/** What helps where no index has the name. */
export function unknownNameHint(name: string): string {
  const near = nearestNames(name);
  return near.length > 0
    ? `no index has \`${name}\`; did you mean ${near.map((one) => `\`${one}\``).join(" or ")}?`
    : `no index that was asked has \`${name}\`: check its spelling, or name its index with \`--extra-index-url\``;
}

/** Optimal string alignment distance (insert, delete, replace, swap neighbours), or a number above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] as number) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
