#!/usr/bin/env python3
"""Verifies an export of the record, or a segment, with nothing but Python: verify-export.py [--pubkey KEY] EXPORT CHECKPOINTS...

EXPORT is what `eosflow audit export --format jsonl` printed. CHECKPOINTS are files that were kept outside of the store, as anchors
write them. KEY is what `eosflow audit key` printed: with it every signature is verified, and the checkpoints in EXPORT count, too.
Without it the files are believed because of where they were kept, and the checkpoints in EXPORT only say what theirs are over.
Exit 0: the chains hold, and a checkpoint agrees with them. Exit 6: they do not hold, or no checkpoint speaks of them.
"""
import base64
import hashlib
import json
import re
import sys

MOST = 2 ** 53 - 1


class DoesNotHold(Exception):
    pass


def fail(why):
    raise DoesNotHold(why)


def sha(data):
    return hashlib.sha256(data).digest()


# --- lines

ROW = re.compile(rb'(\{"chain":.*?),"body":(\{.*\}),"hash":"([0-9a-f]{64})"\}', re.S)
TEXT = re.compile(rb'blob:[0-9a-f]{64}')


def parsed(text):
    """An object of JSON; None where it is none."""
    try:
        said = json.loads(text.decode('utf8', 'replace') if isinstance(text, bytes) else text, parse_constant=fail)
    except (ValueError, RecursionError, DoesNotHold):
        return None
    return said if isinstance(said, dict) else None


def is_count(said):
    return isinstance(said, (int, float)) and not isinstance(said, bool) and 0 <= said <= MOST and said == int(said)


def are_places(said):
    return isinstance(said, list) and all(map(is_count, said))


def is_hash(said):
    return isinstance(said, str) and re.fullmatch(r'[0-9a-f]{64}', said) is not None


def head_in(said):
    """Of a checkpoint or a seal: the name of a chain, its number of records, the hash of the newest, the positions that no later record covers."""
    if not isinstance(said, list) or len(said) < 4:
        return None
    name, n, link, places = said[:4]
    if not isinstance(name, str) or not is_count(n) or not is_hash(link) or not are_places(places):
        return None
    return name, int(n), bytes.fromhex(link), tuple(map(int, places))


def read(line):
    """What a line is and says; None for one that was half written, or is of nothing."""
    row = ROW.fullmatch(line)
    if row:
        return row_in(parsed(row[1] + b'}'), row[2], row[3].decode())
    said = parsed(line)
    if said is None:
        return None
    if said.get('kind') in ('eosflow.audit', 'eosflow.segment'):
        return header_in(said)
    if 'text' in said:
        return ('text', said['text']) if isinstance(said['text'], str) and isinstance(said.get('bytes'), str) else None
    if 'digest' in said:
        return ('digest',)
    note, heads = said.get('checkpoint', said.get('segment')), said.get('heads')
    if not isinstance(note, str) or not isinstance(heads, list) or None in map(head_in, heads):
        return None
    return ('checkpoint' if 'checkpoint' in said else 'seal', note, [head_in(head) for head in heads])


def row_in(place, body, link):
    if place is None:
        return None
    name, n, pos, covers = (place.get(key) for key in ('chain', 'n', 'pos', 'covers'))
    if not isinstance(name, str) or not is_count(n) or not is_count(pos) or not are_places(covers):
        return None
    return 'row', name, int(n), int(pos), tuple(map(int, covers)), place.get('mirror') is True, body, link


def header_in(said):
    version, origin, after, chains = (said.get(key) for key in ('v', 'origin', 'after', 'chains'))
    if version != 2 or not isinstance(origin, str):
        return None
    if said['kind'] == 'eosflow.segment':
        return 'header', origin, 0, {}, 'segment'
    if not is_count(after) or not isinstance(chains, dict):
        return None
    starts = {name: head_in([name, *(point.get(key) for key in ('n', 'hash', 'places'))]) if isinstance(point, dict) else None
              for name, point in chains.items()}
    return None if None in starts.values() else ('header', origin, int(after), starts, 'export')


# --- chains

def genesis(origin, name):
    """A chain without records: by number the hash, and the positions that no later record covers."""
    return {0: (sha(f'eosflow-chain-v1\0{origin}\0{name}'.encode()), ())}


