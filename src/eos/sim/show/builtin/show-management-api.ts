import type { ConfigTree } from '../../../config/text/tree.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

interface Server {
  readonly configured: boolean
  readonly port: number
}

interface HttpCommands {
  readonly enabled: boolean
  readonly https: Server
  readonly http: Server
  readonly local: Server
  readonly unix: boolean
  readonly sslProfile: string
  readonly vrfs: readonly string[]
}

/** `show management api http-commands`: what the eAPI block says; nothing counts the requests here. */
export const showManagementApiHttpCommands = defineShow({
  words: 'show management api http-commands',
  docs: 'Which eAPI servers run; anta (JSON), napalm#1058 (text).',
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
    const lines = [
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
    ]
    return `${lines.join('\n')}\n`
  },
})

function readHttpCommands(running: ConfigTree): HttpCommands {
  const block = running.children.find((node) => node.line === 'management api http-commands')
  const lines = block?.children.map((node) => node.line) ?? []
  const port = (protocol: string, standard: number) => {
    const found = lines.flatMap((line) => new RegExp(`^protocol ${protocol} port (\\d+)$`).exec(line)?.[1] ?? [])[0]
    return Number(found ?? standard)
  }
  const has = (protocol: string) => lines.some((line) => new RegExp(`^protocol ${protocol}( port \\d+)?$`).test(line))
  const vrfs = (block?.children ?? [])
    .filter((node) => node.line.startsWith('vrf ') && node.children.some((child) => child.line === 'no shutdown'))
    .map((node) => node.line.slice(4))
  return {
    enabled: lines.includes('no shutdown'),
    https: { configured: !lines.includes('no protocol https'), port: port('https', 443) },
    http: { configured: has('http'), port: port('http', 80) },
    local: { configured: has('http localhost'), port: port('http localhost', 8080) },
    unix: lines.includes('protocol unix-socket'),
    sslProfile: lines.flatMap((line) => /^protocol https ssl profile (\S+)$/.exec(line)?.[1] ?? [])[0] ?? '',
    vrfs: vrfs.length === 0 ? ['default'] : vrfs,
  }
}

function urls(api: HttpCommands, { state }: ShowContext): readonly string[] {
  const reached = (port: InterfaceState) =>
    api.vrfs.includes(port.vrf) && port.lineProtocol === 'up' && port.addresses.primary !== undefined
  return [...state.interfaces.values()].filter(reached).flatMap((port) => {
    const address = port.addresses.primary?.address ?? ''
    const url = (protocol: string, server: Server) =>
      server.configured ? [`${port.name.padEnd(12)}: ${protocol}://${address}:${server.port}`] : []
    return [...url('https', api.https), ...url('http', api.http)]
  })
}
