import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server answers at a path. */
export interface PlainAnswer {
  readonly type: string
  readonly body: string
}

/** A server of `node:http` and nothing else, in this process: the floor that the control room is compared with. */
export interface PlainServer {
  readonly origin: string
  /** Sends a frame to every stream that is open. */
  send(frame: string): void
  close(): void
}

/** Answers by path; `/stream` is a stream of events. */
export async function startPlainServer(answers: ReadonlyMap<string, PlainAnswer>): Promise<PlainServer> {
  const open = new Set<ServerResponse>()
  const server = createServer(({ url = '/' }, response) => {
    const found = answers.get(url)
    if (url === '/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 2000\n\n')
      open.add(response)
      response.on('close', () => open.delete(response))
    } else if (found === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': found.type }).end(found.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    send: (frame) => {
      for (const response of open) response.write(frame)
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
