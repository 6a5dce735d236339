import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** What is shorter is sent as it is, in bytes. */
const SHORT = 1024

const compress = promisify(gzip)

/** A text as it is sent: its bytes, and the header fields that say how they are coded. */
export interface EncodedBody {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Codes a text for whoever takes gzip (RFC 9110, section 8.4.1). A page of another site has nothing compressed: by the length of what it
 * makes a browser ask for it could guess what is beside it (the BREACH attack).
 */
export async function coded(text: string, asked: Pick<Headers, 'get'>): Promise<EncodedBody> {
  if (Buffer.byteLength(text) <= SHORT) return { body: text, headers: {} }
  const vary = { vary: 'accept-encoding, sec-fetch-site' }
  if (!takesGzip(asked) || !isOwn(asked)) return { body: text, headers: vary }
  return { body: new Uint8Array(await compress(text)), headers: { ...vary, 'content-encoding': 'gzip' } }
}

function takesGzip(asked: Pick<Headers, 'get'>): boolean {
  return (asked.get('accept-encoding') ?? '')
    .split(',')
    .some((coding) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding))
}

/** A page of this server, a person who has typed its address, or a program. */
function isOwn(asked: Pick<Headers, 'get'>): boolean {
  const site = asked.get('sec-fetch-site')
  return site === 'same-origin' || site === 'none' || (site === null && asked.get('cookie') === null)
}
