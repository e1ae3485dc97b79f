// Classes of Python itself from which others are often derived, with what their objects offer.

const EXCEPTION = "args with_traceback add_note";
const MAPPING = "get keys items values";
const SEQUENCE = "index count";

/** Members by path; names between two underscores are left out. */
const MEMBERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries<string>({
    "builtins.object": "",
    "builtins.Exception": EXCEPTION,
    "builtins.BaseException": EXCEPTION,
    "builtins.ValueError": EXCEPTION,
    "builtins.TypeError": EXCEPTION,
    "builtins.RuntimeError": EXCEPTION,
    "builtins.KeyError": EXCEPTION,
    "builtins.AttributeError": `${EXCEPTION} name obj`,
    "builtins.ImportError": `${EXCEPTION} name path msg`,
    "builtins.NameError": `${EXCEPTION} name`,
    "builtins.Warning": EXCEPTION,
    "builtins.UserWarning": EXCEPTION,
    "builtins.DeprecationWarning": EXCEPTION,
    "builtins.RuntimeWarning": EXCEPTION,
    "builtins.FutureWarning": EXCEPTION,
    "builtins.dict": `${MAPPING} clear copy fromkeys pop popitem setdefault update has_key`,
    "builtins.list": "append clear copy count extend index insert pop remove reverse sort",
    "builtins.tuple": SEQUENCE,
    "abc.ABC": "register",
    "typing.Generic": "",
    "typing.Protocol": "",
    "typing_extensions.Protocol": "",
    "typing_extensions.Generic": "",
    "contextlib.ContextDecorator": "",
    "contextlib.AbstractContextManager": "",
    ...Object.fromEntries(
      ["collections.abc", "typing", "collections"].flatMap((module) => [
        ...[
          "Iterable",
          "Iterator",
          "Sized",
          "Container",
          "Hashable",
          "Callable",
          "Collection",
          "Reversible",
        ].map((name) => [`${module}.${name}`, ""]),
        [`${module}.Sequence`, SEQUENCE],
        [`${module}.MutableSequence`, `${SEQUENCE} insert append clear reverse extend pop remove`],
        [`${module}.Mapping`, MAPPING],
        [`${module}.MutableMapping`, `${MAPPING} pop popitem clear update setdefault`],
        [`${module}.Set`, "isdisjoint"],
        [`${module}.MutableSet`, "isdisjoint add discard clear pop remove"],
      ]),
    ),
  }).map(([path, names]) => [path, new Set(names.split(" "))]),
);

/** Undefined: nothing is known of that class. */
export function standardMembers(path: string): ReadonlySet<string> | undefined {
  return MEMBERS.get(path);
}

/** Its objects are made without arguments of its own. */
export function takesNothing(path: string): boolean {
  return /^(?:builtins\.object|abc\.ABC|typing\.(?:Generic|Protocol)|typing_extensions\.(?:Generic|Protocol)|(?:collections\.abc|typing|collections)\.\w+)$/.test(
    path,
  );
}

const BUILTINS = new Set(
  `object Exception BaseException ValueError TypeError RuntimeError KeyError AttributeError ImportError IndexError
  NotImplementedError OSError IOError Warning UserWarning DeprecationWarning RuntimeWarning FutureWarning dict list tuple set
  frozenset str bytes bytearray int float complex bool type property super range slice memoryview map filter zip enumerate
  reversed staticmethod classmethod`.split(/\s+/),
);

export function isBuiltin(name: string): boolean {
  return BUILTINS.has(name);
}
