import { X509Certificate } from 'node:crypto'
import type { CredentialSource, SecretSource } from '../../../change/inventory/credentials.ts'
import type { Inventory } from '../../../change/inventory/inventory.ts'
import type { Credential, Hop } from '../../../eos/device/device.ts'
import type { Logins } from '../../../eos/device/fleet.ts'
import { type TwoLogins, twoLogins } from '../../../eos/device/two-logins.ts'
import { EosflowError, type Place } from '../../../model/error.ts'
import { definedMembers, ownMember } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import { referenceText } from '../../../model/secret-reference.ts'
import type { Secrets } from '../../secret/secrets.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'
import type { LoginRotation } from './rotation.ts'

export interface InventoryLoginPorts {
  readonly env: Host['env']
  readonly typedPasswords?: Host['typedPasswords']
  readonly secrets: Secrets
  /** Throws `secret`. */
  readonly readCertificate: (file: string) => Promise<string>
  /** Wall time in milliseconds. */
  readonly now: () => number
  /** The secret of a user that the change itself replaces; absent where it replaces none. */
  readonly rotation?: LoginRotation
  readonly words?: WordedHost['words']
  readonly close: () => Promise<void>
}

export function inventoryLogins({ devices, credentials }: Inventory, ports: InventoryLoginPorts): Logins {
  const byName = new Map(devices.map((device) => [device.name, device]))
  const sourceOf = (device: string, user: string) => {
    const source = ownMember(credentials, user)
    if (source !== undefined) return source
    throw new EosflowError('secret', `${device}: no credential`, { device })
  }
  const { rotation } = ports
  const known = new Map<string, TwoLogins>()
  const bothOf = (name: string, user: string, rotating: LoginRotation) => {
    const source = sourceOf(name, user)
    const made = twoLogins({
      name,
      user: source.username,
      credential: async (age) => {
        const reference = age === 'old' ? rotating.oldReference() : rotating.reference
        if (reference === undefined) return resolveCredential(source, ports)
        const { password: _current, ...rest } = source
        return { ...(await resolveCredential(rest, ports)), password: await ports.secrets.resolve(reference) }
      },
      standing: () => rotating.standing(name),
      now: ports.now,
    })
    known.set(`${name} ${user}`, made)
    return made
  }
  return {
    two: (name, user) => {
      if (rotation === undefined || !rotation.concerns(sourceOf(name, user))) return undefined
      return known.get(`${name} ${user}`) ?? bothOf(name, user, rotation)
    },
    userOf: (name, role) => {
      const device = byName.get(name)
      return (role === 'read' ? device?.readCredentials : undefined) ?? device?.credentials ?? ''
    },
    close: ports.close,
    credential: async (device, user, when) =>
      resolveCredential(sourceOf(device, user), ports, when).catch((error: unknown) => {
        const { at } = sourceOf(device, user)
        throw at === undefined ? error : placedFault(error, ports, { device, credential: user, at })
      }),
    requireGoodFor: async (device, user, milliseconds) => {
      const wanted = ports.now() + milliseconds
      // A jump host whose login has ended is as good as a switch that is not reached.
      const hops = byName.get(device)?.via ?? []
      for (const source of [sourceOf(device, user), ...hops.map((hop) => userOf({ credentials }, hop))]) {
        for (const { what, until } of await endsOf(source, ports, wanted)) {
          if (until < wanted) throw endsTooSoon(device, source.username, what, until, wanted)
        }
      }
    },
  }
}

export interface PlacedLogin {
  readonly device: string
  readonly credential: string
  readonly at: Place
}

const UNSET = /^the environment variable (\w+) is not set$/

export function placedFault(error: unknown, { words }: Partial<WordedHost>, login: PlacedLogin): unknown {
  if (!(error instanceof EosflowError) || words === undefined) return error
  const unset = UNSET.exec(error.message)?.[1]
  if (error.kind !== 'unauthenticated' && unset === undefined) return error
  const { kind, message, retryable, command, fault, cause } = error
  const { hint, next } = hinted({ words }, { code: 'test-login', ...login, unset })
  return new EosflowError(kind, message, {
    retryable,
    ...definedMembers({ device: error.device, command, fault }),
    hint,
    next,
    cause,
  })
}

