// A core without the auxiliary packages of rules: who needs one of them needs what its ways need.

import type { CoreLine } from "@thoth/solver";

export function ofPackages(lines: readonly CoreLine[]): readonly CoreLine[] {
  return lines.flatMap((line) => ((line.package ?? 0) < 0 ? [] : followed(line, lines)));
}

function followed(line: CoreLine, lines: readonly CoreLine[]): readonly CoreLine[] {
  const { package: id, range } = line.dependency;
  if (id >= 0) return range >= 0 ? [line] : [];
  return lines
    .filter((inner) => inner.package === id)
    .flatMap(({ dependency }) => followed({ ...line, dependency }, lines));
}
