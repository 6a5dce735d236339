import { type Command, questionOf } from '../../model/command.ts'
import { EosflowError, type ErrorOptions } from '../../model/error.ts'
import type { AskFence } from '../../model/fence.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Secret } from '../../model/secret.ts'
import type { TransportKind } from '../../model/transport-kind.ts'

export interface RawRequest {
  readonly commands: readonly Command[]
  /** `completions`: nothing is carried out, and what may follow the one command is asked; over eAPI alone. */
  readonly format: 'json' | 'text' | 'completions'
  /** Whether the commands behind one that the switch refuses are sent all the same. */
  readonly refusals: 'stop' | 'go-on'
}

export type RawOutcome =
  | { readonly ok: true; readonly result: Json }
  | { readonly ok: false; readonly errors: readonly [string, ...string[]]; readonly code?: number }

export interface RawAnswer {
  readonly request: string
  readonly answer: string
  readonly outcomes: readonly RawOutcome[]
  readonly prompts?: readonly string[]
}

export function rawText(outcome: RawOutcome | undefined): string | undefined {
  if (outcome === undefined) return undefined
  if (!outcome.ok) return outcome.errors.join('\n')
  const { result } = outcome
  if (typeof result === 'string') return result
  if (!isJsonObject(result)) return ''
  if (typeof result.output === 'string') return result.output
  return Array.isArray(result.messages) ? result.messages.filter((one) => typeof one === 'string').join('\n') : ''
}

/** `unknown`: it does not say how startup-config differs, for example because it has none [inferred: no recording of a switch without a startup-config is known]. */
export function savedState({ startupDiff }: Pick<ConfigReading, 'startupDiff'>): 'saved' | 'unsaved' | 'unknown' {
  if (startupDiff === undefined) return 'unknown'
  return startupDiff.trim() === '' ? 'saved' : 'unsaved'
}

export interface DeviceIdentity {
  readonly serial: string
  readonly systemMac: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  readonly model: string
}

export interface Look {
  readonly identity: DeviceIdentity
  /** Seconds since boot, by the switch's own clock. */
  readonly uptime: number
  /** Seconds since the epoch, by the switch's own clock. */
  readonly epoch: number
  readonly sessions: SessionTable
  readonly replies: readonly Reply[]
}

/** `revision: 'latest'` tells that the command pins a revision which cannot be asked for this way, so that this is the latest. */
export type Reply =
  | { readonly ok: true; readonly json: Json; readonly revision?: 'latest' }
  | { readonly ok: false; readonly error: string }

export type ShowText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string }

export interface ConfigReading {
  readonly running: string
  readonly startupDiff: string | undefined
}

export interface StageRequest {
  readonly session: string
  readonly mode: 'merge' | 'replace'
  readonly commands: readonly Command[]
  /** Absent: the session is aborted once it was shown (a plan). */
  readonly checkpoint?: string
}

export interface StageResult extends ConfigReading {
  readonly candidate: string
  /** The switch's own diff text: evidence for people, never parsed. */
  readonly diff: string
  readonly startup?: string
  /** What the switch printed while it loaded the change, scrubbed; absent where it printed nothing. */
  readonly said?: readonly SaidLine[]
  /** The names of the checkpoints on the switch, behind the one that was saved; absent where a plan could not read them. */
  readonly checkpoints?: readonly string[]
}

export interface SaidLine {
  readonly at: number
  readonly text: string
}

export type Replay =
  | { readonly replays: 'yes' }
  | { readonly replays: 'no'; readonly lines: readonly [string, ...string[]]; readonly isOpen?: true }
  | { readonly replays: 'unknown'; readonly reason: string; readonly isOpen?: true }

