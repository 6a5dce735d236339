import type { ChangeLine } from '../../eos/config/diff/changes.ts'
import type { DifferenceKind } from '../../eos/config/section-differences.ts'
import type { ConfirmedSource } from '../drift/drift.ts'
import { comparedWords } from '../drift/drift-sum.ts'
import { count } from '../text/count.ts'

/** Where the intended configuration of a switch is from: a workflow of a whole configuration, a file for each switch, or the last that was confirmed. */
export type IntendedSource =
  | { readonly kind: 'workflow'; readonly file: string }
  | { readonly kind: 'files'; readonly file: string }
  | ConfirmedSource

/** Why a line that differs is no difference, by whom and until when. */
export interface Excuse {
  readonly owner: string
  /** The last day, in UTC. */
  readonly until: string
  readonly because: string
}

/** A line that is not as it is intended, with the blocks that hold it and ` > ` between them, without secrets. */
export interface ComplyLine {
  readonly kind: DifferenceKind
  /** `-`: the switch has it; `+`: it is intended. Both in turn where it is at another place. */
  readonly sign: '+' | '-'
  readonly line: string
  readonly excuse?: Excuse
}

/** A section of the configuration of a switch. */
export interface ComplySection {
  readonly name: string
  /** How it differs, without what is excused; none where it is as intended. */
  readonly states: readonly DifferenceKind[]
  readonly lines: readonly ComplyLine[]
  /** The lines that are not excused as a person reads them, under the blocks that hold them, without secrets. */
  readonly config: readonly ChangeLine[]
}

/** A switch that was compared. */
export interface ComparedSwitch {
  readonly name: string
  readonly state: 'compliant' | 'differs'
  readonly source: IntendedSource
  /** Who has computed the difference: the switch, or eosflow's model of the configuration. */
  readonly by: 'switch' | 'model'
  readonly sections: readonly ComplySection[]
}

/** How a switch is, against what is intended for it. */
export type SwitchCompliance =
  | ComparedSwitch
  /** Nothing is intended for it. */
  | { readonly name: string; readonly state: 'unknown' }
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }

/** An exception that is over, or that means nothing that differs. */
export interface IdleExcuse extends Excuse {
  readonly at: string
  readonly idle: 'expired' | 'unused'
  /** How many lines it means that differ. */
  readonly lines: number
}

/** How switches are against what is intended for them. */
export interface Compliance {
  readonly switches: readonly SwitchCompliance[]
  readonly exceptions: readonly IdleExcuse[]
}

/** How many switches were found how. */
export interface ComplySum {
  readonly compared: number
  readonly compliant: number
  readonly differs: number
  /** How many lines of them are excused. */
  readonly excused: number
  readonly unknown: number
  readonly unread: number
}

/** Counts what a comparison has found. */
export function sumOfCompliance(found: readonly SwitchCompliance[]): ComplySum {
  const of = (state: SwitchCompliance['state']): number => found.filter((one) => one.state === state).length
  return {
    compared: of('compliant') + of('differs'),
    compliant: of('compliant'),
    differs: of('differs'),
    excused: found.flatMap(sectionsOf).flatMap(({ lines }) => lines.filter(isExcused)).length,
    unknown: of('unknown'),
    unread: of('unread'),
  }
}

/** The sections of a switch; none where it was not compared. */
export function sectionsOf(one: SwitchCompliance): readonly ComplySection[] {
  return 'sections' in one ? one.sections : []
}

/** Whether an exception excuses a line. */
export function isExcused({ excuse }: ComplyLine): boolean {
  return excuse !== undefined
}

/** What a comparison has found in words, the same everywhere: `2 compared: 1 differs, 1 compliant; 1 not read`. */
export function complyWords({ compared, compliant, differs, excused, unknown, unread }: ComplySum): string {
  const found = [
    count(differs, 'differs', 'differ'),
    `${compliant} compliant`,
    ...(excused === 0 ? [] : [`${count(excused, 'line')} excused`]),
  ]
  const left = [
    ...(unknown === 0 ? [] : [`${unknown} with nothing intended`]),
    ...(unread === 0 ? [] : [`${unread} not compared`]),
  ]
  return comparedWords(compared, found, left)
}

/** Where an intended configuration is from, in words. */
export function sourceWords(source: IntendedSource): string {
  switch (source.kind) {
    case 'workflow':
    case 'files':
      return source.file
    case 'execution':
      return `execution ${source.id}`
    case 'snapshot':
      return `snapshot ${source.name}`
  }
}

/** How a section is: `missing, extra`, or `compliant`. */
export function stateWords({ states }: Pick<ComplySection, 'states'>): string {
  return states.length === 0 ? 'compliant' : states.join(', ')
}
