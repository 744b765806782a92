"""What models declare to an ORM, against what queries search by and loops read."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis.code.run import run_code

from tests.diagnosis.config.trees import written

JPA = """
    @Entity
    @Table(name = "orders", indexes = @Index(columnList = "number, status"))
    public class Order {
      @Id private Long id;
      private String number;
      private String email;
      @ManyToOne(fetch = FetchType.LAZY)
      private Customer customer;
      @OneToMany(mappedBy = "order", fetch = FetchType.EAGER)
      private List<Line> lines;
    }
"""
REPOSITORY = """
    public interface Orders extends JpaRepository<Order, Long> {
      List<Order> findByNumberOrderByIdDesc(String number);
      List<Order> findByEmail(String email);
      List<Order> findByCustomer(Customer customer);
    }
"""
SERVICE = """
    public class Service {
      private Orders orders;
      public void list() {
        List<Order> found = orders.findAll();
        for (Order order : found) {
          out.add(order.getCustomer().getName());
          out.add(order.getLines().size());
        }
      }
    }
"""
EF = """
    public class Db : DbContext {
      public DbSet<Order> Orders { get; set; }
      void Configure(DbContextOptionsBuilder b) { b.UseLazyLoadingProxies(); }
      void Model(ModelBuilder b) { b.Entity<Order>().HasIndex(o => o.Number); }
    }
    public class Order {
      public int Id { get; set; }
      public string Email { get; set; }
      public string Number { get; set; }
      public virtual Customer Customer { get; set; }
    }
    public class Service {
      async Task F(string email) {
        var found = await db.Orders.Where(o => o.Email == email).ToListAsync();
        var other = await db.Orders.Where(o => o.Number == email).ToListAsync();
        foreach (var order in found) { Print(order.Customer.Name); }
      }
    }
"""
GORM = """
    package shop
    import "gorm.io/gorm"
    type Owner struct { ID int64 `gorm:"primaryKey"` }
    type Hook struct {
      ID int64 `gorm:"primaryKey"`
      OwnerID int64 `gorm:"not null"`
      Name string `gorm:"size:10"`
      Slug string `gorm:"uniqueIndex"`
    }
    func List(db *gorm.DB, name string) {
      var hooks []Hook
      db.Where("name = ?", name).Find(&hooks)
      db.Where("slug = ?", name).Find(&hooks)
      db.Exec("UPDATE hooks SET name = 'x' WHERE owner_id = 1")
    }
"""
MONGOOSE = """
    const mongoose = require('mongoose');
    const orderSchema = new mongoose.Schema({
      email: String,
      at: Date,
      number: { type: String, index: true },
    });
    orderSchema.index({ at: 1 });
    const Order = mongoose.model('Order', orderSchema);
    async function f(x) {
      await Order.find({ number: x });
      await Order.find({ at: x });
      return Order.find({ email: x });
    }
"""
SEQUELIZE = """
    const { DataTypes } = require('sequelize');
    const Hook = sequelize.define('hook', {
      event: DataTypes.STRING,
      slug: DataTypes.STRING,
      path: DataTypes.STRING,
    }, { indexes: [{ fields: ['slug'] }] });
    async function f(x) {
      await Hook.findAll({ where: { slug: x } });
      await Hook.findAll({ where: { path: x } });
      return Hook.findAll({ where: { event: x } });
    }
"""
ADDS_INDEX = """
    module.exports.up = async (queryInterface) => {
      await queryInterface.addIndex('hooks', ['path']);
    };
"""
TYPEORM = """
    import { Entity, Column, ManyToOne, Index } from 'typeorm';
    @Entity()
    @Index(['state', 'at'])
    export class Order {
      @Column() email: string;
      @Column() state: string;
      @ManyToOne(() => Customer) customer: Customer;
    }
    export class Service {
      constructor(private orders: Repository<Order>) {}
      async f(email: string, customer: string) {
        await this.orders.find({ where: { state: email } });
        await this.orders.find({ where: { customer } });
        return this.orders.find({ where: { email } });
      }
    }
"""
PRISMA = """
    model Order {
      id     String @id
      email  String
      number String @unique
      at     DateTime
      userId String
      user   User   @relation(fields: [userId], references: [id])
      @@index([at, email])
    }
"""
CLIENT = """
    export async function f(prisma, x) {
      await prisma.order.findMany({ where: { number: x } });
      await prisma.order.findMany({ where: { at: x } });
      return prisma.order.findMany({ where: { email: x } });
    }
"""
RAILS_SCHEMA = """
    ActiveRecord::Schema[7.0].define do
      create_table "shop_orders" do |t|
        t.string "code"
        t.string "email"
        t.string "state"
        t.boolean "done"
        t.string "token"
        t.string "slug"
        t.bigint "shop_id"
        t.bigint "buyer_id"
        t.bigint "payable_id"
        t.string "payable_type"
        t.index ["shop_id"]
        t.index ["payable_type", "payable_id"]
      end
    end
