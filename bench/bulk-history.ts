import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { type ChainPoint, chainRows } from '../src/journal/chain.ts'
import type { EventBody, JournalEvent } from '../src/journal/event.ts'
import { draftOf } from '../src/journal/record-text.ts'
import { MarkTable } from '../src/journal/sqlite/mark-table.ts'
import { storeKeys } from '../src/journal/store-keys.ts'

/** The text of an execution's records, of which each copy gets an id, a plan digest and a nonce of its own. */
interface Template {
  readonly text: string
  readonly id: string
  readonly own: readonly string[]
}

/** What fills a store: copies of executions that really ran, one after the other. */
export interface History {
  /** The records of one that has ended. */
  readonly ended: readonly JournalEvent[]
  /** The records of one that has not. */
  readonly open: readonly JournalEvent[]
  /** How many copies of that there are, spread over all of the history. */
  readonly openCopies: number
  /** How many records the store has then, at least. */
  readonly records: number
}

const [BETWEEN, SEQ] = ['\u0002', '\u0001']
const AT_ONCE = 20_000

/**
 * Fills a store that nobody has open with whole executions, many records to a transaction and without a sync: no part of what is
 * measured. What the store keeps beside its records is left for the next opening, as an earlier version would have left it.
 */
export function fillStore(path: string, installKey: string, { ended, open, openCopies, records }: History): void {
  const database = new Database(path)
  database.pragma('synchronous = OFF')
  const origin = String(database.prepare('SELECT origin FROM store').pluck().get())
  const marks = new MarkTable(database, origin, storeKeys(installKey))
  const insert = database.prepare('INSERT INTO journal(seq, body, prev, hash) VALUES (?, ?, ?, ?)')
  const head = marks.get('head')
  const [closed, waiting] = [templateOf(ended), templateOf(open)]
  const write = database.transaction((point: ChainPoint, texts: readonly string[]): ChainPoint => {
    const bodies = texts.map((text, index) => text.replace(SEQ, String(point.seq + 1 + index)))
    const rows = chainRows(point, bodies)
    for (const { seq, body, prev, hash } of rows) insert.run(seq, body, prev, hash)
    return rows.at(-1) ?? point
  })
  let point: ChainPoint = head
  let written = 0
  while (point.seq < records) {
    const texts: string[] = []
    while (texts.length < AT_ONCE && point.seq + texts.length < records) {
      const isOpenDue = written < openCopies * ((point.seq + texts.length) / records)
      if (isOpenDue) written += 1
      texts.push(...copyOf(isOpenDue ? waiting : closed))
    }
    point = write(point, texts)
  }
  const [seq, hash] = [point.seq, Uint8Array.from(point.hash)]
  marks.set('head', { ...head, seq, hash })
  database.prepare("DELETE FROM mark WHERE name IN ('executions', 'plan-entries')").run()
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

function templateOf(events: readonly JournalEvent[]): Template {
  const texts = events.map(({ v, seq: _, at, actor, execution, ...event }) => {
    const envelope = { v, at, actor, ...(execution === undefined ? {} : { execution }) }
    const { before, behind } = draftOf(envelope, event as EventBody)
    return `${before}${SEQ}${behind}`
  })
  const own = events.flatMap((event) => {
    if (event.type === 'PlanMade') return [event.digest]
    return event.type === 'ApprovalUsed' ? [event.nonce] : []
  })
  return { text: texts.join(BETWEEN), id: events[0]?.execution ?? '', own }
}

let copies = 0

function copyOf({ text, id, own }: Template): readonly string[] {
  copies += 1
  const suffix = copies.toString(16).padStart(8, '0')
  const renamed = own.reduce(
    (copy, word) =>
      copy.replaceAll(
        word,
        word.startsWith('sha256:') ? `sha256:${randomBytes(32).toString('hex')}` : randomBytes(16).toString('hex'),
      ),
    text,
  )
  return renamed.replaceAll(id.slice(-8), suffix).split(BETWEEN)
}
