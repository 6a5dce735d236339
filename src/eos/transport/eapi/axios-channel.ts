import { Agent, type RequestOptions, request as send } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AxiosAdapter, AxiosResponse, CreateAxiosDefaults, InternalAxiosRequestConfig } from 'axios'
import axios from 'axios'
import { EosflowError } from '../../../model/error.ts'
import { type AskFence, sendUnder } from '../../../model/fence.ts'
import type { Credential } from '../../device/device.ts'
import type { MeterResult, RequestMeter, SocketMeter } from '../../device/meter.ts'
import { abandon } from '../connection/abandon.ts'
import { type TrustAtFirstSight, withFirstSight } from '../connection/first-sight.ts'
import { meteredRequest } from '../connection/metered-device.ts'
import { type EapiChannel, type FencedExchange, fencedChannel } from './exchange.ts'
import {
  clientCertificateRefused,
  type Endpoint,
  openSocket,
  SWITCH_MENDS,
  wantsClientCertificate,
} from './open-socket.ts'

// An axios adapter that does only what eAPI needs: one POST over one connection, with what is the same in every request (`RequestOptions`)
// prepared once. It costs about half the client CPU of axios' own adapter, and it alone knows whether a request had left when something went
// wrong: what fails before there is a socket comes from the agent and passes through, what fails after is `lost-answer`.
const thinAdapter =
  (options: RequestOptions, line?: SocketMeter) =>
  (fence: AskFence | undefined): AxiosAdapter =>
  (config) =>
    new Promise<AxiosResponse>((resolve, reject) => {
      const request = send(options)
      let hasLeft = false
      const lost = (reason: string) => (hasLeft ? lostAnswer(reason) : notSent(reason))
      let timer: NodeJS.Timeout | undefined
      let meter: RequestMeter | undefined
      const measured = (result: MeterResult) => {
        meter?.ended(result)
        meter = undefined
      }
      const fail = (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        const failure = error instanceof EosflowError ? error : (unheard(error) ?? lost(error.message))
        measured(failure.kind)
        reject(failure)
        const { socket } = request
        // Behind what Node is doing now: where the end of a connection is what failed, it gives its parser back after this, and a socket that is
        // destroyed meanwhile gives it back, too. The next two connections of the process would share it.
        process.nextTick(() => {
          if (hasLeft && socket !== null) abandon(socket)
          request.destroy()
        })
      }
      request.once('socket', () => {
        const milliseconds = config.timeout ?? 0
        timer = setTimeout(() => fail(lost(`no complete answer within ${milliseconds / 1000} s`)), milliseconds)
        // Without a fence it is written as soon as there is a socket.
        if (hasLeft) meter = meteredRequest(line)
      })
      request.on('error', fail)
      request.once('response', (response) => {
        meter?.heard()
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          length += chunk.length
          if (length > (config.maxContentLength ?? 0)) fail(tooLong(config))
        })
        response.on('error', fail)
        response.on('close', () => {
          if (!response.complete) fail(lost('the connection broke off in the middle of the answer'))
        })
        response.once('end', () => {
          clearTimeout(timer)
          const { statusCode = 0, statusMessage = '' } = response
          meter?.heard()
          measured(statusCode === 200 ? 'ok' : 'status')
          const data = Buffer.concat(chunks).toString('utf8')
          resolve({ data, status: statusCode, statusText: statusMessage, headers: {}, config })
        })
      })
      const leave = () => {
        hasLeft = true
        if (fence !== undefined) meter = meteredRequest(line)
        request.end(config.data)
      }
      if (fence === undefined) leave()
      // With the socket there is nothing left to wait for: neither a connection, nor a handshake.
      else request.once('socket', () => void sendUnder(fence, leave).catch(fail))
    })

// The server did not take part in the conversation at all, although the request is under way.
function unheard({ code = '' }: NodeJS.ErrnoException) {
  return wantsClientCertificate(code) ? clientCertificateRefused(code, SWITCH_MENDS['wants-certificate']) : undefined
}

function notSent(reason: string) {
  return new EosflowError('unreachable', `the connection broke off before the request was sent: ${reason}`, {
    retryable: true,
  })
}

function lostAnswer(reason: string) {
  return new EosflowError('lost-answer', `the request was sent, and its answer did not arrive: ${reason}`, {
    hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
  })
}

function tooLong({ maxContentLength = 0 }: InternalAxiosRequestConfig) {
  return new EosflowError('protocol', `the answer is longer than ${Math.floor(maxContentLength / 2 ** 20)} MiB`)
}

const CLOSED = 'closed'

// A request gets its socket only after the other end has proven who it is, so not a byte of it, and no password, reaches anything else.
class SwitchAgent extends Agent {
  readonly #endpoint: Endpoint
  readonly #connectMilliseconds: number
  readonly #trust: TrustAtFirstSight | undefined
  readonly #closing = new AbortController()

  constructor(endpoint: Endpoint, connectMilliseconds: number, trust?: TrustAtFirstSight) {
    super({ keepAlive: true, maxSockets: 1 })
    this.#endpoint = endpoint
    this.#connectMilliseconds = connectMilliseconds
    this.#trust = trust
  }

  override createConnection(_options: object, callback: (error: Error | null, socket: Duplex) => void): undefined {
    const connect = () => openSocket(this.#endpoint, this.#connectMilliseconds, this.#closing.signal)
    withFirstSight(connect, this.#trust).then(
      (socket) => callback(null, socket),
      // Node's types ask for a socket beside an error, and Node looks at none.
      (failure) => (callback as (error: Error) => void)(failure),
    )
  }

  // A request that is under way is given up: what the kernel still has of it never arrives.
  override destroy() {
    // Nobody asks for the reason, and to make an error of it takes longer than all else here.
    this.#closing.abort(CLOSED)
    for (const socket of Object.values(this.sockets).flat()) if (socket !== undefined) abandon(socket)
    super.destroy()
  }
}

/** Real switches take minutes to load a large replace (docs/eos.md 1.5). */
export interface EapiTimeouts {
  readonly connectMilliseconds: number
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

// A zone has a meaning on this machine alone, and is never sent (RFC 6874, 4).
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
