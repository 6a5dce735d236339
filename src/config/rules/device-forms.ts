/** A command that a switch stores in another form than it was typed in (docs/eos.md 4.9). */
export interface Rewrite {
  readonly mode: string
  readonly typed: RegExp
  readonly stored: (...groups: string[]) => string
  /** The first EOS version that does it; all do where it is missing. */
  readonly since?: readonly [major: number, minor: number]
}

/** A command that says the default, which `show running-config` does not print. */
export interface HiddenDefault {
  readonly mode: string
  /** The blocks of the mode that have this default; all where it is missing. */
  readonly under?: RegExp
  readonly line: RegExp
  /** The root line that makes another form the default. */
  readonly unlessRoot?: string
}

/** A command that a switch adds by itself (docs/eos.md 4.9). */
export interface AddedLine {
  readonly mode: string
  readonly under?: RegExp
  /** The command is added for each line that this finds; the first group is `$1` in `line` and `unless`. */
  readonly forEach?: RegExp
  /** Nothing is added where a line, `no` aside, begins like one of these. */
  readonly unless: readonly string[]
  readonly line: string
  /** The root line without which nothing is added. */
  readonly whenRoot?: string
  /** A blank that EOS prints behind it (docs/eos.md 4.1). */
  readonly trailing?: string
  /** The first EOS version that no longer does it; all do where it is missing. */
  readonly until?: readonly [major: number, minor: number]
}

const ROUTED = 'switchport default mode routed'

/** Forms that differ between what is typed and what is stored. */
export const rewrites: readonly Rewrite[] = [
  ...['bgp', 'bgp-vrf'].map(
    (mode): Rewrite => ({
      mode,
      typed: /^(no )?neighbor (\S+) peer-group(.*)$/,
      stored: (no = '', name = '', group = '') => `${no}neighbor ${name} peer group${group}`,
      since: [4, 23],
    }),
  ),
  {
    mode: 'root',
    typed: /^enable secret (.*)$/,
    stored: (secret = '') => `enable password ${secret}`,
    since: [4, 23],
  },
  {
    mode: 'interface',
    typed: /^ipv6 nd ra interval (\d+)$/,
    stored: (seconds = '') => `ipv6 nd ra interval msec ${Number(seconds) * 1000}`,
  },
]

/**
 * Defaults that EOS does not print. Recorded configurations of switches show none of these lines, while rendered
 * candidates do (docs/eos.md 4.9, which names Ethernet and Port-Channel: of other interfaces what is typed is kept);
 * `VLAN0020` is the name a VLAN has by default (docs/eos.md 4.6).
 */
export const hiddenDefaults: readonly HiddenDefault[] = [
  { mode: 'interface', under: /^interface (Ethernet|Port-Channel)/, line: /^no shutdown$/ },
  { mode: 'interface', under: /^interface (Ethernet|Port-Channel)[\d/]+$/, line: /^switchport$/, unlessRoot: ROUTED },
  { mode: 'interface', under: /^interface (Ethernet|Port-Channel)/, line: /^switchport mode access$/ },
  { mode: 'interface', under: /^interface (Ethernet|Port-Channel)/, line: /^switchport access vlan 1$/ },
  { mode: 'interface', under: /^interface (Ethernet|Port-Channel)/, line: /^switchport trunk allowed vlan 1-4094$/ },
  { mode: 'vlan', line: /^name VLAN\d{4}$/ },
  { mode: 'vlan', line: /^state active$/ },
]

/** Lines that a switch adds where a configuration lacks them. */
export const addedLines: readonly AddedLine[] = [
  { mode: 'igp', under: /^router ospf /, unless: ['max-lsa'], line: 'max-lsa 12000' },
  { mode: 'interface', under: /^interface Vxlan1$/, unless: ['vxlan udp-port'], line: 'vxlan udp-port 4789' },
  {
    mode: 'interface',
    under: /^interface Ethernet[\d/]+$/,
    whenRoot: ROUTED,
    unless: ['switchport'],
    line: 'no switchport',
  },
  ...['bgp', 'bgp-vrf'].map(
    (mode): AddedLine => ({
      mode,
      forEach: /^neighbor (\S+) (?:remote-as \S+|peer[ -]group)$/,
      unless: ['neighbor $1 maximum-routes', 'neighbor $1 peer group ', 'neighbor $1 peer-group '],
      line: 'neighbor $1 maximum-routes 12000',
      trailing: ' ',
      // Neighbours recorded on 4.34 and 4.36 have no such line; where between 4.23 and there it ended is not known.
      until: [4, 34],
    }),
  ),
]
