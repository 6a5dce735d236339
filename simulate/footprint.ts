import { deviceEnds } from '../src/change/engine/outcome.ts'
import type { ExecutionState } from '../src/change/engine/state.ts'
import type { JournalEvent } from '../src/change/record/event/event.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import { sha256 } from '../src/model/digest.ts'
import type { History } from './history.ts'
import { runSeed } from './run-seed.ts'
import type { Wanted } from './scenario.ts'
import type { Sent, Watch } from './watch.ts'

/** What two versions of eosflow are compared by, in the order in which a difference weighs. */
export const PARTS = ['requests', 'ends', 'records'] as const
/** One of them. */
export type Part = (typeof PARTS)[number]

/** A short digest of each part of a history. */
export type Digests = Readonly<Record<Part, string>>

/** Names that are drawn, and digests: what they are is no part of a history, only which of them are the same. */
const DRAWN = /[0-9a-f]{8,}/g

/** So many hex digits tell a thousand histories apart. */
const SHORT = 8

/** What a history does, a line each: what each switch is asked, in order; how executions end, and their switches; what is on record. */
class Footprint implements Watch {
  readonly #history: History
  readonly #requests = new Map<string, string[]>()
  readonly #ends: string[] = []
  readonly #records: string[] = []
  readonly #inRequests = new Map<string, string>()
  readonly #inRecords = new Map<string, string>()

  constructor(history: History) {
    this.#history = history
  }

  sent({ life, device, request: { verb, session, seconds }, commands }: Sent): void {
    const lines = this.#requests.get(device) ?? []
    this.#requests.set(device, lines)
    const text = [verb, session, seconds, ...commands].join('\n')
    lines.push(`${this.#sideOf(life.execution)} ${plain(text, this.#inRequests)}`)
  }

  ended(execution: string, state: ExecutionState): void {
    const switches = Object.entries(deviceEnds(state)).map(([name, end]) => `${name} ${end}`)
    this.#ends.push(`${this.#sideOf(execution)} ${[state.outcome, ...switches.sort()].join(', ')}`)
  }

  appended(_life: Life | undefined, events: readonly JournalEvent[]): void {
    for (const event of events) this.#records.push(plain(JSON.stringify(event, inOrder), this.#inRecords))
  }

  /** The lines of each part. */
  get lines(): Readonly<Record<Part, readonly string[]>> {
    const devices = [...this.#requests].sort(([a], [b]) => (a < b ? -1 : 1))
    const open = this.#history.executions.filter(({ ended }) => ended === undefined).map(({ side }) => `${side} open`)
    return {
      requests: devices.flatMap(([device, lines]) => [device, ...lines]),
      ends: [...this.#ends, ...open],
      records: this.#records,
    }
  }

  #sideOf(execution: string): string {
    return this.#history.executions.find(({ id }) => id === execution)?.side ?? execution
  }
}

/** A text with a number in the place of whatever is drawn: the same for the same. */
function plain(text: string, known: Map<string, string>): string {
  return text.replace(DRAWN, (drawn) => {
    const number = known.get(drawn) ?? `#${known.size}`
    known.set(drawn, number)
    return number
  })
}

/** What a person reads in a record. In other words it is the same record. */
const PROSE: ReadonlySet<string> = new Set(['message', 'hint', 'detail', 'facts', 'reasons', 'comment'])

/** Members by their names: in which order the code has set them does not matter. */
function inOrder(key: string, value: unknown): unknown {
  if (PROSE.has(key)) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Looks at one history while it is lived through, and gives what it did. */
export class Witness {
  #footprint: Footprint | undefined

  /** Is there from the history's first moment. */
  readonly watch = (history: History): Watch => {
    this.#footprint = new Footprint(history)
    return this.#footprint
  }

  /** What the history did, line by line. Throws a RangeError where none was lived through. */
  get lines(): Readonly<Record<Part, readonly string[]>> {
    if (this.#footprint === undefined) throw new RangeError('no history was lived through')
    return this.#footprint.lines
  }

  /** The digests of {@link lines}. */
  get digests(): Digests {
    const { lines } = this
    const digest = (part: Part): string =>
      sha256(lines[part].join('\n'))
        .replace(/^sha256:/, '')
        .slice(0, SHORT)
    return { requests: digest('requests'), ends: digest('ends'), records: digest('records') }
  }
}

/** What a history did, line by line. */
export async function footprintOf(
  seed: number,
  fixed: Wanted = {},
): Promise<Readonly<Record<Part, readonly string[]>>> {
  return (await witnessed(seed, fixed)).lines
}

/** The lines of each part under its name. */
export function footprintText(lines: Readonly<Record<Part, readonly string[]>>): string {
  return PARTS.map((part) => [`== ${part}`, ...lines[part]].join('\n')).join('\n')
}

/** The digests of a history. The same seed gives the same ones until eosflow does something else. */
export async function digestsOf(seed: number, fixed: Wanted = {}): Promise<Digests> {
  return (await witnessed(seed, fixed)).digests
}

async function witnessed(seed: number, fixed: Wanted): Promise<Witness> {
  const witness = new Witness()
  await runSeed(seed, { fixed, checked: false, watch: witness.watch })
  return witness
}
