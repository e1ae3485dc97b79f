// `thoth verify-proof`: whether a proof shows what it says, without searching and without asking anybody.

import { quote, ThothError } from "@thoth/pep";
import { checkDerivation, type ReadClaim } from "@thoth/solver/certificate";
import { deadlineOf } from "../../engines/deadline.ts";
import { readGivenText } from "../../files/read-file.ts";
import { type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { formatSeconds, plural, printable } from "../../frame/printable.ts";
import { readLock } from "../../locks/read-lock.ts";
import { singleVersions } from "../../locks/single-lock.ts";
import { type Proof, readProof } from "../../proof/proof-file.ts";
import { readSeconds } from "../../settings/resolution-settings.ts";

const MOST_BYTES = 64 * 1024 * 1024;

interface Checked {
  readonly claim: ReadClaim;
  readonly seconds: number;
}

export const verifyProofCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const [path] = invocation.arguments as readonly [string];
  const proof = readProof(await readGivenText(path, MOST_BYTES), path);
  if (proof.claims.length === 0)
    throw new ThothError("invalid-proof", `${quote(path)} claims nothing`, { details: { path } });
  const checked = proof.claims.map((claim, at) => check(invocation, { claim, at, path }));
  const lock = textOption(options, "lock");
  if (lock !== undefined) await mustBeStack(invocation, lock, proof.claims[0] as ReadClaim);
  terminal.document({
    proof: path,
    asOf: proof.asOf,
    recommendationType: proof.recommendationType,
    claims: checked.map(documentOf),
    ...(lock === undefined ? {} : { lock }),
  });
  terminal.result(textOf(proof, checked, lock));
  return 0;
};

interface Task {
  readonly claim: ReadClaim;
  readonly at: number;
  readonly path: string;
}

/** Throws invalid-proof, limit-exceeded. */
function check({ options, signal }: Invocation, { claim, at, path }: Task): Checked {
  const seconds = readSeconds(textOption(options, "timeout"));
  const began = performance.now();
  const verdict = checkDerivation(claim.problem, claim.derivation, {
    budget: deadlineOf(seconds, signal),
    nameOf: (id) => quote(claim.names[id] ?? `${id}`),
  });
  switch (verdict.kind) {
    case "valid":
      return { claim, seconds: (performance.now() - began) / 1_000 };
    case "unfinished":
      throw new ThothError("limit-exceeded", `the proof was not checked within ${formatSeconds(seconds)}`, {
        hint: "Give it more time with --timeout.",
        details: { limit: "time", seconds },
      });
    case "invalid": {
      const { reason, step } = verdict;
      const where = step === undefined ? "" : `step ${step + 1} does not hold, `;
      throw new ThothError("invalid-proof", `${quote(path)} proves nothing: ${where}${reason}`, {
        details: { claim: at, ...(step === undefined ? {} : { step }), reason },
      });
    }
    default:
      return verdict satisfies never;
  }
}

/** The lock holds the versions of the best stack, and no other package. Throws invalid-proof. */
async function mustBeStack({ environment }: Invocation, path: string, { stack }: ReadClaim): Promise<void> {
  const locked: ReadonlyMap<string, string> = singleVersions(path, await readLock(path, environment));
  const proved = new Map(
    stack.flatMap(({ name, release }) => (name.includes("[") ? [] : [[name, release] as const])),
  );
  const differing = [...new Set([...locked.keys(), ...proved.keys()])]
    .filter((name) => locked.get(name) !== proved.get(name))
    .sort();
  if (differing.length === 0) return;
  const shown = differing
    .slice(0, 5)
    .map((name) => `${name} ${locked.get(name) ?? "absent"} instead of ${proved.get(name) ?? "absent"}`);
  const more = differing.length > shown.length ? ` and ${differing.length - shown.length} more` : "";
  throw new ThothError(
    "invalid-proof",
    `the proof holds, but ${quote(path)} is not what it is of: ${printable(shown.join(", "))}${more}`,
    { details: { lock: path, differing } },
  );
}

function documentOf({ claim, seconds }: Checked) {
  const { derivation, levels, stack } = claim;
  const { result, steps } = derivation;
  return {
    kind: result.kind,
    packages: stack.map(({ name, release }) => ({ name, version: release })),
    objective:
      result.kind === "solved"
        ? result.levels.map((level, at) => ({ level: levels[at] ?? "", ...level }))
        : [],
    steps: steps.length,
    seconds,
  };
}

function textOf({ asOf, recommendationType, claims }: Proof, checked: readonly Checked[], lock?: string) {
  const lines = checked.map(({ claim, seconds }, at) => {
    const which = claims.length > 1 ? `${at + 1}. ` : "";
    const how = `${plural(claim.derivation.steps.length, "step")} checked in ${formatSeconds(seconds)}`;
    return `${which}${conclusionOf(claim)}; ${how}`;
  });
  const head = printable(`accepted: ${recommendationType} as of ${asOf}`);
  const same = lock === undefined ? [] : [`  ${printable(lock)} is that stack`];
  return [head, ...lines.map((line) => `  ${printable(line)}`), ...same].join("\n");
}

function conclusionOf({ derivation: { result }, levels, stack }: ReadClaim): string {
  if (result.kind === "unsatisfiable") return "no stack meets the requirements";
  const packages = stack.filter(({ name }) => !name.includes("["));
  const paid = result.levels.map(({ value }, at) => `${levels[at]} ${value}`).join(", ");
  return `${plural(packages.length, "package")}, and no stack is better: ${paid === "" ? "any will do" : paid}`;
}
