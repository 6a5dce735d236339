import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { checkpointSigner } from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { noSegmentFiles } from '../../../../src/change/record/chains/retired-segments.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import { Connection } from '../../../../src/change/record/sqlite/connection.ts'
import { openStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { readMoment } from '../../../../src/change/record/sqlite/read-chains.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { judgedChains } from '../../../../src/project/record/audit/judge-chains.ts'
import { hintWords } from '../../../../src/report/hint-words.ts'
import { everyNthOfLong, extentOfLong } from '../../../extent.ts'
import { temporaryFolder } from '../../../lab/folder.ts'
import { table } from '../../../table.ts'
import { type Cell, cellsOf } from '../chains/cells.ts'
import { fill } from '../fill-store.ts'
import { tamperings } from '../tamperings.ts'
import { tablesIn, tamper } from './cells.ts'
import { freshPath, KEY, openForTest, tamper as tamperBy, thrownBy } from './open-for-test.ts'

const SIGNER = checkpointSigner(signingKeyOf(new KeyRing(KEY).checkpoint))

/** The fault that a verification of a file finds. */
async function faultIn(path: string) {
  const database = new Database(path, { readonly: true })
  try {
    const trail = await readMoment(new Connection(database, path), new KeyRing(KEY), noSegmentFiles)
    const now = Date.parse('2026-01-05T08:00:00.000Z')
    return judgedChains(trail, 'the store', { verifier: SIGNER, anchors: [], now, words: hintWords }).fault
  } finally {
    database.close()
  }
}

/** The same, or why it is not opened. */
async function found(path: string) {
  const fault = await faultIn(path)
  if (fault !== undefined) return fault.reason
  try {
    await (await openStore({ path, installKey: KEY, clock: new VirtualClock() })).close()
    return undefined
  } catch (refusal) {
    return refusal instanceof EosflowError ? refusal.message : String(refusal)
  }
}

/** A store, and as it was before its last records. */
async function filled() {
  const folder = temporaryFolder()
  const [path, older] = [join(folder, 'store.sqlite'), join(folder, 'older.sqlite')]
  const store = await openForTest(path)
  await fill(store, () => store.audit.close())
  await store.audit.delivered('sink siem', 8)
  await store.audit.delivered('anchor worm', 1, 'no route')
  await store.notes.put('session', 'one', 'who', { lasts: 86_400_000 })
  await store.notes.put('session', 'two', 'who else', { lasts: 86_400_000 })
  await store.copyInto(older)
  const fired = {
    type: 'ScheduleFired',
    schedule: 'hourly',
    instant: '2026-01-05T08:00:00.000Z',
    does: 'drift',
  } as const
  await store.append(undefined, [fired, { ...fired, schedule: 'nightly' }])
  const staged = { type: 'ActIntended', act: 'stage', session: 'eosflow-1', checkpoint: 'eosflow-1' } as const
  await store.append('x3', [
    { type: 'StateEntered', path: '', state: 'plan' },
    { ...staged, device: 'leaf3' },
  ])
  await store.append('x2', [
    { ...staged, device: 'leaf2' },
    { type: 'ExecutionResumed', abandoned: ['leaf2'] },
  ])
  await store.append('x2', [{ type: 'TaskSubmitted', path: '', state: 'ask', token: 'sha256:03' }])
  const plan = await store.put('another plan')
  await store.append('x3', [{ type: 'PlanMade', digest: 'sha256:b1', plan, waves: [], unchanged: [] }])
  await store.audit.checkpoint()
  await store.audit.delivered('sink siem', 12)
  await store.notes.take('session', 'two')
  await store.notes.put('session', 'three', 'another', { lasts: 86_400_000 })
  await store.close()
  return { path, older }
}

/** How it is named what was done to a table. */
const NAMED: Readonly<Record<string, RegExp>> = Object.fromEntries(
  table`
  blob             ^the text blob:[0-9a-f]{64}x? (?:was altered|that it names is missing)$
  checkpoint       checkpoint|said to have
  checkpoint_head  ^checkpoint \d+ is missing$|the newest checkpoint|^the seal over the ends of all chains is broken$
  delivery         ^how far receivers|is said to have
  event            record -?\d+ of execution|what it is found by is not what its content says
  execution        execution x\d
  lease            the lease of leaf\d
  node             ^the tree over the (?:ends of executions|leases) was altered$
  note             ^a note of the kind "(?:sessionx?)?" (?:was put there, or put back|was altered|is gone)$
  note_head        ^which notes (?:servers have kept|of the kind)
  register         register|what it is found by is not what its content says
  register_head    register|the ends of all chains|how far receivers|which notes|the record by which a clock was last accepted is not the one that is kept
  store            ^record 1 of the register does not follow|was written under another key
  task_token       task token
  used             use[sd] up "|used up "
`.map(([name = '', words = '']) => [name, new RegExp(words)]),
)

/** Columns on which nothing depends: each is shown to be harmless below. */
const EXCUSED: readonly string[] = ['blob.put']

/** Whether what was done is found by name; or, of a column that is excused, changes nothing. */
function isRight({ table, column }: Cell, reason: string | undefined) {
  if (column !== undefined && EXCUSED.includes(`${table}.${column}`)) return reason === undefined
  return NAMED[table]?.test(reason ?? '') === true
}

/** A copy of a file under a name of its own. */
function copied(path: string) {
  const copy = join(temporaryFolder(), basename(path))
  copyFileSync(path, copy)
  return copy
}

describe('[G7] what somebody without the key does to a file', () => {
  test('is not found where nothing was done', async () => {
    const { path } = await filled()
    expect(await found(path)).toBeUndefined()
  })

  test('[G30] [G79] is found by name in every column and every row of every table, each time', {
    tags: ['long'],
  }, async () => {
    const { path, older } = await filled()
    const tables = tablesIn(path, older)
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(NAMED))
    expect(tables.filter(({ rows }) => rows.length === 0)).toEqual([])
    const missed: string[] = []
    let count = 0
    for (const cell of everyNthOfLong(4, 'cells of a tampered store', tables.flatMap(cellsOf))) {
      const copy = copied(path)
      if (!tamper(copy, [cell])) continue
      count += 1
      const bytes = readFileSync(copy)
      const said = [await found(copy), await found(copy)]
      const isLeft = Buffer.compare(bytes, readFileSync(copy)) === 0
      if (!said.every((reason) => isRight(cell, reason)) || !isLeft)
        missed.push(`${cell.table}.${cell.column ?? ''}, ${cell.what}: ${said.join(' / ')}`)
    }
    expect(missed).toEqual([])
    expect(count).toBeGreaterThan(extentOfLong(160, 650))
  })

  test('is found where any two tables, or all but one, are those of an older moment', {
    tags: 'long',
  }, async () => {
    const { path, older } = await filled()
    const tables = tablesIn(path, older)
    const changing = tables.filter(({ rows, older: before }) => JSON.stringify(rows) !== JSON.stringify(before))
    expect(changing.map(({ name }) => name)).toEqual(Object.keys(NAMED).filter((name) => name !== 'store'))
    const pairs = changing.flatMap((one, index) => changing.slice(index + 1).map((other) => [one, other]))
    const allButOne = changing.map((one) => changing.filter((other) => other !== one))
    const unseen: string[] = []
    for (const some of [...pairs, ...allButOne]) {
      const copy = copied(path)
      const cells = some.map(({ name, older: rows }) => ({ table: name, rows }))
      if (tamper(copy, cells) && (await found(copy)) === undefined) unseen.push(some.map(({ name }) => name).join(' '))
    }
    // A text that no record names yet is no part of the record.
    expect(unseen).toEqual([changing.flatMap(({ name }) => (name === 'blob' ? [] : [name])).join(' ')])
  })

  test('to when a text was put changes nothing: a text that a record names is kept, and read', async () => {
    const { path } = await filled()
    const database = new Database(path)
    database.exec('UPDATE blob SET put = 0')
    database.close()
    const store = await openForTest(path)
    expect(await store.retirement.takeOutTexts()).toEqual({ texts: 0, bytes: 0 })
    const made = (await store.read('x3')).flatMap((event) => (event.type === 'PlanMade' ? [event.plan] : []))
    expect(await Promise.all(made.map((ref) => store.get(ref)))).toEqual(['another plan'])
  })
})

