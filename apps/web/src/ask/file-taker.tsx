// Takes files that are chosen or dropped, one or several: a project, and the lock that is in use.

import * as React from "react";
import { type GivenFile, MOST_BYTES, recognizeFile } from "./given-file.ts";

interface FileTakerProps {
  readonly take: (files: readonly GivenFile[]) => void;
  readonly children: React.ReactNode;
}

export function FileTaker({ take, children }: FileTakerProps): React.ReactElement {
  const [isOver, setOver] = React.useState(false);
  const chooser = React.useRef<HTMLInputElement>(null);
  const read = async (files: readonly File[]) => take(await Promise.all(files.map(readFile)));
  const drop = (event: React.DragEvent) => {
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length === 0) return;
    event.preventDefault();
    void read(files);
  };
  const choose = (event: React.ChangeEvent<HTMLInputElement>) => {
    void read([...(event.target.files ?? [])]);
    // The same file may be chosen again after it was changed.
    event.target.value = "";
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button below does the same for those without a mouse.
    <div
      className={isOver ? "taker over" : "taker"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
      <p className="quiet">
        <button type="button" onClick={() => chooser.current?.click()}>
          Choose a file
        </button>{" "}
        or drop it here: a notebook, a Pipfile, pyproject.toml or requirements.txt; and the lock in use, if
        there is one.
      </p>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label="Files of the project"
        accept=".ipynb,.txt,.in,.toml,.lock,Pipfile,text/plain,application/json"
        onChange={choose}
      />
    </div>
  );
}

async function readFile(file: File): Promise<GivenFile> {
  if (file.size > MOST_BYTES)
    return { kind: "unknown", name: file.name, why: `it is larger than ${MOST_BYTES / 1_000_000} MB` };
  return recognizeFile(file.name, await file.text());
}