"""
RAILS_MODEL = """
    class Order < ApplicationRecord
      belongs_to :customer, foreign_key: :buyer_id
      belongs_to :payable, polymorphic: true
      has_many :lines
      scope :paid, -> { where(state: "paid") }
      scope :done, -> { where(done: true) }
      validates :code, presence: true, uniqueness: true
      validates :slug, uniqueness: { scope: :shop_id }
      def self.by(token)
        Order.find_or_create_by!(token: token)
        Order.where("shop_orders.email = ? AND true", token)
        Order.where("lines.slug = ?", token)
        Order.where(buyer_id: token)
      end
    end
"""
STRUCTURE = """
    CREATE TABLE public.orders (
        id bigint NOT NULL,
        email character varying,
        code character varying,
        CONSTRAINT positive CHECK (id > 0)
    );
    CREATE INDEX orders_code ON public.orders USING btree (code);
"""
BY_COLUMN = """
    class Order < ApplicationRecord
      def self.by(value)
        Order.find_by(email: value) || Order.find_by(code: value)
      end
    end
"""
LARAVEL = {
    "database/migrations/2025_01_01_orders.php": """
        <?php
        return new class extends Migration {
            public function up() {
                Schema::create('orders', function (Blueprint $table) {
                    $table->id();
                    $table->string('email');
                    $table->string('code')->nullable()->unique();
                    $table->string('ip');
                    $table->timestamps();
                    $table->unsignedInteger('parent_id')->nullable();
                    $table->foreignId('user_id')->constrained();
                });
                Schema::table('orders', function (Blueprint $table) { $table->index('ip'); });
            }
            public function down() {
                Schema::table('orders', function (Blueprint $table) { $table->index('email'); });
            }
        };
    """,
    "app/Models/Order.php": """
        <?php
        class Order extends Model {
            public function parent() { return $this->belongsTo(Order::class, 'parent_id'); }
            public function user() { return $this->belongsTo(User::class); }
            public static function by($x) {
                Order::where('ip', $x)->first();
                Order::where('code', '=', $x)->first();
                Order::where('parent_id', $x)->get();
                Order::orderBy('created_at', 'desc')->take(5);
                Order::whereEmail($x)->whereIp($x)->first();
                return Order::where('email', $x)->first();
            }
        }
    """,
}
ALCHEMY = """
    class Order(Base):
        id = Column(Integer, primary_key=True)
        email = Column(String)
        code = Column(String, index=True)
        at = Column(DateTime)
        token = Column(String)
        slug = Column(String)
        @declared_attr
        def __table_args__(cls):
            return (Index("orders_token", cls.token),)
    Index("orders_slug", Order.slug)
    def f(session, x):
        session.query(Order).filter(Order.email == x).first()
        session.scalars(select(Order).where(Order.code == x, Order.at > x))
        session.query(Order).filter(Order.token == x, Order.slug == x)
        session.query(Order).order_by(desc(Order.at)).limit(9)
        return session.query(Order).filter(Line.at > x)
"""
SQLMODEL = """
    class Order(SQLModel, table=True):
        id: int = Field(primary_key=True)
        shop_id: int = Field(foreign_key="shop.id")
        user_id: int = Field(foreign_key="user.id", index=True)
        email: str = Field()
    def f(session, x):
        return session.exec(select(Order).where(Order.email == x)).first()
"""
GENERIC = """
    from django.db import models
    class Order(models.Model):
        shop = models.ForeignKey(Shop, on_delete=models.CASCADE)
        code = models.CharField(max_length=9)
    def find(shop, code):
        shop.orders.filter(code=code)
        Order.objects.filter(shop=shop, code=code)
        Order.objects.filter(shop__owner=shop, code=code)
        Order.objects.filter(code__icontains=code)
    class Dated(models.Model):
        made = models.DateTimeField()
        class Meta:
            abstract = True
    class Mail(Dated):
        code = models.CharField(max_length=9, db_index=True)
    def newest():
        return Mail.objects.order_by("-made").first()
    class Tag(models.Model):
        content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
        object_id = models.PositiveIntegerField()
        content_object = GenericForeignKey("content_type", "object_id")
    class Note(models.Model):
        content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
        object_id = models.PositiveIntegerField()
        content_object = GenericForeignKey()
        class Meta:
            indexes = [models.Index(fields=["content_type", "object_id"])]
"""
CHANGELOG = """
    <changeSet id="1">
      <createIndex tableName="ORDERS" indexName="i"><column name="email"/></createIndex>
      <createIndex tableName="ORDERS" indexName="j"><column name="customer_id"/></createIndex>
    </changeSet>
