// A question to the service for as long as a page shows its answer, and what is shown of a refusal.

import * as React from "react";
import { capital, Sentence } from "../frame/sentence.tsx";
import type { Refusal } from "./client.ts";
import { currentToken, keepToken } from "./token.ts";

export type Answer<T> = T | { readonly kind: "waiting" };

/** `key`: of the question. Another key asks anew; `again` asks the same once more. */
export function useAnswer<T extends { readonly kind: "answered" | "refused" }>(
  key: string,
  ask: (signal: AbortSignal) => Promise<T>,
): readonly [answer: Answer<T>, again: () => void] {
  const [answer, setAnswer] = React.useState<Answer<T>>({ kind: "waiting" });
  const [round, setRound] = React.useState(0);
  const asking = React.useRef(ask);
  asking.current = ask;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked, the round how often.
  React.useEffect(() => {
    const gone = new AbortController();
    setAnswer((before) => (round > 0 && before.kind === "answered" ? before : { kind: "waiting" }));
    asking
      .current(gone.signal)
      .then(setAnswer)
      .catch((error: unknown) => {
        if (!gone.signal.aborted) throw error;
      });
    return () => gone.abort();
  }, [key, round]);
  const again = React.useCallback(() => setRound((before) => before + 1), []);
  return [answer, again];
}

interface RefusedProps {
  readonly refusal: Refusal;
  readonly again?: () => void;
}

/** What was refused, and the way on: a token, waiting, or trying again. */
export function Refused({ refusal, again }: RefusedProps): React.ReactElement {
  const { status, code, message, hint, retryAfter } = refusal;
  return (
    <div className="failure" role="alert">
      <p className="first">
        <Sentence text={capital(message)} /> <span className="code">{code}</span>
      </p>
      {hint !== undefined && (
        <p>
          <Sentence text={hint} />
        </p>
      )}
      {retryAfter !== undefined && <p>It may be tried again in {Math.max(1, Math.ceil(retryAfter))} s.</p>}
      {status === 401 && again !== undefined && <TokenForm done={again} />}
      {again !== undefined && status !== 401 && status !== 404 && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

function TokenForm({ done }: { readonly done: () => void }): React.ReactElement {
  const [token, setToken] = React.useState("");
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    keepToken(token.trim());
    done();
  };
  return (
    <form onSubmit={submit} className="row">
      <label className="field">
        Token
        <input
          type="password"
          autoComplete="off"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
      </label>
      <button type="submit" disabled={token.trim() === "" && currentToken() === undefined}>
        Use it
      </button>
      <p className="quiet">It is kept until this window is closed, and sent to this service only.</p>
    </form>
  );
}

/** What a page says while it waits; nothing for the first moment, so that what is quick does not flicker. */
export function Waiting({ what }: { readonly what: string }): React.ReactElement {
  return (
    <p role="status" className="waiting">
      {what} …
    </p>
  );
}
