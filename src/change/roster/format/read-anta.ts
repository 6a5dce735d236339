import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import { bitsOf, formatAddress, type Ip, lastOf, networkOf, parseIp } from '../../../model/ip-address.ts'
import { acceptUnless } from '../../../text/source/located.ts'
import {
  type ConnectionNames,
  groupsOfHosts,
  type Roster,
  type RosterHost,
  RosterPart,
  type SourceText,
  type Variable,
} from '../hosts/roster.ts'

/** How a device is reached: its address or name, and the port of eAPI. All are EOS. */
export const ANTA_CONNECTION: ConnectionNames = { host: 'host', port: 'port' }

// How many addresses the networks and ranges of a file may have together: a /16 is a slip of the pen, or a sweep.
const MOST_ADDRESSES = 10_000

/** Reads an inventory of ANTA: hosts, and every address of its networks and ranges, the first and the last too, as ANTA does. */
export function readAnta(source: SourceText): ValueOrProblems<Roster> {
  const problems: Problem[] = []
  const file = RosterPart.of(source, problems)
  const inventory = file?.member('anta_inventory')
  if (file !== undefined && inventory === undefined)
    file.fault('there is no `anta_inventory`', 'give an inventory of ANTA')
  const listed = (key: string) => inventory?.member(key)?.items() ?? []
  const spread = new Spread()
  const found = [
    ...listed('hosts').flatMap((part) => hostOf(part) ?? []),
    ...listed('networks').flatMap((part) => spread.network(part)),
    ...listed('ranges').flatMap((part) => spread.range(part)),
  ]
  const hosts = new Map<string, RosterHost>()
  for (const { host, part } of found) {
    if (hosts.has(host.name)) part.fault(`there are two devices \`${host.name}\``, 'give each its name and address')
    hosts.set(host.name, host)
  }
  return acceptUnless(problems, () => ({ hosts, groups: groupsOfHosts(hosts.values()) }))
}

interface Found {
  readonly host: RosterHost
  readonly part: RosterPart
}

function hostOf(part: RosterPart): Found | undefined {
  const host = part.member('host')
  if (host === undefined) {
    part.fault('a host has no `host`', 'give its address or name')
    return undefined
  }
  const address = host.text()
  const port = part.member('port')?.text()
  if (address === undefined) return undefined
  const name = part.member('name')?.text() ?? (port === undefined ? address : `${address}:${port}`)
  return { part, host: rosterHost(part, name, host.variable()) }
}

function rosterHost(part: RosterPart, name: string, address: Variable): RosterHost {
  const tags = (part.member('tags')?.items() ?? []).flatMap((tag) => tag.text() ?? [])
  const others = part.variables(['name', 'port', 'tags', 'disable_cache'])
  const vars = new Map<string, Variable>([['host', address], ...others])
  return { name, at: part.at, groups: [...new Set(tags)], layers: [{ of: `host ${name}`, vars }] }
}

class Spread {
  #left = MOST_ADDRESSES

  network(part: RosterPart): readonly Found[] {
    const written = part.member('network')
    const text = written?.text()
    const ip = text === undefined ? undefined : parseIp(text)
    if (written === undefined || ip === undefined) {
      part.fault('a network has no `network` that is one', 'give it as 192.0.2.0/24')
      return []
    }
    const whole: Ip = { ...ip, prefix: ip.prefix ?? bitsOf(ip) }
    if (networkOf(whole).address === whole.address) return this.#addresses(part, whole, lastOf(whole))
    written.fault(`\`${text}\` is an address in a network`, `give the network: ${formatAddress(networkOf(whole))}`)
    return []
  }

  range(part: RosterPart): readonly Found[] {
    const [start, end] = ['start', 'end'].map((key) => parseIp(part.member(key)?.text() ?? ''))
    if (start !== undefined && end !== undefined && start.version === end.version && start.address <= end.address)
      return this.#addresses(part, start, end)
    part.fault('a range has no `start` and `end` in this order', 'give the first and the last address of one range')
    return []
  }

  #addresses(part: RosterPart, { version, address: first }: Ip, { address: last }: Ip): readonly Found[] {
    const count = last - first + 1n
    if (count > BigInt(this.#left)) {
      const message = `networks and ranges have more than ${MOST_ADDRESSES} addresses together`
      part.fault(message, 'name the switches, or give smaller ranges')
      return []
    }
    this.#left -= Number(count)
    return Array.from({ length: Number(count) }, (_, index) => {
      const value = formatAddress({ version, address: first + BigInt(index) })
      return { part, host: rosterHost(part, value, { value, at: part.at }) }
    })
  }
}
