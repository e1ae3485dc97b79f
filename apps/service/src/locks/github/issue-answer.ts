// Answers an issue that asked for an update, once, and closes it.

import type { GitHubClient } from "./github-client.ts";
import type { Repository } from "./project-files.ts";

export interface IssueAnswer {
  readonly issue: number;
  /** Whoever reads the issue's source finds it: by it an answer that is there is known. */
  readonly mark: string;
  readonly text: string;
}

export async function answerIssue(
  client: GitHubClient,
  { name, installation }: Repository,
  { issue, mark, text }: IssueAnswer,
): Promise<void> {
  const path = `/repos/${name}/issues/${issue}`;
  const said = await client.ask(installation, { method: "GET", path: `${path}/comments?per_page=100` });
  const sign = `<!-- ${mark} -->`;
  const comments = said.document as readonly { readonly body?: string }[];
  if (!comments.some(({ body }) => body?.includes(sign)))
    await client.ask(installation, {
      method: "POST",
      path: `${path}/comments`,
      body: { body: `${text}\n\n${sign}` },
    });
  await client.ask(installation, {
    method: "PATCH",
    path,
    body: { state: "closed", state_reason: "completed" },
  });
}
