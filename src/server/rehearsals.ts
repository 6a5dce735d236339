import { EosflowError } from '../model/error.ts'
import type { Plan } from '../plan/plan.ts'
import type { Rehearsal } from '../report/rehearsal/rehearsal.ts'
import { faultOf, type RequestFault } from './fault.ts'

/** So many are kept, the newest. */
export const KEPT = 50
/** So many run at once. */
const MOST = 2

/** A rehearsal of a plan: under way, done, or what kept it from that. */
export interface RehearsalOfPlan {
  /** The digest of the plan. */
  readonly plan: string
  /** When it began, ISO 8601. */
  readonly at: string
  readonly standing: 'running' | 'done' | 'failed'
  /** How many trials are made, of how many; 0 of 0 before the undisturbed change is through. */
  readonly done: number
  readonly of: number
  readonly rehearsal?: Rehearsal
  readonly fault?: RequestFault
  /** In the answer to whoever asks for one that is under way already. */
  readonly known?: true
}

/** Where rehearsals are kept for other servers. */
export interface SharedRehearsals {
  keep(one: RehearsalOfPlan): void
  of(plan: string): Promise<RehearsalOfPlan | undefined>
}

/** Rehearses a plan, and says how far it is. Throws what keeps it from that. */
export type Rehearse = (plan: Plan, progress: (done: number, of: number) => void) => Promise<Rehearsal>

/** The rehearsals of a server, by their plans: in memory, because the same plan can be rehearsed again and ends the same. */
export class Rehearsals {
  readonly #rehearse: Rehearse
  readonly #clock: { now(): number }
  readonly #kept = new Map<string, RehearsalOfPlan>()
  readonly #shared: SharedRehearsals | undefined

  /** `shared`: where they are kept for other servers, too. */
  constructor(rehearse: Rehearse, clock: { now(): number }, shared?: SharedRehearsals) {
    this.#rehearse = rehearse
    this.#clock = clock
    this.#shared = shared
  }

  /** The rehearsal of a plan; undefined where nobody has asked for one. */
  async of(plan: string): Promise<RehearsalOfPlan | undefined> {
    const own = this.#kept.get(plan)
    return own?.standing === 'running' ? own : ((await this.#shared?.of(plan)) ?? own)
  }

  /** Begins the rehearsal of a plan. One that is under way is not begun twice. Throws `busy`. */
  async begin(plan: Plan): Promise<RehearsalOfPlan> {
    const known = await this.of(plan.digest)
    if (known?.standing === 'running') return known
    if ([...this.#kept.values()].filter(({ standing }) => standing === 'running').length >= MOST)
      throw new EosflowError('busy', `${MOST} plans are being rehearsed`, {
        hint: 'Ask again when one of them is done.',
      })
    const at = new Date(this.#clock.now()).toISOString()
    const begun = this.#keep({ plan: plan.digest, at, standing: 'running', done: 0, of: 0 })
    const progress = (done: number, of: number): void => {
      this.#keep({ ...begun, done, of })
    }
    this.#rehearse(plan, progress).then(
      (rehearsal) => {
        const many = rehearsal.cells.length
        this.#keep({ ...begun, standing: 'done', done: many, of: many, rehearsal })
      },
      (error: unknown) => this.#keep({ ...begun, standing: 'failed', fault: faultOf(error) }),
    )
    return begun
  }

  #keep(one: RehearsalOfPlan): RehearsalOfPlan {
    this.#kept.set(one.plan, one)
    this.#shared?.keep(one)
    const [oldest = ''] = this.#kept.keys()
    if (this.#kept.size > KEPT && this.#kept.get(oldest)?.standing !== 'running') this.#kept.delete(oldest)
    return one
  }
}
