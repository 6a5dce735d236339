import { z } from 'zod'
import { SHOW_INTERFACES_DESCRIPTION, SHOW_TRANSCEIVER_DOM } from '../../answer/interfaces.ts'
import {
  byName,
  MissingMember,
  mismatch,
  needed,
  partly,
  printed,
  printedDecimals,
  printedFloat,
  remarked,
  show,
  told,
} from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import {
  areNamed,
  count,
  decimal,
  ethernetSelection,
  flag,
  integer,
  interfaceFaults,
  interfaceName,
  interfacesIn,
  ipv4WithLength,
  judgeFound,
  maybeText,
  portChannelInterface,
  portChannelSelection,
  someOf,
} from '../../input/words.ts'

/** An interface in messages, with the description that the switch tells of it. */
export function describedInterface(name: string, description: string | undefined): string {
  return `Interface: ${name}${description ? ` Description: ${description}` : ''}`
}

const expectedStatus = () => z.enum(['up', 'down', 'adminDown']).describe('The status that is expected.')

const expectedPortChannel = () => portChannelInterface().describe('The port-channel that the interface is bundled in.')

/** The first address of an interface. */
export const expectedPrimaryIp = () => ipv4WithLength().describe('The primary address with its length.')

const expectedSpeed = () => decimal(1, 1000).describe('The speed in Gbit/s.')

/**
 * What a catalog may expect of one interface (ANTA's input model `InterfaceState`). All checks take all of it, and each
 * requires what it judges.
 */
export const interfaceState = () => ({
  name: interfaceName().describe('The interface.'),
  description: maybeText('What messages call it besides its name.'),
  status: expectedStatus().nullish(),
  line_protocol_status: z
    .enum(['up', 'down', 'testing', 'unknown', 'dormant', 'notPresent', 'lowerLayerDown'])
    .nullish()
    .describe('The status of the line protocol.'),
  portchannel: expectedPortChannel().nullish(),
  lacp_rate_fast: flag('Whether LACP runs with the short timeout.'),
  lacp_churn_state: flag('Whether LACP churn is looked at.'),
  primary_ip: expectedPrimaryIp().nullish(),
  secondary_ips: z.array(ipv4WithLength()).nullish().describe('The secondary addresses with their lengths.'),
  auto: flag('Whether auto-negotiation must have succeeded.'),
  speed: expectedSpeed().nullish(),
  lanes: integer(1, 8).nullish().describe('The number of lanes.'),
})

/** What messages about the interface begin with. */
export function interfaceSubject({
  name,
  description,
  portchannel,
}: {
  readonly name: string
  readonly description?: string | null | undefined
  readonly portchannel?: string | null | undefined
}): string {
  return `Interface: ${remarked(name, description)}${portchannel ? ` Port-Channel: ${portchannel}` : ''}`
}

/** No member of a port-channel received an illegal LACP packet. */
export const VerifyIllegalLACP = defineVerify({
  summary: 'Verifies that port-channels received no illegal LACP packet.',
  docs: 'Passes when no member of the port-channels looked at counts an illegal LACP packet.',
  example: {
    ignored_interfaces: ['Port-Channel1', 'Port-Channel2'],
    interfaces: ['Port-Channel10', 'Port-Channel12'],
  },
  input: portChannelSelection,
  asks: show('show lacp counters all-ports', () =>
    partly({
      portChannels: byName(told({ interfaces: byName(told({ illegalRxCount: z.number() })) })),
    }),
  ),
  judge: (answer, input) =>
    interfaceFaults(input, interfacesIn(input, answer, 'portChannels'), (name, { interfaces }) =>
      [...interfaces].flatMap(([member, { illegalRxCount }]) =>
        illegalRxCount === 0
          ? []
          : [`Interface: ${name} - Illegal LACP packets detected on member interface ${member}`],
      ),
    ),
})

// What EOS tells, to the digit, of a channel that no light is measured on: it is no measurement.
const NOT_MEASURED = -30

