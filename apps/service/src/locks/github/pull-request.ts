// The one pull request of a repository: a commit on a branch of ours, made anew on the branch that it is for. Each step looks
// at what is there, so that the whole can be begun again wherever it was left. https://docs.github.com/en/rest/git

import { type GitHubAnswer, type GitHubClient, GitHubFailure } from "./github-client.ts";
import type { Head, Repository } from "./project-files.ts";
import { type PullWords, TRAILER } from "./pull-text.ts";

export interface Proposal {
  readonly head: Head;
  readonly path: string;
  readonly text: string;
  readonly words: PullWords;
}

export const UPDATE_BRANCH = "thoth/update";

interface Pull {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
}

interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly tree: { readonly sha: string };
  readonly parents: readonly { readonly sha: string }[];
}

export class PullRequests {
  readonly #client: GitHubClient;
  readonly #repository: Repository;

  constructor(client: GitHubClient, repository: Repository) {
    this.#client = client;
    this.#repository = repository;
  }

  /** The number of the pull request; undefined where the file is there already. Throws GitHubFailure, GitHubLimit. */
  async propose(proposal: Proposal): Promise<number | undefined> {
    const tree = await this.#makeTree(proposal);
    if (tree === proposal.head.tree) {
      await this.withdraw(proposal.head.branch);
      return undefined;
    }
    await this.#moveBranch(proposal, tree);
    return await this.#open(proposal);
  }

  /** There is nothing to be proposed any more. */
  async withdraw(base: string): Promise<void> {
    const open = await this.#find(base);
    if (open !== undefined) await this.#ask("PATCH", `/pulls/${open.number}`, { state: "closed" });
  }

  async #makeTree({ head, path, text }: Proposal): Promise<string> {
    const { document } = await this.#ask("POST", "/git/trees", {
      base_tree: head.tree,
      tree: [{ path, mode: "100644", type: "blob", content: text }],
    });
    return (document as { readonly sha: string }).sha;
  }

  async #moveBranch({ head, words }: Proposal, tree: string): Promise<void> {
    const last = await this.#lastCommit();
    if (last?.tree.sha === tree && last.parents[0]?.sha === head.commit) return;
    // What somebody has built upon ours is his.
    if (last !== undefined && !last.message.includes(TRAILER))
      throw new GitHubFailure(`the branch ${UPDATE_BRANCH} has commits of somebody else`, 409);
    const { document } = await this.#ask("POST", "/git/commits", {
      message: words.message,
      tree,
      parents: [head.commit],
    });
    const { sha } = document as { readonly sha: string };
    const { status } =
      last === undefined
        ? await this.#ask("POST", "/git/refs", { ref: `refs/heads/${UPDATE_BRANCH}`, sha }, [422])
        : await this.#ask("PATCH", `/git/refs/heads/${UPDATE_BRANCH}`, { sha, force: true }, [422]);
    if (status === 422) throw changedMeanwhile();
  }

  async #lastCommit(): Promise<Commit | undefined> {
    const ref = await this.#ask("GET", `/git/ref/heads/${UPDATE_BRANCH}`, undefined, [404]);
    if (ref.status === 404) return undefined;
    const { object } = ref.document as { readonly object: { readonly sha: string } };
    return (await this.#ask("GET", `/git/commits/${object.sha}`)).document as Commit;
  }

  async #open({ head, words: { title, body } }: Proposal): Promise<number> {
    const open = await this.#find(head.branch);
    if (open === undefined) {
      const wish = { title, body, head: UPDATE_BRANCH, base: head.branch };
      const { status, document } = await this.#ask("POST", "/pulls", wish, [422]);
      if (status === 422) throw changedMeanwhile();
      return (document as Pull).number;
    }
    if (open.title !== title || open.body !== body)
      await this.#ask("PATCH", `/pulls/${open.number}`, { title, body });
    return open.number;
  }

  async #find(base: string): Promise<Pull | undefined> {
    const [owner = ""] = this.#repository.name.split("/");
    const wish = new URLSearchParams({ state: "open", head: `${owner}:${UPDATE_BRANCH}`, base });
    const [first] = (await this.#ask("GET", `/pulls?${wish}`)).document as readonly Pull[];
    return first;
  }

  async #ask(
    method: "GET" | "POST" | "PATCH",
    path: string,
    body?: unknown,
    expected: readonly number[] = [],
  ): Promise<GitHubAnswer> {
    const { name, installation } = this.#repository;
    return await this.#client.ask(installation, { method, path: `/repos/${name}${path}`, body, expected });
  }
}

/** Another attempt sees what is there now. */
function changedMeanwhile(): GitHubFailure {
  return new GitHubFailure("the repository was changed meanwhile");
}
