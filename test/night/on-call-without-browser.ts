import { virtualPasskey } from '../project/identity/virtual-passkey.ts'
import type { OnCall } from './on-call.ts'
import type { Site } from './site.ts'

/** Ben without a browser: his session over HTTP, and an authenticator that is written from WebAuthn Level 3 (`test/project/identity/virtual-passkey.ts`). */
export async function onCallWithoutBrowser({ origin, provider }: Site): Promise<OnCall> {
  const jars = new Map([[new URL(provider.issuer).origin, new Map([['as', 'ben']])]])
  const jarOf = (url: string): Map<string, string> => {
    const jar = jars.get(new URL(url).origin) ?? new Map<string, string>()
    jars.set(new URL(url).origin, jar)
    return jar
  }
  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const jar = jarOf(url)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { cookie, ...(init.headers as Record<string, string>) },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }
  /** Follows redirects to their end, as a browser. */
  const visit = async (url: string): Promise<Response> => {
    const answer = await send(url)
    const next = answer.headers.get('location')
    return next === null ? answer : visit(new URL(next, url).href)
  }
  await visit(`${origin}/login/at/corp`)
  const { token } = (await (await send(`${origin}/api/v1/me`)).json()) as { readonly token?: string }
  if (token === undefined) throw new Error('Ben is not signed in')
  const own = { origin, 'sec-fetch-site': 'same-origin', 'x-eosflow-token': token, 'content-type': 'application/json' }
  const post = async (path: string, body: object): Promise<Response> => {
    const answer = await send(`${origin}${path}`, { method: 'POST', headers: own, body: JSON.stringify(body) })
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const passkey = virtualPasskey('ES256', 'the passkey of the night')
  return {
    by: 'an authenticator of this checkout, without a browser',
    makePasskey: async () => {
      const key = Buffer.from(passkey.key, 'base64').toString('base64url')
      const page = await (await post('/me/passkeys', { credential: passkey.credential, key })).text()
      const line = /corp:sub:ben [^<]+/.exec(page)?.[0].replaceAll('&quot;', '"').replaceAll('&#34;', '"')
      if (line === undefined) throw new Error(`no line of a passkey: ${page}`)
      return `${line.trim()}\n`
    },
    approve: async (digest, comment) => {
      const of = `/api/v1/plans/${encodeURIComponent(digest)}`
      const made = await post(`${of}/challenges`, { decision: 'approve', comment, proof: 'passkey' })
      const { id, passkey: asked } = (await made.json()) as {
        readonly id: string
        readonly passkey: { readonly challenge: string; readonly rpId: string }
      }
      const answer = passkey.answer(asked.challenge, { origin, rpId: asked.rpId })
      await post(`${of}/decisions`, { challenge: id, plan: digest, proof: { kind: 'passkey', ...answer } })
    },
    start: async (digest) => {
      const begun = await post(`/api/v1/plans/${encodeURIComponent(digest)}/executions`, {})
      return ((await begun.json()) as { readonly execution: string }).execution
    },
    picture: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  }
}
