import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import ssh2, { type AuthContext } from 'ssh2'
import type { Hop } from '../../../src/device/hop.ts'
import { newKeyPair } from '../ssh/new-key-pair.ts'
import { pinnedHop } from './pinned-hop.ts'

/** A jump host in this process. */
export interface HopServer {
  readonly hop: Hop
  /** Its host key as a line of known_hosts holds it. */
  readonly publicKey: string
  /** What happened there, in order: `login USER METHOD`, `forward HOST PORT`, `session`, `agent`. */
  readonly seen: readonly string[]
  /** How many have connected. */
  connections(): number
  /** How many of these are open now. */
  open(): number
  /** Cuts every connection and listens no more. */
  kill(): Promise<void>
  /** Listens again, on the same port. */
  revive(): Promise<void>
}

/** What a jump host does. */
export interface HopBehaviour {
  readonly name?: string
  readonly host?: string
  readonly password?: string
  /** Whose key it takes, the public half. Default: that of {@link USER}. */
  readonly takes?: string
  /** Refuses to forward, as `AllowTcpForwarding no` does. */
  readonly forwardsNothing?: true
  /** Takes a login and never answers for a connection. */
  readonly staysSilent?: true
}

/** A key of a user, whom every jump host lets in. */
export const USER = newKeyPair()

/** Starts a jump host that takes the key of {@link USER}, and a password where it has one. */
export async function startHop(behaviour: HopBehaviour = {}): Promise<HopServer> {
  const { name = 'bastion', host = '127.0.0.1' } = behaviour
  const hostKey = newKeyPair()
  const seen: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    client.on('error', () => undefined)
    client.on('authentication', (context) => {
      if (context.method !== 'none') seen.push(`login ${context.username} ${context.method}`)
      if (isUser(context, behaviour.takes) || ('password' in context && context.password === behaviour.password))
        context.accept()
      else context.reject(['publickey', 'password'])
    })
    client.on('session', (_accept, reject) => {
      seen.push('session')
      reject()
    })
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      seen.push(`forward ${destIP} ${destPort}`)
      if (behaviour.staysSilent === true) return
      if (behaviour.forwardsNothing === true) return reject()
      const beyond = connect({ host: destIP, port: destPort, noDelay: true })
      sockets.add(beyond)
      beyond.once('error', () => reject())
      beyond.once('connect', () => {
        const channel = accept()
        channel.on('error', () => undefined)
        beyond.on('error', () => channel.destroy())
        channel.on('data', (bytes: Buffer) => void beyond.write(bytes))
        beyond.on('data', (bytes) => void channel.write(bytes))
        // As sshd does: an end of one direction says nothing of the other, and the connection is over where both have ended.
        beyond.once('end', () => channel.eof())
        channel.once('end', () => channel.end())
        channel.on('close', () => beyond.destroy())
      })
    })
  })
  const accepted = tracked(server, () => {
    connections += 1
  })
  let port = 0
  const revive = async (): Promise<void> => {
    await once(server.listen(port, host), 'listening')
    port = (server.address() as AddressInfo).port
  }
  await revive()
  return {
    hop: pinnedHop({ name, host, port }, hostKey.public),
    publicKey: hostKey.public,
    seen,
    connections: () => connections,
    open: () => accepted.size,
    kill: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of [...accepted, ...sockets]) socket.destroy()
      await closed
    },
    revive,
  }
}

/** The sockets of a server's connections. ssh2 hands its own out, not these. */
function tracked(server: ssh2.Server, accepts: () => void): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  const inner = (server as unknown as { readonly _srv: NodeJS.EventEmitter })._srv
  inner.on('connection', (socket: Socket) => {
    accepts()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function isUser(context: AuthContext, takes = USER.public): boolean {
  const known = ssh2.utils.parseKey(takes)
  if (context.method !== 'publickey' || known instanceof Error) return false
  if (!known.getPublicSSH().equals(context.key.data)) return false
  return context.signature === undefined || known.verify(context.blob as Buffer, context.signature, context.hashAlgo)
}
