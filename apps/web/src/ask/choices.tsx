// How to choose: what makes a stack the best one, and where it is to run.

import type { AdviceRequest } from "@thoth/contract/service";
import { english, typesIn } from "@thoth/views";
import * as React from "react";

export interface Choices {
  readonly type: NonNullable<AdviceRequest["recommendationType"]>;
  /** Empty: the service's own. */
  readonly python: string;
  readonly platform: string;
  readonly asOf: string;
  readonly prerelease: string;
  readonly dev: boolean;
  /** Of stacks. */
  readonly count: number;
}

export const USUAL: Choices = {
  type: "stable",
  python: "3.12",
  platform: "linux",
  asOf: "",
  prerelease: "",
  dev: false,
  count: 1,
};

/** The order in which most want to think of them. */
const TYPES = ["stable", "security", "latest", "performance", "testing"] as const;
const PYTHONS = ["3.14", "3.13", "3.12", "3.11", "3.10", "3.9"];
const PLATFORMS = [
  ["linux", "Linux on x86-64"],
  ["manylinux_2_28_aarch64", "Linux on ARM"],
  ["macos", "macOS on Apple silicon"],
  ["macosx_14_0_x86_64", "macOS on Intel"],
  ["windows", "Windows on x86-64"],
] as const;
const COUNTS = [1, 2, 3, 5];
const PRERELEASES = [
  ["allow", "like any other release"],
  ["disallow", "never"],
] as const;

export function choicesOf(question: AdviceRequest): Choices {
  const { recommendationType, environment, asOf, prerelease, dev, count } = question;
  return {
    type: recommendationType ?? USUAL.type,
    python: environment?.pythonVersion ?? "",
    platform: environment?.platform ?? "",
    asOf: asOf ?? "",
    prerelease: prerelease ?? "",
    dev: dev ?? false,
    count: count ?? USUAL.count,
  };
}

export function requestOf(project: AdviceRequest["project"], choices: Choices): AdviceRequest {
  const { type, python, platform, asOf, prerelease, dev, count } = choices;
  const environment = {
    ...(python === "" ? {} : { pythonVersion: python }),
    ...(platform === "" ? {} : { platform }),
  };
  return {
    project,
    recommendationType: type,
    ...(python + platform === "" ? {} : { environment }),
    ...(asOf === "" ? {} : { asOf }),
    ...(prerelease === "allow" || prerelease === "disallow" ? { prerelease } : {}),
    ...(dev ? { dev } : {}),
    ...(count > 1 ? { count } : {}),
  };
}

interface ChoosingProps {
  readonly choices: Choices;
  readonly choose: (choices: Partial<Choices>) => void;
}

export function Choosing({ choices, choose }: ChoosingProps): React.ReactElement {
  const { python, platform } = choices;
  return (
    <>
      <Types type={choices.type} choose={choose} />
      <div className="row">
        <Choice label="Python" value={python} choose={(chosen) => choose({ python: chosen })}>
          {[...new Set([...PYTHONS, ...(python === "" ? [] : [python])])].map((version) => (
            <option key={version}>{version}</option>
          ))}
          <option value="">the service’s</option>
        </Choice>
        <Choice label="Platform" value={platform} choose={(chosen) => choose({ platform: chosen })}>
          {PLATFORMS.map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
          <option value="">the service’s</option>
        </Choice>
      </div>
      <Seldom choices={choices} choose={choose} />
    </>
  );
}

/** What is seldom changed. */
function Seldom({ choices: { asOf, prerelease, dev, count }, choose }: ChoosingProps): React.ReactElement {
  return (
    <details>
      <summary>More options</summary>
      <div className="row">
        <label className="field">
          As of
          <input type="date" value={asOf} onChange={(event) => choose({ asOf: event.target.value })} />
          <span className="quiet">Nothing uploaded later counts.</span>
        </label>
        <Choice label="Pre-releases" value={prerelease} choose={(chosen) => choose({ prerelease: chosen })}>
          <option value="">where there is nothing else</option>
          {PRERELEASES.map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </Choice>
        <Choice label="Stacks" value={String(count)} choose={(chosen) => choose({ count: Number(chosen) })}>
          {COUNTS.map((number) => (
            <option key={number} value={number}>
              {number === 1 ? "the best" : `the ${number} best`}
            </option>
          ))}
        </Choice>
      </div>
      <label className="check">
        <input type="checkbox" checked={dev} onChange={(event) => choose({ dev: event.target.checked })} />
        Packages for development too
      </label>
    </details>
  );
}

interface TypesProps extends Pick<ChoosingProps, "choose"> {
  readonly type: Choices["type"];
}

function Types({ type, choose }: TypesProps): React.ReactElement {
  const meanings = new Map(typesIn(english));
  return (
    <fieldset className="types">
      <legend>What makes a stack the best one</legend>
      {TYPES.map((name) => (
        <label key={name} className="type">
          <input
            type="radio"
            name="type"
            value={name}
            checked={type === name}
            onChange={() => choose({ type: name })}
          />
          <span>
            <strong>{name}</strong> <span className="quiet">{meanings.get(name)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choose: (value: string) => void;
  readonly children: React.ReactNode;
}

function Choice({ label, value, choose, children }: ChoiceProps): React.ReactElement {
  return (
    <label className="field">
      {label}
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {children}
      </select>
    </label>
  );
}
