import { expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { ALICE } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'
import { asWorker, type ExecutionRow, executionHead, GARBAGE, type Head, registerHead, rowOf, sent } from './by-hand.ts'
import { filledStore, verified } from './filled-store.ts'

const servers = serverForTests()

const WORD: EventBody = { type: 'StopRequested', stopped: 'x2', reason: 'mine' }
const STATE: EventBody = { type: 'StateEntered', path: '', state: 'forged' }

interface Heads {
  readonly register: Head
  readonly x2: ExecutionRow
}

type Row = ReturnType<typeof rowOf>
type Given = Partial<Row> & { readonly mirror?: string; readonly execution?: string; readonly of?: number }

/** A request of records of the register, as it should be but for what is given otherwise. */
function registering({ register: { n, hash } }: Heads, rows: readonly Given[], head: object) {
  const base = { n, hash }
  const [first] = made(base, rows)
  return {
    register: { base, rows: made(base, rows), head: { n: first?.n, hash: first?.hash, seal: GARBAGE, ...head } },
  }
}

/** The same of records of the open execution. */
function driving({ x2 }: Heads, rows: readonly Given[], head: object, more: object = {}) {
  const { n, hash, token, isOpen, hasActed } = x2
  const given = made({ n, hash }, rows, 'x2')
  const newest = { n: given[0]?.n, hash: given[0]?.hash, seal: GARBAGE, isOpen, hasActed, ...head }
  return { execution: 'x2', base: { n, hash }, token, rows: given, head: newest, ...more }
}

function made(base: Pick<Head, 'n' | 'hash'>, rows: readonly Given[], execution?: string) {
  let { n, hash } = base
  return rows.map((given) => {
    const row = { ...rowOf(execution === undefined ? WORD : STATE, n + 1, hash, execution), ...given }
    ;({ n, hash } = row)
    return row
  })
}

/** What ends where the execution ends is taken for what was written before, and not written. */
const STAYS = 'a head of an execution that stays behind its row'
const FOUND_AGAIN = { is: 'done', answers: [{ is: 'written', again: true, places: [] }] }

/** What a login of workers can send and nobody with the key does: nothing of it is written. */
const FORGED: Readonly<Record<string, (heads: Heads) => object>> = {
  'a head of the register without a row': (heads) => registering(heads, [], { n: 7, hash: GARBAGE }),
  'a head of the register that is ahead of its row': (heads) => registering(heads, [{}], { n: 9 }),
  'a head of the register that stays behind its row': (heads) => registering(heads, [{}], heads.register),
  'a head of the register that goes back': (heads) => registering(heads, [{}], { n: 1 }),
  'a head of the register with another hash than its row': (heads) => registering(heads, [{}], { hash: GARBAGE }),
  'a head of the register that is nothing': (heads) => registering(heads, [{}], { n: null, hash: null }),
  'a row of the register before all': (heads) => registering(heads, [{ n: -3 }], {}),
  'a row of the register far behind the head': (heads) => registering(heads, [{ n: 900 }], {}),
  'a row of the register in the place of another': (heads) => registering(heads, [{ n: 5 }], {}),
  'a row of the register that follows nothing': (heads) => registering(heads, [{ prev: GARBAGE }], {}),
  'two rows of the register of one number': (heads) => registering(heads, [{}, { n: 7 }], { n: 8 }),
  'two rows of the register, the second following nothing': (heads) =>
    registering(heads, [{}, { prev: GARBAGE }], { n: 8 }),
  'two rows of the register, and a head over the first': (heads) => registering(heads, [{}, {}], {}),
  'a mirror of no execution': (heads) => registering(heads, [{ mirror: 'ended', of: 1 }], {}),
  'a mirror of a record that is not there': (heads) =>
    registering(heads, [{ mirror: 'ended', execution: 'x2', of: 1 }], {}),
  'a record of the register that names an execution and mirrors nothing': (heads) =>
    registering(heads, [{ execution: 'x2' }], {}),
  'a head of an execution without a row': (heads) => driving(heads, [], { n: 8, hash: GARBAGE }),
  'a head of an execution that is ahead of its row': (heads) => driving(heads, [{}], { n: 12 }),
  [STAYS]: (heads) => driving(heads, [{}], heads.x2),
  'a head of an execution that goes back': (heads) => driving(heads, [{}], { n: 3 }),
  'a head of an execution with another hash than its row': (heads) => driving(heads, [{}], { hash: GARBAGE }),
  'a row of an execution before all': (heads) => driving(heads, [{ n: 0 }], {}),
  'a row of an execution far behind the head': (heads) => driving(heads, [{ n: 900 }], {}),
  'a row of an execution that follows nothing': (heads) => driving(heads, [{ prev: GARBAGE }], {}),
  'an execution that begins with its fifth record': ({ x2 }) => ({
    ...driving({ x2: { ...x2, n: 4 }, register: x2 }, [{}], {}),
    execution: 'x3',
    base: { n: 0, hash: GARBAGE },
  }),
  'an execution that begins with a head ahead of its record': ({ x2 }) => ({
    ...driving({ x2: { ...x2, n: 0 }, register: x2 }, [{}], { n: 4 }),
    execution: 'x3',
    base: { n: 0, hash: x2.hash },
  }),
  'an approval used up without a record': () => ({ uses: ['approval n9 1'] }),
  'a lease without a record': () => ({
    leases: [{ now: { device: 'leaf7', execution: 'x2', token: 1, until: null, quarantine: null } }],
  }),
  'a task token without a record': () => ({ tokens: ['sha256:09'] }),
  'a freeze without a record': () => ({ freezing: true }),
}

const PLAIN: Readonly<Record<string, (heads: Heads) => object>> = {
  'a head without a row': (heads) => driving(heads, [], { n: 8, hash: GARBAGE }),
  'a head that is ahead of its row': (heads) => driving(heads, [{}], { n: 12 }),
  'a head that stays behind its row': (heads) => driving(heads, [{}], heads.x2),
  'a head with another hash than its row': (heads) => driving(heads, [{}], { hash: GARBAGE }),
  'a row before all': (heads) => driving(heads, [{ n: 0 }], {}),
  'a row that follows nothing': (heads) => driving(heads, [{ prev: GARBAGE }], {}),
  'two rows, and a head over the first': (heads) => driving(heads, [{}, {}], {}),
  'two rows of one number': (heads) => driving(heads, [{}, { n: 8 }], {}),
}

const AS_PLAIN = `SELECT append_group((SELECT key_check FROM store), $1, $2, $3, $4, $5, '{NULL}', $6, $7, $8, '{t}', '{t}', $9, $10, $11, $12, $13, $14,
  '{}', '{}', '{}', 'none', false, '[]') AS given`

/** An append that only goes on with what is its execution's own, as a worker sends it. */
async function sentPlain(address: PostgresAddress, request: object) {
  const { token, base, head, rows } = request as {
    token: number
    base: Head
    head: Head
    rows: readonly Row[]
  }
  const [{ id } = {}] = await asWorker(address, 'SELECT id FROM worker WHERE dead IS NULL LIMIT 1')
  const bytes = (hex: string) => `\\x${hex}`
  const [answer] = await asWorker(address, AS_PLAIN, [
    id,
    ['x2'],
    [token],
    [base.n],
    [bytes(base.hash)],
    [head.n],
    [bytes(head.hash)],
    [bytes(GARBAGE)],
    rows.map(() => 1),
    rows.map(({ n }) => n),
    rows.map(() => '{}'),
    rows.map(({ prev }) => bytes(prev)),
    rows.map(({ hash }) => bytes(hash)),
    rows.map(({ body }) => body),
  ])
  return answer?.given
}

async function headsOf(address: PostgresAddress) {
  return { register: await registerHead(address), x2: await executionHead(address, 'x2') }
}

/** How many rows there are of everything that a call could add. */
async function counted(address: PostgresAddress) {
  const tables = ['event', 'register', 'execution', 'used', 'lease', 'task_token', 'delivery', 'checkpoint']
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')
  return (await asWorker(address, `SELECT ${counts}`))[0]
}

test('[W7] what a login of workers sends that does not follow is not written', async () => {
  const address = await freshDatabase(servers.server)
  const store = await filledStore(address)
  const before = [await headsOf(address), await counted(address)]
  const calls = Object.entries(FORGED)
  for (const [name, request] of calls) {
    const answer = await sent(address, request(await headsOf(address))).catch((error: unknown) => error)
    expect(answer, name).toMatchObject(name === STAYS ? FOUND_AGAIN : { kind: 'store' })
  }
  const plain = Object.entries(PLAIN)
  for (const [name, request] of plain)
    expect(await sentPlain(address, request(await headsOf(address))), name).toEqual({
      is: 'done',
      placed: {},
      answers: [],
    })
  expect(calls.length + plain.length).toBe(38)
  expect([await headsOf(address), await counted(address)]).toEqual(before)
  expect((await verified(address)).fault).toBeUndefined()
  await store.append('x2', [STATE])
})

test('a plain append that follows is written', async () => {
  const address = await freshDatabase(servers.server)
  await filledStore(address)
  expect(
    await sentPlain(
      address,
      driving(await headsOf(address), [{}, {}], {
        n: 9,
        hash: made(await executionHead(address, 'x2'), [{}, {}], 'x2')[1]?.hash,
      }),
    ),
  ).toEqual({
    is: 'done',
    placed: { x2: [17, 18] },
    answers: [],
  })
})

const MISSED: EventBody = {
  type: 'RecordsMissed',
  records: [{ chain: 'x2', n: 90, hash: GARBAGE }],
  through: 900,
}
const RESTORED: EventBody = { type: 'StoreRestored', principal: ALICE, reason: 'mine', records: 1, open: [] }
const STARTED: EventBody = { type: 'ExecutionResumed' }

/** A record of the register under a head that nobody with the key has sealed. */
async function forged(address: PostgresAddress, event: EventBody) {
  const { n, hash } = await registerHead(address)
  const row = rowOf(event, n + 1, hash)
  const head = { n: row.n, hash: row.hash, seal: GARBAGE }
  const given = await sent(address, { register: { base: { n, hash }, rows: [row], head } })
  expect(given).toMatchObject({ is: 'done', answers: [{ is: 'written' }] })
}

const SEAL = expect.stringContaining('the seal of the register is broken')

test('[W7] that records are missing is believed of nobody who has no key', async () => {
  const address = await freshDatabase(servers.server)
  const store = await filledStore(address)
  await forged(address, MISSED)
  expect(await thrownBy(() => store.append('x2', [STARTED]))).toMatchObject({ kind: 'store', message: SEAL })
  expect(await thrownBy(() => store.missed())).toMatchObject({ message: SEAL })
})

test('[W7] that a loss was accepted is believed of nobody who has no key', async () => {
  const address = await freshDatabase(servers.server)
  const store = await filledStore(address)
  await store.append(undefined, [MISSED])
  expect(await thrownBy(() => store.append('x2', [STARTED]))).toMatchObject({ kind: 'guard' })
  await forged(address, RESTORED)
  expect(await thrownBy(() => store.append('x2', [STARTED]))).toMatchObject({ kind: 'store', message: SEAL })
  expect(await thrownBy(() => openedAt(address))).toMatchObject({ kind: 'store', message: SEAL })
})

test('the same of a process that has read the register before, and of one that accepts the loss itself', async () => {
  const address = await freshDatabase(servers.server)
  const store = await filledStore(address)
  const other = await openedAt(address)
  await other.append(undefined, [WORD])
  await store.append(undefined, [MISSED])
  await other.append('x9', [STATE])
  expect(await thrownBy(() => other.append('x9', [STARTED]))).toMatchObject({ kind: 'guard' })
  await store.append(undefined, [RESTORED])
  await other.append('x9', [STARTED])
  expect((await verified(address)).fault).toBeUndefined()
})
