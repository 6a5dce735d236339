import type { Socket } from 'node:net'
import ssh2, {
  type AuthHandlerMiddleware,
  type ClientChannel,
  type ConnectConfig,
  type ServerHostKeyAlgorithm,
} from 'ssh2'
import type { SocketMeter } from '../../device/meter.ts'
import type { Credential, SshTarget } from '../../device/transport.ts'
import { EosflowError } from '../../model/error.ts'
import { abandon } from '../abandon.ts'
import { meteredRequest } from '../metered-device.ts'
import type { HostKeyDemand } from './host-key.ts'
import { loginSteps } from './login-steps.ts'
import { noShell, openTcp } from './open-tcp.ts'
import type { ShellChannel } from './shell-channel.ts'

/** What one login needs besides the address. */
export interface ShellLogin {
  readonly target: SshTarget
  readonly credential: Credential
  readonly demand: HostKeyDemand
  /** For the connection, the login and the shell together. */
  readonly connectMilliseconds: number
  /** Whether small packets are sent at once (TCP_NODELAY); false only to measure what that saves. Default true. */
  readonly noDelay?: boolean
  /** Hears what happens on the connection. */
  readonly meter?: SocketMeter
}

/** Wide enough that no command is wrapped before `terminal width` is set. */
const WINDOW = { term: 'vt100', cols: 511, rows: 1000 }
const KEEPALIVE_MILLISECONDS = 15_000

/**
 * Connects, judges the host key, logs in and opens a shell with a terminal. Throws `unreachable` when there is no
 * connection, `tls` when the host key is refused or no cipher is common, and `unauthenticated`.
 */
export async function ssh2Shell(login: ShellLogin): Promise<ShellChannel> {
  const meter = login.meter?.connect()
  try {
    const socket = await openTcp(login.target, login.connectMilliseconds, login.noDelay)
    meter?.reached('login')
    const channel = await shellOver(socket, login)
    meter?.ended('ok')
    return channel
  } catch (thrown) {
    meter?.ended(thrown instanceof EosflowError ? thrown.kind : 'bug')
    throw thrown
  }
}

async function shellOver(socket: Socket, login: ShellLogin): Promise<ShellChannel> {
  const client = new ssh2.Client()
  let refused: EosflowError | undefined
  const judge = (key: Buffer): boolean => {
    refused = login.demand.refusal(key)
    return refused === undefined
  }
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve)
      client.on('error', reject)
      client.once('close', () => reject(new Error('the switch closed the connection')))
      client.on('change password', () => reject(passwordExpired(login)))
      client.connect(configOf(login, socket, judge))
    })
    return channelOver(client, await shellOf(client, login.connectMilliseconds), socket, login.meter)
  } catch (thrown) {
    client.on('error', () => undefined)
    client.destroy()
    throw refused ?? loginFailure(login, thrown)
  }
}

function configOf(login: ShellLogin, sock: Socket, judge: (key: Buffer) => boolean): ConnectConfig {
  const { credential, demand, connectMilliseconds } = login
  const { username, password, privateKey, passphrase } = credential
  return {
    sock,
    username,
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(privateKey === undefined ? {} : { privateKey: privateKey.reveal() }),
    ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }),
    hostVerifier: judge,
    authHandler: loginSteps(credential) as AuthHandlerMiddleware,
    readyTimeout: connectMilliseconds,
    keepaliveInterval: KEEPALIVE_MILLISECONDS,
    algorithms: { serverHostKey: [...hostKeyAlgorithms(demand.keyTypes)] },
  }
}

const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
]

/** A switch with several host keys is asked first for one of a type that is known of it, as OpenSSH does. */
function hostKeyAlgorithms(known: readonly string[]): readonly ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean =>
    known.includes(algorithm) || (algorithm.startsWith('rsa-') && known.includes('ssh-rsa'))
  return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...HOST_KEY_ALGORITHMS.filter((one) => !isKnown(one))]
}

function shellOf(client: ssh2.Client, milliseconds: number): Promise<ClientChannel> {
  return new Promise<ClientChannel>((resolve, reject) => {
    const late = (): void => reject(new Error(`no shell within ${milliseconds / 1000} s`))
    const timer = setTimeout(late, milliseconds)
    client.once('close', () => {
      clearTimeout(timer)
      reject(new Error('the switch closed the connection'))
    })
    client.shell(WINDOW, (error, channel) => {
      clearTimeout(timer)
      if (error === undefined) resolve(channel)
      else reject(error)
    })
  })
}

function channelOver(
  client: ssh2.Client,
  channel: ClientChannel,
  socket: Socket,
  meter: SocketMeter | undefined,
): ShellChannel {
  let reason = 'the switch closed the connection'
  client.on('error', (error) => {
    reason = error.message
  })
  channel.on('error', () => undefined)
  return {
    write: (text) => {
      if (channel.writable) channel.write(text)
    },
    listen: ({ heard, closed }) => {
      channel.on('data', heard)
      channel.stderr.on('data', heard)
      channel.once('close', () => {
        closed(reason)
        client.end()
      })
      client.once('close', () => closed(reason))
    },
    close: (way) => {
      if (way === 'done') client.end()
      else abandon(socket)
      client.destroy()
    },
    measure: () => meteredRequest(meter),
  }
}

function loginFailure({ target, credential }: ShellLogin, thrown: unknown): EosflowError {
  if (thrown instanceof EosflowError) return thrown
  const { level, message } = thrown as { readonly level?: string; readonly message: string }
  if (level === 'client-authentication') {
    return new EosflowError('unauthenticated', `${target.name}: the switch refused the user ${credential.username}`, {
      device: target.name,
      hint: 'Check the credentials of this switch in the inventory, and what it accepts (management ssh, authentication).',
    })
  }
  if (level === 'handshake') {
    return new EosflowError('tls', `${target.name}: the SSH handshake failed: ${message}`, {
      device: target.name,
      hint: 'The switch must offer a key exchange, a cipher and a host key that are still held to be safe (management ssh).',
    })
  }
  if (/^Cannot parse privateKey|does not contain a \(valid\) private key/.test(message)) {
    return new EosflowError('secret', `${target.name}: the private key of ${credential.username} cannot be read`, {
      device: target.name,
      hint: 'eosflow reads PEM and OpenSSH keys; the passphrase of one that has it is `passphrase` of the credential, by reference.',
    })
  }
  return noShell(target, message)
}

function passwordExpired({ target, credential }: ShellLogin): EosflowError {
  return new EosflowError('unauthenticated', `${target.name}: the password of ${credential.username} has expired`, {
    device: target.name,
    hint: 'Log in by hand and change it.',
  })
}
