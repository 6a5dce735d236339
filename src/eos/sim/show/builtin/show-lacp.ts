import type { JsonObject } from '../../../../model/json.ts'
import type { PortChannelState, SwitchState } from '../../converge/network-state.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** `show lacp interface detailed`: the members of the port-channels that negotiate. */
export const showLacpInterface = defineShow({
  words: 'show lacp interface [<interface>] [(detailed|brief)]',
  docs: 'LACP of every member; the keys that ANTA reads.',
  json: ({ state }) => ({
    portChannels: perChannel(state, (port, channel) => portJson(port, channel, state)),
    orphanPorts: {},
  }),
})

/** `show lacp counters all-ports`: one packet a second with the fast timer, one in thirty without. */
export const showLacpCounters = defineShow({
  words: 'show lacp counters [all-ports]',
  docs: 'LACP packets of every member; the keys that ANTA reads.',
  json: (context) => ({
    portChannels: perChannel(context.state, (port, channel) => countersJson(port, channel, context)),
    markerMessages: { markerMessages: [{ marker: '*' }] },
    orphanPorts: {},
  }),
})

function perChannel(
  { portChannels }: SwitchState,
  json: (port: string, channel: PortChannelState) => JsonObject,
): JsonObject {
  const negotiating = [...portChannels.values()].filter(({ protocol }) => protocol === 'lacp')
  return Object.fromEntries(
    negotiating.map((channel) => {
      const ports = [...channel.active, ...channel.inactive.keys()]
      return [channel.name, { interfaces: Object.fromEntries(ports.map((port) => [port, json(port, channel)])) }]
    }),
  )
}

function portJson(port: string, channel: PortChannelState, state: SwitchState): JsonObject {
  const bundled = channel.active.includes(port)
  const timeout = state.interfaces.get(port)?.lacpFast ?? false
  const mine = flags(channel.lacpMode === 'active', timeout, bundled)
  return {
    actorPortStatus: bundled ? 'bundled' : 'noAgg',
    actorPortState: mine,
    ...(bundled ? { partnerPortState: flags(true, timeout, true) } : {}),
    details: {
      actorChurnState: 'noChurn',
      partnerChurnState: 'noChurn',
      aggSelectionState: bundled ? 'aggSelectionStateSelected' : 'aggSelectionStateUnselected',
    },
  }
}

function flags(activity: boolean, timeout: boolean, bundled: boolean): JsonObject {
  return {
    activity,
    timeout,
    aggregation: true,
    synchronization: bundled,
    collecting: bundled,
    distributing: bundled,
    defaulted: !bundled,
    expired: false,
  }
}

function countersJson(port: string, channel: PortChannelState, { state, now, bootedAt }: ShowContext): JsonObject {
  const bundled = channel.active.includes(port)
  const every = state.interfaces.get(port)?.lacpFast === true ? 1000 : 30_000
  const packets = Math.max(0, Math.floor((now - bootedAt) / every))
  return {
    actorPortStatus: bundled ? 'bundled' : 'noAgg',
    lacpdusRxCount: bundled ? packets : 0,
    lacpdusTxCount: packets,
    markersRxCount: 0,
    markersTxCount: 0,
    markerResponseRxCount: 0,
    markerResponseTxCount: 0,
    illegalRxCount: 0,
  }
}