/** Optics receive enough light. */
export const VerifyInterfacesOpticsReceivePower = defineVerify({
  summary: 'Verifies that optics receive light well above their low alarm.',
  docs: 'Passes when every channel of the interfaces looked at receives at least the low-alarm threshold plus the margin. An optic without digital optical monitoring (DOM) or without thresholds is left out, and fails when its interface was named.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Ethernet3/1'],
    failure_margin: 2,
    ignore_shutdown_interfaces: true,
  },
  input: () => ({
    ...ethernetSelection(),
    failure_margin: count().default(2).describe('The margin above the low alarm in dB.'),
    ignore_shutdown_interfaces: flag('Whether interfaces that are shut are left out.'),
  }),
  asks: [SHOW_TRANSCEIVER_DOM, SHOW_INTERFACES_DESCRIPTION],
  judge: ([{ interfaces }, { interfaceDescriptions }], input) =>
    judgeFound(
      input,
      interfaces,
      (name, { mediaType, parameters }) => {
        const described = interfaceDescriptions.get(name)
        if (input.ignore_shutdown_interfaces && described?.interfaceStatus === 'adminDown') return []
        const missing = (what: string) => (areNamed(input) ? [`Interface: ${name} - ${what}`] : [])
        const power = parameters?.rxPower
        if (power === undefined) return missing('Receive power details are not found (DOM not supported)')
        const lowAlarm = power.threshold?.lowAlarm
        if (lowAlarm === undefined) return missing('Threshold data is not available')
        const lowest = lowAlarm + input.failure_margin
        const low = [...needed(power, 'channels')].filter(([, actual]) => actual < lowest && actual !== NOT_MEASURED)
        if (low.length === 0) return []
        if (described === undefined) throw new MissingMember(interfaceDescriptions, name)
        const status = needed(described, 'interfaceStatus')
        return low.map(
          ([channel, actual]) =>
            `Interface: ${name} Status: ${status} Channel: ${channel} Optic: ${printed(mediaType)} - Low receive power detected - Expected: >= ${printedDecimals(lowest, 2)}dBm (Alarm: ${printedDecimals(lowAlarm, 2)}dBm + Margin: ${input.failure_margin}dBm) Actual: ${printedDecimals(actual, 2)}dBm`,
        )
      },
      'Optic not found',
    ),
})

/** Optics are not too hot. */
export const VerifyInterfacesOpticsTemperature = defineVerify({
  summary: 'Verifies the temperature of optics.',
  docs: 'Passes when no optic of the interfaces looked at is hotter than the threshold. An optic without digital optical monitoring (DOM) is left out, and fails when its interface was named.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Ethernet3/1'],
    max_transceiver_temperature: 68,
  },
  input: () => ({
    ...ethernetSelection(),
    max_transceiver_temperature: decimal().default(68).describe('The highest temperature in degrees Celsius.'),
  }),
  asks: SHOW_TRANSCEIVER_DOM,
  judge: ({ interfaces }, input) =>
    judgeFound(
      input,
      new Map([...interfaces].filter(([, optic]) => Object.keys(optic).length > 0)),
      (name, { parameters }) => {
        const temperature = parameters?.temperature
        if (temperature === undefined) {
          return areNamed(input) ? [`Interface: ${name} - Temperature details are not found (DOM not supported)`] : []
        }
        const actual = temperature.channels?.get('-')
        if (actual === undefined) return undefined
        const highest = input.max_transceiver_temperature
        return actual <= highest
          ? []
          : [
              `Interface: ${name} - High transceiver temperature detected - Expected: <= ${printedFloat(highest)}°C Actual: ${printedDecimals(actual, 2)}°C`,
            ]
      },
      'Optic not found',
    ),
})

const BITS_PER_GIGABIT = 1_000_000_000

