"""Which accesses to a loaded relation ask the database again."""

import asyncio
import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.slow

pytest.importorskip("django")
pytest.importorskip("sqlalchemy")


def run_django(program: str) -> str:
    """Run a program against models in a memory database, in a process of its own."""
    head = """
        import django
        from django.conf import settings
        sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        settings.configure(DATABASES={"default": sqlite})
        django.setup()
        from django.db import connection, models
        from django.test.utils import CaptureQueriesContext

        class Parent(models.Model):
            class Meta:
                app_label = "shop"

        class Child(models.Model):
            parent = models.ForeignKey(Parent, models.CASCADE, related_name="children")
            class Meta:
                app_label = "shop"
                abstract = False

        class Sorted(models.Model):
            parent = models.ForeignKey(Parent, models.CASCADE, related_name="sorted_children")
            class Meta:
                app_label, ordering = "shop", ["id"]

        with connection.schema_editor() as editor:
            for model in (Parent, Child, Sorted):
                editor.create_model(model)
        for number in range(3):
            parent = Parent.objects.create()
            Child.objects.create(parent=parent)
            Sorted.objects.create(parent=parent)

        def queries(relation, access):
            parents = list(Parent.objects.prefetch_related(relation))
            with CaptureQueriesContext(connection) as found:
                for parent in parents:
                    access(getattr(parent, relation))
            return len(found)
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(head) + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("relation", "access", "expected"),
    [
        ("children", "r.first()", 3),
        ("sorted_children", "r.first()", 0),
        ("children", "list(r.all())", 0),
        ("children", "r.filter(id=1).exists()", 3),
        ("children", "r.count()", 0),
    ],
)
def test_what_asks_again_on_a_prefetched_relation_in_django(relation, access, expected):
    assert run_django(f"print(queries({relation!r}, lambda r: {access}))") == str(expected)


@pytest.mark.filterwarnings(
    "ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_an_async_session_loads_lazily_only_through_awaitable_attributes(connect):
    pytest.importorskip("greenlet", reason="SQLAlchemy[asyncio] is in the group `measure`")
    from sqlalchemy import ForeignKey, select
    from sqlalchemy.exc import MissingGreenlet, StatementError
    from sqlalchemy.ext.asyncio import AsyncAttrs, AsyncSession, create_async_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

    class Base(AsyncAttrs, DeclarativeBase):
        pass

    class Parent(Base):
        __tablename__ = "parent"
        id: Mapped[int] = mapped_column(primary_key=True)
        children: Mapped[list["Child"]] = relationship()

    class Child(Base):
        __tablename__ = "child"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int] = mapped_column(ForeignKey("parent.id"))

    info = connect(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent)",
        "INSERT INTO parent VALUES (1)",
        "INSERT INTO child VALUES (1, 1)",
    ).info

    async def load() -> int:
        engine = create_async_engine(
            f"postgresql+psycopg://{info.user}@/{info.dbname}?host={info.host}&port={info.port}"
        )
        async with AsyncSession(engine) as session:
            parent = (await session.scalars(select(Parent))).one()
            with pytest.raises((MissingGreenlet, StatementError)):
                parent.children  # noqa: B018
            found = len(await parent.awaitable_attrs.children)
        await engine.dispose()
        return found

    assert asyncio.run(load()) == 1
