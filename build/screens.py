#!/usr/bin/env python3
"""Captures what eosflow shows at a real terminal, and keeps it in docs/screens.md: screens.py [--check] [--narrow] [NAME...]

Each screen is the built command at a pseudo-terminal of 80 or 120 columns, the first three at both. What is kept is what is left on the screen when the
command has ended: the live line, which is drawn over and over while something waits, is told below it. With --narrow each is captured
at its narrowest alone. With --check nothing is written: exit 1 when a page shows other lines (times, ids, digests and the order within
a wave aside), when a line is wider than its terminal, or when less than one frame a second was drawn.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time

import screens_vault

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMMAND = ['node', os.path.join(ROOT, 'dist', 'doors', 'cli', 'main.js')]
PAGES = ('docs/screens.md',)
WIDTHS = (80, 120)
ANSWERS = {'Type yes to go on:': b'yes\r'}

# The wrong AS number on one leaf: the switch takes it, the network does not.
MISTAKE = '''name: move-underlay
params:
  spineAs: { type: integer, minimum: 1, maximum: 4294967295 }
targets: leaf3
change: { lines: ['router bgp 65102', '   neighbor IPv4-UNDERLAY-PEERS remote-as {{ spineAs }}'] }
steps:
  - snapshot: { state: [interfaces, bgp, lldp, mlag] }
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify: { within: 5s, stableFor: 2s, every: 1s, checks: [reachable, bgp-established, mlag-healthy, lldp-as-before] }
  - confirm
'''


class Screen:
    """What a terminal shows: text, line ends, carriage returns, cursor up, cursor to a column, and erase (ECMA-48)."""

    def __init__(self, columns):
        self.columns, self.rows, self.row, self.column = columns, [''], 0, 0

    def write(self, text):
        for part in re.findall(r'\x1b\[[0-9;]*[A-Za-z]|[\s\S]', text):
            self.sequence(part) if part.startswith('\x1b[') else self.character(part)

    def sequence(self, part):
        count = int(re.sub(r'\D', '', part) or 0)
        if part.endswith('A'):
            self.row = max(0, self.row - (count or 1))
        elif part.endswith('G'):
            self.column = max(0, count - 1)
        elif part.endswith('J'):
            self.rows[self.row] = self.rows[self.row][:self.column]
            del self.rows[self.row + 1:]
        elif part.endswith('K'):
            self.rows[self.row] = self.rows[self.row][:self.column]

    def character(self, character):
        if character == '\r':
            self.column = 0
        elif character == '\n':
            self.row, self.column = self.row + 1, 0
        else:
            if self.column == self.columns:
                self.row, self.column = self.row + 1, 0
            self.reach()
            line = self.rows[self.row].ljust(self.column)
            self.rows[self.row] = line[:self.column] + character + line[self.column + 1:]
            self.column += 1
        self.reach()

    def reach(self):
        while len(self.rows) <= self.row:
            self.rows.append('')

    def text(self):
        return '\n'.join(row.rstrip() for row in self.rows).strip('\n')


def capture(arguments, folder, columns):
    """Runs one command line at a terminal; gives its screen, how many frames were drawn, the longest pause, and its seconds."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        for name in ('CI', 'NO_COLOR', 'COLUMNS', 'LINES'):
            os.environ.pop(name, None)
        os.environ['TERM'] = 'xterm-256color'
        os.execvp(COMMAND[0], COMMAND + arguments)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 50, columns, 0, 0))
    decoder, screen, said = codecs.getincrementaldecoder('utf8')(), Screen(columns), ''
    begun = last = None
    frames, pause, live = 0, 0.0, ''
    while True:
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            heard = os.read(terminal, 65536)
        except OSError:
            break
        if not heard:
            break
        now = time.monotonic()
        begun, frames = begun or now, frames + 1
        pause, last = max(pause, now - (last or now)), now
        text = decoder.decode(heard)
        said = (said + text)[-4096:]
        screen.write(text)
        live = max([live, *re.findall(r'verify · (?:stable|not good yet) [^\r\n\x1b]*', text)], key=len)
        for question, answer in ANSWERS.items():
            if question in said:
                os.write(terminal, answer)
                said = ''
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return screen.text(), {'frames': frames, 'pause': pause, 'seconds': (last or 0) - (begun or 0), 'live': live, 'code': code}


