import { connect, type Socket } from 'node:net'
import ssh2, { type GetStreamCallback, type IdentityCallback, type ParsedKey } from 'ssh2'
import type { Credential } from '../../device/transport.ts'
import { fingerprintOf } from './host-key.ts'

/** The keys of an ssh-agent that may log in: all that it holds, or one. One without such a key fails, so that a login says why. */
export class AgentKeys extends ssh2.OpenSSHAgent {
  readonly socket: string
  readonly #fingerprint: string | undefined
  readonly #open = new Set<Socket>()

  constructor({ socket, fingerprint }: NonNullable<Credential['agent']>) {
    super(socket)
    this.socket = socket
    this.#fingerprint = fingerprint
  }

  /** Whether it was asked something that it has not answered. */
  get isAsked(): boolean {
    return this.#open.size > 0
  }

  override getStream(done: GetStreamCallback): void {
    const socket = connect(this.socket)
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    const failed = (error: NodeJS.ErrnoException): void => done(new Error(WHY_AWAY[error.code ?? ''] ?? error.message))
    socket.once('error', failed)
    socket.once('connect', () => {
      socket.removeListener('error', failed)
      done(null, socket)
    })
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    const wanted = this.#fingerprint
    super.getIdentities((error, keys = []) => {
      const meant = keys.filter((key) => wanted === undefined || isKey(key, wanted))
      if (error) done(ENDED.test(error.message) ? new Error(ENDS) : error)
      else if (meant.length > 0) done(null, meant)
      else done(new Error(wanted === undefined ? 'it holds no key' : `it does not hold the key ${wanted}`))
    })
  }

  /** Asks it nothing more. */
  close(): void {
    for (const socket of this.#open) socket.destroy()
  }
}

const WHY_AWAY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ECONNREFUSED: 'nothing listens there, or it is no socket',
  ENOTSOCK: 'it is no socket',
  EACCES: 'this user may not open it',
}

/** What ssh2 and Node say where the other end closes the socket before it answers. */
const ENDED = /^(?:No reply from server|Failed to retrieve identities from agent|write EPIPE|read ECONNRESET)$/
/** ssh-agent(1) of OpenSSH closes the connection of any user but its own and root. */
const ENDS = 'it ends the connection without an answer, as an agent of another user does'

function isKey(key: object, fingerprint: string): boolean {
  return 'getPublicSSH' in key && fingerprintOf((key as ParsedKey).getPublicSSH()) === fingerprint
}
