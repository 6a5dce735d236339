import { type Agent, request as send } from 'node:http'
import type { SimulatedDevice } from './simulator.ts'

/** One eAPI request as `node:http` sends it, without any of our client: the floor that benchmarks compare with. Gives the body of the answer. */
export function post({ http, username, password }: SimulatedDevice, agent: Agent, body: string): Promise<string> {
  const headers = {
    'content-type': 'application/json-rpc',
    'content-length': Buffer.byteLength(body),
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  }
  return new Promise((resolve, reject) => {
    const request = send({ ...http, path: '/command-api', method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString()))
    })
    request.on('error', reject)
    request.end(body)
  })
}
