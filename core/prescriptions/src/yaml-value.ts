// What a YAML text says, in the few shapes that rules are made of. Mappings are `Map`s, so that a key such as
// `__proto__` is a key like any other; keys of the file that are no strings are refused when it is read.

export type YamlValue = null | boolean | number | string | YamlTime | readonly YamlValue[] | YamlTable;
export type YamlTable = ReadonlyMap<string, YamlValue>;

/** A timestamp of YAML 1.1, as it was written. */
export class YamlTime {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** How deep mappings and sequences may nest. */
export const DEPTH_LIMIT = 64;
/** Characters of one file. */
export const LENGTH_LIMIT = 5 * 1024 * 1024;

export function isYamlTable(value: YamlValue): value is YamlTable {
  return value instanceof Map;
}

export function isYamlList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** The value as JSON holds it. */
export function jsonOf(value: YamlValue): unknown {
  if (isYamlTable(value)) return Object.fromEntries([...value].map(([key, item]) => [key, jsonOf(item)]));
  if (isYamlList(value)) return value.map(jsonOf);
  return value instanceof YamlTime ? value.text : value;
}
