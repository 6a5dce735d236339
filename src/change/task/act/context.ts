import type { ConfigReading, DeviceIdentity, Reply, SaidLine, StageResult } from '../../../eos/device/device.ts'
import type { DeviceHistory } from '../../../eos/device/history.ts'
import type { Fleet } from '../../../eos/device/transport.ts'
import type { Act, ActDetail, ActOutcome, DeviceEnd, Finding } from '../../../model/act.ts'
import type { ArmTerms } from '../../../model/arm-terms.ts'
import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import type { EosflowError, ErrorRecord } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { LastingChanges, NetworkReading } from '../../../model/network-reading.ts'
import type { Random } from '../../../model/random.ts'
import type { RefusedQuestion } from '../../../model/refused-question.ts'
import type { Verdict } from '../../../model/verdict.ts'
import type { AbsentSwitch } from './absent-switch.ts'
import type { ApprovalPort } from './approval-port.ts'
import type { BeforePush, OtherSide } from './before-push.ts'
import type { BehindQuestion, BehindSwitch } from './behind.ts'
import type { CheckpointRecord } from './checkpoint-record.ts'
import type { CommitTimers } from './commit-timers.ts'
import type { ConfirmationGroup } from './confirmation-group.ts'
import type { JudgePort } from './judge-port.ts'
import type { AnsweredCount, Pulse } from './pulse.ts'
import type { QuestionPort } from './question-port.ts'
import type { RenderedChange } from './rendered-change.ts'
import type { SeenSwitch, StandingPort } from './seen-switch.ts'
import type { SharedLooks } from './shared-looks.ts'

export interface TaskContext<Input = JsonObject> {
  readonly execution: string
  readonly call: string
  readonly input: Input
  /** What the snapshot before the plan has read, as an artefact; absent before it. */
  readonly snapshot: string | undefined
  readonly devices: readonly string[]
  /** What an outside system answers with, where the state waits for it; in data `TASK_TOKEN` stands for it. */
  readonly token?: string
  readonly fleet: Fleet
  readonly http: HttpPort
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
  readonly log: ActLog
  readonly texts: TextStore
  readonly change: ChangePort
  readonly checks: CheckPort
  readonly neighbors: NeighborPort
  readonly judges: JudgePort
  readonly approval: ApprovalPort
  /** What is waited for, or required, before a switch is pushed or confirmed. */
  readonly before: BeforePush
  readonly questions: QuestionPort
  /** False where the execution may not, and then nothing is on record. */
  leaveOut(absent: readonly AbsentSwitch[]): Promise<boolean>
  /** Whether a switch was left out because it did not answer: nothing is asked of it any more. */
  isLeftOut(device: string): boolean
  readonly timers: CommitTimers
  readonly saw?: (seen: SeenSwitch) => void
  readonly pulse?: (note: Pulse) => void
  readonly answered?: (count: AnsweredCount) => void
  readonly armTerms: ArmTerms
  readonly checkpoints: CheckpointRecord
  /** Whether the execution was resumed since a switch was armed: then nobody has looked at its timer of late. */
  isHeldOver(device: string): boolean
  isOfThisProcess(record: number): boolean
  readonly doubt?: Doubt
  readonly isPlanned: boolean
  isOfThisStore(session: string): Promise<boolean>
  history(device: string): DeviceHistory
}

export interface ActLog {
  intended(device: string, act: Act, detail: ActDetail): Promise<void>
  finished(
    device: string,
    act: Act,
    detail: { session: string; outcome: ActOutcome; error?: ErrorRecord } & Partial<
      Record<'base' | 'target' | 'startup' | 'replaced', string>
    > & { overwrites?: readonly string[] },
  ): Promise<void>
  settled(device: string, found: Finding, detail: string, unrecorded?: readonly string[]): Promise<void>
  verdicts(device: string, round: number, judged: readonly JudgedCheck[]): Promise<void>
  undone(device: string, end: DeviceEnd, detail: string): Promise<void>
  /** What the network of a switch that was put back is, against what it was before the change. */
  network(device: string, found: NetworkReading): Promise<void>
}

export interface TextStore {
  put(text: string): Promise<string>
  get(ref: string): Promise<string>
}

export interface DeviceEvidence {
  readonly device: string
  readonly identity: DeviceIdentity
  readonly state: Readonly<Record<string, Json>>
  readonly rendered: RenderedChange
  readonly staged: StageResult
  /** The checkpoints of ours that nobody needs any more; absent where the switch was not asked. */
  readonly spentCheckpoints?: readonly string[]
  readonly foreignSessions: readonly string[]
  readonly mergeOnCommit: boolean
  readonly roundTrip?: number
  /** The change was computed by the configuration model, because it holds a line that may not be sent before an approval. */
  readonly isOffline?: true
  /** `boot` lines that are sent last: they are no part of the session. */
  readonly bootLines?: readonly string[]
  /** What is behind what the change touches. */
  readonly behind?: BehindSwitch
  readonly refused?: readonly RefusedQuestion[]
}

export interface NeighborReading {
  readonly identity: DeviceIdentity
  readonly state: Readonly<Record<string, Json>>
  /** Its running-config, where that must stay as it is; absent for a switch that the plan itself is for. */
  readonly running?: string
  readonly good: readonly number[]
}

export interface NeighborEvidence {
  readonly device: string
  readonly of: readonly string[]
  readonly found: NeighborReading | string
}

export interface WatchedNeighbor {
  readonly device: string
  readonly identity: DeviceIdentity
  readonly baseline: Readonly<Record<string, Json>>
  readonly good: readonly number[]
  /** Whether a running-config is the one of before; absent where that is not asked of it. */
  isUnchanged?(running: string): boolean
}

