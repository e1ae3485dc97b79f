import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Finding,
  matchElsewhere,
  matchUsage,
  ReleaseSources,
  readSurface,
  type Surface,
  surfaceOf,
  usageOf,
} from "@thoth/python";
import fc from "fast-check";

type Files = Readonly<Record<string, string>>;

function surface(files: Files): Surface {
  return surfaceOf(
    readSurface(
      "x.whl",
      Object.entries(files).map(([path, text]) => ({ path, text })),
    ),
  );
}

function findings(code: string, files: Files, before?: Files): Finding[] {
  const usage = usageOf([{ cell: 0, text: code }]);
  const match = matchUsage(usage, surface(files), before === undefined ? undefined : surface(before));
  assert.equal(match.kind, "matched");
  return match.kind === "matched" ? [...match.findings] : [];
}

/** Line, kind, owner and name; a remark has a question mark. */
function told(code: string, files: Files, before?: Files): string[] {
  return findings(code, files, before).map(
    ({ line, kind, owner, name, takes, certain }) =>
      `${line} ${kind} ${owner} ${name}${takes === undefined ? "" : ` of ${takes}`}${certain ? "" : "?"}`,
  );
}

const LEARN: Files = {
  "learn/__init__.py": "",
  "learn/base.py": "class Estimator:\n    def set(self, **values): pass\n    def get(self): pass",
  "learn/cluster/__init__.py": "from ._tree import Tree\n__all__ = ['Tree']",
  "learn/cluster/_tree.py":
    "from ..base import Estimator\nclass Tree(Estimator):\n    def __init__(self, n=2, *, metric='x'):\n        self.n = n\n    def fit(self, X, y=None) -> 'Tree': return self",
  "learn/externals/__init__.py": "",
  "learn/data.py":
    "def load(*, path=None): pass\ndef __getattr__(name):\n    if name == 'boston':\n        raise ImportError('gone')\n    raise AttributeError",
};

describe("what a release lacks", () => {
  it("modules and names, by cell and line, once where what hangs on them is used too", () => {
    const code = [
      "import learn.grid",
      "from learn.externals import joblib",
      "from learn.data import boston, load",
      "joblib.dump(1)",
      "import learn.cluster as c",
      "c.Old, c.Tree",
      "c.Old.x.y",
    ].join("\n");
    assert.deepEqual(told(code, LEARN), [
      "0 module-missing learn grid",
      "1 name-missing learn.externals joblib",
      "2 name-missing learn.data boston",
      "5 name-missing learn.cluster Old",
      "6 name-missing learn.cluster Old",
    ]);
  });

  it("keywords and places for arguments, of functions, classes and methods", () => {
    const code = [
      "from learn.cluster import Tree",
      "t = Tree(3, affinity='x', metric='y')",
      "Tree(1, 2)",
      "t.fit(1, 2, 3)",
      "t.fit(1).fit(1, y=2, z=3).gone()",
      "Tree.fit(t, 1, 2)",
      "t.set(anything=1)",
      "from learn.data import load",
      "load('x')",
      "load(*[1], **{})",
    ].join("\n");
    assert.deepEqual(told(code, LEARN), [
      "1 keyword-missing learn.cluster._tree.Tree affinity",
      "2 too-many-positionals learn.cluster._tree.Tree 2 of 1",
      "3 too-many-positionals learn.cluster._tree.Tree.fit 3 of 2",
      "4 keyword-missing learn.cluster._tree.Tree.fit z?",
      "4 name-missing learn.cluster._tree.Tree gone?",
      "8 too-many-positionals learn.data.load 1 of 0",
    ]);
  });

  it("what belongs to other releases is not its affair", () => {
    assert.deepEqual(told("import other.x\nfrom other import y\nother.z(1)", LEARN), []);
  });

  it("what modules put into others when they are imported is there", () => {
    const files = {
      ...LEARN,
      "learn/impute/__init__.py": "def __getattr__(name):\n    raise ImportError(name)",
      "learn/enable.py": "from . import impute\nsetattr(impute, 'Iterative', 1)\nimpute.Other = 2",
    };
    const use = "from learn.impute import Iterative, Other, Third";
    assert.equal(told(use, files).length, 3);
    assert.deepEqual(told(`from learn import enable\n${use}`, files), ["1 name-missing learn.impute Third"]);
  });
});

