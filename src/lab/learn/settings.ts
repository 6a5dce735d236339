import type { BehaviourSettings } from '../../eos/sim/switch/behaviour.ts'
import type { KitFact } from '../../features/conformance/kit/contract/finding.ts'
import type { Json } from '../../model/json.ts'

export interface FabricSettings {
  readonly behaviour: BehaviourSettings
  readonly faults: readonly { readonly kind: string; readonly seconds: Json }[]
}

export function settingsOf(facts: readonly KitFact[]): FabricSettings {
  const behaviour: Record<string, Json> = {}
  const says: Record<string, Json> = {}
  const faults: { kind: string; seconds: Json }[] = []
  for (const { key, value } of facts) {
    const [first = '', second] = key.split('.')
    if (first === 'fault' && second !== undefined) faults.push({ kind: second, seconds: value })
    else if (first === 'says' && second !== undefined) says[second] = value
    else behaviour[first] = value
  }
  const words = Object.keys(says).length === 0 ? {} : { says }
  return { behaviour: { ...behaviour, ...words } as BehaviourSettings, faults }
}
