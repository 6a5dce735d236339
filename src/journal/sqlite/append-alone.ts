import type { Database } from 'better-sqlite3'
import type { SigningKey } from '../../model/ed25519.ts'
import { identityOf, type Principal } from '../../model/principal.ts'
import { checkpointSigner } from '../audit/checkpoint-key.ts'
import type { EventBody } from '../event.ts'
import { draftOf } from '../record-text.ts'
import { type Scrub, withoutSecrets } from '../without-secrets.ts'
import { CheckpointTable } from './checkpoint-table.ts'
import type { ExecutionTable } from './execution-table.ts'
import { FreezeRows } from './freeze-rows.ts'
import { JournalWriter } from './journal-writer.ts'
import { LeaseTable } from './lease-table.ts'
import type { MarkTable } from './mark-table.ts'
import type { Statements } from './statements.ts'
import type { VerifiedChain } from './verified-chain.ts'

/** A store that this process has alone, inside a transaction. */
export interface AloneParts {
  readonly database: Database
  readonly origin: string
  readonly marks: MarkTable
  readonly entries: ExecutionTable
  readonly chain: VerifiedChain
  readonly statements: Statements
}

/** One record, and by whom and when it is written. */
export interface AloneRecord {
  readonly event: EventBody
  readonly principal: Principal
  /** ISO 8601 in UTC. */
  readonly now: string
  /** Signs the checkpoint over it. */
  readonly signing: SigningKey
  /** Takes secrets out: the keys of the store are known only since it was opened, and a reason may repeat one. */
  readonly scrub: Scrub
}

/** Appends one record to a store that nobody else has open, and signs a checkpoint over it. Throws what refuses the record. */
export function appendAlone(
  { database, origin, marks, entries, chain, statements }: AloneParts,
  { event, principal, now, signing, scrub }: AloneRecord,
): void {
  const checkpoints = new CheckpointTable(database, origin, checkpointSigner(signing))
  const writer = new JournalWriter({
    database,
    statements,
    marks,
    leases: new LeaseTable(database),
    checkpoints,
    executions: entries,
    freezes: new FreezeRows(statements),
    head: () => chain.head(),
    verify: (after) => chain.walk(after + 1),
    file: { write: (_group, toFile) => toFile() },
  })
  const envelope = { v: 1, at: now, actor: identityOf(principal) } as const
  const [written] = writer.write([
    { execution: undefined, at: now, after: undefined, drafts: [draftOf(envelope, withoutSecrets(event, scrub))] },
  ])
  if (written?.status === 'rejected') throw written.reason
  checkpoints.sign(chain.head(), now)
}
