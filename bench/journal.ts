import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventBody, JournalEvent } from '../src/change/record/event/event.ts'
import { atTurnEnd } from '../src/change/record/sqlite/group-commit.ts'
import { openStore } from '../src/change/record/sqlite/open-store.ts'
import type { Store } from '../src/change/record/store/store.ts'
import { canonicalJson } from '../src/model/digest.ts'
import type { JsonObject } from '../src/model/json.ts'
import { eventsOf } from './journal-events.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

const WARM_UP = 2
const ROUNDS = 15
const EVENTS = 600

/** One way to put events on record, and the least permitted ratio to the same bytes appended and synced one by one. */
interface Way {
  readonly way: string
  readonly floor?: number
  readonly write: (store: Store, round: number) => Promise<readonly JournalEvent[]>
}

const WAYS: readonly Way[] = [
  { way: '10 branches at once', write: (store, round) => concurrently(store, round, 10) },
  { way: '100 branches at once', floor: 6, write: (store, round) => concurrently(store, round, 100) },
]

/**
 * Events per second of the journal on disk, as `append` acknowledges them, against the same bytes appended to a file of
 * the same file system and synced (`fdatasync`) line by line: alternated, medians of fifteen.
 */
export async function journal(print: Print): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    for (const way of WAYS) print(await writing(folder, way))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function writing(folder: string, { way, floor, write }: Way): Promise<object> {
  const store = await open(join(folder, `${way}.sqlite`))
  const file = openSync(join(folder, `${way}.jsonl`), 'a')
  const [ours, floors]: [number[], number[]] = [[], []]
  let bytes = 0
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    let written: readonly JournalEvent[] = []
    const own = await seconds(async () => {
      written = await write(store, round)
    })
    if (written.length !== EVENTS) throw new Error(`${written.length} of ${EVENTS} events were acknowledged`)
    const lines = written.map(lineOf)
    const raw = await seconds(() => appendAndSync(file, lines))
    if (round < WARM_UP) continue
    bytes = lines.reduce((sum, line) => sum + line.length, 0) / lines.length
    ours.push(EVENTS / own)
    floors.push(EVENTS / raw)
  }
  closeSync(file)
  await store.close()
  return row(way, { bytesPerEvent: Math.round(bytes), ...compared(ours, floors) }, floor)
}

const ACTOR = { issuer: 'local', id: 'local:1000:alice@noc1', auth: 'os' } as const

/** As many branches, each of which waits for its own event to be durable before it comes with the next. */
async function concurrently(store: Store, round: number, branches: number): Promise<readonly JournalEvent[]> {
  const bodies = bodiesOf(round, EVENTS)
  const written: JournalEvent[] = []
  const branch = async (first: number): Promise<void> => {
    for (let at = first; at < bodies.length; at += branches) {
      written.push(...(await store.as(ACTOR).append(`x${round}`, bodies.slice(at, at + 1))))
    }
  }
  await Promise.all(Array.from({ length: branches }, (_, first) => branch(first)))
  return written
}

function appendAndSync(file: number, lines: readonly string[]): void {
  for (const line of lines) {
    writeSync(file, line)
    fdatasyncSync(file)
  }
}

function bodiesOf(round: number, count: number): readonly EventBody[] {
  const bodies: EventBody[] = []
  for (let device = round * count; bodies.length < count; device += 1) bodies.push(...eventsOf(device))
  return bodies.slice(0, count)
}

function lineOf(event: JournalEvent): string {
  return `${canonicalJson(event as unknown as JsonObject)}\n`
}

function open(path: string): Promise<Store> {
  const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }
  return openStore({
    path,
    installKey: '0123456789abcdef'.repeat(4),
    clock,
    moment: atTurnEnd,
  })
}

function compared(ours: readonly number[], floors: readonly number[]): { [name: string]: number } {
  const ratios = ours.map((own, round) => own / (floors[round] ?? Number.NaN))
  return {
    eventsPerSecond: Math.round(median(ours)),
    rawPerSecond: Math.round(median(floors)),
    ratio: rounded(median(ratios)),
  }
}

function row(way: string, figures: object, floor?: number): object {
  return { name: 'journal', way, ...figures, ...(floor === undefined ? {} : { floor }) }
}

async function seconds(act: () => unknown): Promise<number> {
  const start = performance.now()
  await act()
  return (performance.now() - start) / 1_000
}
