import { z } from 'zod'
import { after, device, lasting, port, said } from './fault-fields.ts'

const linkDown = z.strictObject({ device, kind: z.literal('link-down'), port, ...lasting })
const linkFlap = z.strictObject({
  device,
  kind: z.literal('link-flap'),
  port,
  period: z.number().min(1).max(86_400).meta(said('Seconds; down for the first half.', 10)),
  ...lasting,
})
const bgpPeerDown = z.strictObject({
  device,
  kind: z.literal('bgp-peer-down'),
  peer: z.string().min(1).meta(said('The address of the neighbour.', '10.0.0.1')),
  vrf: z.string().min(1).optional().meta(said('The VRF of the session.', 'default')),
  ...lasting,
})
const portErrdisabled = z.strictObject({
  device,
  kind: z.literal('port-errdisabled'),
  port,
  cause: z
    .string()
    .min(1)
    .optional()
    .meta(said('Why the switch took it down, in the words of EOS; `bpduguard` without it.', 'bpduguard')),
  after,
})
const mlagInactive = z.strictObject({ device, kind: z.literal('mlag-inactive'), ...lasting })

const neighborSwapped = z.strictObject({
  device,
  kind: z.literal('neighbor-swapped'),
  port,
  heard: z.string().min(1).meta(said('The switch that is heard instead.', 'leaf2')),
  heardPort: port.describe('The port it is heard from.'),
  ...lasting,
})
const routesWithdrawn = z.strictObject({
  device,
  kind: z.literal('routes-withdrawn'),
  peer: bgpPeerDown.shape.peer,
  vrf: bgpPeerDown.shape.vrf,
  prefixes: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta(said('Only these; all that the peer announces without it.', ['10.0.0.1/32'])),
  ...lasting,
})
const memberInactive = z.strictObject({ device, kind: z.literal('member-inactive'), port, ...lasting })
const floodEntryLost = z.strictObject({
  device,
  kind: z.literal('flood-entry-lost'),
  vtep: z.string().min(1).meta(said('The address of the remote VTEP.', '10.0.255.13')),
  vlan: z.int().min(1).max(4094).optional().meta(said('One VLAN; all without it.', 110)),
  ...lasting,
})
const errorsRising = z.strictObject({
  device,
  kind: z.literal('errors-rising'),
  port,
  counter: z
    .enum([
      'fcsErrors',
      'alignmentErrors',
      'symbolErrors',
      'runtFrames',
      'giantFrames',
      'inDiscards',
      'outDiscards',
      'outErrors',
    ])
    .meta(said('The counter that rises.', 'fcsErrors')),
  perSecond: z.number().min(0).max(1_000_000).meta(said('So much a second.', 10)),
  ...lasting,
})

const clockAdrift = z.strictObject({ device, kind: z.literal('clock-adrift'), ...lasting })
const supplyFailed = z.strictObject({
  device,
  kind: z.literal('supply-failed'),
  supply: z.enum(['1', '2']).meta(said('The slot of the supply.', '2')),
  ...lasting,
})
const agentCrashed = z.strictObject({
  device,
  kind: z.literal('agent-crashed'),
  agent: z
    .string()
    .regex(/^[A-Z][A-Za-z]{1,30}$/, 'the name of an agent: letters, a capital first')
    .meta(said('The agent, by the name that its logs have.', 'Bgp')),
  after,
})

export const networkFaults = [
  linkDown,
  linkFlap,
  bgpPeerDown,
  portErrdisabled,
  mlagInactive,
  neighborSwapped,
  routesWithdrawn,
  memberInactive,
  floodEntryLost,
  errorsRising,
  clockAdrift,
  supplyFailed,
  agentCrashed,
] as const
