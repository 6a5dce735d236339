import type { z } from 'zod'
import type { ChangeLine } from '../../eos/config/diff/diff.ts'
import type { DifferenceKind } from '../../eos/config/merge.ts'
import { type ConfirmedSource, comparedWords } from '../drift/drift.ts'
import { count, counted, present } from '../text/text.ts'
import type { ComplyDocument, excuse } from './result-schema.ts'

export type IntendedSource =
  | { readonly kind: 'workflow'; readonly file: string }
  | { readonly kind: 'files'; readonly file: string }
  | ConfirmedSource

export type Excuse = Readonly<z.output<typeof excuse>>

export interface ComplyLine {
  readonly kind: DifferenceKind
  // `-`: the switch has it; `+`: it is intended.
  readonly sign: '+' | '-'
  readonly line: string
  readonly excuse?: Excuse
}

export interface ComplySection {
  readonly name: string
  readonly states: readonly DifferenceKind[]
  readonly lines: readonly ComplyLine[]
  readonly config: readonly ChangeLine[]
}

export interface ComparedSwitch {
  readonly name: string
  readonly state: 'compliant' | 'differs'
  readonly source: IntendedSource
  readonly by: 'switch' | 'model'
  readonly sections: readonly ComplySection[]
}

export type SwitchCompliance =
  | ComparedSwitch
  /** Nothing is intended for it. */
  | { readonly name: string; readonly state: 'unknown' }
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }

export type IdleExcuse = Readonly<ComplyDocument['exceptions'][number]>

export interface Compliance {
  readonly switches: readonly SwitchCompliance[]
  readonly exceptions: readonly IdleExcuse[]
}

type ComplySum = Readonly<ComplyDocument['sum']>

export function sumOfCompliance(found: readonly SwitchCompliance[]): ComplySum {
  const of = counted(found)
  return {
    compared: of('compliant') + of('differs'),
    compliant: of('compliant'),
    differs: of('differs'),
    excused: found.flatMap(sectionsOf).flatMap(({ lines }) => lines.filter(isExcused)).length,
    unknown: of('unknown'),
    unread: of('unread'),
  }
}

function sectionsOf(one: SwitchCompliance) {
  return 'sections' in one ? one.sections : []
}

export function isExcused({ excuse }: ComplyLine): boolean {
  return excuse !== undefined
}

/** What a comparison has found in words, the same everywhere: `2 compared: 1 differs, 1 compliant; 1 not read`. */
export function complyWords({ compared, compliant, differs, excused, unknown, unread }: ComplySum): string {
  const found = present(
    count(differs, 'differs', 'differ'),
    `${compliant} compliant`,
    excused !== 0 && `${count(excused, 'line')} excused`,
  )
  const left = present(unknown !== 0 && `${unknown} with nothing intended`, unread !== 0 && `${unread} not compared`)
  return comparedWords(compared, found, left)
}

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

// How a section is: `missing, extra`, or `compliant`.
export function stateWords({ states }: Pick<ComplySection, 'states'>): string {
  return states.length === 0 ? 'compliant' : states.join(', ')
}

export function excuseOf({ excuse: by }: ComplyLine) {
  return by === undefined ? ['', '', ''] : [by.owner, by.until, by.because]
}
