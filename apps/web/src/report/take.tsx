// What the reader may take along: the lock in two forms, the report as it is, and the address of this page.

import * as React from "react";
import { Link } from "../frame/link.tsx";
import { addressOf } from "../frame/place.ts";
import { pylockText, requirementsText } from "./lock-files.ts";
import type { AdvisedStack } from "./model.ts";

interface TakeProps {
  readonly id: string | undefined;
  readonly stack: AdvisedStack;
  readonly source: unknown;
  readonly name: string;
}

export function Take({ id, stack: { lock }, source, name }: TakeProps): React.ReactElement {
  return (
    <div className="actions take">
      <Download file="pylock.toml" type="application/toml" text={() => pylockText(lock)} />
      <Download file="requirements.txt" type="text/plain" text={() => requirementsText(lock)} />
      <Download
        file={`${name}.json`}
        type="application/json"
        text={() => `${JSON.stringify(source, undefined, 2)}\n`}
      />
      {id !== undefined && <CopyAddress />}
      {id !== undefined && (
        <Link to={`${addressOf.compare}?${new URLSearchParams({ after: id })}`}>Compare</Link>
      )}
    </div>
  );
}

interface DownloadProps {
  readonly file: string;
  readonly type: string;
  readonly text: () => string;
}

function Download({ file, type, text }: DownloadProps): React.ReactElement {
  const download = () => {
    const address = URL.createObjectURL(new Blob([text()], { type: `${type};charset=utf-8` }));
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.download = file;
    anchor.click();
    // The browser has it by then.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  return (
    <button type="button" onClick={download}>
      Download {file}
    </button>
  );
}

function CopyAddress(): React.ReactElement {
  const [said, setSaid] = React.useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href.split("#")[0] ?? location.href);
      setSaid("Copied.");
    } catch {
      setSaid("The browser does not allow it; copy the address from above.");
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        Copy the link
      </button>
      <span role="status" className="quiet">
        {said}
      </span>
    </>
  );
}
