// The questions of this browser, each with a way back to its answer.

import * as React from "react";
import { Link } from "../frame/link.tsx";
import { addressOf } from "../frame/place.ts";
import { momentOf } from "../frame/sentence.tsx";
import { forgetQuestions, ownQuestions } from "./own-questions.ts";

export function Asked(): React.ReactElement | null {
  const [own, setOwn] = React.useState(ownQuestions);
  const [isForgotten, setForgotten] = React.useState(false);
  const forget = () => {
    forgetQuestions();
    setOwn([]);
    setForgotten(true);
  };
  if (own.length === 0) return isForgotten ? <p role="status">Your questions are forgotten.</p> : null;
  return (
    <section aria-labelledby="asked" className="part">
      <h2 id="asked">What you asked before</h2>
      <ul className="asked">
        {own.map(({ id, at, title, type }) => (
          <li key={id}>
            <Link to={addressOf.advice(id)}>{title === "" ? id : title}</Link>{" "}
            <span className="quiet">
              {type} · {momentOf(at)}
            </span>
          </li>
        ))}
      </ul>
      <p className="quiet">This list is kept in this browser and nowhere else.</p>
      <div className="actions">
        <button type="button" onClick={forget}>
          Forget it
        </button>
      </div>
    </section>
  );
}
