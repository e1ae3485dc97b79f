// The release of matplotlib in the text chunk of a picture that it drew. https://www.w3.org/TR/png-3/#11tEXt

const SIGNATURE = "\u0089PNG\r\n\u001a\n";
const CHUNK_HEAD = 8;
const CHUNK_END = 4;

/** Of the beginning of a PNG in base64; undefined where another program drew it. */
export function matplotlibVersion(base64: string): string | undefined {
  const bytes = decodeBase64(base64);
  if (!bytes.startsWith(SIGNATURE)) return undefined;
  for (let at = SIGNATURE.length; at + CHUNK_HEAD <= bytes.length; ) {
    const length = lengthAt(bytes, at);
    const type = bytes.slice(at + 4, at + CHUNK_HEAD);
    if (type === "tEXt") {
      const text = bytes.slice(at + CHUNK_HEAD, at + CHUNK_HEAD + length);
      const version = /^Software\0matplotlib version ?(\d+(?:\.\d+){1,3}(?:(?:a|b|rc)\d+)?)/i.exec(text)?.[1];
      if (version !== undefined) return version;
    }
    at += CHUNK_HEAD + length + CHUNK_END;
  }
  return undefined;
}

function lengthAt(bytes: string, at: number): number {
  let length = 0;
  for (let index = at; index < at + 4; index++) length = length * 256 + bytes.charCodeAt(index);
  return length;
}

/** Each byte as one UTF-16 unit; what is cut off in the middle of four characters is left out. */
function decodeBase64(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9+/]/g, "");
  return atob(clean.slice(0, clean.length - (clean.length % 4)));
}
