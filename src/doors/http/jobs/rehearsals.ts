import type { Plan } from '../../../change/plan/plan.ts'
import type { Notes } from '../../../change/record/store/notes.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Rehearsal } from '../../../report/rehearsal/rehearsal.ts'
import { faultOf, type RequestFault } from '../request/readable.ts'

const KIND = 'rehearsal'
const KEPT = 50
// How far one is is written so often, in milliseconds.
const PROGRESS = 1_000
// One that says no more how far it is has gone with its server, in milliseconds.
const SILENT = 120_000
const LASTS = 24 * 3_600_000
// So many run at once.
const MOST = 2

export interface RehearsalOfPlan {
  readonly plan: string
  readonly at: string
  readonly standing: 'running' | 'done' | 'failed'
  /** How many trials are made, of how many; 0 of 0 before the undisturbed change is through. */
  readonly done: number
  readonly of: number
  readonly rehearsal?: Rehearsal
  readonly fault?: RequestFault
  readonly known?: true
}

/** Throws what keeps it from that. */
export type Rehearse = (plan: Plan, progress: (done: number, of: number) => void) => Promise<Rehearsal>

interface RehearsalsParts {
  readonly rehearse: Rehearse
  readonly notes: Notes
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  scrub(text: string): string
  failed(what: string, error: unknown): void
}

export class Rehearsals {
  readonly #parts: RehearsalsParts
  readonly #here = new Map<string, { readonly one: RehearsalOfPlan; readonly written: number }>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: RehearsalsParts) {
    this.#parts = parts
  }

  async of(plan: string): Promise<RehearsalOfPlan | undefined> {
    const here = this.#here.get(plan)
    if (here !== undefined) return here.one
    const note = await this.#parts.notes.read(KIND, plan)
    if (note === undefined) return undefined
    const { version, ...one } = JSON.parse(note.text) as RehearsalOfPlan & { readonly version: number }
    return version === 1 ? one : undefined
  }

  /** Throws `busy`. */
  async begin(plan: Plan): Promise<RehearsalOfPlan> {
    const { rehearse, clock } = this.#parts
    const known = await this.of(plan.digest)
    if (known?.standing === 'running') return known
    if ([...this.#here.values()].filter(({ one }) => one.standing === 'running').length >= MOST)
      throw new EosflowError('busy', `${MOST} plans are being rehearsed`, {
        hint: 'Ask again when one of them is done.',
      })
    const at = new Date(clock.now()).toISOString()
    const begun = { plan: plan.digest, at, standing: 'running', done: 0, of: 0 } as const
    this.#keep(begun)
    rehearse(plan, (done, of) => this.#keep({ ...begun, done, of })).then(
      (rehearsal) => {
        const many = rehearsal.cells.length
        this.#keep({ ...begun, standing: 'done', done: many, of: many, rehearsal })
      },
      (error: unknown) => this.#keep({ ...begun, standing: 'failed', fault: faultOf(error) }),
    )
    return begun
  }

  #keep(one: RehearsalOfPlan) {
    const { notes, clock, scrub, failed } = this.#parts
    const isUnderWay = one.standing === 'running'
    const now = clock.monotonic()
    const last = this.#here.get(one.plan)?.written ?? Number.NEGATIVE_INFINITY
    const isWritten = !isUnderWay || one.of === 0 || now - last >= PROGRESS
    this.#here.set(one.plan, { one, written: isWritten ? now : last })
    if (!isWritten) return
    const text = scrub(JSON.stringify({ version: 1, ...one }))
    this.#last = this.#last
      .then(() => notes.set(KIND, one.plan, text, { lasts: isUnderWay ? SILENT : LASTS, most: KEPT }))
      .then(() => {
        if (!isUnderWay && this.#here.get(one.plan)?.one === one) this.#here.delete(one.plan)
      })
      .catch((error: unknown) => failed('rehearsal', error))
  }
}
