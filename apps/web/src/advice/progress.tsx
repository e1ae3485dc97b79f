// How far a question is, and the way to end it, or to wait no longer.

import type { JobDocument } from "@thoth/contract/service";
import * as React from "react";
import { api } from "../api/client.ts";
import { currentToken } from "../api/token.ts";
import { capital, lasted } from "../frame/sentence.tsx";
import { Log } from "./log.tsx";

interface ProgressProps {
  readonly job: JobDocument;
  readonly isLost: boolean;
  /** Called when whoever looks would wait no longer. */
  readonly leave: () => void;
}

export function Progress({ job, isLost, leave }: ProgressProps): React.ReactElement {
  const { id, state, progress, attempt } = job;
  const total = progress?.total ?? 0;
  const seconds = useSecondsSince(job.started ?? job.created);
  const counted = total > 0 ? `${progress?.done} of ${total}` : "";
  return (
    <div className="working">
      <p className="step">
        <strong>
          {state === "ready" ? "Waiting for its turn" : capital(progress?.label ?? "Beginning")}
        </strong>{" "}
        <span className="quiet">{[counted, lasted(seconds)].filter((word) => word !== "").join(" · ")}</span>
      </p>
      <progress aria-label="Progress" {...(total > 0 ? { value: progress?.done, max: total } : {})} />
      {attempt > 1 && <p className="quiet">It was begun again ({attempt} times so far).</p>}
      {isLost && <p>The service does not answer at the moment. The page goes on trying.</p>}
      <p>You may close this page: the answer will be found under this address.</p>
      {/* Strangers who ask the same share a job: who has no token ends none. */}
      {currentToken() === undefined ? (
        <div className="actions">
          <button type="button" onClick={leave}>
            Stop waiting
          </button>
        </div>
      ) : (
        <Cancel id={id} />
      )}
      <Log id={id} />
    </div>
  );
}

function Cancel({ id }: { readonly id: string }): React.ReactElement {
  const [trouble, setTrouble] = React.useState("");
  const [isAsked, setAsked] = React.useState(false);
  const cancel = async () => {
    setAsked(true);
    const outcome = await api.cancelJob({ places: { id } });
    if (outcome.kind === "answered") return;
    setAsked(false);
    setTrouble(`It was not cancelled: ${outcome.message}.`);
  };
  return (
    <div className="actions">
      <button type="button" disabled={isAsked} onClick={() => void cancel()}>
        {isAsked ? "Cancelling …" : "Cancel"}
      </button>
      <span role="status">{trouble}</span>
    </div>
  );
}

function useSecondsSince(date: string): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.floor((now - Date.parse(date)) / 1000)) || 0;
}
