import { EosflowError } from '../../../model/error.ts'
import type { HttpAnswer, HttpMethod } from '../../../model/http-port.ts'
import { definedMembers } from '../../../model/json.ts'
import { VERSION } from '../../../model/version.ts'
import type { TlsMends } from '../eapi/open-socket.ts'
import { type AskedService, connectService, exchange } from '../http/http-transport.ts'

export interface ForgeRequest extends AskedService {
  readonly method: HttpMethod
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

// The longest answer that is read, in bytes: a hundred comments of 64 KiB.
const LONGEST_ANSWER = 16 * 2 ** 20

/** No redirect is followed, so that a token goes to no other host, and no proxy is asked. Throws as {@link connectService} and {@link exchange} do, and `secret` for a header that no line can hold. */
export async function askForge(request: ForgeRequest): Promise<HttpAnswer> {
  const { name, method, url: address, body, ca, milliseconds, resolveName } = request
  const url = new URL(address)
  const signal = new AbortController().signal
  const more = { ...definedMembers({ ca, resolveName }) }
  const headers = {
    ...request.headers,
    host: url.host,
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    'accept-encoding': 'identity',
    'user-agent': `eosflow/${VERSION}`,
  }
  if (!Object.values(headers).every((value) => /^[\x20-\x7e]*$/.test(value))) {
    throw new EosflowError('secret', `${name}: the value of its token cannot be sent in a header`, {
      hint: 'A token is one line of printable ASCII characters.',
    })
  }
  const socket = await connectService({ name, url, milliseconds, mends: FORGE_MENDS, ...more }, signal)
  const target = url.pathname + url.search
  const wire = { name, method, url: address, headers, milliseconds, target, ...definedMembers({ body }) }
  return exchange(socket, wire, signal, LONGEST_ANSWER)
}

const RENEW = 'Have the certificate of the forge renewed, and compare the clocks of both.'

const FORGE_MENDS: TlsMends = {
  untrusted: 'If an authority of your own signed the certificate, name its file as that of the forge.',
  misnamed: 'Write the address of the API as the certificate names it.',
  expired: RENEW,
  'other-key': RENEW,
  handshake: 'It must offer TLS 1.2 or later.',
  'no-tls': 'Give an address of HTTPS.',
  'wants-certificate': 'eosflow has no client certificate for forges: let it know eosflow by its token.',
}
