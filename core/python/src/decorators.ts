// What decorators make of the signature that they stand above. One that is not known may make anything of it.

import type { ApiParameter } from "@thoth/knowledge";
import { children, type SyntaxNode } from "./syntax.ts";

export interface Decorator {
  /** Dotted, as written. */
  readonly path: string;
  /** What stands between its brackets, with them; empty where it is not called. */
  readonly arguments: string;
}

/** Of a `DecoratedStatement`, the topmost first. */
export function decoratorsOf(statement: SyntaxNode, text: string): Decorator[] {
  return statement.getChildren("Decorator").map((node) => {
    let path = "";
    let given = "";
    for (const child of children(node)) {
      if (child.name === "VariableName" || child.name === "PropertyName" || child.name === ".")
        path += text.slice(child.from, child.to);
      else if (child.name === "ArgList") given = text.slice(child.from, child.to);
    }
    return { path, arguments: given };
  });
}

/** Last part of the name of decorators below which the signature stays what it is. */
const KEEP = new Set(
  `abstractmethod array_function_dispatch array_function_from_c_func_and_dispatcher set_module set_array_function_like_doc
  validate_params lru_cache cache deprecated deprecate wraps Appender Substitution doc interpd dedent_interpd dedent
  not_implemented_for open_file nodes_or_number random_state np_random_state py_random_state _dispatch _dispatchable patch
  contextmanager asynccontextmanager overload final runtime_checkable override experimental tf_export keras_export
  keras_serializable register_keras_serializable available_if if_delegate_has_method total_ordering unique singledispatch
  add_docstring inherit_doc copy_docstring copy _copy_docstring_and_deprecators _autogen_docstring add_start_docstrings
  add_end_docstrings add_start_docstrings_to_model_forward replace_return_docstrings no_grad inference_mode can_dispatch
  require_permissions skip_if_no_parameters public cacheit sharded_call _fit_context coroutine
  ensure_decorated _onlySeries disallow suppress_warnings staticmethod classmethod set_function_name
  forbid_nonstring_types unpack_zerodim_and_defer unsupported_keyword _scale_docstring docstring_interp
  docfiller filldoc replace_notes_in_parent inherit_docstring_from extend_notes_in_docstring doc_subst
  xp_capabilities deprecated_cython_api _dedent_docstring verbose fill_doc copy_doc
  doctest_depends_on abstractproperty deprecate_with_doc deprecate_func require_pandas dispatch dispatcher finalize_array_function_like`.split(
    /\s+/,
  ),
);

/** Those that take names that were, and are no more or otherwise. */
const RENAME =
  /(?:^|_)(?:deprecate_kwarg|deprecate_keyword|rename_parameter|delete_parameter|make_keyword_only|deprecated_renamed_argument|deprecate_param|rename_kwarg|deprecated_argument|deprecated_args|deprecated_arg_values|renamed_kwarg|deprecate_arg|deprecated_alias)/;
/** Those that still take by position what is to be named. */
const RELAX =
  /deprecate_positional_args|deprecate_nonkeyword_arguments|make_keyword_only|legacy_positional|positional_deprecat/i;
const DATA = /(?:^|\.)_preprocess_data$/;
const PROPERTY =
  /(?:^|\.)(?:property|cached_property|cache_readonly|classproperty|lazy_property|cached_class_property|abstractproperty|hybrid_property|deprecated_property|functools\.cached_property)$/;

export function isProperty({ path }: Decorator): boolean {
  return PROPERTY.test(path);
}

/** `x.setter` and the like, which belong to a property that is there. */
export function belongsToProperty({ path }: Decorator): boolean {
  return /\.(?:setter|deleter|getter|register)$/.test(path);
}

export function lastPart({ path }: Decorator): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

export interface Signature {
  readonly parameters: readonly ApiParameter[];
  readonly loose: boolean;
}

/** What may be given where these decorators stand above. */
export function decorated(parameters: readonly ApiParameter[], decorators: readonly Decorator[]): Signature {
  const taken = [...parameters];
  let loose = false;
  const add = (name: string): void => {
    if (taken.every((each) => each.name !== name)) taken.push({ name, kind: "keyword", optional: true });
  };
  for (const decorator of decorators) {
    const last = lastPart(decorator);
    const known = RENAME.test(last) || RELAX.test(last);
    if (RELAX.test(last)) relax(taken);
    if (DATA.test(decorator.path)) add("data");
    else if (/^_dispatch/.test(last)) add("backend");
    else if (RENAME.test(last)) for (const name of stringsIn(decorator.arguments)) add(name);
    else if (!known && !KEEP.has(last)) {
      loose = true;
      for (const name of stringsIn(decorator.arguments)) add(name);
    }
  }
  return { parameters: taken, loose };
}

function relax(parameters: ApiParameter[]): void {
  for (const [index, each] of parameters.entries())
    if (each.kind === "keyword") parameters[index] = { ...each, kind: "either" };
}

/** How decorators name their own arguments. */
const OWN = new Set("old_arg_name new_arg_name mapping stacklevel since name alternative".split(" "));
const WORDS = /["']([A-Za-z_]\w*)["']|(?<=[({,]\s*)([A-Za-z_]\w*)\s*=(?!=)/g;

/** Words in quotes, and keywords, that may be names. */
function stringsIn(text: string): string[] {
  return [...text.slice(0, 20_000).matchAll(WORDS)].flatMap(([, quoted, keyword]) => {
    if (quoted !== undefined) return [quoted];
    return keyword === undefined || OWN.has(keyword) ? [] : [keyword];
  });
}

/** Class decorators below which members and signature stay what they are. */
export function keepsClass(decorator: Decorator): boolean {
  return KEEP.has(lastPart(decorator)) || /(?:^|_)docstring|^set_module$|^doc$/.test(lastPart(decorator));
}