class Chains:
    """The chains of an export as far as they were read. Whatever does not hold is said by `fail`."""

    def __init__(self, header):
        _, self.origin, self.after, _, self.form = header
        self.is_whole = self.form == 'export' and self.after == 0
        self.behind = self.after if self.form == 'export' else MOST
        self.points, self.starts, self.first, self.newest = {}, {}, MOST, 0
        self.mirrors, self.marks, self.notes, self.carried = [], {}, [], 0
        self.seals, self.segments, self.named, self.texts = [], 0, set(), set()

    def last(self, name):
        return max(self.points.get(name, (0,)))

    def at(self, name, n):
        """The hash and the open positions of a chain at a record; None where that is not here."""
        return self.points.get(name, genesis(self.origin, name) if n == 0 else {}).get(n)

    def lacks(self, name, n, pos=0):
        """Whether a record that was not found had to be there: by its position, or because its chain ends before it."""
        return pos > self.behind or (self.is_whole or name in self.points) and n > self.last(name)

    def begin(self, header):
        _, origin, after, starts, form = header
        if origin != self.origin:
            fail(f'what follows is of another store, {origin}')
        if form == 'segment':
            self.segments += 1
        if after > max(self.newest, self.after):
            fail(f'the records between {self.newest} and {after} are missing')
        for name, n, link, places in starts.values():
            if n > 0 and name not in self.points:
                if self.is_whole or any(place > self.behind for place in places):
                    fail(f'the records of {name} up to record {n} are missing')
                self.points[name], self.starts[name] = {n: (link, places)}, n
            elif n > 0 and self.at(name, n) != (link, places):
                fail(f'the export goes on from a record {n} of {name} that is not this one')

    def take(self, line):
        kind = line[0]
        if kind == 'row':
            self.take_row(*line[1:])
        elif kind == 'checkpoint':
            self.notes.append(line[1:])
        elif kind == 'seal':
            self.seals.append(line[1:])
        elif kind == 'text':
            self.texts.add(line[1])
        else:
            fail('a record is not there, only its digest')

    def take_row(self, name, n, pos, covers, is_mirror, body, said):
        own = self.points.setdefault(name, genesis(self.origin, name))
        record = parsed(body)
        if n - 1 not in own:
            fail(f'record {self.last(name) + 1} of {name} is missing')
        if record is None or record.get('seq') != n:
            fail(f'record {n} of {name} at {pos} is not of this place')
        link, places = own[n - 1]
        counted = b''.join(position.to_bytes(8, 'big') for position in covers)
        link = sha(b'\x02' + n.to_bytes(8, 'big') + link + len(covers).to_bytes(4, 'big') + counted + sha(body))
        if link.hex() != said:
            fail(f'record {n} of {name} at {pos}, or one before it, was altered or is missing')
        if covers and covers != places:
            fail(f'a record of {name} before record {n} is at another place than it was written to')
        point = (link, (() if covers else places) + (pos,))
        if own.setdefault(n, point) != point:
            fail(f'record {n} of {name} is there twice, and differs')
        self.named.update(TEXT.findall(body))
        if is_mirror:
            self.take_mirror(name, record, pos)
            return
        self.first, self.newest = min(self.first, pos), max(self.newest, pos)
        self.carried += record.get('type') == 'ApprovalCarried'
        if name != 'register' and n == 1:
            self.marks[name, n, 'begun'] = pos
        if name != 'register' and record.get('type') == 'ExecutionEnded':
            self.marks[name, n, 'ended'] = pos

    def take_mirror(self, name, record, pos):
        kind, of, n, link = (record.get(key) for key in ('mirror', 'execution', 'n', 'hash'))
        is_one = kind in ('begun', 'ended') and isinstance(of, str) and is_count(n) and isinstance(link, str)
        if name != 'register' or not is_one or record.get('v') != 1:
            fail(f'a record of {name} at {pos} mirrors nothing')
        self.mirrors.append((kind, of, int(n), link, pos))

    def judge_mirrors(self):
        for kind, name, n, said, pos in self.mirrors:
            found = self.at(name, n)
            if found is None and self.lacks(name, n, pos):
                fail(f'record {n} of {name} is missing: the register has that it {kind}')
            if found is not None and (found[0].hex() != said or found[1][-1:] != (pos,)):
                fail(f'record {n} of {name} is not the one that the register has')
        bare = set(self.marks) - {(name, n, kind) for kind, name, n, _, _ in self.mirrors}
        if bare and self.form != 'segment':
            name, n, kind = min(bare)
            fail(f'the register does not have that record {n} of {name} {kind} it')

    def judge_seals(self, judge):
        """Of segments: each has the executions that were sealed in it, as they were sealed, and their texts."""
        if self.form != 'segment':
            return
        if len(self.seals) != self.segments:
            fail('a segment does not have its seal, or has another one')
        sealed = {}
        for note, heads in self.seals:
            text, _ = judge(note, 'the seal of the segment')
            said = re.fullmatch(re.escape(self.origin) + r'\nsegment 1\nexecutions (\d+) ([A-Za-z0-9+/]{43}=)\nnewest \d+\n', text)
            if said is None or not covers(heads, *said.groups()):
                fail('the executions that the seal of the segment names are not those that were signed')
            sealed.update({name: (n, (link, places)) for name, n, link, places in heads})
        for name in {*sealed, *self.points}:
            n, point = sealed.get(name, (None, None))
            if self.last(name) != n or self.at(name, n) != point:
                fail(f'execution {name} is not what was sealed in the segment')
        if not self.named <= {text.encode() for text in self.texts}:
            fail('a text is missing that a record of the segment names')


