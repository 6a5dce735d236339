#!/usr/bin/env python3
"""Verifies an export of the record with nothing but Python: verify-export.py EXPORT CHECKPOINTS...

EXPORT is what `eosflow audit export --format jsonl` printed. CHECKPOINTS are files that were kept outside of the store, as
anchors write them. They are believed because of where they were kept: their signatures are for `eosflow audit verify --pubkey`.
Exit 0: the chain holds, and a checkpoint agrees with it. Exit 6: it does not hold, or no checkpoint speaks of it.
"""
import base64
import hashlib
import json
import re
import sys


def fail(why):
    print(f'does not hold: {why}')
    sys.exit(6)


def sha(data):
    return hashlib.sha256(data).digest()


def chain(path):
    """The origin of an export, and the hash of each of its records by number."""
    origin, seq, link, hashes = None, 0, b'', {}
    for line in open(path, 'rb'):
        line = line.rstrip(b'\n')
        if line.startswith(b'{"kind":'):
            head = json.loads(line)
            if origin not in (None, head['origin']):
                fail(f'what follows is of another store, {head["origin"]}')
            if not isinstance(head['after'], int) or not re.fullmatch(r'[0-9a-f]{64}', str(head['hash'])):
                fail('a head of the export is none')
            if origin is not None and (head['after'] not in hashes or hashes[head['after']].hex() != head['hash']):
                fail(f'the export goes on from a record {head["after"]} that is not this one')
            origin, seq, link = head['origin'], head['after'], bytes.fromhex(head['hash'])
            hashes.setdefault(seq, link)
        elif line.startswith(b'{"body":') and origin is not None:
            body, said = line[8:-75], line[-66:-2].decode()
            seq += 1
            link = sha(b'\x01' + seq.to_bytes(8, 'big') + link + sha(body))
            if link.hex() != said or json.loads(body)['seq'] != seq:
                fail(f'record {seq}, or one before it, was altered or is missing')
            if hashes.setdefault(seq, link) != link:
                fail(f'record {seq} is there twice, and differs')
        elif line and not re.fullmatch(rb'\{"checkpoint":"(?:[^"\\]|\\.)*"\}', line):
            fail(f'a line behind record {seq} is neither a record nor a checkpoint')
    if origin is None:
        fail('this is no export of the record')
    return origin, hashes


def checkpoints(path, origin):
    """Size and head of each checkpoint of a store in a file, as a note or wrapped in a line of JSON."""
    text = open(path, encoding='utf8').read().replace('\\n', '\n')
    return [(int(size), base64.b64decode(root)) for size, root in
            re.findall(re.escape(origin) + r'\n(\d+)\n([A-Za-z0-9+/=]{44})\n', text)]


def one_chain(export, files):
    origin, hashes = chain(export)
    newest = max(hashes)
    seen = [(size, root, path) for path in files for size, root in checkpoints(path, origin)]
    for size, root, path in sorted(seen):
        if size > newest:
            fail(f'records are missing: {path} has a checkpoint of {size}, and the newest here is {newest}')
        if size in hashes and hashes[size] != root:
            fail(f'it was rewritten: {path} has another record {size}')
    agreed = max((size for size, _, _ in seen if size in hashes), default=None)
    if agreed is None:
        fail('no checkpoint from outside speaks of it: a rewritten export reads like this, too')
    print(f'holds up to record {agreed}')
    if agreed < newest:
        print(f'records {agreed + 1} to {newest} are behind the newest checkpoint: nobody vouches for them')


