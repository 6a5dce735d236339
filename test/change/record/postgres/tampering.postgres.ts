import { describe, expect, test } from 'vitest'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { BrokenChainError } from '../../../../src/change/record/seal/chain.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { table } from '../../../table.ts'
import { PLAN, STATEMENT } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'
import { tamperings, tamperingsIn } from '../tamperings.ts'
import { filledCopy, verified } from './filled-store.ts'

const servers = serverForTests()

/** Changes the store as its superuser does who has no key: no trigger and no foreign key is asked. */
async function tamper(address: PostgresAddress, change: string) {
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

/** The changes that only this dialect has a place for. */
const OWN = tamperingsIn(
  table`
  the token of an execution, made smaller than it was   15   what is kept of execution x2 does not follow from its records  ALTER TABLE execution DROP CONSTRAINT execution_token_check; UPDATE execution SET token = 0 WHERE id = 'x2'
  a chain, written anew without the key                 15   ^the seal on the newest record of execution x2 is broken$     RELINK; UPDATE event SET body = replace(body, '"leaf2"', '"leaf9"') WHERE pos = 9; SELECT pg_temp.relink('x2', 2)
  an ended chain, written anew without the key          7    ^record 6 of execution x1 is not the one that ended it by the register$  RELINK; UPDATE event SET body = replace(body, 'leaf1', 'leaf9') WHERE pos = 7; SELECT pg_temp.relink('x1', 6)
  a decision, said to be the mirror of an execution     11   what it is found by is not what its content says              ALTER TABLE register DROP CONSTRAINT register_check; UPDATE register SET execution = 'x2' WHERE pos = 11
  what a record is found by                             2    what it is found by is not what its content says              ALTER TABLE event ALTER COLUMN plan DROP EXPRESSION; UPDATE event SET plan = 'sha256:mine' WHERE pos = 2
  whom a word to stop is for                            16   what it is found by is not what its content says              ALTER TABLE register ALTER COLUMN receiver DROP EXPRESSION; UPDATE register SET receiver = NULL WHERE pos = 16
  the schedule that a record is found by                16   what it is found by is not what its content says              ALTER TABLE register ALTER COLUMN schedule DROP EXPRESSION; UPDATE register SET schedule = 'night' WHERE pos = 16
  the instant that a record is found by                 16   what it is found by is not what its content says              ALTER TABLE register ALTER COLUMN instant DROP EXPRESSION; UPDATE register SET instant = '2026' WHERE pos = 16
  a lease, added                                        0    no record has taken the lease of leaf7                        INSERT INTO lease VALUES ('leaf7', 'x1', 1, NULL, NULL)
  the token of a lease, lower                           9    ^the token of the lease of leaf2 does not follow from its records$  ALTER TABLE lease DROP CONSTRAINT lease_token_check; UPDATE lease SET token = 0 WHERE device = 'leaf2'
  an execution, said to be driven by nobody there       0    ^what is kept of the owner of execution x2 cannot be$         UPDATE execution SET worker = 'nobody' WHERE id = 'x2'
  a row of freezes, deleted                             0    ^what freezes wait for is not kept once, in its own row$      DELETE FROM freeze_lock
  when a receiver was sent something                    0    ^how far sink siem is cannot be so$                           INSERT INTO delivery VALUES ('sink siem', 7, 'never', NULL)
  a text                                                12   ^the text blob:[0-9a-f]{64} was altered$                      UPDATE blob SET bytes = bytes || '\\x00'
  the number of an earlier checkpoint                   7    ^what checkpoint 0 is found by is not what it says$           ALTER TABLE checkpoint DROP CONSTRAINT checkpoint_id_check; UPDATE checkpoint SET id = 0 WHERE id = 1
  a second head of the register                         16   ^the register has more than one head$                         ALTER TABLE register_head DROP CONSTRAINT register_head_one_check; INSERT INTO register_head SELECT false, n, hash, seal, uncovered, 0 FROM register_head
  a second seal of a checkpoint                         16   ^the newest checkpoint is sealed more than once$              ALTER TABLE checkpoint_head DROP CONSTRAINT checkpoint_head_one_check; INSERT INTO checkpoint_head SELECT false, id, seal FROM checkpoint_head
  how far a sink is                                     16   ^sink siem is said to have 17 already                         INSERT INTO delivery VALUES ('sink siem', 17, '2026', NULL)
  how far an anchor is                                  16   ^anchor worm is said to have 4 already                        INSERT INTO delivery VALUES ('anchor worm', 4, '2026', NULL)
`.map((cells) => cells.map((cell) => cell.replace('RELINK', () => RELINK))),
)

describe('[G7] what a superuser without the key does to a store', () => {
  test('is not found where nothing was done', async () => {
    const address = await filledCopy(servers.server)
    expect((await verified(address)).fault).toBeUndefined()
  })

  test.each(
    everyNthOfLong(
      6,
      'tamperings by a superuser',
      Object.entries({ ...tamperings((...positions) => `'{${positions}}'`), ...OWN }),
    ),
  )('[S16] [T2] %s: is found and named', async (_name, [change, seq, says]) => {
    const address = await filledCopy(servers.server)
    await tamper(address, change)
    const { fault } = await verified(address)
    expect(fault?.reason).toMatch(says)
    expect(fault?.seq).toBe(seq)
  })

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

  test('to the first decision about a plan hides it from nobody: as one about another plan', async () => {
    const HIDDEN = 'sha256:b7'
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    for (const [nonce, decision] of [
      ['n7', 'reject'],
      ['n8', 'approve'],
    ] as const) {
      const statement = { ...STATEMENT, plan: HIDDEN, decision, nonce }
      await store.append(undefined, [{ type: 'ApprovalDecided', statement, seal: 'hmac:1' }])
    }
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'more' }])
    await tamper(address, `UPDATE register SET body = replace(body, '${HIDDEN}', 'sha256:b8') WHERE pos = 17`)
    for (const opened of [store, await openedAt(address)])
      expect((await opened.approvals(HIDDEN)).map(({ verified, event }) => [event.statement.nonce, verified])).toEqual([
        ['n8', false],
      ])
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

  test('may be the first: a store in which none was signed holds, and the next one is put there', async () => {
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
  async function replayed(tables: readonly string[]) {
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

  test('of an open execution, put back with its seal, is found by the checkpoint that was made since', async () => {
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

  test('of all of it, with its checkpoints, is found by an anchor alone', async () => {
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