/** Puts the rows of one execution, and what is kept of it, back to what they were. */
function putBack(path: string, older: string, execution: string) {
  const tables = tablesIn(path, older)
  const cells = tables.flatMap(({ name, rows, older: before }) => {
    if (name !== 'event' && name !== 'execution') return []
    const column = name === 'event' ? 'execution' : 'id'
    return [
      {
        table: name,
        rows: [
          ...rows.filter((row) => row[column] !== execution),
          ...before.filter((row) => row[column] === execution),
        ],
      },
    ]
  })
  expect(tamper(path, cells)).toBe(true)
}

describe('an execution of an older moment, with its seal', () => {
  const OLD = 'what is kept of execution x2 is not what was sealed last'

  test('is not read, not listed and not gone on with by a store that was opened before', async () => {
    const { path, older } = await filled()
    const store = await openForTest(path)
    expect(await store.read('x2')).toHaveLength(10)
    putBack(path, older, 'x2')
    for (const act of [
      () => store.read('x2'),
      () => store.executions(),
      () => store.openExecutions(),
      () => store.append('x2', [{ type: 'StateEntered', path: '', state: 'on' }]),
      () => store.fence('x2', 'leaf2'),
    ])
      expect(await thrownBy(act)).toMatchObject({ kind: 'store', message: expect.stringContaining(OLD) })
    expect(await store.read('x3')).toHaveLength(3)
  })

  test('is not read by one that is opened then, and nothing is signed over it', async () => {
    const { path, older } = await filled()
    putBack(path, older, 'x2')
    const store = await openForTest(path)
    expect(await thrownBy(() => store.read('x2'))).toMatchObject({
      kind: 'store',
      message: expect.stringContaining(OLD),
    })
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'again' }])
    expect(await thrownBy(() => store.audit.checkpoint())).toMatchObject({ kind: 'store' })
  })
})