def read_export(path):
    """The chains of a file. A line that was half written is passed over where the next batch begins again."""
    chains, torn = None, False
    for line in open(path, 'rb'):
        line = line.rstrip(b'\n')
        said = read(line) if line else None
        if said is not None and said[0] == 'header':
            chains, torn = chains or Chains(said), False
            chains.begin(said)
        elif chains is None:
            fail('this is no export of the record')
        elif line and torn:
            fail('a line is neither a record nor a checkpoint')
        elif line and said is None:
            torn = True
        elif line:
            chains.take(said)
    if chains is None:
        fail('this is no export of the record')
    if torn:
        fail('its last line was half written')
    return chains


# --- checkpoints

FORM = re.compile(r'([^\n]+)\nchains 1\nregister (0|[1-9]\d{0,14}) ([A-Za-z0-9+/]{43}=)\nheads (0|[1-9]\d{0,14}) ([A-Za-z0-9+/]{43}=)\n'
                  r'newest (0|[1-9]\d{0,14})\ncheckpoint ([1-9]\d{0,14}) ([A-Za-z0-9+/]{43}=)\n')
SIGNATURE = re.compile(r'— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})')


def notes_in(text):
    """The notes in a text: as such, or as the member `checkpoint` in a line of a log or of an export. A signature that was half written is none."""
    wrapped = [parsed(found) or {} for found in re.findall(r'\{"checkpoint":"(?:[^"\\\n]|\\.)*"\}', text)]
    notes = [note for note in notes_of(text) if '{"checkpoint":' not in note]
    return notes + [note for said in wrapped for note in notes_of(str(said.get('checkpoint', '')))]


def notes_of(text):
    notes, head, foot = [], [], []
    for line in [*text.split('\n'), 'end']:
        signature = SIGNATURE.fullmatch(line)
        if signature:
            foot.append((line, len(signature[2].rstrip('=')) > 90))
            continue
        if foot:
            note = '\n'.join([*head, *(one for one, is_whole in foot if is_whole)]) + '\n'
            notes += [note] if '\n\n— ' in note else []
            head, foot = [], []
        if line or head:
            head.append(line)
    return notes


def own_note(origin, note):
    """A note of a store, from the last line on that names it; None for one of another store."""
    at = ('\n' + note).rfind(f'\n{origin}\n')
    return None if at < 0 else note[at:]


def covers(heads, count, root):
    leaves = [(name, f'eosflow-head-v1\0{name}\n{n}\n{base64.b64encode(link).decode()}\n{",".join(map(str, places))}\n')
              for name, n, link, places in heads]
    return len(heads) == int(count) and tree([leaf.encode() for _, leaf in sorted(leaves)]) == base64.b64decode(root)


