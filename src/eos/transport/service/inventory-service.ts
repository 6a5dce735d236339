import type { Clock } from '../../../model/clock.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import type { HttpAnswer } from '../../../model/http-port.ts'
import { definedMembers, type Json } from '../../../model/json.ts'
import { VERSION } from '../../../model/version.ts'
import type { TlsMends } from '../eapi/open-socket.ts'
import { type AskedService, connectService, exchange } from '../http/http-transport.ts'

export interface ServiceOptions extends AskedService {
  /** The value of the header `authorization`; asked for before each request, for a token may have an end. */
  readonly authorization: () => Promise<string>
  readonly right: string
  readonly headers?: Readonly<Record<string, string>>
  readonly what?: string
  readonly accept: string
  readonly clock: Pick<Clock, 'now' | 'sleep'>
  /** Throws an Error that says what is wrong with it. */
  readonly readText: (text: Uint8Array) => Json
}

// A page of 200 devices with large config contexts.
const LONGEST_ANSWER = 64 * 2 ** 20

const TRIES = 3

// The longest that is waited because a service asks for it.
const LONGEST_WAIT = 30_000

const SHORT_WAIT = 1_000

// Answers of a service, or of the proxy before it, that may be another in a moment.
const PASSING: readonly number[] = [429, 500, 502, 503, 504]

/** A page whose answer is lost or passing is asked for at most three times; `Retry-After` is waited for up to 30 s. Throws `inventory-source` for every other answer than 200 with JSON, `tls` and `guard` where nothing was sent, `cancelled`. */
export function askService(options: ServiceOptions): (page: URL, signal: AbortSignal) => Promise<Json> {
  return async (page, signal) => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await askOnce(page, options, signal)
      if (!(outcome instanceof EosflowError) && outcome.status === 200) return jsonOf(outcome, options)
      const wait = waitOf(outcome, options)
      if (wait === undefined || wait > LONGEST_WAIT || attempt === TRIES) throw faultOf(outcome, options, wait)
      await options.clock.sleep(wait, signal)
    }
  }
}

async function askOnce(page: URL, options: ServiceOptions, signal: AbortSignal) {
  const { name, milliseconds, ca, resolveName } = options
  const headers = {
    ...options.headers,
    host: page.host,
    accept: options.accept,
    'accept-encoding': 'identity',
    authorization: await credentialOf(options),
    'user-agent': `eosflow/${VERSION}`,
  }
  try {
    const place = {
      name,
      url: page,
      milliseconds,
      mends: SOURCE_MENDS,
      ...definedMembers({ ca, resolveName }),
    }
    const socket = await connectService(place, signal)
    const wire = {
      name,
      method: 'GET' as const,
      url: page.href,
      headers,
      milliseconds,
      target: page.pathname + page.search,
    }
    return await exchange(socket, wire, signal, LONGEST_ANSWER)
  } catch (error) {
    if (error instanceof EosflowError && (error.kind === 'unreachable' || error.kind === 'lost-answer')) return error
    throw error instanceof EosflowError && error.kind === 'protocol'
      ? new EosflowError('inventory-source', error.message)
      : error
  }
}

// What a header may hold: nothing that ends it (RFC 9110, section 5.5).
async function credentialOf({ name, authorization }: ServiceOptions) {
  const value = await authorization()
  if (/^[\x20-\x7e]+$/.test(value)) return value
  throw new EosflowError('secret', `${name}: the value of its token cannot be sent in a header`, {
    hint: 'A token is one line of printable ASCII characters.',
  })
}

function waitOf(outcome: HttpAnswer | EosflowError, { clock }: ServiceOptions) {
  if (outcome instanceof EosflowError) return SHORT_WAIT
  if (!PASSING.includes(outcome.status)) return undefined
  const { 'retry-after': asked = '' } = outcome.headers
  if (/^\d{1,9}$/.test(asked)) return Number(asked) * 1000
  const date = Date.parse(asked)
  return Number.isNaN(date) ? SHORT_WAIT : Math.max(0, date - clock.now())
}

function jsonOf({ body, headers }: HttpAnswer, options: ServiceOptions) {
  try {
    return options.readText(body)
  } catch (error) {
    const { 'content-type': type = 'no content type' } = headers
    const reason = messageOf(error)
    throw fault(
      `${options.name}: its answer is no whole JSON (${type}): ${reason}`,
      'Check that the url is that of the service, not of a login page before it.',
    )
  }
}

function faultOf(outcome: HttpAnswer | EosflowError, options: ServiceOptions, wait: number | undefined) {
  if (outcome instanceof EosflowError) {
    return fault(outcome.message, 'Check the address, the route and that the service runs.')
  }
  const { status, headers } = outcome
  if (status >= 300 && status < 400) return redirected(headers.location, status, options)
  const says = detailOf(outcome)
  const said = says === '' ? '' : `; it says: ${says}`
  return fault(`${options.name} answered ${status}${meaning(status, options, wait)}${said}`, hintOf(status))
}

function meaning(status: number, { right, what = 'list of devices' }: ServiceOptions, wait: number | undefined) {
  if (status === 401) return ': the token is not accepted'
  if (status === 403) return `: the token may not read ${right}, or is not accepted`
  if (status === 404) return `: there is no ${what} at this url`
  if (status === 400) return ': it does not take the query'
  if (status === 429 && wait !== undefined && wait > LONGEST_WAIT)
    return `: too many requests, wait ${Math.ceil(wait / 1000)} s`
  return ''
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return 'Check the token, its end and its rights there.'
  if (status === 404) return 'Check the url: it ends before /api.'
  if (status === 400) return 'Check the query of the source: its names are those of the filters there.'
  return status === 429
    ? 'Ask again later, or have more requests allowed for this token.'
    : 'Look into the log of the service, and ask again.'
}

function redirected(location: string | undefined, status: number, options: ServiceOptions) {
  const where = location !== undefined && URL.canParse(location) ? new URL(location).origin : 'elsewhere'
  return fault(
    `${options.name} answered ${status}: it leads to ${where}, which is not followed`,
    'If that is the service, write its address as the url of the source.',
  )
}

function detailOf({ body, headers }: HttpAnswer) {
  if (!(headers['content-type'] ?? '').includes('json')) return ''
  const text = Buffer.from(body.subarray(0, 2_000)).toString('utf8')
  const detail = /^\s*\{\s*"detail"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text
  return detail
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200)
    .replace(/\.$/, '')
}

const fault = (message: string, hint: string) => new EosflowError('inventory-source', message, { hint })

const RENEW = 'Have the certificate of the service renewed, and compare the clocks of both.'

// What mends a certificate of a service: its key cannot be pinned.
const SOURCE_MENDS: TlsMends = {
  untrusted: 'If an authority of your own signed the certificate, name its file as ca: of the source.',
  misnamed: 'Write the url of the source as the certificate names the service.',
  expired: RENEW,
  'other-key': RENEW,
  handshake: 'The service must offer TLS 1.2 or later.',
  'no-tls': 'Give the port of HTTPS.',
  'wants-certificate': 'eosflow has no client certificate for sources: let the service know it by its token.',
}
