"""Relations that templates read, against the query of the view or controller that shows them."""

import time

import pytest
from backend_performance.diagnosis.code.source.templates import LANGUAGE, template

from tests.diagnosis.code.samples import places, reads

MODELS = {
    "blog/models.py": (
        "from django.db import models\nclass Post(models.Model):\n"
        "    author = models.ForeignKey(User, on_delete=models.CASCADE)\n"
        "    blog = models.ForeignKey(Blog, on_delete=models.CASCADE, related_name='posts')\n"
    ),
    "app/Models/Post.php": (
        "<?php\nclass Post extends Model {\n"
        "  public function author() { return $this->belongsTo(User::class); }\n}\n"
    ),
    "src/Post.java": (
        "@Entity\nclass Post {\n  @ManyToOne(fetch = FetchType.LAZY)\n  private Author author;\n}\n"
        "interface PostRepository extends JpaRepository<Post, Long> {}\n"
    ),
    "Data/Context.cs": (
        "class Post { public virtual Author Author { get; set; } }\n"
        "class Context : DbContext { public DbSet<Post> Posts { get; set; } }\n"
    ),
}
_LOOP = "{% for p in posts %}\n<td>{{ p.author.name }}</td>\n{% endfor %}\n"
_VIEW = "def index(request):\n    posts = Post.objects.filter(a=1)LOAD\n"
_PHP = "<?php\nclass Posts extends Controller {\n function index() {\n  $posts = PostLOAD->get();\n"
_JAVA = (
    "@Controller\nclass Posts {\n  private PostRepository repository;\n"
    '  @GetMapping("/")\n  String index(Model model) {\n'
    '    model.addAttribute("posts", repository.findAll());\n    return "posts/index";\n  }\n}\n'
)
# name: the file of the query, its text, what loads the relation, the line, template, its text
CASES = {
    "django": (
        *("blog/views.py", _VIEW + "    return render(request, 'posts.html', {'posts': posts})\n"),
        *(".select_related('author')", 2, "blog/templates/posts.html", _LOOP),
    ),
    "query-among-what-is-given": (
        "blog/views.py",
        "def index(request):\n    return render(request, 'posts.html', {\n"
        "        'posts': Post.objects.filter(a=1)LOAD})\n",
        *(".select_related('author')", 3, "blog/templates/posts.html", _LOOP),
    ),
    "class-of-django": (
        "blog/views.py",
        "class Posts(ListView):\n    template_name = 'posts.html'\n"
        "    context_object_name = 'posts'\n"
        "    def get_queryset(self):\n        return Post.objects.filter(a=1)LOAD\n",
        *(".prefetch_related('author')", 5, "blog/templates/posts.html", _LOOP),
    ),
    "class-with-the-usual-names": (
        "blog/views.py",
        "class Posts(ListView):\n    queryset = Post.objects.filter(a=1)LOAD\n    model = Post\n",
        *(".select_related('author')", 2, "blog/templates/blog/post_list.html"),
        _LOOP.replace("posts", "object_list"),
    ),
    "pages-of-rows": (
        "blog/views.py",
        _VIEW + "    page = Paginator(posts, 9).get_page(1)\n"
        "    return render(request, 'a/posts.html', {'page': page})\n",
        *(".select_related('author')", 2, "blog/templates/a/posts.html"),
        _LOOP.replace("in posts", "in page.object_list"),
    ),
    "rows-of-one-object": (
        "blog/views.py",
        "def show(request, pk):\n    blog = Blog.objects.get(pk=pk)\n"
        "    posts = blog.posts.all()LOAD\n"
        "    return render(request, 'posts.html', {'posts': posts})\n",
        *(".select_related('author')", 3, "blog/templates/posts.html", _LOOP),
    ),
    "rows-among-other-arguments": (
        "blog/views.py",
        "def show(request, pk):\n    blog = Blog.objects.get(pk=pk)\n"
        "    posts = paginate(request, blog.post_set.all()LOAD)\n"
        "    return render(request, 'posts.html', {'posts': posts})\n",
        *(".select_related('author')", 3, "blog/templates/posts.html", _LOOP),
    ),
    "class-that-says-nothing-but-the-query": (
        "blog/views.py",
        "class Posts(ListView):\n    def get_queryset(self):\n        wanted = Q(a=1)\n"
        "        return Post.objects.filter(wanted)LOAD\n",
        *(".select_related('author')", 4, "blog/templates/blog/post_list.html"),
        _LOOP.replace("posts", "object_list"),
    ),
    "relations-that-are-not-named": (
        "blog/views.py",
        _VIEW + "    return render(request, 'posts.html', {'posts': posts})\n",
        *(".prefetch_related(*wanted)", 2, "blog/templates/posts.html", _LOOP),
    ),
    "template-in-a-template": (
        "blog/views.py",
        _VIEW + "    return render(request, 'all.html', {'posts': posts})\n",
        *(".select_related('author')", 2, "blog/templates/all.html"),
        "{% for post in posts %}{% include 'one.html' with p=post %}{% endfor %}\n",
    ),
    "blade": (
        "app/Http/Posts.php",
        _PHP + "  return view('posts.index', compact('posts'));\n }\n}\n",
        *("::with('author')", 4, "resources/views/posts/index.blade.php"),
        "@foreach($posts as $p)\n<td>{{ $p->author->name }}</td>\n@endforeach\n",
    ),
    "twig": (
        "app/Http/Posts.php",
        _PHP + "  return $this->render('a.html.twig', ['posts' => $posts]);\n }\n}\n",
        *("::with('author')", 4, "templates/a.html.twig", _LOOP),
    ),
    "razor": (
        "Controllers/PostsController.cs",
        "class PostsController : Controller {\n  Context _context;\n"
        "  public IActionResult Index() {\n    var posts = _context.PostsLOAD.ToList();\n"
        "    return View(posts);\n  }\n}\n",
        *(".Include(p => p.Author)", 4, "Views/Posts/Index.cshtml"),
        "@foreach (var p in Model)\n{\n <td>@p.Author.Name</td>\n}\n",
    ),
    "thymeleaf": (
        *("src/Posts.java", _JAVA, "", 6, "src/templates/posts/index.html"),
        '<tr th:each="p : ${posts}">\n<td th:text="${p.author.name}"></td>\n</tr>\n',
    ),
    "jsp": (
        *("src/Posts.java", _JAVA, "", 6, "src/webapp/posts/index.jsp"),
        '<c:forEach items="${posts}" var="p">\n${p.author.name}\n</c:forEach>\n',
    ),
    "freemarker": (
        *("src/Posts.java", _JAVA, "", 6, "src/templates/posts/index.ftlh"),
        "<#list posts as p>\n${p.author.name}\n</#list>\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("loaded", [False, True])
def test_the_query_lacks_a_relation_that_a_template_reads(tmp_path, name, loaded):
    file, text, load, line, shown, page = CASES[name]
    models = {name: text for name, text in MODELS.items() if name.endswith(file[-3:])}
    files = {file: text.replace("LOAD", load if loaded else ""), shown: page, **models}
    files["blog/templates/one.html"] = "<td>{{ p.author.name }}</td>\n"
    found = places(reads(tmp_path, files), "n-plus-one")
    assert found == ([] if loaded and load else [(file, line)])


FINE = {
    "another-variable": "{% for p in others %}{{ p.author.name }}{% endfor %}",
    "column": "{% for p in posts %}{{ p.author_id }}{% endfor %}",
    "one-row": "{{ posts.author.name }}",
    "behind-the-loop": "{% for p in posts %}{{ p.name }}{% endfor %}{{ p.author.name }}",
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_no_relation_of_each_row_is_no_lead(tmp_path, name):
    view = _VIEW.replace("LOAD", "") + "    return render(request, 'p.html', {'posts': posts})\n"
    files = {**MODELS, "blog/views.py": view, "blog/templates/p.html": FINE[name]}
    assert places(reads(tmp_path, files), "n-plus-one") == []


HOSTILE = (
    *("{% for ", "{% for a in b %}{{ a.", "{% include 'a' ", "@foreach($a ", "@include('", "<x-a "),
    *("<c:forEach ", '<c:forEach var="a" items="${', "foreach (var a in b.", "<#list a as b>"),
    *('th:each="a : ${', "a.b.", "a()->", "{% for a, a, a", "@@@foreach(", "((((", "\"'\"'"),
)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["html", "blade.php", "cshtml", "jsp", "ftl"])
def test_a_large_hostile_template_is_read_in_seconds(ending):
    for text in HOSTILE:
        source = (text * (400_000 // len(text))).encode()
        begun = time.process_time()
        file = template(f"a.{ending}", source, LANGUAGE)
        assert len(file.loops) <= 400
        assert len(file.functions[0].reads) <= 2000
        assert time.process_time() - begun < 5, text
