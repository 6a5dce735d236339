import { describe, expect, test } from 'vitest'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import type { PostgresAddress } from '../../../src/journal/postgres/address.ts'
import { everyNthOfLong } from '../../extent.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../postgres/store-for-test.ts'
import { PLAN, STATEMENT } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'
import { filledCopy, filledStore, verified } from './filled-store.ts'

const servers = serverForTests(['fsync = off'])

/** Changes the store as its superuser does who has no key: no trigger and no foreign key is asked. */
async function tamper(address: PostgresAddress, change: string): Promise<void> {
  await asSuperuser(address, `SET session_replication_role = replica; ${change}; SET session_replication_role = origin`)
}

/** A body altered together with its hash, and all that follows in its chain linked anew: what somebody does who knows the form and has no key. */
const RELINK = `CREATE FUNCTION pg_temp.relink(chain text, from_n bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE r record; before bytea; link bytea; c bigint;
BEGIN
  SELECT hash INTO before FROM event WHERE execution = chain AND n = from_n - 1;
  FOR r IN SELECT * FROM event WHERE execution = chain AND n >= from_n ORDER BY n LOOP
    link := '\\x02'::bytea || int8send(r.n) || before || int4send(cardinality(r.covers));
    FOREACH c IN ARRAY r.covers LOOP link := link || int8send(c); END LOOP;
    link := sha256(link || sha256(convert_to(r.body, 'UTF8')));
    UPDATE event SET prev = before, hash = link WHERE pos = r.pos;
    before := link;
  END LOOP;
  UPDATE execution SET hash = before WHERE id = chain;
END $$`

const edited = `UPDATE event SET body = replace(body, '"leaf2"', '"leaf9"')`

