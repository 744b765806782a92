"""The words of PostgreSQL's messages in the languages it is translated to.

Taken from the message catalogues of PostgreSQL 15 (``lc_messages``). Times, sizes and SQL are the
same in all languages, so a message about a statement is recognised by its build: a word, a number,
a unit, a word, a colon, SQL.
"""

from __future__ import annotations

import re

#: Word before the colon → what it means. The severities of errors count as one.
SEVERITIES = {
    "LOG": "LOG ログ LOGG СООБЩЕНИЕ ЗАПИСУВАННЯ 로그 日志 ჟურნალი REGISTRO",
    "ERROR": "ERROR FATAL PANIC FEHLER ERREUR ERRORE ОШИБКА ПОМИЛКА FEL 오류 错误 შეცდომა "
    "ERRO HATA",
    "NOTICE": "WARNING NOTICE INFO DEBUG DEBUG1 DEBUG2 DEBUG3 DEBUG4 DEBUG5 WARNUNG HINWEIS "
    "ATTENTION AVISO ADVERTENCIA ATTENZIONE VARNING ПРЕДУПРЕЖДЕНИЕ ЗАМЕЧАНИЕ 警告",
    "DETAIL": "DETAIL DÉTAIL DETALLE DETTAGLI 詳細 상세정보 ПОДРОБНОСТИ DETALJ ВІДОМОСТІ 详细信息 "
    "დეტალები DETALHE AYRINTI",
    "STATEMENT": "STATEMENT ANWEISUNG INSTRUCTION SENTENCIA ISTRUZIONE 文 ОПЕРАТОР SATS "
    "ІНСТРУКЦІЯ 语句 ოპერატორი COMANDO İFADE",
    "CONTEXT": "CONTEXT ZUSAMMENHANG CONTEXTE CONTEXTO CONTESTO 文脈 내용 КОНТЕКСТ KONTEXT 上下文",
    "HINT": "HINT TIPP ASTUCE SUGGERIMENTO ヒント 힌트 ПОДСКАЗКА TIPS УКАЗІВКА 提示 QUERY ANFRAGE "
    "REQUÊTE CONSULTA ЗАПРОС ЗАПИТ FRÅGA 查询 LOCATION BACKTRACE",
}
MEANING = {word: kind for kind, words in SEVERITIES.items() for word in words.split()}
#: Endings before ``:  ``; French puts a space before its colon.
ENDINGS = tuple(word + space for word in MEANING for space in ("", " "))
_STATEMENT = (
    "statement|Anweisung|instruction|sentencia|istruzione|文|명령 구문|оператор|sats|语句|comando"
)
_EXECUTE = (
    "execute|Ausführen|exécute|ejecutar|esecuzione di|実行|쿼리실행|выполнение|виконувати|kör|执行"
)
_FETCH = (
    "execute fetch from|Ausführen Fetch von|exécute fetch à partir de|ejecutar fetch desde|"
    "esecuzione di fetch da|取り出し実行|자료뽑기|выборка из|виконати витягнення з|"
    "kör hämtning från|执行FETCH操作"
)
_UNIT = r"(?:ms|мс|ミリ秒|მწმs?)"
_DURATION = re.compile(
    rf"[^\W\d][\w ]{{1,30}}?\s?: (?P<ms>\d+[.,]\d+) {_UNIT}(?:,? +(?P<rest>.*))?\Z", re.S
)
_WHAT = re.compile(
    rf"(?:(?P<statement>{_STATEMENT})|(?P<fetch>{_FETCH})(?P<from>[^:]{{0,200}}?)"
    rf"|(?P<execute>{_EXECUTE})(?P<name>[^:]{{0,200}}?))\s?: (?P<sql>.*)\Z",
    re.S,
)
_PARAMETERS = re.compile(
    r"(?:parameters|Parameter|paramètres|parámetros|parametri|パラメータ|매개 변수|"
    r"параметры|параметри|parametrar|参数)\s?: (?P<values>.*)\Z",
    re.S | re.I,
)


def english(message: str) -> str | None:
    """Return a message about a statement in English; ``None`` where it is about none."""
    duration = _DURATION.match(message)
    rest = (duration["rest"] or "") if duration else message
    what = _WHAT.match(rest)
    if what is None:
        return f"duration: {_number(duration)} ms" if duration and not rest else None
    told = "statement" if what["statement"] else f"execute{what['name'] or ''}"
    if what["fetch"]:
        told = f"execute fetch from{what['from']}"
    start = f"duration: {_number(duration)} ms  " if duration else ""
    return f"{start}{told}: {what['sql']}"


def parameters(detail: str) -> str:
    """Return the parameters that a DETAIL holds, or an empty text."""
    match = _PARAMETERS.match(detail)
    return match["values"] if match else ""


def _number(duration: re.Match[str]) -> str:
    return duration["ms"].replace(",", ".")
