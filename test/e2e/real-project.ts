import { writeFiles } from '../lab/files.ts'
import { inventoryOf, sshInventoryOf } from '../lab/inventory.ts'
import { type EndedProcess, startBuilt } from '../lab/process.ts'
import { typed } from '../lab/typed.ts'

/** A switch that real processes can reach, in this process or in another one. */
export interface ReachableSwitch {
  readonly name: string
  readonly username: string
  readonly password: string
  readonly http: { readonly host: string; readonly port: number }
  readonly ssh: { readonly host: string; readonly port: number; readonly hostKey: string }
}

/** Writes a project for switches that are there: its settings, its inventory, and its workflow as `workflow.yaml`. */
export function writeProject(
  dir: string,
  switches: readonly ReachableSwitch[],
  { transport, workflow, settings = '' }: { transport: 'eapi' | 'ssh'; workflow: string; settings?: string },
): void {
  const listed = transport === 'eapi' ? inventoryOf : sshInventoryOf
  writeFiles(dir, {
    'eosflow.yaml': `version: 1\n${settings}`,
    'inventory.yaml': listed({ devices: switches }, () => ({ role: 'leaf' })),
    'workflow.yaml': workflow,
  })
}

/** Runs one command line of the built program to its end. */
export function eosflowAt(dir: string, ...argv: readonly string[]): Promise<EndedProcess> {
  return startBuilt(dir, argv).ended
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