test('[S23] a sealed row that was altered is gone on from by nobody', async () => {
  for (const change of ["latest = '2020-01-01T00:00:00.000Z'", 'newest = 12', 'executions = 2']) {
    const { path } = await filled()
    const store = await openForTest(path)
    const database = new Database(path)
    database.exec(`UPDATE register_head SET ${change}`)
    database.close()
    const broken = { kind: 'store', message: expect.stringContaining('the seal over the ends of all chains is broken') }
    for (const act of [
      () => store.head(),
      () => store.read('x1'),
      () => store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'again' }]),
      () => openForTest(path),
    ])
      expect(await thrownBy(act)).toMatchObject(broken)
  }
})

test('a lease of an older moment gives nobody a switch', async () => {
  const { path, older } = await filled()
  const store = await openForTest(path)
  const leases = tablesIn(path, older).find(({ name }) => name === 'lease')
  expect(tamper(path, [{ table: 'lease', rows: leases?.older ?? [] }])).toBe(true)
  const gone = { kind: 'store', message: expect.stringContaining('leases of switches are gone, or were added') }
  const staged = { type: 'ActIntended', act: 'stage', session: 's', checkpoint: 'c', device: 'leaf3' } as const
  expect(await thrownBy(() => store.append('x4', [staged]))).toMatchObject(gone)
  expect(await thrownBy(() => store.leaseOf('leaf3'))).toMatchObject(gone)
  expect(await store.read('x3')).toHaveLength(3)
})

