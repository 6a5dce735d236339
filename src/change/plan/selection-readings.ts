import type { InventoryDevice } from '../inventory/inventory.ts'
import { parseSelector, type Selector } from '../inventory/selector.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'
import type { Readings, Steps } from './readings.ts'
import { TOGETHER, USUAL_TAG } from './unmet-rollout.ts'

interface Deciding {
  readonly selectors: readonly Selector[]
  readonly apart: string
}

export function selectorsOf({ targets, rollout: { canary, keepApart } }: Workflow): Deciding {
  const expressions = [targets.expression, ...(typeof canary?.switches === 'string' ? [canary.switches] : [])]
  const selectors = expressions.flatMap((expression) => {
    const parsed = parseSelector(expression)
    return parsed.ok ? [parsed.value] : []
  })
  return { selectors, apart: keepApart === undefined || keepApart === TOGETHER ? USUAL_TAG : keepApart }
}

/** Keeps in `readings` which tags and groups of the selected switches the selectors and the rollout have asked for. */
export function noteSelection(readings: Readings, devices: readonly InventoryDevice[], deciding: Deciding): void {
  noteAsked(readings, devices, [['tags', deciding.apart], ...deciding.selectors.flatMap(askedIn)])
}

export function noteSelectors(
  readings: Readings,
  devices: readonly InventoryDevice[],
  selectors: readonly Selector[],
): void {
  noteAsked(readings, devices, selectors.flatMap(askedIn))
}

function noteAsked(readings: Readings, devices: readonly InventoryDevice[], asked: readonly Steps[]) {
  for (const { name } of devices) {
    for (const steps of asked) readings.note(name, { what: 'value', steps })
  }
}

function askedIn(selector: Selector): readonly Steps[] {
  switch (selector.kind) {
    case 'tag':
      return [['tags', selector.tag]]
    case 'group':
      // A tag that is called `group` is asked for too.
      return [/[*?]/.test(selector.pattern) ? ['groups'] : ['groups', selector.pattern], ['tags', 'group']]
    case 'not':
      return askedIn(selector.operand)
    case 'and':
    case 'or':
      return selector.operands.flatMap(askedIn)
    case 'name':
    case 'listed':
      return []
  }
}
