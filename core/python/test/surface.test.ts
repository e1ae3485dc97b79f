import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApiModule } from "@thoth/knowledge";
import { readSurface, resolveName, surfaceOf } from "@thoth/python";

/** A release of these files, and what a path leads to in it: a kind, with the doubt of what is missing. */
function release(files: Readonly<Record<string, string>>) {
  const fact = readSurface(
    "x.whl",
    Object.entries(files).map(([path, text]) => ({ path, text })),
  );
  const surface = surfaceOf(fact);
  const kind = (path: string): string => {
    const found = resolveName(surface, path);
    return found.kind === "missing"
      ? `missing${found.doubt === undefined ? "" : `, ${found.doubt}`}`
      : found.kind;
  };
  const parameters = (path: string): string | undefined => {
    const found = resolveName(surface, path);
    const told =
      found.kind === "function" ? found.function : found.kind === "class" ? found.class.class : undefined;
    return told?.parameters
      ?.map(({ name, kind, optional }) => `${kind} ${name}${optional ? "?" : ""}`)
      .join(", ");
  };
  const module = (name: string): ApiModule => fact.modules[name]!;
  return { fact, kind, parameters, module };
}

describe("modules", () => {
  it("paths of a wheel tell which there are; tests and what begins with an underscore are left aside unless they are led to", () => {
    const { fact } = release({
      "a/__init__.py": "from ._b import f",
      "a/_b.py": "def f(): pass",
      "a/_c.py": "",
      "a/tests/__init__.py": "",
      "a/tests/test_b.py": "",
      "a/native.cpython-311-x86_64-linux-gnu.so": "",
      "a/typed.abi3.so": "",
      "a/typed.pyi": "def g(x: int) -> int: ...",
      "a-1.data/purelib/beside.py": "",
      "a-1.dist-info/x.py": "",
      "a/space/inner.py": "",
    });
    assert.deepEqual(Object.keys(fact.modules), [
      "a",
      "a._b",
      "a.space",
      "a.space.inner",
      "a.typed",
      "beside",
    ]);
    assert.deepEqual(fact.opaque, ["a.native"]);
    assert.deepEqual(fact.unread, ["a._c", "a.tests"]);
  });

  it("a module is there, is not, or belongs to others", () => {
    const { kind } = release({ "a/__init__.py": "", "a/b.py": "x = 1", "a/space/inner.py": "" });
    assert.equal(kind("a.b"), "module");
    assert.equal(kind("a:b.x"), "thing");
    assert.equal(kind("a.c"), "missing");
    assert.equal(kind("a.b.c"), "missing");
    assert.equal(kind("a.space.other"), "missing, dynamic");
    assert.equal(kind("z.c:d"), "outside");
    assert.equal(kind("a:__version__"), "missing, dynamic");
    assert.equal(kind("a:__name__"), "thing");
  });

  it("names are followed through imports, also of a module by its package and of a name that hides a module", () => {
    const { kind, parameters } = release({
      "a/__init__.py": "from . import b\nfrom .c import c\nimport a.d as e, os.path\nfrom .gone import h",
      "a/b.py": "def f(x, *, y=1): pass\nclass K:\n    pass",
      "a/c.py": "def c(q): pass\ndef other(): pass",
      "a/d.py": "from .b import K as L\nm = L",
      "a/gone.py": "",
    });
    assert.equal(parameters("a:b.f"), "either x, keyword y?");
    assert.equal(kind("a:c"), "function");
    assert.equal(kind("a.c:other"), "function");
    assert.equal(kind("a:e.m"), "class");
    assert.equal(kind("a:os.path.join"), "outside");
    // Reading may err where running does not: what is imported is there.
    assert.equal(kind("a:h"), "thing");
  });

  it("a module of a package hides one of the same name that a star brings", () => {
    const { kind } = release({
      "a/__init__.py": "from .b import *\nimport a.same",
      "a/b/__init__.py": "from .same import f",
      "a/b/same.py": "def f(): pass",
      "a/same.py": "def g(): pass",
    });
    assert.equal(kind("a:same.g"), "function");
  });

  it("a class that makes its objects itself may make others", () => {
    const { kind } = release({
      "a.py": "class K:\n    def __new__(cls, x): return Other()\nclass L(K): pass",
    });
    assert.equal(kind("a:L().z"), "missing, dynamic");
  });

  it("a star gives what __all__ lists, else what is public; a list that is not understood may be of all that the module has", () => {
    const { kind } = release({
      "a/__init__.py": "from .listed import *\nfrom .plain import *",
      "a/listed.py":
        "from . import more\n__all__ = ['f'] + sorted(['g'])\n__all__ += more.__all__\n__all__.extend(('h',))\ndef f(): pass\ndef g(): pass\ndef h(): pass\ndef hidden(): pass\nfrom .more import *",
      "a/more.py": "__all__ = ['k']\ndef k(): pass",
      "a/plain.py": "def p(): pass\ndef _q(): pass",
      "o/__init__.py": "from .listed import *",
      "o/listed.py": "__all__ = ['f']\n__all__ += names()\ndef f(): pass\ndef g(): pass",
      "n/__init__.py": "from .native import *",
      "n/native.so": "",
    });
    for (const name of ["f", "g", "h", "k", "p"]) assert.equal(kind(`a:${name}`), "function", name);
    for (const name of ["hidden", "_q", "z"]) assert.equal(kind(`a:${name}`), "missing", name);
    assert.equal(kind("o:f"), "function");
    // Whatever the list says, the module has no more.
    assert.equal(kind("o:g"), "function");
    assert.equal(kind("o:z"), "missing");
    assert.equal(kind("n:z"), "missing, dynamic");
  });

  it("a function that adds to __all__, or to globals, makes what it adds possible", () => {
    const adds = "def add(module):\n    for each in module.__all__:\n        __all__.append(each)\n";
    const { kind } = release({
      "a/__init__.py": "from .b import *",
      "a/b.py": `__all__ = ['f']\n${adds}def f(): pass\nfrom .c import *`,
      "a/c.py": "def g(): pass",
      "d.py": "def put(name):\n    globals()[name] = 1",
      "e.py": "table = globals()\nfor each in names: table[each] = 1",
      "f.py": "def get(name):\n    return globals()[name]\ndef count():\n    global counted\n    counted = 1",
    });
    assert.equal(kind("a:g"), "function");
    assert.equal(kind("a:z"), "missing");
    assert.equal(kind("d:z"), "missing, dynamic");
    assert.equal(kind("e:z"), "missing, dynamic");
    assert.equal(kind("f:z"), "missing");
    assert.equal(kind("f:counted"), "thing");
  });

  it("conditions give all that their branches define; what is only for type checkers cannot be told", () => {
    const { kind, parameters } = release({
      "a.py": [
        "from typing import TYPE_CHECKING",
        "if TYPE_CHECKING:\n    from b import T",
        "try:\n    import fast as impl\nexcept ImportError:\n    impl = None",
        "import sys\nif sys.version_info >= (3, 9):\n    def f(x): pass\nelse:\n    def f(x, y): pass",
        "def g(): pass\ndel g",
        "for loop in ():\n    inner = 1",
        "with open('x') as handle: pass",
      ].join("\n"),
      "b.py": "",
    });
    assert.equal(kind("a:T"), "unknown");
    assert.equal(kind("a:impl"), "outside");
    assert.equal(parameters("a:f"), "either x, either y?");
    assert.equal(kind("a:g"), "missing");
    assert.equal(kind("a:loop"), "thing");
    assert.equal(kind("a:inner"), "thing");
    assert.equal(kind("a:handle"), "thing");
  });
});

