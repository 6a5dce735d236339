import { errorRecord } from '../../model/error.ts'
import { failureLine } from '../sessions/text.ts'
import { switches } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { visibleLine } from '../text/visible.ts'

export type InventoryFinding =
  | {
      readonly name: string
      readonly state: 'same' | 'differs'
      readonly differences: readonly { readonly what: 'serial' | 'model'; readonly says: string; readonly is: string }[]
    }
  /** The inventory says neither serial number nor model. */
  | { readonly name: string; readonly state: 'unsaid' }
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }

export function inventoryCheckText(found: readonly InventoryFinding[], style: Style): string {
  const lines = found.flatMap((one) => {
    if (one.state === 'unread') return [style.bad(failureLine({ device: one.name, failure: one.failure }))]
    if (one.state === 'unsaid')
      return [style.warning(visibleLine(`? ${one.name}: the inventory says neither serial nor model`))]
    return one.differences.map(({ what, says, is }) =>
      style.bad(visibleLine(`✗ ${one.name}: ${what}: the inventory says ${says}, the switch ${is}`)),
    )
  })
  const of = (state: InventoryFinding['state']) => found.filter((one) => one.state === state).length
  const parts = [
    `${of('same')} as the inventory says`,
    ...(of('differs') === 0 ? [] : [`${of('differs')} not`]),
    ...(of('unsaid') === 0 ? [] : [`${of('unsaid')} not compared`]),
    ...(of('unread') === 0 ? [] : [`${of('unread')} not read`]),
  ]
  return [
    ...lines,
    ...(lines.length === 0 ? [] : ['']),
    `Inventory: ${switches(found.length)}: ${parts.join(', ')}`,
  ].join('\n')
}

/** The same as one document, version 1. */
export function inventoryCheckJson(found: readonly InventoryFinding[]): string {
  const devices = found.map((one) =>
    'failure' in one ? { name: one.name, state: one.state, error: errorRecord(one.failure) } : one,
  )
  return JSON.stringify({ version: 1, kind: 'inventory-check', switches: devices })
}
