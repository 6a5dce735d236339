import type { Command } from '../../model/command.ts'
import type { Json } from '../../model/json.ts'
import type { RawAnswer, RawRequest } from './raw-exchange.ts'
import type { SessionTable } from './session-table.ts'

/** What tells one switch from another behind a reused address (`show version`). */
export interface DeviceIdentity {
  readonly serial: string
  readonly systemMac: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  readonly model: string
}

/** One look at a switch in a single round trip. */
export interface Look {
  readonly identity: DeviceIdentity
  /** Seconds since boot, by the switch's own clock. */
  readonly uptime: number
  /** Seconds since the epoch, by the switch's own clock. */
  readonly epoch: number
  readonly sessions: SessionTable
  /** The answers to the asked commands, in order. */
  readonly replies: readonly Reply[]
}

/**
 * What a switch answered to one show command: its JSON model or its text, or why there is none (the command's own error text).
 * `revision: 'latest'` tells that the command pins a revision which cannot be asked for this way, so that this is the latest.
 */
export type Reply =
  | { readonly ok: true; readonly json: Json; readonly revision?: 'latest' }
  | { readonly ok: false; readonly error: string }

/** What a switch printed for one show command, or why it did not. */
export type ShowText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string }

/**
 * The configuration of a switch now: running-config text, and how startup-config differs from it (empty: it does not; undefined: the
 * switch does not say, which stops no reading of running-config).
 */
export interface ConfigReading {
  readonly running: string
  readonly startupDiff: string | undefined
}

/** What is to be loaded into a config session. */
export interface StageRequest {
  /** The config session's name, unique per attempt. */
  readonly session: string
  /** `replace` starts from `rollback clean-config`. */
  readonly mode: 'merge' | 'replace'
  readonly commands: readonly Command[]
  /**
   * Given: running-config is saved as this named checkpoint and the session stays pending, to be armed. Absent: the
   * session is aborted once it was shown (a plan).
   */
  readonly checkpoint?: string
}

/** What the switch showed of a staged change. */
export interface StageResult extends ConfigReading {
  /** The session's whole configuration as the switch prints it. */
  readonly candidate: string
  /** The switch's own diff text: evidence for people, never parsed. */
  readonly diff: string
  /** startup-config whole, where the session is to be armed and the switch shows it. */
  readonly startup?: string
  /** What the switch printed while it loaded the change, scrubbed; absent where it printed nothing. */
  readonly said?: readonly SaidLine[]
  /** The names of the checkpoints on the switch, behind the one that was saved; absent where a plan could not read them. */
  readonly checkpoints?: readonly string[]
}

/** What a switch printed at one command of a change: a warning, or a question that it answered itself. */
export interface SaidLine {
  /** Which command of the change it was, counted from 1. */
  readonly at: number
  /** The lines that it printed, without any secret of the command. */
  readonly text: string
}

/**
 * Whether a switch can load a checkpoint of its own as it is: its rollback is such a load. `lines` are what it refused and what
 * came out different; `unknown` is a switch that does not know the commands. `isOpen`: its session has to be aborted.
 */
export type Replay =
  | { readonly replays: 'yes' }
  | { readonly replays: 'no'; readonly lines: readonly [string, ...string[]]; readonly isOpen?: true }
  | { readonly replays: 'unknown'; readonly reason: string; readonly isOpen?: true }

/**
 * The only thing tasks and checks may know about a switch. Each verb is one round trip over eAPI.
 *
 * Every verb throws EosflowError: `unreachable` when nothing can have arrived, `lost-answer` when something was sent
 * and not answered, `refused` with the switch's own message, `unauthenticated`, `tls` or `protocol`. No verb retries.
 */
export interface Device {
  readonly name: string
  /** By how many seconds longer than the usual two minutes its answers are waited for; absent where they are not. */
  readonly patience?: number
  /**
   * Identity, uptime, config sessions and the asked show commands, as JSON or as text: over eAPI one request for each of
   * the two. A refused show command is a Reply, not an error.
   */
  look(commands: readonly Command[]): Promise<Look>
  /** What the show commands print, one after the other. A refused one is a Printed, not an error. */
  print(commands: readonly string[]): Promise<readonly ShowText[]>
  /** Running-config and its difference from startup-config, which is asked last: where the switch refuses it, it is unknown. */
  readConfig(): Promise<ConfigReading>
  /**
   * Opens an empty config session and leaves it pending: the owner session of the process that drives an execution. Throws `guard` over a
   * transport that cannot heed one.
   */
  hold(session: string): Promise<void>
  /**
   * The same switch over the same connection, under an owner session: a request that writes shows that session first, and does nothing
   * where the switch does not have it; then it throws `refused` ({@link isOwnerGone} of eos/device/owner-proof.ts). An abort needs none.
   */
  heldBy(session: string): Device
  /**
   * Opens a config session, loads the commands and shows the result; running-config is read behind the opening, so that a
   * change of somebody else's in between shows as another base. When a command is refused the session stays:
   * {@link Device.abort} it. A session that is to be armed is shown with startup-config, which is read last: it decides nothing.
   */
  stage(request: StageRequest): Promise<StageResult>
  /**
   * Loads a checkpoint into a throw-away session and compares it with running-config: what the switch cannot replay there, it cannot
   * roll back to. The session is gone when this returns without `isOpen`; when it throws it may be there.
   */
  replay(session: string, checkpoint: string): Promise<Replay>
  /**
   * Commits a pending session under the switch's commit timer: the switch reverts by itself unless {@link Device.confirm}
   * comes. Gives running-config as it was right before the commit, which alone tells whether somebody else's change was
   * overwritten: a commit replaces whatever was configured since the session was opened (docs/eos.md 2.3). `under: 'lock'` keeps
   * everybody else out of config modes from that reading to the commit; throws `busy` where somebody else does so.
   */
  arm(session: string, seconds: number, under?: 'lock'): Promise<string>
  /** Confirms an armed session (the same session committed again) and tells what the sessions are afterwards. */
  confirm(session: string): Promise<SessionTable>
  /** Aborts a config session; an armed one is rolled back at once. Gives running-config as it was right before, as {@link Device.arm} does. */
  abort(session: string): Promise<string>
  /** Saves running-config as startup-config and reads both back. */
  save(): Promise<ConfigReading>
  /**
   * Replaces running-config by a named checkpoint at once: no timer protects this. Gives running-config as it was right before, as
   * {@link Device.arm} does.
   */
  restore(checkpoint: string): Promise<string>
  /**
   * Types `boot` lines in configuration mode, outside any session: each acts as it is typed, and nothing undoes it. Gives what
   * `show boot-config` prints then. Without lines it only reads.
   */
  boot(lines: readonly string[]): Promise<string>
  /** Deletes named checkpoints, in turn. Throws `refused` at the first that is not deleted. */
  removeCheckpoints(checkpoints: readonly string[]): Promise<void>
  /**
   * Sends commands as they are and gives what went and what came, byte for byte. A refusal is part of the answer. For the conformance kit
   * alone, which tries lab switches out (ADR 102): a change has verbs that say what they do.
   */
  exchange(request: RawRequest): Promise<RawAnswer>
  /** Drops the connection. */
  close(): Promise<void>
}
