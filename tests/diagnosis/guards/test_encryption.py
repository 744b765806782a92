"""Who is spoken to in the clear, in every spelling of the common clients."""

from __future__ import annotations

import os
import ssl

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.guards import cleartext
from backend_performance.diagnosis.mysql import encryption
from backend_performance.diagnosis.mysql.address import parameters
from backend_performance.diagnosis.web.target import redirected, refuse_cleartext, target

IDENTITY = (ssl.CERT_REQUIRED, True)
AUTHORITY = (ssl.CERT_REQUIRED, False)
ENCRYPTED = (ssl.CERT_NONE, False)


@pytest.fixture(autouse=True)
def no_authorities(monkeypatch):
    """No test connects, and each context would read the authorities of the system in 50 ms."""
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("/var/run/postgresql", True),
        ("", True),
        ("db", False),
        ("10.0.0.5", False),
        ("localhost.example.com", False),
        ("0.0.0.0", False),
        ("127.0.0.1.example.com", False),
    ],
)
def test_only_this_machine_is_local(host, local):
    assert cleartext.is_local(host) is local


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("ssl-mode=VERIFY_IDENTITY", IDENTITY),
        ("ssl_mode=verify_identity", IDENTITY),
        ("sslMode=VERIFY_CA", AUTHORITY),
        ("sslmode=verify-full", IDENTITY),
        ("sslmode=trust", ENCRYPTED),
        ("ssl-mode=REQUIRED", ENCRYPTED),
        ("ssl=true", ENCRYPTED),
        ("ssl=1", ENCRYPTED),
        ("useSSL=true", ENCRYPTED),
        ("requireSSL=true", ENCRYPTED),
        ("useSSL=true&verifyServerCertificate=true", AUTHORITY),
        ("tls=true", IDENTITY),
        ("tls=skip-verify", ENCRYPTED),
        ('ssl={"rejectUnauthorized":true}', IDENTITY),
        ('ssl={"rejectUnauthorized":false}', ENCRYPTED),
        ("ssl={}", IDENTITY),
        ("sslaccept=strict", IDENTITY),
        ("ssl_verify_identity=true", IDENTITY),
        ("ssl_verify_cert=true", AUTHORITY),
        ("sslverify=true", IDENTITY),
        ("", None),
        ("tls=preferred", None),
    ],
)
def test_what_another_client_understands_is_understood(query, wanted):
    made = parameters(f"mysql://u:p@127.0.0.1/d?{query}").get("ssl")
    assert (made and (made.verify_mode, made.check_hostname)) == wanted


@pytest.mark.parametrize(
    "query",
    [
        "ssl-mode=VERIFY_IDENTIY",
        "sslmode=secure",
        "ssl=perhaps",
        "ssl={bad",
        'ssl={"ca":"x"}',
        "tls=custom",
        "sslaccept=maybe",
        "ssl_fancy=1",
        "useSSL=oui",
        "trustCertificateKeyStoreUrl=file:x",
        "verifyServerCertificate=often",
    ],
)
def test_what_is_not_understood_is_refused(query):
    with pytest.raises(CannotRun, match="not understood"):
        parameters(f"mysql://u:p@127.0.0.1/d?{query}")


def test_another_host_is_never_spoken_to_in_the_clear_unless_told_so():
    assert parameters("mysql://u:p@db.example.com/d")["ssl"].verify_mode is ssl.CERT_NONE
    with pytest.raises(CannotRun, match="--allow-cleartext"):
        parameters("mysql://u:p@db.example.com/d?ssl-mode=DISABLED")
    assert parameters("mysql://u:p@db.example.com/d?ssl=0", allow_cleartext=True)["ssl_disabled"]
    assert encryption.context({"ssl-mode": "VERIFY_IDENTITY"}, None) == (None, False, False)


@pytest.mark.parametrize("dsn", ["mysql://u:first@Second99@h/d", "mysql://u:p@x@127.0.0.1:1/d"])
def test_a_password_with_an_at_sign_is_not_shown(dsn):
    with pytest.raises(CannotRun, match="percent-encode") as told:
        parameters(dsn)
    assert "Second99" not in str(told.value)


def test_postgres_takes_tls_for_other_hosts_and_encodes():
    psycopg = pytest.importorskip("psycopg")
    from backend_performance.diagnosis.postgres.address import target as address

    def info(dsn: str, **options) -> dict:
        return psycopg.conninfo.conninfo_to_dict(address(psycopg, dsn, {}, **options).conninfo)

    assert info("postgresql://u@db/d")["sslmode"] == "require"
    assert info("postgresql://u@db/d?sslmode=prefer")["sslmode"] == "require"
    assert info("postgresql://u@db/d?sslmode=verify-full")["sslmode"] == "verify-full"
    assert "sslmode" not in info("postgresql://u@127.0.0.1/d")
    assert "sslmode" not in info("postgresql://u@db/d", allow_cleartext=True)
    assert info("host=127.0.0.1,db user=u")["sslmode"] == "require"
    with pytest.raises(CannotRun, match="--allow-cleartext"):
        info("postgresql://u@db/d?sslmode=disable")
    with pytest.raises(CannotRun, match="percent-encode") as told:
        info("postgresql://u:first@Second99@127.0.0.1/d")
    assert "Second99" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("redis://u:p@cache.example.com:6379", "--allow-cleartext"),
        ("redis://:4711/S3cret@h", "percent-encode"),
        ("redis://u:a@b@127.0.0.1:1", "percent-encode"),
        ("redis://127.0.0.1:1?fancy=1", "not understood"),
    ],
)
def test_a_redis_address_that_would_leak_is_refused(url, says):
    pytest.importorskip("redis")
    from backend_performance.diagnosis.redis.session import connect

    with pytest.raises(CannotRun, match=says) as told, connect(url):
        pass
    assert "S3cret" not in str(told.value) and "4711" not in str(told.value)


def test_options_of_a_redis_address_never_override_ours():
    redis = pytest.importorskip("redis")
    from backend_performance.diagnosis.redis import address

    url = "rediss://127.0.0.1:1/5?protocol=3&socket_timeout=900&client_name=x&retry_on_timeout=1"
    pool, _ = address.pool(redis, url, 5, False)
    made = pool.connection_kwargs
    assert (made["protocol"], made["socket_timeout"], made.get("db", 0)) == (2, 5, 0)
    assert made["client_name"] is None and made["ssl_check_hostname"] is True


@pytest.mark.parametrize(
    ("url", "location", "there"),
    [
        ("http://127.0.0.1:31400/a", "http://127.0.0.1:31401/b", None),
        ("http://h/a", "http://h:6379/", None),
        ("http://h/a", "https://h/a", "https://h/a"),
        ("http://h/a", "https://h:8443/a", None),
        ("http://h:8080/a", "https://h/a", None),
        ("https://h/a", "http://h/a", None),
        ("http://h/a", "http://other/a", None),
        ("http://h:80/a", "/b", "http://h:80/b"),
    ],
)
def test_a_redirect_to_another_origin_is_not_followed(url, location, there):
    found = redirected(target(url, "it"), location)
    assert (found and found.url) == there


def test_credentials_are_not_sent_in_the_clear_to_another_host():
    refuse_cleartext([target("http://127.0.0.1:8000/a", "it"), target("https://h/a", "it")])
    with pytest.raises(CannotRun, match="--allow-cleartext"):
        refuse_cleartext([target("http://h/a", "it")])