"""
CASES = {
    "JPA with a changelog": (
        {"Order.java": JPA, "Orders.java": REPOSITORY, "db/changelog.xml": CHANGELOG},
        set(),
    ),
    "JPA": (
        {"Order.java": JPA, "Orders.java": REPOSITORY, "Service.java": SERVICE},
        {"searched email", "refers customer", "lazy customer"},
    ),
    "EF Core": ({"Db.cs": EF}, {"searched Email", "lazy Customer"}),
    "EF Core without lazy loading": (
        {"Db.cs": EF.replace("b.UseLazyLoadingProxies();", "")},
        {"searched Email"},
    ),
    "GORM": ({"hooks.go": GORM}, {"searched Name", "refers OwnerID"}),
    "Mongoose": ({"order.js": MONGOOSE}, {"searched email"}),
    "Sequelize": (
        {"hook.js": SEQUELIZE, "server/migrations/1-path.js": ADDS_INDEX},
        {"searched event"},
    ),
    "TypeORM": ({"order.ts": TYPEORM}, {"searched email", "refers customer"}),
    "Rails": (
        {"db/schema.rb": RAILS_SCHEMA, "app/models/order.rb": RAILS_MODEL},
        {f"searched {name}" for name in ("state", "code", "token", "email", "buyer_id")}
        | {"refers buyer_id"},
    ),
    "Rails with a dump": (
        {"db/structure.sql": STRUCTURE, "app/models/order.rb": BY_COLUMN},
        {"searched email"},
    ),
    "Laravel": (
        LARAVEL,
        {f"searched {name}" for name in ("email", "parent_id", "created_at")}
        | {"refers parent_id"},
    ),
    "SQLAlchemy": ({"models.py": ALCHEMY}, {"searched email", "searched at"}),
    "SQLModel": ({"models.py": SQLMODEL}, {"searched email", "refers shop_id"}),
    "Django": ({"shop/models.py": GENERIC}, {"refers object_id", "searched made"}),
    "Prisma": ({"schema.prisma": PRISMA, "orders.ts": CLIENT}, {"searched email", "refers userId"}),
}
PROBES = {
    "code/searched-without-index": ("searched", "columns"),
    "code/reference-without-index": ("refers", "columns"),
    "code/lazy-relation": ("lazy", "relation"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_an_orm_declares_is_compared_with_what_is_asked(tmp_path, name):
    files, expected = CASES[name]
    only = [probe.partition("/")[2] for probe in PROBES]
    leads = run_code(written(tmp_path, files), only=only).leads
    found = set()
    for one in leads:
        word, key = PROBES[one.probe]
        value = one.more[key]
        found |= {f"{word} {name}" for name in (value if isinstance(value, list) else [value])}
    assert found == expected


def test_the_name_of_a_table_comes_before_that_of_its_entity(tmp_path):
    model = JPA.replace("@Entity", '@Entity(name = "Bestellung")')
    index = "CREATE INDEX a ON orders (email);\n"
    files = {"Order.java": model, "Orders.java": REPOSITORY, "V1__a.sql": index}
    assert not run_code(written(tmp_path, files), only=["searched-without-index"]).leads


@pytest.mark.parametrize("table", ["${shop}.orders", "[dbo].[orders]", "shop.`orders`", "bills"])
def test_an_index_counts_in_any_schema(tmp_path, table):
    index = f"CREATE INDEX a ON {table} (email);\n"
    files = {"Order.java": JPA, "Orders.java": REPOSITORY, "V1__a.sql": index}
    found = run_code(written(tmp_path, files), only=["searched-without-index"]).leads
    assert bool(found) is (table == "bills")


def test_a_model_that_a_function_is_given_is_searched(tmp_path):
    files = {
        "shop/models.py": "from django.db import models\n"
        "class Order(models.Model):\n    code = models.CharField(max_length=9)\n",
        "shop/views.py": "def show(code):\n    return get_object_or_404(Order, code=code)\n",
    }
    (lead,) = run_code(written(tmp_path, files), only=["searched-without-index"]).leads
    assert lead.more["searched_at"] == "shop/views.py:2"


def test_a_search_is_found_by_the_names_of_the_database(tmp_path):
    files = {"Order.java": JPA, "Orders.java": REPOSITORY}
    files["schema.prisma"] = PRISMA.replace("Order", "Receipt")
    located = {(one.kind, one.name, one.file) for one in run_code(written(tmp_path, files)).located}
    assert ("search", "orders by email", "Orders.java") in located
    assert ("table", "receipt", "schema.prisma") in located


@pytest.mark.parametrize(("index", "leads"), [("", 1), ('    t.index ["shop_id", "made_at"]\n', 0)])
def test_a_sort_behind_an_indexed_filter_is_named_when_asked(tmp_path, index, leads):
    files = {
        "db/schema.rb": "create_table :orders do |t|\n"
        '    t.bigint "shop_id"\n    t.datetime "made_at"\n'
        f'    t.index ["shop_id"]\n{index}end\n',
        "app/models/order.rb": "class Order < ApplicationRecord\n  def self.newest(shop)\n"
        "    Order.where(shop_id: shop).order(made_at: :desc).limit(5)\n  end\n"
        "  def self.every(shop)\n    Order.where(shop_id: shop).order(:made_at)\n  end\nend\n",
    }
    tree = written(tmp_path, files)
    found = run_code(tree, only=["sorted-without-index"]).leads
    assert [(one.line, one.more["columns"]) for one in found] == [
        (3, ["shop_id", "made_at"])
    ] * leads
    assert not run_code(tree).leads