def many_chains(export, files):
    """The same of a store with a chain for each execution and one register (version 2)."""
    origin, after, chains, kept, mirrors, marks, starts = None, 0, {}, {}, [], {}, {}
    for line in open(export, 'rb'):
        line = line.rstrip(b'\n')
        if line.startswith(b'{"kind":'):
            head = json.loads(line)
            if origin not in (None, head['origin']):
                fail(f'what follows is of another store, {head["origin"]}')
            if origin is None:
                origin, after = head['origin'], head['after']
                if after == 0:
                    chains['register'] = genesis(origin, 'register')
            for name, point in head['chains'].items():
                start = (point['n'], bytes.fromhex(point['hash']), tuple(point['places']))
                if name not in chains:
                    chains[name], starts[name] = {point['n']: start[1:]}, point['n']
                elif chains[name].get(point['n']) != start[1:]:
                    fail(f'the export goes on from a record {point["n"]} of {name} that is not this one')
        elif line.startswith(b'{"chain":') and origin is not None:
            place, rest = line.split(b',"body":', 1)
            body, said = rest[:-75], rest[-66:-2].decode()
            row = json.loads(place + b'}')
            name, n, covers, record = row['chain'], row['n'], row['covers'], json.loads(body)
            own = chains.setdefault(name, genesis(origin, name))
            if n - 1 not in own:
                fail(f'record {n - 1} of {name} is missing')
            link, places = own[n - 1]
            counted = b''.join(position.to_bytes(8, 'big') for position in covers)
            link = sha(b'\x02' + n.to_bytes(8, 'big') + link + len(covers).to_bytes(4, 'big') + counted + sha(body))
            if link.hex() != said or record['seq'] != n:
                fail(f'record {n} of {name} at {row["pos"]}, or one before it, was altered or is missing')
            if covers and tuple(covers) != places:
                fail(f'a record of {name} before record {n} is at another place than it was written to')
            point = (link, (() if covers else places) + (row['pos'],))
            if own.setdefault(n, point) != point:
                fail(f'record {n} of {name} is there twice, and differs')
            if 'mirror' in row:
                mirrors.append((record['mirror'], record['execution'], record['n'], record['hash'], row['pos']))
            elif name != 'register' and (n == 1 or record['type'] == 'ExecutionEnded'):
                marks[name, n, 'begun' if n == 1 else 'ended'] = row['pos']
        elif line.startswith(b'{"checkpoint":') and origin is not None:
            said = json.loads(line)
            kept[said['checkpoint'].split('\n\n')[0] + '\n'] = said['heads']
        elif line:
            fail('a line is neither a record nor a checkpoint')
    if origin is None:
        fail('this is no export of the record')
    for kind, name, n, said, pos in mirrors:
        found = chains.get(name, {}).get(n)
        if found is None and (after == 0 or name in chains and n > max(chains[name])):
            fail(f'record {n} of {name} is missing: the register has that it {kind}')
        if found is not None and (found[0].hex() != said or found[1][-1] != pos):
            fail(f'record {n} of {name} is not the one that the register has')
    bare = set(marks) - {(name, n, kind) for kind, name, n, _, _ in mirrors}
    if bare:
        fail(f'the register does not have that record {min(bare)[1]} of {min(bare)[0]} {min(bare)[2]} it')
    vouched, seen = {}, 0
    for path in files:
        for text in texts(path, origin):
            size, head = re.search(r'\nregister (\d+) (\S+)\n', text).groups()
            count, root = re.search(r'\nheads (\d+) (\S+)\n', text).groups()
            register, size = chains.get('register', {}), int(size)
            if size not in register:
                if after == 0 or register and size > max(register):
                    fail(f'records are missing: {path} has a checkpoint of {size} records of the register')
                continue
            if register[size][0] != base64.b64decode(head):
                fail(f'it was rewritten: {path} has another record {size} of the register')
            heads = kept.get(text)
            if heads is None:
                if after == 0:
                    fail(f'{path} has a checkpoint that is not in the export: export it again, up to its newest record')
                continue
            leaves = []
            for name, n, said, places in heads:
                if name in chains and n in chains[name] and chains[name][n] != (bytes.fromhex(said), tuple(places)):
                    fail(f'it was rewritten: {path} has another record {n} of {name}')
                if (after == 0 or name in chains) and n > max(chains.get(name, {0: 0})):
                    fail(f'records are missing: {path} has {n} records of {name}')
                leaf = f'{name}\n{n}\n{base64.b64encode(bytes.fromhex(said)).decode()}\n{",".join(map(str, places))}\n'
                leaves.append((name, b'eosflow-head-v1\0' + leaf.encode()))
            if len(heads) != int(count) or tree([leaf for _, leaf in sorted(leaves)]) != base64.b64decode(root):
                fail(f'the newest records of the open executions are not those that {path} has a checkpoint of')
            seen += 1
            for name, n, _, _ in heads:
                vouched[name] = max(n, vouched.get(name, 0))
    if seen == 0:
        fail('no checkpoint from outside speaks of it: a rewritten export reads like this, too')
    bare = sum(max(0, max(own) - max(vouched.get(name, 0), starts.get(name, 0))) for name, own in chains.items())
    print(f'holds: {sum(max(own) - starts.get(name, 0) for name, own in chains.items())} records of {len(chains)} chains')
    if bare:
        print(f'{bare} records are behind the newest checkpoint of their chain: nobody vouches for them')


def genesis(origin, name):
    """A chain without records: by number the hash, and the positions that no later record vouches for."""
    return {0: (sha(f'eosflow-chain-v1\0{origin}\0{name}'.encode()), ())}


def tree(leaves):
    """The root of a Merkle tree (RFC 9162)."""
    level = [sha(b'\0' + leaf) for leaf in leaves] or [sha(b'')]
    while len(level) > 1:
        level = [sha(b'\1' + b''.join(level[at:at + 2])) if at + 1 < len(level) else level[at]
                 for at in range(0, len(level), 2)]
    return level[0]


def texts(path, origin):
    """The text of each checkpoint of such a store in a file."""
    text = open(path, encoding='utf8').read().replace('\\n', '\n')
    form = re.escape(origin) + r'\nchains 1\nregister .*\nheads .*\nnewest .*\ncheckpoint .*\n'
    return list(dict.fromkeys(re.findall(form, text)))


def main(export, *files):
    head = open(export, 'rb').readline()
    version = json.loads(head)['v'] if head.startswith(b'{"kind":"eosflow.audit"') else 1
    if version not in (1, 2):
        fail(f'it is of version {version}: a newer verify-export.py reads it')
    (one_chain if version == 1 else many_chains)(export, files)


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
