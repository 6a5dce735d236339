import type Database from 'better-sqlite3'
import type { Clock } from '../../model/clock.ts'
import type { KeyRing } from '../key-ring.ts'
import type { Scrub } from '../without-secrets.ts'
import type { BlobTable } from './blob-table.ts'
import type { CheckpointTable } from './checkpoint-table.ts'
import type { ExecutionTable } from './execution-table.ts'
import type { CommitTurn } from './group-commit.ts'
import type { MarkTable } from './mark-table.ts'
import type { Segments } from './segments.ts'

/** What the store is made of. */
export interface SqliteStoreParts {
  readonly database: Database.Database
  readonly path: string
  readonly marks: MarkTable
  readonly keys: KeyRing
  readonly blobs: BlobTable
  readonly checkpoints: CheckpointTable
  readonly executions: ExecutionTable
  readonly segments: Segments
  readonly origin: string
  readonly clock: Clock
  readonly scrub: Scrub
  /** Asked before anything is appended; throws where nothing may be. */
  readonly admit: (latest: () => string | undefined) => void
  readonly moment: CommitTurn
}
