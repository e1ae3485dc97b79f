// A question for which nobody here waits any more. It goes on: others may have asked the same.

import * as React from "react";
import { questionOf } from "../ask/own-questions.ts";
import { Title } from "../frame/title.tsx";
import { Edit } from "./failed.tsx";

export function Left({ id, again }: { readonly id: string; readonly again: () => void }): React.ReactElement {
  return (
    <>
      <Title name="Not waiting">You stopped waiting</Title>
      <p>
        The question is still worked on, as others may have asked the same one. Its answer will be found under
        this address.
      </p>
      <div className="actions">
        <button type="button" onClick={again}>
          Wait again
        </button>
      </div>
      <Edit question={questionOf(id)} />
    </>
  );
}
