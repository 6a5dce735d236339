import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { listen } from '../lab/listen.ts'

/** What a token says; undefined is left out. */
export type Claims = Readonly<Record<string, unknown>>

/** What a token is minted with beside its claims. */
export interface Minting {
  /** The key, by its id; the server's newest one by default. */
  readonly kid?: string
  /** `typ` of the header; null for none. */
  readonly typ?: string | null
  /** More of the header. */
  readonly header?: Readonly<Record<string, unknown>> & { readonly crit?: string[] }
}

/** An issuer on loopback that mints whatever it is told to: discovery and keys over HTTP, as a CI system has them. */
export interface KeyServer {
  readonly issuer: string
  /** How often its keys were asked for. */
  readonly asked: number
  /** `silent`: it accepts connections and answers 503. `garbage`: what it answers is no key set. */
  mode: 'well' | 'silent' | 'garbage'
  /** Adds a key, which mints from now on; `withdraw` takes the others from the published set. */
  rotate(kid: string, withdraw: boolean): Promise<void>
  mint(claims: Claims, minting?: Minting): Promise<string>
  close(): Promise<void>
}

/** Starts the issuer with one ES256 key, `k1`. */
export async function startKeyServer(): Promise<KeyServer> {
  const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>['privateKey']>()
  let published: readonly JWK[] = []
  let newest = ''
  let asked = 0
  let mode: KeyServer['mode'] = 'well'
  const server = createServer((request, response) => {
    if (mode === 'silent') return response.writeHead(503).end()
    const isKeys = request.url === '/keys'
    if (isKeys) asked += 1
    const document = isKeys ? { keys: published } : { issuer, jwks_uri: `${issuer}/keys` }
    response
      .setHeader('content-type', 'application/json')
      .end(mode === 'garbage' ? '{"keys": 7}' : JSON.stringify(document))
  })
  const issuer = `http://127.0.0.1:${await listen(server)}`
  const rotate: KeyServer['rotate'] = async (kid, withdraw) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    pairs.set(kid, privateKey)
    newest = kid
    published = [...(withdraw ? [] : published), { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }]
  }
  await rotate('k1', false)
  return {
    issuer,
    rotate,
    get asked() {
      return asked
    },
    get mode() {
      return mode
    },
    set mode(next) {
      mode = next
    },
    mint: async (claims, { kid = newest, typ = 'JWT', header = {} } = {}) => {
      const key = pairs.get(kid)
      if (key === undefined) throw new Error(`no key ${kid}`)
      const typed = typ === null ? {} : { typ }
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid, ...typed, ...header })
        .sign(key, { crit: Object.fromEntries((header.crit ?? []).map((name) => [name, true])) })
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
