// What a notebook needs without importing it: optional parts that a library asks for when a function is called.
// Only calls that fail without them count. Each rule: a distribution in use, what is called, and what that needs.

import type { CallUse } from "@thoth/python";

export interface RuntimeNeed {
  readonly distribution: string;
  /** The call or word that needs it. */
  readonly because: string;
}

interface Rule {
  /** The rule holds where one of these is in use. */
  readonly uses: readonly string[];
  /** Last part of a callee. */
  readonly calls?: RegExp;
  /** A name or an attribute that occurs. */
  readonly word?: string;
  /** A dotted module that is imported. */
  readonly module?: RegExp;
  readonly needs: string;
  /** Distributions that will do as well. */
  readonly unless?: readonly string[];
}

const RULES: readonly Rule[] = [
  { uses: ["pandas"], calls: /^read_html$/, needs: "lxml", unless: ["html5lib"] },
  { uses: ["pandas"], calls: /^(?:read_xml|to_xml)$/, needs: "lxml" },
  {
    uses: ["pandas"],
    calls: /^(?:read_parquet|to_parquet|read_feather|to_feather|read_orc|to_orc)$/,
    needs: "pyarrow",
    unless: ["fastparquet", "polars", "dask", "pyspark", "geopandas"],
  },
  { uses: ["pandas"], calls: /^(?:read_hdf|to_hdf|HDFStore)$/, needs: "tables" },
  { uses: ["pandas"], calls: /^to_markdown$/, needs: "tabulate" },
  { uses: ["pandas"], calls: /^(?:background_gradient)$/, needs: "matplotlib" },
  { uses: ["pydantic"], word: "EmailStr", needs: "email-validator" },
  { uses: ["pydantic"], word: "BaseSettings", module: /^pydantic_settings/, needs: "pydantic-settings" },
  {
    uses: ["plotly", "cufflinks", "plotly-express"],
    calls: /^(?:show|iplot|init_notebook_mode)$/,
    needs: "nbformat",
  },
  { uses: ["dask"], module: /^dask\.array/, needs: "numpy" },
  { uses: ["dask"], module: /^dask\.dataframe/, needs: "pandas" },
  { uses: ["dask"], module: /^dask\.distributed/, needs: "distributed" },
  { uses: ["tqdm"], module: /^tqdm\.notebook/, needs: "ipywidgets" },
  { uses: ["tqdm"], calls: /^(?:tqdm_notebook|tnrange)$/, needs: "ipywidgets" },
  {
    uses: ["networkx"],
    calls: /^draw(?:_networkx\w*|_circular|_spring|_shell|_spectral|_random|_planar|_kamada_kawai)?$/,
    needs: "matplotlib",
  },
  {
    uses: ["networkx"],
    calls:
      /^(?:pagerank|eigenvector_centrality_numpy|adjacency_matrix|laplacian_matrix|to_scipy_sparse_array)$/,
    needs: "scipy",
  },
  { uses: ["lxml"], module: /^lxml\.html\.clean/, needs: "lxml-html-clean" },
  { uses: ["geopandas"], calls: /^explore$/, needs: "folium" },
  { uses: ["geopandas"], calls: /^explore$/, needs: "mapclassify" },
  { uses: ["xarray"], calls: /^(?:open_zarr|to_zarr)$/, needs: "zarr" },
];

/** Where several engines read a kind of file, the call, the file's name or a default tells which. */
interface EngineRule {
  readonly uses: string;
  /** The whole callee. */
  readonly calls: RegExp;
  /** Distributions by what the call gives as `engine`. */
  readonly engines: Readonly<Record<string, string>>;
  /** Distributions by the end of the file's name. */
  readonly endings?: readonly (readonly [ending: RegExp, distribution: string])[];
  /** Where nothing tells; nothing where another engine is in use anyway. */
  readonly fallback: string;
}