test('a note of an older moment, with its list, is there for nobody, and is used by nobody again', async () => {
  const { path, older } = await filled()
  const store = await openForTest(path)
  const tables = tablesIn(path, older).filter(({ name }) => name === 'note' || name === 'note_head')
  expect(
    tamper(
      path,
      tables.map(({ name, older: rows }) => ({ table: name, rows })),
    ),
  ).toBe(true)
  const altered = { kind: 'store', message: expect.stringContaining('which notes servers have kept for a while') }
  for (const act of [
    () => store.notes.take('session', 'two'),
    () => store.notes.read('session', 'one'),
    () => store.notes.put('session', 'four', '', { lasts: 1_000 }),
  ])
    expect(await thrownBy(act)).toMatchObject(altered)
  expect(await thrownBy(async () => (await openForTest(path)).notes.take('session', 'two'))).toMatchObject(altered)
  expect(await store.read('x3')).toHaveLength(3)
})

describe('the text of an artefact', () => {
  test.each([
    [
      'a turned byte',
      "UPDATE blob SET bytes = CAST(substr(bytes, 1, 40) || iif(substr(bytes, 41, 1) = x'00', x'01', x'00') || substr(bytes, 42) AS BLOB)",
    ],
    ['a cut end', 'UPDATE blob SET bytes = substr(bytes, 1, length(bytes) - 1)'],
    ['nothing left', "UPDATE blob SET bytes = x''"],
    ['another one under its name', 'UPDATE blob SET bytes = (SELECT bytes FROM blob AS b WHERE b.ref <> blob.ref)'],
  ])('with %s is named', async (_name, change) => {
    const path = freshPath()
    const store = await openForTest(path)
    const ref = await store.put('hostname leaf1\ninterface Ethernet1\n   description to spine1\n')
    await store.put('hostname leaf2\n')
    tamperBy(path, change)
    expect(await thrownBy(() => store.get(ref))).toMatchObject({
      kind: 'store',
      message: `${ref} in the store was altered, or made under an install key that is not here`,
    })
  })
})

/** The changes that only the sealed row over all of a file finds are named by that. */
const SEALED: Readonly<Record<string, string>> = {
  'the position of the newest record, and what is kept of it': 'execution x2',
  'the position of a record in the middle of the newest append, and what is kept of it': 'execution x2',
  'a position in what an execution ended with, and what is kept of it': 'execution x1',
  'a lease, until a later time': 'the lease of leaf2',
  'a lease, said to be given back': 'the lease of leaf2',
  'a lease that was given back, said to be held': 'the lease of leaf1',
  'the token of a lease, higher': 'the lease of leaf2',
  'a switch, said to be kept from others': 'the lease of leaf1',
}

test.each(Object.entries(tamperings((...positions) => `'${JSON.stringify(positions)}'`)))(
  '[S16] [S23] [T2] %s: is found and named',
  async (name, [change, seq, says]) => {
    const path = freshPath()
    const store = await openForTest(path)
    await fill(store, () => store.audit.close())
    await store.close()
    tamperBy(path, 'PRAGMA foreign_keys = OFF', 'PRAGMA ignore_check_constraints = ON', change)
    const kept = SEALED[name]
    const fault = await faultIn(path)
    if (kept === undefined) expect([fault?.reason, fault?.seq]).toEqual([expect.stringMatching(says), seq])
    else expect(fault).toEqual({ seq: 16, reason: `what is kept of ${kept} is not what was sealed last` })
  },
)

test('[G7] [F24] bytes turned on the disk are found, by SQLite or by the chains', async () => {
  const { path } = await filled()
  const bytes = readFileSync(path)
  // Not in a page that SQLite has given up, where an older one is.
  const begin = bytes.lastIndexOf('"type":"UndoStarted"')
  expect(begin).toBeGreaterThan(0)
  for (let place = begin; place < begin + 20; place += 1) {
    const copy = copied(path)
    const turned = Buffer.from(bytes)
    turned.writeUInt8(turned.readUInt8(place) ^ 1, place)
    writeFileSync(copy, turned)
    expect(await found(copy)).toMatch(/record 5 of execution x2|what it is found by|malformed|damaged/)
    expect(await thrownBy(async () => (await openForTest(copy)).read('x2'))).toMatchObject({ kind: 'store' })
  }
})
