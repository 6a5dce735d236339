import { connect, createServer, type Server, type Socket } from 'node:net'

/** What becomes of a statement that a proxy sees. */
export type Cut = 'before' | 'behind' | 'silence'

/** A way to a server that can be cut at a statement: before the server has it, or once the server has done it and before the answer is heard. */
export class CuttingProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isDown = false
  #cut: { readonly text: string; readonly where: Cut; readonly done: () => void } | undefined
  /** How often it was cut. */
  cuts = 0

  private constructor(target: number) {
    this.#server = createServer((client) => {
      const server = connect(target, '127.0.0.1')
      let doomed = false
      let silent = false
      this.#sockets.add(client).add(server)
      const end = () => {
        client.destroy()
        server.destroy()
        this.#sockets.delete(client)
        this.#sockets.delete(server)
      }
      for (const socket of [client, server]) socket.on('error', end).on('close', end)
      if (this.#isDown) return end()
      client.on('data', (bytes) => {
        const cut = this.#cut
        if (cut !== undefined && bytes.includes(cut.text)) {
          this.#cut = undefined
          this.cuts += 1
          cut.done()
          if (cut.where === 'before') return end()
          if (cut.where === 'silence') silent = true
          else doomed = true
        }
        if (!silent) server.write(bytes)
      })
      server.on('data', (bytes) => {
        // ReadyForQuery, idle: the transaction is over.
        if (doomed && bytes.includes(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]))) end()
        else if (!doomed && !silent) client.write(bytes)
      })
      return undefined
    })
    this.#server.listen(0, '127.0.0.1')
  }

  /** A proxy to a port of loopback. */
  static async to(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target)
    await new Promise((resolve) => proxy.#server.once('listening', resolve))
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Cuts the next connection over which a text goes, once; resolves when it did. */
  cutAt(text: string, where: Cut): Promise<void> {
    return new Promise((done) => {
      this.#cut = { text, where, done }
    })
  }

  /** Lets nobody through, and cuts all who are. */
  down(): void {
    this.#isDown = true
    for (const socket of this.#sockets) socket.destroy()
  }

  up(): void {
    this.#isDown = false
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}