const ENGINE_RULES: readonly EngineRule[] = [
  {
    uses: "pandas",
    calls: /(?:^|\.)(?:read_excel|ExcelFile)$/,
    engines: {
      openpyxl: "openpyxl",
      xlrd: "xlrd",
      odf: "odfpy",
      pyxlsb: "pyxlsb",
      calamine: "python-calamine",
    },
    endings: [
      [/\.xls$/i, "xlrd"],
      [/\.xls[xm]$/i, "openpyxl"],
      [/\.xlsb$/i, "pyxlsb"],
      [/\.od[fst]$/i, "odfpy"],
    ],
    fallback: "openpyxl",
  },
  {
    uses: "pandas",
    calls: /(?:^|\.)(?:to_excel|ExcelWriter)$/,
    engines: { openpyxl: "openpyxl", xlsxwriter: "xlsxwriter", odf: "odfpy" },
    fallback: "openpyxl",
  },
  {
    uses: "xarray",
    calls:
      /^(?:xr|xarray)\.(?:tutorial\.)?(?:open|load)_(?:dataset|dataarray|mfdataset)$|(?:^|\.)(?:open_dataset|open_mfdataset|to_netcdf)$/,
    engines: {
      netcdf4: "netcdf4",
      h5netcdf: "h5netcdf",
      scipy: "scipy",
      cfgrib: "cfgrib",
      zarr: "zarr",
      rasterio: "rioxarray",
      pydap: "pydap",
    },
    endings: [
      [/\.(?:grib2?|grb2?)$/i, "cfgrib"],
      [/\.zarr\/?$/i, "zarr"],
    ],
    fallback: "netcdf4",
  },
];

const PLOTTING = /^(?:plot|hist|boxplot|scatter_matrix)$/;
const PLOTTERS = ["matplotlib", "seaborn", "plotly", "hvplot", "bokeh", "altair", "pandas-bokeh"];

const DATABASES: ReadonlyMap<string, string> = new Map([
  ["postgresql", "psycopg2-binary"],
  ["postgres", "psycopg2-binary"],
  ["postgresql+psycopg2", "psycopg2-binary"],
  ["postgresql+psycopg", "psycopg"],
  ["mysql", "mysqlclient"],
  ["mysql+pymysql", "pymysql"],
  ["mysql+mysqldb", "mysqlclient"],
  ["mysql+mysqlconnector", "mysql-connector-python"],
  ["mssql", "pyodbc"],
  ["mssql+pyodbc", "pyodbc"],
  ["oracle+oracledb", "oracledb"],
  ["snowflake", "snowflake-sqlalchemy"],
  ["duckdb", "duckdb-engine"],
]);

export interface CodeFacts {
  /** Distributions found so far. */
  readonly distributions: ReadonlySet<string>;
  /** Dotted modules imported. */
  readonly modules: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly calls: readonly CallUse[];
  /** Variables of the environment that the code sets. */
  readonly environment: ReadonlyMap<string, string>;
}

export function runtimeNeeds(facts: CodeFacts): RuntimeNeed[] {
  const callees = new Map<string, CallUse>();
  for (const call of facts.calls) {
    const last = lastName(call.callee);
    if (!callees.has(last)) callees.set(last, call);
  }
  const needs = RULES.flatMap((rule) => needOf(rule, facts, callees));
  needs.push(...ENGINE_RULES.flatMap((rule) => engineOf(rule, facts)));
  needs.push(
    ...plotting(facts, callees),
    ...styling(facts),
    ...databases(facts, callees),
    ...backends(facts),
  );
  const seen = new Set<string>();
  return needs.filter(({ distribution }) => {
    if (facts.distributions.has(distribution) || seen.has(distribution)) return false;
    seen.add(distribution);
    return true;
  });
}

function lastName(callee: string): string {
  return callee.slice(callee.lastIndexOf(".") + 1);
}

