import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writeDemoProject } from '../../src/features/demo/demo-project.ts'
import { readBoth } from '../../src/features/demo/read-back.ts'
import { type RunningFabric, startFabric } from '../../src/lab/trial/start-fabric.ts'
import type { BothConfigs } from '../../src/report/demo/text.ts'
import { freePorts } from '../free-ports.ts'
import { DC1, type EndedProcess, type RunningProcess, startBuilt } from '../lab/lab.ts'
import { type OtlpReceiver, startOtlpReceiver } from '../project/app/trace/otlp-receiver.ts'
import { AUDIENCE, startProvider, type TestProvider } from '../project/identity/test-provider.ts'
import { LEAF, POLICY, SECRETS, settingsOf, WORKFLOWS, WRONG_AS } from './company.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { until } from './until.ts'

/** Everything that the night needs: simulated switches, an identity provider, a receiver of notices, and the built `eosflow serve` over them. */
export interface Site {
  readonly origin: string
  readonly fabric: RunningFabric
  readonly provider: TestProvider
  readonly receiver: Receiver
  /** A collector of traces that refuses what the .proto files of OpenTelemetry do not know. */
  readonly collector: OtlpReceiver
  /** `eosflow.yaml` of the project. */
  readonly settings: string
  /** Adds a line to a file of the project, as a reviewed commit does. */
  add(path: string, line: string): void
  /** Runs the built command in the project, as the program that watches the network. */
  eosflow(...argv: readonly string[]): Promise<EndedProcess>
  /** What `/metrics` shows now. */
  metrics(): Promise<string>
  /** A token of a program, as the provider gives it. */
  tokenOf(client: 'robot' | 'watch'): Promise<string>
  /** Types lines on the leaf beside eosflow, over its eAPI. */
  type(...lines: readonly string[]): Promise<void>
  /** Reads the configurations of the leaf beside eosflow. */
  read(): Promise<BothConfigs>
  /** Keeps a configuration of the leaf in the project, in the simulated fabric that changes are rehearsed on. */
  keepConfig(config: string): void
  /** How many requests the switches have answered that were not made beside eosflow. */
  requests(): number
  /** Ends the server: everything that it still has to send is sent. */
  end(): Promise<void>
  close(): Promise<void>
}

/** Opens it. Nothing but loopback is used. */
export async function openSite(): Promise<Site> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-night-'))
  const [port = 0, metricsPort = 0] = await freePorts(2)
  const origin = `http://localhost:${port}`
  const [fabric, provider, receiver, collector] = await Promise.all([
    startFabric({ folder: DC1 }),
    startProvider(origin),
    startReceiver(SECRETS.NOTICES_HOOK),
    startOtlpReceiver(),
  ])
  Object.assign(provider.people, { ben: { name: 'Ben Ortiz', groups: [], display: 'Ben Ortiz' } })
  await writeDemoProject(dir, fabric.devices)
  const pathOf = (name: string) => {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    return join(dir, name)
  }
  for (const [name, text] of Object.entries(WORKFLOWS)) writeFileSync(pathOf(name), text)
  const settings = settingsOf({ issuer: provider.issuer, port, metrics: metricsPort, notices: receiver.url })
  writeFileSync(pathOf('eosflow.yaml'), settings)
  writeFileSync(pathOf('policy.yaml'), POLICY)
  const env = { ...SECRETS, XDG_STATE_HOME: join(dir, '.state') }
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }
  const server = startBuilt(dir, ['serve'], { ...env, ...traces })
  const leaf = fabric.device(LEAF)
  let own = 0
  const site: Site = {
    origin,
    fabric,
    provider,
    receiver,
    collector,
    settings,
    add: (name, line) => appendFileSync(pathOf(name), line),
    eosflow: async (...argv) =>
      startBuilt(dir, argv, { ...env, EOSFLOW_TOKEN: await tokenOf(provider, 'watch') }).ended,
    metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    tokenOf: (client) => tokenOf(provider, client),
    type: async (...lines) => {
      own += 1
      await typeOn(leaf, lines)
    },
    read: async () => {
      own += 1
      const { running = '', startup = '' } = (await readBoth([leaf])).get(LEAF) ?? {}
      return { running, startup }
    },
    keepConfig: (config) => writeFileSync(pathOf(`fabrics/dc1/${LEAF}/running-config`), config),
    requests: () => fabric.devices.reduce((sum, device) => sum + device.requests().length, 0) - own,
    end: async () => {
      server.kill()
      const { code, err } = await server.ended
      if (code !== 0) throw new Error(`the server ended with ${code}: ${err}`)
    },
    close: async () => {
      server.kill()
      await server.ended
      collector.close()
      await Promise.all([fabric.close(), provider.close(), receiver.close()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
  await ready(site, server)
  return site
}

async function ready({ origin, close }: Site, server: RunningProcess) {
  const isReady = until('the server takes requests', async () => {
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined)
    return answer?.status === 200 ? true : undefined
  })
  const unable = server.ended.then(({ code, err }) =>
    Promise.reject(new Error(`the server ended with ${code}: ${err}`)),
  )
  try {
    await Promise.race([isReady, unable])
  } catch (error) {
    await close()
    throw error
  }
}

async function tokenOf({ issuer }: TestProvider, client: string) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:${client}-secret-0123456789`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE, scope: 'eosflow:plan' }),
  })
  const { access_token: token } = (await response.json()) as { readonly access_token?: string }
  if (token === undefined) throw new Error(`the provider gave ${client} no token`)
  return token
}

/** What somebody types who logs in on a switch at night. The mistake is {@link WRONG_AS}. */
export const MISTYPED = ['router bgp 65102', `neighbor IPv4-UNDERLAY-PEERS remote-as ${WRONG_AS}`] as const

async function typeOn(
  { http: { host, port }, username, password }: ReturnType<RunningFabric['device']>,
  lines: readonly string[],
) {
  const response = await fetch(`http://${host}:${port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'night',
      method: 'runCmds',
      params: { version: 1, format: 'json', cmds: ['enable', 'configure', ...lines, 'end', 'write'] },
    }),
  })
  const { error } = (await response.json()) as { readonly error?: object }
  if (error !== undefined) throw new Error(`the switch has refused the lines: ${JSON.stringify(error)}`)
}
