// Sentences of PEP 440 and PEP 508, mostly valid.

import type { Random } from "./random.ts";

export function versionOf(random: Random): string {
  const number = () =>
    random.pick(["0", "1", "2", "3", "10", "01", `${random.below(3000)}`, "99999999999999999999"]);
  const separator = () => random.pick(["", "", ".", "-", "_"]);
  let text = random.once(12) ? `${number()}!` : "";
  text += random.once(30) ? "v" : "";
  text += Array.from({ length: 1 + random.below(4) }, number).join(".");
  if (random.once(4)) {
    const phase = random.pick(["a", "b", "rc", "c", "alpha", "beta", "pre", "preview", "RC"]);
    text += separator() + phase + separator() + (random.once(5) ? "" : number());
  }
  if (random.once(5)) text += random.once(4) ? `-${number()}` : `${separator()}post${separator()}${number()}`;
  if (random.once(5)) text += `${separator()}dev${number()}`;
  if (random.once(8)) text += `+${random.pick(["x", "1", "cu118", "a.1", "ubuntu-1", "0"])}`;
  return text;
}

export function specifiersOf(random: Random): string {
  const clause = () => {
    const operator = random.pick(["==", "!=", ">=", "<=", "<", ">", "~=", "==", ">=", "==="]);
    const wildcard = random.once(6) ? ".*" : "";
    return `${operator}${random.once(5) ? " " : ""}${versionOf(random)}${wildcard}`;
  };
  return Array.from({ length: random.below(4) }, clause).join(random.once(3) ? " , " : ",");
}

const VARIABLES =
  "python_version python_full_version os_name sys_platform platform_machine platform_release platform_system extra " +
  "implementation_name implementation_version extras dependency_groups os.name python_implementation";

export function markerOf(random: Random): string {
  const parts: string[] = [];
  let open = 0;
  for (let count = 1 + random.below(5); count > 0; count--) {
    while (random.once(4)) {
      parts.push("(");
      open++;
    }
    const variable = random.pick(VARIABLES.split(" "));
    const operator = random.pick(["==", "!=", "<", "<=", ">", ">=", "~=", "in", "not in"]);
    const value = random.pick(['"3.8"', "'linux'", '"a_B"', "'3.8 3.9'", '""', `"${versionOf(random)}"`]);
    parts.push(...(random.once(5) ? [value, operator, variable] : [variable, operator, value]));
    while (open > 0 && random.once(2)) {
      parts.push(")");
      open--;
    }
    if (count > 1) parts.push(random.pick(["and", "or"]));
  }
  return parts.join(" ") + ")".repeat(open);
}

export function requirementOf(random: Random): string {
  const name = random.pick(["requests", "Foo.Bar", "a", "zope.interface", "x_y-z", "Django"]);
  const extras = random.once(4) ? `[${random.pick(["a", "a,b", " security , Socks", ""])}]` : "";
  const rest = random.once(8)
    ? ` @ ${random.pick(["https://example.org/a-1.0.zip", "git+ssh://git@example.org/a.git@1#egg=a", "file:///a"])}`
    : random.once(6)
      ? ` (${specifiersOf(random)})`
      : specifiersOf(random);
  return `${name}${extras}${rest}${random.once(3) ? ` ; ${markerOf(random)}` : ""}`;
}
