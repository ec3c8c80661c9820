"""A template that cannot be used says which file, where and why."""

from pathlib import Path

import pytest

from integrations.letters import Letters, check_templates
from integrations.letters.sample import sample_facts
from models.errors import TemplateInvalid
from models.policy import Policy

HEAD = (
    '+++\nsubject = "Hello"\napproved_by = "Head of Receivables"\nversion = 1\ntone = "firm"\n+++\n'
)
_SHIPPED = Path(__file__).parents[2] / "templates"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with English words and no letters."""
    (tmp_path / "en" / "parts").mkdir(parents=True)
    (tmp_path / "en" / "words.toml").write_text((_SHIPPED / "en" / "words.toml").read_text())
    return tmp_path


def complaint(folder: Path, source: str) -> str:
    path = folder / "en" / "letter.md"
    path.write_text(source)
    with pytest.raises(TemplateInvalid) as caught:
        Letters(folder).render(sample_facts("letter", "en"))
    return str(caught.value).replace(str(folder), "")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("\n{{ nmae }}", "/en/letter.md: line 8: 'nmae' is undefined"),
        ("{{ carrying.nmae }}", "line 7: "),
        ("{% if %}", "line 7: Expected an expression"),
        ("{{ customer_name | safe }}", "line 7: No filter named 'safe'"),
        ("{{ carrying.amount }}", "a Decimal was printed bare"),
        ("{{ written_on }}", "a date was printed bare"),
        ("{{ many }}", "a bool was printed bare"),
        ("{{ none }}", "a NoneType was printed bare"),
        ('{% include "nosuch.md" %}', "line 7: includes nosuch.md, which is not there"),
        ('{% include "../../letter.md" %}', "which is not there"),
        ("{{ firm.__class__ }}", "line 7: access to attribute '__class__'"),
        ("{{ lines.append(1) }}", "line 7: "),
        ("{{ 1 / 0 }}", "line 7: division by zero"),
        ("{{ carrying.due_on | money }}", "line 7: "),
        ("{% filter upper %}{{ customer_name }}{% endfilter %}", "a filter was put on text"),
        ("qzvalue0valuezq", "holds a word that is reserved"),
    ],
)
def test_a_mistake_in_a_body_is_named_with_its_line(folder: Path, body: str, problem: str) -> None:
    assert problem in complaint(folder, HEAD + body)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("Dear you", "must open with a line +++"),
        ("+++\nsubject = 'x'\n", "is not closed"),
        ("+++\nsubject = \n+++\n", "front matter: Invalid value"),
        ("+++\nsubject = 'x'\n+++\n", "approved_by: Field required; version: Field required"),
        (HEAD.replace("version = 1", "version = 0"), "version: Input should be greater than"),
        (HEAD.replace('"Hello"', '"  "'), "subject: String should have at least 1 character"),
        (HEAD.replace('"firm"', '"furious"'), "tone: Input should be 'friendly'"),
        (HEAD.replace("+++\n", "+++\nauthor = 'x'\n", 1), "author: Extra inputs"),
        (HEAD.replace("Hello", "{{ nmae }}"), "'nmae' is undefined"),
        (HEAD.replace("Hello", "{{ nmae"), "unexpected end of template"),
    ],
)
def test_a_mistake_in_the_front_matter_is_named(folder: Path, source: str, problem: str) -> None:
    assert problem in complaint(folder, source)


def test_a_mistake_in_a_part_names_the_part(folder: Path) -> None:
    (folder / "en" / "parts" / "hello.md").write_text("Dear\n{{ nmae }}")
    assert complaint(folder, HEAD + '{% include "hello.md" %}').startswith(
        "/en/parts/hello.md: line 2: 'nmae'"
    )


def test_a_wrong_wording_names_the_file_and_the_key(folder: Path) -> None:
    words = folder / "en" / "words.toml"
    words.write_text(words.read_text().replace("falls due on {day}", "falls due on {daay}"))
    assert "/en/words.toml: falls_due.ahead: Value error, may hold only {day}" in complaint(
        folder, HEAD
    )


@pytest.mark.parametrize("name", ["nosuch", "../en/letter", "", "letter.md", "a/b"])
def test_a_letter_that_is_not_there_is_named(folder: Path, name: str) -> None:
    (folder / "en" / "letter.md").write_text(HEAD)
    with pytest.raises(TemplateInvalid, match="there is no such letter"):
        Letters(folder).render(sample_facts(name, "en"))


def test_a_folder_without_english_is_no_folder_of_letters(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nosuch"):
        with pytest.raises(TemplateInvalid, match="must be a folder with letters in en/"):
            Letters(folder)


def test_html_in_a_template_is_shown_not_obeyed(folder: Path) -> None:
    (folder / "en" / "letter.md").write_text(HEAD + "<b onclick=x>Dear</b> <!-- --> all")
    letter = Letters(folder).render(sample_facts("letter", "en"))
    assert "&lt;b onclick=x&gt;Dear&lt;/b&gt; &lt;!-- --&gt; all" in letter.html


def test_a_value_used_as_a_link_must_still_be_an_address(folder: Path) -> None:
    (folder / "en" / "letter.md").write_text(HEAD + "[x]({{ 'java' ~ 'script:alert(1)' }})")
    assert "href" not in Letters(folder).render(sample_facts("letter", "en")).html


def test_macros_and_variables_of_an_author_work(folder: Path) -> None:
    body = (
        "{% macro row(line) %}{{ line.number }} ({{ line.issued_on | day }}){% endmacro %}"
        "{% set greeting %}Dear **{{ customer_name }}**{% endset %}"
        "{{ greeting }}: {{ row(carrying) }}"
    )
    (folder / "en" / "letter.md").write_text(HEAD + body)
    text = Letters(folder).render(sample_facts("letter", "en")).text
    assert text == "Dear Tidewater Foods GmbH: INV-1042 (January 29, 2026)\n"


def test_a_check_reports_every_problem_once(folder: Path) -> None:
    (folder / "de").mkdir()
    (folder / "de" / "words.toml").write_text((_SHIPPED / "de" / "words.toml").read_text())
    (folder / "en" / "parts" / "hello.md").write_text("{{ nmae }}")
    for name in ("letter", "gentle_reminder"):
        (folder / "en" / f"{name}.md").write_text(HEAD + '{% include "hello.md" %}')
    (folder / "de" / "letter.md").write_text(HEAD)
    policy = Policy.model_validate(
        {
            "name": "short",
            "version": 1,
            "steps": [{"id": "only", "offset": 3, "stage": "due", "template": "letter"}],
        }
    )
    found = [
        str(problem).replace(f"{folder}/", "")
        for problem in check_templates(folder, [("short.toml", policy)])
    ]
    assert found == [
        "de/gentle_reminder.md: is missing; short.toml, step only names it",
        "en/parts/hello.md: line 1: 'nmae' is undefined (-3 days past due)",
    ]


def test_a_check_of_no_folder_is_a_problem(tmp_path: Path) -> None:
    assert len(check_templates(tmp_path / "nosuch", [])) == 1


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("disputed", "partly disputed"),
        ("remarks", "every remark"),
        ("'plan_ended' in remarks", "every remark"),
        ("promised_on", "every remark, a promise missed"),
        ("elsewhere", "another invoice left out"),
        ("total_instalments_open < total_instalments", "an instalment paid in part"),
    ],
)
def test_a_branch_taken_by_few_letters_is_checked_too(
    folder: Path, condition: str, kind: str
) -> None:
    branch = f"{{% if {condition} %}}{{{{ nmae }}}}{{% endif %}}"
    (folder / "en" / "letter.md").write_text(HEAD + branch)
    (problem,) = check_templates(folder, [])
    assert f"'nmae' is undefined ({kind})" in str(problem)


def test_wordings_that_a_language_lacks_are_named(folder: Path) -> None:
    words = folder / "en" / "words.toml"
    words.write_text(words.read_text().split("[instalments]")[0])
    told = complaint(folder, HEAD)
    assert "/en/words.toml: instalments: Field required; elsewhere: Field required" in told
