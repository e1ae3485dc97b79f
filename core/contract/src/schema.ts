// The part of JSON Schema 2020-12 in which the documents are described, and a check of values against it.
// https://json-schema.org/draft/2020-12

export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: "object" | "array" | "string" | "number" | "integer" | "boolean" | "null";
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** False: nothing but `properties`. A schema: what every other member must be. */
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly anyOf?: readonly Schema[];
}

export interface Violation {
  /** JSON pointer (RFC 6901) of the offending value. */
  readonly at: string;
  readonly expected: string;
}

interface Pending {
  readonly schema: Schema;
  readonly value: unknown;
  readonly at: string;
}

/** What in `value` does not fit `schema`; empty when everything does. */
export function findViolations(schema: Schema, value: unknown): readonly Violation[] {
  const violations: Violation[] = [];
  const pending: Pending[] = [{ schema, value, at: "" }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    checkType(next, violations);
    checkScalar(next, violations);
    checkChoice(next, violations);
    pushMembers(next, pending, violations);
  }
  return violations;
}

function checkType({ schema, value, at }: Pending, violations: Violation[]): void {
  if (schema.type !== undefined && !hasType(schema.type, value))
    violations.push({ at, expected: schema.type });
}

function hasType(type: NonNullable<Schema["type"]>, value: unknown): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "null":
      return value === null;
    case "string":
    case "boolean":
      return typeof value === type;
    default:
      return type satisfies never;
  }
}

function checkScalar({ schema, value, at }: Pending, violations: Violation[]): void {
  if (schema.enum !== undefined && !schema.enum.some((choice) => choice === value)) {
    violations.push({ at, expected: `one of ${schema.enum.join(", ")}` });
  }
  if (
    schema.pattern !== undefined &&
    typeof value === "string" &&
    !new RegExp(schema.pattern, "u").test(value)
  ) {
    violations.push({ at, expected: `text like ${schema.pattern}` });
  }
  if (schema.minimum !== undefined && typeof value === "number" && value < schema.minimum) {
    violations.push({ at, expected: `at least ${schema.minimum}` });
  }
}

function checkChoice({ schema, value, at }: Pending, violations: Violation[]): void {
  const choices = schema.anyOf;
  if (choices === undefined || choices.some((choice) => findViolations(choice, value).length === 0)) return;
  violations.push({ at, expected: `one of ${choices.length} forms` });
}

function pushMembers({ schema, value, at }: Pending, pending: Pending[], violations: Violation[]): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    for (const [index, item] of value.entries())
      pending.push({ schema: items, value: item, at: `${at}/${index}` });
    return;
  }
  if (!isObject(value)) return;
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name))
      violations.push({ at: `${at}/${pointer(name)}`, expected: "to be there" });
  }
  for (const [name, member] of Object.entries(value)) {
    const own = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    const described = own ? schema.properties?.[name] : schema.additionalProperties;
    if (described === false) violations.push({ at: `${at}/${pointer(name)}`, expected: "nothing" });
    else if (typeof described === "object")
      pending.push({ schema: described, value: member, at: `${at}/${pointer(name)}` });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
