import { isOfType } from './value-type.ts'

// What EOS has names for in `ip protocol`, as the manual lists them; any other is a number.
const PROTOCOLS: ReadonlySet<string> = new Set(
  'ahp ahp6 esp gre icmp icmpv6 igmp ip ipv6 ospf ospfv3 pim rsvp sctp tcp udp vrrp'.split(' '),
)
const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', '6', '17', '132'])

const PORTS: ReadonlySet<string> = new Set(
  `acap acas acr-nema afpovertcp bfd bfd-echo bgp biff bootpc bootps chargen cmd daytime dcm discard domain echo exec finger ftp ftp-data gopher
  hostname http https ident imap imap3 imaps irc isakmp kerberos klogin kpasswd kshell ldap ldaps login lpd microsoft-ds mlag mobile-ip msdp
  netbios-dgm netbios-ns netbios-ss nfs nntp nntps non500-isakmp ntp ospf-lite pim-auto-rp pop2 pop3 pop3s radius radius-acct radsec rip ripng
  rsync rtsp sip sip-tls smtp snmp snmp-trap snmptrap sqlnet ssh sunrpc syslog tacacs talk telnet tftp time twamp vxlan who whois www xdmcp`.split(
    /\s+/,
  ),
)

// What may be behind the addresses, in any order, each with as many values as it takes.
const OPTIONS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'ack established fin fragments log psh rst syn tracked urg'.split(' ').map((word) => [word, 0]),
  ),
  dscp: 1,
  'nexthop-group': 1,
  'hop-limit': 2,
  ttl: 2,
}

// What icmp has behind the addresses: a type by name, or by number with its code.
const ICMP_NAME =
  /^(?:administratively-prohibited|echo(?:-reply|-request)?|[a-z]+-(?:unreachable|problem|exceeded|advertisement|solicitation|reply|request|too-big)|packet-too-big|parameter-problem|redirect|source-quench|time-exceeded|traceroute|ttl-exceeded|unreachable)$/

class Words {
  readonly #words: readonly string[]
  #at = 0

  constructor(line: string) {
    this.#words = line.split(/\s+/)
  }

  get isOver(): boolean {
    return this.#at >= this.#words.length
  }

  take(isWanted: (word: string) => boolean): string | undefined {
    const word = this.#words[this.#at]
    if (word === undefined || !isWanted(word)) return undefined
    this.#at += 1
    return word
  }
}

const isAddress = (word: string) => isOfType('ip', word) || isOfType('ip6', word)
const isPrefix = (word: string) => isOfType('prefix', word) || isOfType('prefix6', word)
const isNumber = (word: string) => isOfType('int', word)
const isPort = (word: string) => isNumber(word) || PORTS.has(word)
const any = () => true

/**
 * Whether a line is a rule of an `ip access-list` or an `ipv6 access-list`, with or without its number: action, protocol, source, its ports, destination, its ports,
 * options. What configurations show of rules are too few of the forms that EOS takes for a table to know them (User Manual, ACLs: permit and deny).
 */
export function isAccessRule(line: string): boolean {
  const words = new Words(line)
  words.take(isNumber)
  if (words.take((word) => word === 'permit' || word === 'deny') === undefined) return false
  const protocol = words.take((word) => PROTOCOLS.has(word) || (isNumber(word) && Number(word) < 256))
  if (protocol === undefined) return false
  for (let end = 0; end < 2; end += 1) {
    if (!takesAddress(words)) return false
    if (WITH_PORTS.has(protocol) && !takesPorts(words)) return false
  }
  if (protocol.startsWith('icmp') && words.take((word) => isNumber(word) || ICMP_NAME.test(word)) !== undefined)
    words.take(isNumber)
  return takesOptions(words)
}

function takesAddress(words: Words) {
  const first = words.take((word) => word === 'any' || word === 'host' || isAddress(word) || isPrefix(word))
  if (first === undefined) return false
  return first === 'host' || isAddress(first) ? words.take(isAddress) !== undefined : true
}

// Ten ports at most follow `eq` and `neq`.
function takesPorts(words: Words) {
  const compared = words.take((word) => ['eq', 'neq', 'gt', 'lt', 'range'].includes(word))
  if (compared === undefined) return true
  let count = 0
  while (words.take(isPort) !== undefined) count += 1
  if (compared === 'range') return count === 2
  return compared === 'eq' || compared === 'neq' ? count >= 1 && count <= 10 : count === 1
}

function takesOptions(words: Words) {
  while (!words.isOver) {
    const option = words.take((word) => Object.hasOwn(OPTIONS, word))
    if (option === undefined) return false
    for (let value = 0; value < (OPTIONS[option] ?? 0); value += 1) if (words.take(any) === undefined) return false
  }
  return true
}
