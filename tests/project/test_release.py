"""A release says what it holds, what it depends on and which commit it was built from."""

import hashlib
import json
import re

import pytest

from harness.publishing import archive, release


def test_the_bill_names_every_file_and_every_pin():
    made = release.bill(archive.ROOT)
    files = {each["name"]: each for each in made["components"] if each["type"] == "file"}
    assert set(files) == {member.as_posix() for member in archive.members(archive.ROOT)}
    entry = (archive.ROOT / "SKILL.md").read_bytes()
    assert files["SKILL.md"]["hashes"][0]["content"] == hashlib.sha256(entry).hexdigest()
    pins = "\n".join(file.read_text() for file in release.PINS)
    pinned = set(re.findall(r"(?m)^([\w-]+==[\d.]+)", pins))
    libraries = [each for each in made["components"] if each["type"] == "library"]
    fixed = [each for each in libraries if "version" in each]
    assert {f"{each['name']}=={each['version']}" for each in fixed} == pinned
    assert made["dependencies"][0]["dependsOn"] == [each["bom-ref"] for each in libraries]
    ranged = {each["name"]: each["properties"][0]["value"] for each in libraries[len(fixed) :]}
    assert ranged["psycopg"].startswith(">=") and {"PyMySQL", "redis"} <= set(ranged)
    assert not {"pytest", "Django"} & set(ranged)


@pytest.mark.install
def test_one_command_writes_three_files_that_name_each_other(packed, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(release, "_commit", lambda: "c" * 40)
    monkeypatch.setattr(release, "build", lambda root: packed)
    monkeypatch.setattr(release, "findings", lambda data: [])
    assert release.main(["--output", str(tmp_path)]) == 0
    stem = f"{archive.NAME}-{archive.__version__}"
    statement = json.loads((tmp_path / f"{stem}.intoto.json").read_text())
    for subject in statement["subject"]:
        data = (tmp_path / subject["name"]).read_bytes()
        assert subject["digest"]["sha256"] == hashlib.sha256(data).hexdigest()
    built_from = statement["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert built_from[0]["digest"]["gitCommit"] == "c" * 40
    assert len(statement["subject"]) == 2 and capsys.readouterr().out.count(stem) == 3


def test_changes_are_not_released(monkeypatch, tmp_path, capsys):
    def changed():
        raise ValueError("the checkout has changes")

    monkeypatch.setattr(release, "_commit", changed)
    assert release.main(["--output", str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == [] and "has changes" in capsys.readouterr().err


@pytest.mark.parametrize("field", ["bomFormat", "specVersion", "components", "metadata"])
def test_the_bill_has_the_fields_that_cyclonedx_asks_for(field):
    assert release.bill(archive.ROOT)[field]
