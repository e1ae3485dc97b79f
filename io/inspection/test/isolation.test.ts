// Real programs of somebody who means harm, run as every user: none gets what it is after.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ThothError } from "@thoth/pep";
import { usualLimits } from "../src/sandbox/limits.ts";
import { type IsolatedRequest, type IsolatedResult, runIsolated } from "../src/sandbox/run-isolated.ts";
import { sandboxOf } from "../src/sandbox/sandbox-of.ts";
import { processesWith, runOne, small, type User, users } from "./users.ts";

/** A word that no other process has in its command line. */
function mark(): string {
  return `mark${randomBytes(12).toString("hex")}`;
}

function python(user: User, program: string, ...words: string[]): { command: string[] } {
  return { command: [user.python, "-I", "-c", program, ...words] };
}

function told(result: IsolatedResult): unknown {
  assert.equal(result.outcome, "passed", `${result.outcome} ${result.status}: ${result.stderr.slice(-2000)}`);
  return JSON.parse(result.stdout);
}

for (const user of users) {
  describe(`as ${user.name}`, { skip: user.skip }, () => {
    test("what the machine lacks is told, and nothing else", async () => {
      const result = await user.run(python(user, "print('[]')"));
      assert.deepEqual(told(result), []);
      assert.equal(result.isolated, true);
      const groups = result.missing.filter((name) => name.startsWith("group:"));
      assert.equal(groups.includes("group:memory"), !user.groups);
      const known = ["group:memory", "group:processes", "group:processors", "seccomp", "proc", "loopback"];
      assert.deepEqual(
        result.missing.filter((name) => !known.includes(name)),
        [],
      );
    });

    test("the home folder, and files of others, cannot be read", async () => {
      const folder = mkdtempSync(join(tmpdir(), "thoth-secret-"));
      const secret = join(folder, "secret.txt");
      writeFileSync(secret, "the secret", { mode: 0o644 });
      try {
        const program = `
import json, os, sys
secret, home, *allowed = sys.argv[1:]
found = []
for path in (secret, "/proc/1/root" + secret, "/proc/self/root/.." + secret, "/old" + secret, "/thoth/../.." + secret):
    try:
        found.append(open(path).read())
    except OSError:
        pass
for folder, names, files in os.walk(home):
    names[:] = [name for name in names if os.path.join(folder, name) not in allowed]
    found += [os.path.join(folder, name) for name in files]
for folder, names, files in os.walk("/"):
    names[:] = [name for name in names if folder != "/" or name not in ("proc", "sys", "usr")]
    found += [name for name in files if name == "secret.txt"]
print(json.dumps(found))`;
        const words = python(user, program, secret, homedir(), ...user.readable);
        assert.deepEqual(told(await user.run(words)), []);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test("no socket leads out, unless the network is allowed", async () => {
      let calls = 0;
      const server = createServer((socket) => {
        calls++;
        socket.on("error", () => undefined).end("hello");
      });
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      const { port } = server.address() as { port: number };
      const program = `
import json, socket, sys
def reach(host, port):
    try:
        return socket.create_connection((host, port), 2).recv(5).decode()
    except OSError as error:
        return "error"
print(json.dumps([reach("127.0.0.1", int(sys.argv[1])), reach("192.0.2.1", 80), reach("pypi.org", 443)][:int(sys.argv[2])]))`;
      try {
        const closed = await user.run(python(user, program, String(port), "3"));
        assert.deepEqual(told(closed), ["error", "error", "error"]);
        assert.equal(calls, 0);
        const open = await user.run({ ...python(user, program, String(port), "1"), network: true });
        assert.deepEqual(told(open), ["hello"]);
      } finally {
        server.close();
      }
    });

    test("it may talk to itself", async () => {
      const program = `
import json, socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
server.accept()[0].sendall(b"hello")
print(json.dumps(client.recv(5).decode()))`;
      assert.equal(told(await user.run(python(user, program))), "hello");
    });

    test("forks come to an end, and none of them stays", async () => {
      const word = mark();
      const program = `
import json, os, time
count = 0
try:
    while count < 500:
        if os.fork() == 0:
            time.sleep(1000)
        count += 1
except OSError:
    pass
print(json.dumps(count))`;
      const count = told(await user.run(python(user, program, word))) as number;
      assert.ok(count > 0 && count <= small.processes, `${count} forks`);
      assert.deepEqual(processesWith(word), []);
    });

    test("a bomb of forks ends with its time", async () => {
      const word = mark();
      const program =
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass";
      const limits = usualLimits({ ...small, seconds: 2 });
      const result = await user.run({ ...python(user, program, word), limits });
      assert.notEqual(result.outcome, "passed");
      assert.deepEqual(processesWith(word), []);
    });

    test("the disk does not fill, neither with bytes nor with files", async () => {
      const program = `
import json, os
written = 0
for folder in ("/tmp", "/dev/shm", os.environ["HOME"]):
    try:
        with open(folder + "/large", "wb", buffering=0) as file:
            while written < 1 << 30:
                written += file.write(b"x" * 65536)
    except OSError:
        pass
    os.truncate(folder + "/large", 0)
held = written
files = 0
try:
    while files < 100000:
        open("/tmp/%d" % files, "w").close()
        files += 1
except OSError:
    pass
print(json.dumps([held, files]))`;
      const [written, files] = told(await user.run(python(user, program))) as [number, number];
      // Three times the whole, as each file is emptied before the next.
      assert.ok(written > 0 && written <= 3 * small.disk, `${written} bytes`);
      assert.ok(files > 0 && files <= small.disk / 4096, `${files} files`);
    });

    test("what it leaves running ends with it", async () => {
      const word = mark();
      const program = `
import json, os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() != 0:
        os._exit(0)
    time.sleep(1000)
os.wait()
print(json.dumps("gone"))`;
      assert.equal(told(await user.run(python(user, program, word))), "gone");
      assert.deepEqual(processesWith(word), []);
    });

    test("memory has an end", async () => {
      const program = `
import json
held = []
try:
    while len(held) < 64:
        held.append(bytearray(16 << 20))
        for at in range(0, 16 << 20, 4096):
            held[-1][at] = 1
except MemoryError:
    print(json.dumps(len(held)))
else:
    print(json.dumps("all"))`;
      const result = await user.run(python(user, program));
      if (user.groups) {
        assert.equal(result.outcome, "killed");
        assert.equal(result.outOfMemory, true);
      } else assert.ok((told(result) as number) <= 16);
      // Its part of libraries that others have loaded too counts nowhere but here.
      assert.ok(result.memory <= small.memory + (32 << 20));
    });

    test("memory of many processes has an end", {
      skip: !user.groups && "control groups need rights",
    }, async () => {
      const program = `
import os, time
reading, writing = os.pipe()
os.set_blocking(reading, False)
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(60 << 20)
        for at in range(0, len(held), 4096):
            held[at] = 1
        os.write(writing, b"x")
        time.sleep(1000)
whole = 0
while whole < 8 and os.waitpid(-1, os.WNOHANG) == (0, 0):
    try:
        whole += len(os.read(reading, 8))
    except BlockingIOError:
        time.sleep(0.02)
raise SystemExit(0 if whole == 8 else 1)`;
      const result = await user.run(python(user, program));
      assert.notEqual(result.outcome, "passed");
      assert.equal(result.outOfMemory, true);
    });

    test("time has an end, whatever it ignores", async () => {
      const program = `
import signal
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
while True:
    pass`;
      const result = await user.run({
        ...python(user, program),
        limits: usualLimits({ ...small, seconds: 1 }),
      });
      assert.equal(result.outcome, "timed-out");
      assert.equal(result.status, -9);
    });

    test("other processes can be neither seen nor signalled nor looked into", async () => {
      const program = `
import ctypes, json, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
seen = [name for name in os.listdir("/proc") if name.isdigit() and int(name) not in (1, os.getpid())]
def attempt(work):
    try:
        work()
        return "done"
    except OSError as error:
        return type(error).__name__
outside = [int(word) for word in sys.argv[1:]]
killed = [attempt(lambda: os.kill(pid, signal.SIGKILL)) for pid in outside if not os.path.exists("/proc/%d" % pid)]
try:
    os.kill(1, signal.SIGKILL)
except OSError:
    pass
looks = [libc.ptrace(16, 1, None, None)]
for name in ("environ", "mem", "fd", "root", "maps"):
    path = "/proc/1/" + name
    looks.append(attempt(lambda: os.listdir(path) if name in ("fd", "root") else open(path, "rb").read(1)))
print(json.dumps([seen, killed, looks]))`;
      const outside = spawn("sleep", ["1000"], { stdio: "ignore" });
      try {
        const pids = [String(process.pid), String(outside.pid)];
        const [seen, killed, looks] = told(await user.run(python(user, program, ...pids))) as string[][];
        assert.deepEqual(seen, []);
        assert.ok(killed?.every((one) => one === "ProcessLookupError"));
        assert.equal(looks?.shift() as unknown, -1);
        assert.deepEqual(
          looks?.filter((one) => one === "done"),
          [],
        );
        assert.equal(outside.exitCode ?? outside.signalCode, null);
      } finally {
        outside.kill("SIGKILL");
      }
    });

    test("nothing outside can be written, mounted or made", async () => {
      const program = `
import ctypes, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
places = ["/", "/usr", "/usr/lib", "/etc", "/thoth", "/proc/sys/kernel", "/dev", "/thoth-work", "/lib", *sys.argv[1:]]
done = []
for place in places:
    try:
        open(place + "/written", "w").close()
        done.append(place)
    except OSError:
        pass
for path in ("/thoth/given.txt", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/etc/passwd"):
    try:
        with open(path, "r+") as file:
            file.write("x")
        done.append(path)
    except OSError:
        pass
flags = 0x10000000 | 0x20000
for name, work in {
    "remount": lambda: libc.mount(None, b"/usr", None, 32 | 4096, None),
    "tmpfs": lambda: libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None),
    "umount": lambda: libc.umount2(b"/thoth", 2),
    "unshare": lambda: libc.unshare(flags),
    "node": lambda: libc.mknod(b"/tmp/disk", 0o60666, os.makedev(254, 0)),
    "user": lambda: libc.setuid(0),
    "name": lambda: libc.sethostname(b"x", 1),
}.items():
    if work() == 0:
        done.append(name)
print(json.dumps(done))`;
      const request = { ...python(user, program, ...user.readable), files: { "given.txt": "text" } };
      assert.deepEqual(told(await user.run(request)), []);
    });

    test("it sees the files and variables that it is given, and no others", async () => {
      const program = `
import json, os
print(json.dumps([open("/thoth/given.txt").read(), dict(os.environ), sorted(os.listdir("/thoth"))]))`;
      const request = { ...python(user, program), files: { "given.txt": "text" }, variables: { ONE: "1" } };
      const [text, variables, names] = told(await user.run(request)) as [string, object, string[]];
      assert.equal(text, "text");
      assert.deepEqual(names, ["given.txt"]);
      const known = ["HOME", "LANG", "LC_CTYPE", "ONE", "PATH", "TMPDIR"];
      assert.deepEqual(
        Object.keys(variables).filter((name) => !known.includes(name)),
        [],
      );
    });

    test("a crash is told as its signal", async () => {
      const result = await user.run(python(user, "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)"));
      assert.deepEqual([result.outcome, result.status], ["killed", -11]);
    });
  });
}

const [ourselves] = users as [User];

/** Control groups that one of these processes is in; none where none can be made. */
function groupsOf(pids: readonly number[]): string[] {
  const root = "/sys/fs/cgroup";
  if (!existsSync(root)) return [];
  const names = readdirSync(root, { recursive: true }) as string[];
  const groups = names
    .map((name) => join(root, name))
    .filter((path) => /\/thoth-\d+-[0-9a-f]{8}$/.test(path));
  return groups.filter((path) => {
    try {
      const members = readFileSync(join(path, "cgroup.procs"), "utf8").split("\n").map(Number);
      return members.some((pid) => pids.includes(pid));
    } catch {
      // Another test's, gone meanwhile.
      return false;
    }
  });
}

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

const forEver = "import time\nprint('here', flush=True)\ntime.sleep(1000)";

describe("the end", { skip: ourselves.skip }, () => {
  test("giving up leaves no process and no group", async () => {
    const word = mark();
    const controller = new AbortController();
    const running = runIsolated({
      guard: ourselves.python,
      readable: ourselves.readable,
      variables: {},
      limits: usualLimits(small),
      signal: controller.signal,
      ...python(ourselves, forEver, word),
    });
    const failed = assert.rejects(running, (error: unknown) => {
      return error instanceof ThothError && error.code === "interrupted";
    });
    // Its own order holds the word too, but on a pipe.
    await untilTrue(() => processesWith(word).length > 0);
    const groups = groupsOf(processesWith(word));
    assert.equal(groups.length > 0, ourselves.groups);
    controller.abort();
    await failed;
    assert.deepEqual(processesWith(word), []);
    assert.deepEqual(groups.filter(existsSync), []);
  });

  test("whoever asked may be killed: everything ends", async () => {
    const word = mark();
    const request: IsolatedRequest = {
      guard: ourselves.python,
      readable: ourselves.readable,
      variables: {},
      limits: usualLimits(small),
      ...python(ourselves, forEver, word),
    };
    const asker = spawn(process.execPath, [runOne, JSON.stringify(request)], { stdio: "ignore" });
    await untilTrue(() => processesWith(word).some((pid) => pid !== asker.pid));
    const groups = groupsOf(processesWith(word));
    asker.kill("SIGKILL");
    await untilTrue(() => processesWith(word).length === 0);
    await untilTrue(() => !groups.some(existsSync));
  });
});

test("what this machine can isolate is found by trying, once", { skip: ourselves.skip }, async () => {
  const sandbox = await sandboxOf(ourselves.python);
  const result = await ourselves.run(python(ourselves, "pass"));
  assert.deepEqual(sandbox, { isolated: true, missing: result.missing });
  assert.equal(sandboxOf(ourselves.python), sandboxOf(ourselves.python));
});

describe("a machine without namespaces", { skip: ourselves.skip || withoutNamespaces() }, () => {
  /** In a namespace in which no other may be made. */
  function runBare(more: Partial<IsolatedRequest>): Record<string, unknown> {
    const request: IsolatedRequest = {
      guard: ourselves.python,
      readable: ourselves.readable,
      variables: {},
      limits: usualLimits(small),
      command: [],
      ...more,
    };
    const words = [process.execPath, runOne, JSON.stringify(request)];
    const script =
      'for one in user mnt pid; do echo 0 > "/proc/sys/user/max_"$one"_namespaces"; done; exec "$@"';
    const done = spawnSync("unshare", ["--user", "--map-root-user", "sh", "-c", script, "sh", ...words], {
      encoding: "utf8",
    });
    return JSON.parse(done.stdout) as Record<string, unknown>;
  }

  test("refuses, unless that is allowed", () => {
    const answer = runBare(python(ourselves, "print(1)"));
    assert.equal(answer["code"], "isolation-unavailable");
  });

  test("says what is not there, and leaves nothing running", () => {
    const word = mark();
    const program =
      "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\nprint(os.getuid())";
    const answer = runBare({ ...python(ourselves, program, word), allowUnisolated: true });
    assert.equal(answer["outcome"], "passed", JSON.stringify(answer));
    assert.equal(answer["isolated"], false);
    for (const name of ["namespaces", "files", "network", "user"])
      assert.ok((answer["missing"] as string[]).includes(name), name);
    assert.deepEqual(processesWith(word), []);
  });
});

function withoutNamespaces(): string | false {
  const done = spawnSync("unshare", ["--user", "--map-root-user", "true"], { stdio: "ignore" });
  return done.status === 0 ? false : "there is no `unshare` that works";
}
