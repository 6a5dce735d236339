import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject, ownMember } from '../../../model/json.ts'
import { isIntOrNone, isRecordOf, isTextOrNone } from '../answer/plain-shape.ts'
import { type Answer, type OutputOf, partly, recordOf, show } from '../answer/show.ts'
import { became, becameEach, compareRecords, place, type StateChange, type Thing } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'

// `show interfaces status` (docs/eos.md 6.2).
export const INTERFACES_STATUS = show('show interfaces status', () => ({
  interfaceStatuses: recordOf({
    linkStatus: z.string(),
    bandwidth: z.int().optional(),
    duplex: z.string().optional(),
    vlanInformation: partly({ interfaceMode: z.string(), vlanId: z.int() }).optional(),
  }),
}))

// Every interface, by `show interfaces` (recorded from 4.15 to 4.36): how often its link changed, which logical ones do not tell.
const INTERFACES = show('show interfaces', () => ({
  interfaces: recordOf(
    partly({
      interfaceStatus: z.string(),
      interfaceCounters: partly({ linkStatusChanges: z.int() }),
    }),
  ),
}))

function isPlain(json: Json) {
  return isJsonObject(json) && isRecordOf(json.interfaceStatuses, isPlainPort)
}

function isPlainPort({ linkStatus, bandwidth, duplex, vlanInformation: vlan }: JsonObject) {
  const isVlan =
    vlan === undefined || (isJsonObject(vlan) && isTextOrNone(vlan.interfaceMode) && isIntOrNone(vlan.vlanId))
  return typeof linkStatus === 'string' && isIntOrNone(bandwidth) && isTextOrNone(duplex) && isVlan
}

function isPlainEvery(json: Json) {
  return isJsonObject(json) && isRecordOf(json.interfaces, isPlainInterface)
}

function isPlainInterface({ interfaceStatus, interfaceCounters: counters }: JsonObject) {
  const isCounted = counters === undefined || (isJsonObject(counters) && isIntOrNone(counters.linkStatusChanges))
  return isTextOrNone(interfaceStatus) && isCounted
}

const state = () =>
  recordOf(
    z.strictObject({
      link: z.string(),
      mode: z.string(),
      vlan: z.int(),
      bandwidth: z.int(),
      duplex: z.string(),
      linkChanges: z.int().exactOptional(),
    }),
  )

/** `vlan` is 0 where one has none, `bandwidth` in bits per second; logical interfaces (loopbacks, SVIs, Vxlan1, tunnels, sub-interfaces) have a link and neither mode nor VLAN, bandwidth and duplex. */
export type InterfacesState = OutputOf<typeof state>

/** What `show interfaces status` says of every port, without its description, and `show interfaces` of the logical interfaces, which the former leaves out. */
export const interfacesArea = defineArea({
  name: 'interfaces',
  docs: 'Every interface: link (connected, notconnect, disabled, errdisabled); of a port, a management port and a port-channel also mode, VLAN, bandwidth and duplex, and whether the link went away and came back.',
  asks: [INTERFACES_STATUS, INTERFACES],
  state,
  tell: ([reply, every]) => {
    const answer = answerOf(reply, INTERFACES_STATUS, isPlain)
    // Without it the logical interfaces are unknown: to leave them out would say that they are gone.
    const { interfaces } = every === undefined ? NONE : answerOf(every, INTERFACES, isPlainEvery)
    const ports = Object.entries(answer.interfaceStatuses).map(([name, port]): [string, InterfacesState[string]] => [
      name,
      {
        link: port.linkStatus,
        mode: port.vlanInformation?.interfaceMode ?? '',
        vlan: port.vlanInformation?.vlanId ?? 0,
        bandwidth: port.bandwidth ?? 0,
        duplex: port.duplex ?? '',
        ...linkChanges(interfaces, name),
      },
    ])
    return inOrder([...ports, ...logical(interfaces, answer.interfaceStatuses)])
  },
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (name) => ({ subject: name, label: `interface ${name}` }),
      added: ({ link }) => ` added: ${link}`,
      removed: ({ link }) => ` removed: was ${link}`,
      changed: (port, was, is) => [
        ...became(port, 'link', [was.link, is.link]),
        ...flaps(port, was, is),
        ...becameEach(port, [was, is], {
          mode: ' mode',
          vlan: { suffix: ' VLAN', shown: vlanWord },
          bandwidth: { suffix: ' bandwidth', shown: bandwidthWord },
          duplex: ' duplex',
        }),
      ],
    }),
})

type EveryInterface = Answer<typeof INTERFACES>['interfaces']

const NONE: Answer<typeof INTERFACES> = { interfaces: {} }

function logical(interfaces: EveryInterface, ports: object): readonly [string, InterfacesState[string]][] {
  return Object.entries(interfaces).flatMap(([name, { interfaceStatus: link }]) =>
    link === undefined || Object.hasOwn(ports, name)
      ? []
      : [[name, { link, mode: '', vlan: 0, bandwidth: 0, duplex: '', ...linkChanges(interfaces, name) }]],
  )
}

function linkChanges(interfaces: EveryInterface, name: string): { readonly linkChanges?: number } {
  const changes = ownMember(interfaces, name)?.interfaceCounters?.linkStatusChanges
  return changes === undefined ? {} : { linkChanges: changes }
}

function flaps(port: Thing, was: InterfacesState[string], is: InterfacesState[string]): readonly StateChange[] {
  const { linkChanges: before } = was
  const { linkChanges: after } = is
  if (was.link !== is.link || before === undefined || after === undefined || after <= before) return []
  const text = `${port.label} flapped: ${before} -> ${after} link changes`
  return [{ ...place(port), kind: 'changed', attribute: 'linkChanges', was: before, is: after, text }]
}

function vlanWord(vlan: number) {
  return vlan === 0 ? '' : String(vlan)
}

// `25G`, `100M`: as EOS writes a speed.
function bandwidthWord(bits: number) {
  if (bits === 0) return ''
  return bits >= 1e9 ? `${bits / 1e9}G` : `${bits / 1e6}M`
}
