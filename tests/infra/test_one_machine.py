# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide for one machine, followed line by line in a Debian root, with Debian's own Caddy and nginx before the site.

What only a machine that boots can show is in docs/decisions/0035-one-machine.md.
"""

from __future__ import annotations

import re
import ssl

import pytest

from tests.infra import looking_after
from tests.support.debian_root import Machine, commit
from tests.support.documented import run, run_section
from tests.support.office import NAME, SESSION, TEXT, Post, Visitor, caddy, free_port, move_program, office
from tests.support.visitors import FILLED_IN

pytestmark = pytest.mark.long

UNITS = ("msix-register", "msix-publish", "msix-backup")
CERTBOT = """\
#!/bin/sh
# Stands for certbot, which has no one to prove the name to here: the certificate is its own.
folder=/etc/letsencrypt/live/trainings.your-office.org
mkdir -p "$folder"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=trainings.your-office.org \\
    -addext subjectAltName=DNS:trainings.your-office.org -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2>/dev/null
"""


def outside_var(made: Machine) -> dict[str, int]:
    """Return when each file of the project was changed, but for what the service may write."""
    project = made.file("/srv/msix")
    return {
        file.relative_to(project).as_posix(): file.lstat().st_mtime_ns
        for file in project.rglob("*")
        if "var" not in file.relative_to(project).parts[:1]
    }


def test_the_guide_leads_from_a_bare_machine_to_somebody_who_is_signed_up() -> None:
    with office() as (made, post, smtp):
        run_section("docs/operations.md", "Install", made.sh)
        the_units_are_sound(made)
        what_is_for_trying_out_is_refused(made, smtp)
        move_program(made, program := free_port())
        port = caddy(made, program)

        run_section("docs/operations.md", "Start", made.sh)
        root = made.file("/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt")
        visitor = Visitor(port, ssl.create_default_context(cafile=root))
        before = outside_var(made)
        link = somebody_signs_up(visitor, post)
        assert outside_var(made) == before

        a_backup_is_made(made)
        what_is_merged_is_published(made, visitor, post)
        what_was_published_before_comes_back(made, visitor)
        a_mistake_changes_nothing(made, visitor)
        a_repository_that_is_away_is_told(made, visitor)
        a_newer_program_is_started(made, visitor)
        looking_after.a_backup_is_restored(made, lambda: visitor.ask(link).text)
        looking_after.it_moves_to_another_machine(made, lambda: visitor.ask(link).text)
        looking_after.a_new_version_comes_and_goes(made, lambda: visitor.ask(link).text)
        installing_again_changes_no_settings(made)
        nginx_takes_over(made, program)


def the_units_are_sound(made: Machine) -> None:
    """systemd finds nothing to say of any unit, and each gives up what it does not need."""
    names = [f"{name}.service" for name in UNITS]
    # It says what it finds on stderr, and ends with 0 all the same. What the units start comes later.
    said = made.sh(
        "cd /etc/systemd/system; systemd-analyze verify msix-* 2>&1 | grep -v 'is not executable' || true"
    )
    assert said == ""
    for name in names:
        made.sh(f"systemd-analyze security --offline=true --threshold=20 {name}")


def what_is_for_trying_out_is_refused(made: Machine, smtp: str) -> None:
    """Sample content is not published, and sample settings do not serve; each says what to do."""
    failed = made.start("systemctl start msix-publish", status=1)
    assert 'See "systemctl status msix-publish.service"' in failed.stderr
    assert "SAMPLE_CONTENT is on: replace the example sessions" in made.logs()
    settings = made.file("/srv/msix/publish.env")
    settings.write_text(settings.read_text().replace("SAMPLE_CONTENT=yes", "SAMPLE_CONTENT=no"))

    register = made.file("/srv/msix/register.env")
    assert register.stat().st_mode & 0o777 == 0o600
    made.sh("systemctl start msix-publish")
    refused = made.start("register serve --production", status=1).stderr
    assert 'REGISTER_SENDER is at "example.org", where nobody reads' in refused
    text = register.read_text().replace("example.org", "your-office.org")
    register.write_text(re.sub("REGISTER_MAIL=.*", f"REGISTER_MAIL={smtp}", text))


def somebody_signs_up(visitor: Visitor, post: Post) -> str:
    """A page is found, a form is taken, and the link in the email, which is returned, opens what was signed up for."""
    home = visitor.ask("/")
    assert (home.status, f"https://{NAME}/" in home.text, "localhost" in home.text) == (200, True, False)
    missing = visitor.ask("/no/such/page/")
    assert missing.status == 404
    done = visitor.ask(f"/register/{SESSION}", FILLED_IN | {"email": "ana@your-school.org", "language": "en"})
    assert done.status == 303, done.text
    mail = post.wait_for("You are signed up")
    (link, *_) = re.findall(
        rf"https://{NAME}(/register/manage/\S+)",
        mail.get_body(("plain",)).get_content(),
    )
    assert "Ana Núñez" in visitor.ask(link).text
    return str(link)


def a_backup_is_made(made: Machine) -> None:
    """It holds the sign-up, and nobody else can read it."""
    made.sh("systemctl start msix-backup")
    backup = max(made.file("/var/backups/msix").glob("*.tar"))
    assert (backup.stat().st_mode & 0o777, made.sh(f"stat --format %U /var/backups/msix/{backup.name}")) == (
        0o600,
        "msix\n",
    )
    assert "register.env" in made.sh(f"tar --list --file /var/backups/msix/{backup.name}")


def what_is_merged_is_published(made: Machine, visitor: Visitor, post: Post) -> None:
    """A change in the repository is on the page after the timer's next turn, and people are told."""
    file = made.file(f"/srv/office.git/content/sessions/{SESSION}.md")
    file.write_text(TEXT.replace(" 10:00", " 14:30"))
    commit(made.file("/srv/office.git"))
    made.sh("systemctl start msix-publish")
    assert "2:30" in visitor.ask(f"/schedule/{SESSION}/").text
    post.wait_for("Changed (")