/** Each interface runs at its speed, full duplex, with its lanes. */
export const VerifyInterfacesSpeed = defineVerify({
  summary: 'Verifies speed, duplex mode, lanes and auto-negotiation of interfaces.',
  docs: 'Passes when every interface is full duplex and has that speed, has those lanes where they are given, and has negotiated where `auto` is set.',
  example: {
    interfaces: [
      { name: 'Ethernet2', auto: false, speed: 10 },
      { name: 'Eth3', auto: true, speed: 100, lanes: 1 },
      { name: 'Eth2', auto: false, speed: 2.5 },
    ],
  },
  input: () => ({
    interfaces: someOf({ ...interfaceState(), speed: expectedSpeed() }, 'The interfaces with their speeds.'),
  }),
  asks: show(
    'show interfaces',
    () =>
      partly({
        interfaces: byName(
          partly({
            bandwidth: z.number(),
            duplex: z.string(),
            autoNegotiate: z.string(),
            lanes: z.number(),
          }),
        ),
      }),
    null,
  ),
  judge: (told, { interfaces }) =>
    interfaces.flatMap((one) => {
      const actual = told.interfaces?.get(one.name)
      const subject = interfaceSubject(one)
      if (actual === undefined) return [`${subject} - Not found`]
      const { duplex, autoNegotiate, lanes } = actual
      return [
        ...bandwidthFaults(subject, one.speed, needed(actual, 'bandwidth')),
        ...mismatch(`${subject} - Duplex mode mismatch`, 'duplexFull', duplex, 'None'),
        ...(one.auto ? mismatch(`${subject} - Auto-negotiation mismatch`, 'success', autoNegotiate, 'None') : []),
        ...(one.lanes ? mismatch(`${subject} - Data lanes count mismatch`, one.lanes, lanes, 'None') : []),
      ]
    }),
})

function bandwidthFaults(subject: string, speed: number, bandwidth: number) {
  if (bandwidth === speed * BITS_PER_GIGABIT) return []
  const [expected, actual] = [`${printedFloat(speed)}Gbps`, `${bandwidth / BITS_PER_GIGABIT}Gbps`]
  return [`${subject} - Bandwidth mismatch - Expected: ${expected} Actual: ${actual}`]
}

// EOS says `connected` in some answers for what it calls `up` in others.
const spoken = (status: string) => (status === 'connected' ? 'up' : status)

/** Each interface is in the state that is given. */
export const VerifyInterfacesStatus = defineVerify({
  summary: 'Verifies the status of interfaces, and of their line protocol.',
  docs: 'Passes when every interface has its status and, where it is given, its line protocol status. An interface that is to be up must have its line protocol up as well.',
  example: {
    interfaces: [
      { name: 'Ethernet1', status: 'up' },
      { name: 'Port-Channel100', status: 'down', line_protocol_status: 'lowerLayerDown' },
      { name: 'Ethernet49/1', status: 'adminDown', line_protocol_status: 'notPresent' },
    ],
  },
  input: () => ({
    interfaces: someOf({ ...interfaceState(), status: expectedStatus() }, 'The interfaces with their status.'),
  }),
  asks: SHOW_INTERFACES_DESCRIPTION,
  judge: ({ interfaceDescriptions }, { interfaces }) =>
    interfaces.flatMap((one) => {
      const told = interfaceDescriptions.get(one.name)
      if (told === undefined) return [`${interfaceSubject(one)} - Not configured`]
      const protocol = one.line_protocol_status ?? (one.status === 'up' ? 'up' : undefined)
      const status = spoken(needed(told, 'interfaceStatus'))
      const line = spoken(needed(told, 'lineProtocolStatus'))
      const [expected, actual] =
        protocol === undefined ? [one.status, status] : [`${one.status}/${protocol}`, `${status}/${line}`]
      return actual === expected
        ? []
        : [`${interfaceSubject(one)} - Status mismatch - Expected: ${expected}, Actual: ${actual}`]
    }),
})

// The bits of an LACP state (IEEE 802.1AX, Actor_State) in the order of the messages.
const BITS = ['activity', 'aggregation', 'synchronization', 'collecting', 'distributing', 'timeout'] as const

