import type { Client } from '@modelcontextprotocol/client'
import { type Lab, openLab, PEOPLE, policyWith, withRoles, workflowFor } from '../../lab/lab.ts'
import { type ServerBench, until } from '../../lab/server.ts'
import type { Principal, Rehearse } from '../../lab/sources.ts'

/** Everybody who has a token in these tests. */
export const TOKENS = PEOPLE as Readonly<Record<string, Principal>>

/** What an agent may do under the policy of the people, beside planning and reading. */
const AGENTS = '{ id: agents, allow: [workflow.list, approval.request], to: [operator, approver, "kind:agent"] }'

/** People who take snapshots move baselines with them, which no agent may. */
const BASELINES = '{ id: baselines, allow: [baseline.set, notice.end], to: [operator] }'

/** A lab under the policy of the people, with a workflow for leaf1. */
export const agentLab = (rules: readonly string[] = [AGENTS, BASELINES]): Lab =>
  openLab({
    tags: withRoles,
    policy: policyWith({ rules }),
    files: { 'workflows/leaf.yaml': workflowFor('leaf1'), 'checks.yaml': '- reachable\n' },
  })

/** Its server. */
export const startAgentTools = (rehearse?: Rehearse, rules?: readonly string[]): Promise<ServerBench> =>
  agentLab(rules).serve({ tokens: TOKENS, ...(rehearse === undefined ? {} : { rehearse }) })

/** What a tool has given. */
export interface Given {
  readonly isError: boolean
  readonly found: Record<string, unknown>
  readonly text: string
}

/** Calls a tool. */
export async function call(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Given> {
  const result = await client.callTool({ name, arguments: args })
  const [first] = result.content as readonly { readonly text?: string }[]
  return {
    isError: result.isError === true,
    found: (result.structuredContent ?? {}) as Record<string, unknown>,
    text: first?.text ?? '',
  }
}

let plans = 0

/** Has somebody plan a change that no other plan has, by the API. Gives the digest. */
export async function planOf(bench: ServerBench, token: string) {
  plans += 1
  const workflow = `workflows/leaf-${plans}.yaml`
  bench.lab.write(workflow, workflowFor('leaf1', { lines: ['vlan 998', `   name TESTED-${plans}`] }))
  const begun = await bench.ask('POST', '/api/v1/plans', { token, body: { workflow } })
  const path = `/api/v1/executions/${String(begun.json.execution)}`
  await until(bench, async () => (await bench.ask('GET', path, { token })).json.status === 'ended')
  return String((await bench.ask('GET', path, { token })).json.plan)
}
