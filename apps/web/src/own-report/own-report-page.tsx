// A report out of a file: it is shown as those of the service are, and sent to nobody.

import * as React from "react";
import { parseHarmless } from "../frame/harmless.ts";
import { Title } from "../frame/title.tsx";
import { parseResult, type Report } from "../report/model.ts";
import { ReportView } from "../report/report.tsx";

interface Own {
  readonly name: string;
  readonly report: Report;
  readonly source: unknown;
}

export function OwnReportPage(): React.ReactElement {
  const [own, setOwn] = React.useState<Own>();
  const [trouble, setTrouble] = React.useState("");
  const chooser = React.useRef<HTMLInputElement>(null);
  const read = async (event: React.ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    event.target.value = "";
    if (file === undefined) return;
    const source = parseHarmless(await file.text());
    const result = parseResult(source);
    setTrouble(result.kind === "advice" ? "" : `${file.name} is no report of advice (thoth advise --json).`);
    if (result.kind === "advice") setOwn({ name: file.name, report: result.report, source });
  };
  return (
    <>
      <Title name="A report of your own">A report out of a file</Title>
      <p>
        What <code>thoth advise --json</code> wrote is shown here as a page. It stays in this browser.
      </p>
      <div className="actions">
        <button type="button" className="primary" onClick={() => chooser.current?.click()}>
          Choose a report
        </button>
        <input
          ref={chooser}
          type="file"
          hidden
          aria-label="Report"
          accept=".json,application/json"
          onChange={(event) => void read(event)}
        />
        <span role="status">{own === undefined ? "" : own.name}</span>
      </div>
      <p role="alert" className={trouble === "" ? "" : "trouble"}>
        {trouble}
      </p>
      {own !== undefined && <ReportView report={own.report} source={own.source} />}
    </>
  );
}
