import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { AuthContext } from 'ssh2'
import ssh2 from 'ssh2'
import type { DeviceTarget, Hop } from '../../../../src/eos/device/device.ts'
import { anyTransport } from '../../../../src/eos/transport/any-transport.ts'
import { eapiTransport } from '../../../../src/eos/transport/eapi/eapi-transport.ts'
import { fingerprintOf } from '../../../../src/eos/transport/ssh/known-hosts.ts'
import { jumpHosts, sshTransport } from '../../../../src/eos/transport/ssh/ssh-transport.ts'
import { startFabric } from '../../../../src/lab/trial/start-fabric.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { BOOT, type Rig } from '../device-contract.ts'
import { newKeyPair } from './new-key-pair.ts'

/** A jump host of tests, by the public half of its host key as known_hosts writes it. */
export function pinnedHop(at: Pick<Hop, 'name' | 'host' | 'port'>, publicKey: string): Hop {
  const key = ssh2.utils.parseKey(publicKey)
  if (key instanceof Error) throw key
  return {
    ...at,
    hostKey: { mode: 'pin', fingerprint: fingerprintOf(key.getPublicSSH()) },
    credentials: 'jumper',
  }
}

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
  const revive = async () => {
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
function tracked(server: ssh2.Server, accepts: () => void) {
  const sockets = new Set<Socket>()
  const inner = (server as unknown as { readonly _srv: NodeJS.EventEmitter })._srv
  inner.on('connection', (socket: Socket) => {
    accepts()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function isUser(context: AuthContext, takes = USER.public) {
  const known = ssh2.utils.parseKey(takes)
  if (context.method !== 'publickey' || known instanceof Error) return false
  if (!known.getPublicSSH().equals(context.key.data)) return false
  return context.signature === undefined || known.verify(context.blob as Buffer, context.signature, context.hashAlgo)
}

/** What lies between this machine and a switch. */
export interface Way {
  readonly hops: readonly Hop[]
  /** Who logs in to every jump host. */
  readonly user: { readonly username: string; readonly key: string }
  /** Ends the jump hosts. */
  close(): Promise<void>
}

/** A switch of this EOS version behind jump hosts, over eAPI with its certificate proved, or over SSH. */
export async function behindHops(eos: string, over: DeviceTarget['transport'], way: Way): Promise<Rig> {
  const clock = new VirtualClock()
  const fabric = await startFabric({ config: BOOT, eos, name: 'leaf1', clock })
  const simulated = fabric.device('leaf1')
  const { username, key } = way.user
  const jumps = jumpHosts({
    clock: systemClock,
    readKnownHosts: async () => '',
    credentialOf: async () => ({ username, privateKey: new Secret(key) }),
  })
  const wayTo = (device: string) => jumps.wayTo(device, way.hops)
  const transport = anyTransport({
    eapi: eapiTransport({ wayTo, readCa: async () => fabric.ca }),
    ssh: sshTransport({ wayTo, clock: systemClock }),
  })
  const { host, port, hostKey: fingerprint } = simulated.ssh
  const target: DeviceTarget =
    over === 'eapi'
      ? { name: 'leaf1', ...simulated.https, transport: 'eapi', protocol: 'https', tls: { mode: 'ca', file: 'ca.pem' } }
      : { name: 'leaf1', host, port, transport: 'ssh', hostKey: { mode: 'pin', fingerprint } }
  return {
    connect: (password = simulated.password, fence = noFence) =>
      transport.connect(target, { username: simulated.username, password: new Secret(password) }, fence),
    fault: (fault) => fabric.fault({ ...fault, device: 'leaf1' }),
    advance: (seconds) => clock.advance(seconds * 1000),
    counters: () => simulated.counters(),
    close: async () => {
      jumps.close()
      await fabric.close()
      await way.close()
    },
  }
}
