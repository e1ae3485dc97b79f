# The keeper, the gate, the init and the command itself.

REPORT = 3
# Above what systems give to people, services and containers.
FIRST_USER, USERS = 2000000000, 90000000


def main():
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(0, 65536)
        if not part:
            return
        line += part
    order = json.loads(line.decode("utf-8"))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    limits = order["limits"]
    available = sorted(os.sched_getaffinity(0))
    limits["cores"] = available[-limits["processors"] :]
    groups = Groups(limits)
    gate = None
    closed = True
    try:
        gate, report = start_gate(order, groups)
        answer = listen(report, limits)
        answer.update(groups.told())
    finally:
        if gate is not None:
            end_process(gate)
            os.waitpid(gate, 0)
        closed = groups.close()
    answer["missing"] = sorted({*answer.get("missing", []), *groups.missing, *([] if closed else ["end"])})
    answer["cores"] = limits["cores"]
    os.write(REPORT, json.dumps(answer).encode())


def listen(report, limits):
    """The init's answer; waits somewhat longer than it does. Exits when the one who asked is gone."""
    deadline = time.monotonic() + limits["seconds"] + 15
    text = b""
    while True:
        ready, _, _ = select.select([0, report], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return {"status": -signal.SIGKILL, "timedOut": True}
        if 0 in ready and not os.read(0, 4096):
            sys.exit(1)
        if report in ready:
            part = os.read(report, 65536)
            if not part:
                break
            text += part
    try:
        return json.loads(text.decode("utf-8"))
    except ValueError:
        # The init itself was ended, such as by the kernel for want of memory.
        return {"status": -signal.SIGKILL}


def start_gate(order, groups):
    reading, writing = os.pipe()
    keeper = os.getpid()
    gate = os.fork()
    if gate != 0:
        os.close(writing)
        return gate, reading
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.close(reading)
        os.close(REPORT)
        die_with(keeper)
        groups.join()
        pass_gate(order, groups, (keeper, writing))
    except BaseException as error:
        tell(writing, {"refused": "%s: %s" % (type(error).__name__, error)})
    os._exit(1)


def die_with(parent):
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def tell(pipe, answer):
    os.write(pipe, json.dumps(answer).encode())


def pass_gate(order, groups, ends):
    keeper, report = ends
    missing = []
    isolated = True
    is_root = os.geteuid() == 0
    identity = (FIRST_USER + int.from_bytes(os.urandom(4), "big") % USERS,) * 2 if is_root else (1000, 1000)
    try:
        enter_namespaces(order, is_root, missing)
    except OSError as error:
        if not order["allowUnisolated"]:
            raise
        isolated = False
        missing += ["namespaces", "files"] + ([] if order["network"] else ["network"])
        identity = identity if is_root else (os.getuid(), os.getgid())
        missing.append("because:%s" % error)
    # A change of user or capabilities takes this back.
    die_with(keeper)
    gate = os.getpid()
    init = os.fork()
    if init == 0:
        try:
            # Seen from a new namespace the parent is no process at all.
            if isolated:
                prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            else:
                die_with(gate)
                prctl(PR_SET_CHILD_SUBREAPER, 1)
            guard(order, {"isolated": isolated, "identity": identity, "missing": missing, "groups": groups}, report)
        except BaseException as error:
            tell(report, {"refused": "%s: %s" % (type(error).__name__, error)})
            os._exit(1)
        os._exit(0)
    os.close(report)
    os.waitpid(init, 0)
    os._exit(0)


def enter_namespaces(order, is_root, missing):
    user, group = os.geteuid(), os.getegid()
    needed = CLONE_NEWNS | CLONE_NEWPID | (0 if order["network"] else CLONE_NEWNET)
    checked("unshare", needed if is_root else needed | CLONE_NEWUSER)
    if not is_root:
        write_text("/proc/self/setgroups", "deny")
        write_text("/proc/self/uid_map", "1000 %d 1" % user)
        write_text("/proc/self/gid_map", "1000 %d 1" % group)
    for flag, name in ((CLONE_NEWIPC, "ipc"), (CLONE_NEWUTS, "uts"), (CLONE_NEWCGROUP, "cgroup")):
        try:
            checked("unshare", flag)
        except OSError:
            missing.append("namespace:" + name)
    if "namespace:uts" not in missing:
        socket.sethostname("thoth")
    if not order["network"]:
        try:
            raise_loopback()
        except OSError:
            missing.append("loopback")


def guard(order, place, report):
    """The init: starts the command, waits for it, ends what it left behind, and tells."""
    missing, limits = place["missing"], order["limits"]
    prctl(PR_SET_DUMPABLE, 0)
    if place["isolated"]:
        build_world(order, place["identity"], missing)
    try:
        write_text("/proc/self/oom_score_adj", "-1000")
    except OSError:
        pass
    reading, writing = os.pipe()
    started = time.monotonic()
    command = os.fork()
    if command == 0:
        os.close(report)
        os.close(reading)
        become(order, place, writing)
    os.close(writing)
    state = {"timedOut": False}

    def late(*_):
        state["timedOut"] = True
        end_all(place["isolated"], command)

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, limits["seconds"])
    usage = Usage()
    status = usage.wait_for(command)
    signal.setitimer(signal.ITIMER_REAL, 0)
    wall = time.monotonic() - started
    end_all(place["isolated"], command)
    usage.wait_for(None)
    told = os.read(reading, 65536).decode("utf-8", "replace")
    if told.startswith("refused "):
        tell(report, {"refused": told[8:]})
        return
    missing += told.split()
    answer = {"status": status, "wall": wall, "isolated": place["isolated"], "missing": missing}
    tell(report, {**answer, **state, **usage.told()})