describe("what is not certain", () => {
  it("guarded uses, and names that one of several meanings has", () => {
    assert.deepEqual(
      told("import learn.cluster as c\ntry: c.Old\nexcept AttributeError: c.Tree(affinity=1)", LEARN),
      ["1 name-missing learn.cluster Old?", "2 keyword-missing learn.cluster._tree.Tree affinity?"],
    );
    const code = "import learn.cluster as c, learn.data as d\nif q: x = c\nelse: x = d\nx.load\nx.neither";
    assert.deepEqual(told(code, LEARN), [
      "3 name-missing learn.cluster load?",
      "4 name-missing learn.cluster neither",
    ]);
  });

  it("what is made at run time, and signatures below unknown decorators", () => {
    const files = {
      "a/__init__.py": "from .native import *\n@mystery\ndef f(x): pass",
      "a/native.so": "",
      "b.py":
        "from elsewhere import Base\nclass K(Base):\n    def m(self): pass\nclass L(Base):\n    def __init__(self, x): pass",
    };
    assert.deepEqual(told("import a, b\na.z\na.f(y=1)\nb.K(1).z\nb.K(q=1)\nb.L(1).z()\nb.L(y=2)", files), [
      "1 name-missing a z?",
      "2 keyword-missing a.f y?",
      "3 name-missing b.K z?",
      "5 name-missing b.L z?",
      "6 keyword-missing b.L y",
    ]);
  });

  it("what an object may hold, unless another release is known to have offered it", () => {
    const frame = (methods: string) =>
      ({
        "p/__init__.py": "from .frame import Frame, read",
        "p/frame.py": `class Frame:\n    def __getattr__(self, name):\n        return self[name]\n    def head(self) -> 'Frame': pass\n${methods}\ndef read(path) -> Frame: pass`,
      }) as const;
    const now = frame("");
    const before = frame("    def append(self, other): pass");
    const code = "import p\np.read('x').head().append(1)\np.Frame().column";
    assert.deepEqual(told(code, now), [
      "1 name-missing p.frame.Frame append?",
      "2 name-missing p.frame.Frame column?",
    ]);
    assert.deepEqual(told(code, now, before), [
      "1 name-missing p.frame.Frame append",
      "2 name-missing p.frame.Frame column?",
    ]);
    assert.deepEqual(told(code, before), ["2 name-missing p.frame.Frame column?"]);
  });

  it("a method, where objects store something under names that are computed", () => {
    const release = (methods: string, store = "self") =>
      ({
        "p.py": `class P:\n    def set(self, name):\n        setattr(${store}, name, 1)\n${methods}`,
      }) as const;
    const before = release("    def gone(self): pass\n    def own(self):\n        self.value = 1");
    const code = "import p\np.P().gone()\np.P().value\np.P().never()";
    const doubtful = ["1 name-missing p.P gone?", "2 name-missing p.P value?", "3 name-missing p.P never?"];
    assert.deepEqual(told(code, release("")), doubtful);
    assert.deepEqual(told(code, release(""), before), ["1 name-missing p.P gone", ...doubtful.slice(1)]);
    const ofClass = {
      "p.py": "class P:\n    @classmethod\n    def set(cls, name):\n        setattr(cls, name, 1)",
    };
    assert.deepEqual(told(code, ofClass, before), doubtful);
  });

  it("what a neighbour lacks, where it is not told what a call gives", () => {
    const release = (annotation: string, methods: string) =>
      surface({ "d.py": `class D:\n    def kept(self): pass\n${methods}\ndef make()${annotation}: pass` });
    const usage = usageOf([{ cell: 0, text: "import d\nd.make().size()\nd.make().kept()" }]);
    const newest = matchUsage(usage, release(" -> D", ""), release(" -> D", "    def size(self): pass"));
    assert.equal(newest.kind, "matched");
    const elsewhere = newest.kind === "matched" ? newest.findings : [];
    assert.deepEqual(
      elsewhere.map(({ name, certain }) => [name, certain]),
      [["size", true]],
    );
    const names = (methods: string, before: { before?: Surface } = {}) => {
      const match = matchElsewhere(usage, { surface: release("", methods), elsewhere, ...before });
      return match.kind === "matched" ? match.findings.map(({ line, name }) => [line, name]) : match.kind;
    };
    assert.deepEqual(names(""), [[1, "size"]]);
    assert.deepEqual(names("    def size(self): pass"), []);
    const open = "    def __getattr__(self, name): return other(name)";
    assert.deepEqual(names(open), []);
    assert.deepEqual(names(open, { before: release("", `${open}\n    def size(self): pass`) }), [
      [1, "size"],
    ]);
    assert.deepEqual(names(open, { before: release("", open) }), []);
  });

  it("a function that an open module had, and that is gone from where it was", () => {
    const open = "from .native import *\nfrom .old import *";
    const before = {
      "n/__init__.py": open,
      "n/native.so": "",
      "n/old.py": "def gone(): pass\ndef kept(): pass",
    };
    const now = { ...before, "n/old.py": "def kept(): pass" };
    assert.deepEqual(told("import n\nn.gone()\nn.kept()\nn.never", now), [
      "1 name-missing n gone?",
      "3 name-missing n never?",
    ]);
    assert.deepEqual(told("import n\nn.gone()\nn.never", now, before), [
      "1 name-missing n gone",
      "2 name-missing n never?",
    ]);
  });
});

it("a later use of what cannot be made is no finding of its own", () => {
  const code = "import learn.cluster as c\nx = c.Tree()\nx = x.gone()\nx.fit(1)\nx.other";
  assert.deepEqual(told(code, LEARN), ["2 name-missing learn.cluster._tree.Tree gone"]);
});

