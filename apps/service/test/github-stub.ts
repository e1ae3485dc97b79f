// GitHub on loopback, as far as the app needs it: what it keeps, and what it refuses, with GitHub's statuses and words.
// https://docs.github.com/en/rest

import { createHash, generateKeyPairSync, randomUUID, verify } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { bodyOf, listen } from "./locks-world.ts";

export const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const APP = "12345";
export const INSTALLATION = 77;

export type Files = Readonly<Record<string, string>>;

interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
}

export interface Pull {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  title: string;
  body: string;
  state: string;
}

export interface Issue {
  state: string;
  readonly comments: string[];
}

export class StubRepository {
  readonly name: string;
  readonly blobs = new Map<string, string>();
  readonly trees = new Map<string, readonly Entry[]>();
  readonly commits = new Map<string, Commit>();
  readonly refs = new Map<string, string>();
  readonly pulls: Pull[] = [];
  readonly issues = new Map<number, Issue>();
  defaultBranch = "main";

  constructor(name: string) {
    this.name = name;
  }

  /** A commit with exactly these files; `force`: without what was there before. */
  push(files: Files, { branch = this.defaultBranch, force = false, message = "a change" } = {}): string {
    const entries = Object.entries(files).map(([path, content]) => this.entry(path, content));
    const parent = force ? undefined : this.refs.get(`refs/heads/${branch}`);
    const commit = this.commit({
      tree: this.tree(entries),
      parents: parent === undefined ? [] : [parent],
      message,
    });
    this.refs.set(`refs/heads/${branch}`, commit);
    return commit;
  }

  entry(path: string, content: string, mode = "100644"): Entry {
    const sha = digest(`blob ${content}`);
    this.blobs.set(sha, content);
    return { path, mode, type: "blob", sha };
  }

  tree(entries: readonly Entry[]): string {
    const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
    const sha = digest(`tree ${JSON.stringify(sorted)}`);
    this.trees.set(sha, sorted);
    return sha;
  }

  /** Two that are alike are two, as those of different times are. */
  commit(commit: Commit): string {
    const sha = digest(`commit ${JSON.stringify(commit)} ${randomUUID()}`);
    this.commits.set(sha, commit);
    return sha;
  }

  filesOf(branch: string): Files {
    const commit = this.commits.get(this.refs.get(`refs/heads/${branch}`) ?? "");
    const entries = this.trees.get(commit?.tree ?? "") ?? [];
    return Object.fromEntries(entries.map(({ path, sha }) => [path, this.blobs.get(sha) ?? ""]));
  }

  isAncestor(old: string, sha: string): boolean {
    return (
      old === sha || (this.commits.get(sha)?.parents ?? []).some((parent) => this.isAncestor(old, parent))
    );
  }
}

export interface StubReply {
  readonly status: number;
  readonly document?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asked before a request is answered: a reply instead, or that the connection breaks before or after it is carried out. */
export type Fault = (request: string, count: number) => StubReply | "broken" | "lost" | undefined;

export class GitHubStub {
  readonly repositories = new Map<string, StubRepository>();
  /** `METHOD /path` of each request, in order. */
  readonly requests: string[] = [];
  readonly tokens = new Map<string, number>();
  fault: Fault = () => undefined;
  url = "";
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<GitHubStub> {
    const stub = new GitHubStub();
    stub.url = `http://127.0.0.1:${await listen(stub.#server)}`;
    return stub;
  }

