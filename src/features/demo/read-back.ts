import { EosflowError } from '../../model/error.ts'
import { givenJson } from '../../model/json.ts'
import type { BothConfigs } from '../../report/demo/text.ts'

export interface HttpLogin {
  readonly name: string
  readonly http: { readonly host: string; readonly port: number }
  readonly username: string
  readonly password: string
}

/**
 * Reads both configurations of every switch over its eAPI, with a plain HTTP request and none of the code that made the
 * change: what proves a rollback must not come from what did it.
 */
export async function readBoth(devices: readonly HttpLogin[]): Promise<ReadonlyMap<string, BothConfigs>> {
  const read = await Promise.all(devices.map(async (device) => [device.name, await readOne(device)] as const))
  return new Map(read)
}

async function readOne({ name, http, username, password }: HttpLogin): Promise<BothConfigs> {
  const response = await fetch(`http://${http.host}:${http.port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'read-back',
      method: 'runCmds',
      params: { version: 1, format: 'text', cmds: ['enable', 'show running-config', 'show startup-config'] },
    }),
  })
  const { result } = givenJson(await response.text()) as { readonly result?: readonly { readonly output?: string }[] }
  const [, running, startup] = result ?? []
  if (running?.output === undefined || startup?.output === undefined) {
    throw new EosflowError('protocol', `${name} did not show its configurations`, { device: name })
  }
  return { running: running.output, startup: startup.output }
}
