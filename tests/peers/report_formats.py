"""Judges a report with readers that are not tfhelper's: report_formats.py junit|gitlab FILE"""

import json
import sys

SCHEMA_OF_GITLAB = {
    # GitLab documentation, "Code Quality report format".
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^[a-z-]+$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)(?!/)."},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}

# Attributes in junit-10.xsd of Jenkins' xunit plugin; the first set is required.
ATTRIBUTES_OF_JUNIT = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
    ),
    "testcase": ({"name"}, {"time", "classname", "group"}),
    "failure": (set(), {"type", "message"}),
    "skipped": (set(), {"type", "message"}),
    "system-out": (set(), set()),
}


def gitlab(path):
    import jsonschema

    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert not text.startswith("\ufeff")
    findings = json.loads(text)
    jsonschema.validate(findings, SCHEMA_OF_GITLAB)
    fingerprints = [finding["fingerprint"] for finding in findings]
    assert len(set(fingerprints)) == len(fingerprints) > 0


def junit(path):
    import junitparser
    from xml.etree import ElementTree

    for element in ElementTree.parse(path).iter():
        required, optional = ATTRIBUTES_OF_JUNIT[element.tag]
        names = set(element.attrib)
        assert required <= names <= required | optional, (element.tag, names)
    suites = junitparser.JUnitXml.fromfile(path)
    cases = [case for suite in suites for case in suite]
    failed = [case.name for case in cases if any(isinstance(r, junitparser.Failure) for r in case.result)]
    assert failed == ["required-variable", "validation-rule"], failed
    assert len(cases) > 2 * len(failed), "passes are listed too"
    assert sum(suite.failures for suite in suites) == 2 and sum(suite.tests for suite in suites) == len(cases)


{"gitlab": gitlab, "junit": junit}[sys.argv[1]](sys.argv[2])
