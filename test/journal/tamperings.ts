/** A change of a store of sixteen records (see `fill`), the record at which it is found, and how it is named. */
export type Tampering = readonly [change: string, seq: number, says: RegExp]

const edited = `UPDATE event SET body = replace(body, '"leaf2"', '"leaf9"')`

/** The changes that need the rows of a store and no key, in any dialect that has `sha256`. `list` writes positions as a row has them. */
export const tamperings = (list: (...positions: readonly number[]) => string): Readonly<Record<string, Tampering>> => ({
  'a body': [`${edited} WHERE pos = 9`, 9, /^record 2 of execution x2 was altered$/],
  'a hash': [`UPDATE event SET hash = sha256('x') WHERE pos = 9`, 9, /^record 2 of execution x2 was altered$/],
  'a link': [`UPDATE event SET prev = sha256('x') WHERE pos = 9`, 9, /^record 2 of execution x2 was altered$/],
  'a position that a later append covers': [
    'UPDATE event SET pos = 900 WHERE pos = 9',
    900,
    /^record 2 of execution x2 is at another place/,
  ],
  'the position of the newest record': [
    'UPDATE event SET pos = 900 WHERE pos = 15',
    900,
    /is at another place than it was written to/,
  ],
  'the position of the newest record, and what is kept of it': [
    `UPDATE event SET pos = 900 WHERE pos = 15; UPDATE execution SET uncovered = ${list(13, 14, 900)}, last = 900 WHERE id = 'x2'`,
    16,
    /or their places, are not those that a checkpoint was signed over: the store has checkpoint 3/,
  ],
  'the position of a record in the middle of the newest append, and what is kept of it': [
    `UPDATE event SET pos = 900 WHERE pos = 14; UPDATE execution SET uncovered = ${list(13, 900, 15)} WHERE id = 'x2'`,
    16,
    /or their places, are not those that a checkpoint was signed over/,
  ],
  'a position in what an execution ended with, and what is kept of it': [
    `UPDATE event SET pos = 900 WHERE pos = 6; UPDATE execution SET uncovered = ${list(900, 7)} WHERE id = 'x1'`,
    7,
    /or their places, are not those that a checkpoint was signed over/,
  ],
  'what a row covers': [
    `UPDATE event SET covers = ${list(8, 900)} WHERE pos = 10`,
    10,
    /^record 3 of execution x2 was altered$/,
  ],
  'two records, exchanged': [
    `UPDATE event SET n = -n WHERE pos IN (13, 14); UPDATE event SET n = CASE pos WHEN 13 THEN 6 ELSE 5 END WHERE pos IN (13, 14)`,
    14,
    /^record 5 of execution x2 was altered$/,
  ],
  'a seal': [
    `UPDATE execution SET seal = sha256('x') WHERE id = 'x2'`,
    15,
    /^the seal on the newest record of execution x2 is broken$/,
  ],
  'an open execution, called ended': [
    `UPDATE execution SET is_open = false WHERE id = 'x2'`,
    15,
    /^the seal on the newest record of execution x2 is broken$/,
  ],
  'an execution, said to have touched nothing': [
    `UPDATE execution SET has_acted = false WHERE id = 'x2'`,
    15,
    /seal .* execution x2 is broken/,
  ],
  'where an execution begins': [
    `UPDATE execution SET first = 800 WHERE id = 'x2'`,
    15,
    /what is kept of execution x2 does not follow from its records/,
  ],
  'the newest record, deleted': ['DELETE FROM event WHERE pos = 15', 14, /^record 7 of execution x2 is missing/],
  'a middle record, deleted': ['DELETE FROM event WHERE pos = 9', 10, /^record 2 of execution x2 is missing$/],
  'a first record, deleted': ['DELETE FROM event WHERE pos = 8', 9, /^record 1 of execution x2 is missing$/],
  'a record, added': [
    `INSERT INTO event(pos, execution, n, covers, prev, hash, body) SELECT 900, execution, 8, ${list()}, hash, sha256('x'), replace(body, '"seq":7', '"seq":8') FROM event WHERE pos = 15`,
    900,
    /^record 8 of execution x2 was altered$/,
  ],
  'a record, moved to another execution': [
    `UPDATE event SET execution = 'x1', n = 7 WHERE pos = 15`,
    15,
    /^record 7 of execution x1 does not follow record 6/,
  ],
  'an open execution, deleted': [
    `DELETE FROM event WHERE execution = 'x2'; DELETE FROM execution WHERE id = 'x2'`,
    8,
    /^record 1 of execution x2 is missing: the register has that it began it$/,
  ],
  'an ended execution, deleted': [
    `DELETE FROM event WHERE execution = 'x1'; DELETE FROM execution WHERE id = 'x1'`,
    1,
    /^record 1 of execution x1 is missing: the register has that it began it$/,
  ],
  'the head of an execution, deleted': [
    `DELETE FROM execution WHERE id = 'x2'`,
    8,
    /^the sealed head of execution x2 is gone$/,
  ],
  'a record of the register': [
    `UPDATE register SET body = replace(body, 'reject', 'approve') WHERE pos = 11`,
    11,
    /^record 5 of the register was altered$/,
  ],
  'a record of the register, deleted': [
    'DELETE FROM register WHERE pos = 4',
    7,
    /^record 2 of the register is missing$/,
  ],
  'the newest record of the register, deleted': [
    'DELETE FROM register WHERE pos = 16',
    11,
    /^record 6 of the register is missing: 6 were sealed$/,
  ],
  'two records of the register, exchanged': [
    `UPDATE register SET n = -n WHERE n IN (5, 6); UPDATE register SET n = 11 + n WHERE n < 0`,
    16,
    /^record 5 of the register was altered$/,
  ],
  'the position of a record of the register': [
    'UPDATE register SET pos = 901 WHERE pos = 11',
    901,
    /^record 5 of the register is at another place/,
  ],
  'a mirror': [
    `UPDATE register SET body = replace(body, '"n":6', '"n":5') WHERE mirror = 'ended'`,
    7,
    /^record 3 of the register was altered$/,
  ],
  'what a mirror is found by': [
    `UPDATE register SET mirror = 'begun' WHERE mirror = 'ended'`,
    7,
    /what it is found by is not what its content says/,
  ],
  'the seal of the register': [
    `UPDATE register_head SET seal = sha256('x')`,
    16,
    /^the seal on the newest record of the register is broken$/,
  ],
  'the head of the register, deleted': ['DELETE FROM register_head', 16, /^the sealed head of the register is gone$/],
  'the clock that was accepted': [
    'UPDATE register_head SET clock_since = 11',
    16,
    /the record by which a clock was last accepted/,
  ],
  'the use of an approval, deleted': [
    `DELETE FROM used WHERE key LIKE 'approval %'`,
    5,
    /that it used up "approval 00112233445566778899aabbccddeeff 1" is not kept/,
  ],
  'the use of an approval, of another execution': [
    `UPDATE used SET execution = 'x2' WHERE key LIKE 'approval %'`,
    5,
    /that it used up "approval/,
  ],
  'the use of an approval, added': [
    `INSERT INTO used VALUES ('approval n9 1', 'x2')`,
    0,
    /no record uses up "approval n9 1"/,
  ],
  'a lease, given to another execution': [
    `UPDATE lease SET execution = 'x1' WHERE device = 'leaf2'`,
    9,
    /the lease of leaf2 is not kept as that of execution x2/,
  ],
  'a lease, deleted': [`DELETE FROM lease WHERE device = 'leaf2'`, 9, /the lease of leaf2 is not kept/],
  'a lease, until a later time': [
    `UPDATE lease SET until = '2036-01-05T08:00:00.000Z' WHERE device = 'leaf2'`,
    9,
    /^the end of the lease of leaf2 does not follow from its records$/,
  ],
  'a lease, said to be given back': [
    `UPDATE lease SET until = NULL WHERE device = 'leaf2'`,
    9,
    /^the end of the lease of leaf2 does not follow from its records$/,
  ],
  'a lease that was given back, said to be held': [
    `UPDATE lease SET until = '2026-01-05T08:03:00.000Z' WHERE device = 'leaf1'`,
    6,
    /^the end of the lease of leaf1 does not follow from its records$/,
  ],
  'the token of a lease, higher': [
    `UPDATE lease SET token = 7 WHERE device = 'leaf2'`,
    9,
    /^the token of the lease of leaf2 does not follow from its records$/,
  ],
  'a switch, said to be kept from others': [
    `UPDATE lease SET quarantine = '2026-01-05T08:00:10.000Z' WHERE device = 'leaf1'`,
    6,
    /^the quarantine of the lease of leaf1 does not follow from its records$/,
  ],
  'the token of an execution, higher than it was': [
    `UPDATE execution SET token = 2 WHERE id = 'x2'`,
    15,
    /what is kept of execution x2 does not follow from its records/,
  ],
  'a task token, of another execution': [
    `UPDATE task_token SET execution = 'x1'`,
    10,
    /which execution its task token is for is not kept/,
  ],
  'two texts, exchanged': [
    'UPDATE blob AS b SET bytes = o.bytes FROM blob AS o WHERE o.ref <> b.ref',
    12,
    /^the text blob:[0-9a-f]{64} was altered$/,
  ],
  'the texts, deleted': ['DELETE FROM blob', 2, /^the text blob:[0-9a-f]{64} that it names is missing$/],
  'a checkpoint': [
    `UPDATE checkpoint SET note = replace(note, 'register 5', 'register 4') WHERE id = 2`,
    0,
    /its signature is not good/,
  ],
  'a checkpoint, emptied': [`UPDATE checkpoint SET note = '' WHERE id = 3`, 16, /^checkpoint 3 cannot be read$/],
  'a checkpoint, with a word before it': [
    `UPDATE checkpoint SET note = 'x' || note WHERE id = 1`,
    11,
    /^checkpoint 1 is missing$/,
  ],
  'what is kept with a checkpoint': [
    `UPDATE checkpoint SET heads = replace(heads, '"x2":3', '"x2":2') WHERE id = 2`,
    11,
    /are not those that a checkpoint was signed over/,
  ],
  'what is kept with a checkpoint, which is no JSON then': [
    `UPDATE checkpoint SET heads = heads || 'x' WHERE id = 2`,
    11,
    /are not those that a checkpoint was signed over/,
  ],
  'what is kept with a checkpoint, which is nothing then': [
    `UPDATE checkpoint SET heads = 'null' WHERE id = 2`,
    11,
    /are not those that a checkpoint was signed over/,
  ],
  'a checkpoint, deleted': ['DELETE FROM checkpoint WHERE id = 2', 16, /^checkpoint 2 is missing$/],
  'the newest checkpoint, deleted': ['DELETE FROM checkpoint WHERE id = 3', 11, /^checkpoint 3 is missing$/],
  'the newest checkpoint, put in the place of another': [
    'UPDATE checkpoint AS c SET note = o.note, heads = o.heads, seq = o.seq FROM checkpoint AS o WHERE o.id = 3 AND c.id = 2',
    16,
    /checkpoint 2 is missing/,
  ],
  'all checkpoints, deleted': ['DELETE FROM checkpoint', 0, /^checkpoint 3 is missing$/],
  'all checkpoints and the seal of the newest, deleted': [
    'DELETE FROM checkpoint; DELETE FROM checkpoint_head',
    0,
    /^the seal of the newest checkpoint is gone$/,
  ],
  'what a checkpoint is found by': [
    'UPDATE checkpoint SET seq = 999 WHERE id = 2',
    11,
    /^what checkpoint 2 is found by is not what it says$/,
  ],
  'when the newest checkpoint was signed': [
    `UPDATE checkpoint SET at = '2036-01-05T08:00:00.000Z' WHERE id = 3`,
    0,
    /^the store says of checkpoint 3 that it was signed at another time than 2026-01-05T08:00:00.000Z$/,
  ],
  'the number of the newest checkpoint': [
    'UPDATE checkpoint_head SET id = 2',
    16,
    /^the seal of the newest checkpoint is broken$/,
  ],
  'all checkpoints and the seal of the newest, deleted, and one made by hand': [
    `DELETE FROM checkpoint WHERE id > 1; UPDATE checkpoint_head SET id = 1`,
    7,
    /^the seal of the newest checkpoint is broken$/,
  ],
})