def tree(leaves):
    """The root of a Merkle tree (RFC 9162)."""
    level = [sha(b'\0' + leaf) for leaf in leaves] or [sha(b'')]
    while len(level) > 1:
        level = [sha(b'\1' + b''.join(level[at:at + 2])) if at + 1 < len(level) else level[at]
                 for at in range(0, len(level), 2)]
    return level[0]


# --- signatures

P = 2 ** 255 - 19
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(one, other):
    """The sum of two points of Edwards25519 (RFC 8032, section 5.1.4)."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b, c, d = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2), 2 * t1 * t2 * D, 2 * z1 * z2
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(count, point):
    total = (0, 1, 1, 0)
    while count:
        if count & 1:
            total = add(total, point)
        point, count = add(point, point), count >> 1
    return total


def point_in(text):
    """The point that 32 bytes are of; None where they are of none."""
    number = int.from_bytes(text, 'little')
    y, sign = number & (2 ** 255 - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x), y, 1, (P - x if x & 1 != sign else x) * y % P


BASE = point_in(bytes.fromhex('58' + '66' * 31))


def is_signed(key, signature, text):
    """Whether a text is signed with a key of Ed25519."""
    point, s = point_in(key), int.from_bytes(signature[32:], 'little')
    if len(signature) != 64 or point is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), 'little') % ORDER
    x, y, z, _ = add(times(s, BASE), times(ORDER - k, point))
    inverse = pow(z, -1, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, 'little') == signature[:32]


class Keys:
    """The key that checkpoints are signed with now, and those before it, each up to its last record."""

    def __init__(self, text):
        lost = re.findall(r'^# lost ([0-9a-f]{8}) behind record (\d{1,15})\n', text, re.M)
        newest, *older = re.split(r'# replaced behind record ', re.sub(r'^# lost .*\n', '', text, flags=re.M))
        self.lost = {bytes.fromhex(name): int(until) for name, until in lost}
        self.known = {}
        for key, until in [(key_in(newest), MOST), *((key_in(part.partition('\n')[2]), int(part.split('\n')[0])) for part in older)]:
            self.known.setdefault(sha(b'eosflow\n\x01' + key)[:4], (key, until))

    def open(self, text, signatures, newest):
        """Why a text is not to be trusted; '' where its key is lost; None where it is signed."""
        for name, (key, until) in self.known.items():
            if name in signatures:
                if not is_signed(key, signatures[name], text.encode()):
                    return 'its signature is not good'
                return None if newest <= until else 'it is signed with a key that was replaced before'
        if any(newest <= until for name, until in self.lost.items() if name in signatures):
            return ''
        return 'it is signed with another key'


def key_in(text):
    pem = re.search(r'-----BEGIN PUBLIC KEY-----\s([^-]*)-----END PUBLIC KEY-----', text)
    line = re.fullmatch(r'[^\s+]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]+={0,2})\s*', text)
    form = bytes.fromhex('302a300506032b6570032100') if pem else b'\x01'
    key = base64.b64decode(pem[1] if pem else line[1]) if pem or line else b''
    if len(key) != len(form) + 32 or not key.startswith(form):
        fail('the public key is none of Ed25519')
    return key[len(form):]


def decoded(text):
    text = text[:-1] if len(text) % 4 == 1 else text
    return base64.b64decode(text + '=' * (-len(text) % 4))


def opened(note, place, keys):
    """The text of a note, and whether somebody vouches for it: with keys whoever has signed it, else whoever has kept it."""
    at = note.rfind('\n\n')
    text, lines = note[:at + 1], note[at + 2:-1].split('\n')
    found = [SIGNATURE.fullmatch(line) for line in lines]
    if at < 0 or not note.endswith('\n') or None in found:
        fail(f'a checkpoint in {place} is not one that was signed')
    if keys is None:
        return text, True
    blobs = [decoded(one[2].rstrip('=')) for one in found if one[1] == 'eosflow']
    newest = re.search(r'\nnewest (\d{1,15})\n', text)
    why = keys.open(text, {blob[:4]: blob[4:] for blob in reversed(blobs)}, int(newest[1]) if newest else 0)
    if why:
        fail(f'a checkpoint in {place} is not to be trusted: {why}')
    return text, why is None


# --- the verdict

class Witness:
    """A checkpoint of the store, what it is over where that is known, and whether somebody vouches for it."""

    def __init__(self, text, place, heads, vouches):
        self.text, self.place, self.heads, self.vouches = text, place, heads, vouches
        _, size, head, self.count, self.root, newest, number, _ = FORM.fullmatch(text).groups()
        self.size, self.head, self.newest, self.number = int(size), base64.b64decode(head), int(newest), int(number)

    def judge(self, chains):
        """Whether it speaks of a record that is here. Fails where it speaks of other records than those that are here."""
        points = [('register', self.size, self.head, None), *(self.heads or [])]
        for name, n, link, places in points:
            found = chains.at(name, n)
            if found is None and chains.lacks(name, n, (places or (0,))[-1]):
                fail(f'records are missing: {self.place} has a checkpoint of {n} records of {name}')
            if n > 0 and found is not None and (found[0] != link or places not in (None, found[1])):
                fail(f'it was rewritten: {self.place} has another record {n} of {name}')
        if self.heads is not None and not covers(self.heads, self.count, self.root):
            fail(f'the newest records of the open executions are not those that {self.place} has a checkpoint of')
        return chains.is_whole or any(n > chains.starts.get(name, 0) and chains.at(name, n) for name, n, _, _ in points)


def judge(export, files, keys):
    head = parsed(open(export, 'rb').readline()) or {}
    if head.get('kind') in ('eosflow.audit', 'eosflow.segment') and head.get('v') != 2:
        fail(f'it is of version {head.get("v")}: this reads version 2')
    chains = read_export(export)
    chains.judge_mirrors()
    chains.judge_seals(lambda note, place: opened(note, place, keys))
    own, outside, heads = [], [], {}
    for note, spoken in chains.notes:
        note = own_note(chains.origin, note)
        if note is None:
            continue
        text, vouches = opened(note, 'the export', keys)
        if not FORM.fullmatch(text):
            fail('a checkpoint in the export is none over many chains')
        heads[text] = spoken
        if keys is not None:
            own.append(Witness(text, 'the export', spoken, vouches))
    for path in files:
        for note in notes_in(open(path, encoding='utf8', errors='replace').read()):
            note = own_note(chains.origin, note)
            text, vouches = ('', False) if note is None else opened(note, path, keys)
            if FORM.fullmatch(text):
                outside.append(Witness(text, path, heads.get(text), vouches))
            elif note is not None and keys is not None:
                fail(f'a checkpoint in {path} is none over many chains')
    known = max((int(FORM.fullmatch(text)[7]) for text in heads), default=0)
    for one in outside if chains.form == 'export' else []:
        if one.newest > chains.newest:
            fail(f'records are missing: {one.place} has a checkpoint up to record {one.newest}')
        if one.number > known and one.newest >= chains.first:
            fail(f'{one.place} has a checkpoint that is not in the export: export it again, up to its newest record')
    speaking = [one for one in [*own, *outside] if one.judge(chains) and one.vouches]
    if not speaking:
        fail('no checkpoint speaks of it: a rewritten export reads like this, too')
    vouched = {}
    for name, n, _, _ in [head for one in speaking for head in one.heads or []]:
        vouched[name] = max(n, vouched.get(name, 0))
    starts = chains.starts
    bare = sum(max(0, max(own) - max(vouched.get(name, 0), starts.get(name, 0))) for name, own in chains.points.items())
    print(f'holds: {sum(max(own) - starts.get(name, 0) for name, own in chains.points.items())} records of {len(chains.points)} chains')
    if chains.carried:
        print(f'{chains.carried} of them say that approvals have carried: that this is on record is verified here, and not that they may')
    if bare:
        print(f'{bare} records are behind the newest checkpoint of their chain: nobody vouches for them')


def main(*given):
    pubkey = given[1] if given[:1] == ('--pubkey',) else None
    export, *files = given if pubkey is None else given[2:]
    judge(export, files, None if pubkey is None else Keys(open(pubkey, encoding='utf8').read()))


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except DoesNotHold as why:
        print(f'does not hold: {why}')
        sys.exit(6)
