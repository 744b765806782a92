"""What a loop does in every round, through the functions that it calls."""

import pytest

from tests.diagnosis.code.samples import places, reads

PYTHON = """\
from django.db import models

class Order(models.Model):
    customer = models.ForeignKey("Customer", on_delete=models.CASCADE)

def load(number):
    return Order.objects.get(pk=number)

def total(numbers):
    amount = 0
    for number in numbers:
        amount += load(number).amount
    return amount

def batched(numbers):
    for chunk in chunks(numbers, 500):
        yield from Order.objects.filter(pk__in=chunk)
"""
TYPESCRIPT = """\
export class Orders {
  constructor(private readonly prisma: PrismaClient) {}
  async load(id: string) {
    return this.prisma.order.findUnique({ where: { id } });
  }
  async total(ids: string[]) {
    for (const id of ids) {
      await this.load(id);
    }
    return this.prisma.order.findMany({ where: { id: { in: ids } } });
  }
}
"""
RUBY = """\
class Order < ApplicationRecord
  belongs_to :customer
end
class Total
  def load(number)
    Order.find_by(number: number)
  end
  def total(numbers)
    numbers.each do |number|
      load(number)
    end
    Order.where(number: numbers).sum(:amount)
  end
end
"""
JAVA = """\
class Totals {
  private final OrderRepository orderRepository;
  Order load(Long id) { return orderRepository.findById(id); }
  void total(List<Long> ids) {
    for (Long id : ids) {
      load(id);
    }
    orderRepository.findAllById(ids);
  }
}
"""
GO = """\
package shop

import "database/sql"

type Store struct{ db *sql.DB }

func (s *Store) Load(id int) *sql.Row {
	return s.db.QueryRow("SELECT amount FROM orders WHERE id = $1", id)
}

func (s *Store) Total(ids []int) {
	for _, id := range ids {
		s.Load(id)
	}
	s.db.Query("SELECT amount FROM orders WHERE id = ANY($1)", ids)
}
"""


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("shop.py", PYTHON, 12),
        ("orders.ts", TYPESCRIPT, 8),
        ("total.rb", RUBY, 10),
        ("Totals.java", JAVA, 6),
        ("store.go", GO, 13),
    ],
)
def test_a_query_behind_a_call_in_a_loop_is_found_and_one_for_many_rows_is_not(
    tmp_path, name, text, line
):
    run = reads(tmp_path, {name: text})
    assert places(run, "n-plus-one") == [(name, line)]
    lead = next(lead for lead in run.leads if lead.category == "n-plus-one")
    assert lead.more["via"][0].partition("@")[2].startswith(f"{name}:"), "the path is kept"


def test_the_path_crosses_files(tmp_path):
    files = {
        "shop/checkout.py": "import requests\nfrom shop.payments import charge\n"
        "def pay(orders):\n    for order in orders:\n        charge(order)\n",
        "shop/payments.py": "import requests\ndef charge(order):\n"
        "    return requests.post('https://pay.example', json=order)\n",
    }
    run = reads(tmp_path, files)
    lead = next(lead for lead in run.leads if lead.probe == "code/remote-call-in-loop")
    assert (lead.file, lead.line) == ("shop/checkout.py", 5)
    assert lead.more["via"] == ["charge@shop/payments.py:3", "requests:requests.post"]


def test_a_query_in_brackets_over_lines_is_seen_as_the_value(tmp_path):
    text = (
        "from sqlalchemy.orm import Session\n"
        "def rename(session: Session, owner, other):\n"
        "    rows = (\n        session.query(Order)\n        .filter(Order.owner == owner)\n"
        "        .all()\n    )\n"
        "    for row in rows:\n        row.owner = other\n"
    )
    assert places(reads(tmp_path, {"a.py": text}), "row-by-row-writes") == [("a.py", 9)]


def test_the_value_before_a_call_counts_not_the_last_one(tmp_path):
    text = (
        "from django.db import models\n"
        "def names(numbers):\n"
        "    found = Order.objects.filter(paid=True)\n"
        "    for number in numbers:\n        found.get(number=number)\n"
        "    found = {}\n    return found\n"
    )
    assert places(reads(tmp_path, {"a.py": text}), "n-plus-one") == [("a.py", 5)]


def test_a_full_buffer_is_one_query_for_many(tmp_path):
    text = (
        "export async function copy(db: Pool, rows: Row[]) {\n"
        "  const buffer = [];\n  for (const row of rows) {\n    buffer.push(row.id);\n"
        "    if (buffer.length >= 100) {\n      await db.query(many, buffer);\n    }\n  }\n}\n"
    )
    assert places(reads(tmp_path, {"a.ts": text}), "n-plus-one") == []


def test_another_lead_about_the_same_loop_comes_after_other_loops(tmp_path):
    loop = (
        "def {name}(numbers):\n    for number in numbers:\n"
        "        one = Order.objects.get(pk=number)\n        one.save()\n"
    )
    text = "from django.db import models\nclass Order(models.Model):\n    pass\n"
    text += loop.format(name="first") + loop.format(name="second")
    order = [lead.function for lead in reads(tmp_path, {"a.py": text}).leads]
    assert set(order[:2]) == {"first", "second"} and len(order) == 4