/** What was done to the database, the record at which it is found, and what is said of it. */
const TAMPERINGS: Readonly<Record<string, readonly [change: string, seq: number, says: RegExp]>> = {
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
    `UPDATE event SET pos = 900 WHERE pos = 15; UPDATE execution SET uncovered = '{13,14,900}', last = 900 WHERE id = 'x2'`,
    16,
    /or their places, are not those that a checkpoint was signed over: the store has checkpoint 3/,
  ],
  'the position of a record in the middle of the newest append, and what is kept of it': [
    `UPDATE event SET pos = 900 WHERE pos = 14; UPDATE execution SET uncovered = '{13,900,15}' WHERE id = 'x2'`,
    16,
    /or their places, are not those that a checkpoint was signed over/,
  ],
  'a position in what an execution ended with, and what is kept of it': [
    `UPDATE event SET pos = 900 WHERE pos = 6; UPDATE execution SET uncovered = '{900,7}' WHERE id = 'x1'`,
    7,
    /or their places, are not those that a checkpoint was signed over/,
  ],
  'what a row covers': [
    `UPDATE event SET covers = '{8,900}' WHERE pos = 10`,
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
  'the token of an execution, made smaller than it was': [
    `ALTER TABLE execution DROP CONSTRAINT execution_token_check; UPDATE execution SET token = 0 WHERE id = 'x2'`,
    15,
    /what is kept of execution x2 does not follow from its records/,
  ],
  'the newest record, deleted': ['DELETE FROM event WHERE pos = 15', 14, /^record 7 of execution x2 is missing/],
  'a middle record, deleted': ['DELETE FROM event WHERE pos = 9', 10, /^record 2 of execution x2 is missing$/],
  'a first record, deleted': ['DELETE FROM event WHERE pos = 8', 9, /^record 1 of execution x2 is missing$/],
  'a record, added': [
    `INSERT INTO event(pos, execution, n, covers, prev, hash, body) SELECT 900, execution, 8, '{}', hash, sha256('x'), replace(body, '"seq":7', '"seq":8') FROM event WHERE pos = 15`,
    900,
    /^record 8 of execution x2 was altered$/,
  ],
  'a record, moved to another execution': [
    `UPDATE event SET execution = 'x1', n = 7 WHERE pos = 15`,
    15,
    /^record 7 of execution x1 does not follow record 6/,
  ],
  'a chain, written anew without the key': [
    `${RELINK}; ${edited} WHERE pos = 9; SELECT pg_temp.relink('x2', 2)`,
    15,
    /^the seal on the newest record of execution x2 is broken$/,
  ],
  'an ended chain, written anew without the key': [
    `${RELINK}; UPDATE event SET body = replace(body, 'leaf1', 'leaf9') WHERE pos = 7; SELECT pg_temp.relink('x1', 6)`,
    7,
    /^record 6 of execution x1 is not the one that ended it by the register$/,
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
  'a decision, said to be the mirror of an execution': [
    `ALTER TABLE register DROP CONSTRAINT register_check; UPDATE register SET execution = 'x2' WHERE pos = 11`,
    11,
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
  'what a record is found by': [
    `ALTER TABLE event ALTER COLUMN plan DROP EXPRESSION; UPDATE event SET plan = 'sha256:mine' WHERE pos = 2`,
    2,
    /what it is found by is not what its content says/,
  ],
  'whom a word to stop is for': [
    `ALTER TABLE register ALTER COLUMN receiver DROP EXPRESSION; UPDATE register SET receiver = NULL WHERE pos = 16`,
    16,
    /what it is found by is not what its content says/,
  ],
  'the schedule that a record is found by': [
    `ALTER TABLE register ALTER COLUMN schedule DROP EXPRESSION; UPDATE register SET schedule = 'night' WHERE pos = 16`,
    16,
    /what it is found by is not what its content says/,
  ],
  'the instant that a record is found by': [
    `ALTER TABLE register ALTER COLUMN instant DROP EXPRESSION; UPDATE register SET instant = '2026' WHERE pos = 16`,
    16,
    /what it is found by is not what its content says/,
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
  'a lease, added': [
    `INSERT INTO lease VALUES ('leaf7', 'x1', 1, NULL, NULL)`,
    0,
    /no record has taken the lease of leaf7/,
  ],
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
  'the token of a lease, lower': [
    `ALTER TABLE lease DROP CONSTRAINT lease_token_check; UPDATE lease SET token = 0 WHERE device = 'leaf2'`,
    9,
    /^the token of the lease of leaf2 does not follow from its records$/,
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
  'an execution, said to be driven by nobody there': [
    `UPDATE execution SET worker = 'nobody' WHERE id = 'x2'`,
    0,
    /^what is kept of the owner of execution x2 cannot be$/,
  ],
  'a row of freezes, deleted': [
    'DELETE FROM freeze_lock',
    0,
    /^what freezes wait for is not kept once, in its own row$/,
  ],
  'when a receiver was sent something': [
    `INSERT INTO delivery VALUES ('sink siem', 7, 'never', NULL)`,
    0,
    /^how far sink siem is cannot be so$/,
  ],
  'a task token, of another execution': [
    `UPDATE task_token SET execution = 'x1'`,
    10,
    /which execution its task token is for is not kept/,
  ],
  'a text': [`UPDATE blob SET bytes = bytes || '\\x00'`, 12, /^the text blob:[0-9a-f]{64} was altered$/],
  'two texts, exchanged': [
    'UPDATE blob b SET bytes = o.bytes FROM blob o WHERE o.ref <> b.ref',
    12,
    /^the text blob:[0-9a-f]{64} was altered$/,
  ],
  'the texts, deleted': ['DELETE FROM blob', 2, /^the text blob:[0-9a-f]{64} that it names is missing$/],
  'a checkpoint': [
    `UPDATE checkpoint SET note = replace(note, 'register 5', 'register 4') WHERE id = 2`,
    0,
    /its signature is not good/,
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
    'UPDATE checkpoint c SET note = o.note, heads = o.heads, seq = o.seq FROM checkpoint o WHERE o.id = 3 AND c.id = 2',
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
  'the number of an earlier checkpoint': [
    'ALTER TABLE checkpoint DROP CONSTRAINT checkpoint_id_check; UPDATE checkpoint SET id = 0 WHERE id = 1',
    7,
    /^what checkpoint 0 is found by is not what it says$/,
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
  'a second head of the register': [
    `ALTER TABLE register_head DROP CONSTRAINT register_head_one_check; INSERT INTO register_head SELECT false, n, hash, seal, uncovered, 0 FROM register_head`,
    16,
    /^the register has more than one head$/,
  ],
  'a second seal of a checkpoint': [
    `ALTER TABLE checkpoint_head DROP CONSTRAINT checkpoint_head_one_check; INSERT INTO checkpoint_head SELECT false, id, seal FROM checkpoint_head`,
    16,
    /^the newest checkpoint is sealed more than once$/,
  ],
  'how far a sink is': [
    `INSERT INTO delivery VALUES ('sink siem', 17, '2026', NULL)`,
    16,
    /^sink siem is said to have 17 already/,
  ],
  'how far an anchor is': [
    `INSERT INTO delivery VALUES ('anchor worm', 4, '2026', NULL)`,
    16,
    /^anchor worm is said to have 4 already/,
  ],
  'all checkpoints and the seal of the newest, deleted, and one made by hand': [
    `DELETE FROM checkpoint WHERE id > 1; UPDATE checkpoint_head SET id = 1`,
    7,
    /^the seal of the newest checkpoint is broken$/,
  ],
}

describe('[G7] what a superuser without the key does to a store', () => {
  test('is not found where nothing was done', async () => {
    const address = await filledCopy(servers.server)
    expect((await verified(address)).fault).toBeUndefined()
  })

  test.each(everyNthOfLong(6, 'tamperings by a superuser', Object.entries(TAMPERINGS)))(
    '[S16] [T2] %s: is found and named',
    async (_name, [change, seq, says]) => {
      const address = await filledCopy(servers.server)
      await tamper(address, change)
      const { fault } = await verified(address)
      expect(fault?.reason).toMatch(says)
      expect(fault?.seq).toBe(seq)
    },
  )

  test('[S17] a text that only another text names, deleted: is found and named', async () => {
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    const part = await store.put('a part')
    const plan = await store.put(JSON.stringify({ evidence: { parts: { leaf1: part } } }))
    await store.append('x2', [{ type: 'PlanMade', digest: 'sha256:02', plan, waves: [['leaf1']], unchanged: [] }])
    expect((await verified(address)).fault).toBeUndefined()
    await tamper(address, `DELETE FROM blob WHERE ref = '${part}'`)
    expect((await verified(address)).fault).toEqual({ seq: 17, reason: `the text ${part} that it names is missing` })
  })

  test('[T1] the use of an approval, deleted, so that another execution uses it: is found and named', async () => {
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    await tamper(address, `DELETE FROM used WHERE key LIKE 'approval %'`)
    await store.append('x2', [{ type: 'ApprovalUsed', plan: PLAN, nonce: '00112233445566778899aabbccddeeff' }])
    expect((await verified(address)).fault).toEqual({
      seq: 17,
      reason: 'it uses up "approval 00112233445566778899aabbccddeeff 1", which another record has used up',
    })
  })

  test('is found by the open store, too', async () => {
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    await tamper(address, `${edited} WHERE pos = 9`)
    expect(await thrownBy(() => store.verifyChain())).toBeInstanceOf(BrokenChainError)
    expect(await thrownBy(() => store.audit.records(9, 1))).toMatchObject({ kind: 'store', seq: 9 })
    expect(await thrownBy(() => store.read('x2'))).toMatchObject({ kind: 'store', seq: 9 })
  })

  test('hides no decision from the open store', async () => {
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    await tamper(
      address,
      `ALTER TABLE register DROP CONSTRAINT register_check; UPDATE register SET execution = 'x2' WHERE pos = 11`,
    )
    const decided = await store.approvals(PLAN)
    expect(decided.map(({ event: { seq, statement } }) => [seq, statement.decision])).toEqual([
      [4, 'approve'],
      [11, 'reject'],
    ])
  })

  describe('to the first decision about a plan hides it from nobody:', () => {
    const HIDDEN = 'sha256:b7'
    const decision = (nonce: string, made: 'approve' | 'reject') =>
      ({
        type: 'ApprovalDecided',
        statement: { ...STATEMENT, plan: HIDDEN, decision: made, nonce },
        seal: 'hmac:1',
      }) as const

    test.each([
      ['a rejection before an approval, taken out', 'DELETE FROM register WHERE pos = 17'],
      [
        'a rejection before an approval, about another plan',
        `UPDATE register SET body = replace(body, '${HIDDEN}', 'sha256:b8') WHERE pos = 17`,
      ],
      ['all that name the plan before it', 'DELETE FROM register WHERE pos <= 17'],
    ])('%s', { tags: 'night' }, async (_, done) => {
      const address = await freshDatabase(servers.server)
      const store = await filledStore(address)
      await store.append(undefined, [decision('n7', 'reject')])
      await store.append(undefined, [decision('n8', 'approve')])
      await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'more' }])
      await tamper(address, done)
      for (const opened of [store, await openedAt(address)])
        expect(
          (await opened.approvals(HIDDEN)).map(({ verified, event }) => [event.statement.nonce, verified]),
        ).toEqual([['n8', false]])
    })

    test('the only one, taken out', { tags: 'night' }, async () => {
      const address = await freshDatabase(servers.server)
      const store = await filledStore(address)
      await store.append(undefined, [decision('n7', 'reject')])
      await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'more' }])
      await tamper(address, 'DELETE FROM register WHERE pos = 17')
      for (const opened of [store, await openedAt(address)])
        await expect(opened.approvals(HIDDEN)).rejects.toMatchObject({ kind: 'store' })
    })

    test('also where another process has walked the register before, and one has read it', {
      tags: 'night',
    }, async () => {
      const address = await freshDatabase(servers.server)
      const store = await filledStore(address)
      await store.append(undefined, [decision('n7', 'reject')])
      const word = { type: 'StopRequested', stopped: 'x2', reason: 'more' } as const
      await store.append(
        undefined,
        Array.from({ length: 600 }, () => word),
      )
      expect((await store.approvals(HIDDEN)).map(({ verified: counts }) => counts)).toEqual([true])
      const [kept] = await asSuperuser(
        address,
        "SELECT count(*)::int AS kept FROM eosflow.note WHERE kind = 'decisions'",
      )
      expect(kept).toEqual({ kept: 1 })
      expect((await (await openedAt(address)).approvals(HIDDEN)).map(({ verified: counts }) => counts)).toEqual([true])
      await store.append(undefined, [decision('n8', 'approve')])
      await tamper(address, 'DELETE FROM register WHERE pos = 17')
      for (const opened of [store, await openedAt(address)])
        expect((await opened.approvals(HIDDEN)).map(({ verified: counts }) => counts)).toEqual([false])
    })
  })

  test('is refused by the triggers to whoever does not go past them, and to a worker by its rights', async () => {
    const address = await filledCopy(servers.server)
    for (const change of [
      'DELETE FROM event',
      "UPDATE register SET body = '{}'",
      'TRUNCATE checkpoint',
      'DELETE FROM blob',
    ])
      expect(await thrownBy(() => asSuperuser(address, change))).toMatchObject({
        message: expect.stringContaining('append-only'),
      })
  })
})

