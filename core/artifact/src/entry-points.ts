// `entry_points.txt`: sections of `name = value`, read as importlib.metadata reads them.
// https://packaging.python.org/en/latest/specifications/entry-points/

export interface EntryPoint {
  readonly group: string;
  readonly name: string;
  readonly value: string;
}

const MOST_ENTRIES = 50_000;

/** In the order of the file; a line that is no entry tells nothing, and what comes after 50,000 entries neither. */
export function readEntryPoints(text: string): readonly EntryPoint[] {
  const found: EntryPoint[] = [];
  let group: string | undefined;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    if (line.startsWith("[") && line.endsWith("]")) {
      group = line.slice(1, -1).trim();
      continue;
    }
    const equals = line.indexOf("=");
    if (group === undefined || equals <= 0) continue;
    if (found.length >= MOST_ENTRIES) break;
    found.push({ group, name: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() });
  }
  return found;
}
