"""What is lost where the linter itself cannot tell (LAG000, LAG901, LAG902).

Needs blocklint, and a folder with a project: `python docs/measure/linter.py FOLDER`.
"""

from __future__ import annotations

import sys

from blocklint import analyze_paths, analyze_sources

FAULT = "import time\n\n\nasync def f():\n    time.sleep(1){comment}\n"


def main() -> None:
    forgotten = FAULT.format(comment="  # noqa: LAG104 repaired long ago")
    stale = len(analyze_sources({"app.py": forgotten}).findings)
    print(f"LAG901 of 1 new fault on a line with a forgotten comment {stale} are reported")
    modules = {f"app{number}.py": FAULT.format(comment="") for number in range(99)}
    report = analyze_sources({**modules, "broken.py": "def f(:\n"})
    print(f"LAG000 with 1 file of 100 that cannot be analysed, {len(report.findings)} of 99 faults are found")
    if len(sys.argv) > 1:
        summary = analyze_paths([sys.argv[1]]).summary
        share = 100 * summary.unresolved_calls / summary.calls
        print(f"LAG902 {summary.unresolved_calls} of {summary.calls} calls in async code ({share:.1f} %)")


main()
