import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { VERSION } from '../../../model/version.ts'
import type { TlsMends } from '../eapi/open-socket.ts'
import { type AskedService, connectService, exchange } from '../http/http-transport.ts'

interface JsonPost extends AskedService {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const RENEW = 'Have its certificate renewed, and compare the clocks of both.'

const MENDS: TlsMends = {
  untrusted:
    'If an authority of your own signed the certificate, name its file under ca: of this target in eosflow.yaml.',
  misnamed: 'Write the address as the certificate names it.',
  expired: RENEW,
  'other-key': RENEW,
  handshake: 'It must offer TLS 1.2 or later.',
  'no-tls': 'Give an address of HTTPS.',
  'wants-certificate': 'eosflow has no client certificate for targets: let it know the message by its signature.',
}

/** Posts once, over one connection. Throws `refused` for any status but 2xx, and as {@link connectService} and {@link exchange} do. */
export async function post({
  name,
  url: address,
  headers,
  body,
  ca,
  milliseconds,
  resolveName,
}: JsonPost): Promise<void> {
  const url = new URL(address)
  const signal = new AbortController().signal
  const more = { ...definedMembers({ ca, resolveName }) }
  const socket = await connectService({ name, url, milliseconds, mends: MENDS, ...more }, signal)
  const sent = {
    host: url.host,
    'content-length': String(Buffer.byteLength(body)),
    'accept-encoding': 'identity',
    'user-agent': `eosflow/${VERSION}`,
    ...headers,
  }
  const target = url.pathname + url.search
  const { status } = await exchange(
    socket,
    { name, method: 'POST', url: address, headers: sent, body, milliseconds, target },
    signal,
  )
  if (status >= 200 && status < 300) return
  const moved = status >= 300 && status < 400 ? '; redirects are not followed' : ''
  throw new EosflowError('refused', `${name}: it answered with status ${status}${moved}`)
}
