# Control groups, of version 2 and 1, and of both at once: what all processes of the command may have together.
# https://docs.kernel.org/admin-guide/cgroup-v2.html https://docs.kernel.org/admin-guide/cgroup-v1/


def group_places():
    """The folder of our own group by controller, with its version. Version 2 is also listed as ``unified``."""
    own = {}
    with open("/proc/self/cgroup", encoding="utf-8") as lines:
        for line in lines:
            _, names, path = line.rstrip("\n").split(":", 2)
            for name in names.split(","):
                own[name] = path
    places = {}
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            fields = line.rstrip("\n").split(" ")
            root, point, rest = fields[3], fields[4], fields[fields.index("-") + 1 :]
            if rest[0] == "cgroup":
                for name in rest[2].split(","):
                    if name in own:
                        places.setdefault(name, (1, below(point, own[name], root), point))
            elif rest[0] == "cgroup2" and "" in own:
                places.setdefault("unified", (2, below(point, own[""], root), point))
    if "unified" in places:
        for name in read_text(os.path.join(places["unified"][1], "cgroup.controllers")).split():
            places.setdefault(name, places["unified"])
    return places


def below(point, path, root):
    relative = os.path.relpath(path, root)
    return point if relative.startswith("..") or relative == "." else os.path.join(point, relative)


def read_text(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def write_text(path, value):
    with open(path, "w", encoding="utf-8") as file:
        file.write(str(value))


def table(path):
    """Lines of a name and a number."""
    pairs = (line.split() for line in read_text(path).splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


class Groups:
    """The groups of one command. ``missing`` names what could not be had."""

    def __init__(self, limits):
        self.limits = limits
        self.places = group_places()
        self.name = "thoth-%d-%s" % (os.getpid(), os.urandom(4).hex())
        self.folders = {}
        self.missing = []
        self.throttled_before = self.throttled_above()
        for controller, label in (("memory", "memory"), ("pids", "processes"), ("cpuset", "processors")):
            self.attempt(controller, label)
        if limits.get("quota") is not None:
            self.attempt("cpu", "quota")
        self.enter_unified()

    def attempt(self, controller, label):
        try:
            self.make(controller)
            self.limit(controller)
        except (OSError, KeyError) as error:
            self.missing.append("group:" + label)
            self.leave(controller)

    def make(self, controller):
        version, parent, point = self.places[controller]
        if version == 1:
            sweep(parent)
            self.folders[controller] = os.path.join(parent, self.name)
            os.mkdir(self.folders[controller])
            return
        for candidate in (parent, os.path.dirname(parent)):
            if not candidate.startswith(point):
                continue
            try:
                if controller not in read_text(os.path.join(candidate, "cgroup.subtree_control")).split():
                    write_text(os.path.join(candidate, "cgroup.subtree_control"), "+" + controller)
                sweep(candidate)
                folder = self.folders.get("unified", os.path.join(candidate, self.name))
                os.makedirs(folder, exist_ok=True)
                if os.path.dirname(folder) == candidate:
                    self.folders["unified"] = self.folders[controller] = folder
                    return
            except OSError:
                continue
        raise OSError(errno.EACCES, "no group can be made", parent)

    def limit(self, controller):
        folder, limits = self.folders[controller], self.limits
        first = self.places[controller][0] == 1
        if controller == "memory":
            names = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes") if first else ("memory.max",)
            write_text(os.path.join(folder, names[0]), limits["memory"])
            swap = (names[1], limits["memory"]) if first else ("memory.swap.max", 0)
            if os.path.exists(os.path.join(folder, swap[0])):
                write_text(os.path.join(folder, swap[0]), swap[1])
        elif controller == "pids":
            # The gate and the init count too.
            write_text(os.path.join(folder, "pids.max"), limits["processes"] + 2)
        elif controller == "cpuset":
            if first:
                parent = os.path.dirname(folder)
                write_text(os.path.join(folder, "cpuset.mems"), read_text(os.path.join(parent, "cpuset.mems")).strip())
            write_text(os.path.join(folder, "cpuset.cpus"), ",".join(map(str, limits["cores"])))
        elif first:
            write_text(os.path.join(folder, "cpu.cfs_quota_us"), int(limits["quota"] * 100000))
        else:
            write_text(os.path.join(folder, "cpu.max"), "%d 100000" % int(limits["quota"] * 100000))

    def enter_unified(self):
        """A group of version 2, even where it has no controllers, can be ended as a whole."""
        if "unified" not in self.folders and "unified" in self.places:
            try:
                sweep(self.places["unified"][1])
                folder = os.path.join(self.places["unified"][1], self.name)
                os.mkdir(folder)
                self.folders["unified"] = folder
            except OSError:
                pass

    def join(self):
        """Puts the calling process into every group."""
        for folder in set(self.folders.values()):
            write_text(os.path.join(folder, "cgroup.procs"), "0")

    def throttled_above(self):
        """Seconds for which this group and those above were stopped, since they are there."""
        if "cpu" not in self.places:
            return None
        _, folder, point = self.places["cpu"]
        total, seen = 0.0, False
        while folder.startswith(point):
            seen = self.throttled(folder) is not None or seen
            total += self.throttled(folder) or 0.0
            folder = os.path.dirname(folder)
        return total if seen else None

    def throttled(self, folder):
        values = table(os.path.join(folder, "cpu.stat"))
        if "throttled_usec" in values:
            return values["throttled_usec"] / 1e6
        return values["throttled_time"] / 1e9 if "throttled_time" in values else None

    def told(self):
        """What the groups saw of the command."""
        above = self.throttled_above()
        throttled = None if above is None else max(0.0, above - self.throttled_before)
        if "cpu" in self.folders:
            throttled = (throttled or 0.0) + (self.throttled(self.folders["cpu"]) or 0.0)
        memory = self.folders.get("memory")
        ended = 0
        if memory is not None:
            name = "memory.oom_control" if self.places["memory"][0] == 1 else "memory.events"
            ended = table(os.path.join(memory, name)).get("oom_kill", 0)
        return {"throttled": throttled, "outOfMemory": ended > 0}

    def leave(self, controller):
        folder = self.folders.pop(controller, None)
        if folder is not None and folder not in self.folders.values():
            try:
                os.rmdir(folder)
            except OSError:
                pass

    def close(self):
        """Ends what is in the groups and removes them. False: something is left."""
        deadline = time.monotonic() + 10
        left = set(self.folders.values())
        while left and time.monotonic() < deadline:
            for folder in list(left):
                for line in read_text(os.path.join(folder, "cgroup.procs")).split():
                    end_process(int(line))
                try:
                    os.rmdir(folder)
                    left.discard(folder)
                except FileNotFoundError:
                    left.discard(folder)
                except OSError:
                    time.sleep(0.01)
        return not left


def end_process(pid):
    # 0 and 1 would be more than one process.
    if pid > 1 and pid != os.getpid():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


def sweep(parent):
    """Removes groups whose keeper was killed. Only an empty group can be removed."""
    for name in os.listdir(parent):
        parts = name.split("-")
        if len(parts) != 3 or parts[0] != "thoth" or not parts[1].isdigit():
            continue
        try:
            old = time.time() - os.stat(os.path.join(parent, name)).st_mtime > 60
            if old and not os.path.exists("/proc/" + parts[1]):
                os.rmdir(os.path.join(parent, name))
        except OSError:
            pass
