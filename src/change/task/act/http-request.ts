import { canonicalJson, sha256 } from '../../../model/digest.ts'
import type { HttpRequest } from '../../../model/http-port.ts'
import { TASK_TOKEN, taskTokenDigest } from '../../../model/task-token.ts'
import type { TaskContext } from './context.ts'
import type { HttpArguments } from './http-input.ts'

// The number of hex digits of an idempotency key: services take 64 characters and more.
const KEY_DIGITS = 40

/** The task token takes the place of its stand-in here, and nowhere before. */
export function httpRequest({
  execution,
  call,
  input,
  token,
}: Pick<TaskContext<HttpArguments>, 'execution' | 'call' | 'input' | 'token'>): HttpRequest {
  const { method, timeoutSeconds } = input
  const url = addressOf(input)
  const body = input.body === undefined ? undefined : JSON.stringify(input.body)
  const headers = headersOf(input, body !== undefined)
  const handsOut = token !== undefined && `${url.href}${body}${JSON.stringify(headers)}`.includes(TASK_TOKEN)
  const told = (text: string) => (token === undefined ? text : text.replaceAll(TASK_TOKEN, token))
  return {
    name: nameOf(input),
    method,
    url: told(url.href),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, told(value)])),
      'eosflow-execution': execution,
      'idempotency-key': idempotencyKey(execution, call, handsOut ? token : undefined),
    },
    ...(body === undefined ? {} : { body: told(body) }),
    milliseconds: timeoutSeconds * 1000,
  }
}

export function nameOf({ method, url }: Pick<HttpArguments, 'method' | 'url'>): string {
  const { origin, pathname } = new URL(url)
  return `${method} ${origin}${pathname}`
}

function addressOf({ url, query }: HttpArguments) {
  const address = new URL(url)
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) address.searchParams.append(name, String(value))
  }
  return address
}

function headersOf({ headers }: HttpArguments, hasBody: boolean): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }
}

// The same for every attempt, so that a service can do the request once. A request that hands out the task token is another request with every
// attempt, because each has its own token: services refuse one key for two contents.
function idempotencyKey(execution: string, call: string, token: string | undefined) {
  const about = [execution, call, token === undefined ? null : taskTokenDigest(token)]
  return `eosflow-${sha256(canonicalJson(about)).slice('sha256:'.length, 'sha256:'.length + KEY_DIGITS)}`
}