describe("a module's __getattr__", () => {
  const former = [
    "_gone = {'float': 'x', 'int': 'y'}",
    "_kept = {'old': (1, 'message')}",
    "_rows = [('bool8', 1), ('int0', 2)]",
    "_kept.update({n: (v, '') for n, v in _rows})",
    "def __getattr__(name):",
    "    try:",
    "        value, message = _kept[name]",
    "    except KeyError:",
    "        pass",
    "    else:",
    "        return value",
    "    if name in _gone:",
    "        raise AttributeError(_gone[name])",
    "    elif name == 'lazy':",
    "        import a.lazy as lazy",
    "        return lazy",
    "    raise AttributeError(name)",
  ].join("\n");

  it("what it returns for is offered, what it raises for is not, and nothing else is where it ends in raising", () => {
    const { kind, module } = release({ "a/__init__.py": former });
    for (const name of ["old", "bool8", "int0", "lazy"]) assert.equal(kind(`a:${name}`), "thing", name);
    for (const name of ["float", "int", "z"]) assert.equal(kind(`a:${name}`), "missing", name);
    assert.deepEqual(module("a").refuses, ["float", "int"]);
  });

  it("names that it refuses are missing for certain although others may be there", () => {
    const { kind } = release({
      "a/__init__.py": `from .native import *\n${former}`,
      "a/native.so": "",
    });
    assert.equal(kind("a:float"), "missing");
    assert.equal(kind("a:z"), "missing, dynamic");
  });

  it("what is not understood leaves it open; what is there anyway adds nothing", () => {
    const { kind } = release({
      "open.py": "def __getattr__(name):\n    return load(name)",
      "table.py":
        "from x import T\ndef __getattr__(name):\n    if name in T:\n        return T[name]\n    raise AttributeError",
      "same.py":
        "def __getattr__(name):\n    if name == 'load_boston':\n        raise ImportError('gone')\n    try:\n        return globals()[name]\n    except KeyError:\n        raise AttributeError",
      "sum.py":
        "first = ['x']\n__all__ = first + ['y']\ndef __getattr__(name):\n    return _sub_module_deprecation(all=__all__, attribute=name)",
      "prefix.py":
        "def __getattr__(name):\n    if name.startswith('get_'):\n        return 1\n    raise AttributeError",
    });
    assert.equal(kind("open:z"), "missing, dynamic");
    assert.equal(kind("table:z"), "missing, dynamic");
    assert.equal(kind("same:load_boston"), "missing");
    assert.equal(kind("same:z"), "missing");
    assert.equal(kind("sum:x"), "missing, dynamic");
    assert.equal(kind("sum:z"), "missing");
    assert.equal(kind("prefix:get_x"), "missing, dynamic");
  });

  it("tables of lazy loaders are read", () => {
    const { kind } = release({
      "a/__init__.py":
        "import lazy_loader as lazy\n__getattr__, __dir__, __all__ = lazy.attach(__name__, submodules={'io'}, submod_attrs={'_f': ['f']})",
      "a/io.py": "",
      "a/_f.py": "def f(x): pass",
      "b/__init__.py":
        "import lazy_loader\n__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)",
      "b/__init__.pyi": "from ._g import g\n",
      "b/_g.py": "def g(): pass",
      "c/__init__.py":
        "import sys\n_import_structure = {'m': ['One']}\ntry:\n    pass\nexcept ImportError:\n    pass\nelse:\n    _import_structure['m'].append('Two')\n    _import_structure['n'] = ['Three']\nsys.modules[__name__] = _LazyModule(__name__, __file__, _import_structure)",
      "c/m.py": "class One: pass\nclass Two: pass",
      "c/n.py": "class Three: pass",
    });
    assert.equal(kind("a:f"), "function");
    assert.equal(kind("a:io"), "module");
    assert.equal(kind("a:z"), "missing");
    assert.equal(kind("b:g"), "function");
    assert.equal(kind("b:z"), "missing");
    for (const name of ["One", "Two", "Three"]) assert.equal(kind(`c:${name}`), "class", name);
  });
});

