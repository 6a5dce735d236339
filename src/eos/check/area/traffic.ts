import { z } from 'zod'
import { ownMember } from '../../../model/json.ts'
import { type OutputOf, partly, recordOf, show } from '../answer/show.ts'
import { became, namesIn } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'

// `show interfaces`: what every port carries, an average of some minutes (recorded from 4.21 to 4.36).
const INTERFACES = show('show interfaces', () => ({
  interfaces: recordOf(
    partly({
      hardware: z.string(),
      forwardingModel: z.string(),
      interfaceStatistics: partly({ inBitsRate: z.number(), outBitsRate: z.number() }),
    }),
  ),
}))

const rates = () => z.strictObject({ in: z.number(), out: z.number() })

const state = () => z.strictObject({ routed: recordOf(rates()), bridged: recordOf(rates()) })

type Rates = OutputOf<typeof rates>

// Bits per second.
const SILENT = 1000

export const trafficArea = defineArea({
  name: 'traffic',
  docs: 'Bits per second, in and out: of all routed ports together, so that another share of equal ways is no difference, and of every bridged port and port-channel.',
  asks: [INTERFACES],
  state,
  tolerances: {
    in: { percent: 50, by: 10e6 },
    out: { percent: 50, by: 10e6 },
    moreIn: { percent: 200, by: 1e9 },
    moreOut: { percent: 200, by: 1e9 },
    portIn: { percent: 90, by: 10e6 },
    portOut: { percent: 90, by: 10e6 },
  },
  tell: ([reply]) => {
    const answer = answerOf(reply, INTERFACES)
    const carrying = (forwarding: string) =>
      inOrder(
        Object.entries(answer.interfaces).flatMap(([name, { hardware, forwardingModel, interfaceStatistics }]) => {
          const port = {
            in: Math.round(interfaceStatistics?.inBitsRate ?? 0),
            out: Math.round(interfaceStatistics?.outBitsRate ?? 0),
          }
          const counts = (hardware === 'ethernet' || hardware === 'portChannel') && forwardingModel === forwarding
          const isManagement = name.startsWith('Management')
          return counts && !isManagement && Math.max(port.in, port.out) >= SILENT ? [[name, port] as const] : []
        }),
      )
    return { routed: carrying('routed'), bridged: carrying('bridged') }
  },
  describe: (before, after) => [
    ...ways.flatMap((way) => uplinkChanges(way, sum(before.routed, way), sum(after.routed, way))),
    ...namesIn(before.bridged).flatMap((port) => {
      const [was, is] = [ownMember(before.bridged, port) ?? NOTHING, ownMember(after.bridged, port) ?? NOTHING]
      return ways.flatMap((way) => portChanges(port, way, was[way], is[way]))
    }),
  ],
})

const ways = ['in', 'out'] as const
type Way = (typeof ways)[number]

const NOTHING = { in: 0, out: 0 }

function sum(ports: Readonly<Record<string, Rates>>, way: Way) {
  return Object.values(ports).reduce((all, port) => all + port[way], 0)
}

function uplinkChanges(way: Way, was: number, is: number) {
  const more = way === 'in' ? 'moreIn' : 'moreOut'
  const routed = { subject: 'routed', label: 'traffic of all routed ports' }
  return became(routed, is > was ? more : way, [was, is], { suffix: `, ${way}`, shown: rateWord })
}

function portChanges(port: string, way: Way, was: number, is: number) {
  if (is >= was) return []
  const thing = { subject: port, label: `traffic of ${port}` }
  return became(thing, way === 'in' ? 'portIn' : 'portOut', [was, is], { suffix: `, ${way}`, shown: rateWord })
}

function rateWord(bits: number) {
  if (bits >= 1e9) return `${Number((bits / 1e9).toPrecision(3))} Gb/s`
  return bits >= 1e6 ? `${Number((bits / 1e6).toPrecision(3))} Mb/s` : `${Number((bits / 1e3).toPrecision(3))} kb/s`
}
