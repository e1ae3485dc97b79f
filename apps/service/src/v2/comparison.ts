// Two results side by side.

import type { ComparisonDocument, v2Operations } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import type { Handler, Handlers, Incoming } from "../http/handler.ts";
import type { Service } from "../service.ts";

/** As far as it is read here; the whole is the advice of contract. */
export interface AdviceLike {
  readonly products: readonly {
    readonly objective: readonly { readonly level: string; readonly value: number }[];
    readonly packages: readonly {
      readonly name: string;
      readonly version: string;
      readonly justification: ComparisonDocument["changed"][number]["reasons"];
    }[];
  }[];
}

export function comparisonHandlers(service: Service): Pick<Handlers<typeof v2Operations>, "compareResults"> {
  const compare: Handler = async (incoming) => {
    const { before = "", after = "" } = incoming.query;
    const [old, young] = [
      await adviceOf(service, incoming, before),
      await adviceOf(service, incoming, after),
    ];
    return { status: 200, document: comparisonOf({ before, after, old, young }) };
  };
  return { compareResults: compare };
}

async function adviceOf(service: Service, { caller }: Incoming, id: string): Promise<AdviceLike> {
  const job = await service.queue.read(caller.tenant, id);
  if (job === undefined) throw new ThothError("not-found", "there is no such job");
  const result = job.state === "done" ? await service.queue.result(id) : undefined;
  const document =
    result && (JSON.parse(Buffer.from(result.document).toString("utf8")) as Partial<AdviceLike>);
  if (document?.products === undefined)
    throw new ThothError("conflict", "a job has no advice that could be compared", { details: { job: id } });
  return document as AdviceLike;
}

interface Sides {
  readonly before: string;
  readonly after: string;
  readonly old: AdviceLike;
  readonly young: AdviceLike;
}

export function comparisonOf({ before, after, old, young }: Sides): ComparisonDocument {
  const [from, to] = [packagesOf(old), packagesOf(young)];
  const names = [...new Set([...from.keys(), ...to.keys()])].sort();
  const changed = names
    .filter((name) => from.get(name)?.version !== to.get(name)?.version)
    .map((name) => ({
      name,
      from: from.get(name)?.version ?? null,
      to: to.get(name)?.version ?? null,
      reasons: to.get(name)?.justification ?? [],
    }));
  return { before, after, same: names.length - changed.length, changed, levels: levelsOf(old, young) };
}

function packagesOf({ products: [product] }: AdviceLike) {
  return new Map((product?.packages ?? []).map((one) => [one.name, one]));
}

function levelsOf(old: AdviceLike, young: AdviceLike): ComparisonDocument["levels"] {
  const valuesOf = ({ products: [product] }: AdviceLike) =>
    new Map((product?.objective ?? []).map(({ level, value }) => [level, value]));
  const [from, to] = [valuesOf(old), valuesOf(young)];
  return [...new Set([...from.keys(), ...to.keys()])].map((level) => ({
    level,
    before: from.get(level) ?? null,
    after: to.get(level) ?? null,
  }));
}
