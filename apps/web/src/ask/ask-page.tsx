// Asks for advice: text that is typed or pasted, or a file that is chosen or dropped, and how to choose.

import type { AdviceRequest } from "@thoth/contract/service";
import * as React from "react";
import { Refused } from "../api/use-answer.tsx";
import { plural } from "../frame/sentence.tsx";
import { Title } from "../frame/title.tsx";
import { Asked } from "./asked.tsx";
import { type Choices, Choosing, choicesOf, requestOf, USUAL } from "./choices.tsx";
import { EXAMPLE } from "./example.ts";
import { FileTaker } from "./file-taker.tsx";
import {
  FORM_NAMES,
  type Form,
  formByContent,
  type GivenFile,
  notebookCode,
  pythonIn,
} from "./given-file.ts";
import { draft } from "./own-questions.ts";
import { useAsking } from "./use-asking.ts";

interface Given {
  /** Of the file; empty where the text was typed. */
  readonly name: string;
  readonly content: string;
  /** Undefined: by what the text looks like. */
  readonly form: Form | undefined;
  readonly lock?: { readonly name: string } & Required<Pick<AdviceRequest["project"], "lock" | "lockForm">>;
}

const NOTHING: Given = { name: "", content: "", form: undefined };

export function AskPage(): React.ReactElement {
  const before = React.useMemo(draft, []);
  const [given, setGiven] = React.useState<Given>(() => givenOf(before));
  const [choices, setChoices] = React.useState<Choices>(() => (before ? choicesOf(before) : USUAL));
  const [trouble, setTrouble] = React.useState("");
  const { ask, refusal, isAsking } = useAsking();
  const submit = (event?: React.FormEvent) => {
    event?.preventDefault();
    const project = projectOf(given);
    setTrouble(typeof project === "string" ? project : "");
    if (typeof project !== "string") void ask(requestOf(project, choices), given.name);
  };
  const take = (files: readonly GivenFile[]) => {
    setTrouble(troubleOf(files));
    setGiven((now) => files.reduce(withFile, now));
    const python = files.flatMap((file) =>
      file.kind === "project" ? (pythonIn(file.form, file.content) ?? []) : [],
    )[0];
    if (python !== undefined) setChoices((now) => ({ ...now, python }));
  };
  return (
    <>
      <Title name="Ask for advice">What is the greatest stack for your project?</Title>
      <p className="lead">
        Thoth looks at the requirements of a Python project or a notebook, weighs every combination of
        versions that fits, and says which is the best, why, and what is known against it. The answer comes
        with a proof where there is one.
      </p>
      <form onSubmit={submit} className="ask" noValidate>
        <FileTaker take={take}>
          <Text given={given} change={setGiven} isWrong={trouble !== ""} />
        </FileTaker>
        <p id="trouble" role="alert" className={trouble === "" ? "" : "trouble"}>
          {trouble}
        </p>
        <Choosing choices={choices} choose={(chosen) => setChoices((now) => ({ ...now, ...chosen }))} />
        <div className="actions">
          <button type="submit" className="primary" disabled={isAsking}>
            {isAsking ? "Asking …" : "Ask for advice"}
          </button>
          {given.content === "" && (
            <button type="button" onClick={() => setGiven({ ...NOTHING, content: EXAMPLE })}>
              Take an example
            </button>
          )}
        </div>
        {refusal !== undefined && <Refused refusal={refusal} again={submit} />}
      </form>
      <Asked />
    </>
  );
}

function givenOf(question: AdviceRequest | undefined): Given {
  if (question === undefined) return NOTHING;
  const { content, form, lock, lockForm } = question.project;
  const isFile = form === "notebook";
  return {
    name: isFile ? "the notebook that you asked about" : "",
    content,
    form,
    ...(lock === undefined || lockForm === undefined ? {} : { lock: { name: lockForm, lock, lockForm } }),
  };
}

function withFile(given: Given, file: GivenFile): Given {
  switch (file.kind) {
    case "project":
      return { ...given, name: file.name, content: file.content, form: file.form };
    case "lock":
      return { ...given, lock: { name: file.name, lock: file.content, lockForm: file.form } };
    case "unknown":
      return given;
    default:
      return file satisfies never;
  }
}

function troubleOf(files: readonly GivenFile[]): string {
  return files
    .flatMap((file) => (file.kind === "unknown" ? [`${file.name} is not read: ${file.why}.`] : []))
    .join(" ");
}

/** A sentence where there is nothing that could be asked. */
function projectOf({ content, form, lock }: Given): AdviceRequest["project"] | string {
  if (content.trim() === "") return "Type or paste requirements, choose a file, or take the example.";
  const chosen = form ?? formByContent(content);
  const text = chosen === "notebook" ? notebookCode(content) : content;
  if (text === undefined) return "This is no notebook that can be read.";
  return { content: text, form: chosen, ...(lock && { lock: lock.lock, lockForm: lock.lockForm }) };
}

interface TextProps {
  readonly given: Given;
  readonly change: (given: Given) => void;
  readonly isWrong: boolean;
}

function Text({ given, change, isWrong }: TextProps): React.ReactElement {
  const { name, content, form, lock } = given;
  const isNotebook = (form ?? formByContent(content)) === "notebook" && name !== "";
  return (
    <>
      {isNotebook ? (
        <NotebookGiven name={name} content={content} remove={() => change({ ...given, ...NOTHING })} />
      ) : (
        <label className="field">
          Requirements{name === "" ? "" : ` of ${name}`}
          <textarea
            rows={8}
            value={content}
            spellCheck={false}
            autoComplete="off"
            placeholder={"flask>=2\npandas==1.5.3"}
            aria-invalid={isWrong}
            aria-describedby="trouble"
            onChange={(event) => change({ ...given, content: event.target.value })}
          />
        </label>
      )}
      {content.trim() !== "" && !isNotebook && (
        <label className="field inline">
          Read as
          <select
            value={form ?? formByContent(content)}
            onChange={(event) => change({ ...given, form: event.target.value as Form })}
          >
            {Object.entries(FORM_NAMES).map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        </label>
      )}
      {lock !== undefined && <LockGiven name={lock.name} remove={() => change(withoutLock(given))} />}
    </>
  );
}

function withoutLock({ name, content, form }: Given): Given {
  return { name, content, form };
}

interface NotebookGivenProps {
  readonly name: string;
  readonly content: string;
  readonly remove: () => void;
}

function NotebookGiven({ name, content, remove }: NotebookGivenProps): React.ReactElement {
  const cells = React.useMemo(() => countCells(content), [content]);
  return (
    <div className="given">
      <p>
        <strong>{name}</strong>: {plural(cells, "cell")} of code. Its outputs, pictures and prose are not
        sent.
      </p>
      <button type="button" onClick={remove}>
        Remove the notebook
      </button>
    </div>
  );
}

function countCells(content: string): number {
  try {
    const { cells } = JSON.parse(content) as { readonly cells: readonly { readonly cell_type: string }[] };
    return cells.filter(({ cell_type }) => cell_type === "code").length;
  } catch {
    return 0;
  }
}

function LockGiven({
  name,
  remove,
}: {
  readonly name: string;
  readonly remove: () => void;
}): React.ReactElement {
  return (
    <div className="given">
      <p>
        Compared with the lock <strong>{name}</strong>.
      </p>
      <button type="button" onClick={remove}>
        Remove the lock
      </button>
    </div>
  );
}