it("by need it reads what the uses lead to, and finds the same as of the whole", () => {
  const texts = new Map(Object.entries(LEARN));
  const usage = usageOf([
    { cell: 0, text: "from learn.cluster import Tree, Old\nTree(affinity=1).fit(2).gone" },
  ]);
  const sources = new ReleaseSources(texts.keys());
  const read: string[] = [];
  for (;;) {
    const match = matchUsage(usage, sources);
    if (match.kind === "matched") {
      assert.deepEqual(match, matchUsage(usage, surface(LEARN)));
      break;
    }
    for (const path of match.paths) {
      read.push(path);
      sources.supply(path, texts.get(path)!);
    }
  }
  assert.deepEqual(read.sort(), ["learn/base.py", "learn/cluster/__init__.py", "learn/cluster/_tree.py"]);
});

it("a text that cannot be had leaves its module opaque", () => {
  const sources = new ReleaseSources(["a/__init__.py", "a/b.py"]);
  const usage = usageOf([{ cell: 0, text: "import a.b\na.b.c" }]);
  for (;;) {
    const match = matchUsage(usage, sources);
    if (match.kind === "matched") {
      assert.deepEqual(match.findings, []);
      return;
    }
    for (const path of match.paths) sources.refuse(path);
  }
});

describe("laws", () => {
  const name = fc.constantFrom("a", "b", "c", "K", "L", "_p", "__proto__", "constructor", "x1");
  const statement = fc.oneof(
    name.map((each) => `def ${each}(p, q=1, *, r): pass`),
    fc.tuple(name, name).map(([one, base]) => `class ${one}(${base}):\n    def m(self, x): self.y = x`),
    fc.tuple(name, name).map(([one, other]) => `${one} = ${other}`),
    fc.tuple(name, name).map(([module, one]) => `from .${module} import ${one}`),
    name.map((module) => `from .${module} import *`),
    fc.array(name, { maxLength: 3 }).map((names) => `__all__ = [${names.map((each) => `'${each}'`).join()}]`),
    name.map((each) => `del ${each}`),
    name.map((each) => `if q:\n    ${each} = 1`),
    fc.constant("def __getattr__(name):\n    if name == 'a': return 1\n    raise AttributeError"),
  );
  const module = fc.array(statement, { maxLength: 6 }).map((statements) => `${statements.join("\n")}\n`);
  const release = fc
    .tuple(module, module, module)
    .map(([init, one, other]) => ({ "p/__init__.py": init, "p/a.py": one, "p/K.py": other }) as Files);
  const code = fc.array(
    fc.oneof(
      fc.tuple(name, name).map(([one, other]) => `p.${one}.${other}`),
      fc.tuple(name, name).map(([one, keyword]) => `p.${one}(1, 2, ${keyword}=3).m(1).y`),
      fc
        .tuple(fc.constantFrom("p", "p.a", "p.K", "p.c"), name)
        .map(([from, one]) => `from ${from} import ${one}`),
    ),
    { maxLength: 6 },
  );

  it("reading by need finds what reading the whole finds", () => {
    fc.assert(
      fc.property(release, code, (files, lines) => {
        const usage = usageOf([{ cell: 0, text: `import p, p.a, p.K\n${lines.join("\n")}` }]);
        const sources = new ReleaseSources(Object.keys(files));
        for (let round = 0; ; round++) {
          const match = matchUsage(usage, sources);
          if (match.kind === "needs") {
            assert.ok(round < 4);
            for (const path of match.paths) sources.supply(path, files[path]!);
            continue;
          }
          assert.deepEqual(match, matchUsage(usage, surface(files)));
          return;
        }
      }),
    );
  });

  it("a release is missing nothing that it offered before and still has", () => {
    fc.assert(
      fc.property(release, code, (files, lines) => {
        const usage = usageOf([{ cell: 0, text: `import p\n${lines.join("\n")}` }]);
        const alone = matchUsage(usage, surface(files));
        const beside = matchUsage(usage, surface(files), surface(files));
        assert.deepEqual(beside, alone);
      }),
    );
  });

  it("no text makes reading fail", () => {
    const piece = fc.constantFrom(
      ...'def |class |import |from |. |* |a |__all__ |= |+= |[ |] |( |) |: |\n|\n |\'|"""|# |\\|, |@ |if |try:|except |lambda |__getattr__ |return |raise |globals()|[name] |é|\u0000'.split(
        "|",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join("");
        const fact = readSurface("x.whl", [
          { path: "p/__init__.py", text },
          { path: "p/__init__.pyi", text },
        ]);
        const usage = usageOf([{ cell: 0, text: `${text}\nimport p\np.a.b(c=1)` }]);
        assert.equal(matchUsage(usage, surfaceOf(fact)).kind, "matched");
      }),
    );
  });
});