type LacpState = { readonly [B in (typeof BITS)[number]]?: boolean | undefined }

/** Each interface is bundled in its port-channel, and LACP agrees on both sides. */
export const VerifyLACPInterfacesStatus = defineVerify({
  summary: 'Verifies that interfaces are bundled in their port-channel, and their LACP states.',
  docs: 'Passes when every interface is bundled in that port-channel and, for actor and partner, active, aggregating, in sync, collecting and distributing, with the short timeout exactly where `lacp_rate_fast` is set, and, where `lacp_churn_state` is set, without churn.',
  example: { interfaces: [{ name: 'Ethernet1', portchannel: 'Port-Channel100' }] },
  input: () => ({
    interfaces: someOf(
      { ...interfaceState(), portchannel: expectedPortChannel() },
      'The interfaces with their port-channels.',
    ),
  }),
  asks: show('show lacp interface detailed', () => {
    const bit = z.boolean().optional()
    const state = z
      .object({
        activity: bit,
        aggregation: bit,
        synchronization: bit,
        collecting: bit,
        distributing: bit,
        timeout: bit,
      })
      .optional()
    const churn = z.string().optional()
    return partly({
      portChannels: byName(
        partly({
          interfaces: byName({
            actorPortStatus: z.string().optional(),
            actorPortState: state,
            partnerPortState: state,
            details: z.object({ actorChurnState: churn, partnerChurnState: churn }).optional(),
          }),
        }),
      ),
    })
  }),
  judge: ({ portChannels }, { interfaces }) =>
    interfaces.flatMap((one) => {
      const subject = interfaceSubject(one)
      const told = portChannels?.get(one.portchannel)?.interfaces?.get(one.name)
      if (told === undefined) return [`${subject} - Not configured`]
      if (told.actorPortStatus !== 'bundled') {
        return [`${subject} - Not bundled - Port Status: ${printed(told.actorPortStatus)}`]
      }
      return [
        ...stateFaults(`${subject} - Actor`, told.actorPortState, one.lacp_rate_fast),
        ...stateFaults(`${subject} - Partner`, told.partnerPortState, one.lacp_rate_fast),
        ...(one.lacp_churn_state ? churnFaults(subject, needed(told, 'details')) : []),
      ]
    }),
})

function stateFaults(subject: string, state: LacpState = {}, fast: boolean) {
  return BITS.flatMap((bit) =>
    mismatch(`${subject} port ${bit} state mismatch`, bit === 'timeout' ? fast : true, state[bit], 'None'),
  )
}

interface Churn {
  readonly actorChurnState?: string | undefined
  readonly partnerChurnState?: string | undefined
}

function churnFaults(subject: string, churn: Churn) {
  if ([churn.actorChurnState, churn.partnerChurnState].includes('churnDetected')) {
    return [`${subject} - Churn detected (mismatch system ID)`]
  }
  needed(churn, 'actorChurnState')
  needed(churn, 'partnerChurnState')
  return []
}

/** Every port of every port-channel is active. */
export const VerifyPortChannels = defineVerify({
  summary: 'Verifies that no port of a port-channel is inactive.',
  docs: 'Passes when the port-channels looked at have no inactive port.',
  example: {
    ignored_interfaces: ['Port-Channel1', 'Port-Channel2'],
    interfaces: ['Port-Channel11', 'Port-Channel22'],
  },
  input: portChannelSelection,
  asks: show('show port-channel', () => partly({ portChannels: byName(told({ inactivePorts: byName(z.unknown()) })) })),
  judge: (answer, input) =>
    interfaceFaults(input, interfacesIn(input, answer, 'portChannels'), (name, { inactivePorts }) =>
      inactivePorts.size === 0
        ? []
        : [`Interface: ${name} - Inactive port(s) - ${[...inactivePorts.keys()].join(', ')}`],
    ),
})
