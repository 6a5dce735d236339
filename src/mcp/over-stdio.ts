import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { agentServer } from './agent-server.ts'
import type { AgentTools } from './agent-tools.ts'

/** The two ends of a connection of stdio. */
export interface StdioEnds {
  readonly input: Readable
  readonly output: Writable
  /** Aborted when the command is to end. */
  readonly stop: AbortSignal
  failed(error: Error): void
}

/** Serves an agent over stdio until one of the ends is closed, what it sends is no message and does not end, or the command ends. */
export async function serveOverStdio(
  agentTools: AgentTools,
  { input, output, stop, failed }: StdioEnds,
): Promise<void> {
  const transport = new StdioServerTransport(input, output)
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, () => resolve())
    // It closes by itself where it cannot go on; its input stays open then, and nobody reads it.
    const close = transport.close.bind(transport)
    transport.close = () => close().finally(resolve)
    if (stop.aborted) resolve()
    stop.addEventListener('abort', () => resolve(), { once: true })
  })
  // An agent that has gone reads no more: that is an end, and no failure.
  const onerror = (error: Error): void => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') failed(error)
  }
  const serving = serveStdio(() => agentServer(agentTools), { transport, onerror, maxSubscriptions: 0 })
  await ended
  await serving.close()
}
