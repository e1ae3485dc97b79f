// Questions that are all different: projects of the other benchmarks, and pairs of well-known packages, each by all types.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AS_OF } from "../inspections/series.ts";

export interface Asked {
  readonly content: string;
  readonly type: string;
  /** What is sent. */
  readonly body: string;
}

export const PYTHON = "3.11";
const TYPES = ["latest", "stable", "testing", "security", "performance"] as const;
const projects = fileURLToPath(new URL("../projects/", import.meta.url));
const KNOWN =
  "requests flask django pandas scikit-learn matplotlib sqlalchemy celery pydantic fastapi aiohttp httpx rich typer click jinja2 pytest networkx sympy pillow".split(
    " ",
  );

export function distinctQuestions(count: number): readonly Asked[] {
  const texts = readdirSync(projects)
    .toSorted()
    .map((name) => readFileSync(`${projects}${name}`, "utf8"));
  for (let apart = 1; texts.length < count; apart++)
    for (let at = 0; at + apart < KNOWN.length && texts.length < count; at++)
      texts.push(`${KNOWN[at]}\n${KNOWN[at + apart]}\n`);
  return texts
    .slice(0, count)
    .flatMap((content) =>
      TYPES.map((type) => ({ content, type, body: JSON.stringify(bodyOf(content, type)) })),
    );
}

function bodyOf(content: string, recommendationType: string): object {
  return {
    project: { content, form: "requirements" },
    environment: { pythonVersion: PYTHON, platform: "linux" },
    recommendationType,
    asOf: AS_OF,
  };
}
