import { isJsonObject, type Json } from '../model/json.ts'

/**
 * Who is heard over LLDP, and by which of the switches whose state areas these are. `named` gives the name of a switch that may
 * be read; what it does not know, and a switch that hears itself, is left out.
 */
export function neighborsOf(
  states: readonly (readonly [device: string, state: Readonly<Record<string, Json>>])[],
  named: (heard: string) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const [device, { lldp }] of states) {
    for (const heard of devicesIn(lldp)) {
      const neighbor = named(heard)
      if (neighbor === undefined || neighbor === device) continue
      found.set(neighbor, (found.get(neighbor) ?? new Set()).add(device))
    }
  }
  return new Map([...found].map(([neighbor, of]) => [neighbor, [...of]]))
}

/** The system names in the state area `lldp`. */
function devicesIn(area: Json | undefined): readonly string[] {
  if (!isJsonObject(area)) return []
  return Object.values(area).flatMap((heard) =>
    (Array.isArray(heard) ? heard : []).flatMap((one) =>
      isJsonObject(one) && typeof one.device === 'string' ? [one.device] : [],
    ),
  )
}
