// Releases on trial for a failure that inspections saw: stacks are inspected, and what they do is compared with it.

import { type Charge, findGuilty, type Sentence, type Stack, stackDigest } from "@thoth/inspection";
import { type Failure, verdictOf } from "./seen.ts";
import type { StackInspector } from "./stack-inspector.ts";
import type { StackMaker } from "./stack-maker.ts";

export interface Judging {
  readonly maker: StackMaker;
  readonly inspector: StackInspector;
  readonly failure: Failure;
  /** Digests of the stacks that were looked at. */
  readonly looked: Set<string>;
}

export async function judge(
  { maker, inspector, failure, looked }: Judging,
  charge: Charge,
): Promise<Sentence> {
  const blamed = new Map<string, readonly string[]>();
  return await findGuilty(
    {
      resolve: (pins, near) => maker.resolve(pins, near),
      inspect: async (stack) => {
        const digest = stackDigest(stack);
        looked.add(digest);
        const seen = await inspector.look(maker, stack);
        blamed.set(digest, seen.failures.find(({ what }) => what === failure.what)?.packages ?? []);
        return verdictOf(seen, failure);
      },
      releases: (name) => maker.releases(name),
      former: (stack, pins) => maker.former(stack, pins),
      blamed: (stack) => blamed.get(stackDigest(stack)) ?? [],
    },
    charge,
  );
}

/** Those that the failure names, what they need, what is suspected besides, and the rest of the stack. */
export function suspectsOf(
  maker: StackMaker,
  failing: Stack,
  { failure, more = [] }: { readonly failure: Failure; readonly more?: readonly string[] },
): readonly string[] {
  const { packages: named } = failure;
  const needed = maker
    .product(failing)
    .packages.filter(({ name }) => named.includes(name))
    .flatMap(({ requires }) => requires as readonly string[]);
  const all = failing.map(([name]) => name);
  return [...new Set([...named, ...needed, ...more, ...all])].slice(0, MOST_SUSPECTS);
}

const MOST_SUSPECTS = 10;
