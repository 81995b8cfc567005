#!/usr/bin/env python3
"""Makes the README's pictures from real runs: docs/pictures/make.py [PATH TO TFHELPER]

Needs tmux, and the Python package rich. Each picture is what a terminal of 100 columns shows after the command, run on a copy
of terraform-examples/aws. The clock is handed in, so that a picture changes only when the program does; a port that the
system chose may differ.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from rich.console import Console
from rich.text import Text

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
COLUMNS = 100

# Name, rows, commands run unseen before it, the command.
PICTURES = [
    ("check", 40, [], "tfhelper check"),
    ("init-jira", 60, [], "tfhelper init-jira --rehearse --no-input"),
    ("tfvars", 20, [], "tfhelper tfvars set connector_settings.jira_example_issue_id ACME-1 --dry-run"),
    ("console", 8, [], "tfhelper console 'length(var.enabled_connectors)' 'upper(var.environment_name)'"),
    ("status", 34, [], "tfhelper status"),
    ("explain", 40, [], "tfhelper explain connector-setting"),
]


def run_in_terminal(folder, binary, before, command, rows):
    """What the terminal shows when the command has ended, with its colours."""
    environment = {
        "PATH": os.path.dirname(binary) + ":" + os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color", "LANG": "C.UTF-8",
        "COLORTERM": "truecolor", "TFHELPER_NOW": "2026-11-23T12:00:00Z", "BROWSER": "true",
    }
    socket = os.path.join(folder, "tmux")
    tmux = ["tmux", "-S", socket, "-f", "/dev/null"]
    script = os.path.join(folder, "script")
    with open(script, "w", encoding="utf-8") as f:
        f.writelines("%s >/dev/null 2>&1\n" % line for line in before)
        f.write("printf '\\033[1;32m$\\033[0m %%s\\n' %s\n%s\n" % (shlex.quote(command), command))
        f.write("tmux -S %s wait-for -S done\nread -r _\n" % shlex.quote(socket))
    root = os.path.join(folder, "aws")
    shutil.copytree(os.path.join(TOP, "terraform-examples", "aws"), root)
    subprocess.run(tmux + ["new-session", "-d", "-x", str(COLUMNS), "-y", str(rows), "-c", root,
                           "bash --norc %s" % shlex.quote(script)], env=environment, check=True)
    subprocess.run(tmux + ["wait-for", "done"], env=environment, check=True, timeout=60)
    screen = subprocess.run(tmux + ["capture-pane", "-e", "-p", "-S", "-"], env=environment, check=True, stdout=subprocess.PIPE)
    subprocess.run(tmux + ["kill-server"], env=environment, check=False)
    # The copy's name is chance.
    return re.sub(r"/tmp/[\w.-]*rehearsal[\w.-]*", "$TMPDIR/tfhelper-rehearsal", screen.stdout.decode("utf-8")).rstrip() + "\n"


def draw(name, command, screen):
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi(screen))
        picture = console.export_svg(title=command, unique_id=name)
    # The picture must not fetch anything.
    picture = re.sub(r"@font-face\s*\{.*?\}", "", picture, flags=re.S)
    with open(os.path.join(HERE, name + ".svg"), "w", encoding="utf-8") as f:
        f.write("\n".join(line.rstrip() for line in picture.splitlines()) + "\n")


def main():
    binary = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(TOP, "target", "debug", "tfhelper"))
    for name, rows, before, command in PICTURES:
        with tempfile.TemporaryDirectory(prefix="tfhelper-picture-") as folder:
            draw(name, command, run_in_terminal(folder, binary, before, command, rows))
        print("docs/pictures/%s.svg" % name)


if __name__ == "__main__":
    main()
