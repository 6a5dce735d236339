import type { Body } from '../syntax/nodes.ts'
import { TemplateFault } from '../value/fault.ts'
import { Scope } from './scope.ts'

export const DEPTH = 60

export interface RenderPlace {
  readonly scope: Scope
  readonly root: Scope
  readonly blocks: ReadonlyMap<string, readonly Body[]>
  readonly depth: number
}

export function inner(place: RenderPlace): RenderPlace {
  return { ...place, scope: new Scope(place.scope) }
}

export function tooManyInside(): TemplateFault {
  return new TemplateFault(
    'template-error',
    `more than ${DEPTH} macros or templates are inside one another`,
    'look for one that calls itself without end',
  )
}