/** What an open execution and the register were before something, as somebody has copied them who wants them back. */
const COPY = [
  'event',
  'execution',
  'register',
  'register_head',
  'used',
  'lease',
  'task_token',
  'checkpoint',
  'checkpoint_head',
]

/** What is done to the newest checkpoint: nobody may put the next one over it. */
const NEWEST = [
  `UPDATE checkpoint SET note = replace(note, 'register 6', 'register 5') WHERE id = 3`,
  'DELETE FROM checkpoint WHERE id = 3',
  'DELETE FROM checkpoint',
  'DELETE FROM checkpoint; DELETE FROM checkpoint_head',
  'DELETE FROM checkpoint_head',
  'UPDATE checkpoint_head SET id = 2',
  'UPDATE checkpoint_head SET id = 0',
  'DELETE FROM checkpoint WHERE id > 1; UPDATE checkpoint_head SET id = 1',
  `UPDATE checkpoint_head SET seal = sha256('x')`,
  'UPDATE checkpoint c SET note = o.note, heads = o.heads, seq = o.seq FROM checkpoint o WHERE o.id = 2 AND c.id = 3',
]

describe('the newest checkpoint', () => {
  test.each(everyNthOfLong(4, 'changes of the newest checkpoint', NEWEST))(
    '[G78] [S16] is not signed over by whoever makes the next one: %s',
    async (change) => {
      const address = await filledCopy(servers.server)
      await tamper(address, change)
      const before = await verified(address)
      expect(before.fault).toBeDefined()
      const store = await openedAt(address)
      await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'again' }])
      expect(await thrownBy(() => store.audit.checkpoint())).toMatchObject({ kind: 'store', name: 'BrokenChainError' })
      expect(await thrownBy(() => store.audit.linesOver(['x1']))).toMatchObject({ name: 'BrokenChainError' })
      expect((await verified(address)).fault?.reason).toBe(before.fault?.reason)
    },
  )

  test('may be the first: a store in which none was signed holds, and the next one is put there', {
    tags: 'night',
  }, async () => {
    const address = await freshDatabase(servers.server)
    const store = await openedAt(address)
    await store.append('x1', [{ type: 'StateEntered', path: '', state: 'plan' }])
    expect((await verified(address)).fault).toBeUndefined()
    await store.audit.checkpoint()
    expect(await store.audit.newestCheckpoint()).toMatchObject({ id: 1 })
    expect((await verified(address)).fault).toBeUndefined()
  })
})

