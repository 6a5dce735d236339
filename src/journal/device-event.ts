import type { Act, ActOutcome, Finding } from '../model/act.ts'
import type { ErrorRecord } from '../model/error.ts'
import type { Verdict } from '../model/verdict.ts'
import type { ArtefactRef } from './artefact-ref.ts'

/** What an execution does to one switch, and what the switch said: an intent is on record before it is sent, its outcome after the answer. */
export type DeviceEventBody =
  | {
      readonly type: 'ActIntended'
      readonly device: string
      readonly act: Act
      readonly session: string
      readonly checkpoint?: string
      /** The commit timer, for `arm`. */
      readonly seconds?: number
      /** The lines, without their secrets, for `boot`. */
      readonly lines?: readonly string[]
      /** By how many seconds longer than usual its answer is waited for; absent where it is not. */
      readonly patience?: number
      /** Whether everybody else is kept out of config modes meanwhile, for `arm`; absent before it was recorded. */
      readonly locked?: boolean
      /** The checkpoints to delete, for `prune`. */
      readonly checkpoints?: readonly string[]
      /** The lines of EOS or of somebody else that go with it, redacted, for what puts back; absent where none were seen. */
      readonly overwrites?: readonly string[]
      /** The owner session that the request shows first (ADR 84); absent: there was none. */
      readonly held?: string
    }
  | {
      readonly type: 'ActFinished'
      readonly device: string
      readonly act: Act
      readonly session: string
      readonly outcome: ActOutcome
      readonly error?: ErrorRecord
      /** The running-config before the change (for `replay`: the one that can be replayed) and the staged candidate, as artefacts. */
      readonly base?: ArtefactRef
      readonly target?: ArtefactRef
      /** startup-config before the timed commit, as an artefact; absent where the switch does not show it. */
      readonly startup?: ArtefactRef
      /** The running-config right before the timed commit, which it replaced, as an artefact. */
      readonly replaced?: ArtefactRef
      /** The lines of EOS or of somebody else that went with it, redacted, as running-config showed them right before; absent where none were seen. */
      readonly overwrites?: readonly string[]
    }
  | {
      readonly type: 'DeviceSettled'
      readonly device: string
      /** What the switch itself said when it was asked after a lost answer, a crash or a rollback. */
      readonly found: Finding
      readonly detail: string
      /** What of this execution the switch shows and no record here announces: sessions, checkpoints, `running-config`. Absent: nothing. */
      readonly unrecorded?: readonly string[]
    }
  | {
      readonly type: 'VerdictGiven'
      readonly device: string
      readonly check: string
      /** The neighbour that was judged; absent for the switch itself, and for all before it was recorded: there the name of the check ends in ` on NAME`. */
      readonly of?: string
      /** Which of the checks of this name it is, from 2 on; absent for the first. */
      readonly nth?: number
      readonly round: number
      readonly verdict: Verdict
    }
