import { lookup } from 'node:dns'
import type { Socket } from 'node:net'
import { EosflowError } from '../../../model/error.ts'
import { openSocket } from '../eapi/open-socket.ts'
import type { TlsMends } from '../eapi/tls-failure.ts'
import { guardedLookup, type ResolveName } from './guarded-lookup.ts'

const CONNECT_MILLISECONDS = 10_000

/** A service that is asked, as whoever asks names it. */
export interface AskedService {
  readonly name: string
  /** The authority that its certificate is trusted by, instead of those of the system. */
  readonly ca?: { readonly file: string; readonly text: string }
  /** How long it may take; never longer than 10 s. */
  readonly milliseconds: number
  readonly resolveName?: ResolveName
}

export interface ServicePlace extends AskedService {
  readonly url: URL
  readonly mends: TlsMends
}

/** Throws `cancelled`, `guard`, `unreachable` or `tls`: nothing was sent. */
export async function connectService(place: ServicePlace, signal: AbortSignal): Promise<Socket> {
  const { name, url, ca, milliseconds, mends, resolveName = lookup } = place
  if (signal.aborted) throw stopped(name)
  const isSecure = url.protocol === 'https:'
  const endpoint = {
    name,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    protocol: isSecure ? ('https' as const) : ('http' as const),
    mends,
    lookup: guardedLookup(resolveName),
    ...(ca === undefined
      ? { tls: { mode: 'system' as const } }
      : { tls: { mode: 'ca' as const, file: ca.file }, ca: ca.text }),
  }
  try {
    return await openSocket(endpoint, Math.min(milliseconds, CONNECT_MILLISECONDS), signal)
  } catch (error) {
    throw signal.aborted ? stopped(name) : notConnected(error)
  }
}

const stopped = (name: string) => new EosflowError('cancelled', `${name}: stopped before it was sent`)

function notConnected(error: unknown) {
  if (!(error instanceof EosflowError)) return error
  const { kind, message, hint } = error
  if (kind === 'tls') return new EosflowError(kind, message, hint === undefined ? {} : { hint })
  if (kind !== 'unreachable') return error
  return new EosflowError(kind, message, {
    retryable: true,
    hint: 'Nothing was sent. Check the address, the route and that the service runs.',
    fault: { name: 'States.Http.Socket', cause: message },
  })
}
