import { closeSync, copyFileSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { verifyStore } from '../../../src/app/audit/verify.ts'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import type { Store } from '../../../src/journal/store.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { PLAN, STATEMENT } from '../one-of-each-event.ts'
import { freshFolder, KEY, openForTest, tamper, thrownBy } from './open-for-test.ts'

/** Eight records: 1 to 3 of execution x1, 4 the approval, 5 to 7 of x2, 8 a rejection. */
async function filled(path: string): Promise<Store & Journal> {
  const store = await openForTest(path)
  await store.append('x1', [
    { type: 'StateEntered', path: '', state: 'plan' },
    { type: 'PlanMade', digest: PLAN, plan: 'blob:1', waves: [['leaf1']], unchanged: [] },
    { type: 'ApprovalRequested', plan: PLAN },
  ])
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }])
  await store.append('x2', [
    { type: 'StateEntered', path: '', state: 'push' },
    { type: 'UndoStarted', device: 'leaf1' },
    { type: 'UndoFinished', device: 'leaf1', end: 'reverted', detail: '' },
  ])
  const reject = { ...STATEMENT, decision: 'reject', nonce: 'n2' } as const
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: reject, seal: 'hmac:2' }])
  return store
}

const SWAP = `CREATE TEMP TABLE two AS SELECT * FROM journal WHERE seq IN (5, 6);
  DELETE FROM journal WHERE seq IN (5, 6);
  INSERT INTO journal(seq, body, prev, hash) SELECT 11 - seq, body, prev, hash FROM two;`
const EXTRA = `INSERT INTO journal(seq, body, prev, hash)
  SELECT 9, replace(body, '"seq":8', '"seq":9'), hash, zeroblob(32) FROM journal WHERE seq = 8;`

/** What was done to the file, and the record at which the chain is said to break. */
const TAMPERINGS: Record<string, { change: string; seq: number; says: RegExp }> = {
  'an edited body': {
    change: "UPDATE journal SET body = replace(body, 'leaf1', 'leaf9') WHERE seq = 6",
    seq: 6,
    says: /altered/,
  },
  'a deleted middle row': { change: 'DELETE FROM journal WHERE seq = 5', seq: 5, says: /missing/ },
  'a deleted first row': { change: 'DELETE FROM journal WHERE seq = 1', seq: 1, says: /missing/ },
  'a cut tail': { change: 'DELETE FROM journal WHERE seq >= 7', seq: 7, says: /missing/ },
  'a cut tail and a head set back': {
    change: "DELETE FROM journal WHERE seq = 8; UPDATE mark SET seq = 7 WHERE name = 'head'",
    seq: 7,
    says: /seal on the head of the chain is broken/,
  },
  'a lost head': { change: "DELETE FROM mark WHERE name = 'head'", seq: 0, says: /sealed head of the chain is gone/ },
  'two swapped rows': { change: SWAP, seq: 5, says: /altered/ },
  'an edited approval': {
    change: "UPDATE journal SET body = replace(body, '2026-01-05T12', '2027-01-05T12') WHERE seq = 4",
    seq: 4,
    says: /altered/,
  },
  'a rejection made an approval': {
    change: `UPDATE journal SET body = replace(body, '"reject"', '"approve"') WHERE seq = 8`,
    seq: 8,
    says: /altered/,
  },
  'an added row': { change: EXTRA, seq: 9, says: /altered/ },
  'a row moved to another execution': {
    change: `UPDATE journal SET body = replace(body, '"execution":"x2"', '"execution":"x1"') WHERE seq = 7`,
    seq: 7,
    says: /altered/,
  },
  'an edited link': { change: 'UPDATE journal SET prev = zeroblob(32) WHERE seq = 3', seq: 3, says: /altered/ },
}

