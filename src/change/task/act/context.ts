import type { z } from 'zod'
import type {
  ConfigReading,
  DeviceIdentity,
  Fleet,
  Look,
  Reply,
  SaidLine,
  StageResult,
} from '../../../eos/device/device.ts'
import type { DeviceHistory } from '../../../eos/device/history.ts'
import type { Act, ActDetail, ActOutcome, DeviceEnd, Finding } from '../../../model/act.ts'
import type { ArmTerms } from '../../../model/arm-terms.ts'
import type { Clock, Random } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError, type ErrorRecord, type Verdict } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { LastingChanges, NetworkReading } from '../../../model/network-reading.ts'
import type { Scope } from '../../../model/principal.ts'
import type { RefusedQuestion } from '../../../model/refused-question.ts'
import type { BehindQuestion, BehindSwitch } from './behind.ts'
import type { AnsweredCount, Pulse } from './pulse.ts'
import type { RenderedChange } from './rendered-change.ts'
import type { SharedLooks } from './shared-looks.ts'

export interface AbsentSwitch {
  readonly device: string
  readonly error: EosflowError
}

/** The approval of the plan. */
export interface ApprovalPort {
  /** Finds or asks for a decision. `waiting`: there is nobody to ask now. Throws `not-approved` when it is rejected, expired or tampered with. */
  obtain(signal: AbortSignal): Promise<'approved' | 'waiting'>
  /**
   * Judges again all conditions under which the plan may be sent (docs/approvals.md#what-is-judged). `shown` is what the
   * switch shows right before its timed commit; without it nothing may be committed yet. Throws `not-approved` or `stale`.
   */
  require(shown?: { readonly device: string; readonly running: string; readonly candidate: string }): Promise<void>
  /** Judged once more right before the confirm: what was rejected, tampered with or forbidden since is not confirmed. Throws `not-approved` or `stale`. */
  requireUnrevoked(): Promise<void>
}

/** What switches refuse of what the verification of an execution will ask. */
export interface QuestionPort {
  /** Asks every pair that is probed once, and gives what is refused. A switch that does not answer has refused nothing. */
  refusedProbes(): Promise<readonly RefusedQuestion[]>
  /** Where it is written what is compared with the state before the change, in front of what is said of it; nothing where nothing is. */
  placeOfComparison(): string
  /** Throws `refused` with what is refused, unless the plan makes what it is about. `runningOf` gives what runs on a switch. */
  require(refused: readonly RefusedQuestion[], runningOf: (device: string) => Promise<string>): Promise<void>
}

/** When the verification of a switch began, and since when answers count that were asked for by others: moments of the clock that never jumps. */
export interface RoundTime {
  readonly begun: number
  readonly since: number
}

/** A switch that is about to be pushed. */
export interface PushedSwitch {
  readonly device: string
  /** The same for all switches that are pushed with it, as those of a wave. */
  readonly among: string
  /** It, and the others of this wave and of later ones that are not committed, with their serial numbers as planned. */
  open(): Promise<readonly { readonly name: string; readonly serial: string }[]>
  readonly signal: AbortSignal
}

/** What a feature does for one execution in one process: it refuses, waits or judges. Nothing of it is needed to resume. */
export interface OpenFeature {
  /** Waits or asks before a switch is pushed, after the features before it. Throws what keeps the change from being sent. */
  push?(at: PushedSwitch): Promise<void>
  /** Judges a switch before a round looks at it. What cannot be had is the verdict `error`. */
  round?(device: string, when: RoundTime, signal: AbortSignal): Promise<readonly JudgedCheck[]>
}

/** What a switch has shown, when it was asked on the clock that never jumps, and its state areas before the change. */
export interface SeenSwitch {
  readonly device: string
  readonly at: number
  readonly look: Look
  readonly commands: readonly Command[]
  readonly baseline: Readonly<Record<string, Json>>
}

export interface StandingPort {
  upSince(replies: readonly Reply[]): Readonly<Record<string, number>>
  flapped(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): readonly string[]
  /** Whether each that the answers tell of is up, and since when, in seconds by the clock of the switch. */
  standings(
    commands: readonly Command[],
    replies: readonly Reply[],
  ): Readonly<Record<string, { readonly isUp: boolean; readonly since?: number | undefined }>>
  upBefore(areas: Readonly<Record<string, Json>>): readonly string[]
}

export interface CheckpointRecord {
  spent(device: string, listed: readonly string[]): Promise<readonly string[]>
  isReplayed(device: string, listed: readonly string[], base: string): Promise<boolean>
  committed(device: string, listed: readonly string[]): Promise<readonly PastCommit[]>
}

export interface PastCommit {
  readonly execution: string
  readonly target: string
}

export interface ConfirmationGroup {
  /** All of them, those that were put back too: of one plan always the same list, unless it is one switch. */
  readonly planned: readonly string[]
  readonly switches: readonly string[]
  readonly open: readonly string[]
  readonly concurrency: number
  readonly roundTrip: number
}

