import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import type { Place } from '../../../../model/problem.ts'

/** A task of a play as its file writes it; the tasks of blocks, roles and imported files are among them. */
export interface PlayTask {
  /** Empty where it has no name. */
  readonly name: string
  /** Without its collection: `eos_config`. */
  readonly module: string
  readonly args: RosterMap
  readonly at: Place
  /** All conditions that hold for it, those of its blocks and roles too. */
  readonly when: readonly string[]
  readonly loop?: {
    readonly items: RosterValue
    readonly variable: string
    /** That lists within the list are part of it. */
    readonly isFlat: boolean
  }
  readonly vars: RosterMap
  /** Folders in which its `src` is looked for, the first that has it wins. */
  readonly folders: readonly string[]
  /** Keywords that change how Ansible runs it and mean nothing to a plan. */
  readonly dropped: readonly string[]
}

/** What a workflow cannot be made of, and why. */
export interface NotTaken {
  readonly at: Place
  readonly what: string
  readonly why: string
  /** That it changes no switch. */
  readonly isIdle?: true
}

/** A play: which hosts, and what is done on them in order. */
export interface Play {
  readonly name: string
  readonly at: Place
  /** The folder of its playbook, from the project. */
  readonly folder: string
  readonly hosts: string
  /** As `rollout.waves` has them; empty where the play has no `serial`. */
  readonly waves: readonly (number | `${number}%`)[]
  /** Names whose values are given when it is run. */
  readonly params: readonly string[]
  /** Values of the play and of its roles: weak ones give way to the variables of a host. */
  readonly vars: RosterMap
  readonly defaults: RosterMap
  readonly tasks: readonly PlayTask[]
  /** Names whose values no template can hold, each with the reason: what names one is not taken. */
  readonly unclear: ReadonlyMap<string, string>
  readonly notTaken: readonly NotTaken[]
}

/** A task in what is said of it. */
export function taskWords({ module, name }: Pick<PlayTask, 'module' | 'name'>): string {
  return name === '' ? module : `${module} "${name}"`
}
