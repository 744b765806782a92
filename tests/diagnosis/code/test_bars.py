"""What is reported once, and what is not reported because nothing shows that it matters."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis.code.run import run_code

from tests.diagnosis.config.trees import written

RAILS = {
    "db/schema.rb": """
        ActiveRecord::Schema.define do
          create_table "tags" do |t|
            t.string "name"
            t.string "color"
          end
          create_table "taggings" do |t|
            t.bigint "tag_id"
            t.bigint "author_id"
            t.bigint "editor_id"
          end
        end
    """,
    "app/models/tag.rb": """
        class Tag < ApplicationRecord
          has_many :taggings
        end
    """,
    "app/models/tagging.rb": """
        class Tagging < ApplicationRecord
          belongs_to :tag
          belongs_to :author
          belongs_to :editor
        end
    """,
}
XORM = """
    package shop
    import "xorm.io/xorm"
    type Owner struct { ID int64 `xorm:"pk autoincr"` }
    type Hook struct {
      ID int64 `xorm:"pk autoincr"`
      OwnerID int64 `xorm:"bigint not null INDEX"`
      UserID int64 `xorm:"bigint not null"`
    }
    type User struct { ID int64 `xorm:"pk autoincr"` }
    func List(db *xorm.Session) {
      db.Where("owner_id = ? AND hooks.user_id = ?", 1, 2).Find(&[]Hook{})
    }
"""


def columns(tmp_path, files, probe):
    leads = run_code(written(tmp_path, files), only=[probe]).leads
    return [(one.file, one.more["columns"]) for one in leads]


def test_a_reference_that_nothing_searches_needs_no_index(tmp_path):
    files = RAILS | {"app/a.rb": "def f(x)\n  Tagging.where(author: x).to_a\nend\n"}
    found = columns(tmp_path, files, "reference-without-index")
    assert found == [("app/models/tagging.rb", ["tag_id", "author_id"])]


def test_an_index_in_a_tag_may_be_spelled_in_capitals(tmp_path):
    found = columns(tmp_path, {"hooks.go": XORM}, "reference-without-index")
    assert found == [("hooks.go", ["UserID"])]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Tag.where(name: x).where(color: x).to_a", [["color", "name"]]),
        ("Tag.where(id: x).where(color: x).to_a", []),
        ("Tag.order(:name).to_a", []),
        ("Tag.order(:name).limit(5).to_a", [["name"]]),
    ],
)
def test_searched_columns_of_a_table_are_one_lead(tmp_path, query, expected):
    files = RAILS | {"app/a.rb": f"def f(x)\n  {query}\nend\n"}
    found = columns(tmp_path, files, "searched-without-index")
    assert [names for _, names in found] == expected


def test_a_relation_is_that_of_the_rows_that_a_loop_runs_over(tmp_path):
    code = """
        class Story < ApplicationRecord
          has_many :tags
          has_many :taggings
          def names
            self.tags.map { |t| t.tag.upcase }
          end
          def colors
            self.taggings.map { |t| t.tag.color }
          end
        end
    """
    leads = run_code(
        written(tmp_path, RAILS | {"app/models/story.rb": code}), only=["lazy-relation"]
    ).leads
    assert [one.function for one in leads] == ["Story.colors"]


SENT_BACK = "  ids = Tag.where(name: x).pluck(:id)\n  f(Tagging.where(tag_id: ids))\n"


def test_the_same_fault_is_one_lead_in_each_function(tmp_path):
    texts = {"app/a.rb": SENT_BACK * 2, "app/b.rb": SENT_BACK}
    files = RAILS | {name: f"def f(x)\n{text}end\n" for name, text in texts.items()}
    leads = run_code(written(tmp_path, files), only=["picked-in-program"]).leads
    assert [(one.file, len(one.also)) for one in leads] == [("app/a.rb", 1), ("app/b.rb", 0)]
    assert leads[0].to_json()["places"] == 2
    files["app/a.rb"] = f"def f(x)\n{SENT_BACK}end\n"
    [alone, _] = run_code(written(tmp_path, files), only=["picked-in-program"]).leads
    assert alone.fingerprint != leads[0].fingerprint, "a baseline does not hide a further place"
