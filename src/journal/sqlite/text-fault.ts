import type { Database } from 'better-sqlite3'
import type { ChainFault, ChainRow } from '../chain.ts'
import type { ArtefactRef } from '../event.ts'
import { type KeptText, missingText, NamedTexts } from '../named-texts.ts'
import type { StoreKeys } from '../store-keys.ts'
import type { Segments } from './segments.ts'

/** How the texts of a store are judged. */
export interface TextsBy {
  /** Absent where the key that it was sealed with is not at hand: what is there is not opened then. */
  readonly keys: StoreKeys | undefined
  /** Up to which record the store is sealed. */
  readonly base: number
  /** The segments, where they are read with the store: the sealed records and their texts are judged, too. */
  readonly segments?: Segments
  readonly unread: (ref: ArtefactRef) => void
}

/** What was found of the texts of a store. */
export interface TextJudgement {
  /** The first that was altered. */
  readonly fault?: ChainFault & { readonly ref: ArtefactRef }
  /** Those that records name and that are not there, with the record that names each. */
  readonly missing: ReadonlyMap<ArtefactRef, number>
}

const NAMING =
  "SELECT seq, body FROM journal WHERE seq > ? AND (instr(body, 'blob:') > 0 OR body ->> '$.type' = 'TaskSubmitted') ORDER BY seq"

/** Judges every text that is there, and looks for each that a record names. */
export function judgedTexts(database: Database, { keys, base, segments, unread }: TextsBy): TextJudgement {
  const texts = new NamedTexts()
  const add = ({ seq, body }: Pick<ChainRow, 'seq' | 'body'>): void => texts.add(executionIn(body), seq, body)
  for (const row of segments?.all() ?? []) add(row)
  for (const row of database.prepare<[number], ChainRow>(NAMING).iterate(base)) add(row)
  const kept = database.prepare<[], KeptText>('SELECT ref, bytes FROM blob ORDER BY ref')
  for (const some of [kept.iterate(), segments?.texts() ?? []])
    for (const text of some) {
      const fault = texts.judge(keys, text, unread)
      if (fault !== undefined) return { fault: { ...fault, ref: text.ref }, missing: texts.missing }
    }
  return { missing: texts.missing }
}

/** What is wrong with the texts of a store. */
export function textFault(database: Database, by: TextsBy): ChainFault | undefined {
  const { fault, missing } = judgedTexts(database, by)
  return fault === undefined ? missingText(missing) : { seq: fault.seq, reason: fault.reason }
}

function executionIn(body: string): string {
  return String((JSON.parse(body) as { readonly execution?: string }).execution)
}
