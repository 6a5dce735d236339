import type { JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { errorsJson, errorTotals } from '../format/error-counts.ts'
import { loadInterval } from '../format/interface-facts.ts'
import { refuseUnknownInterface, selectedInterfaces } from '../format/selection.ts'
import { columns, seconds } from '../format/text-format.ts'
import { rateOf, traffic } from '../format/traffic.ts'

/** `show interfaces counters`: what keeps an idle network awake, and what a fault makes rise. */
export const showInterfacesCounters = defineShow({
  words: 'show interfaces [<interface>] counters',
  docs: 'Octets and packets of every port; suzieq (4.23).',
  refuse: refuseUnknownInterface,
  json: (context, args) => ({
    interfaces: perPort(context, args, (state) => countersJson(state, context)),
  }),
  text: (context, args) => {
    const rows = ports(context, args).map((state) => {
      const { octets, unicast, multicast, broadcast } = traffic(state, context.now, context.bootedAt)
      return [shortName(state.name), ...[octets, unicast, multicast, broadcast].map(String)]
    })
    const table = (way: string) => [
      columns(['Port', ...['Octets', 'UcastPkts', 'McastPkts', 'BcastPkts'].map((word) => way + word)], PACKETS),
      ...rows.map((cells) => columns(cells, PACKETS)),
    ]
    return [...table('In'), '', ...table('Out')].map((line) => `${line}\n`).join('')
  },
})

/** `show interfaces counters errors`. */
export const showInterfacesCountersErrors = defineShow({
  words: 'show interfaces [<interface>] counters errors',
  docs: 'Broken frames of every port; anta.',
  refuse: refuseUnknownInterface,
  json: (context, args) => ({
    interfaceErrorCounters: perPort(context, args, ({ errors }) => errorsJson(errorTotals(errors))),
  }),
  text: (context, args) => {
    const head = ['Port', 'FCS', 'Align', 'Symbol', 'Rx', 'Runts', 'Giants', 'Tx']
    const rows = ports(context, args).map(({ name, errors }) => {
      const { detail, inErrors, outErrors } = errorTotals(errors)
      const counts = [detail.fcsErrors, detail.alignmentErrors, detail.symbolErrors, inErrors]
      return [shortName(name), ...[...counts, detail.runtFrames, detail.giantFrames, outErrors].map(String)]
    })
    return [head, ...rows].map((cells) => `${columns(cells, ERRORS)}\n`).join('')
  },
})

/** `show interfaces counters discards`. */
export const showInterfacesCountersDiscards = defineShow({
  words: 'show interfaces [<interface>] counters discards',
  docs: 'Frames thrown away by every port; anta.',
  refuse: refuseUnknownInterface,
  json: (context, args) => {
    const totals = ports(context, args).map(({ errors }) => errorTotals(errors))
    return {
      inDiscardsTotal: totals.reduce((sum, { inDiscards }) => sum + inDiscards, 0),
      outDiscardsTotal: totals.reduce((sum, { outDiscards }) => sum + outDiscards, 0),
      interfaces: perPort(context, args, ({ errors }) => {
        const { inDiscards, outDiscards } = errorTotals(errors)
        return { inDiscards, outDiscards }
      }),
    }
  },
  text: (context, args) => {
    const rows = ports(context, args).map(({ name, errors }) => {
      const { inDiscards, outDiscards } = errorTotals(errors)
      return [shortName(name), String(inDiscards), String(outDiscards)]
    })
    return [['Port', 'InDiscards', 'OutDiscards'], ...rows].map((cells) => `${columns(cells, PACKETS)}\n`).join('')
  },
})

/** `show interfaces counters rates`. */
export const showInterfacesCountersRates = defineShow({
  words: 'show interfaces [<interface>] counters rates',
  docs: 'Bits and packets a second; the keys that ANTA reads.',
  refuse: refuseUnknownInterface,
  json: (context, args) => ({
    interfaces: perPort(context, args, ({ name, description }) => ({
      description,
      interval: loadInterval(context.running),
      inBpsRate: rateOf(context, name, 'in').bits,
      inPktsRate: rateOf(context, name, 'in').packets,
      outBpsRate: rateOf(context, name, 'out').bits,
      outPktsRate: rateOf(context, name, 'out').packets,
      lastUpdateTimestamp: seconds(context.now),
    })),
  }),
})

const PACKETS = [10, 20, 15, 15, 15] as const
const ERRORS = [8, 10, 10, 10, 10, 10, 10, 10] as const

function ports(context: ShowContext, args: ShowArguments): readonly InterfaceState[] {
  return (selectedInterfaces(context, args) ?? []).filter(
    ({ kind }) => kind === 'ethernet' || kind === 'management' || kind === 'portChannel',
  )
}

function perPort(context: ShowContext, args: ShowArguments, json: (state: InterfaceState) => JsonObject): JsonObject {
  return Object.fromEntries(ports(context, args).map((state) => [state.name, json(state)] as const))
}

function countersJson(state: InterfaceState, { now, bootedAt }: ShowContext): JsonObject {
  const { inDiscards, outDiscards } = errorTotals(state.errors)
  const { octets, unicast, multicast, broadcast } = traffic(state, now, bootedAt)
  return {
    inOctets: octets,
    inUcastPkts: unicast,
    inMulticastPkts: multicast,
    inBroadcastPkts: broadcast,
    inDiscards,
    outOctets: octets,
    outUcastPkts: unicast,
    outMulticastPkts: multicast,
    outBroadcastPkts: broadcast,
    outDiscards,
    lastUpdateTimestamp: seconds(now),
  }
}
