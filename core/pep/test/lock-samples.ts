// Small locks of every program, written from the documentation of each format.

const a = "a".repeat(64);
const b = "b".repeat(64);
const c = "c".repeat(64);

export const PYLOCK_SAMPLE = `lock-version = "1.0"
requires-python = ">=3.9"
extras = ["speed"]
dependency-groups = ["dev"]
default-groups = ["dev"]
created-by = "somebody"

[[packages]]
name = "alpha"
version = "1.0"
index = "https://index.example/simple"
wheels = [{ url = "https://files.example/alpha-1.0-py3-none-any.whl", hashes = { sha256 = "${a}" } }]

[[packages]]
name = "beta"
version = "2.0"
marker = "'dev' in dependency_groups or 'speed' in extras"
sdist = { name = "beta-2.0.tar.gz", url = "https://files.example/beta-2.0.tar.gz", hashes = { sha256 = "${b}" } }
`;

export const REQUIREMENTS_SAMPLE = `--index-url https://index.example/simple
alpha==1.0 ; python_version < "3.12" \\
    --hash=sha256:${a} \\
    --hash=sha256:${b}
beta[more]==2.0 --hash=sha256:${c}
`;

export const PIPFILE_LOCK_SAMPLE = `{
    "_meta": {
        "hash": {"sha256": "${c}"},
        "pipfile-spec": 6,
        "requires": {"python_version": "3.11"},
        "sources": [{"name": "shop", "url": "https://index.example/simple", "verify_ssl": true}]
    },
    "default": {
        "alpha": {"hashes": ["sha256:${a}"], "index": "shop", "version": "==1.0"},
        "beta": {"hashes": ["sha256:${b}"], "markers": "sys_platform == 'linux'", "version": "==2.0"}
    },
    "develop": {
        "beta": {"hashes": ["sha256:${b}"], "version": "==2.0"},
        "gamma": {"hashes": ["sha256:${c}"], "version": "==3.0"}
    },
    "docs": {"delta": {"git": "https://git.example/delta.git", "ref": "${"d".repeat(40)}"}}
}
`;

/** Poetry 1.1: files beside the packages, a category, no groups. */
export const POETRY_11_SAMPLE = `[[package]]
name = "alpha"
version = "1.0"
description = ""
category = "main"
optional = false
python-versions = "*"

[package.dependencies]
beta = { version = ">=2", markers = "sys_platform == \\"win32\\"" }
gamma = { version = "^3.0", optional = true, markers = "extra == \\"more\\"" }

[package.extras]
more = ["gamma (>=3.0,<4.0)"]

[[package]]
name = "beta"
version = "2.0"
description = ""
category = "main"
optional = false
python-versions = "*"

[package.source]
type = "legacy"
url = "https://index.example/simple"
reference = "shop"

[[package]]
name = "gamma"
version = "3.0"
description = ""
category = "dev"
optional = true
python-versions = "*"

[extras]
speed = ["gamma"]

[metadata]
lock-version = "1.1"
python-versions = "^3.8"
content-hash = "${c}"

[metadata.files]
alpha = [{ file = "alpha-1.0-py3-none-any.whl", hash = "sha256:${a}" }]
beta = [{ file = "beta-2.0-py3-none-any.whl", hash = "sha256:${b}" }]
gamma = [{ file = "gamma-3.0-py3-none-any.whl", hash = "sha256:${c}" }]
`;

export const POETRY_11_PROJECT = `[tool.poetry]
name = "shop"

[tool.poetry.dependencies]
python = "^3.8"
alpha = "^1.0"
gamma = { version = "*", optional = true }

[tool.poetry.extras]
speed = ["gamma"]

[tool.poetry.dev-dependencies]
beta = "*"
`;

/** Poetry 2.1: files, groups and markers in each package. */
export const POETRY_21_SAMPLE = `[[package]]
name = "alpha"
version = "1.0"
optional = false
python-versions = ">=3.8"
groups = ["main", "dev"]
markers = { main = "sys_platform == \\"linux\\"", dev = "python_version < \\"3.12\\"" }
files = [{ file = "alpha-1.0-py3-none-any.whl", hash = "sha256:${a}" }]

[[package]]
name = "beta"
version = "2.0"
optional = true
python-versions = "*"
groups = ["main"]
markers = "extra == \\"speed\\""
files = [{ file = "beta-2.0.tar.gz", hash = "sha256:${b}" }]

[[package]]
name = "gamma"
version = "3.0"
optional = false
python-versions = "*"
groups = ["dev"]
files = []

[package.source]
type = "git"
url = "https://git.example/gamma.git"
reference = "main"
resolved_reference = "${"d".repeat(40)}"

[extras]
speed = ["beta"]

[metadata]
lock-version = "2.1"
python-versions = ">=3.9"
content-hash = "${c}"
`;

