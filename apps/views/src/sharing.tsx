// How a locked notebook is handed on: forms that others read without Thoth, and links that open it elsewhere.

import * as React from "react";
import { Link } from "./link.tsx";
import type { PanelModel, ShareForm } from "./model.ts";
import type { Translator } from "./translate.ts";

interface SharingProps {
  readonly trans: Translator;
  readonly sharing: PanelModel["sharing"];
  readonly isBusy: boolean;
}

export function Sharing({ trans, sharing, isBusy }: SharingProps): React.ReactElement | null {
  if (sharing === undefined) return null;
  const { forms, links, image } = sharing;
  return (
    <details className="thoth-sharing">
      <summary>{trans.__("Share")}</summary>
      <ul aria-label={trans.__("Share")}>
        {forms.map((form) => (
          <Form
            key={form.name}
            trans={trans}
            form={form}
            isBusy={isBusy}
            copy={() => sharing.copy(form.name)}
            save={() => sharing.save(form.name)}
          />
        ))}
        <li>
          <span>{trans.__("Links that open it in Binder and Colab")}</span>
          <p>{trans.__("for a notebook in a public repository")}</p>
          <button type="button" disabled={isBusy} onClick={() => sharing.link()}>
            {trans.__("Make links")}
          </button>
          {links.length > 0 && (
            <ul aria-label={trans.__("Links")}>
              {links.map(({ name, url }) => (
                <li key={name}>
                  <Link to={url}>{name}</Link>
                </li>
              ))}
            </ul>
          )}
        </li>
        <li>
          <span>{trans.__("A container image, without a daemon")}</span>
          <p>{trans.__("in a terminal:")}</p>
          <code>{image}</code>
        </li>
      </ul>
    </details>
  );
}

interface FormProps {
  readonly trans: Translator;
  readonly form: ShareForm;
  readonly isBusy: boolean;
  copy(): void;
  save(): void;
}

function Form({ trans, form, isBusy, copy, save }: FormProps): React.ReactElement {
  const { label, means, isCopied } = form;
  return (
    <li>
      <span>{label}</span>
      <p>{means}</p>
      {isCopied && (
        <button
          type="button"
          aria-label={trans.__("Copy: %1", label)}
          disabled={isBusy}
          onClick={() => copy()}
        >
          {trans.__("Copy")}
        </button>
      )}
      <button type="button" aria-label={trans.__("Save: %1", label)} disabled={isBusy} onClick={() => save()}>
        {trans.__("Save")}
      </button>
    </li>
  );
}