describe("signatures", () => {
  it("have all kinds of parameters", () => {
    const { parameters } = release({
      "a.py":
        "def f(a, b=1, /, c: int = 2, *rest, d, e=None, **more): pass\ndef g(*, x): pass\nasync def h(y): pass",
    });
    assert.equal(
      parameters("a:f"),
      "positional a, positional b?, either c?, rest rest?, keyword d, keyword e?, keywords more?",
    );
    assert.equal(parameters("a:g"), "keyword x");
    assert.equal(parameters("a:h"), "either y");
  });

  it("decorators that are known keep them or let former names in; others may do anything", () => {
    const { fact, parameters } = release({
      "a.py": [
        "@deprecate_kwarg('old', 'new')\ndef f(new): pass",
        "@_deprecate_positional_args\ndef g(a, *, b): pass",
        "@functools.lru_cache(maxsize=3)\ndef h(a): pass",
        "@mystery\ndef i(a): pass",
        "@_preprocess_data()\ndef j(ax): pass",
      ].join("\n"),
    });
    assert.equal(parameters("a:f"), "either new, keyword old?");
    assert.equal(parameters("a:g"), "either a, either b");
    assert.equal(parameters("a:h"), "either a");
    assert.equal(parameters("a:j"), "either ax, keyword data?");
    const { i, h } = fact.modules["a"]!.names;
    assert.equal(i?.kind === "function" && i.loose, true);
    assert.equal(h?.kind === "function" && h.loose, undefined);
  });

  it("of classes are those of __init__, of fields, or of the nearest base", () => {
    const { parameters } = release({
      "a.py": [
        "class A:\n    def __init__(self, x, y=1): self.z = x",
        "@dataclass\nclass B:\n    x: int\n    y: str = ''\n    k: ClassVar[int] = 1",
        "class C(NamedTuple):\n    x: int\n    y: int = 2",
        "class D:\n    def __new__(cls, q): pass",
      ].join("\n"),
    });
    assert.equal(parameters("a:A"), "either x, either y?");
    assert.equal(parameters("a:B"), "either x, either y?");
    assert.equal(parameters("a:C"), "either x, either y?");
    assert.equal(parameters("a:D"), "either q");
  });
});

