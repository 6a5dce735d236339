import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { EventBody } from '../src/change/record/event/event.ts'
import { draftOf, parseEvent, recordAt, withoutSecrets } from '../src/change/record/event/record-text.ts'
import { atTurnEnd } from '../src/change/record/sqlite/group-commit.ts'
import { openStore } from '../src/change/record/sqlite/open-store.ts'
import { eventsOf, TEXTS } from './journal-events.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

const WARM_UP = 2
const ROUNDS = 15
const EVENTS = 600
const RECORDS = 60_000
const ACTOR = { issuer: 'local', id: 'local:1000:alice@noc1', auth: 'os' } as const

/** The most that an append may take, as a multiple of the same rows without hashing. */
const CEILING = 1.3
/** The least that verifying must reach of the rate of sha256 over the same bytes. */
const FLOOR = 0.4

/**
 * What the chain takes. Append: the store, with its hashes, seals and signed checkpoints, against the same rows written without any of
 * them into a table of the same layout, in transactions of the same size, both synced. Verify: every row of a store walked and judged,
 * against sha256 alone over what was hashed in it (the bodies, and the links of 73 bytes), with the call that is quickest in Node, over
 * texts that lie in memory. Alternated, medians of fifteen.
 */
export async function audit(print: Print): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    for (const size of [1, 10, 100, EVENTS]) print(await appending(folder, size))
    for (const row of await verifying(folder)) print(row)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function appending(folder: string, size: number): Promise<object> {
  const store = await open(join(folder, `chained-${size}.sqlite`))
  const plain = unchained(join(folder, `plain-${size}.sqlite`))
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const groups = inGroups(bodies(round * EVENTS, EVENTS), size)
    const execution = `x${round}`
    let [own, other] = [0, 0]
    for (const [index, group] of groups.entries()) {
      // One after the other and in turns: what else the machine does strikes both alike.
      if ((round + index) % 2 === 0) own += await seconds(() => store.as(ACTOR).append(execution, group))
      other += await seconds(() => plain.append(execution, group))
      if ((round + index) % 2 === 1) own += await seconds(() => store.as(ACTOR).append(execution, group))
    }
    if (round < WARM_UP) continue
    ours.push(own)
    theirs.push(other)
  }
  const checkpoints = (await store.audit.checkpoints(0)).length
  await store.close()
  plain.close()
  const perEvent = (times: readonly number[]): number => rounded((median(times) / EVENTS) * 1e6)
  return {
    name: 'audit',
    way: 'append',
    perTransaction: size,
    microseconds: perEvent(ours),
    unhashed: perEvent(theirs),
    checkpoints,
    ratio: rounded(median(ours.map((own, round) => own / (theirs[round] ?? Number.NaN)))),
    ceiling: CEILING,
  }
}

async function verifying(folder: string): Promise<readonly object[]> {
  const path = join(folder, 'verify.sqlite')
  const store = await open(path)
  const refs = await Promise.all(TEXTS.map(async (text) => [text, await store.put(`hostname ${text}`)] as const))
  const records = bodies(0, RECORDS, Object.fromEntries(refs))
  for (const group of inGroups(records, 1_000)) await store.as(ACTOR).append('x0', group)
  const texts = new Database(path).prepare<[], string>('SELECT body FROM event ORDER BY pos').pluck().all()
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const link = new Uint8Array(73)
  const ways: Readonly<Record<string, () => void | Promise<void>>> = {
    verify: async () => {
      if ((await store.verifyChain()).seq !== RECORDS) throw new Error('not every record was verified')
    },
    sha256: () => {
      for (const text of texts) {
        hash('sha256', text, 'binary')
        hash('sha256', link, 'binary')
      }
    },
  }
  const times: Readonly<Record<string, number[]>> = Object.fromEntries(Object.keys(ways).map((way) => [way, []]))
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (const [way, act] of Object.entries(ways)) {
      const time = await seconds(act)
      if (round >= WARM_UP) times[way]?.push(time)
    }
  }
  await store.close()
  const own = times.verify ?? []
  return Object.entries(times).map(([way, taken]) => ({
    name: 'audit',
    way,
    records: RECORDS,
    bytesPerRecord: Math.round(bytes / RECORDS),
    microseconds: rounded((median(taken) / RECORDS) * 1e6),
    ...(way === 'verify'
      ? {}
      : { verifyReaches: rounded(median(taken.map((time, round) => time / (own[round] ?? Number.NaN)))) }),
    ...(way === 'sha256' ? { floor: FLOOR } : {}),
  }))
}

const PLAIN = `CREATE TABLE event(pos INTEGER PRIMARY KEY, execution TEXT NOT NULL, n INTEGER NOT NULL, at TEXT NOT NULL, type TEXT NOT NULL,
  body TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL, UNIQUE(execution, n)) STRICT;
CREATE TABLE head(execution TEXT PRIMARY KEY, last INTEGER NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;`

/** The same rows and transactions as the store's, read back and written as it does, without a hash, a seal or a signature. */
function unchained(path: string) {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(PLAIN)
  const insert = database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const head = database.prepare(`INSERT INTO head(execution, last, at) VALUES (?, ?, ?)
    ON CONFLICT(execution) DO UPDATE SET last = excluded.last, at = excluded.at`)
  const zero = Buffer.alloc(32)
  let pos = 0
  const write = database.transaction((drafts: readonly ReturnType<typeof draftOf>[], execution: string, at: string) => {
    for (const draft of drafts) {
      pos += 1
      const body = recordAt(draft, pos)
      insert.run(pos, execution, pos, at, parseEvent(body).type, body, zero, zero)
    }
    head.run(execution, pos, at)
  })
  return {
    append: async (execution: string, events: readonly EventBody[]): Promise<void> => {
      const at = new Date().toISOString()
      const envelope = { v: 1, at, actor: ACTOR.id, execution } as const
      const drafts = events.map((event) =>
        draftOf(
          envelope,
          withoutSecrets(event, (text) => text),
        ),
      )
      await new Promise<void>((resolve) => atTurnEnd(resolve))
      write.immediate(drafts, execution, at)
    },
    close: () => database.close(),
  }
}

function open(path: string) {
  const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }
  return openStore({ path, installKey: '0123456789abcdef'.repeat(4), clock, moment: atTurnEnd })
}

function bodies(from: number, count: number, refs?: Readonly<Record<string, string>>): readonly EventBody[] {
  const events: EventBody[] = []
  const blob = refs && ((text: string) => refs[text] ?? '')
  for (let device = from; events.length < count; device += 1) events.push(...eventsOf(device, blob))
  return events.slice(0, count)
}

function inGroups(events: readonly EventBody[], size: number): readonly (readonly EventBody[])[] {
  const groups: (readonly EventBody[])[] = []
  for (let at = 0; at < events.length; at += size) groups.push(events.slice(at, at + size))
  return groups
}

async function seconds(act: () => unknown): Promise<number> {
  const start = performance.now()
  await act()
  return (performance.now() - start) / 1_000
}
