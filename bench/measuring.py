"""What the benchmarks share: environments, builds, the clock, and the machine's description."""
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "geoip"
MEASUREMENTS = ["-dx", "90", "-bn", "192.168.104.0/24", "-cv", "-td"]


def directory(given):
    """The directory that keeps environments and files between runs, or a new temporary one."""
    path = pathlib.Path(given or tempfile.mkdtemp(prefix="sentinel-bench-"))
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def environment(cache, name, packages):
    """The Python of a virtual environment that has the packages."""
    home = cache / name
    python = home / "bin" / "python"
    wanted = "\n".join(packages)
    note = home / "packages"
    if not note.exists() or note.read_text() != wanted:
        say(f"installing {', '.join(packages)}")
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
        note.write_text(wanted)
    return python


def build(cache, package):
    """A program of this repository, built as it is released."""
    program = cache / pathlib.Path(package).name
    subprocess.run(["go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, package], cwd=ROOT, check=True)
    return program


def database(names, places, need):
    for name in names:
        for place in places:
            if (pathlib.Path(place) / name).exists():
                return pathlib.Path(place) / name
    if need:
        raise SystemExit(f"bench: no {names[0]}: install Debian's geoip-database, or name a file with {need}")
    return None


def countries(given):
    return pathlib.Path(given).resolve() if given else database(["GeoIP.dat"], ["/usr/share/GeoIP", SHARED / "legacy"], "--countries")


def owners(given):
    return pathlib.Path(given).resolve() if given else database(["GeoIPASNum.dat"], ["/usr/share/GeoIP", SHARED / "asnum"], None)


def generate(sentinel, cache, flows):
    path = cache / f"day-{flows}.parquet"
    if not path.exists():
        say(f"generating {flows:,} flows")
        subprocess.run([sentinel, "generate", "--flows", str(flows), path], check=True, stderr=subprocess.DEVNULL)
    return path


def clock(command, cwd, env=None):
    """Run a whole process: elapsed seconds, seconds of CPU, and its largest resident set in MB."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               env={**os.environ, **(env or {})})
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.stderr.buffer.write(complaint)
        raise SystemExit(f"bench: {command[0]} ended with status {process.returncode}")
    return elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def in_turn(sides, rounds, cwd, cold=1, before=lambda: None):
    """Run all sides once a round, each round beginning with another. Nothing is kept of the first, cold rounds.

    What before does, ahead of each run, is not timed."""
    names = list(sides)
    results = {name: [] for name in names}
    for number in range(1 - cold, rounds + 1):
        at = number % len(names)
        for name in names[at:] + names[:at]:
            before()
            measured = clock(*sides[name][:1], cwd, *sides[name][1:])
            if number > 0:
                results[name].append(measured)
        if number > 0:
            say(f"round {number} of {rounds}: " + ", ".join(f"{name} {runs[-1][0]:.3f} s" for name, runs in results.items()))
    return results


def median(runs, field):
    return statistics.median(run[field] for run in runs)


def ratio(over, under, field=0):
    """The median over the rounds of one side's figure over the other's in the same round."""
    return statistics.median(a[field] / b[field] for a, b in zip(over, under))


def say(text):
    print(text, file=sys.stderr, flush=True)


def machine():
    """Cores, memory and system, and no name of the host."""
    model = ""
    info = pathlib.Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*:\s*(.*)", info.read_text())
        model = f" ({found[1].strip()})" if found else ""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores{model}, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}"


def go_version():
    return subprocess.run(["go", "env", "GOVERSION"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def installed(python, packages):
    code = "import sys, importlib.metadata as m; print(', '.join(f'{p} {m.version(p)}' for p in sys.argv[1:]))"
    return subprocess.run([python, "-c", code, *packages], check=True, capture_output=True, text=True).stdout.strip()


def markdown(header, rows):
    rows = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
