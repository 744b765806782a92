"""What migrations do to tables in use, in the words of each framework and of squawk."""

from __future__ import annotations

import os
import re
import stat
import time
from pathlib import Path

import pytest
from backend_performance.diagnosis.code.readings.schema import squawk
from backend_performance.diagnosis.code.run import CodeRun, run_code

from tests.diagnosis.config.trees import written

BECAUSE = {
    "refused inside": "in_transaction",
    "rows are changed while": "mixed",
    "a value of its own": "volatile",
    "type of a column": "rewrite",
    "a unique index": "unique",
    "an index is built": "index",
    "checked against all rows": "validated",
    "must have a value": "default",
    "all rows are changed": "all_rows",
    "stops reads or writes": "exclusive",
    "old code": "rename",
    "no migration limits": "waits",
}
RAILS = """
    class Change < ActiveRecord::Migration[7.0]
      def change
        execute "SET lock_timeout = '2s'"
        add_index :orders, :code  # index
        safety_assured { add_index :orders, :reviewed }
        add_index :orders, :state, algorithm: :concurrently  # in_transaction
        add_reference :orders, :user, index: false
        add_reference :orders, :shop  # index
        change_table :orders do |t|
          t.index :email  # index
        end
        create_table :lines do |t|
          t.index :email
        end
        add_index :lines, :code
        add_foreign_key :orders, :users  # validated
        add_foreign_key :orders, :shops, validate: false
        add_check_constraint :orders, "total > 0", name: "positive"  # validated
        change_column_null :orders, :code, false  # validated
        change_column :orders, :total, :bigint  # rewrite
        change_column :orders, :code, :text
        add_column :orders, :key, :uuid, default: -> { "gen_random_uuid()" }  # volatile
        add_column :orders, :kind, :string, null: false  # default
        add_column :orders, :paid, :boolean, null: false, default: false
        rename_column :orders, :a, :b  # rename
        remove_column :orders, :c  # rename
        execute <<~SQL  # exclusive
          drop index orders_code
        SQL
        Order.where(paid: nil).update_all(paid: true)  # mixed
      end
    end
"""
RAILS_APART = """
    class Change < ActiveRecord::Migration[7.0]
      disable_ddl_transaction!
      def up
        execute "SET lock_timeout = '2s'"
        add_index :orders, :code, algorithm: :concurrently
        Order.update_all(paid: true)  # all_rows
      end
      def down
        remove_column :orders, :paid
      end
    end
"""
DJANGO = """
    from django.db import migrations, models
    class Migration(migrations.Migration):
        operations = [
            migrations.AddIndex("order", models.Index(fields=["code"], name="code")),  # index
            AddIndexConcurrently("order", models.Index(fields=["state"])),  # in_transaction
            migrations.AddField("order", "shop", models.ForeignKey("shop", null=True)),  # index
            migrations.AddField("order", "note", models.CharField(default="")),
            migrations.AddField("order", "slug", models.CharField(unique=True)),  # unique
            migrations.AlterField("order", "id", models.BigAutoField(primary_key=True)),  # rewrite
            migrations.AlterField("order", "total", models.BigIntegerField()),  # rewrite
            migrations.AlterField("order", "note", models.CharField(blank=True)),
            migrations.AddConstraint("order", models.CheckConstraint(name="c")),  # validated
            migrations.AddConstraint("order", models.UniqueConstraint(name="u")),  # unique
            migrations.RenameField("order", "a", "b"),  # rename
            migrations.RunPython(fill),  # mixed
            migrations.RunSQL("SET lock_timeout = '2s'"),
            migrations.CreateModel(name="Line", fields=[]),
            migrations.AddIndex("line", models.Index(fields=["code"])),
            migrations.SeparateDatabaseAndState(
                state_operations=[migrations.AddIndex("order", models.Index(fields=["x"]))],
            ),
        ]
"""
ALEMBIC = """
    import sqlalchemy as sa
    revision = "b2"
    down_revision = "a1"
    def upgrade():
        op.execute("SET lock_timeout = '2s'")
        op.create_index("orders_code", "orders", ["code"])  # index
        op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"])  # validated
        op.create_unique_constraint("u", "orders", ["code"])  # unique
        op.alter_column("orders", "total", type_=sa.BigInteger())  # rewrite
        op.alter_column("orders", "code", nullable=False)  # validated
        op.alter_column("orders", "code", comment="x", existing_nullable=False)
        op.add_column("orders", sa.Column("a", sa.Integer(), nullable=False))  # default
        op.add_column("orders", sa.Column("b", sa.Integer(), server_default="0", nullable=False))
        op.drop_column("orders", "c")  # rename
        op.create_table("lines", sa.Column("id", sa.Integer()))
        op.create_index("lines_id", "lines", ["id"])
        with op.get_context().autocommit_block():
            op.create_index("i", "orders", ["d"], postgresql_concurrently=True)
    def downgrade():
        op.drop_column("orders", "a")
"""
LARAVEL = """
    <?php
    return new class extends Migration {
        public function up(): void {
            DB::statement("SET lock_timeout = '2s'");
            DB::statement("ALTER TABLE orders ALTER COLUMN note TYPE jsonb");  # rewrite
            Schema::table('orders', function (Blueprint $table) {
                $table->index('code');  # index
                $table->unique('slug');  # unique
                $table->foreignId('user_id')->constrained();  # validated
                $table->bigInteger('total')->change();  # rewrite
                $table->dropColumn('old');  # rename
            });
            Schema::create('lines', function (Blueprint $table) {
                $table->index('code');
            });
        }
    };
"""
KNEX = """
    export async function up(knex) {
      await knex.raw("set local lock_timeout = '2s'");
      await knex.schema.alterTable('orders', (t) => {
        t.index(['code']);  # index
        t.integer('user_id').references('id').inTable('users');  # validated
        t.bigInteger('total').alter();  # rewrite
        t.renameColumn('a', 'b');  # rename
      });
      await knex.schema.createTable('lines', (t) => { t.index(['code']); });
    }
"""
SEQUELIZE = """
    module.exports = {
      up: async (queryInterface, Sequelize) => {
        await queryInterface.sequelize.query("SET lock_timeout = '2s'");
        await queryInterface.addIndex('orders', ['code']);  # index
        await queryInterface.addIndex('orders', ['at'], { concurrently: true });
        await queryInterface.addColumn('orders', 'a', { type: 'x', allowNull: false });  # default
        await queryInterface.changeColumn('orders', 'total', { type: 'BIGINT' });  # rewrite
        await queryInterface.removeColumn('orders', 'old');  # rename
      },
      down: async (queryInterface) => { await queryInterface.removeColumn('orders', 'a'); },
    };
"""
TYPEORM = """
    export class Change1700000000000 implements MigrationInterface {
      public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`SET lock_timeout = '2s'`);
        await queryRunner.query(`CREATE INDEX "orders_code" ON "orders" ("code")`);  # index
        await queryRunner.createIndex('orders', new TableIndex({ columnNames: ['a'] }));  # index
        await queryRunner.createForeignKey('orders', key);  # validated
        await queryRunner.dropColumn('orders', 'old');  # rename
      }
      public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.dropColumn('orders', 'code');
      }
    }
"""
EF = """
    using Npgsql.EntityFrameworkCore;
    public partial class Change : Migration {
      protected override void Up(MigrationBuilder migrationBuilder) {
        migrationBuilder.Sql("ALTER TABLE orders SET (lock_timeout = 2)");
        migrationBuilder.CreateIndex(name: "i", table: "Orders", column: "Code");  # index
        migrationBuilder.AddForeignKey(name: "f", table: "Orders", column: "UserId");  # validated
        migrationBuilder.AlterColumn<long>(name: "T", type: "bigint", oldType: "int");  # rewrite
        migrationBuilder.AlterColumn<string>(name: "N", type: "text", oldType: "text");
        migrationBuilder.DropColumn(name: "Old", table: "Orders");  # rename
        migrationBuilder.CreateTable(name: "Lines", columns: t => new { });
        migrationBuilder.CreateIndex(name: "l", table: "Lines", column: "Code");
      }
      protected override void Down(MigrationBuilder migrationBuilder) {
        migrationBuilder.DropColumn(name: "Code", table: "Orders");
      }
    }
"""
GOOSE = """
    -- +goose Up
    SET lock_timeout = '2s';
    ALTER TABLE orders ADD COLUMN key uuid NOT NULL DEFAULT gen_random_uuid();  # volatile
    ALTER TABLE orders ADD COLUMN paid boolean DEFAULT false NOT NULL;
    ALTER TABLE orders ADD COLUMN kind text NOT NULL;  # default
    ALTER TABLE orders ALTER COLUMN total TYPE bigint;  # rewrite
    ALTER TABLE orders ALTER COLUMN code SET NOT NULL;  # validated
    ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID;
    ALTER TABLE orders VALIDATE CONSTRAINT c;
    ALTER TABLE orders ADD CONSTRAINT u UNIQUE USING INDEX orders_u;
    ALTER TABLE orders ADD CONSTRAINT v UNIQUE (code);  # unique
    CREATE INDEX orders_kind ON orders (kind);  # index
    -- squawk-ignore require-concurrent-index-creation
    CREATE INDEX orders_paid ON orders (paid);
    CREATE TABLE lines (id bigint);
    CREATE INDEX lines_id ON lines (id);
    DO $$ BEGIN ALTER TABLE lines ADD CONSTRAINT d CHECK (id > 0); END $$;
    REINDEX TABLE orders;  # exclusive
    UPDATE orders SET paid = true WHERE id > 5;  # mixed
    -- +goose Down
    ALTER TABLE orders DROP COLUMN key;
"""
LIQUIBASE = """
    <databaseChangeLog>
      <changeSet id="0"><dropTable tableName="ancient"/></changeSet>
      <changeSet id="1"><sql>SET lock_timeout = 2</sql></changeSet>
      <changeSet id="2">
        <createTable tableName="lines"><column name="id" type="bigint"/></createTable>
        <createIndex tableName="lines"><column name="id"/></createIndex>
        <createIndex tableName="orders" indexName="i">  # index
          <column name="code"/>
        </createIndex>
        <addColumn tableName="orders">  # default
          <column name="kind" type="text"><constraints nullable="false"/></column>
        </addColumn>
        <addColumn tableName="orders">
          <column name="paid" type="boolean" valueBoolean="false">
            <constraints nullable="false"/>
          </column>
        </addColumn>
      </changeSet>
      <changeSet id="3">
        <addNotNullConstraint tableName="orders" columnName="code"/>  # validated
        <modifyDataType tableName="orders" columnName="total" newDataType="bigint"/>  # rewrite
        <dropColumn tableName="orders" columnName="old"/>  # rename
      </changeSet>
    </databaseChangeLog>
"""
LIQUIBASE_YAML = """
    databaseChangeLog:
      - changeSet:
          id: 1
          changes:
            - createIndex:  # index
                tableName: orders
                columns:
                  - column:
                      name: code
            - addForeignKeyConstraint:  # validated
                baseTableName: orders
                baseColumnNames: user_id
                constraintName: orders_user
      - changeSet:
          id: 2
          changes:
            - renameColumn: {tableName: orders, oldColumnName: a, newColumnName: b}  # rename
"""
CASES = {
    "Rails": ("db/migrate/20250101_change.rb", RAILS),
    "Rails, outside a transaction": ("db/migrate/20250101_change.rb", RAILS_APART),
    "Django": ("shop/migrations/0002_change.py", DJANGO),
    "Alembic": ("alembic/versions/b2_change.py", ALEMBIC),
    "Laravel": ("database/migrations/2025_01_01_change.php", LARAVEL),
    "Knex": ("migrations/20250101_change.js", KNEX),
    "Sequelize": ("migrations/20250101-change.js", SEQUELIZE),
    "TypeORM": ("src/migrations/1700000000000-Change.ts", TYPEORM),
    "EF Core": ("Data/Migrations/20250101_Change.cs", EF),
    "goose": ("migrations/00002_change.sql", GOOSE),
    "Liquibase, XML": ("db/changelog/002-change.xml", LIQUIBASE),
    "Liquibase, YAML": ("db/changelog/002-change.yaml", LIQUIBASE_YAML),
}


