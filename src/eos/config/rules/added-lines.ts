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

/** The root line with which ports are routed unless they say otherwise. */
export const ROUTED = 'switchport default mode routed'

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
      // Recorded on 4.15 to 4.23 wherever a neighbour is. From 4.28 on some have none; those of 4.24 to 4.27 were all typed.
      until: [4, 24],
    }),
  ),
]
