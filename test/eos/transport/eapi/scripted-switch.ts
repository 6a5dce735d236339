import type { RequestListener } from 'node:http'
import type { ServerOptions } from 'node:https'
import type { DeviceTarget, TlsMode } from '../../../../src/eos/device/device.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { openService, type Service } from '../../../lab/service.ts'

/** One request as the scripted switch saw it. */
export interface Seen {
  readonly path: string
  readonly authorization: string
  /** The host that it names. */
  readonly host: string
  readonly cmds: readonly unknown[]
  readonly format: string
  /** Which connection it came over, counted from 1. */
  readonly connection: number
}

/** A server on loopback that gives prepared answers, one per request; it knows nothing about EOS. */
export interface ScriptedSwitch extends Pick<Service, 'port' | 'close'> {
  readonly seen: readonly Seen[]
}

/** Answers a request itself; `body` is its parsed JSON-RPC body. */
export type Script = (
  body: { readonly id: string; readonly params: { readonly cmds: readonly unknown[]; readonly format: string } },
  ...http: Parameters<RequestListener>
) => void

/** A script that answers with these results, in eAPI's envelope. */
export const results =
  (...result: unknown[]): Script =>
  ({ id }, _request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
  }

/** A script that answers with an error, as recorded, whatever its id. */
export const fails =
  (error: unknown): Script =>
  ({ id }, _request, response) => {
    response.end(JSON.stringify({ jsonrpc: '2.0', id, error }))
  }

/** Starts a scripted switch. What it is asked beyond its scripts is answered with HTTP 500. */
export async function scriptedSwitch(
  scripts: readonly Script[],
  tls?: ServerOptions,
  host?: '::1',
): Promise<ScriptedSwitch> {
  const seen: Seen[] = []
  const left = [...scripts]
  const numbered = new Map<object, number>()
  const { port, close } = await openService(
    (request, response, { target, headers, body: text }) => {
      const body = JSON.parse(text || '{}')
      const connection = numbered.get(request.socket) ?? numbered.size + 1
      numbered.set(request.socket, connection)
      seen.push({
        path: target,
        authorization: headers.authorization ?? '',
        host: headers.host ?? '',
        cmds: body.params?.cmds,
        format: body.params?.format,
        connection,
      })
      const script = left.shift()
      if (script !== undefined) return script(body, request, response)
      response.statusCode = 500
      return response.end()
    },
    { tls, host },
  )
  return { port, seen, close }
}

/** A target on loopback. */
export function targetAt(port: number, tls?: TlsMode, host = '127.0.0.1'): DeviceTarget {
  const protocol = tls === undefined ? 'http' : 'https'
  return { name: 'leaf1', host, port, transport: 'eapi', protocol, tls: tls ?? { mode: 'system' } }
}

/** The credential of every test here. */
export const CREDENTIAL = { username: 'eosflow-rw', password: new Secret('correct-horse-battery') }