/** Throws `secret` where the inventory has no such user. */
export function userOf(
  { credentials }: Pick<Inventory, 'credentials'>,
  { name, credentials: user }: Hop,
): CredentialSource {
  const source = ownMember(credentials, user)
  if (source !== undefined) return source
  throw new EosflowError('secret', `jump host ${name}: no credential`)
}

/** `again`: as their keepers have them now. Throws `secret`. */
export async function resolveCredential(
  source: CredentialSource,
  {
    env,
    secrets,
    readCertificate,
    typedPasswords,
  }: Pick<InventoryLoginPorts, 'env' | 'secrets' | 'readCertificate' | 'typedPasswords'>,
  when?: 'again',
): Promise<Credential> {
  const secretOf = async (from: SecretSource) => {
    if (from.provider === 'simulated') return new Secret(from.text)
    const text = referenceText(from)
    return when === 'again' ? secrets.resolveAgain(text) : secrets.resolve(text)
  }
  const { username, password, key, passphrase, agent, certificate, enable, asked } = source
  return {
    username,
    ...(asked === undefined ? {} : { password: typedFor(asked, typedPasswords) }),
    ...(password === undefined ? {} : { password: await secretOf(password) }),
    ...(key === undefined ? {} : { privateKey: await secretOf(key) }),
    ...(passphrase === undefined ? {} : { passphrase: await secretOf(passphrase) }),
    ...(agent === undefined ? {} : { agent: agentOf(username, agent, env) }),
    ...(certificate === undefined ? {} : { certificate: await readCertificate(certificate) }),
    ...(enable === undefined ? {} : { enable: await secretOf(enable) }),
  }
}

// Throws `secret` for a credential that was written while the command was under way.
function typedFor(name: string, typed: Host['typedPasswords']) {
  const password = typed?.get(name)
  if (password !== undefined) return password
  throw new EosflowError('secret', `the credential ${name} has no password, and nobody was asked for it`, {
    hint: 'Passwords are asked for when a command begins: begin it again, or give the credential a password by reference.',
  })
}

function agentOf(username: string, wanted: true | string, env: Host['env']): NonNullable<Credential['agent']> {
  const { SSH_AUTH_SOCK: socket = '' } = env
  if (socket === '') {
    throw new EosflowError('secret', `${username} logs in by the ssh-agent, and SSH_AUTH_SOCK is not set here`, {
      hint: 'Start one where eosflow runs (eval "$(ssh-agent)" && ssh-add), or give the credential a key: ${file:/path}.',
    })
  }
  return { socket, ...(wanted === true ? {} : { fingerprint: wanted }) }
}

export function referencesOf({ password, key, passphrase, enable }: CredentialSource): readonly string[] {
  return [password, key, passphrase, enable].flatMap((source) =>
    source === undefined || source.provider === 'simulated' ? [] : [referenceText(source)],
  )
}

interface End {
  readonly what: string
  readonly until: number
}

async function endsOf(source: CredentialSource, ports: InventoryLoginPorts, wanted: number): Promise<readonly End[]> {
  const ends: End[] = []
  for (const what of referencesOf(source)) {
    const until = await ports.secrets.goodUntil(what, wanted)
    if (until !== undefined) ends.push({ what, until })
  }
  if (source.certificate === undefined) return ends
  const text = await ports.readCertificate(source.certificate)
  return [...ends, { what: source.certificate, until: lastMoment(text, source.certificate) }]
}

function lastMoment(certificate: string, file: string) {
  try {
    return Date.parse(new X509Certificate(certificate).validTo)
  } catch (cause) {
    throw new EosflowError('secret', `the client certificate in ${file} cannot be read`, {
      hint: 'It has to be one certificate in PEM form.',
      cause,
    })
  }
}

function endsTooSoon(device: string, username: string, what: string, until: number, wanted: number) {
  const message =
    `${device}: ${what}, which ${username} logs in with, ends at ${new Date(until).toISOString()}: ` +
    `a confirm or a rollback may need it until ${new Date(wanted).toISOString()}. Nothing was sent`
  return new EosflowError('guard', message, {
    device,
    hint: 'Give it a longer life where it is kept, wait until it was changed, or make confirmWithin shorter.',
  })
}
