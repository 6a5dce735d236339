import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import { isIntOrNone, isRecordOf, isTextOrNone } from '../answer/plain-shape.ts'
import { became, compareRecords, entry, place, type Thing } from '../finding/compare.ts'
import type { StateChange } from '../finding/state-change.ts'
import { type AreaReading, defineArea, inOrder, modelIn } from './define-area.ts'
import { SHOW_INTERFACES } from './show-interfaces.ts'

export const INTERFACES_STATUS = { cmd: 'show interfaces status', revision: 1 }

// `show interfaces status` (docs/eos.md 6.2).
const model = once(() =>
  z.object({
    interfaceStatuses: z.record(
      z.string(),
      z.object({
        linkStatus: z.string(),
        bandwidth: z.int().optional(),
        duplex: z.string().optional(),
        vlanInformation: z.object({ interfaceMode: z.string().optional(), vlanId: z.int().optional() }).optional(),
      }),
    ),
  }),
)

// Every interface, by `show interfaces` (recorded from 4.15 to 4.36): how often its link changed, which logical ones do not tell.
const everyInterface = once(() =>
  z.object({
    interfaces: z.record(
      z.string(),
      z.object({
        interfaceStatus: z.string().optional(),
        interfaceCounters: z.object({ linkStatusChanges: z.int().optional() }).optional(),
      }),
    ),
  }),
)

function isPlain(json: Json): boolean {
  return isJsonObject(json) && isRecordOf(json.interfaceStatuses, isPlainPort)
}

function isPlainPort({ linkStatus, bandwidth, duplex, vlanInformation: vlan }: JsonObject): boolean {
  const isVlan =
    vlan === undefined || (isJsonObject(vlan) && isTextOrNone(vlan.interfaceMode) && isIntOrNone(vlan.vlanId))
  return typeof linkStatus === 'string' && isIntOrNone(bandwidth) && isTextOrNone(duplex) && isVlan
}

function isPlainEvery(json: Json): boolean {
  return isJsonObject(json) && isRecordOf(json.interfaces, isPlainInterface)
}

function isPlainInterface({ interfaceStatus, interfaceCounters: counters }: JsonObject): boolean {
  const isCounted = counters === undefined || (isJsonObject(counters) && isIntOrNone(counters.linkStatusChanges))
  return isTextOrNone(interfaceStatus) && isCounted
}

const state = once(() =>
  z.record(
    z.string(),
    z.strictObject({
      link: z.string(),
      mode: z.string(),
      vlan: z.int(),
      bandwidth: z.int(),
      duplex: z.string(),
      linkChanges: z.int().exactOptional(),
    }),
  ),
)

/** `vlan` is 0 where one has none, `bandwidth` in bits per second; logical interfaces (loopbacks, SVIs, Vxlan1, tunnels, sub-interfaces) have a link and neither mode nor VLAN, bandwidth and duplex. */
export type InterfacesState = z.output<ReturnType<typeof state>>

/** What `show interfaces status` says of every port, without its description, and `show interfaces` of the logical interfaces, which the former leaves out. */
export const interfacesArea = defineArea({
  name: 'interfaces',
  docs: 'Every interface: link (connected, notconnect, disabled, errdisabled); of a port, a management port and a port-channel also mode, VLAN, bandwidth and duplex, and whether the link went away and came back.',
  commands: [INTERFACES_STATUS, SHOW_INTERFACES],
  state,
  tell: ([reply, every]) => {
    const answer = modelIn(reply, INTERFACES_STATUS, model, isPlain)
    if (!answer.ok) return answer
    const told = every === undefined ? NONE : modelIn(every, SHOW_INTERFACES, everyInterface, isPlainEvery)
    // Without it the logical interfaces are unknown: to leave them out would say that they are gone.
    if (!told.ok) return told
    const { interfaces } = told.state
    const ports = Object.entries(answer.state.interfaceStatuses).map(
      ([name, port]): [string, InterfacesState[string]] => [
        name,
        {
          link: port.linkStatus,
          mode: port.vlanInformation?.interfaceMode ?? '',
          vlan: port.vlanInformation?.vlanId ?? 0,
          bandwidth: port.bandwidth ?? 0,
          duplex: port.duplex ?? '',
          ...linkChanges(interfaces, name),
        },
      ],
    )
    return { ok: true, state: inOrder([...ports, ...logical(interfaces, answer.state.interfaceStatuses)]) }
  },
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (name) => ({ subject: name, label: `interface ${name}` }),
      added: ({ link }) => ` added: ${link}`,
      removed: ({ link }) => ` removed: was ${link}`,
      changed: (port, was, is) => [
        ...became(port, 'link', [was.link, is.link]),
        ...flaps(port, was, is),
        ...became(port, 'mode', [was.mode, is.mode], { suffix: ' mode' }),
        ...became(port, 'vlan', [was.vlan, is.vlan], { suffix: ' VLAN', shown: vlanWord }),
        ...became(port, 'bandwidth', [was.bandwidth, is.bandwidth], { suffix: ' bandwidth', shown: bandwidthWord }),
        ...became(port, 'duplex', [was.duplex, is.duplex], { suffix: ' duplex' }),
      ],
    }),
})

type EveryInterface = z.output<ReturnType<typeof everyInterface>>['interfaces']

const NONE: AreaReading<z.output<ReturnType<typeof everyInterface>>> = { ok: true, state: { interfaces: {} } }

function logical(interfaces: EveryInterface, ports: object): readonly [string, InterfacesState[string]][] {
  return Object.entries(interfaces).flatMap(([name, { interfaceStatus: link }]) =>
    link === undefined || Object.hasOwn(ports, name)
      ? []
      : [[name, { link, mode: '', vlan: 0, bandwidth: 0, duplex: '', ...linkChanges(interfaces, name) }]],
  )
}

function linkChanges(interfaces: EveryInterface, name: string): { readonly linkChanges?: number } {
  const changes = entry(interfaces, name)?.interfaceCounters?.linkStatusChanges
  return changes === undefined ? {} : { linkChanges: changes }
}

function flaps(port: Thing, was: InterfacesState[string], is: InterfacesState[string]): readonly StateChange[] {
  const { linkChanges: before } = was
  const { linkChanges: after } = is
  if (was.link !== is.link || before === undefined || after === undefined || after <= before) return []
  const text = `${port.label} flapped: ${before} -> ${after} link changes`
  return [{ ...place(port), kind: 'changed', attribute: 'linkChanges', was: before, is: after, text }]
}

function vlanWord(vlan: number): string {
  return vlan === 0 ? '' : String(vlan)
}

// `25G`, `100M`: as EOS writes a speed.
function bandwidthWord(bits: number): string {
  if (bits === 0) return ''
  return bits >= 1e9 ? `${bits / 1e9}G` : `${bits / 1e6}M`
}
