import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { writeDemoProject } from '../../src/app/demo/demo-project.ts'
import { flagship } from '../../src/app/demo/demo-workflows.ts'
import { type RunningFabric, startFabric } from '../../src/trial/start-fabric.ts'
import { start } from '../cli/running.ts'
import { freePort } from '../free-ports.ts'
import { AUDIENCE, startProvider, type TestProvider } from '../identity/test-provider.ts'
import { DC1 } from '../lab/checkout.ts'
import { writeFiles } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { assertSettled, runningConfig } from '../lab/lab.ts'
import type { RunningProcess } from '../lab/process.ts'
import { soon } from '../lab/soon.ts'
import { ask } from '../lab/visitor.ts'

/** The control room of a company: people of a real identity provider, the bundled fabric, and a policy by which one asks and another approves. */
export interface Office {
  readonly dir: string
  readonly origin: string
  readonly fabric: RunningFabric
  readonly provider: TestProvider
  readonly server: RunningProcess
  /** Writes a file of the project, as a reviewed commit does. */
  write(path: string, text: string): void
  /** Adds a line to such a file. */
  add(path: string, line: string): void
}

/** Who asks, who approves, and the service of a pipeline, by the accounts of the provider. */
export const PEOPLE = {
  ada: { name: 'Ada Berg', groups: ['netops'], employee_id: 'E310', display: 'Ada Berg' },
  ben: { name: 'Ben Ortiz', groups: ['net-leads'], employee_id: 'E311', display: 'Ben Ortiz' },
} as const

/** Ada and the pipeline change; Ben approves, as himself: the groups of a login do not count for a passkey. */
const policy = (freeze: readonly [from: string, to: string]): string => `version: 1
roles:
  operator: { members: ["corp:group:netops", "pipeline:sub:robot"] }
  approver: { members: ["corp:sub:ben", "ssh:sub:ben@example.com"] }
freezes: [{ name: year-end, from: ${freeze[0]}, to: ${freeze[1]} }]
rules:
  - { id: read, allow: [workflow.list, plan.read, execution.read, audit.read, task.snapshot, baseline.set, notice.end], to: [operator, approver] }
  - id: change
    allow: [plan.create, execution.start, execution.stop, task.plan, task.push, task.verify, task.confirm, task.rollback]
    to: [operator]
    when: { noFreeze: true }
    require: { approvals: { count: 1, from: [approver], notRequester: true, proof: [passkey, oidc, ssh] } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver] }
`

const DAY = 86_400_000

/** What an office is told. */
export interface OfficeOptions {
  /** How long a change must stay good. */
  readonly stableFor: string
  /** Whether the client of the pipeline is one that speaks MCP: what it holds is an agent's, then. */
  readonly hasAgents?: boolean
}

/** Opens one, which is closed with the test; its switches must be settled then. */
export async function openOffice({ stableFor, hasAgents = false }: OfficeOptions): Promise<Office> {
  const dir = temporaryFolder()
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const [fabric, provider] = await Promise.all([startFabric(DC1), startProvider(origin)])
  Object.assign(provider.people, PEOPLE)
  onTestFinished(() => provider.close())
  onTestFinished(() => fabric.close())
  onTestFinished(() => assertSettled(fabric))
  await writeDemoProject(dir, fabric.devices)
  const write = (path: string, text: string): void => writeFiles(dir, { [path]: text })
  const add = (path: string, line: string): void => {
    const file = join(dir, path)
    write(path, (existsSync(file) ? readFileSync(file, 'utf8') : '') + line)
  }
  write('workflows/add-vlan.yaml', flagship().text.replace('stableFor: 2s', `stableFor: ${stableFor}`))
  write('eosflow.yaml', settingsOf(port, provider, hasAgents))
  const [from = '', to = ''] = [12, 29].map(
    (days) => `${new Date(Date.now() + days * DAY).toISOString().slice(0, 10)}T00:00:00Z`,
  )
  write('policy.yaml', policy([from, to]))
  const server = start({ dir, env: { XDG_STATE_HOME: join(dir, '.state') } }, 'serve')
  const ready = soon(async () => (await ask(origin, 'GET', '/readyz').catch(() => undefined))?.status === 200)
  const unable = server.ended.then(({ code, err }) => Promise.reject(new Error(`it ended with ${code}: ${err}`)))
  await Promise.race([ready, unable])
  return { dir, origin, fabric, provider, server, write, add }
}

function settingsOf(port: number, { issuer }: TestProvider, hasAgents: boolean): string {
  const agents = hasAgents ? ', mcp: { clients: [robot] }' : ''
  const provider = `issuer: "${issuer}", audience: "${AUDIENCE}"`
  return `version: 1
inventory: inventory.yaml
server: { listen: "127.0.0.1:${port}" }
identity:
  issuers:
    - { name: corp, ${provider}, clientId: eosflow, groupsClaim: groups, personClaim: employee_id, web: { clientId: eosflow-page } }
    - { name: pipeline, ${provider}, kind: service, clientId: robot, clientSecret: '\${env:ROBOT_SECRET}'${agents} }
`
}

/** The switches that the bundled workflow changes. */
export const LEAVES = ['leaf1', 'leaf2', 'leaf3', 'leaf4'] as const

/** Whether each of these switches has a VLAN now. */
export function hasVlan(
  { fabric }: Pick<Office, 'fabric'>,
  vlan: number,
  ...names: readonly string[]
): readonly boolean[] {
  return names.map((name) => new RegExp(`^vlan ${vlan}$`, 'm').test(runningConfig(fabric.device(name))))
}