export interface SettledDevice {
  readonly identity: DeviceIdentity
  readonly timerSeconds: number
  /** How long its verification may take and must stay good, in seconds. */
  readonly verify: { readonly within: number; readonly stableFor: number }
  /** Whether the change began with everything saved, so that it must end so. */
  readonly startupEqualsRunning: boolean
  readonly prunes: boolean
  /** Throws `stale` when the plan shows another change than this, which would be sent: by its mode, or by its lines. */
  requireShown(change: Pick<RenderedChange, 'mode' | 'lines'>): void
  /** Throws `stale` when the switch announces a risk that the plan does not hold. */
  requireSaid(said: readonly SaidLine[]): void
  /** Throws `stale` when the running-config is not the plan's base. */
  requireBase(running: string): void
  isTarget(base: string, running: string): boolean
  /** How many lines of the approved change are among those in which a running-config has changed since the plan's base. */
  partOfChange(base: string, running: string): 'none' | 'some' | 'all'
  /**
   * Throws `stale` when what the switch makes of a change that was planned offline is not what was approved, with both texts; and when other
   * lines of it are unknown than the plan names.
   */
  requireCandidate(change: RenderedChange, shown: { readonly running: string; readonly candidate: string }): void
  /** Throws `stale` when the plan shows a switch on which everything is saved, and something is not. */
  requireSaved(reading: Pick<ConfigReading, 'startupDiff'>): void
  readonly hasBootLines: boolean
  readonly otherSide?: OtherSide
}

export interface ChangePort {
  /** Throws `stale` or `guard`. */
  render(device: string): Promise<RenderedChange>
  /** What the configuration model makes of a change, where the switch may not be asked before an approval. Throws `refused`. */
  compute(device: string, identity: DeviceIdentity, reading: ConfigReading, change: RenderedChange): DeviceEvidence
  /** What is asked of a switch about what its change touches; undefined where nothing is. */
  behind(evidence: Pick<DeviceEvidence, 'staged'>): BehindQuestion | undefined
  settle(
    evidence: readonly DeviceEvidence[],
    neighbors: readonly NeighborEvidence[],
  ): Promise<{ digest: string; changed: number }>
  /** Throws `guard` where a switch runs an EOS that is too old to be changed; a change is taken back whatever it runs. */
  requireEos(device: string, eos: string): void
  planned(device: string): Promise<SettledDevice>
  /** What the switch ran when the plan was made; undefined where this store has not kept it. */
  baseText(device: string): Promise<string | undefined>
  /** Which execution of this store has changed the switch since the plan was made, as it runs `running` now, in words; undefined where none has. */
  changedBy(device: string, running: string): Promise<string | undefined>
  /** Throws `stale`. */
  renderAgain(device: string): Promise<RenderedChange>
  changed(): Promise<readonly string[]>
  baseline(device: string): Promise<Readonly<Record<string, Json>>>
  watched(device: string): Promise<readonly WatchedNeighbor[]>
  /** Milliseconds that the snapshot waited for the switch; undefined where it was not measured. */
  roundTrip(device: string): Promise<number | undefined>
  confirmedWith(device: string): Promise<ConfirmationGroup>
}

/** They are read by the user who reads, and never written. */
export interface NeighborPort {
  /** The name in the inventory of a switch that LLDP names; undefined for what is not in it. */
  named(heard: string): string | undefined
  /** Which of these switches whoever runs the execution may not read now, and why. */
  denied(devices: readonly string[]): Promise<ReadonlyMap<string, EosflowError>>
  readonly look: SharedLooks['look']
  readonly config: SharedLooks['config']
}

export interface JudgedCheck {
  readonly check: string
  readonly of?: string
  /** Which of the checks of this name it is, from 2 on; absent for the first. */
  readonly nth?: number
  readonly verdict: Verdict
}

export interface JudgedSwitch {
  readonly device: string
  /** The state areas that the snapshot read before the change, by area name. */
  readonly baseline: Readonly<Record<string, Json>>
  /** When they are judged, in seconds since the epoch. */
  readonly now: number
}

export interface CheckPort extends StandingPort {
  readonly commands: readonly Command[]
  commandsFor(device: string): readonly Command[]
  /** What a switch refuses of them, so that a check could not be judged; `replies` are its answers to these commands. */
  refused(
    commands: readonly Command[],
    replies: readonly Reply[],
    given: JudgedSwitch,
  ): Promise<readonly RefusedQuestion[]>
  /** What must have been read before the change, because it is compared with; undefined where nothing is expected of it. */
  readonly compared:
    | {
        readonly areas: readonly string[]
        readonly everythingElse: boolean
        readonly places: readonly number[]
      }
    | undefined
  judge(replies: readonly Reply[], given: JudgedSwitch): Promise<readonly JudgedCheck[]>
  judgeBeside(replies: readonly Reply[], given: JudgedSwitch): Promise<readonly JudgedCheck[]>
  areaCommands(areas: readonly string[]): readonly Command[]
  readAreas(areas: readonly string[], replies: readonly Reply[]): Readonly<Record<string, Json>>
  lastingChanges(
    areas: readonly string[],
    before: Readonly<Record<string, Json>>,
    now: Readonly<Record<string, Json>>,
  ): LastingChanges
}

// Why the record's silence about a switch proves nothing: the store was restored from a backup in which the execution was open, or another
// process than the first drives it, which may have a copy of the record (docs/copies.md).
type Doubt = 'restored' | 'taken up'
