// Links of justifications. A link is an address, several of them with spaces between, or the id of a page of
// explanations that Thoth keeps.

const EXPLANATIONS = "https://thoth-station.ninja/j/";

/** Whether `text` is what a browser may be sent to. */
export function isReadableUrl(text: string): boolean {
  return /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text);
}

export function isExplanationId(text: string): boolean {
  return /^[a-z0-9_-]+$/.test(text);
}

export function isLink(text: string): boolean {
  return isExplanationId(text) || text.split(/\s+/).every(isReadableUrl);
}

/** The addresses that a link of a rule leads to. */
export function linksOf(link: string): readonly string[] {
  return isExplanationId(link) ? [EXPLANATIONS + link] : link.split(/\s+/);
}