describe('tampering', () => {
  test('is not found where there is none', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    expect((await store.verifyChain()).seq).toBe(8)
    expect((await (await openForTest(path)).verifyChain()).seq).toBe(8)
    expect((await store.approvals(PLAN)).map(({ verified }) => verified)).toEqual([true, true])
  })

  test.each(Object.entries(TAMPERINGS))('%s is named by the open store', async (_name, { change, seq, says }) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, change)
    const error = await thrownBy(() => store.verifyChain())
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ kind: 'store', seq, message: expect.stringMatching(says) })
  })

  test.each(Object.entries(TAMPERINGS))('%s is named at the next opening', async (_name, { change, seq, says }) => {
    const path = join(freshFolder(), 'store.sqlite')
    await (await filled(path)).close()
    tamper(path, change)
    const error = await thrownBy(() => openForTest(path))
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ kind: 'store', seq, message: expect.stringMatching(says) })
  })

  test.each(Object.entries(TAMPERINGS))('after %s no decision about the plan counts', async (_name, { change }) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, change)
    const found = await store.approvals(PLAN)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(({ verified }) => verified)).toEqual([])
  })

  test.each(Object.entries(TAMPERINGS))(
    'after %s no decision counts that was read before from the open store',
    async (_name, { change }) => {
      const path = join(freshFolder(), 'store.sqlite')
      const store = await filled(path)
      expect((await store.approvals(PLAN)).map(({ verified }) => verified)).toEqual([true, true])
      tamper(path, change)
      expect((await store.approvals(PLAN)).filter(({ verified }) => verified)).toEqual([])
      // Not by having looked a second time either.
      expect((await store.approvals(PLAN)).filter(({ verified }) => verified)).toEqual([])
    },
  )

  test('an approval made for another plan is missed where it was', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, `UPDATE journal SET body = replace(body, '${PLAN}', 'sha256:mine') WHERE seq IN (4, 8)`)
    expect(await thrownBy(() => store.approvals(PLAN))).toMatchObject({ kind: 'store', seq: 4 })
    expect((await store.approvals('sha256:mine')).map(({ verified }) => verified)).toEqual([false, false])
  })

  test('a reading of one execution finds what was done to its records and to the end of the chain', async () => {
    for (const [change, seq] of [
      ["UPDATE journal SET body = replace(body, 'leaf1', 'leaf9') WHERE seq = 6", 6],
      ['UPDATE journal SET body = replace(body, \'"execution":"x2"\', \'"execution":"x1"\') WHERE seq = 7', 7],
      ['UPDATE journal SET body = replace(body, \'"execution":"x1"\', \'"execution":"x2"\') WHERE seq = 2', 2],
      ['DELETE FROM journal WHERE seq >= 7', 7],
      ['DELETE FROM journal WHERE seq = 5', 5],
    ] as const) {
      const path = join(freshFolder(), 'store.sqlite')
      const store = await filled(path)
      tamper(path, change)
      expect(await thrownBy(() => store.read('x2'))).toMatchObject({ kind: 'store', seq })
    }
  })

  test('what was done to a record of nobody behind them is found by the whole chain, and counts for no decision', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, "UPDATE journal SET body = replace(body, 'reject', 'approve') WHERE seq = 8")
    expect(await store.read('x2')).toHaveLength(3)
    expect(await thrownBy(() => store.verifyChain())).toMatchObject({ kind: 'store', seq: 8 })
    expect((await store.approvals(PLAN)).filter(({ verified }) => verified)).toEqual([])
  })

  test('a decision that was taken away with all that names its plan is missed by the next one about it', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, 'DELETE FROM journal WHERE plan IS NOT NULL AND seq < 8')
    expect((await store.approvals(PLAN)).map(({ verified }) => verified)).toEqual([false])
    tamper(path, 'DELETE FROM plan_entry')
    expect((await store.approvals(PLAN)).map(({ verified }) => verified)).toEqual([false])
    expect(await thrownBy(() => store.append(undefined, [{ type: 'ApprovalRequested', plan: PLAN }]))).toMatchObject({
      kind: 'store',
    })
    tamper(path, "DELETE FROM mark WHERE name = 'plan-entries'")
    expect((await store.approvals(PLAN)).map(({ verified }) => verified)).toEqual([false])
  })

  test('nothing is appended to a chain without its tail', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await filled(path)
    tamper(path, 'DELETE FROM journal WHERE seq = 8')
    const error = await thrownBy(() => store.append('x1', [{ type: 'ExecutionResumed' }]))
    expect(error).toMatchObject({ kind: 'store', seq: 8, message: expect.stringContaining('missing') })
  })

  test.each(['verified', 'executions', 'plan-entries'])(
    'the mark %s, altered, is refused by whoever opens the store, and named by a verification',
    async (name) => {
      const path = join(freshFolder(), 'store.sqlite')
      await (await filled(path)).close()
      const verified = () =>
        verifyStore(
          path,
          { installKey: { key: KEY, old: [] } },
          { verifier: undefined, anchors: [], now: undefined, words: hintWords },
        ).fault?.reason
      expect(verified()).toBeUndefined()
      tamper(path, `UPDATE mark SET seal = seal || 'x' WHERE name = '${name}'`)
      expect(verified()).toBe(`the seal on the ${name} of the chain is broken`)
      expect(await thrownBy(() => openForTest(path))).toMatchObject({ kind: 'store' })
    },
  )

  test('the triggers refuse who did not drop them', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    await filled(path)
    const database = new Database(path)
    expect(() => database.exec('DELETE FROM journal')).toThrow('append-only')
    expect(() => database.exec("UPDATE journal SET body = '{}'")).toThrow('append-only')
    database.close()
  })

  test('bytes turned on the disk are found, by SQLite or by the chain', async () => {
    const folder = freshFolder()
    const original = join(folder, 'store.sqlite')
    await (await filled(original)).close()
    const found: unknown[] = []
    const bytes = readFileSync(original)
    for (let place = bytes.indexOf('"type":"UndoStarted"'); place < bytes.length && found.length < 20; place += 1) {
      const path = join(folder, `flip-${place}`)
      copyFileSync(original, path)
      const turned = Buffer.from(bytes)
      turned.writeUInt8(turned.readUInt8(place) ^ 1, place)
      writeFileSync(path, turned)
      found.push(await thrownBy(() => openForTest(path)))
    }
    expect(found).toHaveLength(20)
    for (const error of found) expect(error).toMatchObject({ kind: 'store' })
  })

  test.each([
    [
      'a turned byte',
      "UPDATE blob SET bytes = CAST(substr(bytes, 1, 40) || iif(substr(bytes, 41, 1) = x'00', x'01', x'00') || substr(bytes, 42) AS BLOB)",
    ],
    ['a cut end', 'UPDATE blob SET bytes = substr(bytes, 1, length(bytes) - 1)'],
    ['nothing left', "UPDATE blob SET bytes = x''"],
    ['another blob under its name', 'UPDATE blob SET bytes = (SELECT bytes FROM blob AS b WHERE b.ref <> blob.ref)'],
  ])('a blob with %s is named', async (_name, change) => {
    const path = join(freshFolder(), 'store.sqlite')
    const store = await openForTest(path)
    const ref = await store.put('hostname leaf1\ninterface Ethernet1\n   description to spine1\n')
    await store.put('hostname leaf2\n')
    tamper(path, change)
    expect(await thrownBy(() => store.get(ref))).toMatchObject({
      kind: 'store',
      message: `${ref} in the store was altered, or made under an install key that is not here`,
    })
  })
})

