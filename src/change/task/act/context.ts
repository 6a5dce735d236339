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

/** What a task may know and use. Everything that is not a value is a port, so a task runs the same against any switch and any clock. */
export interface TaskContext<Input = JsonObject> {
  readonly execution: string
  /**
   * What this call is within its execution: the same for every attempt of one visit to a state, another for every other
   * visit, iteration, and undo.
   */
  readonly call: string
  readonly input: Input
  /** What the snapshot before the plan has read, as an artefact; absent before it. */
  readonly snapshot: string | undefined
  /** The switches of the state's scope: one inside a Map over switches, elsewhere all that the execution selected. */
  readonly devices: readonly string[]
  /** What an outside system answers with, where the state waits for it; in data `TASK_TOKEN` stands for it. */
  readonly token?: string
  readonly fleet: Fleet
  readonly http: HttpPort
  readonly clock: Clock
  readonly random: Random
  /** Aborted when a sibling has failed or a person stops the execution; a task with a write in flight drains first. */
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
  /** Goes on without switches that do not answer, and puts that on record: true. False where the execution may not, and then nothing is on record. */
  leaveOut(absent: readonly AbsentSwitch[]): Promise<boolean>
  /** Whether a switch was left out because it did not answer: nothing is asked of it any more. */
  isLeftOut(device: string): boolean
  readonly timers: CommitTimers
  /** Is told what a switch has shown while the change is in force. Absent: nobody wants to know. */
  readonly saw?: (seen: SeenSwitch) => void
  /** Hears of every round of a verification. Absent: nobody listens. */
  readonly pulse?: (note: Pulse) => void
  /** Hears how many switches have answered. Absent: nobody listens. */
  readonly answered?: (count: AnsweredCount) => void
  /** What is demanded before a switch is armed. */
  readonly armTerms: ArmTerms
  readonly checkpoints: CheckpointRecord
  /** Whether the execution was resumed since a switch was armed: then nobody has looked at its timer of late. */
  isHeldOver(device: string): boolean
  /** Whether a record was written by the process that drives the execution now. */
  isOfThisProcess(record: number): boolean
  readonly doubt?: Doubt
  /** Whether there is a plan. */
  readonly isPlanned: boolean
  /** Whether an execution of this store has made a config session: then their leases decide which of them goes on. */
  isOfThisStore(session: string): Promise<boolean>
  /** What the journal knows of a switch, as of now. */
  history(device: string): DeviceHistory
}

/** The journal as a task sees it. Each call is durable before it returns. */
export interface ActLog {
  intended(device: string, act: Act, detail: ActDetail): Promise<void>
  finished(
    device: string,
    act: Act,
    detail: { session: string; outcome: ActOutcome; error?: ErrorRecord } & Partial<
      Record<'base' | 'target' | 'startup' | 'replaced', string>
    > & { overwrites?: readonly string[] },
  ): Promise<void>
  /** What the switch itself said when it was asked. */
  settled(device: string, found: Finding, detail: string, unrecorded?: readonly string[]): Promise<void>
  /** What was judged in one round on one switch, as one write: whoever watches sees the round whole. */
  verdicts(device: string, round: number, judged: readonly JudgedCheck[]): Promise<void>
  undone(device: string, end: DeviceEnd, detail: string): Promise<void>
  /** What the network of a switch that was put back is, against what it was before the change. */
  network(device: string, found: NetworkReading): Promise<void>
}

/** Large texts beside the journal, encrypted at rest. */
export interface TextStore {
  put(text: string): Promise<string>
  get(ref: string): Promise<string>
}

