import { once } from 'node:events'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test } from 'vitest'
import type { Era } from '../../lab/agent.ts'
import { BUILT, builtCommand, prints, runningConfig, type SocketLab, startProcess } from '../../lab/lab.ts'
import { openLeaves } from '../cli/running.ts'
import { call } from './agent-tools.ts'

/** The official client, over the pipe of the built command. */
async function agentIn({ dir }: SocketLab, era: Era) {
  const { PATH = '', HOME = '' } = process.env
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BUILT, 'mcp'],
    cwd: dir,
    env: { PATH, HOME, CI: '1' },
    stderr: 'pipe',
  })
  const client = new Client({ name: 'tester', version: '1.0.0' }, { versionNegotiation: { mode: era } })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return client
}

test('[G117] the built command serves an agent of whoever runs it: it plans, changes nothing, and a person approves', {
  tags: 'night',
}, async () => {
  const bench = await openLeaves(2)
  const before = bench.fabric.devices.map(runningConfig)
  const agent = await agentIn(bench, 'auto')
  expect((await agent.listTools()).tools).toHaveLength(16)
  const asked = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 }, key: 'one' }
  const planned = await call(agent, 'plan_create', asked)
  expect(planned).toMatchObject({ isError: false, found: { outcome: 'planned', summary: { changed: 2 } } })
  const { digest, execution } = planned.found as { digest: string; execution: string }
  expect((await call(agent, 'approval_request', { digest, reason: 'alert 7' })).found).toMatchObject({
    needed: 1,
    have: 0,
  })
  await agent.close()
  expect(bench.fabric.devices.map(runningConfig)).toEqual(before)

  // The protocol of 2025, in another process: nothing was kept but the record.
  const legacy = await agentIn(bench, 'legacy')
  expect((await call(legacy, 'execution_status', { id: execution })).found).toMatchObject({ plan: digest })
  expect((await call(legacy, 'plan_create', asked)).found).toEqual(planned.found)

  // Whoever runs the agent approves with their own hands, and the agent sees it.
  const approved = await bench.ok(`approve ${execution}`)
  expect(approved.err).toEqual(expect.any(String))
  const explained = await call(legacy, 'plan_explain', { digest })
  expect(explained.found).toMatchObject({ needed: 1, have: 1, person: expect.stringContaining('starts it') })
  await legacy.close()

  await prints(
    0,
    bench.eosflow(`history ${execution} --json`),
    /"actor":"mcp:local:/,
    /"onBehalfOf":\{[^}]*"id":"local:/,
  )
})

test('the built command ends in silence when its agent has closed the pipe that it answers to', {
  tags: ['long', 'turn'],
}, async () => {
  const { dir } = await openLeaves(1)
  const { PATH = '', HOME = '' } = process.env
  const { child, ended } = startProcess(dir, builtCommand('mcp'), { env: { PATH, HOME, CI: '1' } })
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('it has no pipes')
  onTestFinished(() => void child.kill('SIGKILL'))
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'tester', version: '1' } }
  const ask = (id: number) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'initialize', params })}\n`)
  stdin.on('error', () => undefined)
  ask(1)
  const [first] = (await once(stdout, 'data')) as readonly Buffer[]
  expect(String(first)).toContain('"serverInfo"')
  stdout.destroy()
  // Its input stays open: it is the answer that nobody takes.
  for (let id = 2; id < 6; id += 1) ask(id)
  expect(await ended).toMatchObject({ code: 0, signal: null, err: '' })
})
