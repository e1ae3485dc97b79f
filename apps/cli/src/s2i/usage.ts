// `usage` of a builder image: what it builds, and by which variables.

import type { Builder } from "./builder.ts";

const COMMON = `
Variables of the build, as -e NAME=value or in .s2i/environment:
  THOTH_ADVISE            1: resolve again and install what is advised, 0: install the lock of the repository
  THOTH_DRY_RUN           1: tell the advice, and install the lock of the repository
  THOTH_ERROR_FALLBACK    1: where advice fails, install the lock of the repository
  THOTH_PROVENANCE_CHECK  1: without advice, ask the indexes whether they have what the lock says
  THOTH_CONFIG_CHECK      0: do not compare .thoth.yaml with this builder
  THOTH_FORCE_GENERATE_CONFIG  1: make .thoth.yaml anew
  THOTH_OFF               1: no advice, no checks
  THOTH_HOST              a Thoth service that chooses the packages; THOTH_TOKEN says who asks
  THOTH_S2I_LOCK          the file of the lock, where there are several
  THOTH_S2I_KEEP_WHEELS   1: keep the wheels for the next incremental build; the image is larger
  THOTH_ASSEMBLE_DEBUG    1: tell what is done
  THAMOS_DEV              1: packages for development too
Options of the commands have variables too: THOTH_INDEX_URL, THOTH_AS_OF, THOTH_ALLOW_BUILD, …`;

const TEXTS: Readonly<Record<Builder["kind"], string>> = {
  notebook: `A builder image for Jupyter notebooks. The source needs a notebook and nothing else: its packages are those of the
lock that it carries (\`horus lock\`); where it has none, one is made.

  thoth s2i containerfile analysis.ipynb --builder THIS_IMAGE -o build
  buildah build --timestamp 0 -t analysis build
${COMMON}
  JUPYTER_NOTEBOOK_PATH   the one notebook that counts, where the source has several

Variables of the image when it runs:
  JUPYTER_NOTEBOOK_EXECUTE   1: execute the notebook to its end instead of serving it
  JUPYTER_NOTEBOOK_OUTPUT    the executed notebook (default: NAME.out.ipynb)
  JUPYTER_ENABLE_LAB         0: Jupyter Notebook instead of JupyterLab, where it is locked
  JUPYTER_NOTEBOOK_PORT      8888
  JUPYTER_NOTEBOOK_PASSWORD  instead of the token that is printed`,
  python: `A builder image for applications in Python. Their packages are those of a lock: pylock.toml, uv.lock, poetry.lock,
pdm.lock, Pipfile.lock, or requirements.txt with hashes. The folder of the source and its \`src\` are on the path of Python.

  thoth s2i containerfile . --builder THIS_IMAGE -o build
  buildah build --timestamp 0 -t app build
${COMMON}
  ENABLE_PIPENV, ENABLE_MICROPIPENV   whose lock counts, where there are several

Variables of the image when it runs, in the order in which they count:
  APP_SCRIPT  a script that starts it (default: app.sh)
  APP_MODULE  module:application for gunicorn (default: wsgi.py); APP_CONFIG is its configuration
  APP_FILE    a file for Python (default: app.py)
  APP_HOME    the folder of the application; PORT: 8080`,
};

export function usageText(kind: Builder["kind"]): string {
  return TEXTS[kind];
}