def what_was_published_before_comes_back(made: Machine, visitor: Visitor) -> None:
    """It stays until something new is merged, whatever the timer does."""
    run("runuser -u msix -- make -C /srv/msix rollback", made.sh)
    made.sh("systemctl start msix-publish")
    assert "10:00" in visitor.ask(f"/schedule/{SESSION}/").text
    file = made.file(f"/srv/office.git/content/sessions/{SESSION}.md")
    file.write_text(file.read_text().replace("Duration: 90", "Duration: 75"))
    commit(made.file("/srv/office.git"))
    made.sh("systemctl start msix-publish")
    assert "2:30" in visitor.ask(f"/schedule/{SESSION}/").text


def a_repository_that_is_away_is_told(made: Machine, visitor: Visitor) -> None:
    """The service counts as failed; what is here is published all the same, as on another day."""
    office, away = made.file("/srv/office.git"), made.file("/srv/away.git")
    office.rename(away)
    told = made.file("/srv/msix/var/published")  # what the service published last
    told.unlink()
    made.start("systemctl start msix-publish", status=1)
    assert "git pull failed, see above: what is here is published, which may not be the newest" in made.logs()
    assert told.exists()
    assert "2:30" in visitor.ask(f"/schedule/{SESSION}/").text
    away.rename(office)


def a_mistake_changes_nothing(made: Machine, visitor: Visitor) -> None:
    """Content that is wrong is named in the log with its line; what was published stays."""
    file = made.file(f"/srv/office.git/content/sessions/{SESSION}.md")
    right = file.read_text()
    file.write_text(right.replace("Capacity: 40", "Capacity: none"))
    commit(made.file("/srv/office.git"))
    made.start("systemctl start msix-publish", status=1)
    assert f"content/sessions/{SESSION}.md:5: Capacity:" in made.logs()
    assert "2:30" in visitor.ask(f"/schedule/{SESSION}/").text
    file.write_text(right)
    commit(made.file("/srv/office.git"))
    made.sh("systemctl start msix-publish")


