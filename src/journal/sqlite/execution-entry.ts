import type { EventBody } from '../event.ts'
import { countedAfter, type RecordCount } from './record-count.ts'

/** What the table of executions keeps of one of them. */
export interface ExecutionEntry extends RecordCount {
  readonly id: string
  /** Whether it has not ended. */
  readonly isOpen: boolean
  /** Whether it has announced an act for which it needs the lease of a switch. */
  readonly hasActed: boolean
}

/** A record of an execution, as its entry counts it. */
export interface CountedRecord {
  readonly seq: number
  readonly hash: Uint8Array
  readonly type: EventBody['type']
  /** Whether it announces an act for which the lease of a switch is needed. */
  readonly isLeased: boolean
}

/** The entry with one more record. */
export function entryAfter(before: ExecutionEntry | undefined, id: string, record: CountedRecord): ExecutionEntry {
  return {
    id,
    ...countedAfter(before, record),
    isOpen: isOpenAfter(before, record.type),
    hasActed: before?.hasActed === true || record.isLeased,
  }
}

/** What is put on record about an execution that has ended, such as a secret that was asked for, does not open it again. */
function isOpenAfter(before: ExecutionEntry | undefined, type: EventBody['type']): boolean {
  if (type === 'ExecutionEnded') return false
  return before === undefined || before.isOpen || type === 'ExecutionRedriven'
}

/** What is sealed of an entry: canonical JSON, the members in the order of their names. */
export function entryText(origin: string, entry: ExecutionEntry): string {
  const { id, first, last, records, digest, isOpen, hasActed } = entry
  return JSON.stringify({
    acted: hasActed,
    digest: Buffer.from(digest).toString('hex'),
    execution: id,
    first,
    last,
    open: isOpen,
    origin,
    records,
  })
}
