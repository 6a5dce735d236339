import type { JsonObject } from '../../../../model/json.ts'
import {
  type ConfigNode,
  type ConfigTree,
  childAt,
  childLines,
  foundIn,
  hasChild,
  restOf,
} from '../../../config/text/tree.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import { printedLines } from '../../platform/facts.ts'
import { objectOf, type ShowCommand, type ShowContext } from '../format/define.ts'

/** The commands of this subject. */
export const ACCESS_COMMANDS: readonly ShowCommand[] = [
  // Who checks passwords; the keys that ANTA reads. The methods of the configuration; `local` without any.
  {
    words: 'show aaa methods authentication',
    json: ({ running }) => {
      const methods = (kind: string, name: string) => methodsOf(running, `aaa authentication ${kind} ${name}`)
      const login = methods('login', 'default') ?? ['local']
      const console = methods('login', 'console')
      return {
        loginAuthenMethods: {
          default: { methods: login },
          ...(console === undefined ? {} : { login: { methods: console } }),
        },
        enableAuthenMethods: { default: { methods: methods('enable', 'default') ?? ['local'] } },
        dot1xAuthenMethods: { default: { methods: methods('dot1x', 'default') ?? [] } },
      }
    },
  },
  // Who says what a user may do; the keys that ANTA reads.
  {
    words: 'show aaa methods authorization',
    json: ({ running }) => ({
      commandsAuthzMethods: {
        'privilege0-15': {
          methods: methodsOf(running, 'aaa authorization commands all default') ??
            methodsOf(running, 'aaa authorization commands 0-15 default') ?? ['none'],
        },
      },
      execAuthzMethods: { exec: { methods: methodsOf(running, 'aaa authorization exec default') ?? ['none'] } },
    }),
  },
  // Who receives what users do; the keys that ANTA reads.
  {
    words: 'show aaa methods accounting',
    json: ({ running }) => ({
      commandsAcctMethods: { 'privilege0-15': accounting(running, 'commands all') },
      execAcctMethods: { exec: accounting(running, 'exec') },
      systemAcctMethods: { system: accounting(running, 'system') },
      dot1xAcctMethods: { dot1x: accounting(running, 'dot1x') },
    }),
  },
  // TACACS+ servers, groups and source interfaces; the keys that ANTA reads.
  {
    words: 'show tacacs',
    json: (context) => ({
      tacacsServers: lines(context, /^tacacs-server host (\S+)(?: vrf (\S+))?/).map(([host = '', vrf = 'default']) => ({
        serverInfo: serverJson(host, vrf),
      })),
      groups: Object.fromEntries(
        context.running.children.flatMap((node) => {
          const name = /^aaa group server tacacs\+ (\S+)$/.exec(node.line)?.[1]
          if (name === undefined) return []
          const members = node.children.flatMap(({ line }) => {
            const [, host, vrf = 'default'] = /^server (\S+)(?: vrf (\S+))?/.exec(line) ?? []
            return host === undefined ? [] : [serverJson(host, vrf)]
          })
          return [[name, { serverGroup: 'TACACS+', members }] as const]
        }),
      ),
      srcIntf: objectOf(
        lines(context, /^ip tacacs (?:vrf (\S+) )?source-interface (\S+)/),
        ([vrf = 'default', name = '']) => [vrf, name],
      ),
    }),
  },
  // The IPv4 access lists of eAPI by VRF; the keys that ANTA reads.
  {
    words: 'show management api http-commands ip access-list summary',
    json: (context) => summary('ip', bindings(context, HTTP_COMMANDS, 'ip')),
  },
  // The IPv6 access lists of eAPI by VRF; the keys that ANTA reads.
  {
    words: 'show management api http-commands ipv6 access-list summary',
    json: (context) => summary('ipv6', bindings(context, HTTP_COMMANDS, 'ipv6')),
  },
  // The IPv4 access lists of SSH by VRF; the keys that ANTA reads.
  {
    words: 'show management ssh ip access-list summary',
    json: (context) => summary('ip', bindings(context, SSH, 'ip')),
  },
  // The IPv6 access lists of SSH by VRF; the keys that ANTA reads.
  {
    words: 'show management ssh ipv6 access-list summary',
    json: (context) => summary('ipv6', bindings(context, SSH, 'ipv6')),
  },
  // The IPv4 access lists of SNMP by VRF; the keys that ANTA reads.
  {
    words: 'show snmp ipv4 access-list summary',
    json: (context) => summary('ip', snmpBindings(context, 'ipv4')),
  },
  // The IPv6 access lists of SNMP by VRF; the keys that ANTA reads.
  {
    words: 'show snmp ipv6 access-list summary',
    json: (context) => summary('ipv6', snmpBindings(context, 'ipv6')),
  },
  // The configured IPv4 access lists; the keys that ANTA reads (JSON), ntc show_ip_access-lists (text). EOS lists its own
  // `default-control-plane-acl` as well; what stands in it depends on the version and is not configured, so that it is left out.
  {
    words: 'show ip access-lists [<name>]',
    json: ({ running }, { name }) => ({
      aclList: accessLists(running, name).map(({ name: list, standard, rules }) => ({
        name: list,
        standard,
        sequence: rules.map(({ sequence, text }) => ({ text, sequenceNumber: sequence })),
      })),
    }),
    text: ({ running }, { name }) =>
      accessLists(running, name)
        .map(({ name: list, standard, rules }) => {
          const rows = rules.map(({ sequence, text }) => `        ${sequence} ${text}\n`)
          return `${standard ? 'Standard ' : ''}IP Access List ${list}\n${rows.join('')}`
        })
        .join('\n'),
  },
  // Which eAPI servers run; anta (JSON), napalm#1058 (text). What the eAPI block says; nothing counts the requests here.
  {
    words: 'show management api http-commands',
    json: ({ running }) => {
      const api = readHttpCommands(running)
      const server = ({ configured, port }: Server) => ({ configured, running: configured && api.enabled, port })
      return {
        enabled: api.enabled,
        httpServer: server(api.http),
        localHttpServer: server(api.local),
        httpsServer: server(api.https),
        unixSocketServer: { configured: api.unix, running: api.unix && api.enabled },
        ...(api.sslProfile === '' ? {} : { sslProfile: { name: api.sslProfile, configured: true, state: 'valid' } }),
        tlsProtocol: ['1.2'],
      }
    },
    text: (context) => {
      const api = readHttpCommands(context.running)
      const word = ({ configured }: Server) => (configured && api.enabled ? 'running' : 'shutdown')
      return printedLines([
        `Enabled:            ${api.enabled ? 'Yes' : 'No'}`,
        `HTTPS server:       ${word(api.https)}, set to use port ${api.https.port}`,
        `HTTP server:        ${word(api.http)}, set to use port ${api.http.port}`,
        `Local HTTP server:  ${word(api.local)}, no authentication, set to use port ${api.local.port}`,
        `Unix Socket server: ${api.unix && api.enabled ? 'running' : 'shutdown'}, no authentication`,
        `VRFs:               ${api.vrfs.join(', ')}`,
        `SSL Profile:        ${api.sslProfile === '' ? 'none' : api.sslProfile}`,
        'FIPS Mode:          No',
        'QoS DSCP:           0',
        'Log Level:          none',
        'CSP Frame Ancestor: None',
        'TLS Protocols:      1.2',
        '',
        'URLs                                   ',
        '-------------------------------------- ',
        ...(api.enabled ? urls(api, context) : []),
        '',
      ])
    },
  },
  // The SSH server by VRF and its limits; anta (text). Text only, as it is recorded.
  {
    words: 'show management ssh',
    text: ({ running }) => {
      const block = childAt(running, 'management ssh')
      const value = (pattern: RegExp) => foundIn(block?.children ?? [], pattern)[0]
      const vrfs = block?.children.filter(({ line }) => line.startsWith('vrf ')) ?? []
      return printedLines([
        `SSHD status for Default VRF is ${hasChild(block, 'shutdown') ? 'disabled' : 'enabled'}`,
        ...vrfs.map(
          (vrf) => `SSHD status for VRF ${vrf.line.slice(4)} is ${hasChild(vrf, 'shutdown') ? 'disabled' : 'enabled'}`,
        ),
        `SSH connection limit is ${value(/^connection limit (\d+)$/) ?? 50}`,
        `SSH per host connection limit is ${value(/^connection per-host (\d+)$/) ?? 20}`,
        'FIPS status: disabled',
        '',
      ])
    },
  },
  // The telnet server, off unless configured; the keys that ANTA reads.
  {
    words: 'show management telnet',
    json: ({ running }) => ({
      serverState: hasChild(childAt(running, 'management telnet'), 'no shutdown') ? 'enabled' : 'disabled',
      vrfName: 'default',
      maxTelnetSessions: 20,
      maxTelnetSessionsPerHost: 20,
    }),
  },
  // Whether hardware gives entropy, which has to be configured; the keys that ANTA reads.
  {
    words: 'show management security',
    json: ({ running }) => {
      const lines = childAt(running, 'management security')?.children ?? []
      return {
        hardwareEntropyEnabled: lines.some(({ line }) => /^entropy source .*\bhardware\b/.test(line)),
        blockedNetworkProtocols: [],
      }
    },
  },
  // Certificates on the switch, of which there are none; the keys that ANTA reads. The switch holds none, because its flash has no folder for
  // them.
  {
    words: 'show management security ssl certificate',
    json: () => ({ certificates: {} }),
  },
]

