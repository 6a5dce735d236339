import { definedMembers } from '../../../model/json.ts'
import { isFault, readReference } from '../../../model/secret-reference.ts'

export interface StoreAddress {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  /** A reference to the password; absent where the server lets the user in without one, or by a certificate. */
  readonly password?: string
  /** The server proves who it is; absent on loopback alone. */
  readonly tls?: { readonly rootCertificate?: string; readonly certificate?: string; readonly key?: string }
}

export interface AddressFault {
  readonly fault: string
  readonly hint: string
}

const SCHEME = /^postgres(?:ql)?:\/\//
const ANY_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i
// A password that is a reference may hold what no address may.
const REFERENCED = /^(postgres(?:ql)?:\/\/[^:@/?#]*):(\$\{[^{}]*\})@/
// An address whose numbers are none, as 127.0.0.256, is a name, which somebody else's server may have.
const LOOPBACK = /^(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|::1)$/
const KNOWN = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey']
const EXAMPLE = 'postgres://eosflow@db1.example.com/eosflow?sslmode=verify-full&sslrootcert=db-ca.pem'

/** Whether `store:` is an address and no file. */
export function isDatabase(store: string): boolean {
  return ANY_SCHEME.test(store)
}

/** Off this machine the server must prove who it is, and no password is written in it. */
export function readStoreAddress(text: string): StoreAddress | AddressFault {
  if (!SCHEME.test(text)) {
    const scheme = ANY_SCHEME.exec(text)?.[0] ?? text
    return fault(`a store is in a file, or in a PostgreSQL database, \`postgres://…\`, and not at \`${scheme}…\``)
  }
  const [, before = '', reference] = REFERENCED.exec(text) ?? []
  const plain = reference === undefined ? text : text.replace(REFERENCED, () => `${before}@`)
  if (!URL.canParse(plain)) return fault('this is no address of a database')
  const url = new URL(plain)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const [database, user] = [decoded(url.pathname.slice(1)), decoded(url.username)]
  const tls = tlsOf(url.searchParams, host)
  const wrong = placeFault(url, host) ?? passwordFault(url, reference)
  if (wrong !== undefined) return wrong
  if (database === undefined || user === undefined)
    return fault('its user or its database cannot be read: what follows a `%` are two hexadecimal digits')
  if (tls !== undefined && 'fault' in tls) return tls
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    database,
    user,
    ...definedMembers({ password: reference, tls }),
  }
}

function decoded(part: string) {
  try {
    const text = decodeURIComponent(part)
    return /\p{Cc}/u.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

function placeFault({ pathname, username, hash, searchParams }: URL, host: string): AddressFault | undefined {
  const hasPlace = host !== '' && /^\/[^/]+$/.test(pathname) && username !== '' && hash === ''
  if (!hasPlace) return fault('an address has a user, a host and a database')
  const names = [...searchParams.keys()]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return fault(`\`${twice}\` is there twice`, 'Say it once.')
  const wrong = names.find((name) => !KNOWN.includes(name))
  return wrong === undefined
    ? undefined
    : fault(`there is no setting \`${wrong}\` of an address`, `There are: ${KNOWN.join(', ')}.`)
}

function passwordFault({ password }: URL, reference: string | undefined): AddressFault | undefined {
  const write = `Write a reference in its place: \`\${env:NAME}\` or \`\${file:/path}\`.`
  if (password !== '') return fault('a password is written in the address', write)
  const read = reference === undefined ? undefined : readReference(reference)
  if (read === undefined || (!isFault(read) && ['env', 'file'].includes(read.provider))) return undefined
  return fault('the password is no reference that is known before the store is open', write)
}

function tlsOf(settings: URLSearchParams, host: string): StoreAddress['tls'] | AddressFault {
  const mode = settings.get('sslmode')
  if (mode === null && LOOPBACK.test(host)) return undefined
  if (mode !== 'verify-full') {
    if (LOOPBACK.test(host)) return fault('for a server on this machine `sslmode` is `verify-full`, or left away')
    return fault(`a server that is not on this machine must prove who it is: \`sslmode=verify-full\``)
  }
  const given = (name: string) => settings.get(name) ?? undefined
  return definedMembers({
    rootCertificate: given('sslrootcert'),
    certificate: given('sslcert'),
    key: given('sslkey'),
  })
}

function fault(what: string, hint = `For example \`${EXAMPLE}\`.`): AddressFault {
  return { fault: what, hint }
}
