import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUILT } from '../lab/checkout.ts'
import { typed } from './typed.ts'

/** A switch that real processes can reach, in this process or in another one. */
export interface ReachableSwitch {
  readonly name: string
  readonly username: string
  readonly password: string
  readonly http: { readonly host: string; readonly port: number }
  readonly ssh: { readonly host: string; readonly port: number; readonly hostKey: string }
}

/** How one command ended. */
export interface EndedProcess {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** A command that runs. */
export interface RunningProcess {
  readonly child: ChildProcess
  /** What it has said until now. */
  readonly said: { readonly out: string; readonly err: string }
  readonly ended: Promise<EndedProcess>
}

/** The built command line with its arguments, as a program is started. */
export const builtCommand = (...argv: readonly string[]): readonly [string, ...string[]] => [
  process.execPath,
  BUILT,
  ...argv,
]

/** Writes a project for switches that are there: its settings, its inventory, and its workflow as `workflow.yaml`. */
export function writeProject(
  dir: string,
  switches: readonly ReachableSwitch[],
  { transport, workflow, settings = '' }: { transport: 'eapi' | 'ssh'; workflow: string; settings?: string },
): void {
  const [first] = switches
  const address = ({ http, ssh }: ReachableSwitch): object =>
    transport === 'eapi' ? http : { host: ssh.host, port: ssh.port, ssh: { hostKey: ssh.hostKey } }
  const inventory = {
    defaults: { ...(transport === 'eapi' ? { protocol: 'http' } : { transport: 'ssh' }), credentials: 'sim' },
    credentials: { sim: { username: first?.username, password: first?.password, simulated: true } },
    devices: Object.fromEntries(switches.map((one) => [one.name, { ...address(one), tags: { role: 'leaf' } }])),
  }
  writeFileSync(join(dir, 'eosflow.yaml'), `version: 1\n${settings}`)
  writeFileSync(join(dir, 'inventory.yaml'), JSON.stringify(inventory))
  writeFileSync(join(dir, 'workflow.yaml'), workflow)
}

/** Starts a program in a folder and gathers what it says. */
export function startProcess(
  dir: string,
  [program, ...argv]: readonly [program: string, ...argv: string[]],
  options: SpawnOptions = {},
): RunningProcess {
  const child = spawn(program, argv, { cwd: dir, env: { ...process.env, CI: '1' }, ...options })
  const said = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    said.err += chunk
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }) as EndedProcess)
  return { child, said, ended }
}

/** Runs one command line of the built program to its end. */
export function eosflowAt(dir: string, ...argv: readonly string[]): Promise<EndedProcess> {
  return startProcess(dir, builtCommand(...argv)).ended
}

/** Runs one command line in this process, where it costs a tenth of a process of its own. */
export async function typedAt(dir: string, ...argv: readonly string[]): Promise<EndedProcess> {
  return { ...(await typed(dir, argv)), signal: null }
}

/** Plans and approves the project's change as `change.plan`. Throws when one of the two is refused. */
export async function approvedPlan(dir: string): Promise<void> {
  const plan = await typedAt(dir, 'plan', 'workflow.yaml', '-o', 'change.plan')
  const approved = await typedAt(dir, 'approve', 'change.plan')
  if (plan.code !== 0 || approved.code !== 0) throw new Error(`no approved plan:\n${plan.err}${approved.err}`)
}

/** What a switch prints, asked over its own eAPI by a client that is not eosflow. */
export async function printedBy(
  { username, password, http }: Pick<ReachableSwitch, 'username' | 'password' | 'http'>,
  ...commands: readonly string[]
): Promise<readonly string[]> {
  const response = await fetch(`http://${http.host}:${http.port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'judge',
      method: 'runCmds',
      params: { version: 1, format: 'text', cmds: ['enable', ...commands] },
    }),
  })
  const { result, error } = (await response.json()) as {
    readonly result?: readonly { readonly output?: string }[]
    readonly error?: unknown
  }
  if (result === undefined) throw new Error(`the switch refuses ${commands.join(', ')}: ${JSON.stringify(error)}`)
  return result.slice(1).map(({ output }) => output ?? '')
}