export const UV_SAMPLE = `version = 1
revision = 3
requires-python = ">=3.9"
resolution-markers = ["python_full_version >= '3.12'", "python_full_version < '3.12'"]

[[package]]
name = "alpha"
version = "1.0"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version < '3.12'"]
dependencies = [{ name = "gamma", marker = "sys_platform == 'win32'" }]
wheels = [
    { url = "https://files.example/alpha-1.0-py3-none-any.whl", hash = "sha256:${a}", size = 10, upload-time = "2026-01-01T00:00:00Z" },
]

[[package]]
name = "alpha"
version = "2.0"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version >= '3.12'"]
wheels = [{ url = "https://files.example/alpha-2.0-py3-none-any.whl", hash = "sha256:${b}" }]

[[package]]
name = "beta"
version = "2.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "beta" }]
sdist = { url = "https://files.example/beta-2.0.tar.gz", hash = "sha256:${c}" }

[package.optional-dependencies]
more = [{ name = "gamma" }]

[[package]]
name = "gamma"
version = "3.0"
source = { registry = "https://index.example/simple" }
wheels = [{ url = "https://files.example/gamma-3.0-py3-none-any.whl", hash = "sha256:${c}" }]

[[package]]
name = "shop"
version = "0.1"
source = { editable = "." }
dependencies = [
    { name = "alpha", version = "1.0", source = { registry = "https://index.example/simple" }, marker = "python_full_version < '3.12'" },
    { name = "alpha", version = "2.0", source = { registry = "https://index.example/simple" }, marker = "python_full_version >= '3.12'" },
]

[package.optional-dependencies]
speed = [{ name = "beta" }]

[package.dev-dependencies]
dev = [{ name = "beta", extra = ["more"] }]

[package.metadata]
requires-dist = [
    { name = "alpha", specifier = ">=1,<3" },
    { name = "beta", marker = "extra == 'speed'" },
]
provides-extras = ["speed"]

[package.metadata.requires-dev]
dev = [{ name = "beta", extras = ["more"], specifier = "<3" }]
`;

export const UV_PROJECT = `[project]
name = "shop"
version = "0.1"
requires-python = ">=3.9"
dependencies = ["alpha<3,>=1"]

[project.optional-dependencies]
speed = ["beta"]

[dependency-groups]
dev = ["beta[more]<3"]
`;

export const PDM_SAMPLE = `[metadata]
groups = ["default", "dev", "speed"]
strategy = ["inherit_metadata"]
lock_version = "4.5.0"
content_hash = "sha256:${c}"

[[metadata.targets]]
requires_python = ">=3.9"

[[package]]
name = "alpha"
version = "1.0"
requires_python = ">=3.8"
groups = ["default"]
marker = "sys_platform == 'linux'"
dependencies = ["beta; os_name == 'nt'"]
files = [{ file = "alpha-1.0-py3-none-any.whl", hash = "sha256:${a}" }]

[[package]]
name = "alpha"
version = "1.0"
extras = ["more"]
groups = ["dev"]
dependencies = ["alpha==1.0", "beta"]
files = [{ file = "alpha-1.0-py3-none-any.whl", hash = "sha256:${a}" }]

[[package]]
name = "beta"
version = "2.0"
groups = ["dev", "speed"]
files = [{ file = "beta-2.0-py3-none-any.whl", hash = "sha256:${b}" }]
`;

/** The same with addresses and without groups. */
export const PDM_STATIC_SAMPLE = `[metadata]
groups = ["default", "dev", "speed"]
strategy = ["static_urls"]
lock_version = "4.5.0"
content_hash = "sha256:${c}"

[[package]]
name = "alpha"
version = "1.0"
dependencies = ["beta; os_name == 'nt'"]
files = [{ url = "https://files.example/alpha-1.0-py3-none-any.whl", hash = "sha256:${a}" }]

[[package]]
name = "alpha"
version = "1.0"
extras = ["more"]
dependencies = ["alpha==1.0", "beta"]
files = [{ url = "https://files.example/alpha-1.0-py3-none-any.whl", hash = "sha256:${a}" }]

[[package]]
name = "beta"
version = "2.0"
files = [{ url = "https://files.example/beta-2.0-py3-none-any.whl", hash = "sha256:${b}" }]
`;

export const PDM_PROJECT = `[project]
name = "shop"
version = "0.1"
requires-python = ">=3.9"
dependencies = ["alpha; sys_platform == 'linux'"]

[project.optional-dependencies]
speed = ["beta"]

[dependency-groups]
dev = ["alpha[more]"]

[[tool.pdm.source]]
name = "pypi"
url = "https://index.example/\${SHELF}"
`;
