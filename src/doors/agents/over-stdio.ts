import { type Readable, Transform, type Writable } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { DuplicateMember, givenJson } from '../../model/json.ts'
import { type AgentTools, agentServer } from './agent-server.ts'

interface StdioEnds {
  readonly input: Readable
  readonly output: Writable
  readonly stop: AbortSignal
  failed(error: Error): void
}

export async function serveOverStdio(
  agentTools: AgentTools,
  { input, output, stop, failed }: StdioEnds,
): Promise<void> {
  const transport = new StdioServerTransport(input.pipe(onceEach(output)), output)
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, () => resolve())
    // It closes by itself where it cannot go on; its input stays open then, and nobody reads it.
    const close = transport.close.bind(transport)
    transport.close = () => close().finally(resolve)
    if (stop.aborted) resolve()
    stop.addEventListener('abort', () => resolve(), { once: true })
  })
  // An agent that has gone reads no more: that is an end, and no failure.
  const onerror = (error: Error) => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') failed(error)
  }
  const serving = serveStdio(() => agentServer(agentTools), { transport, onerror, maxSubscriptions: 0 })
  await ended
  await serving.close()
}

// The longest line that is looked at whole, in bytes: a longer one is refused by whoever reads it.
const LONGEST = 10 * 1024 * 1024
const NEWLINE = 10
const TWICE = '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"a member of an object is there twice"}}\n'

function onceEach(output: Writable) {
  let rest: Buffer = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const given = Buffer.concat([rest, chunk])
      let from = 0
      for (let end = given.indexOf(NEWLINE); end !== -1; end = given.indexOf(NEWLINE, from)) {
        const line = given.subarray(from, end + 1)
        if (isTwice(line.toString('utf8'))) output.write(TWICE)
        else this.push(line)
        from = end + 1
      }
      rest = given.subarray(from)
      if (rest.length > LONGEST) {
        this.push(rest)
        rest = Buffer.alloc(0)
      }
      done()
    },
  })
}

function isTwice(line: string) {
  try {
    givenJson(line)
    return false
  } catch (error) {
    return error instanceof DuplicateMember
  }
}
