import type { Fabric } from '../../../src/sim/fabric/fabric.ts'
import type { Cable, HostAddress } from '../../../src/sim/facts.ts'
import { type Lab, labFabric, type RecordedSwitch } from '../lab-fabric.ts'

/** A device of a lab that nobody recorded as a switch, or that is none: a configuration that does what was recorded of it. */
export interface StandIn {
  readonly name: string
  readonly config: string
  /** Its cables: own port, switch, port there. */
  readonly cables: readonly (readonly [string, string, string])[]
  readonly sends?: readonly HostAddress[]
}

/** One lab that somebody has published: its switches, and what is around them. */
export interface PublishedLab extends Lab {
  readonly around: readonly StandIn[]
}

/** The lab as one fabric, with what is around it. */
export function publishedFabric(lab: PublishedLab): Fabric {
  const fabric = labFabric({ ...lab, switches: [...lab.switches, ...lab.around.map(asSwitch)] })
  const cables = lab.around.flatMap(cablesOf)
  const taken = new Set(cables.flatMap(({ a, b }) => [`${a.device} ${a.port}`, `${b.device} ${b.port}`]))
  const others = fabric.cabling.filter(({ a, b }) => ![a, b].some((end) => taken.has(`${end.device} ${end.port}`)))
  return { ...fabric, cabling: [...others, ...cables] }
}

/** A switch hears what is at the end of its cable, so the switch is the first end; a frame goes over one cable of a bundle. */
function cablesOf({ name, cables, sends }: StandIn): readonly Cable[] {
  return cables.map(([port, device, there], at) => ({
    a: { device, port: there },
    b: { device: name, port },
    ...(sends === undefined || at > 0 ? {} : { sends }),
  }))
}

function asSwitch({ name, config }: StandIn): RecordedSwitch {
  return { name, config: `! device: ${name} (vEOS, EOS-4.27.0F)\n!\nhostname ${name}\n!\n${config}!\nend\n`, show: {} }
}
