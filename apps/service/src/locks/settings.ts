// What the operator decides about callbacks and the GitHub app, from variables of the environment.

import { createPrivateKey } from "node:crypto";
import { parseAllowedHosts, Secret } from "@thoth/index";
import { quote, ThothError } from "@thoth/pep";
import { PUBLIC } from "../access/tenants.ts";
import type { AdviceQuestion } from "../questions/question.ts";
import type { GitHubSettings } from "./github/github-settings.ts";
import type { PostRules } from "./post.ts";

export interface LockSettings {
  readonly rules: PostRules;
  /** Undefined: there is no app. */
  readonly github: GitHubSettings | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;
type Goal = AdviceQuestion["recommendationType"];

const TIME = 15_000;
const API = "https://api.github.com";
const GOALS: readonly Goal[] = ["latest", "stable", "testing", "security", "performance"];

/**
 * Throws `usage`. `isPublic`: whether an address is a server's on the internet.
 *
 * - `THOTH_CALLBACK_HOSTS`: as `THOTH_ALLOWED_HOSTS`; those with a `+` may be called back at internal addresses
 * - `THOTH_CALLBACK_HTTP`: `allow` where callbacks need not be encrypted
 * - `THOTH_GITHUB_APP`: its number or client id; with it `THOTH_GITHUB_KEY` (PEM) and `THOTH_GITHUB_WEBHOOK_SECRET`
 * - `THOTH_GITHUB_API`, `THOTH_GITHUB_TENANT`, `THOTH_GITHUB_RECOMMENDATION_TYPE`
 */
export function readLockSettings(variables: Variables, isPublic: (address: string) => boolean): LockSettings {
  return {
    rules: {
      isPublic,
      hosts: parseAllowedHosts(variables["THOTH_CALLBACK_HOSTS"] ?? ""),
      plain: readPlain(variables["THOTH_CALLBACK_HTTP"] ?? ""),
      time: TIME,
    },
    github: readGitHub(variables),
  };
}

function readPlain(text: string): boolean {
  if (text === "" || text === "allow") return text === "allow";
  throw new ThothError("usage", `\`THOTH_CALLBACK_HTTP\` cannot be ${quote(text)}`, {
    hint: "Write `allow`, or nothing.",
  });
}

function readGitHub(variables: Variables): GitHubSettings | undefined {
  const app = variables["THOTH_GITHUB_APP"] ?? "";
  if (app === "") return undefined;
  return {
    app,
    key: readKey(needed(variables, "THOTH_GITHUB_KEY")),
    secret: new Secret(needed(variables, "THOTH_GITHUB_WEBHOOK_SECRET")),
    api: readApi(variables["THOTH_GITHUB_API"] || API),
    tenant: variables["THOTH_GITHUB_TENANT"] || PUBLIC,
    recommendationType: readGoal(variables["THOTH_GITHUB_RECOMMENDATION_TYPE"] || "security"),
  };
}

function needed(variables: Variables, name: string): string {
  const text = variables[name] ?? "";
  if (text !== "") return text;
  throw new ThothError("usage", `\`${name}\` is missing`, {
    hint: "A GitHub app has a number, a key and a secret.",
  });
}

/** Where a variable can have but one line, its ends are written as `\n`. */
function readKey(text: string): Secret {
  const pem = text.replaceAll("\\n", "\n");
  try {
    if (createPrivateKey(pem).asymmetricKeyType === "rsa") return new Secret(pem);
  } catch {
    // The text itself is not told: it may be a key with a slip of the hand in it.
  }
  throw new ThothError("usage", "`THOTH_GITHUB_KEY` is no RSA key in PEM");
}

function readApi(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, "");
  throw new ThothError("usage", `\`THOTH_GITHUB_API\` cannot be ${quote(text)}`);
}

function readGoal(text: string): Goal {
  const goal = GOALS.find((known) => known === text);
  if (goal !== undefined) return goal;
  throw new ThothError("usage", `\`THOTH_GITHUB_RECOMMENDATION_TYPE\` cannot be ${quote(text)}`, {
    hint: `Write one of ${GOALS.join(", ")}.`,
  });
}