interface CommitTimers {
  // A switch has just said how many seconds are left of its timer.
  saw(device: string, secondsLeft: number): void
  // How many seconds are left, as the switch last said; undefined where it has not.
  left(device: string): number | undefined
  // The fewest that are left of any of these switches; undefined where none has said. A list that is asked about again is looked through when one
  // has spoken since.
  soonest(devices: readonly string[]): number | undefined
  // A confirm took so many milliseconds.
  tookToConfirm(milliseconds: number): void
  // The most milliseconds that a confirm took; 0 before the first.
  readonly slowestConfirm: number
}

/** The commit timers of one execution, by the clock that never jumps. */
export function commitTimers(clock: Pick<Clock, 'monotonic'>): CommitTimers {
  const ends = new Map<string, number>()
  let first = new WeakMap<readonly string[], number>()
  let slowest = 0
  const leftUntil = (end: number) => Math.max(0, Math.floor((end - clock.monotonic()) / 1000))
  return {
    saw: (device, secondsLeft) => {
      ends.set(device, clock.monotonic() + secondsLeft * 1000)
      first = new WeakMap()
    },
    left: (device) => {
      const end = ends.get(device)
      return end === undefined ? undefined : leftUntil(end)
    },
    soonest: (devices) => {
      const end = first.get(devices) ?? devices.reduce((least, one) => Math.min(least, ends.get(one) ?? least), NEVER)
      first.set(devices, end)
      return end === NEVER ? undefined : leftUntil(end)
    },
    tookToConfirm: (milliseconds) => {
      slowest = Math.max(slowest, milliseconds)
    },
    get slowestConfirm() {
      return slowest
    },
  }
}

const NEVER = Number.POSITIVE_INFINITY

export interface OtherSide {
  readonly device: string
  readonly partners: readonly string[]
  /** Its uplinks must carry less than this of what both carry, in percent. */
  readonly uplinks: number
}

export type PairPoint = 'arm' | 'confirm'

export interface BeforePush {
  /** Throws `busy` or `stale`. */
  takeShares(timerSeconds: number): Promise<void>
  /** Begins to ask the pairs that are probed, so that they were asked before the first timed commit. */
  beginProbes(): void
  /** Requires, once, that the tickets of the change allow it now. Throws `guard` where one does not, or what keeps one from being asked. */
  requireTickets(): Promise<void>
  /** Does, once, what is to be there at other services before the first push. */
  beginAround(): Promise<void>
  /** Requires, once for a wave, that what backs its switches up is fit to carry their traffic. Throws `guard`. */
  requireOtherSides(): Promise<void>
  /** Asks features, one after the other. Throws what keeps the change from being sent. */
  askFeatures(): Promise<void>
  /**
   * Requires that no other execution holds what backs the switch up, now that its own lease is taken: of two that have looked at the same moment at least
   * one sees the other. Throws `guard`.
   */
  requireFreeSide(): Promise<void>
  /** Throws `cancelled` where the execution stops first. */
  meetPartner(point: PairPoint): Promise<boolean>
}

export interface OtherSidePort {
  /** What a switch answers to the commands of the areas `mlag`, `bgp` and `traffic`, as the user who reads. */
  look(device: string): Promise<Look>
  heldBy(device: string): Promise<string | undefined>
}

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
  readonly features: readonly OpenFeature[]
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

export type LookContext = Pick<
  TaskContext<unknown>,
  | 'checks'
  | 'clock'
  | 'features'
  | 'fleet'
  | 'history'
  | 'neighbors'
  | 'random'
  | 'saw'
  | 'signal'
  | 'snapshot'
  | 'texts'
> & { readonly change: Pick<ChangePort, 'baseline' | 'planned' | 'roundTrip' | 'watched'> }

export type Probe = { readonly do: 'again' } | { readonly do: 'done'; readonly output: JsonObject }

export interface Task<I extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly summary: string
  readonly docs: string
  readonly scope: Scope
  /** `read` may be run again at any time; `write` is never run again before `probe` has asked the switch. */
  readonly effect: 'read' | 'write'
  readonly input: I
  /** Throws EosflowError; what it returns is journalled, so large values are artefacts. */
  run(context: TaskContext<z.output<I>>): Promise<JsonObject>
  /** Throws when the change must be undone. */
  probe?(context: TaskContext<z.output<I>>): Promise<Probe>
  readonly undo?: string
}

export const defineTask = <I extends z.ZodType>(task: Task<I>): Task<I> => Object.freeze(task)

/** Throws `bug` elsewhere: the compiler places such tasks inside a Map over switches. */
export function oneDevice(context: Pick<TaskContext, 'devices'>): string {
  const [name, ...others] = context.devices
  if (name === undefined || others.length > 0) {
    throw new EosflowError('bug', `this task acts on one switch, not on ${context.devices.length}`)
  }
  return name
}
