import axios from 'axios'
import type { Credential } from '../../device/transport.ts'
import { EosflowError } from '../../model/error.ts'
import type { EapiChannel } from './channel.ts'
import type { Endpoint } from './open-socket.ts'
import { SwitchAgent } from './switch-agent.ts'
import { thinAdapter } from './thin-adapter.ts'

/** How long to wait. Real switches take minutes to load a large replace (eos-reference 1.5). */
export interface EapiTimeouts {
  /** For a connection, TLS included. */
  readonly connectMilliseconds: number
  /** From then to the end of the answer. */
  readonly answerMilliseconds: number
}

const LONGEST_ANSWER = 64 * 2 ** 20

/** eAPI over HTTP or HTTPS: one kept-alive connection, opened by the first request. */
export function axiosChannel(endpoint: Endpoint, credential: Credential, timeouts: EapiTimeouts): EapiChannel {
  const agent = new SwitchAgent(endpoint, timeouts.connectMilliseconds)
  const basic = Buffer.from(`${credential.username}:${credential.password.reveal()}`).toString('base64')
  const client = axios.create({
    adapter: thinAdapter({
      agent,
      host: endpoint.host,
      port: endpoint.port,
      path: '/command-api',
      method: 'POST',
      headers: { 'content-type': 'application/json-rpc', authorization: `Basic ${basic}` },
    }),
    // The adapter follows no redirect and knows no proxy; these hold should it ever be replaced.
    maxRedirects: 0,
    proxy: false,
    timeout: timeouts.answerMilliseconds,
    maxContentLength: LONGEST_ANSWER,
    transformRequest: [(body) => body],
    transformResponse: [(body) => body],
  })
  let closed = false
  return {
    post: async (body) => {
      if (closed) throw new EosflowError('bug', 'a request on a closed connection', { device: endpoint.name })
      const { status, data } = await client.post<string>('', body)
      const failure = statusFailure(status, credential.username)
      if (failure !== undefined) throw failure
      return data
    },
    close: () => {
      closed = true
      agent.destroy()
    },
  }
}

/**
 * What an HTTP status other than 200 means (eos-reference 1.4). The web server of the switch stands before eAPI: when it
 * answers for it (5xx), what eAPI did is unknown.
 */
function statusFailure(status: number, username: string): EosflowError | undefined {
  if (status === 200) return undefined
  if (status === 401 || status === 403) {
    return new EosflowError('unauthenticated', `the switch refused the user ${username} (HTTP ${status})`, {
      hint: 'Check the credentials of this switch in the inventory.',
    })
  }
  if (status >= 500) {
    return new EosflowError('lost-answer', `the switch's web server answered in place of eAPI (HTTP ${status})`, {
      hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
    })
  }
  const what = status >= 300 && status < 400 ? 'a redirect, which is not followed' : 'not an answer of eAPI'
  return new EosflowError('protocol', `HTTP ${status}: ${what}`, {
    hint: 'Check that this address and port are the eAPI of a switch (show management api http-commands).',
  })
}
