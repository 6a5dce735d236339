import type { LldpState } from '../../eos/check/area/lldp.ts'
import type { BehindPort } from '../task/act/behind.ts'
import type { LearnedHost, MlagPorts, ResolvedHost, ShownInterface } from './behind-answers.ts'

/** What a switch has answered about all of its ports; what could not be read is undefined. */
export interface PortAnswers {
  readonly interfaces: Readonly<Record<string, ShownInterface>> | undefined
  readonly lldp: LldpState | undefined
  readonly channels:
    | Readonly<Record<string, { readonly active: readonly string[]; readonly inactive: readonly string[] }>>
    | undefined
  readonly mlag: MlagPorts | undefined
  readonly hosts: readonly LearnedHost[] | undefined
  readonly arp: readonly ResolvedHost[] | undefined
  /** Seconds since 1970, by the switch's clock. */
  readonly epoch: number
}

/** So many addresses of hosts, and neighbours that LLDP hears, are kept of each port. */
const MOST_ADDRESSES = 3
const MOST_HEARD = 4

/** What is behind one port. A port-channel is heard on its members, and hosts are learned on it and not on them. */
export function behindPort(name: string, known: { readonly description?: string }, answers: PortAnswers): BehindPort {
  const shown = own(answers.interfaces, name)
  const members = membersOf(name, answers)
  const memberOf = channelOf(name, shown, answers)
  const bundle = memberOf ?? name
  const heard = [name, ...members].flatMap((port) => own(answers.lldp, port) ?? []).slice(0, MOST_HEARD)
  return {
    name,
    ...known,
    ...(shown?.description === undefined || shown.description === '' ? {} : { description: shown.description }),
    ...linkOf(shown, answers.epoch),
    ...(heard.length === 0 ? {} : { heard }),
    ...(memberOf === undefined ? {} : { memberOf }),
    ...(members.length === 0 ? {} : { members }),
    ...mlagOf(bundle, answers),
    ...hostsOf(bundle, answers),
    ...trafficOf(shown),
  }
}

function own<T>(of: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined
}

function linkOf(shown: ShownInterface | undefined, epoch: number): Pick<BehindPort, 'link' | 'forSeconds'> {
  if (shown?.lineProtocolStatus === undefined) return {}
  const changed = shown.lastStatusChangeTimestamp
  const isKnown = changed !== undefined && changed > 0 && changed <= epoch
  return { link: shown.lineProtocolStatus, ...(isKnown ? { forSeconds: Math.round(epoch - changed) } : {}) }
}

/** The members of this switch: those of the MLAG peer are listed as `PeerEthernet1`. */
function membersOf(name: string, { channels }: PortAnswers): readonly string[] {
  const { active, inactive } = own(channels, name) ?? { active: [], inactive: [] }
  return [...active, ...inactive].filter((member) => !member.startsWith('Peer'))
}

function channelOf(
  name: string,
  shown: ShownInterface | undefined,
  { channels = {} }: PortAnswers,
): string | undefined {
  const [, told] = /^Member of (\S+)$/.exec(shown?.interfaceMembership ?? '') ?? []
  if (told !== undefined) return told
  return Object.entries(channels).find(
    ([, { active, inactive }]) => active.includes(name) || inactive.includes(name),
  )?.[0]
}

/** EOS names its MLAG peer by an address; its name is what LLDP hears over the peer link. */
function mlagOf(bundle: string, answers: PortAnswers): Pick<BehindPort, 'mlag'> {
  const found = own(answers.mlag?.byPort, bundle)
  if (found === undefined) return {}
  const link = answers.mlag?.peerLink
  const heard =
    link === undefined ? [] : [link, ...membersOf(link, answers)].flatMap((port) => own(answers.lldp, port) ?? [])
  const [partner] = new Set(heard.map(({ device }) => device))
  return {
    mlag: {
      id: found.id,
      ...(partner === undefined ? {} : { partner }),
      ...(found.port === undefined ? {} : { port: found.port }),
    },
  }
}

function hostsOf(bundle: string, { hosts, arp }: PortAnswers): Pick<BehindPort, 'hosts' | 'addresses'> {
  const macs = new Set(hosts?.flatMap(({ mac, port }) => (port === bundle ? [mac] : [])))
  const addresses = arp?.flatMap(({ address, places }) => (places.includes(bundle) ? [address] : [])) ?? []
  return {
    ...(hosts === undefined ? {} : { hosts: macs.size }),
    ...(addresses.length === 0 ? {} : { addresses: addresses.slice(0, MOST_ADDRESSES) }),
  }
}

function trafficOf(shown: ShownInterface | undefined): Pick<BehindPort, 'traffic'> {
  const { inBitsRate, outBitsRate, updateInterval } = shown?.interfaceStatistics ?? {}
  if (inBitsRate === undefined || outBitsRate === undefined) return {}
  return {
    traffic: {
      in: Math.round(inBitsRate),
      out: Math.round(outBitsRate),
      ...(updateInterval === undefined || updateInterval <= 0 ? {} : { over: Math.round(updateInterval) }),
    },
  }
}
