import type { CheckpointVerifier } from '../../../change/record/audit/checkpoint-key.ts'
import type { AnchorFile } from '../../app/store/lost-store.ts'
import type { WordedHost } from '../../system/process/host.ts'

export interface Measure extends WordedHost {
  readonly verifier: CheckpointVerifier | undefined
  readonly anchors: readonly AnchorFile[]
  /** Milliseconds since the epoch; undefined for an export, which is as old as it is. */
  readonly now: number | undefined
}
