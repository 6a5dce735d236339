import { dotted, ipv4Number } from '../../../model/ip-address.ts'
import { canonicalInterface } from '../text/interface-name.ts'

/** A command that a switch stores in another form than it was typed in (docs/eos.md 4.9). */
export interface Rewrite {
  readonly modes: readonly string[]
  /** The command as it is typed, without `no` and `default`. */
  readonly typed: RegExp
  /** What is stored for the groups of `typed`; undefined where it stays as it is. */
  readonly stored: (...groups: readonly (string | undefined)[]) => string | undefined
  /** The first EOS version that does it; all do where it is missing. */
  readonly since?: readonly [major: number, minor: number]
  /** The first EOS version that no longer does it. */
  readonly until?: readonly [major: number, minor: number]
}

const BGP = ['bgp', 'bgp-vrf', 'bgp-family']
const IGP = ['igp', 'igp-vrf', 'igp-family']
const ADDRESS = String.raw`(\d+\.\d+\.\d+\.\d+)`
const INTERFACE = String.raw`([A-Za-z-]+\d[\d/.]*)`
const NEXT_HOP = String.raw`(?:[A-Za-z-]+\d[\d/.]* )?\d+\.\d+\.\d+\.\d+|[A-Za-z-]+\d[\d/.]*`

function lengthOf(mask: string, wild: boolean) {
  const number = ipv4Number(mask)
  if (number === undefined) return undefined
  const hosts = (wild ? number : ~number) >>> 0
  return (hosts & (hosts + 1)) === 0 ? Math.clz32(hosts) : undefined
}

function masked(modes: readonly string[], head: string, link = ' ', wild = false): Rewrite {
  return {
    modes,
    typed: new RegExp(`^(${head})${ADDRESS}${link}${ADDRESS}(?= |$)(.*)$`),
    stored: (start = '', address = '', mask = '', rest = '') => {
      const length = lengthOf(mask, wild)
      return length === undefined ? undefined : `${start}${address}/${length}${rest}`
    },
  }
}

function area(modes: readonly string[], head: string): Rewrite {
  return {
    modes,
    typed: new RegExp(`^(${head}area )(\\d+)(?= |$)(.*)$`),
    stored: (start = '', number = '', rest = '') =>
      Number(number) > 0xffffffff ? undefined : `${start}${dotted(Number(number))}${rest}`,
  }
}

function interfaceNamed(modes: readonly string[], head: string): Rewrite {
  return {
    modes,
    typed: new RegExp(`^(${head})${INTERFACE}(?= |$)(.*)$`),
    stored: (start = '', name = '', rest = '') => `${start}${canonicalInterface(name)}${rest}`,
  }
}

function without(modes: readonly string[], typed: RegExp): Rewrite {
  return { modes, typed, stored: (start = '', rest = '') => `${start}${rest}` }
}

// Masks become prefixes: the manual allows both, and recorded configurations have 300 prefixes and no mask (docs/eos.md 4.9).
const masks: readonly Rewrite[] = [
  masked(['interface'], 'ip address (?:virtual )?'),
  masked(['root'], String.raw`ip route (?:vrf \S+ )?`),
  masked(BGP, 'network ', ' mask '),
  masked(BGP, 'aggregate-address '),
  masked(IGP, 'network ', ' ', true),
  masked(IGP, String.raw`area \S+ range `),
  masked(IGP, 'summary-address '),
]

// Numbers of OSPF areas are stored dotted: recorded configurations have `0.0.0.0` and never `0` (docs/eos.md 4.9).
const areas: readonly Rewrite[] = [
  area(['interface'], 'ip ospf '),
  area(['interface'], String.raw`ipv6 ospf \S+ `),
  area(['interface'], 'ospfv3 (?:ipv[46] )?'),
  area(IGP, ''),
  area(IGP, String.raw`network \S+ `),
]

const names: readonly Rewrite[] = [
  interfaceNamed(['root'], String.raw`(?:.+ )?(?:source|local)-interface (?:vrf \S+ )?`),
  interfaceNamed(['interface'], 'ip address unnumbered |vxlan source-interface '),
  interfaceNamed(['mlag'], 'local-interface |peer-link '),
  interfaceNamed(IGP, 'passive-interface '),
  interfaceNamed(BGP, String.raw`neighbor \S+ update-source `),
  {
    modes: ['root'],
    typed: /^(ip route (?:vrf \S+ )?\S+ )null ?0(?= |$)(.*)$/i,
    stored: (start = '', rest = '') => `${start}Null0${rest}`,
  },
]

// Values that `show running-config all` of a 4.13 and a 4.22 prints and `show running-config` does not: the distance and the tag of a static
// route, the port and the protocol of a log server.
const defaults: readonly Rewrite[] = [
  without(
    ['root'],
    new RegExp(String.raw`^(ip route (?:vrf \S+ )?\S+ (?:${NEXT_HOP})) 1(?= (?:tag|name|metric)|$)(.*)$`),
  ),
  without(['root'], /^(ip route .+) tag 0(?= |$)(.*)$/),
  without(['root'], /^(logging (?:vrf \S+ )?host \S+(?: \d+)?) protocol udp$/),
  // A 4.26.0F prints the port.
  { ...without(['root'], /^(logging (?:vrf \S+ )?host \S+) 514$/), until: [4, 26] },
]

const words: readonly Rewrite[] = [
  {
    modes: ['bgp', 'bgp-vrf'],
    typed: /^neighbor (\S+) peer-group(.*)$/,
    stored: (name = '', group = '') => `neighbor ${name} peer group${group}`,
    since: [4, 23],
  },
  {
    modes: ['root'],
    typed: /^enable secret (.*)$/,
    stored: (secret = '') => `enable password ${secret}`,
    since: [4, 23],
  },
  {
    modes: ['interface'],
    typed: /^ipv6 nd ra interval (\d+)$/,
    stored: (seconds = '') => `ipv6 nd ra interval msec ${Number(seconds) * 1000}`,
  },
  {
    // Recorded configurations always name the VRF.
    modes: ['root'],
    typed: /^ip name-server ([\d.:a-f]+)$/i,
    stored: (server = '') => `ip name-server vrf default ${server}`,
  },
  {
    // Read-only unless it is said; a recorded configuration has `ro` (docs/eos.md 4.9).
    modes: ['root'],
    typed: /^snmp-server community (\S+)( view \S+)?(?! r[ow]\b)(?! view )( \S.*)?$/,
    stored: (name = '', view = '', list = '') => `snmp-server community ${name}${view} ro${list}`,
  },
  {
    modes: ['root'],
    typed:
      /^ip virtual-router mac-address ([\da-f]{2})([\da-f]{2})\.([\da-f]{2})([\da-f]{2})\.([\da-f]{2})([\da-f]{2})$/i,
    stored: (...octets) => `ip virtual-router mac-address ${octets.join(':').toLowerCase()}`,
  },
]

/** Forms that differ between what is typed and what is stored. A command goes through all of its mode. */
export const rewrites: readonly Rewrite[] = [...masks, ...areas, ...names, ...defaults, ...words]
