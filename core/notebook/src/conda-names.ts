// Conda's packages as distributions of the Python index: most have the same name, some another, and some are no
// Python at all. https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html#package-match-specifications

import { isValidName, normalizeName, parseRequirement, quote, ThothError } from "@thoth/pep";
import { isKnownDistribution } from "./distribution.ts";
import type { NamedRequirement, SkippedRequirement } from "./requirement-word.ts";

/** Conda name to distribution, where they differ. */
const RENAMED: ReadonlyMap<string, string> = new Map(
  `pytorch torch, pytorch-cpu torch, pytorch-gpu torch, matplotlib-base matplotlib, opencv opencv-python-headless,
   py-opencv opencv-python-headless, libopencv opencv-python-headless, py-xgboost xgboost, py-xgboost-cpu xgboost,
   py-xgboost-gpu xgboost, pytables tables, tensorflow-base tensorflow, tensorflow-mkl tensorflow, blas-numpy numpy,
   numpy-base numpy, seaborn-base seaborn, dask-core dask, pillow-simd pillow, python-graphviz graphviz,
   pydot-ng pydot, python-dotenv python-dotenv, msgpack-python msgpack, pyqt pyqt5, ipython_genutils ipython-genutils,
   prophet prophet, fbprophet prophet, plotly_express plotly-express, brotlipy brotlipy, spacy-model-en_core_web_sm spacy,
   pymc pymc, pymc3 pymc3, ray-default ray, ray-core ray, ray-tune ray, lightgbm lightgbm, faiss faiss-cpu,
   faiss-cpu faiss-cpu, faiss-gpu faiss-cpu, rasterio rasterio, gdal gdal, python-snappy python-snappy,
   huggingface_hub huggingface-hub, umap-learn umap-learn, pystan pystan, jpype1 jpype1, google-cloud-sdk -,
   pyspark pyspark, sagemaker-python-sdk sagemaker, azure-storage-blob azure-storage-blob, tbb4py tbb4py,
   polars polars, antlr-python-runtime antlr4-python3-runtime, pandoc -, ghostscript -, black black`
    .split(",")
    .map((pair) => pair.trim().split(/\s+/) as [string, string]),
);

/** Packages of conda that an index of Python has no part in: interpreters, compilers, libraries, programs. */
const NOT_PYTHON =
  /^(?:python|pip|conda|mamba|anaconda|miniconda|nodejs|yarn|git|git-lfs|ffmpeg|cudatoolkit|cudnn|cuda(?:-.*)?|mkl|openblas|blas|gcc.*|gxx.*|clang.*|cmake|make|compilers|c-compiler|cxx-compiler|r-.*|r|julia|openjdk|proj|proj4|geos|libgdal|gsl|hdf5|libnetcdf|boost|boost-cpp|eigen|fftw|zlib|libpng|libjpeg.*|openssl|sqlite|tk|graphviz|imagemagick|poppler|tesseract|swig|perl|ruby|go|rust|texlive.*|wget|curl|unzip|xz|bzip2|libgcc.*|libstdcxx.*|_libgcc_mutex|nccl|pytorch-cuda|pytorch-mutex|vs20.*|msmpi|openmpi|mpich|fftw|glpk|ipopt|coincbc|firefox|geckodriver|phantomjs|orca|plotly-orca|blast|samtools|bwa|bowtie2|bedtools|hmmer|muscle|fastqc|gatk4?|picard|star|salmon)$/;

/** `numpy`, `numpy=1.19`, `numpy==1.19.2=py37_0`, `"scipy>=1.2,<2"`, `conda-forge::xarray`. */
export function condaRequirement(text: string): NamedRequirement | SkippedRequirement {
  const bare = text.trim().replace(/^[\w./:-]*::/, "");
  const match = /^([A-Za-z0-9_.-]+?)\s*([=<>!~,\s].*)?$/.exec(bare.replace(/\[.*\]$/, ""));
  const written = match?.[1] ?? "";
  if (!isValidName(written))
    return { kind: "skipped", reason: `${quote(text)} is no package of conda that can be read` };
  const lower = written.toLowerCase();
  const renamed = RENAMED.get(lower);
  if (renamed === "-" || (renamed === undefined && NOT_PYTHON.test(lower))) {
    return { kind: "skipped", reason: `${quote(written)} of conda is no distribution of the Python index` };
  }
  const name = renamed ?? normalizeName(written);
  const specifier = specifierOf((match?.[2] ?? "").trim());
  if (specifier === undefined)
    return { kind: "skipped", reason: `${quote(text)} has a version that cannot be read` };
  try {
    const requirement = parseRequirement(`${name}${specifier}`);
    const warning = isKnownDistribution(name)
      ? undefined
      : `${quote(written)} of conda is taken for the distribution of the same name`;
    return {
      kind: "requirement",
      requirement,
      editable: false,
      ...(warning === undefined ? {} : { warning }),
    };
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    return { kind: "skipped", reason: `${quote(text)} has a version that cannot be read` };
  }
}

/** `=1.19` is any 1.19; what follows a second `=` names a build and is left out. */
function specifierOf(text: string): string | undefined {
  if (text === "" || text === "*" || text === "=") return "";
  if (text.includes("|")) return undefined;
  const exact = /^={1,2}\s*([^=\s]+)(?:=.*)?$/.exec(text);
  if (exact !== null) {
    const version = exact[1]!;
    if (version === "*") return "";
    if (version.endsWith("*")) return `==${version.replace(/\.?\*$/, "")}.*`;
    const pinned = text.startsWith("==") || /^=[^=]+=/.test(text);
    return pinned ? `==${version}` : `==${version}.*`;
  }
  return text.replace(/\s+/g, "").replace(/(^|,)=(?!=)([^,]+)/g, "$1==$2.*");
}