describe('an older moment of the store', () => {
  async function replayed(tables: readonly string[]): Promise<{ address: PostgresAddress; notes: readonly string[] }> {
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    await asSuperuser(address, ...tables.map((table) => `CREATE TABLE copy_of_${table} AS SELECT * FROM ${table}`))
    await store.append('x2', [{ type: 'StateEntered', path: '', state: 'later' }])
    await store.audit.checkpoint()
    const notes = (await store.audit.checkpoints(0)).map(({ note }) => note)
    // What is computed from the bodies is computed again.
    const columnsOf = `SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) AS names FROM information_schema.columns
      WHERE table_schema = 'eosflow' AND is_generated = 'NEVER' AND table_name = `
    for (const table of tables) {
      const [{ names } = {}] = await asSuperuser(address, `${columnsOf}'${table}'`)
      await tamper(
        address,
        `DELETE FROM ${table}; INSERT INTO ${table}(${String(names)}) SELECT ${String(names)} FROM copy_of_${table}`,
      )
    }
    return { address, notes }
  }

  test('of an open execution, put back with its seal, is found by the checkpoint that was made since', {
    tags: 'night',
  }, async () => {
    const { address } = await replayed(['event', 'execution'])
    expect((await verified(address)).fault).toEqual({
      seq: 17,
      reason: 'record 8 of execution x2 is missing: the store has checkpoint 4, signed 2026-01-05T08:00:00.000Z',
    })
  })

  test('of an open execution is not signed over by whoever makes the next checkpoint', async () => {
    const { address } = await replayed(['event', 'execution'])
    const store = await openedAt(address)
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'again' }])
    expect(await thrownBy(() => store.audit.checkpoint())).toMatchObject({
      kind: 'store',
      message: expect.stringContaining('record 8 of execution x2 is missing: checkpoint 4 speaks of 8 records'),
    })
  })

  test('of all of it, with its checkpoints, is found by an anchor alone', { tags: 'night' }, async () => {
    const { address, notes } = await replayed(COPY)
    expect((await verified(address)).fault).toBeUndefined()
    expect((await verified(address, [{ file: 'worm', notes }])).fault).toEqual({
      seq: 17,
      reason:
        'a checkpoint is missing that was there, and what it spoke of: worm has checkpoint 4, signed 2026-01-05T08:00:00.000Z',
    })
  })
})

describe('the key of another store', () => {
  test('neither judges its seals, nor opens it', async () => {
    const address = await filledCopy(servers.server)
    expect((await verified(address, [], 'f'.repeat(64))).fault).toBeUndefined()
    expect(await thrownBy(() => openedAt(address, { installKey: 'f'.repeat(64) }))).toMatchObject({
      kind: 'store',
      message: expect.stringContaining('was written under another key'),
    })
  })
})
