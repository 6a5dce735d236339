import { Client, type ClientCapabilities, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { onTestFinished } from 'vitest'
import type { Principal } from '../../src/model/principal.ts'
import type { Rehearse } from '../../src/server/rehearsals.ts'
import { inventoryWithRoles } from '../lab/inventory.ts'
import { PEOPLE, policyWith, SETTINGS } from '../lab/people.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { ORIGIN, type ServerBench, startServer, until } from '../server/bench.ts'

/** Everybody who has a token in these tests. */
export const TOKENS = PEOPLE as Readonly<Record<string, Principal>>

/** What an agent may do under the policy of the people, beside planning and reading. */
const AGENTS = '{ id: agents, allow: [workflow.list, approval.request], to: [operator, approver, "kind:agent"] }'

/** People who take snapshots move baselines with them, which no agent may. */
const BASELINES = '{ id: baselines, allow: [baseline.set, notice.end], to: [operator] }'

/** A server under the policy of the people, with a workflow for leaf1. */
export async function startAgentTools(
  rehearse?: Rehearse,
  rules: readonly string[] = [AGENTS, BASELINES],
): Promise<ServerBench> {
  return startServer(
    TOKENS,
    (lab) => {
      lab.write('inventory.yaml', inventoryWithRoles(lab.fabric))
      lab.write('workflows/leaf.yaml', workflowFor('leaf1'))
      lab.write('checks.yaml', '- reachable\n')
      lab.write('eosflow.yaml', SETTINGS)
      lab.write('policy.yaml', policyWith({ rules }))
    },
    rehearse === undefined ? {} : { rehearse },
  )
}

/** The two protocols that the server speaks: of 2026, and of 2025 without a session. */
export type Era = 'auto' | 'legacy'

/** The official client, whose requests reach the bench without a socket. */
export async function connected(
  bench: ServerBench,
  token: string,
  { era = 'auto', capabilities = {} }: { readonly era?: Era; readonly capabilities?: ClientCapabilities } = {},
): Promise<Client> {
  const transport = new StreamableHTTPClientTransport(new URL(`${ORIGIN}/mcp`), {
    fetch: (url, init) => {
      const { pathname } = new URL(url)
      const body = typeof init?.body === 'string' ? { body: init.body } : {}
      return bench.open(init?.method ?? 'GET', pathname, {
        token,
        headers: Object.fromEntries(new Headers(init?.headers)),
        ...body,
      })
    },
  })
  const client = new Client({ name: 'tester', version: '1.0.0' }, { capabilities, versionNegotiation: { mode: era } })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return client
}

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
export async function planOf(bench: ServerBench, token: string): Promise<string> {
  plans += 1
  const workflow = `workflows/leaf-${plans}.yaml`
  bench.lab.write(workflow, workflowFor('leaf1', { lines: ['vlan 998', `   name TESTED-${plans}`] }))
  const begun = await bench.ask('POST', '/api/v1/plans', { token, body: { workflow } })
  const path = `/api/v1/executions/${String(begun.json.execution)}`
  await until(bench, async () => (await bench.ask('GET', path, { token })).json.status === 'ended')
  return String((await bench.ask('GET', path, { token })).json.plan)
}
