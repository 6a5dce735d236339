import type { Ledger } from '../../../change/engine/ledger.ts'
import type { ChangePorts, TaskPort } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { behindWords, type ClockRule } from '../../../change/record/clock-rule.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { atTurnEnd, type CommitTurn } from '../../../change/record/sqlite/group-commit.ts'
import type { Journal } from '../../../change/record/store/journal.ts'
import type { AnsweredCount, Pulse } from '../../../change/task/act/pulse.ts'
import type { Transport } from '../../../eos/device/device.ts'
import type { Clock, Random } from '../../../model/clock.ts'
import type { Hint } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import type { Principal } from '../../../model/principal.ts'
import { Secret } from '../../../model/secret.ts'
import type { KnownProgress } from '../../../report/past-execution.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import type { VaultAnswer, VaultRequest } from '../../secret/vault/exchange.ts'
import type { Disk } from '../machine/disk-room.ts'
import { systemClock } from '../machine/system-clock.ts'

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Learns every secret that is resolved: files, records and whatever else leaves go through it. */
  readonly scrubber: Scrubber
  words(hint: Hint): string
  /** The passwords that a person has typed for this process, by the name of the credential, which has neither a password nor a key. */
  readonly typedPasswords?: ReadonlyMap<string, Secret>
  readonly seams?: Seams
}

export type WordedHost = Pick<Host, 'words'>

export interface Seams {
  readonly clock: Clock
  /** When the journal writes what has come in: under a virtual clock before time moves on. */
  readonly moment: CommitTurn
  journal(journal: Journal): Journal
  transport(transport: Transport): Transport
  readonly principal?: Principal
  http?(http: HttpPort): HttpPort
  vault?(request: VaultRequest): Promise<VaultAnswer>
  readonly unaskedJudges?: string
  readonly unaskedAround?: true
  readonly disk?: Disk
  /** The map of user ids of this process, as Linux prints it; undefined where there is none. */
  uidMap?(): string | undefined
  readonly random?: Random
  readonly names?: Pick<Random, 'hex'>
  tasks?(change: ChangePorts, ledger: Ledger): TaskPort
}

export const noSeams: Seams = {
  clock: systemClock,
  moment: atTurnEnd,
  journal: (journal) => journal,
  transport: (transport) => transport,
}

export interface ExecutionWatch {
  written(events: readonly JournalEvent[]): void
  close(): void
}

export interface ExitMessage {
  readonly line: string
  readonly unprotected?: string
}

export interface Console {
  tell(text: string): void
  readonly interactive: boolean
  /** Asks one line; undefined when there is nobody to ask, and when the signal is aborted before the answer. */
  ask(question: string, signal?: AbortSignal): Promise<string | undefined>
  readonly stop: AbortSignal
  /** Absent: never. */
  readonly suspend?: AbortSignal
  /** Has a part of the work asked for its last word before the process is ended. */
  readonly heed?: (part: () => ExitMessage) => () => void
  review?(plan: Plan, why: string, signal: AbortSignal): Promise<boolean>
  /** Sees what is put on record about an execution, from what had begun before on. With `drawn` also its state is drawn while nothing is put on record. */
  watch?(begun: KnownProgress, drawn?: ExecutionState): ExecutionWatch | Promise<ExecutionWatch>
  pulse?(execution: string, note: Pulse): void
  answered?(count: AnsweredCount): void
  openPage?(url: string): void
}

/** Lets a command write whatever its clock says, because it may have to put a switch back: what stands against it is a warning. */
export async function passClock(rule: ClockRule | undefined, caller: Pick<Console, 'tell'>): Promise<void> {
  const fault = await rule?.waive()
  if (fault === undefined) return
  caller.tell(`! ${behindWords(fault)}; it goes on all the same, because switches may have to be put back\n`)
}

export function keptFromPrint(host: Host, keys: InstallKeys): InstallKeys {
  for (const key of [keys.key, ...(keys.next === undefined ? [] : [keys.next]), ...keys.old])
    host.scrubber.register(new Secret(key), 'the install key')
  return keys
}

/**
 * One reading for all that ask about the same in one turn of the loop, which begins behind the question of each; without a turn one for each. `of` says what
 * somebody asks about.
 */
export function sharedInTurn<Asked, T>(
  turn: CommitTurn | undefined,
  of: (asked: Asked) => string,
  read: (asked: Asked) => Promise<T>,
): (asked: Asked) => Promise<T> {
  if (turn === undefined) return read
  const readings = new Map<string, Promise<T>>()
  return (asked) => {
    const key = of(asked)
    const known = readings.get(key)
    if (known !== undefined) return known
    const reading = new Promise<void>((resolve) => turn(resolve)).then(() => {
      readings.delete(key)
      return read(asked)
    })
    readings.set(key, reading)
    return reading
  }
}

interface Waiting {
  readonly place: number
  readonly begin: () => void
}

export class Turns {
  #free: number
  readonly #waiting: Waiting[] = []

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  begin(place: number, stop: AbortSignal): Promise<(() => void) | undefined> {
    if (stop.aborted) return Promise.resolve(undefined)
    const over = () => this.#next()
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve(over)
    }
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(own), 1)
        resolve(undefined)
      }
      const own: Waiting = {
        place,
        begin: () => {
          stop.removeEventListener('abort', leave)
          resolve(over)
        },
      }
      // Most come in the order of their places.
      this.#waiting.splice(this.#waiting.findLastIndex((one) => one.place < place) + 1, 0, own)
      stop.addEventListener('abort', leave, { once: true })
    })
  }

  #next() {
    const first = this.#waiting.shift()
    if (first === undefined) this.#free += 1
    else first.begin()
  }
}
