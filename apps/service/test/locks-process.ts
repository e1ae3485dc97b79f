// A process of the service that watches locks, works on jobs and calls back, until it is killed: `PLACE PORT FILE`. What it
// knows is the number in the file, which is the version of every package that it recommends.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { LockWatch } from "../src/locks/lock-watch.ts";
import { type AdviceQuestion, parseQuestion } from "../src/questions/question.ts";
import { adviceOf, openWorld, outboxOf, rulesOf, senderOf, workOnce } from "./locks-world.ts";

const [place = "", port = "", file = ""] = process.argv.slice(2);
const known = () => readFileSync(file, "utf8").trim();
const failed = (error: unknown) => console.error(String(error));

const service = await openWorld(place, { life: 60_000, lease: 1_000, attempts: 100, losses: 100 });
const rules = rulesOf(`+127.0.0.1:${port}`, { time: 1_000 });
const outbox = outboxOf(service, rules);
new LockWatch({ service, outbox, knowledgeStamp: async () => known(), look: 5, failed }).start();
senderOf(service, rules, (attempt) => (attempt < 100 ? 20 : undefined)).start();
console.log("ready");

for (;;) {
  await service.queue.reap().catch(failed);
  await workOnce(service, (job) => {
    const { project } = parseQuestion(job.question) as AdviceQuestion;
    const before = /flask==(\S+)/.exec(project.lock ?? "")?.[1];
    return adviceOf({
      stack: { flask: known() },
      ...(before === undefined ? {} : { before: { flask: before } }),
    });
  }).catch(failed);
  await sleep(5);
}
