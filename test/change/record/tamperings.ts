import { table } from '../../table.ts'

/** A change of a store of sixteen records (see `fill`), the record at which it is found, and how it is named. */
export type Tampering = readonly [change: string, seq: number, says: RegExp]

/** Tamperings by their names, from rows: the name, the record at which it is found, how it is named, and the change. */
export const tamperingsIn = (rows: readonly (readonly string[])[]): Readonly<Record<string, Tampering>> =>
  Object.fromEntries(
    rows.map(([name = '', seq, says = '', change = '']) => [name, [change, Number(seq), new RegExp(says)]]),
  )

/** The changes that need the rows of a store and no key, in any dialect that has `sha256`. Positions are in brackets. */
const ROWS = table`
  a body                                                9    ^record 2 of execution x2 was altered$                        UPDATE event SET body = replace(body, '"leaf2"', '"leaf9"') WHERE pos = 9
  a hash                                                9    ^record 2 of execution x2 was altered$                        UPDATE event SET hash = sha256('x') WHERE pos = 9
  a link                                                9    ^record 2 of execution x2 was altered$                        UPDATE event SET prev = sha256('x') WHERE pos = 9
  a position that a later append covers                 900  ^record 2 of execution x2 is at another place                 UPDATE event SET pos = 900 WHERE pos = 9
  the position of the newest record                     900  is at another place than it was written to                    UPDATE event SET pos = 900 WHERE pos = 15
  the position of the newest record, and what is kept of it  16   or their places, are not those that a checkpoint was signed over: the store has checkpoint 3  UPDATE event SET pos = 900 WHERE pos = 15; UPDATE execution SET uncovered = [13,14,900], last = 900 WHERE id = 'x2'
  the position of a record in the middle of the newest append, and what is kept of it  16   or their places, are not those that a checkpoint was signed over  UPDATE event SET pos = 900 WHERE pos = 14; UPDATE execution SET uncovered = [13,900,15] WHERE id = 'x2'
  a position in what an execution ended with, and what is kept of it  7    or their places, are not those that a checkpoint was signed over  UPDATE event SET pos = 900 WHERE pos = 6; UPDATE execution SET uncovered = [900,7] WHERE id = 'x1'
  what a row covers                                     10   ^record 3 of execution x2 was altered$                        UPDATE event SET covers = [8,900] WHERE pos = 10
  two records, exchanged                                14   ^record 5 of execution x2 was altered$                        UPDATE event SET n = -n WHERE pos IN (13, 14); UPDATE event SET n = CASE pos WHEN 13 THEN 6 ELSE 5 END WHERE pos IN (13, 14)
  a seal                                                15   ^the seal on the newest record of execution x2 is broken$     UPDATE execution SET seal = sha256('x') WHERE id = 'x2'
  an open execution, called ended                       15   ^the seal on the newest record of execution x2 is broken$     UPDATE execution SET is_open = false WHERE id = 'x2'
  an execution, said to have touched nothing            15   seal .* execution x2 is broken                                UPDATE execution SET has_acted = false WHERE id = 'x2'
  where an execution begins                             15   what is kept of execution x2 does not follow from its records  UPDATE execution SET first = 800 WHERE id = 'x2'
  the newest record, deleted                            14   ^record 7 of execution x2 is missing                          DELETE FROM event WHERE pos = 15
  a middle record, deleted                              10   ^record 2 of execution x2 is missing$                         DELETE FROM event WHERE pos = 9
  a first record, deleted                               9    ^record 1 of execution x2 is missing$                         DELETE FROM event WHERE pos = 8
  a record, added                                       900  ^record 8 of execution x2 was altered$                        INSERT INTO event(pos, execution, n, covers, prev, hash, body) SELECT 900, execution, 8, [], hash, sha256('x'), replace(body, '"seq":7', '"seq":8') FROM event WHERE pos = 15
  a record, moved to another execution                  15   ^record 7 of execution x1 does not follow record 6            UPDATE event SET execution = 'x1', n = 7 WHERE pos = 15
  an open execution, deleted                            8    ^record 1 of execution x2 is missing: the register has that it began it$  DELETE FROM event WHERE execution = 'x2'; DELETE FROM execution WHERE id = 'x2'
  an ended execution, deleted                           1    ^record 1 of execution x1 is missing: the register has that it began it$  DELETE FROM event WHERE execution = 'x1'; DELETE FROM execution WHERE id = 'x1'
  the head of an execution, deleted                     8    ^the sealed head of execution x2 is gone$                     DELETE FROM execution WHERE id = 'x2'
  a record of the register                              11   ^record 5 of the register was altered$                        UPDATE register SET body = replace(body, 'reject', 'approve') WHERE pos = 11
  a record of the register, deleted                     7    ^record 2 of the register is missing$                         DELETE FROM register WHERE pos = 4
  the newest record of the register, deleted            11   ^record 6 of the register is missing: 6 were sealed$          DELETE FROM register WHERE pos = 16
  two records of the register, exchanged                16   ^record 5 of the register was altered$                        UPDATE register SET n = -n WHERE n IN (5, 6); UPDATE register SET n = 11 + n WHERE n < 0
  the position of a record of the register              901  ^record 5 of the register is at another place                 UPDATE register SET pos = 901 WHERE pos = 11
  a mirror                                              7    ^record 3 of the register was altered$                        UPDATE register SET body = replace(body, '"n":6', '"n":5') WHERE mirror = 'ended'
  what a mirror is found by                             7    what it is found by is not what its content says              UPDATE register SET mirror = 'begun' WHERE mirror = 'ended'
  the seal of the register                              16   ^the seal on the newest record of the register is broken$     UPDATE register_head SET seal = sha256('x')
  the head of the register, deleted                     16   ^the sealed head of the register is gone$                     DELETE FROM register_head
  the clock that was accepted                           16   the record by which a clock was last accepted                 UPDATE register_head SET clock_since = 11
  the use of an approval, deleted                       5    that it used up "approval 00112233445566778899aabbccddeeff 1" is not kept  DELETE FROM used WHERE key LIKE 'approval %'
  the use of an approval, of another execution          5    that it used up "approval                                     UPDATE used SET execution = 'x2' WHERE key LIKE 'approval %'
  the use of an approval, added                         0    no record uses up "approval n9 1"                             INSERT INTO used VALUES ('approval n9 1', 'x2')
  a lease, given to another execution                   9    the lease of leaf2 is not kept as that of execution x2        UPDATE lease SET execution = 'x1' WHERE device = 'leaf2'
  a lease, deleted                                      9    the lease of leaf2 is not kept                                DELETE FROM lease WHERE device = 'leaf2'
  a lease, until a later time                           9    ^the end of the lease of leaf2 does not follow from its records$  UPDATE lease SET until = '2036-01-05T08:00:00.000Z' WHERE device = 'leaf2'
  a lease, said to be given back                        9    ^the end of the lease of leaf2 does not follow from its records$  UPDATE lease SET until = NULL WHERE device = 'leaf2'
  a lease that was given back, said to be held          6    ^the end of the lease of leaf1 does not follow from its records$  UPDATE lease SET until = '2026-01-05T08:03:00.000Z' WHERE device = 'leaf1'
  the token of a lease, higher                          9    ^the token of the lease of leaf2 does not follow from its records$  UPDATE lease SET token = 7 WHERE device = 'leaf2'
  a switch, said to be kept from others                 6    ^the quarantine of the lease of leaf1 does not follow from its records$  UPDATE lease SET quarantine = '2026-01-05T08:00:10.000Z' WHERE device = 'leaf1'
  the token of an execution, higher than it was         15   what is kept of execution x2 does not follow from its records  UPDATE execution SET token = 2 WHERE id = 'x2'
  a task token, of another execution                    10   which execution its task token is for is not kept             UPDATE task_token SET execution = 'x1'
  two texts, exchanged                                  12   ^the text blob:[0-9a-f]{64} was altered$                      UPDATE blob AS b SET bytes = o.bytes FROM blob AS o WHERE o.ref <> b.ref
  the texts, deleted                                    2    ^the text blob:[0-9a-f]{64} that it names is missing$         DELETE FROM blob
  a checkpoint                                          0    its signature is not good                                     UPDATE checkpoint SET note = replace(note, 'register 5', 'register 4') WHERE id = 2
  a checkpoint, emptied                                 16   ^checkpoint 3 cannot be read$                                 UPDATE checkpoint SET note = '' WHERE id = 3
  a checkpoint, with a word before it                   11   ^checkpoint 1 is missing$                                     UPDATE checkpoint SET note = 'x' || note WHERE id = 1
  what is kept with a checkpoint                        11   are not those that a checkpoint was signed over               UPDATE checkpoint SET heads = replace(heads, '"x2":3', '"x2":2') WHERE id = 2
  what is kept with a checkpoint, which is no JSON then  11   are not those that a checkpoint was signed over               UPDATE checkpoint SET heads = heads || 'x' WHERE id = 2
  what is kept with a checkpoint, which is nothing then  11   are not those that a checkpoint was signed over               UPDATE checkpoint SET heads = 'null' WHERE id = 2
  a checkpoint, deleted                                 16   ^checkpoint 2 is missing$                                     DELETE FROM checkpoint WHERE id = 2
  the newest checkpoint, deleted                        11   ^checkpoint 3 is missing$                                     DELETE FROM checkpoint WHERE id = 3
  the newest checkpoint, put in the place of another    16   checkpoint 2 is missing                                       UPDATE checkpoint AS c SET note = o.note, heads = o.heads, seq = o.seq FROM checkpoint AS o WHERE o.id = 3 AND c.id = 2
  all checkpoints, deleted                              0    ^checkpoint 3 is missing$                                     DELETE FROM checkpoint
  all checkpoints and the seal of the newest, deleted   0    ^the seal of the newest checkpoint is gone$                   DELETE FROM checkpoint; DELETE FROM checkpoint_head
  what a checkpoint is found by                         11   ^what checkpoint 2 is found by is not what it says$           UPDATE checkpoint SET seq = 999 WHERE id = 2
  when the newest checkpoint was signed                 0    ^the store says of checkpoint 3 that it was signed at another time than 2026-01-05T08:00:00.000Z$  UPDATE checkpoint SET at = '2036-01-05T08:00:00.000Z' WHERE id = 3
  the number of the newest checkpoint                   16   ^the seal of the newest checkpoint is broken$                 UPDATE checkpoint_head SET id = 2
  all checkpoints and the seal of the newest, deleted, and one made by hand  7    ^the seal of the newest checkpoint is broken$                 DELETE FROM checkpoint WHERE id > 1; UPDATE checkpoint_head SET id = 1
`

/** Those changes in a dialect. `list` writes positions as a row has them. */
export const tamperings = (list: (...positions: readonly number[]) => string): Readonly<Record<string, Tampering>> =>
  tamperingsIn(
    ROWS.map(([name = '', seq = '', says = '', change = '']) => [
      name,
      seq,
      says,
      change.replace(/\[([\d,]*)\]/g, (_, given: string) => list(...given.split(',').filter(Boolean).map(Number))),
    ]),
  )