  add(name: string): StubRepository {
    const repository = new StubRepository(name);
    this.repositories.set(name, repository);
    return repository;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`;
    const body = await bodyOf(request);
    this.requests.push(line);
    const fault = this.fault(line, this.requests.length);
    if (fault === "broken") return void response.destroy();
    const reply = typeof fault === "object" ? fault : this.#answer(request, body);
    if (fault === "lost") return void response.destroy();
    const { status, document = {}, headers = {} } = reply;
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(status === 204 ? "" : JSON.stringify(document));
  }

  #answer(request: IncomingMessage, text: string): StubReply {
    const url = new URL(request.url ?? "", this.url);
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (request.headers["user-agent"] === undefined)
      return { status: 403, document: { message: "no user agent" } };
    const body = text === "" ? {} : JSON.parse(text);
    const made = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(url.pathname);
    if (made !== null) return this.#makeToken(Number(made[1]), bearer);
    if ((this.tokens.get(bearer) ?? 0) < Date.now())
      return { status: 401, document: { message: "Bad credentials" } };
    const [, name = "", rest = ""] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const repository = this.repositories.get(name);
    if (repository === undefined) return notFound();
    return new Answering(repository, body, url.searchParams).answer(`${request.method} ${rest}`);
  }

  /** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
  #makeToken(installation: number, jwt: string): StubReply {
    const [head = "", claims = "", signature = ""] = jwt.split(".");
    const isSigned = verify(
      "RSA-SHA256",
      Buffer.from(`${head}.${claims}`),
      publicKey,
      Buffer.from(signature, "base64url"),
    );
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString() || "{}");
    const { iat, exp, iss } = read(claims);
    const now = Date.now() / 1000;
    const isValid =
      isSigned && read(head).alg === "RS256" && iss === APP && iat <= now && exp > now && exp - now <= 600;
    if (!isValid) return { status: 401, document: { message: "A JSON web token could not be decoded" } };
    if (installation !== INSTALLATION) return notFound();
    const token = `ghs_${randomUUID()}`;
    const expires = Date.now() + 3_600_000;
    this.tokens.set(token, expires);
    return { status: 201, document: { token, expires_at: new Date(expires).toISOString() } };
  }
}

class Answering {
  readonly #repository: StubRepository;
  // biome-ignore lint/suspicious/noExplicitAny: a body of whatever request
  readonly #body: any;
  readonly #query: URLSearchParams;

  constructor(repository: StubRepository, body: unknown, query: URLSearchParams) {
    this.#repository = repository;
    this.#body = body;
    this.#query = query;
  }

  answer(line: string): StubReply {
    const repository = this.#repository;
    if (line === "GET ")
      return ok({ full_name: repository.name, default_branch: repository.defaultBranch, private: false });
    for (const [pattern, answer] of this.#ways()) {
      const match = pattern.exec(line);
      if (match !== null) return answer(decodeURIComponent(match[1] ?? ""));
    }
    return notFound();
  }

  #ways(): readonly (readonly [RegExp, (part: string) => StubReply])[] {
    return [
      [/^GET \/git\/ref\/(.+)$/, (ref) => this.#readRef(`refs/${ref}`)],
      [/^GET \/git\/commits\/(\w+)$/, (sha) => this.#readCommit(sha)],
      [/^GET \/git\/trees\/(\w+)$/, (sha) => this.#readTree(sha)],
      [/^GET \/git\/blobs\/(\w+)$/, (sha) => this.#readBlob(sha)],
      [/^POST \/git\/trees$/, () => this.#makeTree()],
      [/^POST \/git\/commits$/, () => this.#makeCommit()],
      [/^POST \/git\/refs$/, () => this.#makeRef()],
      [/^PATCH \/git\/(refs\/.+)$/, (ref) => this.#moveRef(ref)],
      [/^GET \/pulls$/, () => this.#listPulls()],
      [/^POST \/pulls$/, () => this.#makePull()],
      [/^PATCH \/pulls\/(\d+)$/, (number) => this.#changePull(Number(number))],
      [/^GET \/issues\/(\d+)\/comments$/, (number) => this.#listComments(Number(number))],
      [/^POST \/issues\/(\d+)\/comments$/, (number) => this.#comment(Number(number))],
      [/^PATCH \/issues\/(\d+)$/, (number) => this.#changeIssue(Number(number))],
    ];
  }

  #readRef(ref: string): StubReply {
    const { refs } = this.#repository;
    if (refs.size === 0) return { status: 409, document: { message: "Git Repository is empty." } };
    const sha = refs.get(ref);
    return sha === undefined ? notFound() : ok({ ref, object: { type: "commit", sha } });
  }

  #readCommit(sha: string): StubReply {
    const commit = this.#repository.commits.get(sha);
    if (commit === undefined) return notFound();
    const { tree, parents, message } = commit;
    return ok({ sha, message, tree: { sha: tree }, parents: parents.map((parent) => ({ sha: parent })) });
  }

  #readTree(sha: string): StubReply {
    const tree = this.#repository.trees.get(sha);
    return tree === undefined ? notFound() : ok({ sha, tree, truncated: false });
  }

  #readBlob(sha: string): StubReply {
    const content = this.#repository.blobs.get(sha);
    if (content === undefined) return notFound();
    const encoded = Buffer.from(content).toString("base64").replace(/.{60}/g, "$&\n");
    return ok({ sha, content: encoded, encoding: "base64", size: Buffer.byteLength(content) });
  }

  #makeTree(): StubReply {
    const base = this.#repository.trees.get(this.#body.base_tree);
    if (base === undefined) return invalid("base_tree is not a valid tree oid");
    const entries = new Map(base.map((entry) => [entry.path, entry]));
    for (const { path, mode, content } of this.#body.tree)
      entries.set(path, this.#repository.entry(path, content, mode));
    return { status: 201, document: { sha: this.#repository.tree([...entries.values()]) } };
  }

  #makeCommit(): StubReply {
    const { tree, parents, message } = this.#body;
    if (!this.#repository.trees.has(tree)) return invalid("Tree SHA does not exist");
    if (!parents.every((parent: string) => this.#repository.commits.has(parent)))
      return invalid("Parent SHA does not exist or is not a commit object");
    return { status: 201, document: { sha: this.#repository.commit({ tree, parents, message }) } };
  }

  #makeRef(): StubReply {
    const { ref, sha } = this.#body;
    if (!/^refs\/\w+\/.+/.test(ref)) return invalid("Reference name must start with 'refs/'");
    if (this.#repository.refs.has(ref)) return invalid("Reference already exists");
    if (!this.#repository.commits.has(sha)) return invalid("Object does not exist");
    this.#repository.refs.set(ref, sha);
    return { status: 201, document: { ref, object: { sha } } };
  }

  #moveRef(ref: string): StubReply {
    const { sha, force = false } = this.#body;
    const old = this.#repository.refs.get(ref);
    if (old === undefined) return invalid("Reference does not exist");
    if (!this.#repository.commits.has(sha)) return invalid("Object does not exist");
    if (!force && !this.#repository.isAncestor(old, sha)) return invalid("Update is not a fast forward");
    this.#repository.refs.set(ref, sha);
    return ok({ ref, object: { sha } });
  }

  #listPulls(): StubReply {
    const owner = this.#repository.name.split("/")[0];
    const [state, head, base] = ["state", "head", "base"].map((name) => this.#query.get(name));
    const found = this.#repository.pulls.filter(
      (pull) =>
        (state === "all" || pull.state === (state ?? "open")) &&
        (head === null || head === `${owner}:${pull.head}`) &&
        (base === null || base === pull.base),
    );
    return ok(found);
  }

  #makePull(): StubReply {
    const { title, body = "", head, base } = this.#body;
    const { refs, pulls, name, commits } = this.#repository;
    const [from, to] = [refs.get(`refs/heads/${head}`), refs.get(`refs/heads/${base}`)];
    if (from === undefined || to === undefined)
      return invalid("Validation Failed", "head or base is invalid");
    if (this.#repository.isAncestor(from, to) || commits.get(from)?.tree === commits.get(to)?.tree)
      return invalid("Validation Failed", `No commits between ${base} and ${head}`);
    if (pulls.some((pull) => pull.state === "open" && pull.head === head && pull.base === base))
      return invalid("Validation Failed", `A pull request already exists for ${name.split("/")[0]}:${head}.`);
    const pull: Pull = { number: 100 + pulls.length, head, base, title, body, state: "open" };
    pulls.push(pull);
    return { status: 201, document: pull };
  }

  #changePull(number: number): StubReply {
    const pull = this.#repository.pulls.find((one) => one.number === number);
    if (pull === undefined) return notFound();
    Object.assign(pull, this.#body);
    return ok(pull);
  }

  #listComments(number: number): StubReply {
    const issue = this.#repository.issues.get(number);
    return issue === undefined ? notFound() : ok(issue.comments.map((body, at) => ({ id: at + 1, body })));
  }

  #comment(number: number): StubReply {
    const issue = this.#repository.issues.get(number);
    if (issue === undefined) return notFound();
    issue.comments.push(this.#body.body);
    return { status: 201, document: { id: issue.comments.length, body: this.#body.body } };
  }

  #changeIssue(number: number): StubReply {
    const issue = this.#repository.issues.get(number);
    if (issue === undefined) return notFound();
    issue.state = this.#body.state ?? issue.state;
    return ok({ number, state: issue.state });
  }
}

function ok(document: unknown): StubReply {
  return { status: 200, document };
}

function notFound(): StubReply {
  return {
    status: 404,
    document: { message: "Not Found", documentation_url: "https://docs.github.com/rest" },
  };
}

function invalid(message: string, detail?: string): StubReply {
  return {
    status: 422,
    document: { message, ...(detail === undefined ? {} : { errors: [{ code: "custom", message: detail }] }) },
  };
}

function digest(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
