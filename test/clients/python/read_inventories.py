"""Prints what Ansible's own libraries make of inventories: one JSON line per line of input.

Input: {"paths": [...], "patterns": [...], "asked": [[host, text], ...]}, where each text is a template that is rendered with the variables of its host.
"""
import json
import os
import sys

os.environ['ANSIBLE_DEPRECATION_WARNINGS'] = 'False'
os.environ['ANSIBLE_LOCALHOST_WARNING'] = 'False'

from ansible import context
from ansible.cli.inventory import InventoryCLI
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.vars import host_group_vars
from ansible.template import Templar
from ansible.utils.display import Display
from ansible.vars.manager import VariableManager

context.CLIARGS = ImmutableDict(export=False, basedir=None, yaml=False, toml=False)
warnings = []
Display.warning = lambda self, message, formatted=False: warnings.append(message)
Display.display = lambda self, *given, **named: None


def made(cli, name, text):
    try:
        host = cli.inventory.get_host(name)
        return str(Templar(cli.loader, variables=cli.vm.get_vars(host=host)).template(text, disable_lookups=True))
    except Exception:
        return None


def listed(paths, patterns, asked):
    host_group_vars.FOUND.clear()
    cli = InventoryCLI.__new__(InventoryCLI)
    cli.loader = DataLoader()
    cli.inventory = InventoryManager(loader=cli.loader, sources=paths)
    cli.vm = VariableManager(loader=cli.loader, inventory=cli.inventory)
    tree = cli.json_inventory(cli._get_group('all'))
    is_sorted = True
    try:
        text = json.dumps(tree, cls=AnsibleJSONEncoder, sort_keys=True, indent=4, preprocess_unsafe=True, ensure_ascii=False)
    except TypeError:
        is_sorted = False
        text = json.dumps(tree, cls=AnsibleJSONEncoder, sort_keys=False, indent=4, preprocess_unsafe=True, ensure_ascii=False)
    picked = []
    for pattern in patterns:
        try:
            picked.append([host.name for host in cli.inventory.get_hosts(pattern)])
        except Exception:
            picked.append(None)
    groups = [[name, hosts] for name, hosts in cli.inventory.get_groups_dict().items()]
    return text, picked, is_sorted, groups, [made(cli, name, template) for name, template in asked]


for line in sys.stdin:
    given = json.loads(line)
    warnings.clear()
    try:
        text, picked, is_sorted, groups, texts = listed(given['paths'], given['patterns'], given['asked'])
        is_broken = any('Unable to parse' in warning or 'Failed to parse' in warning for warning in warnings)
        answer = {'list': None if is_broken else text, 'patterns': picked, 'isSorted': is_sorted, 'groups': groups, 'texts': texts, 'warnings': warnings[:3]}
    except Exception as error:
        answer = {'list': None, 'patterns': [], 'warnings': [str(error)[:300]]}
    print(json.dumps(answer), flush=True)
