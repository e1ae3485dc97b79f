import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Discovery, type DiscoveryContext, discover, parseNotebook } from "@thoth/notebook";
import { notebookOf } from "./notebook-text.ts";

const CONTEXT: DiscoveryContext = { pythonVersion: "3.12", isLocalModule: () => false };

function discovered(
  cells: readonly string[],
  context: Partial<DiscoveryContext> = {},
  metadata = {},
): Discovery {
  return discover(parseNotebook(notebookOf(cells, { metadata })), { ...CONTEXT, ...context });
}

function kinds(discovery: Discovery): Record<string, string> {
  return Object.fromEntries(discovery.imports.map(({ module, kind }) => [module, kind]));
}

describe("imports", () => {
  it("become distributions by the table", () => {
    const found = discovered([
      "import numpy as np, cv2\nfrom sklearn import svm\nimport os.path\nfrom PIL import Image",
    ]);
    assert.deepEqual(found.requirements, ["numpy", "opencv-python-headless", "pillow", "scikit-learn"]);
    assert.deepEqual(kinds(found), {
      PIL: "required",
      cv2: "required",
      numpy: "required",
      sklearn: "required",
    });
  });

  it("keep the parts of a namespace apart", () => {
    const found = discovered([
      "from google.cloud import storage, bigquery\nimport google.protobuf\nfrom azure.storage.blob import BlobServiceClient",
    ]);
    assert.deepEqual(found.requirements, [
      "azure-storage-blob",
      "google-cloud-bigquery",
      "google-cloud-storage",
      "protobuf",
    ]);
  });

  it("of an unknown name are a question, never a requirement", () => {
    const found = discovered(["import zzqxy\nfrom utils import load\nimport tests"]);
    assert.deepEqual(found.requirements, []);
    assert.deepEqual(found.questions, [
      { module: "zzqxy", candidates: ["zzqxy"] },
      { module: "utils", candidates: [] },
      { module: "tests", candidates: [] },
    ]);
  });

  it("are local where a module lies beside the notebook", () => {
    const found = discovered(["import figures, numpy"], { isLocalModule: (name) => name === "figures" });
    assert.deepEqual(kinds(found), { figures: "local", numpy: "required" });
    assert.deepEqual(found.questions, []);
  });

  it("take what is installed as evidence, the table's choice among several", () => {
    const installed = new Map([
      ["zzqxy", ["Zz.Qxy"]],
      ["cv2", ["opencv-contrib-python"]],
      ["several", ["one", "two"]],
    ]);
    const found = discovered(["import zzqxy, cv2, several"], { installed });
    assert.deepEqual(found.requirements, ["opencv-contrib-python", "zz-qxy"]);
    assert.deepEqual(
      found.questions.map(({ module }) => module),
      ["several"],
    );
  });

  it("count once the notebook installs the name itself", () => {
    const found = discovered(["!pip install foo.bar==2 pyqux opencv-python", "import foo_bar, qux, cv2"]);
    assert.deepEqual(found.requirements, ["foo-bar==2", "opencv-python", "pyqux"]);
    assert.deepEqual(found.questions, []);
  });

  it("belong to the platform where no index has them", () => {
    const found = discovered(["from google.colab import drive\nimport js, kaggle_secrets"]);
    assert.deepEqual(kinds(found), {
      "google.colab": "platform",
      js: "platform",
      kaggle_secrets: "platform",
    });
    assert.deepEqual(found.requirements, []);
    assert.deepEqual(found.questions, []);
  });

  it("are found in functions, behind semicolons, in brackets and over several lines", () => {
    const found = discovered([
      "def f():\n    import pandas; import seaborn as sns\n    from scipy import (\n        stats,  # c\n        optimize)\n",
    ]);
    assert.deepEqual(found.requirements, ["pandas", "scipy", "seaborn"]);
  });

  it("in strings and comments are none", () => {
    assert.deepEqual(discovered(["'''\nimport torch\n'''\n# import keras\nx = 'import flask'"]).imports, []);
  });

  it("named by strings are dynamic", () => {
    const found = discovered([
      "import importlib\nm = importlib.import_module('torch.nn')\nn = __import__('yaml')\n__import__(name)",
    ]);
    assert.deepEqual(kinds(found), { torch: "dynamic", yaml: "dynamic" });
    assert.deepEqual(found.requirements, ["pyyaml", "torch"]);
  });

  it("of Python 2 code and broken cells still count", () => {
    const found = discovered([
      "import urllib2\nimport pandas as pd\nprint 'x'\nexec 'y'",
      "for in:\nimport numpy\n",
      "x = (1,\nimport scipy\n",
    ]);
    assert.deepEqual(found.requirements, ["numpy", "pandas", "scipy"]);
    assert.equal(found.skipped.length, 3);
  });

  it("that left the standard library are told", () => {
    const found = discovered(["import imp, distutils.util"]);
    assert.deepEqual(found.requirements, ["setuptools"]);
    assert.equal(found.warnings.length, 2);
    assert.deepEqual(discovered(["import imp, distutils.util"], { pythonVersion: "3.11" }).requirements, []);
  });

  it("of a part that is a distribution of its own need both", () => {
    assert.deepEqual(discovered(["from dask import distributed\nimport dask.array as da"]).requirements, [
      "dask",
      "distributed",
      "numpy",
    ]);
  });
});