/** What a switch showed when the plan was made. */
export interface DeviceEvidence {
  readonly device: string
  readonly identity: DeviceIdentity
  /** State areas by name. */
  readonly state: Readonly<Record<string, Json>>
  readonly rendered: RenderedChange
  readonly staged: StageResult
  /** The checkpoints of ours that nobody needs any more; absent where the switch was not asked. */
  readonly spentCheckpoints?: readonly string[]
  /** Config sessions of others that were pending, and the switch's commit settings. */
  readonly foreignSessions: readonly string[]
  readonly mergeOnCommit: boolean
  /** Milliseconds from the question to the answer of the snapshot. */
  readonly roundTrip?: number
  /** The change was computed by the configuration model, because it holds a line that may not be sent before an approval. */
  readonly isOffline?: true
  /** `boot` lines that are sent last: they are no part of the session. */
  readonly bootLines?: readonly string[]
  /** What is behind what the change touches. Absent: it touches nothing, or nobody wants to know. */
  readonly behind?: BehindSwitch
  /** What of the verification was refused when the state was read, by this switch or by one that probes. Absent: nothing. */
  readonly refused?: readonly RefusedQuestion[]
}

/** A switch beside those that change, as it showed itself before the change. */
export interface NeighborReading {
  readonly identity: DeviceIdentity
  readonly state: Readonly<Record<string, Json>>
  /** Its running-config, where that must stay as it is; absent for a switch that the plan itself is for. */
  readonly running?: string
  /** Which checks were good on it, by their place in the list: the change cannot have broken the others. */
  readonly good: readonly number[]
}

/** A neighbour of switches that the execution is for, or in one sentence why it is not watched. */
export interface NeighborEvidence {
  readonly device: string
  /** The switches that hear it over LLDP. */
  readonly of: readonly string[]
  readonly found: NeighborReading | string
}

/** A neighbour that is watched while a switch is verified, with what it was before the change. */
export interface WatchedNeighbor {
  readonly device: string
  readonly identity: DeviceIdentity
  readonly baseline: Readonly<Record<string, Json>>
  readonly good: readonly number[]
  /** Whether a running-config is the one of before; absent where that is not asked of it. */
  isUnchanged?(running: string): boolean
}

/** The settled change of one switch, as the approved plan has it. */
export interface SettledDevice {
  readonly identity: DeviceIdentity
  readonly timerSeconds: number
  /** How long its verification may take and must stay good, in seconds. */
  readonly verify: { readonly within: number; readonly stableFor: number }
  /** Whether the change began with everything saved, so that it must end so. */
  readonly startupEqualsRunning: boolean
  /** Whether checkpoints of ours that nobody needs any more are deleted. */
  readonly prunes: boolean
  /** Throws `stale` when the plan shows another change than this, which would be sent: by its mode, or by its lines. */
  requireShown(change: Pick<RenderedChange, 'mode' | 'lines'>): void
  /** Throws `stale` when the switch announces a risk that the plan does not hold. */
  requireSaid(said: readonly SaidLine[]): void
  /** Throws `stale` when the running-config is not the plan's base. */
  requireBase(running: string): void
  /** Whether a running-config is what the approved change makes of the plan's base. */
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
  /** Whether the plan holds `boot` lines, which are sent last. */
  readonly hasBootLines: boolean
  /** What backs it up; absent where that is not asked. */
  readonly otherSide?: OtherSide
}

