import { EosflowError } from '../../../model/error.ts'

const LARGEST = 1_048_576

interface FetchOptions {
  readonly method: string
  readonly headers: Headers | Record<string, string>
  readonly body?: RequestInit['body'] | undefined
  readonly signal?: AbortSignal | undefined
}

/** Whether a provider may be spoken to at this address: https, or plain http to 127.0.0.1 and [::1]. */
export function isProviderUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname))
}

/**
 * `fetch` for identity providers: at most 1 MiB, no redirects, every address judged, those of the provider's own metadata
 * included. Throws `unreachable`, retryable, where there is no answer or one of 429 or 500 and above, `protocol` on an
 * address or a length that is not taken.
 */
export async function providerFetch(url: string, options: FetchOptions): Promise<Response> {
  const { hostname, host } = new URL(url)
  if (!isProviderUrl(url)) {
    throw new EosflowError('protocol', `the identity provider names an address without https: ${hostname}`)
  }
  const { method, headers, body = null, signal = null } = options
  const answer = await fetch(url, { method, headers, body, signal, redirect: 'manual' }).catch((cause: unknown) => {
    throw providerDown(`${host} does not answer`, cause)
  })
  if (answer.status === 429 || answer.status >= 500) throw providerDown(`${hostname} answers ${answer.status}`)
  return new Response(await bodyOf(answer, hostname), { status: answer.status, headers: answer.headers })
}

export function providerDown(what: string, cause?: unknown): EosflowError {
  return new EosflowError('unreachable', `the identity provider cannot be asked: ${what}`, {
    retryable: true,
    hint: 'Nothing was done. Try again when the provider answers; where it is, `issuer:` in eosflow.yaml says.',
    cause,
  })
}

async function bodyOf(answer: Response, hostname: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (answer.body === null || answer.status === 204) return null
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of answer.body) {
      length += chunk.length
      if (length > LARGEST) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw providerDown(`the answer of ${hostname} broke off`, cause)
  }
  if (length > LARGEST) throw new EosflowError('protocol', `the answer of ${hostname} is longer than ${LARGEST} bytes`)
  return new Uint8Array(Buffer.concat(chunks))
}
