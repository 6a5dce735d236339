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


def main(export, *files):
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


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