function needOf(rule: Rule, facts: CodeFacts, callees: ReadonlyMap<string, CallUse>): RuntimeNeed[] {
  if (!rule.uses.some((name) => facts.distributions.has(name))) return [];
  if (rule.unless?.some((name) => facts.distributions.has(name))) return [];
  if (rule.word !== undefined && !facts.words.has(rule.word)) return [];
  const module =
    rule.module === undefined ? undefined : [...facts.modules].find((name) => rule.module!.test(name));
  if (rule.module !== undefined && module === undefined) return [];
  const call =
    rule.calls === undefined ? undefined : [...callees.keys()].find((name) => rule.calls!.test(name));
  if (rule.calls !== undefined && call === undefined) return [];
  return [{ distribution: rule.needs, because: call ?? module ?? rule.word ?? rule.uses[0]! }];
}

function engineOf(
  { uses, calls, engines, endings = [], fallback }: EngineRule,
  facts: CodeFacts,
): RuntimeNeed[] {
  if (!facts.distributions.has(uses)) return [];
  const others = Object.values(engines).some((name) => facts.distributions.has(name));
  return facts.calls.flatMap(({ callee, arguments: [file], keywords }) => {
    if (!calls.test(callee)) return [];
    const because = callee.slice(-60);
    const engine = keywords.get("engine");
    const path = file ?? keywords.get("io") ?? keywords.get("filename_or_obj");
    const ending = path?.kind === "string" ? endings.find(([end]) => end.test(path.value)) : undefined;
    const named = engine?.kind === "string" ? engines[engine.value.toLowerCase()] : ending?.[1];
    if (named !== undefined) return [{ distribution: named, because }];
    return others || engine !== undefined ? [] : [{ distribution: fallback, because }];
  });
}

/** `frame.plot()` of pandas draws with matplotlib, unless the notebook plots with something else. */
function plotting(facts: CodeFacts, callees: ReadonlyMap<string, CallUse>): RuntimeNeed[] {
  const frames = facts.distributions.has("pandas") || facts.distributions.has("geopandas");
  if (!frames || PLOTTERS.some((name) => facts.distributions.has(name))) return [];
  for (const [name, call] of callees) {
    const chained = /\.plot\.\w+$/.test(call.callee);
    if ((PLOTTING.test(name) && call.callee.includes(".")) || chained)
      return [{ distribution: "matplotlib", because: call.callee.slice(-60) }];
  }
  return [];
}

/** `frame.style.…` renders with Jinja; `plt.style.use` does not. */
function styling(facts: CodeFacts): RuntimeNeed[] {
  if (!facts.distributions.has("pandas")) return [];
  const styled = facts.calls.find(({ callee }) =>
    /\.style\.(?!use\b|context\b|reload_library\b)\w/.test(callee),
  );
  return styled === undefined ? [] : [{ distribution: "jinja2", because: styled.callee.slice(-60) }];
}

const KERAS_BACKENDS: ReadonlyMap<string, string> = new Map([
  ["tensorflow", "tensorflow"],
  ["jax", "jax"],
  ["torch", "torch"],
]);
const TENSORFLOWS = [
  "tensorflow",
  "tensorflow-cpu",
  "tensorflow-gpu",
  "tf-nightly",
  "tensorflow-macos",
  "theano",
];

/** Keras computes with another library, TensorFlow unless it is told otherwise, and depends on none. */
function backends({ distributions, environment }: CodeFacts): RuntimeNeed[] {
  if (!distributions.has("keras")) return [];
  const told = KERAS_BACKENDS.get(environment.get("KERAS_BACKEND") ?? "");
  if (told === undefined && TENSORFLOWS.some((name) => distributions.has(name))) return [];
  return [{ distribution: told ?? "tensorflow", because: told === undefined ? "keras" : "KERAS_BACKEND" }];
}

function databases(facts: CodeFacts, callees: ReadonlyMap<string, CallUse>): RuntimeNeed[] {
  if (!facts.distributions.has("sqlalchemy")) return [];
  const first = callees.get("create_engine")?.arguments[0];
  if (first?.kind !== "string") return [];
  const distribution = DATABASES.get(first.value.split(":")[0]!.toLowerCase());
  return distribution === undefined ? [] : [{ distribution, because: "create_engine" }];
}