export interface Device {
  readonly name: string
  /** By how many seconds longer than the usual two minutes its answers are waited for; absent where they are not. */
  readonly patience?: number
  /** Identity, uptime, config sessions and the asked show commands, as JSON or as text: over eAPI one request for each of the two. */
  look(commands: readonly Command[]): Promise<Look>
  /** What the show commands print, one after the other. */
  print(commands: readonly string[]): Promise<readonly ShowText[]>
  readConfig(): Promise<ConfigReading>
  /**
   * Opens an empty config session and leaves it pending: the owner session of the process that drives an execution. Throws `guard` over a
   * transport that cannot heed one.
   */
  hold(session: string): Promise<void>
  /** The same switch over the same connection, under an owner session: a request that writes shows that session first, and does nothing where the switch does not have it; then it throws `refused` ({@link isOwnerGone} of eos/device/owner-proof.ts). */
  heldBy(session: string): Device
  /** Opens a config session, loads the commands and shows the result; running-config is read behind the opening, so that a change of somebody else's in between shows as another base. When a command is refused the session stays: {@link Device.abort} it. */
  stage(request: StageRequest): Promise<StageResult>
  /** The session is gone when this returns without `isOpen`; when it throws it may be there. */
  replay(session: string, checkpoint: string): Promise<Replay>
  /** Commits a pending session under the switch's commit timer: the switch reverts by itself unless {@link Device.confirm} comes. Gives running-config as it was right before the commit, which alone tells whether somebody else's change was overwritten: a commit replaces whatever was configured since the session was opened (docs/eos.md 2.3). */
  arm(session: string, seconds: number, under?: 'lock'): Promise<string>
  confirm(session: string): Promise<SessionTable>
  /** Aborts a config session; an armed one is rolled back at once. Gives running-config as it was right before, as {@link Device.arm} does. */
  abort(session: string): Promise<string>
  save(): Promise<ConfigReading>
  /**
   * Replaces running-config by a named checkpoint at once: no timer protects this. Gives running-config as it was right before, as
   * {@link Device.arm} does.
   */
  restore(checkpoint: string): Promise<string>
  /** Types `boot` lines in configuration mode, outside any session: each acts as it is typed, and nothing undoes it. Gives what `show boot-config` prints then. */
  boot(lines: readonly string[]): Promise<string>
  /** Throws `refused` at the first that is not deleted. */
  removeCheckpoints(checkpoints: readonly string[]): Promise<void>
  /** Sends commands as they are and gives what went and what came, byte for byte. For the conformance kit alone, which tries lab switches out (ADR 102): a change has verbs that say what they do. */
  exchange(request: RawRequest): Promise<RawAnswer>
  close(): Promise<void>
}

/** `armed` is committed under a running commit timer, whatever the EOS version calls it. */
export type SessionState = 'pending' | 'armed' | 'completed' | 'aborted' | 'unknown'

/** Completed and aborted ones are history; one in a state that no known EOS version prints counts as open. */
export function isOpen(state: SessionState): boolean {
  return state !== 'completed' && state !== 'aborted'
}

/** Whether a session has a name of CloudVision's (docs/eos.md 2.6). */
export function isCloudVisions(session: string): boolean {
  return /^cvp-/i.test(session)
}

/** The config sessions of a switch, in one shape for all EOS versions. */
export interface SessionTable {
  readonly sessions: Readonly<Record<string, SessionState>>
  /** The one session under a commit timer, and the seconds left by the switch's own clock. */
  readonly armed?: { readonly session: string; readonly secondsLeft: number }
  readonly mergeOnCommit: boolean
  readonly saveToStartupConfigOnCommit: boolean
  readonly maxOpenSessions: number
}

export function openSessions({ sessions }: Pick<SessionTable, 'sessions'>): readonly string[] {
  return Object.entries(sessions).flatMap(([name, state]) => (isOpen(state) ? [name] : []))
}

export function freePlaces({ sessions, maxOpenSessions }: Pick<SessionTable, 'sessions' | 'maxOpenSessions'>): number {
  return maxOpenSessions - Object.values(sessions).filter((state) => state === 'pending').length
}

export interface DeviceTime {
  /** Seconds since boot. */
  readonly uptime: number
  /** Seconds since the epoch on the switch's clock. */
  readonly epoch: number
}

const STATES: Readonly<Record<string, SessionState>> = {
  pending: 'pending',
  pendingCommitTimer: 'armed',
  completed: 'completed',
  committed: 'completed',
  aborted: 'aborted',
}

// Above this a time is seconds since the epoch, below it seconds of uptime (docs/eos.md 2.5: both were seen).
const EPOCH_FLOOR = 1_000_000_000

/** Reads `show configuration sessions detail` as JSON. Up to EOS 4.31 an armed session says `pendingCommitTimer` and carries `commitBy`; from 4.32 it says `committed` and only the top-level `commitTimerSessionName` and `commitTimerExpireTime` tell (docs/eos.md 2.5). */
export function readSessionTable(reply: Json, time: DeviceTime): SessionTable {
  const top: JsonObject = isJsonObject(reply) ? reply : {}
  const listed: JsonObject = isJsonObject(top.sessions) ? top.sessions : {}
  const sessions: Record<string, SessionState> = {}
  let armed: SessionTable['armed']
  for (const [name, entry] of Object.entries(listed)) {
    const session: JsonObject = isJsonObject(entry) ? entry : {}
    const state = STATES[String(session.state)] ?? 'unknown'
    sessions[name] = state
    if (state === 'armed') armed = { session: name, secondsLeft: secondsLeft(session.commitBy, time) }
  }
  const owner = top.commitTimerSessionName
  if (typeof owner === 'string' && owner !== '') {
    sessions[owner] = 'armed'
    armed = { session: owner, secondsLeft: secondsLeft(top.commitTimerExpireTime, time) }
  }
  return {
    sessions,
    ...definedMembers({ armed }),
    mergeOnCommit: top.mergeOnCommit === true,
    saveToStartupConfigOnCommit: top.saveToStartupConfigOnCommit === true,
    maxOpenSessions: typeof top.maxOpenSessions === 'number' ? top.maxOpenSessions : 5,
  }
}