def hazards(run: CodeRun) -> list[tuple[int, str]]:
    """Return the lines of the leads, each with the name of its hazard."""
    found = [(one.line, one.because) for one in run.leads if one.probe == "code/migration-locks"]
    return sorted((n, next(v for k, v in BECAUSE.items() if k in text)) for n, text in found)


_MARK = re.compile(r" +# (\w+)$", re.M)


def marked(text: str) -> list[tuple[int, str]]:
    """Return the lines that end in ``# hazard``."""
    found = [(n, _MARK.search(line)) for n, line in enumerate(text.splitlines(), 1)]
    return [(n, mark[1]) for n, mark in found if mark]


def hazards_in(tree: Path, name: str, text: str) -> list[tuple[int, str]]:
    return hazards(run_code(written(tree, {name: _MARK.sub("", text)}), only=["migration-locks"]))


@pytest.mark.parametrize("name", CASES)
def test_each_framework_has_its_hazards(name, tmp_path, monkeypatch):
    monkeypatch.setattr(squawk, "_program", lambda root: None)
    file, text = CASES[name]
    assert hazards_in(tmp_path, file, text) == marked(text)


def test_mysql_builds_indexes_online(tmp_path):
    text = "ALTER TABLE `orders` ADD COLUMN `a` int;\nCREATE INDEX i ON `orders` (`a`);\n"
    assert hazards_in(tmp_path, "migrations/2.sql", text) == [(2, "waits")]