function serverJson(hostname: string, vrf: string): JsonObject {
  return { hostname, authport: 49, vrf }
}

function lines({ running }: ShowContext, pattern: RegExp): readonly (readonly (string | undefined)[])[] {
  return running.children.flatMap(({ line }) => {
    const match = pattern.exec(line)
    return match === null ? [] : [match.slice(1)]
  })
}

function methodsOf(running: ConfigTree, head: string): readonly string[] | undefined {
  return restOf(running.children, `${head} `)?.match(/group \S+|\S+/g) ?? undefined
}

const ACTION: Readonly<Record<string, string>> = { 'start-stop': 'startStop', 'stop-only': 'stopOnly', none: 'none' }

function accounting(running: ConfigTree, what: string): JsonObject {
  const of = (scope: string) => methodsOf(running, `aaa accounting ${what} ${scope}`) ?? []
  const [action, ...methods] = of('default')
  const [consoleAction, ...consoleMethods] = of('console')
  return {
    ...(action === undefined ? {} : { defaultAction: ACTION[action] ?? action }),
    defaultMethods: methods,
    ...(consoleAction === undefined ? {} : { consoleAction: ACTION[consoleAction] ?? consoleAction }),
    consoleMethods,
  }
}

type Family = 'ip' | 'ipv6'

