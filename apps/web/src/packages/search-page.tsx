// Packages that the service knows: by a part of the name.

import * as React from "react";
import { api } from "../api/client.ts";
import { Refused, useAnswer, Waiting } from "../api/use-answer.tsx";
import { Link } from "../frame/link.tsx";
import { addressOf, navigate } from "../frame/place.ts";
import { Title } from "../frame/title.tsx";

export function SearchPage({ like }: { readonly like: string }): React.ReactElement {
  const [text, setText] = React.useState(like);
  const [pages, setPages] = React.useState<readonly string[]>([]);
  React.useEffect(() => {
    setText(like);
    setPages([]);
  }, [like]);
  const search = (event: React.FormEvent) => {
    event.preventDefault();
    navigate(addressOf.search(text.trim()), { replace: true });
  };
  return (
    <>
      <Title>Packages</Title>
      <search>
        <form onSubmit={search} className="row">
          <label className="field">
            Part of a name
            <input
              type="search"
              value={text}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <button type="submit" className="primary">
            Search
          </button>
        </form>
      </search>
      {["", ...pages].map((after) => (
        <Found
          key={`${like} ${after}`}
          like={like}
          after={after === "" ? undefined : after}
          isLast={after === (pages.at(-1) ?? "")}
          more={(next) => setPages((before) => [...before, next])}
        />
      ))}
    </>
  );
}

/** Names of a page. */
const PAGE = "50";

interface FoundProps {
  readonly like: string;
  readonly after: string | undefined;
  readonly isLast: boolean;
  readonly more: (next: string) => void;
}

function Found({ like, after, isLast, more }: FoundProps): React.ReactElement {
  const [answer, again] = useAnswer(`${like} ${after}`, (signal) =>
    api.findPackages({ query: { like: like === "" ? undefined : like, after, limit: PAGE }, signal }),
  );
  if (answer.kind === "waiting") return <Waiting what="Looking" />;
  if (answer.kind === "refused") return <Refused refusal={answer} again={again} />;
  const { items, next } = answer.value;
  if (items.length === 0)
    return (
      <p role="status">
        {like === "" ? "No package is known yet." : `No package is known whose name has “${like}”.`}
      </p>
    );
  return (
    <>
      <ul className="names">
        {items.map((name) => (
          <li key={name}>
            <Link to={addressOf.package(name)}>{name}</Link>
          </li>
        ))}
      </ul>
      {next !== null && isLast && (
        <button type="button" onClick={() => more(next)}>
          More
        </button>
      )}
    </>
  );
}
