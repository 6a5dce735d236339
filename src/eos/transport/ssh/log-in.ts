import type { Duplex } from 'node:stream'
import ssh2, { type AuthHandlerMiddleware, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2'
import { EosflowError } from '../../../model/error.ts'
import type { Credential } from '../../device/transport.ts'
import { AgentKeys } from './agent-keys.ts'
import type { HostKeyDemand } from './host-key.ts'
import { loginSteps } from './login-steps.ts'
import { noShell } from './open-tcp.ts'
import { type SshHost, wordsOf } from './ssh-host.ts'

/** What one login needs besides the connection. */
export interface SshLogin {
  readonly target: SshHost
  readonly credential: Credential
  readonly demand: HostKeyDemand
  /** For the login. */
  readonly connectMilliseconds: number
}

const KEEPALIVE_MILLISECONDS = 15_000

/**
 * Judges the host key of whoever answers on a connection, and logs in. Throws `unreachable`, `tls` when the host key is refused or
 * no cipher is common, `secret` for a private key that cannot be read, and `unauthenticated`. The agent of the caller is never
 * forwarded.
 */
export async function loggedIn(login: SshLogin, sock: Duplex): Promise<ssh2.Client> {
  const client = new ssh2.Client()
  const { agent: at } = login.credential
  const agent = at === undefined ? undefined : new AgentKeys(at)
  let refused: EosflowError | undefined
  const judge = (key: Buffer): boolean => {
    refused = login.demand.refusal(key)
    return refused === undefined
  }
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve)
      client.on('error', reject)
      client.once('close', () => reject(closedBy(login)))
      client.on('change password', () => reject(passwordExpired(login)))
      client.connect(configOf(login, sock, { judge, agent }))
    })
    return client
  } catch (thrown) {
    client.on('error', () => undefined)
    client.destroy()
    const isAgentLate = agent?.isAsked === true && levelOf(thrown) === 'client-timeout'
    agent?.close()
    throw refused ?? (isAgentLate ? agentLate(login) : loginFailure(login, thrown))
  }
}

/** The end of a connection that nobody here has closed. */
export function closedBy({ target }: Pick<SshLogin, 'target'>): Error {
  return new Error(`${wordsOf(target).who} closed the connection`)
}

/** Who judges the host key, and which agent is asked. */
interface Asked {
  readonly judge: (key: Buffer) => boolean
  readonly agent: AgentKeys | undefined
}

function configOf(login: SshLogin, sock: Duplex, { judge, agent }: Asked): ConnectConfig {
  const { credential, demand, connectMilliseconds } = login
  const { username, password, privateKey, passphrase } = credential
  return {
    sock,
    username,
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(privateKey === undefined ? {} : { privateKey: privateKey.reveal() }),
    ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }),
    hostVerifier: judge,
    authHandler: loginSteps(credential, agent) as AuthHandlerMiddleware,
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

/** A host with several host keys is asked first for one of a type that is known of it, as OpenSSH does. */
function hostKeyAlgorithms(known: readonly string[]): readonly ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean =>
    known.includes(algorithm) || (algorithm.startsWith('rsa-') && known.includes('ssh-rsa'))
  return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...HOST_KEY_ALGORITHMS.filter((one) => !isKnown(one))]
}

/** What a failure on the way to a shell means. */
export function loginFailure({ target, credential }: SshLogin, thrown: unknown): EosflowError {
  if (thrown instanceof EosflowError) return thrown
  const { name: device } = target
  const { who, login, handshake } = wordsOf(target)
  const level = levelOf(thrown)
  const { message } = thrown as { readonly message: string }
  if (level === 'client-authentication') {
    return new EosflowError('unauthenticated', `${device}: ${who} refused the user ${credential.username}`, {
      device,
      hint: login,
    })
  }
  if (level === 'agent') {
    return new EosflowError('secret', `${agentFails(target, credential)}: ${message}`, {
      device,
      hint: 'ssh-add -l shows what it holds; SSH_AUTH_SOCK says which agent is asked.',
    })
  }
  if (level === 'handshake') {
    return new EosflowError('tls', `${device}: the SSH handshake failed: ${message}`, { device, hint: handshake })
  }
  if (/^Cannot parse privateKey|does not contain a \(valid\) private key/.test(message)) {
    return new EosflowError('secret', `${device}: the private key of ${credential.username} cannot be read`, {
      device,
      hint: 'eosflow reads PEM and OpenSSH keys; the passphrase of one that has it is `passphrase` of the credential, by reference.',
    })
  }
  return noShell(target, message)
}

/** What ssh2 says of where a failure is. */
function levelOf(thrown: unknown): string | undefined {
  return (thrown as { readonly level?: string }).level
}

function agentFails({ name }: SshHost, { username, agent }: Credential): string {
  return `${name}: ${username} cannot log in with the ssh-agent at ${agent?.socket ?? 'no socket'}`
}

/** Nothing was sent that could act, and the agent may answer the next time: as of a host that does not. */
function agentLate({ target, credential, connectMilliseconds }: SshLogin): EosflowError {
  const late = `it has not answered within ${connectMilliseconds / 1000} s`
  return new EosflowError('unreachable', `${agentFails(target, credential)}: ${late}`, {
    device: target.name,
    retryable: true,
    hint: 'ssh-add -l must answer where eosflow runs. A key that waits for a touch or a confirmation needs somebody there.',
  })
}

function passwordExpired({ target, credential }: SshLogin): EosflowError {
  return new EosflowError('unauthenticated', `${target.name}: the password of ${credential.username} has expired`, {
    device: target.name,
    hint: 'Log in by hand and change it.',
  })
}
