import { Client, type ClientCapabilities, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { onTestFinished } from 'vitest'

/** The two protocols that the server speaks: of 2026, and of 2025 without a session. */
export type Era = 'auto' | 'legacy'

/** How an agent speaks. */
export interface AgentOptions {
  readonly era?: Era
  readonly capabilities?: ClientCapabilities
}

/** Connects the official client to what opens the requests of a server at an origin. */
export async function connected(
  origin: string,
  open: (method: string, path: string, asked: object) => Promise<Response>,
  token: string,
  { era = 'auto', capabilities = {} }: AgentOptions = {},
): Promise<Client> {
  const transport = new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), {
    fetch: (url, init) => {
      const { pathname } = new URL(url)
      const body = typeof init?.body === 'string' ? { body: init.body } : {}
      return open(init?.method ?? 'GET', pathname, {
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