def project(folder):
    """A fresh project with the bundled workflow of the demo, whose waiting times are as short as there, and a mistake."""
    subprocess.run(COMMAND + ['init', folder], check=True, stdout=subprocess.DEVNULL)
    for path in ('workflows/add-vlan.yaml', 'workflows/templates/vlan.j2'):
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        text = open(os.path.join(ROOT, path), encoding='utf8').read()
        short = text.replace('within: 3m', 'within: 20s').replace('stableFor: 30s', 'stableFor: 2s\n      every: 1s')
        open(os.path.join(folder, path), 'w', encoding='utf8').write(short)
    # Other ports than those of a project that somebody tries beside it, below those that Linux gives to outgoing connections.
    inventory = os.path.join(folder, 'inventory.yaml')
    ports = re.sub(r'\b18(\d{3})\b', r'28\1', open(inventory, encoding='utf8').read())
    open(inventory, 'w', encoding='utf8').write(ports)
    open(os.path.join(folder, 'workflows', 'move-underlay.yaml'), 'w', encoding='utf8').write(MISTAKE)


def shipped(folder, *names):
    """Workflows that are shipped, as a person adds them, with waiting times as short as those of the demo."""
    words = [word for name in names for word in ('--workflow', name)]
    subprocess.run(COMMAND + ['init', *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for name in names:
        path = os.path.join(folder, 'workflows', f'{name}.yaml')
        text = open(path, encoding='utf8').read()
        open(path, 'w', encoding='utf8').write(re.sub(r'stableFor: \w+', 'stableFor: 2s\n      every: 1s', text))


def intended(folder):
    """Whole configurations of two leaves; leaf1 is to have another time server than it has."""
    shipped(folder, 'replace-config')
    os.makedirs(os.path.join(folder, 'intended'))
    for name in ('leaf1', 'leaf2'):
        text = open(os.path.join(folder, 'fabrics', 'dc1', name, 'running-config'), encoding='utf8').read()
        wanted = text.replace('198.51.100.11 prefer', '198.51.100.99 prefer') if name == 'leaf1' else text
        open(os.path.join(folder, 'intended', f'{name}.cfg'), 'w', encoding='utf8').write(wanted)


def vaulted(folder):
    """A Vault with the password of the user netops. Gives what ends it."""
    shipped(folder, 'rotate-user')
    address, end = screens_vault.start({'kv/data/net/netops': {'password': 'of-before-the-screens'}})
    os.environ['VAULT_TOKEN'] = screens_vault.TOKEN
    with open(os.path.join(folder, 'eosflow.yaml'), 'a', encoding='utf8') as settings:
        settings.write(f"secrets:\n  vault: {{ address: '{address}', login: {{ token: '${{env:VAULT_TOKEN}}' }} }}\n")
    return end


# By name: title, command line, exit code, what a project of its own needs besides, and the widths.
SCREENS = {
    'demo': ('`eosflow demo`', ['demo'], 0, None, WIDTHS),
    'add-vlan': ('`eosflow run workflows/add-vlan.yaml`, on four leaves',
                 ['run', 'workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=PROD-CACHE', '-p', 'trunks=[Port-Channel1]'], 0, None, WIDTHS),
    'mistake': ('`eosflow run workflows/move-underlay.yaml`: its verification fails',
                ['run', 'workflows/move-underlay.yaml', '-p', 'spineAs=65009'], 6, None, WIDTHS),
    'ask': ("`eosflow ask 'show version | include image version' 'show ntp status'`",
            ['ask', 'show version | include image version', 'show ntp status'], 0, None, (80,)),
    'facts': ('`eosflow facts`', ['facts'], 0, None, (120,)),
    'backup': ('`eosflow config backup backups`', ['config', 'backup', 'backups'], 0, None, (80,)),
    'comply': ('`eosflow comply -f intended -t leaf1,leaf2`', ['comply', '-f', 'intended', '-t', 'leaf1,leaf2'], 0, intended, (80,)),
    'rotate-user': ('`eosflow run workflows/rotate-user.yaml`, for the user netops of two leaves',
                    ['run', 'workflows/rotate-user.yaml', '-t', 'leaf1,leaf2', '-p', 'user=netops', '-p', 'privilege=15', '-p',
                     'role=network-admin', '-p', 'secret=kv/data/net/netops#password'], 0, vaulted, (80,)),
    'maintenance-enter': ('`eosflow run workflows/maintenance-enter.yaml -p switch=spine1`',
                          ['run', 'workflows/maintenance-enter.yaml', '-p', 'switch=spine1'], 0,
                          lambda folder: shipped(folder, 'maintenance-enter'), (80,)),
}


def captured(columns, only, narrow):
    """All screens at one width, each on switches that nobody has changed."""
    for name, (title, arguments, code, prepare, widths) in SCREENS.items():
        if columns not in widths or (only and name not in only) or (narrow and columns != min(widths)):
            continue
        end = None
        folder = tempfile.mkdtemp(prefix='eosflow-screens-')
        simulator = None
        try:
            if name != 'demo':
                project(os.path.join(folder, 'net'))
                folder_of = os.path.join(folder, 'net')
                end = prepare(folder_of) if prepare is not None else None
                simulator = subprocess.Popen(COMMAND + ['sim', 'start', 'fabrics/dc1'], cwd=folder_of, stdout=subprocess.PIPE, text=True)
                if not any(line.startswith('Next:') for line in simulator.stdout):
                    sys.exit('the simulator did not start')
            else:
                folder_of = folder
            text, seen = capture(arguments, folder_of, columns)
            if seen['code'] != code:
                sys.exit(f'{name} at {columns} columns ended with {seen["code"]}, not {code}:\n{text}')
            yield name, title, anonymous(text), seen
        finally:
            if end is not None:
                end()
            if simulator is not None:
                simulator.terminate()
                simulator.wait()
            shutil.rmtree(folder)


def anonymous(text):
    """Who captured it is nobody's business."""
    return re.sub(r'local:\d+:\w+@[\w.-]+', 'local:1000:ann@noc1', text)


def comparable(text, columns):
    """The lines of a screen as they were printed, without what differs from one run to the next, in any order."""
    # A row that is full goes on in the next one: an id may be broken there.
    text = re.sub(rf'^(.{{{columns}}})\n', r'\1', text, flags=re.M)
    for pattern, name in ((r'\d{8}-\d{6}-[0-9a-f]{8}', 'ID'), (r'sha256:[0-9a-f]{64}', 'DIGEST'), (r'\b[0-9a-f]{8}\b', 'SHORT'),
                          (r'\d{4}-\d\d-\d\d', 'DATE'),
                          (r'\d\d:\d\d:\d\dZ?|\d\d:\d\d UTC', 'TIME'), (r'\b(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)? ?s\b', 'SPAN'),
                          (r'\b(?:asked|session)\b.*$', ''), (r'\d+/\d+ s', 'SPAN')):
        text = re.sub(pattern, name, text, flags=re.M)
    return sorted(re.sub(r'\s+', ' ', line).strip() for line in text.split('\n') if line.strip() != '')


def block(page, name, columns, title, text, live):
    shown = f'\nWhile it waits, its last line moves: `{live.strip()}`\n' if live else ''
    fold = f'<details><summary>{title}, at {columns} columns</summary>'
    return f'<!-- screen {name} {columns} -->\n{fold}\n\n```\n{text}\n```\n{shown}\n</details>\n<!-- end of screen -->'


def main(check, only, narrow):
    pages = {page: open(os.path.join(ROOT, page), encoding='utf8').read() for page in PAGES}
    faults = []
    for columns in WIDTHS:
        for name, title, text, seen in captured(columns, only, narrow):
            where = f'{name} at {columns} columns'
            print(f'{where}: {len(text.splitlines())} lines, {seen["frames"]} frames in {seen["seconds"]:.1f} s, longest pause {seen["pause"]:.2f} s')
            wide = [line for line in text.split('\n') if len(line) > columns]
            if wide:
                faults.append(f'{where}: wider than the terminal: {wide[0]}')
            if seen['frames'] < seen['seconds']:
                faults.append(f'{where}: less than a frame a second')
            if not seen['live'] and SCREENS[name][1][0] in ('demo', 'run'):
                faults.append(f'{where}: no live line was drawn while it was verified')
            place = re.compile(rf'<!-- screen {name} {columns} -->\n(.*?)\n<!-- end of screen -->', flags=re.S)
            page, kept = next(((page, found) for page, all in pages.items() if (found := place.search(all))), (None, None))
            if kept is None:
                sys.exit(f'no page has a place for {where}')
            fence = re.search(r'```\n(.*?)\n```', kept.group(1), flags=re.S)
            if check and (fence is None or comparable(fence.group(1), columns) != comparable(text, columns)):
                was, now = comparable(fence.group(1) if fence else '', columns), comparable(text, columns)
                other = [line for line in was + now if was.count(line) != now.count(line)][:6]
                faults.append(f'{where}: {page} shows another screen: npm run screens\n  ' + '\n  '.join(other))
            if not check:
                pages[page] = pages[page].replace(kept.group(0), block(page, name, columns, title, text, seen['live']))
    if not check:
        for page, text in pages.items():
            open(os.path.join(ROOT, page), 'w', encoding='utf8').write(text)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    words = [word for word in sys.argv[1:] if not word.startswith('--')]
    main('--check' in sys.argv[1:], words, '--narrow' in sys.argv[1:])