def test_a_database_inside_the_process_has_no_queue(tmp_path):
    files = {"migrations/2.sql": "CREATE INDEX i ON orders (a);\n", "db.py": "import sqlite3\n"}
    assert run_code(written(tmp_path, files), only=["migration-locks"]).leads == ()


@pytest.mark.parametrize(
    "names",
    [
        ["V9__a.sql", "V10__b.sql", "V11__c.sql", "V12__d.sql"],
        ["0009/up.sql", "0010/up.sql", "0011/up.sql", "0012/up.sql"],
    ],
)
def test_the_newest_three_are_found_by_their_numbers(names, tmp_path):
    text = "-- of PostgreSQL\nCREATE INDEX i ON orders (a);\n"
    run = run_code(
        written(tmp_path, {f"migrations/{name}": text for name in names}), only=["migration-locks"]
    )
    assert {one.file for one in run.leads} == {f"migrations/{name}" for name in names[1:]}


def test_the_newest_of_alembic_are_found_along_their_chain(tmp_path):
    text = (
        'revision = "{}"\ndown_revision = "{}"\ndef upgrade():\n    op.drop_column("orders", "a")\n'
    )
    chain = {"c": "", "a": "c", "e": "a", "b": "e"}
    files = {
        f"alembic/versions/{one}.py": text.format(one, before) for one, before in chain.items()
    }
    run = run_code(written(tmp_path, files), only=["migration-locks"])
    assert {one.file for one in run.leads} == {f"alembic/versions/{one}.py" for one in "aeb"}


