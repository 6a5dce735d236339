import type { Body } from '../syntax/nodes.ts'
import { TemplateFault } from '../value/fault.ts'
import { Scope } from './scope.ts'

/** How many macros, blocks and templates may be rendered inside one another. */
export const DEPTH = 60

/** What a part of a template is rendered in. */
export interface RenderPlace {
  readonly scope: Scope
  /** The names that the whole template sees: blocks see these alone. */
  readonly root: Scope
  /** The blocks of this template and of those that extend it, the nearest first. */
  readonly blocks: ReadonlyMap<string, readonly Body[]>
  /** How many loops are around it, of the same recursive loop. */
  readonly depth: number
}

/** The same place with names of its own. */
export function inner(place: RenderPlace): RenderPlace {
  return { ...place, scope: new Scope(place.scope) }
}

/** The fault of macros or templates that are too deep inside one another. */
export function tooManyInside(): TemplateFault {
  return new TemplateFault(
    'template-error',
    `more than ${DEPTH} macros or templates are inside one another`,
    'look for one that calls itself without end',
  )
}