/** Flips one bit of a text wherever it is in the files of a store, past SQLite; returns how often. */
function flipBytes(path: string, text: string): number {
  let flipped = 0
  for (const file of [path, `${path}-wal`].filter((one) => existsSync(one))) {
    const bytes = readFileSync(file)
    const handle = openSync(file, 'r+')
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      const last = at + text.length - 1
      writeSync(handle, Buffer.from([(bytes[last] ?? 0) ^ 1]), 0, 1, last)
      flipped += 1
    }
    closeSync(handle)
  }
  return flipped
}

describe('bytes that are changed past SQLite while a store is open', () => {
  test.each([
    ['within a minute where it is any record', 60_000, '"state":"push'],
    ['at once where it is a decision about the plan', 0, '"seal":"hmac:1'],
  ])('are seen %s', async (_when, wait, text) => {
    const path = join(freshFolder(), 'store.sqlite')
    const clock = new VirtualClock()
    await filled(path)
    const store = await openForTest(path, clock)
    expect((await store.approvals(PLAN)).map(({ verified }) => verified)).toEqual([true, true])
    expect(flipBytes(path, text)).toBeGreaterThan(0)
    await clock.advance(wait)
    expect((await store.approvals(PLAN)).map(({ verified }) => verified)).toEqual([false, false])
  })
})