// An unreadable expiry counts as no time left, so that nobody relies on it.
function secondsLeft(expires: Json | undefined, time: DeviceTime) {
  if (typeof expires !== 'number') return 0
  return Math.max(0, Math.floor(expires - (expires > EPOCH_FLOOR ? time.epoch : time.uptime)))
}

/** A jump host on the way to a switch. */
export interface Hop {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly hostKey: HostKeyMode
  readonly credentials: string
}

/** The names of the jump hosts of a way, in their order: `bastion, core`. */
export function hopNames(hops: readonly Pick<Hop, 'name'>[]): string {
  return hops.map(({ name }) => name).join(', ')
}

interface HopEnd {
  readonly hop: string
  readonly isPassed: boolean
}

/** A failure of a hop, or after it: `end` says which one, and whether the way goes on from there. */
export class HopError extends EosflowError {
  readonly end: HopEnd

  constructor(end: HopEnd, { kind, message }: Pick<EosflowError, 'kind' | 'message'>, options: ErrorOptions) {
    super(kind, message, options)
    this.end = end
  }
}

/**
 * How the switch's certificate is judged: by the authorities of the system or one of its own, by one key, or by the keys
 * in a file, where a person may add one at first sight (`tofu`). `insecure` needs the operator's second switch as well.
 */
export type TlsMode =
  | { readonly mode: 'system' }
  | { readonly mode: 'ca'; readonly file: string }
  | { readonly mode: 'pin'; readonly sha256: string }
  | { readonly mode: 'tofu'; readonly file: string }
  | { readonly mode: 'insecure' }

/**
 * How the switch's SSH host key is judged: it stands in a file in the form of OpenSSH, or it has one fingerprint
 * (`SHA256:…`). With `strict` nobody is asked about a key that does not stand in the file.
 */
export type HostKeyMode =
  | { readonly mode: 'known-hosts'; readonly file: string; readonly strict?: true }
  | { readonly mode: 'pin'; readonly fingerprint: string }

/** Where a switch is, under its inventory name. */
export interface Address {
  readonly name: string
  readonly host: string
  readonly port: number
  /** `enable` is never sent: for a user who enters privileged mode without it. */
  readonly sendEnable?: false
  /** After how many seconds an answer counts as lost. Default 120. */
  readonly answerSeconds?: number
}

/** A switch that is spoken to over eAPI. */
export interface EapiTarget extends Address {
  readonly transport: 'eapi'
  readonly protocol: 'http' | 'https'
  readonly tls: TlsMode
  /** How it is read while its eAPI cannot be reached. */
  readonly fallback?: SshTarget
}

/** A switch that is spoken to over a shell. */
export interface SshTarget extends Address {
  readonly transport: 'ssh'
  readonly hostKey: HostKeyMode
}

/** What is known of a switch that is reached over each transport. A transport that is missing here does not compile. */
export interface TargetOf {
  readonly eapi: EapiTarget
  readonly ssh: SshTarget
}

/** Where a switch is and how it is spoken to: no secret, so it may stand in a plan. */
export type DeviceTarget = TargetOf[TransportKind]

/** The same without the name of the switch: what a plan keeps of each. */
export type DeviceAddress<K extends TransportKind = TransportKind> = { [T in K]: Omit<TargetOf[T], 'name'> }[K]

/** A user of a switch or a jump host, resolved for one connection. */
export interface Credential {
  readonly username: string
  /** Absent only where a key or a certificate logs in. */
  readonly password?: Secret
  /** The private key in PEM or OpenSSH form: for SSH, and for the client certificate. */
  readonly privateKey?: Secret
  /** What the private key is encrypted with. */
  readonly passphrase?: Secret
  /** The ssh-agent whose keys log in: all of them, or the one with this fingerprint (`SHA256:…`). */
  readonly agent?: { readonly socket: string; readonly fingerprint?: string }
  /** The client certificate for eAPI, PEM; its key is `privateKey`. */
  readonly certificate?: string
  /** The enable secret, where the switch asks for one. */
  readonly enable?: Secret
}

