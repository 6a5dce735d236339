import type { Command } from '../../model/command.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { SessionTable } from './session-table.ts'

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
