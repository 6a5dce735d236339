import type { Cable, CableEnd } from '../platform/facts.ts'
import type { FaultsAt } from './faults.ts'
import type { SwitchModel } from './read-switch.ts'

/** What is at the other end of a port. */
export interface PortLink {
  /** The far end; undefined without a cable. */
  readonly far: CableEnd | undefined
  /** Whether both ends send light. */
  readonly up: boolean
}

/** The links of all switches, by `device|port`. */
export type Links = ReadonlyMap<string, PortLink>

/** The key of a port in `Links`. */
export const portKey = (device: string, port: string): string => `${device}|${port}`

/**
 * Which ports have a link. A far end that is no switch of the fabric is a host: it always sends. A port without a cable
 * is down, but a Management port: its network lies outside the fabric.
 */
export function linkPorts(models: ReadonlyMap<string, SwitchModel>, cables: readonly Cable[], faults: FaultsAt): Links {
  const links = new Map<string, PortLink>()
  for (const model of models.values()) {
    for (const { name, kind, shutdown } of model.interfaces.values()) {
      const up = kind === 'management' && model.up && !shutdown && !faults.linkDown(model.name, name)
      if (kind === 'management' || kind === 'ethernet') links.set(portKey(model.name, name), { far: undefined, up })
    }
  }
  for (const { a, b } of cables) {
    const up = sends(models, a, faults) && sends(models, b, faults)
    if (models.has(a.device)) links.set(portKey(a.device, a.port), { far: b, up })
    if (models.has(b.device)) links.set(portKey(b.device, b.port), { far: a, up })
  }
  return links
}

function sends(models: ReadonlyMap<string, SwitchModel>, end: CableEnd, faults: FaultsAt) {
  if (faults.linkDown(end.device, end.port) || faults.errdisabled(end.device, end.port) !== undefined) return false
  const model = models.get(end.device)
  if (model === undefined) return true
  const port = model.interfaces.get(end.port)
  return model.up && port !== undefined && !port.shutdown
}
