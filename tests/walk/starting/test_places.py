"""What servers, logs and monitoring speak of gets its place in the code."""

import pytest
from backend_performance.diagnosis.code.run import run_code
from backend_performance.walk.session import Reading
from backend_performance.walk.starting.places import placed

CODE = {
    "shop/models.py": "from django.db import models\n"
    "class Order(models.Model):\n    number = models.CharField(max_length=20)\n",
    "shop/views.py": "from .models import Order\n"
    "def one(number):\n    return Order.objects.filter(number=number)\n",
    "reports.py": "def report(cursor):\n"
    "    cursor.execute(\n"
    '        "SELECT day, sum(total) FROM sales WHERE shop = %s AND day > %s "\n'
    '        "GROUP BY day"\n    )\n',
    "cache.py": "import redis\nr = redis.Redis()\n"
    "def keep(number):\n    r.set(f'basket:{number}', '1', ex=60)\n",
    "app/models/line.rb": "class Line < ApplicationRecord\n  belongs_to :order\nend\n",
    "routes.js": "router.get('/baskets/:id', showBasket);\n",
    "app/controllers/orders_controller.rb": "class OrdersController < ApplicationController\n"
    "  def index\n    render json: report\n  end\nend\n",
    "api.py": '@app.post("/pay/{order}")\ndef pay(order: int):\n    return order\n',
}
#: column, value as a system writes it, place, line
ROWS = {
    "statement": (
        "query_untrusted",
        "SELECT day, sum(total) FROM sales WHERE shop = $1 AND day > $2 GROUP BY day",
        "reports.py",
        3,
    ),
    "search": (
        "query_untrusted",
        'SELECT "shop_order"."id" FROM "shop_order" WHERE "shop_order"."number" = $1',
        "shop/views.py",
        3,
    ),
    "search of a text that was cut": ("search", "shop_order by number", "shop/views.py", 3),
    "tags: file": ("tag_file", "/srv/app/shop/views.py:3", "shop/views.py", 3),
    "tags: route": ("tag_route", "/baskets/*", "routes.js", 1),
    "model": ("query_untrusted", "UPDATE shop_order SET number = $1", "shop/models.py", 2),
    "table": ("table_name", "public.lines", "app/models/line.rb", 1),
    "key": ("key_family", "basket...", "cache.py", 4),
    "route": ("route_untrusted", "/api/v1/baskets/{id}", "routes.js", 1),
    "path": ("path_untrusted", "/pay/17", "api.py", 2),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_of_another_system_gets_file_and_line(tmp_path, row):
    for name, text in CODE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    column, value, file, line = row
    text = {"query_untrusted": "select ?"}  # what is known of a statement comes beside it
    rows = ({**text, column: value}, {**text, column: "nothing like it"})
    reading = Reading("x/y", (), "fail", rows=rows)
    (found,) = placed([reading], run_code(tmp_path).located)
    assert (found.rows[0]["file"], found.rows[0]["line"]) == (file, line)
    assert "file" not in found.rows[1]


def test_tags_of_django_lead_to_the_route_of_that_name(tmp_path):
    urls = "from django.urls import path\nfrom . import views\nurlpatterns = [\n"
    (tmp_path / "urls.py").write_text(urls + '    path("", views.index, name="shop-index"),\n]\n')
    row = {"query_untrusted": "select ?", "tag_controller": "shop-index", "tag_route": "/shop/*"}
    (found,) = placed([Reading("x/y", (), "fail", rows=(row,))], run_code(tmp_path).located)
    assert (found.rows[0]["file"], found.rows[0]["line"]) == ("urls.py", 4)
    assert found.rows[0]["function"] == "index"


def test_tags_of_rails_lead_to_the_action(tmp_path):
    for name, text in CODE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    row = {"query_untrusted": "select ?", "tag_controller": "orders", "tag_action": "index"}
    (found,) = placed([Reading("x/y", (), "fail", rows=(row,))], run_code(tmp_path).located)
    assert (found.rows[0]["file"], found.rows[0]["line"]) == (
        "app/controllers/orders_controller.rb",
        2,
    )


def test_without_code_nothing_changes():
    reading = Reading("x/y", (), "fail", rows=({"table_name": "orders"},))
    assert placed([reading], ()) == (reading,)
