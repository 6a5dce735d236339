import type { Json } from '../model/json.ts'
import type { Place } from '../model/problem.ts'
import type { StateMachine } from './machine.ts'
import type { Param } from './param/schema.ts'
import type { StateAreaName } from './state-areas.ts'

/** One check that a workflow asks for. Its input may hold `{{ … }}` until the parameters are known. */
export interface CheckCall {
  readonly name: string
  readonly input: Json
  readonly at: Place
}

/** Where the lines of the change come from. Paths are relative to the project. */
export type ChangeSource =
  | { readonly from: 'template'; readonly path: string; readonly at: Place }
  | { readonly from: 'lines'; readonly lines: readonly { readonly text: string; readonly at: Place }[] }
  | { readonly from: 'file'; readonly path: string; readonly at: Place }

/** A compiled workflow: everything its file says, checked, and the machine that its steps or states are. */
export interface Workflow {
  readonly name: string
  /** Relative to the project. */
  readonly file: string
  readonly text: string
  readonly description?: string
  readonly params: Readonly<Record<string, Param & { readonly at: Place }>>
  /** A selector of the inventory room, and where it is written. */
  readonly targets: { readonly expression: string; readonly at: Place }
  readonly change: { readonly mode: 'merge' | 'replace'; readonly source: ChangeSource }
  readonly rollout: {
    readonly waves: readonly (number | `${number}%`)[]
    readonly keepApart?: string
    readonly atomic: 'change'
    readonly maxFailures: 0
    readonly concurrency: number
  }
  /** The areas of operational state that the snapshot reads. */
  readonly state: readonly StateAreaName[]
  /** What the approval demands; null when the workflow asks for none. */
  readonly approve: {
    readonly from: readonly string[]
    readonly count: number
    readonly notRequester: boolean
    /** Seconds. */
    readonly expires: number
  } | null
  readonly checks: readonly CheckCall[]
  /**
   * Seconds. Commit timers run for `perRound` once per round of switches in a wave, `perWave` once per wave, and `soak`
   * once.
   */
  readonly timers: {
    readonly confirmWithin: number
    readonly verifyWithin: number
    readonly stableFor: number
    readonly every: number
    readonly perRound: number
    readonly perWave: number
    readonly soak: number
  }
  /** Where the commit timer is written, for what is wrong with it. */
  readonly timerAt: Place
  readonly onFailure: 'rollback'
  readonly allow: readonly 'management'[]
  /** Which of its two forms the file has. */
  readonly form: 'steps' | 'states'
  readonly machine: StateMachine
}