interface Binding {
  readonly name: string
  readonly vrf: string
  readonly active: boolean
}

interface Service {
  readonly block: string
  readonly runs: (lines: readonly string[]) => boolean
}

const HTTP_COMMANDS: Service = {
  block: 'management api http-commands',
  runs: (lines) => lines.includes('no shutdown'),
}
const SSH: Service = { block: 'management ssh', runs: (lines) => !lines.includes('shutdown') }

function bindings({ running }: ShowContext, service: Service, family: Family): readonly Binding[] {
  const block = childAt(running, service.block)
  if (block === undefined) return []
  const lines = childLines(block)
  const vrfs = block.children.filter(({ line }) => line.startsWith('vrf '))
  const runsIn = (vrf: string) => {
    if (vrf === 'default') return service.runs(lines)
    return vrfs.some((node) => node.line === `vrf ${vrf}` && service.runs(childLines(node)))
  }
  const bound = (line: string, vrf: string): readonly Binding[] => {
    const [, of, name, named = vrf] = /^(ip|ipv6) access-group (\S+)(?: vrf (\S+))?(?: in)?$/.exec(line) ?? []
    return of === family && name !== undefined ? [{ name, vrf: named, active: runsIn(named) }] : []
  }
  return [
    ...lines.flatMap((line) => bound(line, 'default')),
    ...vrfs.flatMap((node) => childLines(node).flatMap((line) => bound(line, node.line.slice('vrf '.length)))),
  ]
}

