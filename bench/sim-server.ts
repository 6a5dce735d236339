import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RunningFabric } from '../src/testing.ts'

/**
 * The servers that `bench sim` loads, in a process of their own: a simulated switch, and a bare `node:http` server that
 * sends the same bytes. The simulator is the built one, as it is shipped: run from source its functions cost more. Prints their ports as one JSON line, then the CPU time used whenever a line comes in.
 */

const [config = '', body = ''] = process.argv.slice(2)
const built = new URL('../dist/testing.js', import.meta.url).href
const { startFabric }: typeof import('../src/testing.ts') = await import(built)
const fabric: RunningFabric = await startFabric(config)
const device = fabric.device('leaf1')
const same = Buffer.from((await device.eapi(body)).body)
const bare = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': same.length }).end(same)
  })
})
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
process.stdout.write(`${JSON.stringify({ sim: device.http.port, bare: (bare.address() as AddressInfo).port })}\n`)
process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage()
  process.stdout.write(`${JSON.stringify({ cpu: user + system })}\n`)
})
process.stdin.once('end', () => process.exit(0))
