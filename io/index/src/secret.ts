// Text that must never be shown: whoever prints, logs or serializes it sees three asterisks.

const SHOWN = "***";

export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the wire only. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SHOWN;
  }
}

/** The `Authorization` of a user and password: https://www.rfc-editor.org/rfc/rfc7617 */
export function basicAuthorization(user: string, password: string): Secret {
  return new Secret(`Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`);
}

/** The `Authorization` of whoever bears a token: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearerAuthorization(token: string): Secret {
  return new Secret(`Bearer ${token}`);
}
