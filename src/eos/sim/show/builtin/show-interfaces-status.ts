import type { JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import { transceiverType } from '../../converge/platform.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { refuseUnknownInterface, selectedInterfaces } from '../format/selection.ts'
import { columns } from '../format/text-format.ts'

const WIDTHS = [10, 22, 12, 11, 6, 6] as const

/** `show interfaces status`: the ports and port-channels. */
export const showInterfacesStatus = defineShow({
  words: 'show interfaces [<interface>] status',
  docs: 'Link, VLAN, duplex and speed of every port; ntc show_interfaces_status, pyntc.',
  refuse: refuseUnknownInterface,
  json: (context, args) => {
    const interfaceStatuses: Record<string, JsonObject> = {}
    for (const state of ports(selectedInterfaces(context, args))) {
      interfaceStatuses[state.name] = statusJson(state, context)
    }
    return { interfaceStatuses }
  },
  text: (context, args) => {
    const rows = ports(selectedInterfaces(context, args)).map((state) => row(state, context))
    const head = ['Port', 'Name', 'Status', 'Vlan', 'Duplex', ' Speed', 'Type']
    return [head, ...rows].map((cells) => `${columns(cells, WIDTHS)}\n`).join('')
  },
})

function ports(states: readonly InterfaceState[] = []): readonly InterfaceState[] {
  return states.filter(({ kind }) => kind === 'ethernet' || kind === 'management' || kind === 'portChannel')
}

function statusJson(state: InterfaceState, context: ShowContext): JsonObject {
  const negotiates = state.kind === 'management'
  return {
    description: state.description,
    linkStatus: state.status,
    vlanInformation: vlanInformation(state),
    bandwidth: state.bandwidth,
    duplex: 'duplexFull',
    interfaceType: typeOf(state, context),
    autoNegotiateActive: negotiates,
    autoNegotigateActive: negotiates,
  }
}

function vlanInformation(state: InterfaceState): JsonObject {
  if (state.mode === 'routed') return { interfaceMode: 'routed', interfaceForwardingModel: 'routed' }
  if (state.mode === 'dataLink') {
    return {
      interfaceMode: 'dataLink',
      interfaceForwardingModel: 'dataLink',
      vlanExplanation: `in ${shortName(state.channel ?? '')}`,
    }
  }
  if (state.mode === 'trunk')
    return { interfaceMode: 'trunk', interfaceForwardingModel: 'bridged', vlanExplanation: 'trunk' }
  return { interfaceMode: 'bridged', interfaceForwardingModel: 'bridged', vlanId: state.vlan }
}

function typeOf(state: InterfaceState, { facts }: ShowContext): string {
  if (state.kind === 'portChannel') return 'N/A'
  return state.lineProtocol === 'notPresent' ? 'Not Present' : transceiverType(facts.model, state.name)
}

function row(state: InterfaceState, context: ShowContext): readonly string[] {
  const negotiates = state.kind === 'management'
  const vlan = {
    routed: 'routed',
    trunk: 'trunk',
    access: String(state.vlan),
    dataLink: `in ${shortName(state.channel ?? '')}`,
  }
  return [
    shortName(state.name),
    state.description.slice(0, 22),
    state.status,
    vlan[state.mode],
    negotiates ? 'a-full' : 'full',
    ((negotiates ? 'a-' : '') + speed(state.bandwidth)).padStart(6),
    typeOf(state, context),
  ]
}

function speed(bandwidth: number): string {
  if (bandwidth === 0) return 'unconf'
  return bandwidth >= 1e9 ? `${bandwidth / 1e9}G` : `${bandwidth / 1e6}M`
}
