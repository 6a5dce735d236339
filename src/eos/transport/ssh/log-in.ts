import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type {
  AuthHandlerMiddleware,
  ConnectConfig,
  GetStreamCallback,
  IdentityCallback,
  ParsedKey,
  ServerHostKeyAlgorithm,
} from 'ssh2'
import ssh2 from 'ssh2'
import { EosflowError } from '../../../model/error.ts'
import type { Secret } from '../../../model/secret.ts'
import type { Credential } from '../../device/device.ts'
import { fingerprintOf, type HostKeyDemand, type SshHost, wordsOf } from './known-hosts.ts'
import { noShell } from './open-tcp.ts'

// One without such a key fails, so that a login says why.
class AgentKeys extends ssh2.OpenSSHAgent {
  readonly socket: string
  readonly #fingerprint: string | undefined
  readonly #open = new Set<Socket>()

  constructor({ socket, fingerprint }: NonNullable<Credential['agent']>) {
    super(socket)
    this.socket = socket
    this.#fingerprint = fingerprint
  }

  get isAsked() {
    return this.#open.size > 0
  }

  override getStream(done: GetStreamCallback) {
    const socket = connect(this.socket)
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    const failed = (error: NodeJS.ErrnoException) => done(new Error(WHY_AWAY[error.code ?? ''] ?? error.message))
    socket.once('error', failed)
    socket.once('connect', () => {
      socket.removeListener('error', failed)
      done(null, socket)
    })
  }

  override getIdentities(done: IdentityCallback<ParsedKey>) {
    const wanted = this.#fingerprint
    super.getIdentities((error, keys = []) => {
      const meant = keys.filter((key) => wanted === undefined || isKey(key, wanted))
      if (error) done(ENDED.test(error.message) ? new Error(ENDS) : error)
      else if (meant.length > 0) done(null, meant)
      else done(new Error(wanted === undefined ? 'it holds no key' : `it does not hold the key ${wanted}`))
    })
  }

  close() {
    for (const socket of this.#open) socket.destroy()
  }
}

const WHY_AWAY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ECONNREFUSED: 'nothing listens there, or it is no socket',
  ENOTSOCK: 'it is no socket',
  EACCES: 'this user may not open it',
}

// What ssh2 and Node say where the other end closes the socket before it answers.
const ENDED = /^(?:No reply from server|Failed to retrieve identities from agent|write EPIPE|read ECONNRESET)$/
// Ssh-agent(1) of OpenSSH closes the connection of any user but its own and root.
const ENDS = 'it ends the connection without an answer, as an agent of another user does'

function isKey(key: object, fingerprint: string) {
  return 'getPublicSSH' in key && fingerprintOf((key as ParsedKey).getPublicSSH()) === fingerprint
}

export interface SshLogin {
  readonly target: SshHost
  readonly credential: Credential
  readonly demand: HostKeyDemand
  readonly connectMilliseconds: number
}

const KEEPALIVE_MILLISECONDS = 15_000

/** Judges the host key of whoever answers on a connection, and logs in. Throws `unreachable`, `tls` when the host key is refused or no cipher is common, `secret` for a private key that cannot be read, and `unauthenticated`. */
export async function loggedIn(login: SshLogin, sock: Duplex): Promise<ssh2.Client> {
  const client = new ssh2.Client()
  const { agent: at } = login.credential
  const agent = at === undefined ? undefined : new AgentKeys(at)
  let refused: EosflowError | undefined
  const judge = (key: Buffer) => {
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

export function closedBy({ target }: Pick<SshLogin, 'target'>): Error {
  return new Error(`${wordsOf(target).who} closed the connection`)
}

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

function hostKeyAlgorithms(known: readonly string[]): readonly ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string) =>
    known.includes(algorithm) || (algorithm.startsWith('rsa-') && known.includes('ssh-rsa'))
  return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...HOST_KEY_ALGORITHMS.filter((one) => !isKnown(one))]
}

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

function levelOf(thrown: unknown) {
  return (thrown as { readonly level?: string }).level
}

function agentFails({ name }: SshHost, { username, agent }: Credential) {
  return `${name}: ${username} cannot log in with the ssh-agent at ${agent?.socket ?? 'no socket'}`
}

function agentLate({ target, credential, connectMilliseconds }: SshLogin) {
  const late = `it has not answered within ${connectMilliseconds / 1000} s`
  return new EosflowError('unreachable', `${agentFails(target, credential)}: ${late}`, {
    device: target.name,
    retryable: true,
    hint: 'ssh-add -l must answer where eosflow runs. A key that waits for a touch or a confirmation needs somebody there.',
  })
}

function passwordExpired({ target, credential }: SshLogin) {
  return new EosflowError('unauthenticated', `${target.name}: the password of ${credential.username} has expired`, {
    device: target.name,
    hint: 'Log in by hand and change it.',
  })
}

type Step =
  | 'none'
  | 'publickey'
  | 'password'
  | false
  | { readonly type: 'agent'; readonly username: string; readonly agent: AgentKeys }
  | {
      readonly type: 'keyboard-interactive'
      readonly username: string
      readonly prompt: (
        name: string,
        instructions: string,
        language: string,
        prompts: readonly { readonly prompt: string }[],
        finish: (answers: string[]) => void,
      ) => void
    }

// A switch may ask for several (docs/eos.md 5.1: any combination).
function loginSteps(
  { username, password, privateKey }: Credential,
  agent: AgentKeys | undefined,
): (offered: readonly string[] | null, partial: boolean | null) => Step {
  const keys: Step[] = [
    ...(privateKey === undefined ? [] : (['publickey'] as const)),
    ...(agent === undefined ? [] : [{ type: 'agent', username, agent } as const]),
  ]
  const forms = new Set(['password', 'keyboard-interactive'])
  let spent = false
  return (offered, partial) => {
    if (offered === null) return 'none'
    if (offered.includes('publickey') && keys.length > 0) return keys.shift() ?? false
    // When one of several demands is met, the password may be asked for once more, in its other form.
    if (password === undefined || (spent && partial !== true)) return false
    spent = true
    const form = ['password', 'keyboard-interactive'].find((one) => offered.includes(one) && forms.delete(one))
    if (form === 'password') return form
    return form === undefined ? false : interactive(username, password)
  }
}

function interactive(username: string, password: Secret): Step {
  return {
    type: 'keyboard-interactive',
    username,
    prompt: (_name, _instructions, _language, prompts, finish) =>
      finish(prompts.map(({ prompt }) => (/password/i.test(prompt) ? password.reveal() : ''))),
  }
}