class Usage:
    """What all processes that ended have used together."""

    def __init__(self):
        self.user = self.system = self.memory = 0

    def wait_for(self, pid):
        """The exit status of that process, or all processes that are left where it is None."""
        while True:
            try:
                found, status, used = os.wait4(-1, 0)
            except ChildProcessError:
                return None
            self.user += used.ru_utime
            self.system += used.ru_stime
            self.memory = max(self.memory, used.ru_maxrss * 1024)
            if found == pid:
                return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def told(self):
        return {"user": self.user, "system": self.system, "memory": self.memory}


def end_all(isolated, command):
    if isolated and os.getpid() == 1:
        # All others of the namespace.
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        return
    for _ in range(100):
        found = descendants()
        if not found:
            break
        for pid in found:
            end_process(pid)


def descendants():
    """Of this process, which inherits orphans; those that ended already do not count."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        fields = read_text("/proc/%s/stat" % name).rpartition(") ")[2].split()
        if len(fields) > 1 and fields[0] not in "ZX":
            parents[int(name)] = int(fields[1])
    found = {os.getpid()}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found and pid not in found}
        if not more:
            return found - {os.getpid()}
        found |= more


def become(order, place, pipe):
    """Gives up everything and becomes the command. What cannot be given up is told through the pipe."""
    try:
        os.setsid()
        null = os.open("/dev/null", os.O_RDONLY)
        os.dup2(null, 0)
        missing = limit_resources(order, place)
        if os.geteuid() == 0:
            missing += change_user(place)
        elif place["isolated"]:
            drop_capabilities()
        else:
            missing.append("user")
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        try:
            filter_system_calls()
        except OSError:
            missing.append("seccomp")
        prctl(PR_SET_DUMPABLE, 1)
        write_score()
        os.write(pipe, " ".join(missing).encode())
        os.closerange(3, pipe)
        os.closerange(pipe + 1, 4096)
        os.chdir("/thoth-work/home" if place["isolated"] else order["directory"])
        os.execve(order["command"][0], order["command"], order["variables"])
    except BaseException as error:
        os.write(pipe, ("refused %s: %s" % (type(error).__name__, error)).encode("utf-8", "replace"))
    os._exit(127)


def change_user(place):
    user, group = place["identity"]
    try:
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
        drop_capabilities()
    except OSError:
        if place["isolated"]:
            raise
        return ["user"]
    return []


def write_score():
    """Of all processes of the machine it is the one to end when memory is short."""
    try:
        write_text("/proc/self/oom_score_adj", "1000")
    except OSError:
        pass


def limit_resources(order, place):
    limits, absent = order["limits"], set(place["groups"].missing)
    # None of processor time: the kernel would then count it in ticks of 4 ms, for all who read its clock. The wall
    # clock and the number of processors bound it.
    bounds = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 4096),
        (resource.RLIMIT_FSIZE, limits["disk"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
    ]
    if "group:memory" in absent:
        # The address space of each process stands in for the memory of all.
        bounds.append((resource.RLIMIT_AS, limits["memory"]))
    missing = []
    for which, value in bounds:
        try:
            _, hard = resource.getrlimit(which)
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (value, value))
        except (OSError, ValueError):
            missing.append("rlimit:%d" % which)
    os.sched_setaffinity(0, limits["cores"])
    return missing


main()
