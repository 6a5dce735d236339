import type { AfterTerms } from '../../../model/after.ts'
import type { CheckpointRule } from '../../../model/checkpoint-rule.ts'
import type { Place } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import type { LocatedValue } from '../../../text/source/located.ts'
import type { StateMachine } from '../machine/machine.ts'
import type { DeclaredParam } from '../param/read.ts'
import type { AroundCall } from '../schema/around-schema.ts'
import type { ProbeCall } from '../schema/probe-schema.ts'
import type { PairRule } from '../schema/rollout-schema.ts'
import type { StateAreaName } from '../schema/state-areas.ts'
import type { CalledKey } from './workflow-key.ts'

export interface CheckCall {
  readonly name: string
  readonly input: Json
  readonly at: Place
  readonly written?: LocatedValue
}

export type ChangeSource =
  | { readonly from: 'template'; readonly path: string; readonly at: Place }
  | { readonly from: 'lines'; readonly lines: readonly { readonly text: string; readonly at: Place }[] }
  | { readonly from: 'file'; readonly path: string; readonly at: Place }

export interface Workflow {
  readonly name: string
  readonly file: string
  readonly text: string
  readonly description?: string
  readonly params: Readonly<Record<string, DeclaredParam>>
  readonly targets: { readonly expression: string; readonly at: Place }
  readonly change: {
    readonly mode: 'merge' | 'replace'
    readonly source: ChangeSource
    readonly vars?: 'ansible'
    /** Globs of the lines of a switch that a whole configuration leaves; absent where there is none. */
    readonly keep?: readonly string[]
  }
  readonly rollout: {
    readonly waves: readonly (number | `${number}%`)[]
    readonly keepApart?: string
    readonly pairs: PairRule
    readonly atomic: 'change' | 'wave' | 'device'
    readonly maxFailures: number | `${number}%`
    readonly concurrency: number
    /** Whether it is asked if the other side is fit, and how much its uplinks may carry of what both carry, in percent. */
    readonly fitness?: 'off' | { readonly uplinks?: number }
    readonly sites?: 'together'
    /** Who goes before all waves: so many switches, or those of a selector; and for how many seconds they are watched. */
    readonly canary?: { readonly switches: number | string; readonly soak?: number; readonly at: Place }
  }
  readonly state: readonly StateAreaName[]
  readonly watchesNeighbors: boolean
  readonly approve: {
    readonly from: readonly string[]
    readonly count: number
    readonly notRequester: boolean
    readonly expires: number
  } | null
  readonly checks: readonly CheckCall[]
  /** The keys of features that it has. */
  readonly called: readonly CalledKey[]
  /** What other services are asked before the first push, and what is done at them around the change. */
  readonly around: readonly AroundCall[]
  readonly probes: readonly ProbeCall[]
  /** Commit timers run for `perRound` once per round of switches in a wave, `perWave` once per wave, and `soak` once. What is `derived` was not given: the plan makes it at least as long as its default says here. */
  readonly timers: {
    readonly confirmWithin: number
    readonly verifyWithin: number
    readonly stableFor: number
    readonly every: number
    readonly perRound: number
    readonly perWave: number
    readonly soak: number
    readonly derived: { readonly within: boolean; readonly stableFor: boolean }
    /** Where workers drive: so long after the death of one nobody does. */
    readonly failover?: number
    readonly reserve?: number
  }
  readonly keepApartAt?: Place
  readonly timerAt: Place
  readonly withinAt: Place
  readonly onFailure: 'rollback'
  readonly allow: readonly ('management' | 'users' | 'boot' | 'schedule' | 'unknown-lines' | 'foreign-removals')[]
  /** For how long the checks are judged on after the confirm, and how often, in seconds; absent where they are not. */
  readonly after?: AfterTerms
  readonly checkpoints?: CheckpointRule
  readonly form: 'steps' | 'states'
  readonly machine: StateMachine
}
