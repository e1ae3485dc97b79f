// Times, lines and links of an OSV document, made safe to keep and to show.
// https://ossf.github.io/osv-schema/#published-field

const LONGEST_LINE = 200;
const LONGEST_LINK = 2_000;
/** RFC 3339, and the looser forms that YAML 1.1 gives a time. */
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?\s?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?$/;
/** Control characters, line separators, and what turns the direction of writing. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Seconds since 1970; 0 for what is no time, or one before 1970. Without a zone it is UTC. */
export function readTime(value: unknown): number {
  if (typeof value !== "string" || value.length > 60) return 0;
  const match = TIME.exec(value);
  if (match === null) return 0;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return 0;
  const ahead = (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0)) * (match[7] === "-" ? -60 : 60);
  return Math.max(0, Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - ahead);
}

/** The first line that has text, at most 200 characters; empty where there is none. */
export function readLine(value: unknown): string {
  if (typeof value !== "string") return "";
  // What matters stands at the beginning; the rest of a long text is not looked at.
  const lines = value.slice(0, 20 * LONGEST_LINE).split(/[\r\n\u2028\u2029]+/);
  for (const line of lines) {
    const text = line.toWellFormed().replace(UNSAFE, " ").replace(/\s+/g, " ").trim();
    if (text !== "") return cut(text);
  }
  return "";
}

function cut(text: string): string {
  if (text.length <= LONGEST_LINE) return text;
  let end = LONGEST_LINE - 1;
  // Not between the two halves of one character.
  if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** An absolute address that may be opened, without secrets; undefined for anything else. */
export function readLink(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > LONGEST_LINK) return undefined;
  const url = URL.parse(value);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  if (url.username !== "" || url.password !== "" || url.href.length > LONGEST_LINK) return undefined;
  return url.href;
}

/** The page of an advisory where no reference of its own is better. */
export function osvPage(id: string): string {
  return `https://osv.dev/vulnerability/${encodeURIComponent(id)}`;
}
