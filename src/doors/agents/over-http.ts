import { createMcpHandler } from '@modelcontextprotocol/server'
import { type AgentTools, agentServer } from './agent-server.ts'

interface McpMessage {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

interface McpAnswer {
  readonly status: number
  readonly type: string | null
  readonly text: string
}

/**
 * Answers one message of MCP over HTTP (2026-07-28, and statelessly 2025-11-25): nothing is kept for the next one. Whatever is long is asked for
 * again by the id of its execution, so that no answer is a stream.
 */
export async function answerOverHttp(agentTools: AgentTools, { url, headers, body }: McpMessage): Promise<McpAnswer> {
  const handler = createMcpHandler(() => agentServer(agentTools), {
    maxSubscriptions: 0,
    keepAliveMs: 0,
  })
  try {
    const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(body) })
    const response = await handler.fetch(request, { parsedBody: body })
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  } finally {
    await handler.close()
  }
}
