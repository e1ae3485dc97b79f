// A cell that makes a running kernel hold the lock with nothing but its own pip, for Colab, Kaggle and any hub: it looks at
// the Python and the platform first, installs what is not in place, and does nothing the second time.

import { createHash } from "node:crypto";
import { type JsonObject, type Notebook, withFirstCell } from "@thoth/notebook";
import {
  factsOfMarker,
  type MarkerEnvironment,
  narrowToFacts,
  normalizeName,
  type Pylock,
  type PylockPackage,
} from "@thoth/pep";
import { requirementsForm } from "../locks/lock-forms.ts";
import { withoutKernel } from "./kernel-packages.ts";

const TITLE = "# The packages that this notebook was locked with, by `horus export --format bootstrap`.";

/** The notebook with the cell before all others, in the place of an earlier one. */
export function withBootstrapCell(notebook: Notebook, lock: Pylock): Uint8Array {
  return withFirstCell(notebook, { source: bootstrapCell(lock) }, ({ source }) => source.startsWith(TITLE));
}

/** What a kernel needs to run is left out: the one that runs the cell has it, in versions of its own. */
export function bootstrapCell(lock: Pylock): string {
  const left = withoutKernel(lock);
  const requirements = requirementsForm(left);
  const environments = environmentsOf(lock);
  const places = new Map(
    left.packages.map((item) => [`${item.name} ${item.version?.text}`, placesOf(item, environments)]),
  );
  const entries = requirements.split(/(?<!\\)\n/).filter((entry) => entry !== "");
  const options = entries.filter((entry) => entry.startsWith("-"));
  const pins = entries.filter((entry) => !entry.startsWith("-")).map(pinOf);
  return [
    TITLE,
    "def _install_lock():",
    `    digest = ${literal(createHash("sha256").update(requirements).digest("hex").slice(0, 16))}`,
    `    environments = ${literal(environments.map(inWords))}`,
    `    options = ${literal(options)}`,
    "    pins = [",
    ...pins.map(([name, version, line]) => {
      const where = literal(places.get(`${name} ${version}`) ?? []);
      return `        (${literal(name)}, ${literal(version)}, ${where}, ${literal(line)}),`;
    }),
    "    ]",
    BODY,
  ].join("\n");
}

/** Name, version, and the line of a requirements file. */
function pinOf(entry: string): readonly [string, string, string] {
  const [pin = ""] = entry.split(" ", 1);
  const [name = "", version = ""] = pin.split("==");
  return [normalizeName(name), version, entry.replace(/ \\\n\s*/g, " ")];
}

const WORDS: Readonly<Record<string, string>> = {
  implementation_name: "Python's implementation",
  os_name: "the kind of system",
  platform_machine: "the processor",
  platform_python_implementation: "Python's implementation",
  platform_system: "the system",
  python_full_version: "Python",
  python_version: "Python",
  sys_platform: "the platform",
};

/** What each environment of the lock must be equal to; one that says more than equalities lets all of its Python pass. */
function environmentsOf({ environments = [], requiresPython }: Pylock): readonly Facts[] {
  const python = /^==\s*(\d+\.\d+)\.\*$/.exec(requiresPython?.text ?? "")?.[1];
  const base = python === undefined ? undefined : { python_version: python };
  const read = environments.map((marker) => factsOfMarker(marker));
  const isTold = (facts: Facts | undefined) =>
    facts !== undefined && Object.keys(facts).every((name) => Object.hasOwn(WORDS, name));
  if (read.length === 0 || !read.every(isTold)) return base === undefined ? [] : [base];
  return read.map((facts) => ({ ...base, ...facts }));
}

type Facts = Partial<MarkerEnvironment>;

function inWords(facts: Facts): JsonObject {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, [WORDS[name] as string, value]]),
  );
}

/** The environments that may want the package; empty: all. */
function placesOf({ marker }: PylockPackage, environments: readonly Facts[]): readonly number[] {
  const places = environments.flatMap((facts, at) => (narrowToFacts(marker, facts) === false ? [] : [at]));
  return places.length === environments.length ? [] : places;
}

