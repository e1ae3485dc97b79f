// An index of small projects that need each other, for questions that are all different and take a moment.

import { buildWheel, type IndexServer, startIndex } from "@thoth/testkit";

const PROJECTS = 24;
const RELEASES = 6;

export async function startSmallIndex(): Promise<IndexServer> {
  const projects = Object.fromEntries(
    Array.from({ length: PROJECTS }, (_, at) => [
      `project-${at}`,
      Array.from({ length: RELEASES }, (_unused, minor) =>
        buildWheel({
          name: `project-${at}`,
          version: `1.${minor}`,
          requires:
            at + 3 < PROJECTS ? [`project-${at + 1}>=1.${Math.min(minor, 3)}`, `project-${at + 3}`] : [],
        }),
      ),
    ]),
  );
  return await startIndex({ projects });
}

/** The `number`-th of many different questions. */
export function questionOf(number: number): object {
  const [first, second] = [number % PROJECTS, (number * 7 + 3) % PROJECTS];
  const minor = Math.floor(number / PROJECTS) % RELEASES;
  const bound = number % 2 === 0 ? ">=" : "<=";
  return {
    project: {
      content: `project-${first}\nproject-${second}${bound}1.${minor}\n# ${number}\n`,
      form: "requirements",
    },
    environment: { pythonVersion: "3.11", platform: "linux" },
    recommendationType: "latest",
    asOf: "2026-01-01",
  };
}