describe("members", () => {
  const text = [
    "import abc\nfrom elsewhere import Unknown",
    "class Base(abc.ABC):",
    "    limit = 3",
    "    def __init__(self):",
    "        self.a, self.b = 1, 2",
    "        self.c: int = 3",
    "        self.line, = plot()",
    "        if self.d == 1: pass",
    "    @property\n    def size(self) -> int: return 1",
    "    @size.setter\n    def size(self, value): pass",
    "    @staticmethod\n    def make(x): pass",
    "    @classmethod\n    def build(cls, x) -> 'Base': pass",
    "    def again(self) -> Self: pass",
    "    for looped in (): pass",
    "class Derived(Base):\n    other = Base.build\n    def own(self, q): pass\n    renamed = own",
    "class Data(Base):\n    def __getattr__(self, name):\n        if name in self.x:\n            return self[name]\n        return object.__getattribute__(self, name)",
    "class Any(Base):\n    def __getattr__(self, name): return getattr(self.x, name)",
    "class Stranger(Unknown): pass",
    "class Slotted:\n    __slots__ = ('one', 'two')",
    "class Patched: pass\nadd_methods(Patched)",
    "class Later: pass\nLater.added = 1\ndef patch():\n    setattr(Stored, 'x', 1)\nclass Stored: pass",
    "class Meta(metaclass=Registry): pass",
  ].join("\n");
  const { kind, parameters } = release({ "a.py": text });

  it("are those of the class, of its bases, and what methods store", () => {
    for (const name of ["a", "b", "c", "line", "limit", "size", "looped"])
      assert.equal(kind(`a:Derived().${name}`), "thing", name);
    for (const name of ["d", "z"]) assert.equal(kind(`a:Derived().${name}`), "missing", name);
    assert.equal(parameters("a:Derived().make"), "either x");
    assert.equal(parameters("a:Derived().build"), "either x");
    assert.equal(parameters("a:Derived().renamed"), "either q");
    assert.equal(kind("a:Slotted().two"), "thing");
    assert.equal(kind("a:Slotted().three"), "missing");
    assert.equal(kind("a:Later().added"), "thing");
  });

  it("what two bases are derived from stands behind both", () => {
    const { kind } = release({
      "a.py":
        "class Top:\n    def m(self) -> 'Top': pass\nclass One(Top): pass\nclass Two(Top):\n    def m(self) -> 'Two': pass\n    def two(self): pass\nclass Both(One, Two): pass\nclass Round(Round): pass",
    });
    assert.equal(kind("a:Both().m().two"), "function");
    assert.equal(kind("a:Round().z"), "missing");
  });

  it("what calls give is followed", () => {
    assert.equal(kind("a:Derived.build().limit"), "thing");
    // An annotation names a base of what comes perhaps.
    assert.equal(kind("a:Derived.build().own"), "missing, items");
    assert.equal(kind("a:Derived().again().again().own"), "function");
    assert.equal(kind("a:Derived().make().z"), "unknown");
  });

  it("what may be made at run time is doubtful", () => {
    assert.equal(kind("a:Data().z"), "missing, items");
    for (const name of ["Any", "Stranger", "Patched", "Stored", "Meta"])
      assert.equal(kind(`a:${name}().z`), "missing, dynamic", name);
  });
});

describe("stubs", () => {
  it("tell of native modules, without being believed to be whole", () => {
    const { kind, parameters } = release({
      "a/n.so": "",
      "a/__init__.py": "",
      "a/n.pyi":
        "from typing import overload\nfrom x import hidden\nfrom y import shown as shown\n@overload\ndef f(a: int) -> K: ...\n@overload\ndef f(a: str, b: int = ...) -> K: ...\nclass K:\n    def m(self, __p, q): ...",
    });
    assert.equal(parameters("a.n:f"), "either a, either b?");
    assert.equal(parameters("a.n:f().m"), "positional __p, either q");
    assert.equal(kind("a.n:hidden"), "outside");
    assert.equal(kind("a.n:shown"), "outside");
    assert.equal(kind("a.n:z"), "missing, dynamic");
    assert.equal(kind("a.n:K().z"), "missing, dynamic");
  });

  it("overloads take together what each of them takes", () => {
    const { parameters } = release({
      "a/n.so": "",
      "a/n.pyi":
        "class A:\n    @overload\n    def f(self, shape, /, *, order=...): ...\n    @overload\n    def f(self, *shape, order=...): ...",
    });
    assert.equal(parameters("a.n:A().f"), "positional shape?, keyword order?, rest shape?");
  });

  it("add what calls give to what the source says; a source that has a name otherwise is believed", () => {
    const { kind, parameters } = release({
      "a.py": "def f(x, new): pass\nclass K:\n    pass\nfrom nowhere import g",
      "a.pyi": "def f(x) -> K: ...\nclass K: ...\ndef g(y) -> K: ...\ndef only(z): ...",
    });
    assert.equal(parameters("a:f"), "either x, either new");
    assert.equal(kind("a:f()"), "instance");
    assert.equal(parameters("a:g"), "either y");
    assert.equal(kind("a:only"), "missing, dynamic");
    assert.equal(kind("a:z"), "missing");
  });
});
