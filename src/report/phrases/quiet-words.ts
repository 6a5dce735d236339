import { kindsInDiff } from '../../change/plan/change-read.ts'
import type { PlannedDevice } from '../../change/plan/plan.ts'
import { present } from '../text/present.ts'

/** Names the lines of a change of quiet kinds: `only descriptions change`. */
export function quietWords({ devices }: { readonly devices: readonly Pick<PlannedDevice, 'diff'>[] }): string {
  const kinds = new Set(devices.flatMap(({ diff }) => [...kindsInDiff(diff)]))
  const names = kinds.delete('vlan.name') ? ['names of VLANs'] : []
  return `only ${present(kinds.size > 0 && 'descriptions', names).join(' and ')} change`
}