SQL = """
    ALTER TABLE orders ADD COLUMN note jsonb;
    ALTER TABLE orders
      ADD COLUMN a int,
      ADD CONSTRAINT c CHECK (a > 0);
    CREATE INDEX i
      ON orders (a);
"""


@pytest.mark.skipif(squawk._program(None) is None, reason="squawk is not installed")
def test_squawk_names_its_rule(tmp_path):
    run = run_code(written(tmp_path, {"migrations/2.sql": SQL}), only=["migration-locks"])
    rules = {one.line: one.more["rule"] for one in run.leads}
    assert rules == {
        2: ["own"],
        3: ["constraint-missing-not-valid"],
        6: ["require-concurrent-index-creation"],
    }
    assert "our own rules, and those of squawk" in run.evidence[0].caveats


def _fake(folder: Path, script: str) -> Path:
    folder.mkdir(parents=True)
    program = folder / "squawk"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


ANSWERS = {
    "nothing": "exit 3",
    "no JSON": "echo hello",
    "another form": "echo '[1, {}]'",
    "a file that it was not given": """echo '[{"file": "9.sql", "line": 1, "rule_name": "x"}]'""",
    "without end": "yes",
    "too deep": "head -c 200000 /dev/zero | tr '\\\\0' '['",
    "too late, in a process of its own": "sleep 60 & sleep 60",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_of_squawk_that_is_none_changes_nothing(answer, tmp_path, monkeypatch):
    program = _fake(tmp_path / "bin", ANSWERS[answer])
    monkeypatch.setattr(squawk, "_program", lambda root: str(program))
    monkeypatch.setattr(squawk, "_SECONDS", 0.5)
    began = time.monotonic()
    run = run_code(written(tmp_path / "tree", {"migrations/2.sql": SQL}), only=["migration-locks"])
    assert time.monotonic() - began < 10
    assert [hazard for _, hazard in hazards(run)] == ["waits", "validated", "index"]
    assert "our own rules; squawk gave no answer" in run.evidence[0].caveats


def test_squawk_is_given_the_statements_alone(tmp_path, monkeypatch):
    heard = tmp_path / "heard"
    program = _fake(tmp_path / "bin", f'(echo "$@"; ls -a; env) > {heard}; echo "[]"')
    monkeypatch.setattr(squawk, "_program", lambda root: str(program))
    monkeypatch.setenv("SQUAWK_GITHUB_TOKEN", "secret")
    tree = written(tmp_path / "tree", {"migrations/--config=x\x1b.sql": SQL, ".squawk.toml": "x"})
    (tree / "migrations/3.sql").symlink_to("/etc/passwd")
    run_code(tree, only=["migration-locks"])
    text = heard.read_text()
    assert text.splitlines()[0] == "--reporter Json 0.sql"
    assert "secret" not in text and str(tree) not in text


def test_no_squawk_of_the_code_base_is_run(tmp_path, monkeypatch):
    heard = tmp_path / "heard"
    _fake(tmp_path / "tree/bin", f"touch {heard}")
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "tree/bin"), "bin"]))
    monkeypatch.chdir(tmp_path / "tree")
    monkeypatch.setattr(squawk.sys, "executable", str(tmp_path / "none/python"))
    run = run_code(written(tmp_path / "tree", {"migrations/2.sql": SQL}), only=["migration-locks"])
    assert not heard.exists()
    assert "our own rules; squawk is not installed" in run.evidence[0].caveats


def test_squawk_is_not_asked_about_other_databases(tmp_path, monkeypatch):
    heard = tmp_path / "heard"
    program = _fake(tmp_path / "bin", f"touch {heard}; echo '[]'")
    monkeypatch.setattr(squawk, "_program", lambda root: str(program))
    files = {
        "mysql/migrations/2.sql": SQL,
        "sqlite/migrations/2.sql": SQL,
        "a/migrations/2.sql": "ALTER TABLE `orders` ADD COLUMN `a` int;\n",
        "b/migrations/2.sql": "ALTER TABLE orders ADD COLUMN a int;\n",
    }
    run_code(written(tmp_path / "tree", files), only=["migration-locks"])
    assert not heard.exists()
