import { canonicalInterface } from '../../config/text/interface-name.ts'
import { restOf } from '../../config/text/tree.ts'
import type { ConfigMode } from '../switch/config-mode.ts'
import type { CliSession } from './command/session-verbs.ts'

type ModePath = ConfigMode['path']

// How the prompt names the submode that a command opens; `$1` is what its first group matched.
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^control-plane$/, 'cp'],
  [/^system control-plane$/, 'system-cp'],
  [/^management api http-commands$/, 'mgmt-api-http-cmds'],
  [/^management api (\S+)$/, 'mgmt-api-$1'],
  [/^management (\S+)$/, 'mgmt-$1'],
  [/^vlan (\S+)$/, 'vlan-$1'],
  [/^vrf (?:instance|definition) (\S+)$/, 'vrf-$1'],
  [/^ip access-list standard (\S+)$/, 'std-acl-$1'],
  [/^ip access-list (\S+)$/, 'acl-$1'],
  [/^ipv6 access-list (?:standard )?(\S+)$/, 'ipv6-acl-$1'],
  [/^mac access-list (\S+)$/, 'mac-acl-$1'],
  [/^ip prefix-list \S+$/, 'ip-pfx'],
  [/^ipv6 prefix-list \S+$/, 'ipv6-pfx'],
  [/^route-map (\S+)/, 'route-map-$1'],
  [/^peer-filter (\S+)$/, 'peer-filter-$1'],
  [/^router (bgp|ospf|ospfv3|isis|rip|general|multicast|msdp)\b/, 'router-$1'],
  [/^router (\S+)/, 'router-$1'],
  [/^address-family \S+/, 'af'],
  [/^vlan-aware-bundle (\S+)$/, 'macvrf-$1'],
  [/^spanning-tree mst configuration$/, 'mst'],
  [/^mlag(?: configuration)?$/, 'mlag'],
  [/^daemon (\S+)$/, 'daemon-$1'],
  [/^event-handler (\S+)$/, 'event-handler-$1'],
  [/^aaa group server (\S+) (\S+)$/, 'sg-$1-$2'],
  [/^class-map type \S+ (?:match-any )?(\S+)$/, 'cmap-$1'],
  [/^policy-map type \S+ (\S+)$/, 'pmap-$1'],
  [/^role (\S+)$/, 'role-$1'],
]

// The two letters a prompt has for a kind of interface: `Et`, `Po`, `Lo`, `Ma`, `Vl`, `Vx`, `Tu`.
const INTERFACE = /^interface ([A-Za-z]{2})[A-Za-z-]*\s*(\S*)$/

// Recorded are `if`, `cp`, `vlan`, `acl`, `mgmt-api-http-cmds` and `mgmt-telnet` (docs/eos.md 5.2); others are those of the EOS manual's
// examples, or the words of the command.
function modeNames(path: ModePath) {
  return path.map((step, depth) => `-${nameOf(step.line, path[depth - 1]?.line)}`).join('')
}

function nameOf(line: string, parent: string | undefined) {
  const port = INTERFACE.exec(line.startsWith('interface ') ? `interface ${canonical(line)}` : '')
  if (port !== null) return `if-${port[1]}${port[2]}`
  if (parent !== undefined && /^vlan \S+$/.test(line)) return line.replace('vlan ', 'macvrf-')
  if (parent !== undefined && line.startsWith('vrf ')) return line.replace(' ', '-')
  for (const [pattern, name] of NAMES) if (pattern.test(line)) return line.replace(pattern, name).split(' ', 1)[0] ?? ''
  return line.replaceAll(/\s+/g, '-')
}

function canonical(line: string) {
  return canonicalInterface(line.slice('interface '.length))
}

// What EOS prints without a `prompt` line: host name, redundancy state, VRF, mode with `>` or `#` (docs/eos.md 5.2).
const TEMPLATE = '%H%R%v%P'

/** The prompt of a CLI: `leaf1>`, `leaf1#`, `leaf1(config)#`, `leaf1(config-s-change-if-Et1)#`. The name of a config session is cut at the length of the EOS version; the host name is that of the running-config, so a commit that changes it shows at once. */
export function promptOf(cli: CliSession): string {
  const { hostname } = cli.device.config
  const template = restOf(cli.device.running.children, 'prompt ') ?? TEMPLATE
  return template.replace(/%(D\{([^}]*)\}|.)/g, (_, word: string, format?: string) => {
    if (word === 'H') return hostname
    if (word === 'h') return hostname.split('.', 1)[0] ?? ''
    if (word === 'P') return modeOf(cli)
    if (word === '%') return '%'
    return format === undefined ? '' : timeOf(cli, format)
  })
}

function modeOf(cli: CliSession) {
  const sign = cli.privileged ? '#' : '>'
  if (cli.mode === undefined) return sign
  const session = cli.session === undefined ? '' : `-s-${cli.session.slice(0, cli.device.behaviour.promptSession)}`
  return `(config${session}${modeNames(cli.mode.path)})${sign}`
}

// `%T` and `%H:%M:%S` are hours, minutes and seconds; other letters of strftime are left out.
function timeOf(cli: CliSession, format: string) {
  const time = new Date(cli.device.now).toISOString().slice(11, 19)
  const [hours = '', minutes = '', seconds = ''] = time.split(':')
  const parts: Readonly<Record<string, string>> = { T: time, H: hours, M: minutes, S: seconds }
  return format.replace(/%(.)/g, (_, letter: string) => parts[letter] ?? '')
}