/**
 * Opens devices. Each transport provides one; a new Device is a new connection. What it writes it sends under a fence: asked for once
 * the connection is ready, and judged in the line before bytes leave. `abort` needs none: it names a session that only one execution has made.
 */
export interface Transport {
  connect(target: DeviceTarget, credential: Credential, fence: AskFence): Promise<Device>
}

/** What a connection is for. One that reads is made by a user who may not change the switch, where the inventory has one. */
export type Role = 'read' | 'write'

/** A connection that did not exist before, beside those that are open. Its first verb proves that the switch takes the login. */
export interface NewLogin {
  readonly device: Device
  /** Puts it in the place of the user's older connection, which is closed. */
  adopt(): Promise<void>
  /** Closes it; what was open before stays. */
  giveUp(): Promise<void>
}

/** The switches of one execution: at most one open connection for each user of each of them. */
export interface Fleet {
  /** The switch over its open connection, or over a new one. */
  device(name: string): Promise<Device>
  /** The switch over a connection that did not exist before, which proves that management still works. No older one is left. */
  renew(name: string): Promise<Device>
  /**
   * A new login of the role's user beside what is open: the way in by which the switch was last reached is not given up for it. As a `proof`, of a user
   * whose secret the change replaces, it is made with the new one alone.
   */
  logInAnew(name: string, as?: 'proof'): Promise<NewLogin>
  /** The name of the user that the role logs in with; equal names share a connection. */
  user(name: string): string
  /** The same switches for a role. Roles with the same user share their connections. */
  as(role: Role): Fleet
  /** The same switches over connections of their own, which nobody else uses and no `renew` of this one ends. */
  apart(): Fleet
  /**
   * Throws `guard` when it is known that what the switch is logged in to with ends before so many milliseconds are over, and its
   * keeper does not make it longer.
   */
  requireLogin(name: string, milliseconds: number): Promise<void>
  close(): Promise<void>
}

interface CombinedCommands {
  readonly commands: readonly Command[]
  repliesTo(replies: readonly Reply[]): readonly (readonly Reply[])[]
}

export function askedOnce(...lists: readonly (readonly Command[])[]): CombinedCommands {
  const commands = [...new Map(lists.flat().map((command) => [questionOf(command), command])).values()]
  const places = new Map(commands.map((command, place) => [questionOf(command), place]))
  return {
    commands,
    repliesTo: (replies) =>
      lists.map((list) =>
        list.map((command) => {
          const reply = replies[places.get(questionOf(command)) ?? -1]
          return reply ?? { ok: false, error: `\`${command.cmd}\` was not answered` }
        }),
      ),
  }
}

export type DeviceVerb = Exclude<keyof Device, 'name' | 'patience' | 'close' | 'heldBy'>

export type DeviceCaller = <T>(call: (device: Device) => Promise<T>, verb: DeviceVerb) => Promise<T>

type Rest = Pick<Device, 'name' | 'patience' | 'close'>

interface Through {
  readonly read: DeviceCaller
  readonly write: DeviceCaller
}

const READS: ReadonlySet<DeviceVerb> = new Set(['look', 'print', 'readConfig'])

/** A device whose reads go one way and whose writes go another: only reads may be asked a second time. */
export function wrapDevice(rest: Rest, { read, write }: Through): Device {
  const through = <Verb extends DeviceVerb>(verb: Verb) => {
    const call = READS.has(verb) ? read : write
    type Asked = (...given: readonly unknown[]) => Promise<unknown>
    return ((...given) => call((device) => (device[verb] as Asked)(...given), verb)) as Asked as Device[Verb]
  }
  return {
    ...rest,
    heldBy: (session) =>
      wrapDevice(rest, { read, write: (call, verb) => write((device) => call(device.heldBy(session)), verb) }),
    look: through('look'),
    print: through('print'),
    readConfig: through('readConfig'),
    hold: through('hold'),
    stage: through('stage'),
    replay: through('replay'),
    arm: through('arm'),
    confirm: through('confirm'),
    abort: through('abort'),
    save: through('save'),
    restore: through('restore'),
    boot: through('boot'),
    removeCheckpoints: through('removeCheckpoints'),
    exchange: through('exchange'),
  }
}

// How long an answer is waited for where the inventory says nothing, in seconds.
const USUAL = 120

/** By how many seconds more than usual an answer of a switch is waited for; nothing where it is not more. */
export function patienceOf({ answerSeconds = USUAL }: DeviceTarget): Pick<Device, 'patience'> {
  return answerSeconds <= USUAL ? {} : { patience: answerSeconds - USUAL }
}
