import type { AfterTerms } from '../../../model/after.ts'
import type { CheckpointRule } from '../../../model/checkpoint-rule.ts'
import type { Json } from '../../../model/json.ts'
import type { PairRule } from '../../../model/pair-rule.ts'
import type { Place } from '../../../model/problem.ts'
import type { LocatedValue } from '../../../text/source/located.ts'
import type { StateMachine } from '../machine/machine.ts'
import type { DeclaredParam } from '../param/read.ts'
import type { AroundCall } from '../schema/around-schema.ts'
import type { JudgeCall } from '../schema/judge-schema.ts'
import type { ProbeCall } from '../schema/probe-schema.ts'
import type { StateAreaName } from '../schema/state-areas.ts'

/** One check that a workflow asks for. Its input may hold `{{ … }}` until the parameters are known. */
export interface CheckCall {
  readonly name: string
  readonly input: Json
  readonly at: Place
  /** Its input, or the expectation that it is made of, as it is written. */
  readonly written?: LocatedValue
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
  readonly params: Readonly<Record<string, DeclaredParam>>
  /** A selector of the inventory room, and where it is written. */
  readonly targets: { readonly expression: string; readonly at: Place }
  readonly change: {
    readonly mode: 'merge' | 'replace'
    readonly source: ChangeSource
    /** Names for templates besides `device` and `fabric`: those of a playbook. */
    readonly vars?: 'ansible'
    /** Globs of the lines of a switch that a whole configuration leaves; absent where there is none. */
    readonly keep?: readonly string[]
  }
  readonly rollout: {
    readonly waves: readonly (number | `${number}%`)[]
    /** A tag, or `none`: redundant switches may share a wave. */
    readonly keepApart?: string
    /** How two switches that back each other up are changed. */
    readonly pairs: PairRule
    /** What is confirmed together. */
    readonly atomic: 'change' | 'wave' | 'device'
    /** How many switches may fail, or which share of those that the plan changes. */
    readonly maxFailures: number | `${number}%`
    readonly concurrency: number
    /** Whether it is asked if the other side is fit, and how much its uplinks may carry of what both carry, in percent. */
    readonly fitness?: 'off' | { readonly uplinks?: number }
    /** Whether the workers of each site change its own switches, and all are confirmed together. */
    readonly sites?: 'together'
    /** Who goes before all waves: so many switches, or those of a selector; and for how many seconds they are watched. */
    readonly canary?: { readonly switches: number | string; readonly soak?: number; readonly at: Place }
  }
  /** The areas of operational state that the snapshot reads. */
  readonly state: readonly StateAreaName[]
  /** Whether the verification looks at the neighbours of the switches, too. */
  readonly watchesNeighbors: boolean
  /** What the approval demands; null when the workflow asks for none. */
  readonly approve: {
    readonly from: readonly string[]
    readonly count: number
    readonly notRequester: boolean
    /** Seconds. */
    readonly expires: number
  } | null
  readonly checks: readonly CheckCall[]
  /** The outside judges that are asked in every round of the verification. */
  readonly judges: readonly JudgeCall[]
  /** What other services are asked before the first push, and what is done at them around the change. */
  readonly around: readonly AroundCall[]
  /** What is asked while the change is in force, to say for how long users were cut off. */
  readonly probes: readonly ProbeCall[]
  /**
   * Seconds. Commit timers run for `perRound` once per round of switches in a wave, `perWave` once per wave, and `soak`
   * once. What is `derived` was not given: the plan makes it at least as long as its default says here.
   */
  readonly timers: {
    readonly confirmWithin: number
    readonly verifyWithin: number
    readonly stableFor: number
    readonly every: number
    readonly perRound: number
    readonly perWave: number
    readonly soak: number
    readonly derived: { readonly within: boolean; readonly stableFor: boolean }
    /** Where workers drive: so long after the death of one nobody does. It is of the settings, and no plan holds it. */
    readonly failover?: number
    /** What must be left beyond everything that is counted. Absent: 30. */
    readonly reserve?: number
  }
  /** Where `keepApart` is written, where the file has it. */
  readonly keepApartAt?: Place
  /** Where the commit timer is written, for what is wrong with it. */
  readonly timerAt: Place
  /** Where the time for the verification is written, or the step that has the usual one. */
  readonly withinAt: Place
  readonly onFailure: 'rollback'
  /** What the change may hold besides; see the schema. */
  readonly allow: readonly ('management' | 'users' | 'boot' | 'schedule' | 'unknown-lines' | 'foreign-removals')[]
  /** For how long the checks are judged on after the confirm, and how often, in seconds; absent where they are not. */
  readonly after?: AfterTerms
  /** What becomes of old checkpoints; absent where the settings say it. */
  readonly checkpoints?: CheckpointRule
  /** Which of its two forms the file has. */
  readonly form: 'steps' | 'states'
  readonly machine: StateMachine
}
