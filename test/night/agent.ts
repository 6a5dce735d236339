import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { until } from './until.ts'

/** One call of a tool: what was asked, and what came of it. */
export interface Call {
  readonly tool: string
  readonly asked: Readonly<Record<string, unknown>>
  readonly found: Readonly<Record<string, unknown>>
}

/** A scripted agent: the official MCP client over HTTP. Every call is kept. */
export interface Agent {
  readonly calls: readonly Call[]
  /** The tools that it was offered. */
  readonly tools: readonly string[]
  /** The trace that it works in from now on: it names it in `_meta` of each call. */
  follow(traceparent: string): void
  call(tool: string, asked?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>
  /** Calls a tool until its answer is one for which something holds. */
  callUntil(
    tool: string,
    asked: Readonly<Record<string, unknown>>,
    holds: (found: Readonly<Record<string, unknown>>) => boolean,
  ): Promise<Readonly<Record<string, unknown>>>
  close(): Promise<void>
}

/** An agent has 200 reads a minute (docs/agents.md). */
const PATIENCE = { within: 120_000, every: 500 }

/** Connects it with its token. */
export async function connectAgent(origin: string, token: string): Promise<Agent> {
  const client = new Client({ name: 'night-agent', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { requestInit }))
  const calls: Call[] = []
  let trace = {}
  const ask = async (tool: string, asked: Readonly<Record<string, unknown>>) => {
    const result = await client.callTool({ name: tool, arguments: { ...asked }, _meta: trace })
    const found = (result.structuredContent ?? {}) as Record<string, unknown>
    if (result.isError === true) throw new Error(`${tool} was refused: ${JSON.stringify(result.content)}`)
    return { tool, asked, found }
  }
  const kept = (call: Call) => {
    calls.push(call)
    return call.found
  }
  return {
    calls,
    tools: (await client.listTools()).tools.map(({ name }) => name),
    follow: (traceparent) => {
      trace = { traceparent }
    },
    call: async (tool, asked = {}) => kept(await ask(tool, asked)),
    callUntil: async (tool, asked, holds) =>
      kept(
        await until(
          `${tool} gives what the agent waits for`,
          async () => {
            const call = await ask(tool, asked)
            return holds(call.found) ? call : undefined
          },
          PATIENCE,
        ),
      ),
    close: () => client.close(),
  }
}
