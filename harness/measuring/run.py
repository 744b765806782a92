"""One case at work: its database, its namespace, its connections, and the fences run in order."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any

import psycopg
import pymysql
import redis

from harness.measuring.bench import Bench
from harness.measuring.client import client_sample
from harness.measuring.figures import Table
from harness.measuring.orm import django_database, sqlalchemy_engine
from harness.measuring.page import Case, Fence, PageError
from harness.measuring.plans import mariadb_sample, postgres_sample
from harness.measuring.sample import Sample, tabulate
from harness.measuring.statements import split

DEFAULT_SHOW = {"sql": "plan,read,buffers", "python": "queries,trips,rows,bytes"}


class CaseRun:
    """What the fences of one case see; the parameter names of a function say what it is given."""

    def __init__(self, case: Case, bench: Bench) -> None:
        self.case, self.bench = case, bench
        module = ModuleType("case_" + case.slug.replace("-", "_"))
        self.namespace: dict[str, Any] = module.__dict__
        self._stack = ExitStack()
        sys.modules[module.__name__] = module  # SQLAlchemy resolves annotations there
        self._stack.callback(sys.modules.pop, module.__name__)
        self._given: dict[str, Any] = {}

    def __enter__(self) -> CaseRun:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @cached_property
    def database(self) -> str:
        return self.bench.new_database(self.case.slug)

    @cached_property
    def direct_dsn(self) -> str:
        return self.bench.postgres.dsn(database=self.database)

    @cached_property
    def dsn(self) -> str:
        """Over the network, with its delay."""
        return f"host=127.0.0.1 port={self.bench.network.port} user=postgres dbname={self.database}"

    def connect(self, dsn: str | None = None) -> psycopg.Connection:
        return self._stack.enter_context(psycopg.connect(dsn or self.direct_dsn, autocommit=True))

    @cached_property
    def admin(self) -> psycopg.Connection:
        """Without the network's delay: for set-up and plans."""
        return self.connect()

    @cached_property
    def mariadb(self) -> pymysql.Connection[Any]:
        name = self.bench.new_mariadb_database(self.case.slug)
        parameters = self.bench.mariadb.parameters() | {"database": name, "autocommit": True}
        return self._stack.enter_context(pymysql.connect(**parameters))

    @cached_property
    def redis(self) -> redis.Redis:
        self.bench.empty_redis()
        return self._stack.enter_context(
            redis.Redis(port=self.bench.redis_network.port, decode_responses=True)
        )

    def make(self, name: str) -> Any:
        makers: dict[str, Callable[[], Any]] = {
            "connection": lambda: self.connect(self.dsn),
            "dsn": lambda: self.dsn,
            "direct_dsn": lambda: self.direct_dsn,
            "mariadb": lambda: self.mariadb,
            "redis": lambda: self.redis,
            "engine": lambda: sqlalchemy_engine(self.dsn, self._stack),
            "django": lambda: django_database(self.dsn, self._stack),
        }
        if maker := self.namespace.get(f"make_{name}"):
            made = maker(**{each: self.given(each) for each in inspect.signature(maker).parameters})
            if hasattr(made, "close"):
                self._stack.callback(made.close)
            return made
        if name not in makers:
            raise PageError(f"{self.case.slug}: the harness cannot give a parameter {name!r}")
        return makers[name]()

    def given(self, name: str) -> Any:
        if name not in self._given:
            self._given[name] = self.make(name)
        return self._given[name]

    def offer(self, name: str, value: object) -> None:
        """Give a parameter a value of the case's own."""
        self._given[name] = value

    def prepare(self, fence: Fence) -> None:
        """Run a set-up fence."""
        if fence.language == "python":
            self.define(fence)
        elif fence.engine == "mariadb":
            for statement in split(fence.code):
                self.mariadb.cursor().execute(statement)
        else:
            for statement in split(fence.code):
                self.admin.execute(statement)  # type: ignore[arg-type]

    def define(self, fence: Fence) -> FunctionType | None:
        """Execute a Python fence; the function it defines last is the one to call."""
        if "models.Model" in fence.code:
            self.given("django")
        before = set(map(id, self.namespace.values()))
        code = compile(
            "\n" * fence.line + fence.code, f"{self.case.slug}.md", "exec", dont_inherit=True
        )
        exec(code, self.namespace)
        made = [v for v in self.namespace.values() if isinstance(v, FunctionType)]
        fresh = [v for v in made if id(v) not in before and v.__module__ == self.module]
        return max(fresh, key=lambda made: made.__code__.co_firstlineno, default=None)

    @property
    def module(self) -> str:
        return str(self.namespace["__name__"])

    def function(self, fence: Fence) -> Callable[[], Any]:
        """The function of a fence with everything it asks for."""
        found = self.define(fence)
        if not found:
            raise PageError(f"{self.case.slug}: the fence in line {fence.line} defines no function")
        arguments = {name: self.given(name) for name in inspect.signature(found).parameters}
        return lambda: found(**arguments)

    def measure(self, fence: Fence) -> Sample:
        if fence.language == "python":
            run = self.function(fence)
            bench = self.bench
            return bounded(client_sample(bench, self.database, fence.label, run), fence)
        if fence.engine == "mariadb":
            *first, last = split(fence.code)
            for statement in first:
                self.mariadb.cursor().execute(statement)
            return mariadb_sample(self.mariadb, last, fence.label)
        *first, last = split(fence.code)
        for statement in first:
            self.admin.execute(statement)  # type: ignore[arg-type]
        return postgres_sample(self.admin, last, fence.label)

    def values(self) -> Table:
        """Functions that measure for themselves and answer with their row of the table."""
        rows = {}
        for fence in self.case.fences:
            if fence.step == "setup":
                self.prepare(fence)
            else:
                rows[fence.label] = self.function(fence)()
        headers = next(iter(rows.values()))
        return Table.of(
            ["Variant", *headers], [[label, *row.values()] for label, row in rows.items()]
        )

    def table(self) -> Table:
        """All measured fences, each answer equal to the first one's unless it says otherwise."""
        if self.case.attribute("measure") == "values":
            return self.values()
        samples: list[Sample] = []
        for fence in self.case.fences:
            if fence.step == "setup":
                self.prepare(fence)
                continue
            sample = self.measure(fence)
            same = not samples or sample.answer == samples[0].answer
            if not same and fence.attributes.get("answer") != "other":
                raise PageError(f"{self.case.slug}: {fence.label} answers something else")
            samples.append(sample)
        first = next(f for f in self.case.fences if f.step != "setup")
        show = self.case.attribute("show", DEFAULT_SHOW[first.language]).split(",")
        return tabulate(samples, show)


def bounded(sample: Sample, fence: Fence) -> Sample:
    """`at_most=trips:10` where a figure depends on timing: the page then states the bound."""
    name, _, limit = fence.attributes.get("at_most", "").partition(":")
    if not name or getattr(sample, name) > int(limit):
        return sample
    return replace(sample, **{name: f"≤ {limit}"})
