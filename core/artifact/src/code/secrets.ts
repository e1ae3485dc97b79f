// Secrets that were published by mistake: tokens whose form is known, told from examples by check sums, by their structure
// or by how evenly their characters are spread, and private keys. No finding holds any part of a secret.

import { type Finding, isAside } from "./finding.ts";
import { hasGithubSum, isLikelyRandom, isPrivateKeyBody, isPypiToken } from "./secret-checks.ts";

interface Form {
  readonly what: string;
  /** What every match holds: looked for first, which costs next to nothing. */
  readonly holds: string;
  readonly pattern: RegExp;
  /** `high`: the text proves itself. */
  readonly confidence: Finding["confidence"];
  /** Of the whole match. */
  readonly check: (token: string) => boolean;
}

const FORMS: readonly Form[] = [
  {
    what: "token of GitHub",
    holds: "gh",
    pattern: /\bgh[opsur]_[A-Za-z0-9]{36}\b/g,
    confidence: "high",
    check: hasGithubSum,
  },
  {
    what: "token of npm",
    holds: "npm_",
    pattern: /\bnpm_[A-Za-z0-9]{36}\b/g,
    confidence: "high",
    check: hasGithubSum,
  },
  {
    what: "token of GitHub",
    holds: "github_pat_",
    pattern: /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "token of PyPI",
    holds: "pypi-AgE",
    pattern: /\bpypi-AgE[A-Za-z0-9_-]{60,400}/g,
    confidence: "high",
    check: isPypiToken,
  },
  {
    what: "token of GitLab",
    holds: "glpat-",
    pattern: /\bglpat-[A-Za-z0-9_-]{20}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "token of Slack",
    holds: "xox",
    pattern: /\bxox[abprs]-\d{9,14}-\d{9,14}-(?:\d{9,14}-)?[A-Za-z0-9]{24,34}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "webhook of Slack",
    holds: "hooks.slack.com",
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,11}\/B[A-Z0-9]{8,11}\/[A-Za-z0-9]{24}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "webhook of Discord",
    holds: "/api/webhooks/",
    pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[A-Za-z0-9_-]{60,80}/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "token of a Telegram bot",
    holds: ":AA",
    pattern: /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "key of Stripe",
    holds: "k_live_",
    pattern: /\b[rs]k_live_[A-Za-z0-9]{24,99}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "key of Google",
    holds: "AIza",
    pattern: /\bAIza[A-Za-z0-9_-]{35}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "key of SendGrid",
    holds: "SG.",
    pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
  {
    what: "key of OpenAI",
    holds: "T3BlbkFJ",
    pattern: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,80}T3BlbkFJ[A-Za-z0-9_-]{20,80}/g,
    confidence: "high",
    check: isLikelyRandom,
  },
  {
    what: "key of Anthropic",
    holds: "sk-ant-",
    pattern: /\bsk-ant-[a-z0-9]{3,8}-[A-Za-z0-9_-]{80,120}/g,
    confidence: "high",
    check: isLikelyRandom,
  },
  {
    what: "token of Hugging Face",
    holds: "hf_",
    pattern: /\bhf_[A-Za-z]{34}\b/g,
    confidence: "medium",
    check: isLikelyRandom,
  },
];

/** The identifier of a key of AWS is no secret; with a key near it, both are. */
const AWS_ID = /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g;
const AWS_KEY = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
/** Characters before and behind the identifier in which its key is looked for. */
const NEAR = 240;
const KEY_BEGIN = /-----BEGIN ((?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY)-----/g;
const LONGEST_KEY = 16_384;
const LONGEST_TEXT = 4 * 1024 * 1024;
const MOST_FINDINGS = 50;
/** Beginnings of private keys that are looked at. */
const MOST_KEYS = 1000;

/** Of a text of at most 4 MiB; what is longer is no source. */
export function findSecrets(path: string, text: string): Finding[] {
  if (text.length > LONGEST_TEXT) return [];
  const places: { readonly at: number; readonly what: string; readonly confidence: Finding["confidence"] }[] =
    [];
  for (const { what, holds, pattern, confidence, check } of FORMS) {
    if (!text.includes(holds)) continue;
    for (const match of text.matchAll(pattern))
      if (places.length < MOST_FINDINGS && check(match[0]))
        places.push({ at: match.index, what, confidence });
  }
  for (const match of text.matchAll(AWS_ID))
    if (places.length < MOST_FINDINGS && isLikelyRandom(match[0]) && hasAwsKey(text, match.index))
      places.push({ at: match.index, what: "key of AWS", confidence: "medium" });
  let keys = 0;
  for (const match of text.matchAll(KEY_BEGIN))
    if (++keys > MOST_KEYS) break;
    else if (places.length < MOST_FINDINGS && isPrivateKey(text, match))
      places.push({ at: match.index, what: "private key", confidence: "high" });
  return places
    .sort((a, b) => a.at - b.at)
    .map(({ at, what, confidence }) => ({
      kind: "secret",
      // Keys of tests are made for them.
      severity: isAside(path) ? "low" : what === "private key" ? "medium" : "high",
      confidence,
      path,
      line: lineAt(text, at),
      message: `a ${what} stands here for everybody to read`,
    }));
}

function hasAwsKey(text: string, at: number): boolean {
  const around = text.slice(Math.max(0, at - NEAR), at + NEAR);
  for (const [key] of around.matchAll(AWS_KEY))
    if (isLikelyRandom(key) && /[a-z]/.test(key) && /\d/.test(key)) return true;
  return false;
}

function isPrivateKey(text: string, match: RegExpMatchArray): boolean {
  const start = (match.index ?? 0) + match[0].length;
  const rest = text.slice(start, start + LONGEST_KEY);
  const end = rest.indexOf(`-----END ${match[1]}-----`);
  return end > 0 && isPrivateKeyBody(rest.slice(0, end));
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf("\n"); next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line++;
  return line;
}
