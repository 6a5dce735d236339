import axios, { type CreateAxiosDefaults } from 'axios'
import { EosflowError } from '../../../model/error.ts'
import type { Credential } from '../../device/transport.ts'
import type { TrustAtFirstSight } from '../connection/first-sight.ts'
import type { EapiChannel } from './channel.ts'
import { type FencedExchange, fencedChannel } from './exchange.ts'
import type { Endpoint } from './open-socket.ts'
import { SwitchAgent } from './switch-agent.ts'
import { thinAdapter } from './thin-adapter.ts'

/** How long to wait. Real switches take minutes to load a large replace (docs/eos.md 1.5). */
export interface EapiTimeouts {
  /** For a connection, TLS included. */
  readonly connectMilliseconds: number
  /** From then to the end of the answer. */
  readonly answerMilliseconds: number
}

const LONGEST_ANSWER = 64 * 2 ** 20

const SETTINGS: CreateAxiosDefaults<string> = {
  // The adapter follows no redirect and knows no proxy; these hold should it ever be replaced.
  maxRedirects: 0,
  proxy: false,
  maxContentLength: LONGEST_ANSWER,
  transformRequest: [(body) => body],
  transformResponse: [(body) => body],
}

/** What all connections have in common: to merge it for each of them costs as much as a request. */
const client = axios.create(SETTINGS)

// All that a client has is merged for each request. What axios brings is for its own adapters, and was two thirds of that.
for (const name of Object.keys(client.defaults)) if (!(name in SETTINGS)) Reflect.deleteProperty(client.defaults, name)

/**
 * eAPI over HTTP or HTTPS: one kept-alive connection, opened by the first request. A user with a client certificate is
 * known by it; without a password nothing else is said about who calls.
 */
export function axiosChannel(
  endpoint: Endpoint,
  credential: Credential,
  timeouts: EapiTimeouts,
  trust?: TrustAtFirstSight,
): EapiChannel {
  const agent = new SwitchAgent(endpoint, timeouts.connectMilliseconds, trust)
  const { username } = credential
  const adapter = thinAdapter(
    {
      agent,
      host: endpoint.host,
      port: endpoint.port,
      path: '/command-api',
      method: 'POST',
      headers: {
        'content-type': 'application/json-rpc',
        ...zoneless(endpoint),
        ...authorization(endpoint, credential),
      },
    },
    endpoint.meter,
  )
  const timeout = timeouts.answerMilliseconds
  const exchange: FencedExchange = async (body, fence) => {
    const { status, data } = await client.request<string>({
      method: 'post',
      data: body,
      adapter: adapter(fence),
      timeout,
    })
    return { status, body: data }
  }
  return fencedChannel(exchange, username, () => agent.destroy())
}

/** A zone has a meaning on this machine alone, and is never sent (RFC 6874, 4). Node names the host itself where there is none. */
function zoneless({ host, port }: Endpoint): { readonly host?: string } {
  const [address, zone] = host.split('%')
  return zone === undefined ? {} : { host: `[${address}]:${port}` }
}

function authorization(
  { name, client, protocol }: Endpoint,
  { username, password }: Credential,
): Readonly<Record<string, string>> {
  if (password !== undefined) {
    return { authorization: `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}` }
  }
  if (client !== undefined && protocol === 'https') return {}
  throw new EosflowError('secret', `${name}: eAPI needs a password, or a client certificate over https`, {
    hint: 'Add `password` to the credential, or `certificate` and `key`.',
  })
}
