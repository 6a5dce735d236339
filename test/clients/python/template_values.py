"""Makes of values with templates what Ansible's Templar makes of them: undefined is an error, lookups are off.

Standard input: a JSON object with `variables` and `values`. Standard output: a JSON list with `{"value": …}` or `{"error": …}` for each.
A float without a fraction is the text `float 1`, a tuple or a set is a list.
"""
import json
import resource
import signal
import sys

import ansible.utils.display
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError()))

ansible.utils.display.Display.warning = lambda *args, **kwargs: None
ansible.utils.display.Display.deprecated = lambda *args, **kwargs: None


def plain(value):
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key if isinstance(key, str) else json.dumps(key): plain(item) for key, item in value.items()}
    if isinstance(value, float):
        return "float %d" % value if value == int(value) else value
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def made(templar, text):
    signal.alarm(5)
    try:
        return {"value": plain(templar.template(text, disable_lookups=True) if templar.is_template(text) else text)}
    except Exception as error:  # whatever Ansible refuses it with
        return {"error": "%s: %s" % (type(error).__name__, str(error)[:200])}
    finally:
        signal.alarm(0)


given = json.load(sys.stdin)
templar = Templar(DataLoader(), variables=given["variables"])
json.dump([made(templar, text) for text in given["values"]], sys.stdout)