function snmpBindings({ running }: ShowContext, family: 'ipv4' | 'ipv6'): readonly Binding[] {
  return running.children.flatMap(({ line }) => {
    const [, of, name, vrf = 'default'] = /^snmp-server (ipv4|ipv6) access-list (\S+)(?: vrf (\S+))?$/.exec(line) ?? []
    if (of !== family || name === undefined) return []
    return [{ name, vrf, active: !hasChild(running, `no snmp-server vrf ${vrf}`) }]
  })
}

const SHAPE = { ip: ['ipAclList', 'Ip4Acl'], ipv6: ['ipv6AclList', 'Ip6Acl'] } as const

function summary(family: Family, bound: readonly Binding[]): JsonObject {
  const [list, type] = SHAPE[family]
  const aclList = [...new Set(bound.map(({ name }) => name))].map((name) => {
    const own = bound.filter((binding) => binding.name === name)
    return {
      type,
      name,
      configuredVrfs: own.map(({ vrf }) => vrf),
      activeVrfs: own.filter(({ active }) => active).map(({ vrf }) => vrf),
    }
  })
  return { [list]: { aclList } }
}

function accessLists(running: ConfigTree, wanted: string | undefined) {
  return running.children.flatMap((node) => {
    const [, standard, name] = /^ip access-list (standard )?(\S+)$/.exec(node.line) ?? []
    if (name === undefined || (wanted !== undefined && wanted !== name)) return []
    return [{ name, standard: standard !== undefined, rules: node.children.flatMap(rule) }]
  })
}

function rule({ line }: ConfigNode) {
  const [, sequence, text = ''] = /^(\d+) (.+)$/.exec(line) ?? []
  return sequence === undefined ? [] : [{ sequence: Number(sequence), text }]
}

interface Server {
  readonly configured: boolean
  readonly port: number
}

function readHttpCommands(running: ConfigTree) {
  const block = childAt(running, 'management api http-commands')
  const lines = block?.children.map((node) => node.line) ?? []
  const port = (protocol: string, standard: number) =>
    Number(foundIn(lines, new RegExp(`^protocol ${protocol} port (\\d+)$`))[0] ?? standard)
  const has = (protocol: string) => lines.some((line) => new RegExp(`^protocol ${protocol}( port \\d+)?$`).test(line))
  const vrfs = (block?.children ?? [])
    .filter((node) => node.line.startsWith('vrf ') && hasChild(node, 'no shutdown'))
    .map((node) => node.line.slice(4))
  return {
    enabled: lines.includes('no shutdown'),
    https: { configured: !lines.includes('no protocol https'), port: port('https', 443) },
    http: { configured: has('http'), port: port('http', 80) },
    local: { configured: has('http localhost'), port: port('http localhost', 8080) },
    unix: lines.includes('protocol unix-socket'),
    sslProfile: foundIn(lines, /^protocol https ssl profile (\S+)$/)[0] ?? '',
    vrfs: vrfs.length === 0 ? ['default'] : vrfs,
  }
}

function urls(api: ReturnType<typeof readHttpCommands>, { state }: ShowContext) {
  const reached = (port: InterfaceState) =>
    api.vrfs.includes(port.vrf) && port.lineProtocol === 'up' && port.addresses.primary !== undefined
  return [...state.interfaces.values()].filter(reached).flatMap((port) => {
    const address = port.addresses.primary?.address ?? ''
    const url = (protocol: string, server: Server) =>
      server.configured ? [`${port.name.padEnd(12)}: ${protocol}://${address}:${server.port}`] : []
    return [...url('https', api.https), ...url('http', api.http)]
  })
}
