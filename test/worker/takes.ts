import type { JournalEvent } from '../../src/journal/event.ts'

/** The records by which a process takes an execution. */
export const TAKES: ReadonlySet<JournalEvent['type']> = new Set(['ExecutionResumed', 'ExecutionRedriven'])
