import type { JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { VrfState } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { refuseUnknownVrf } from '../format/selection.ts'
import { wrapped } from '../format/text-format.ts'

/** `interfacesV4`, `interfacesV6` are recorded by napalm on a current cEOS and on 4.36, and absent in 4.23. */
const FAMILY_LISTS_SINCE = '4.24'
/** `vrfId` is recorded on 4.36 only. */
const VRF_ID_SINCE = '4.36'
const INTERFACES_WIDTH = 39

/** 4.18 has no JSON, 4.21 has an empty map (lab-validation). */
const CONVERTED_SINCE = '4.21'
const FILLED_SINCE = '4.22'

/** `show vrf`. */
export const showVrf = defineShow({
  words: 'show vrf [<vrf>]',
  docs: 'The VRFs with their interfaces; suzieq (JSON of 4.23), ntc show_vrf (text), lab-validation (4.36).',
  refuse: refuseUnknownVrf,
  unconverted: ({ facts }) => !eosAtLeast(facts.eos, CONVERTED_SINCE),
  json: (context, args) => ({
    vrfs: Object.fromEntries(shown(context, args).map((vrf) => [vrf.name, vrfJson(vrf, context)] as const)),
  }),
  text: (context, args) => {
    if (!eosAtLeast(context.facts.eos, WITHOUT_RD_SINCE)) return oldText(selected(context, args))
    const head = [
      'Maximum number of VRFs allowed: 1023',
      '   VRF             Protocols       State         Interfaces',
      `${'-'.repeat(15)} ${'-'.repeat(15)} ${'-'.repeat(16)} ${'-'.repeat(INTERFACES_WIDTH)}`,
    ]
    return [...head, ...selected(context, args).flatMap(vrfRows)].map((line) => `${line.trimEnd()}\n`).join('')
  },
})

/** The text with the route distinguisher is recorded on 4.23 and 4.24.0F; where it changed is not known. */
const WITHOUT_RD_SINCE = '4.25'
/** What fits into a line of interfaces: 27 characters are in ntc's widest. */
const OLD_WIDTH = 27

/** A column is as wide as what is in it, with three blanks before and behind; the last one has none (lab-validation, ntc). */
function oldText(vrfs: readonly VrfState[]): string {
  const rows = vrfs.flatMap(oldRows)
  const widths = OLD_HEAD.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === cells.length - 1 ? cell : `   ${cell.padEnd((widths[at] ?? 0) + 4)}`)).join('')
  const rules = widths.map((width, at) => '-'.repeat(at === widths.length - 1 ? width : width + 6))
  return ['Maximum number of vrfs allowed: 1024', line(OLD_HEAD), rules.join(' '), ...rows.map(line)]
    .map((text) => `${text.trimEnd()}\n`)
    .join('')
}

const OLD_HEAD = ['VRF', 'RD', 'Protocols', 'State', 'Interfaces']

/** The cells of a VRF, line by line. */
function oldRows(vrf: VrfState): readonly (readonly string[])[] {
  const [first = '', second = '', ...rest] = wrapped(vrf.interfaces, OLD_WIDTH)
  const state = (routes: boolean) => (routes ? 'routing' : 'no routing')
  const multicast = vrf.multicast ? '; multicast' : ''
  const rd = vrf.routeDistinguisher === '' ? '<not set>' : vrf.routeDistinguisher
  return [
    [vrf.name, rd, 'ipv4,ipv6', `v4:${state(vrf.ipv4Routing)}${multicast},`, first],
    ['', '', '', `v6:${state(vrf.ipv6Routing)}`, second],
    ...rest.map((interfaces) => ['', '', '', '', interfaces]),
  ]
}

function selected({ state }: ShowContext, args: ShowArguments): readonly VrfState[] {
  const { vrf } = args
  return [...state.vrfs.values()].filter(({ name }) => vrf === undefined || vrf === 'all' || name === vrf)
}

function shown(context: ShowContext, args: ShowArguments): readonly VrfState[] {
  return eosAtLeast(context.facts.eos, FILLED_SINCE) ? selected(context, args) : []
}

function vrfJson(vrf: VrfState, { facts, state }: ShowContext): JsonObject {
  const lists = { interfacesV4: vrf.interfacesV4, interfacesV6: vrf.interfacesV6 }
  return {
    routeDistinguisher: vrf.routeDistinguisher,
    protocols: { ipv4: protocolJson(vrf.ipv4Routing), ipv6: protocolJson(vrf.ipv6Routing) },
    vrfState: 'up',
    ...(eosAtLeast(facts.eos, FAMILY_LISTS_SINCE) ? lists : {}),
    interfaces: vrf.interfaces,
    ...(eosAtLeast(facts.eos, VRF_ID_SINCE) ? { vrfId: [...state.vrfs.keys()].indexOf(vrf.name) } : {}),
  }
}

function protocolJson(routes: boolean): JsonObject {
  return { supported: true, protocolState: 'up', routingState: routes ? 'up' : 'down' }
}

function vrfRows(vrf: VrfState): readonly string[] {
  const [first = '', ...rest] = wrapped(vrf.interfaces.map(shortName), INTERFACES_WIDTH)
  const row = (name: string, protocol: string, state: string, interfaces: string) =>
    `   ${name.padEnd(15)} ${protocol.padEnd(15)} ${state.padEnd(13)} ${interfaces}`
  return [
    row(vrf.name, 'IPv4', vrf.ipv4Routing ? 'routing' : 'no routing', first),
    ...rest.map((interfaces) => row('', '', '', interfaces)),
    row(vrf.name, 'IPv6', vrf.ipv6Routing ? 'routing' : 'no routing', ''),
  ]
}
