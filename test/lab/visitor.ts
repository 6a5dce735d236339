import { type IncomingMessage, request } from 'node:http'

/** What a server has answered. */
export interface Told {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  readonly json: Record<string, unknown>
}

/** Asks a server, whatever name and whatever headers a test wants. */
export function ask(
  origin: string,
  method: string,
  path: string,
  { headers = {}, body }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<Told> {
  return new Promise((resolve, reject) => {
    const asked = request(origin + path, { method, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => {
        const isJson = /json/.test(answer.headers['content-type'] ?? '')
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: isJson ? JSON.parse(text) : {} })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Somebody who has logged in at a server. */
export interface Visitor {
  readonly cookie: string
  /** What the forms of their session hold. */
  readonly token: string
  /** Asks as a page does; `at`: by another way than the one they have logged in by. */
  get(path: string, at?: string): Promise<Told>
  post(path: string, body?: unknown, at?: string): Promise<Told>
}

/** The cookie that an answer sets. */
export const cookieOf = ({ headers }: Told) => /^[^;]+/.exec(headers['set-cookie']?.[0] ?? '')?.[0] ?? ''

/** Sends the secret of a link as the form of a page does. `known`: what browsers know the server by. */
export function enter(origin: string, link: string, known = origin): Promise<Told> {
  const headers = { ...headersOf(known), 'content-type': 'application/x-www-form-urlencoded' }
  return ask(origin, 'POST', '/login', { headers, body: `link=${link}` })
}

/** Logs in with the secret of a link. Throws when nobody is logged in. */
export async function logIn(origin: string, link: string, known = origin): Promise<Visitor> {
  const entered = await enter(origin, link, known)
  const cookie = cookieOf(entered)
  if (cookie === '') throw new Error(`nobody is logged in: ${entered.status} ${entered.text}`)
  const own = { ...headersOf(known), cookie }
  const get: Visitor['get'] = (path, at = origin) => ask(at, 'GET', path, { headers: { cookie, host: own.host } })
  const token = String((await get('/api/v1/me')).json.token)
  const headers = { ...own, 'x-eosflow-token': token, 'content-type': 'application/json' }
  return {
    cookie,
    token,
    get,
    post: (path, body = {}, at = origin) => ask(at, 'POST', path, { headers, body: JSON.stringify(body) }),
  }
}

/** What a page of a server sends with each form. */
const headersOf = (origin: string) => ({ origin, host: new URL(origin).host, 'sec-fetch-site': 'same-origin' })
