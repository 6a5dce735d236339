"""Renders templates as Jinja2 does with Ansible's filters and tests, and as Ansible's Templar does.

Standard input: a JSON object with `variables`, `templates` and `files`, the templates that those take in by name. Standard output: a JSON list with, for each template, the two
texts; null where it is refused.
"""
import copy
import json
import os
import resource
import signal
import sys
import tempfile

import jinja2
import ansible.utils.display
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import filter_loader, test_loader
from ansible.template import JinjaPluginIntercept, Templar

EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.loopcontrols"]

# A template that was made by chance must not take the machine with it.
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError()))

ansible.utils.display.Display.warning = lambda *args, **kwargs: None
ansible.utils.display.Display.deprecated = lambda *args, **kwargs: None


def plain_environment(folder):
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=EXTENSIONS,
    )
    environment.filters = JinjaPluginIntercept(environment.filters, filter_loader)
    environment.tests = JinjaPluginIntercept(environment.tests, test_loader)
    return environment


def by_jinja(environment, text, variables):
    return str(environment.from_string(text).render(**copy.deepcopy(variables)))


def by_ansible(loader, text, variables):
    templar = Templar(loader, variables=copy.deepcopy(variables))
    for extension in EXTENSIONS:
        templar.environment.add_extension(extension)
    templar.environment.lstrip_blocks = True
    return str(templar.template(text, fail_on_undefined=True, escape_backslashes=False, convert_data=False, cache=False))


def attempt(render, *arguments):
    signal.alarm(5)
    try:
        return render(*arguments)
    except Exception:
        return None
    finally:
        signal.alarm(0)


given = json.load(sys.stdin)
folder = tempfile.TemporaryDirectory()
for name, text in given["files"].items():
    with open(os.path.join(folder.name, name), "w") as file:
        file.write(text)
environment = plain_environment(folder.name)
loader = DataLoader()
loader.set_basedir(folder.name)
answers = [
    [attempt(by_jinja, environment, text, given["variables"]), attempt(by_ansible, loader, text, given["variables"])]
    for text in given["templates"]
]
json.dump(answers, sys.stdout)
