// A resolution to its end: hosted, and asked again for as long as something is found that speaks against its answer.

import type { HostedResolution, Hosting, ResolutionOutcome } from "@thoth/index";
import type { OpenPhase } from "../frame/phases.ts";
import type { Terminal } from "../frame/terminal.ts";
import type { Evidence } from "../session/evidence.ts";

export interface Settling {
  /** `anew`: what excerpts tell is too old. */
  readonly make: (options: { readonly anew: boolean }) => HostedResolution;
  readonly hosting: Hosting;
  readonly evidence: Evidence | undefined;
  readonly terminal: Terminal;
}

export async function settle({ make, hosting, evidence, terminal }: Settling): Promise<ResolutionOutcome> {
  let hosted = make({ anew: false });
  for (;;) {
    const answer = await run(hosted, hosting, terminal);
    if (answer.kind !== "solved" || evidence === undefined) return answer;
    const { universe } = answer.evidence();
    const learn = () => evidence.learn(answer.product, universe);
    const { names, combined } = await terminal.phase("look up evidence", learn);
    if (names.length === 0) {
      // An excerpt tells of packages that were only looked at: what a later question would find out.
      for (const name of await evidence.prepare(universe.projectNames)) universe.renewSaid(name);
      return answer;
    }
    if (combined) hosted = make({ anew: true });
    else hosted.learnOf(names);
  }
}

/** With its waits and the time for which it was known to have a stack, and not yet that there is no better one. */
async function run(
  hosted: HostedResolution,
  hosting: Hosting,
  terminal: Terminal,
): Promise<ResolutionOutcome> {
  let proof: OpenPhase | undefined;
  try {
    return await hosted.run({
      ...hosting,
      wait: (work) => terminal.phase("read metadata", work),
      onStack: () => {
        proof ??= terminal.beginPhase("prove optimum");
      },
    });
  } finally {
    proof?.end();
  }
}