def a_newer_program_is_started(made: Machine, visitor: Visitor) -> None:
    """Only where the program itself is another one, and without an error for somebody who comes in that moment."""
    process = made.file("/run/units/msix-register.service.pid")
    before, linked = process.read_text(), made.file("/srv/msix/published").readlink()
    made.sh("systemctl start msix-publish")
    assert (process.read_text(), made.file("/srv/msix/published").readlink()) == (before, linked)
    with made.file("/srv/office.git/functions/register/__init__.py").open("a") as module:
        module.write("# A newer one.\n")
    commit(made.file("/srv/office.git"))
    made.sh("systemctl start msix-publish")
    assert process.read_text() != before
    assert visitor.ask("/register/health").status == 200


def installing_again_changes_no_settings(made: Machine) -> None:
    """What is wrong with how it is called is said, and what was set stays."""
    settings = [made.file(f"/srv/msix/{name}") for name in ("register.env", "publish.env")]
    before = [one.read_text() for one in settings]
    install = "/srv/msix/infra/machine/install"
    for arguments, said in {
        "": f"install: say under which name the site will be found: {install} {NAME}\n",
        "trainings": f'install: "trainings" is no name of a website; write it as {NAME}\n',
        f"https://{NAME}": f'install: "https://{NAME}" is no name of a website; write it as {NAME}\n',
        "trainings.example.org": 'install: "trainings.example.org" is an example; give the name that your office has\n',
        f"{NAME} apache": 'install: "apache" is no web server that is known here; write caddy, nginx or nginx-files, '
        "or nothing for caddy\n",
        "other.your-office.org": f"install: register.env says REGISTER_SITE=https://{NAME}; write "
        "REGISTER_SITE=https://other.your-office.org there, or give its name here\n",
    }.items():
        assert made.start(f"{install} {arguments}", status=1).stderr == said
    assert [one.read_text() for one in settings] == before

    caddyfile = made.file("/etc/caddy/Caddyfile")
    ours = caddyfile.read_text()
    caddyfile.write_text("other.your-office.org {\n}\n")
    assert made.start(f"{install} {NAME}", status=1).stderr == (
        "install: /etc/caddy/Caddyfile serves other sites: add what /srv/msix/infra/machine/Caddyfile has, "
        f"with the name {NAME}\n"
    )
    caddyfile.write_text(ours)
    assert made.start(f"cp -r /srv/msix/infra /tmp; /tmp/infra/machine/install {NAME}", status=1).stderr == (
        "install: the project is in /tmp; all else here counts on /srv/msix: clone it there\n"
    )


def nginx_takes_over(made: Machine, program: int) -> None:
    """The lines for nginx lead to the same site."""
    port = free_port()

    def by(text: str) -> str:
        said = made.sh(text)
        if text.startswith("apt"):
            made.file("/usr/local/bin/certbot").write_text(CERTBOT)
            made.file("/usr/local/bin/certbot").chmod(0o755)
        elif "/install" in text:
            made.file("/etc/nginx/sites-enabled/default").unlink()
            file = made.file("/etc/nginx/sites-available/msix")
            text = re.sub(r"\n *listen \[.*", "", file.read_text()).replace(
                "127.0.0.1:8000", f"127.0.0.1:{program}"
            )
            file.write_text(
                text.replace("listen 443", f"listen {port}").replace("listen 80;", f"listen {free_port()};")
            )
            made.sh("systemctl stop caddy; systemctl start nginx")
        return said

    run_section("docs/operations.md", "nginx in front", by)
    certificate = made.file(f"/etc/letsencrypt/live/{NAME}/fullchain.pem")
    visitor = Visitor(port, ssl.create_default_context(cafile=certificate))
    assert "2:30" in visitor.ask(f"/schedule/{SESSION}/").text
    assert visitor.ask("/register/health").status == 200