/** The change: rendered from the workflow, settled by the plan. */
export interface ChangePort {
  /** Renders the change of one switch for a plan. Throws `stale` or `guard`. */
  render(device: string): Promise<RenderedChange>
  /** What the configuration model makes of a change, where the switch may not be asked before an approval. Throws `refused`. */
  compute(device: string, identity: DeviceIdentity, reading: ConfigReading, change: RenderedChange): DeviceEvidence
  /** What is asked of a switch about what its change touches; undefined where nothing is. */
  behind(evidence: Pick<DeviceEvidence, 'staged'>): BehindQuestion | undefined
  /** Makes, stores and journals the plan of all switches; its digest is what an approval binds to. */
  settle(
    evidence: readonly DeviceEvidence[],
    neighbors: readonly NeighborEvidence[],
  ): Promise<{ digest: string; changed: number }>
  /** Throws `guard` where a switch runs an EOS that is too old to be changed; a change is taken back whatever it runs. */
  requireEos(device: string, eos: string): void
  /** The plan's word on one switch. */
  planned(device: string): Promise<SettledDevice>
  /** What the switch ran when the plan was made; undefined where this store has not kept it. */
  baseText(device: string): Promise<string | undefined>
  /** Which execution of this store has changed the switch since the plan was made, as it runs `running` now, in words; undefined where none has. */
  changedBy(device: string, running: string): Promise<string | undefined>
  /** Renders again from the same sources and requires the plan's HMAC. Throws `stale`. */
  renderAgain(device: string): Promise<RenderedChange>
  /** The switches that the plan changes, without those that were put back. */
  changed(): Promise<readonly string[]>
  /** The state areas that the snapshot read before the change. */
  baseline(device: string): Promise<Readonly<Record<string, Json>>>
  /** The neighbours that are watched with a switch. */
  watched(device: string): Promise<readonly WatchedNeighbor[]>
  /** Milliseconds that the snapshot waited for the switch; undefined where it was not measured. */
  roundTrip(device: string): Promise<number | undefined>
  /** What is confirmed together with a switch. */
  confirmedWith(device: string): Promise<ConfirmationGroup>
}

/** The switches around those that change. They are read by the user who reads, and never written. */
export interface NeighborPort {
  /** The name in the inventory of a switch that LLDP names; undefined for what is not in it. */
  named(heard: string): string | undefined
  /** Which of these switches whoever runs the execution may not read now, and why. */
  denied(devices: readonly string[]): Promise<ReadonlyMap<string, EosflowError>>
  /** What a switch answers to the commands of all checks. */
  readonly look: SharedLooks['look']
  /** Its configuration. */
  readonly config: SharedLooks['config']
}

/** What one check said. */
export interface JudgedCheck {
  readonly check: string
  /** The neighbour that was judged; absent for the switch itself. */
  readonly of?: string
  /** Which of the checks of this name it is, from 2 on; absent for the first. */
  readonly nth?: number
  readonly verdict: Verdict
}

/** Whose answers are judged. */
export interface JudgedSwitch {
  readonly device: string
  /** The state areas that the snapshot read before the change, by area name. */
  readonly baseline: Readonly<Record<string, Json>>
  /** When they are judged, in seconds since the epoch. */
  readonly now: number
}

/** The workflow's checks and the snapshot's state areas, judged by the check room. */
export interface CheckPort extends StandingPort {
  /** The commands that all checks ask, each once. */
  readonly commands: readonly Command[]
  /** Those of them that are asked of one switch: a check that reads of the switch asks each its own. */
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
        /** Whether running-config may differ by the change alone. */
        readonly everythingElse: boolean
        /** The checks that compare, by their place in the list. */
        readonly places: readonly number[]
      }
    | undefined
  /** A verdict per check, in their order. */
  judge(replies: readonly Reply[], given: JudgedSwitch): Promise<readonly JudgedCheck[]>
  /** The same of a switch that does not change itself: what the change should bring about need not show there. */
  judgeBeside(replies: readonly Reply[], given: JudgedSwitch): Promise<readonly JudgedCheck[]>
  /** The commands of the named state areas, each once. */
  areaCommands(areas: readonly string[]): readonly Command[]
  readAreas(areas: readonly string[], replies: readonly Reply[]): Readonly<Record<string, Json>>
  /** What of these areas is not as before. */
  lastingChanges(
    areas: readonly string[],
    before: Readonly<Record<string, Json>>,
    now: Readonly<Record<string, Json>>,
  ): LastingChanges
}

/**
 * Why the record's silence about a switch proves nothing: the store was restored from a backup in which the execution was open, or another
 * process than the first drives it, which may have a copy of the record (docs/copies.md). Without a doubt the process that began it drives it.
 */
type Doubt = 'restored' | 'taken up'
