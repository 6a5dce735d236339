import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import type { Place } from '../../../../model/error.ts'

export interface PlayTask {
  readonly name: string
  readonly module: string
  readonly args: RosterMap
  readonly at: Place
  readonly when: readonly string[]
  readonly loop?: {
    readonly items: RosterValue
    readonly variable: string
    readonly isFlat: boolean
  }
  readonly vars: RosterMap
  /** Folders in which its `src` is looked for, the first that has it wins. */
  readonly folders: readonly string[]
  /** Keywords that change how Ansible runs it and mean nothing to a plan. */
  readonly dropped: readonly string[]
}

export interface NotTaken {
  readonly at: Place
  readonly what: string
  readonly why: string
  readonly isIdle?: true
}

export interface Play {
  readonly name: string
  readonly at: Place
  readonly folder: string
  readonly hosts: string
  /** As `rollout.waves` has them; empty where the play has no `serial`. */
  readonly waves: readonly (number | `${number}%`)[]
  readonly params: readonly string[]
  readonly vars: RosterMap
  readonly defaults: RosterMap
  readonly tasks: readonly PlayTask[]
  readonly unclear: ReadonlyMap<string, string>
  readonly notTaken: readonly NotTaken[]
}

export function taskWords({ module, name }: Pick<PlayTask, 'module' | 'name'>): string {
  return name === '' ? module : `${module} "${name}"`
}
