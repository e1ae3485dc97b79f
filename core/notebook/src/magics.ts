// What IPython's magics, and those of well-known extensions, do to the code around them.

/** What the body of a cell is. */
export type BodyKind = "python" | "python-process" | "python2-process" | "shell" | "written" | "other";

function table<Value>(value: Value, names: string): [string, Value][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, value]);
}

/** What the body of a cell is under a cell magic, by its name in lower case; a magic not named here is `other`. */
export const CELL_MAGICS: ReadonlyMap<string, BodyKind> = new Map([
  ...table<BodyKind>(
    "python",
    `time timeit capture prun debug px autopx memit mprun lprun snakeviz pyinstrument scalene heat memray_flamegraph
     viztracer wandb cython cython_inline cython_pyximport ipytest run_pytest unittest_main testcell manim local
     notify wurlitzer mypy flake8 pycodestyle nbtutor skip skipif skip_if`,
  ),
  ...table<BodyKind>("python-process", "python python3 pypy3"),
  ...table<BodyKind>("python2-process", "python2 pypy"),
  ...table<BodyKind>("shell", "bash sh zsh ! sx system shell"),
  ...table<BodyKind>("written", "writefile file write_and_run writefile_run writeandrun"),
]);

/** Line magics that run a Python statement, and those of their options that take a value. */
export const PYTHON_LINE_MAGICS: ReadonlyMap<string, string> = new Map([
  ["time", ""],
  ["timeit", "nrp"],
  ["prun", "lsTD"],
  ["memit", "rti"],
  ["mprun", "fT"],
  ["lprun", "fTDmsuz"],
  ["px", "ot"],
  ["snakeviz", "tf"],
  ["debug", "b"],
]);

/** What an extension named to `%load_ext` needs, where that is not the table of modules' affair; "" is IPython itself. */
export const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ...table(
    "",
    "autoreload storemagic IPython.extensions.autoreload IPython.extensions.storemagic deduperreload",
  ),
  ["sympyprinting", "sympy"],
  ["sympy.interactive.ipythonprinting", "sympy"],
  ["rmagic", "rpy2"],
  ["rpy2.ipython", "rpy2"],
  ["cythonmagic", "cython"],
  ["octavemagic", "oct2py"],
  ["parallelmagic", "ipyparallel"],
  ["sql", "ipython-sql"],
  ["heat", "py-heat-magic"],
  ["autotime", "ipython-autotime"],
  ["nb_black", "nb-black"],
  ["lab_black", "nb-black"],
  ["blackcellmagic", "blackcellmagic"],
  ["jupyter_black", "jupyter-black"],
  ["fortranmagic", "fortran-magic"],
  ["version_information", "version-information"],
  ["pycodestyle_magic", "pycodestyle-magic"],
  ["google.cloud.bigquery", "google-cloud-bigquery"],
  ["bigquery_magics", "bigquery-magics"],
  ["jupyter_ai", "jupyter-ai"],
  ["jupyter_ai_magics", "jupyter-ai-magics"],
  ["sparkmagic.magics", "sparkmagic"],
  ["Kqlmagic", "kqlmagic"],
  ["kql", "kqlmagic"],
  ["ipython_unittest", "ipython-unittest"],
  ["ipython_memory_usage", "ipython-memory-usage"],
  ["ipython_pytest", "ipython-pytest"],
  ["nb_mypy", "nb-mypy"],
  ["itikz", "itikz"],
  ["tikzmagic", "ipython-tikzmagic"],
  ["skip_kernel_extension", "skip-kernel-extension"],
  ["julia.magic", "julia"],
  ["matlab_magic", "pymatbridge"],
  ["pymatbridge", "pymatbridge"],
  ["gurobipy", "gurobipy"],
  ["duckdb_magic", "magic-duckdb"],
  ["magic_duckdb", "magic-duckdb"],
  ["azureml.core", "azureml-core"],
  ["nvcc_plugin", "nvcc4jupyter"],
  ["nvcc4jupyter", "nvcc4jupyter"],
  ["cudf.pandas", "cudf-cu12"],
  ["graph_notebook.magics", "graph-notebook"],
  ["google.colab.data_table", ""],
  ["horus", ""],
  ["jupyterlab_requirements", ""],
]);