/** A value of JSON without booleans and nulls, as Python reads it in a file of ASCII. */
function literal(value: string | readonly string[] | readonly number[] | readonly JsonObject[]): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Where the Python may not be written, or belongs to the system's package manager, the packages lie in a folder of
 * their own that comes first on the path.
 */
const BODY = `    import importlib.util, os, platform, subprocess, sys, sysconfig, tempfile

    class Stop(Exception):
        def _render_traceback_(self):
            return [str(self)]

    here = {
        "implementation_name": sys.implementation.name,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_system": platform.system(),
        "python_full_version": platform.python_version(),
        "python_version": "%d.%d" % sys.version_info[:2],
        "sys_platform": sys.platform,
    }
    misfits = [
        [
            "%s is %s, not %s" % (word, here[name], value)
            for name, (word, value) in facts.items()
            if here[name] != value
        ]
        for facts in environments
    ]
    if misfits and all(misfits):
        why = "; ".join(min(misfits, key=len))
        raise Stop("The locked packages are not for this kernel: %s. Choose another kernel, or lock again for this one." % why)

    fitting = {at for at, misfit in enumerate(misfits) if not misfit}
    pins = {
        name: (version, line)
        for name, version, places, line in pins
        if not places or fitting.intersection(places)
    }

    try:
        from importlib import metadata
    except ImportError:
        metadata = None

    def installed(name):
        try:
            return metadata.version(name)
        except Exception:
            return None

    def is_loaded(name):
        try:
            files = metadata.distribution(name).files or []
        except Exception:
            return False
        packages = {".".join(file.parts[:-1]) for file in files if file.name == "__init__.py"}
        modules = {file.name.split(".")[0] for file in files if len(file.parts) == 1}
        return any(module in sys.modules for module in packages | modules)

    def may_write(folder):
        while not os.path.exists(folder) and folder != os.path.dirname(folder):
            folder = os.path.dirname(folder)
        return os.access(folder, os.W_OK)

    marker = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    managed = sys.prefix == sys.base_prefix and os.path.exists(marker)
    target = None
    if managed or not may_write(sysconfig.get_path("purelib")):
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        if not may_write(cache):
            cache = os.path.join(tempfile.gettempdir(), "cache-%d" % os.getuid())
            os.makedirs(cache, mode=0o700, exist_ok=True)
            if os.stat(cache).st_uid != os.getuid():
                raise Stop("Somebody else owns the folder %s: remove it, or set XDG_CACHE_HOME." % cache)
        target = os.path.join(cache, "notebook-packages", digest + "-" + here["python_version"])
        if target not in sys.path:
            sys.path.insert(0, target)
    importlib.invalidate_caches()
    wanted = [name for name in pins if installed(name) != pins[name][0]]
    if not wanted:
        print("The %d locked packages are in place." % len(pins))
        return
    if importlib.util.find_spec("pip") is None:
        raise Stop("This kernel's Python has no pip, which installs the packages: %s" % sys.executable)
    loaded = {name: installed(name) for name in wanted if is_loaded(name)}
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--no-deps"]
    if target is not None:
        command += ["--upgrade", "--target", target]
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "requirements.txt")
        with open(file, "w", encoding="utf-8") as stream:
            stream.write("\\n".join(options + [pins[name][1] for name in wanted]) + "\\n")
        done = subprocess.run(command + ["-r", file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        print(done.stdout.decode("utf-8", "replace")[-4000:])
        raise Stop("pip could not install the locked packages; above is what it says.")
    importlib.invalidate_caches()
    print("Installed %d of %d locked packages." % (len(wanted), len(pins)))
    stale = [name for name in loaded if installed(name) != loaded[name]]
    if stale:
        raise Stop("Restart the kernel and run the notebook again: it still holds other versions of " + ", ".join(stale) + ".")


_install_lock()
del _install_lock
`;
