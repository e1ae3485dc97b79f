// The text of a METADATA or PKG-INFO file as a build backend writes it.
// https://packaging.python.org/en/latest/specifications/core-metadata/

export interface Declared {
  readonly name: string;
  readonly version: string;
  /** PEP 508 texts. */
  readonly requires?: readonly string[];
  readonly requiresPython?: string | undefined;
  /** What each extra adds. */
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  /** Default 2.2. */
  readonly metadataVersion?: string;
  /** Fields that a source distribution does not promise. */
  readonly dynamic?: readonly string[];
  readonly summary?: string;
}

export function formatMetadata(declared: Declared): string {
  const { extras = {} } = declared;
  const lines = [
    `Metadata-Version: ${declared.metadataVersion ?? "2.2"}`,
    `Name: ${declared.name}`,
    `Version: ${declared.version}`,
  ];
  if (declared.summary !== undefined) lines.push(`Summary: ${declared.summary}`);
  if (declared.requiresPython !== undefined) lines.push(`Requires-Python: ${declared.requiresPython}`);
  for (const field of declared.dynamic ?? []) lines.push(`Dynamic: ${field}`);
  for (const requirement of declared.requires ?? []) lines.push(`Requires-Dist: ${requirement}`);
  for (const [extra, requirements] of Object.entries(extras)) {
    lines.push(`Provides-Extra: ${extra}`);
    for (const requirement of requirements) lines.push(`Requires-Dist: ${underExtra(requirement, extra)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** `requirement` asked for only with `extra`. */
function underExtra(requirement: string, extra: string): string {
  const [text = "", marker] = requirement.split(/\s*;\s*/, 2);
  const condition = `extra == "${extra}"`;
  return marker === undefined ? `${text} ; ${condition}` : `${text} ; (${marker}) and ${condition}`;
}