describe("conditions", () => {
  const cases: [string, string, string[]][] = [
    [
      "the standard library stands in",
      "try:\n    import ujson as json\nexcept ImportError:\n    import json",
      [],
    ],
    [
      "the first of two alternatives",
      "try:\n    import plotly.express\nexcept ImportError:\n    import plotly_express",
      ["plotly"],
    ],
    [
      "special hardware",
      "try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp",
      ["numpy"],
    ],
    ["an optional package", "try:\n    import xgboost\nexcept ImportError:\n    print('none')", ["xgboost"]],
    [
      "installed when missing",
      "try:\n    import xgboost\nexcept ImportError:\n    import sys, subprocess\n    !pip install xgboost==2",
      ["xgboost==2"],
    ],
    ["Python 2", "if sys.version_info[0] < 3:\n    import simplejson\nelse:\n    import yaml", ["pyyaml"]],
    [
      "an older Python",
      "if sys.version_info >= (3, 8):\n    from importlib import metadata\nelse:\n    import importlib_metadata as metadata",
      [],
    ],
    ["Colab", "if 'google.colab' in sys.modules:\n    import gdown\n    !pip install -q condacolab", []],
    ["not Colab", "IN_COLAB = False\nif not IN_COLAB:\n    import yaml", ["pyyaml"]],
    ["types only", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas", []],
    ["some flag", "if USE_TORCH:\n    import torch", ["torch"]],
    [
      "moved",
      "try:\n    from sklearn.externals import joblib\nexcept ImportError:\n    import joblib",
      ["joblib", "scikit-learn"],
    ],
    ["gone", "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle", []],
    ["main", "if __name__ == '__main__':\n    import yaml", ["pyyaml"]],
  ];
  for (const [name, source, requirements] of cases) {
    it(name, () => assert.deepEqual(discovered([source]).requirements, requirements));
  }
});

describe("install commands", () => {
  const cases: [string, string, string[]][] = [
    [
      "!pip",
      "!pip install -q pandas>=1.0 'scipy<2,>1' numpy==1.21.0",
      ["numpy==1.21.0", "pandas>=1.0", "scipy<2,>1"],
    ],
    ["%pip", '%pip install --upgrade "dask[complete]"', ["dask[complete]"]],
    ["automagic", "pip install yapf", ["yapf"]],
    [
      "python -m pip",
      "!{sys.executable} -m pip install a1 && python3 -m pip install --user b1; echo done",
      ["a1", "b1"],
    ],
    [
      "uv and conda",
      "!uv pip install --system rich\n!conda install -c conda-forge -y xarray=0.20 pytorch cudatoolkit=11",
      ["rich", "torch", "xarray==0.20.*"],
    ],
    [
      "%%bash",
      "%%bash\nset -e\npip install foo \\\n  bar  # no\ncd x || pip3 install baz > /dev/null 2>&1",
      ["bar", "baz", "foo"],
    ],
    ["subprocess", "subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'foo==1'])", ["foo==1"]],
    ["os.system", "import os\nos.system('pip install foo bar')", ["bar", "foo"]],
    ["pip.main", "import pip\npip.main(['install', 'foo'])", ["foo"]],
    [
      "get_ipython",
      "get_ipython().system('pip install foo')\nget_ipython().run_line_magic('pip', 'install bar')",
      ["bar", "foo"],
    ],
    ["micropip", "import micropip\nawait micropip.install(['foo', 'bar>=2'])", ["bar>=2", "foo"]],
    [
      "a URL",
      "!pip install git+https://example.org/a/thing.git@v1#egg=thing",
      ["thing @ git+https://example.org/a/thing.git@v1"],
    ],
    [
      "a named URL",
      "!pip install 'x @ https://example.org/x-1-py3-none-any.whl'",
      ["x @ https://example.org/x-1-py3-none-any.whl"],
    ],
    ["a marker", "!pip install 'foo; python_version < \"3.9\"'", ['foo; python_version < "3.9"']],
    ["spaced specifier", "!pip install foo >= 2 bar", ["bar", "foo>=2"]],
    ["the later of two", "!pip install foo==1\n!pip install foo==2", ["foo==2"]],
    ["joined", "!pip install 'foo>=1'\n!pip install 'foo[x]<3'", ["foo[x]<3,>=1"]],
    ["commented", "# !pip install foo", []],
    ["other commands", "!pip list\n!pip uninstall -y foo\n!apt-get install bar\n!git clone https://x/y", []],
    ["pip itself", "!pip install -U pip", []],
    ["in a string", "x = '!pip install foo'", []],
    ["a redirected line", "!pip install foo > log.txt", ["foo"]],
  ];
  for (const [name, source, requirements] of cases) {
    it(name, () => assert.deepEqual(discovered([source]).requirements, requirements));
  }

  it("with variables are skipped with a reason", () => {
    const found = discovered(["!pip install foo=={version} $name bar"]);
    assert.deepEqual(found.requirements, ["bar"]);
    assert.equal(found.skipped.length, 2);
  });

  it("with paths and files are told, files of the notebook read", () => {
    const found = discovered([
      "!pip install -r requirements.txt -c limits.txt -e . ./x.whl",
      "%%writefile own.txt\nfoo>=1\n",
      "!pip install -r own.txt",
    ]);
    assert.deepEqual(found.requirements, ["foo>=1"]);
    assert.deepEqual(
      found.files.map(({ path, constraints }) => [path, constraints]),
      [
        ["requirements.txt", false],
        ["limits.txt", true],
      ],
    );
    assert.equal(found.skipped.length, 3);
  });

  it("may join short options", () => {
    const found = discovered(["!pip install -qr a.txt -Uq x -rb.txt -yc limits.txt"]);
    assert.deepEqual(found.requirements, ["x"]);
    assert.deepEqual(
      found.files.map(({ path }) => path),
      ["a.txt", "b.txt", "limits.txt"],
    );
    assert.deepEqual(found.pip[0]?.flags, ["-q", "-r a.txt", "-Uq", "-r b.txt", "-y", "-c limits.txt"]);
  });

  it("keep the options of the index", () => {
    const found = discovered([
      "!pip install --index-url https://a.example/simple --extra-index-url=https://b.example/s -f https://c.example/ --pre foo",
    ]);
    assert.equal(found.indexOptions.indexUrl, "https://a.example/simple");
    assert.deepEqual(found.indexOptions.extraIndexUrls, ["https://b.example/s"]);
    assert.deepEqual(found.indexOptions.findLinks, ["https://c.example/"]);
    assert.equal(found.indexOptions.prereleases, true);
    assert.deepEqual(found.pip[0]?.flags.length, 4);
  });

  it("with a space behind the sign are no command", () => {
    const found = discovered(["% pip install foo"]);
    assert.deepEqual(found.requirements, []);
    assert.equal(found.skipped.length, 1);
  });
});

describe("magics and files", () => {
  it("%matplotlib, %pylab and %load_ext need distributions", () => {
    const found = discovered([
      "%matplotlib inline\n%load_ext line_profiler\n%load_ext autoreload\n%load_ext rpy2.ipython\n%load_ext csvmagic",
    ]);
    assert.deepEqual(found.requirements, ["line-profiler", "matplotlib", "rpy2"]);
    assert.deepEqual(
      found.questions.map(({ module }) => module),
      ["csvmagic"],
    );
    assert.deepEqual(discovered(["%pylab inline"]).requirements, ["matplotlib", "numpy"]);
  });

  it("cell magics change what a cell is", () => {
    const found = discovered([
      "%%time\nimport numpy",
      "%%bash\nimport torch",
      "%%html\n<b>import x</b>",
      "%%python3\nimport yaml",
      "%%python2\nimport six",
      "%%capture out\n%pip install rich",
    ]);
    assert.deepEqual(found.requirements, ["numpy", "pyyaml", "rich"]);
  });

  it("files that a cell writes count once the notebook uses them", () => {
    const idle = discovered(["%%writefile score.py\nimport joblib\nfrom .x import y"]);
    assert.deepEqual(idle.requirements, []);
    assert.deepEqual(kinds(idle), { joblib: "written" });
    const used = discovered(["%%writefile score.py\nimport joblib", "import score"]);
    assert.deepEqual(used.requirements, ["joblib"]);
    assert.deepEqual(kinds(used), { joblib: "required", score: "local" });
    assert.deepEqual(discovered(["%%file a/run.py\nimport joblib", "!python a/run.py"]).requirements, [
      "joblib",
    ]);
    assert.deepEqual(kinds(discovered(["!wget https://x.example/d/helper_x.py", "import helper_x"])), {
      helper_x: "local",
    });
  });

  it("calls that need more than they import say so", () => {
    assert.deepEqual(
      discovered(["import pandas as pd\npd.read_excel('a')\ndf.plot()\nplt.style.use('x')"]).requirements,
      ["matplotlib", "openpyxl", "pandas"],
    );
    assert.deepEqual(discovered(["from pydantic import EmailStr"]).requirements, [
      "email-validator",
      "pydantic",
    ]);
    const cleaner = discovered(["from lxml.html.clean import Cleaner"]).requirements;
    assert.deepEqual(cleaner, ["lxml", "lxml-html-clean"]);
    assert.deepEqual(discovered(["import lxml.html"]).requirements, ["lxml"]);
  });

  it("an engine is told by the call, by the name of the file, or is the usual one", () => {
    for (const [call, engine] of [
      ["pd.read_excel('a.xlsx')", "openpyxl"],
      ["pd.read_excel(path)", "openpyxl"],
      ["pd.read_excel('a.xls')", "xlrd"],
      ["pd.read_excel(path, engine='pyxlsb')", "pyxlsb"],
      ["frame.to_excel('a.xlsx', engine='xlsxwriter')", "xlsxwriter"],
    ] as const) {
      assert.deepEqual(
        discovered(["import pandas as pd", call]).requirements.toSorted(),
        [engine, "pandas"].sort(),
      );
    }
    for (const [call, engine] of [
      ["xr.open_dataset('a.nc')", "netcdf4"],
      ["xr.load_dataset('a.nc')", "netcdf4"],
      ["xr.open_dataset('era5.grib')", "cfgrib"],
      ["xr.load_dataset(path, engine='cfgrib')", "cfgrib"],
      ["xr.open_mfdataset(paths, engine='h5netcdf')", "h5netcdf"],
      ["xr.open_zarr('a.zarr')", "zarr"],
    ] as const) {
      assert.deepEqual(
        discovered(["import xarray as xr", call]).requirements.toSorted(),
        [engine, "xarray"].sort(),
      );
    }
    assert.deepEqual(discovered(["import xarray, seaborn", "seaborn.load_dataset('tips')"]).requirements, [
      "seaborn",
      "xarray",
    ]);
  });

  it("Keras brings no backend", () => {
    assert.deepEqual(discovered(["import keras"]).requirements, ["keras", "tensorflow"]);
    assert.deepEqual(
      discovered(["import os\nos.environ['KERAS_BACKEND'] = 'jax'", "import keras"]).requirements,
      ["jax", "keras"],
    );
    assert.deepEqual(
      discovered(["import keras\nimport tensorflow_cpu", "!pip install tensorflow-cpu"]).requirements,
      ["keras", "tensorflow-cpu"],
    );
  });

  it("a sentence is no import", () => {
    for (const text of [
      "Take the data from numpy arrays",
      "We import the data from pandas",
      "from numpy arrays\nwe go on",
      "1. import pandas",
    ]) {
      assert.deepEqual(discovered([text]).requirements, [], text);
    }
    assert.deepEqual(discovered(["print 'x'; import numpy\nif True: import scipy"]).requirements, [
      "numpy",
      "scipy",
    ]);
  });
});

describe("what the notebook says of itself", () => {
  it("a PEP 723 block", () => {
    const found = discovered([
      '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["lonboard>=0.5"]\n# ///',
      "import lonboard",
    ]);
    assert.deepEqual(found.requirements, ["lonboard>=0.5"]);
    assert.equal(found.requiresPython, ">=3.11");
  });

  it("a broken PEP 723 block is skipped with a reason", () => {
    assert.equal(discovered(["# /// script\n# dependencies = [\n# ///"]).skipped.length, 1);
  });

  it("the metadata of the original, encoded once, twice or not at all", () => {
    const pipfile = {
      packages: { boto3: "*", numpy: ">=1.20", torch: { version: "==2.0", extras: ["x"], index: "pypi" } },
      requires: { python_version: "3.9" },
    };
    for (const requirements of [pipfile, JSON.stringify(pipfile), JSON.stringify(JSON.stringify(pipfile))]) {
      const found = discovered(["import numpy"], {}, { requirements });
      assert.deepEqual(found.requirements, ["boto3", "numpy>=1.20", "torch[x]==2.0"]);
      assert.equal(found.requiresPython, "==3.9.*");
    }
  });

  it("prototype keys in the metadata are names like others, refused", () => {
    const requirements = JSON.parse('{"packages": {"__proto__": "*", "constructor": "*"}}');
    const found = discovered([], {}, { requirements });
    assert.deepEqual(found.requirements, ["constructor"]);
  });

  it("requirements that are no Pipfile are refused", () => {
    for (const requirements of ["{", [1], 7]) {
      assert.throws(() => discovered([], {}, { requirements }), { code: "invalid-notebook" });
    }
  });
});
