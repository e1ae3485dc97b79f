// How a stack differs from another, in words.

export type Stack = readonly { readonly name: string; readonly version: string }[];

const MOST_MOVED = 6;

/** What moved, what is new, what is gone. */
export function differenceText(from: Stack, to: Stack): string {
  const before = new Map(from.map(({ name, version }) => [name, version]));
  const moved = to
    .filter(({ name, version }) => before.get(name) !== version)
    .map(({ name, version }) => `${name} ${version}`);
  const names = new Set(to.map(({ name }) => name));
  const gone = from.filter(({ name }) => !names.has(name)).map(({ name }) => `no ${name}`);
  const all = [...moved, ...gone];
  if (all.length === 0) return "the advised stack";
  const more = all.length > MOST_MOVED ? `, and ${all.length - MOST_MOVED} more` : "";
  return all.slice(0, MOST_MOVED).join(", ") + more;
}
