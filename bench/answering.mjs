// A server of `bench/answers.ts` in a process of its own, as plain JavaScript: what tsx adds to every function is no cost of the simulator. Tells its
// parent its port, and its CPU whenever it is asked.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

/** A simulated switch of the build; gives its port. */
async function simulated() {
  const built = (path) => import(new URL(`../dist/${path}`, import.meta.url))
  const { readFabricFolder } = await built('lab/trial/start-fabric.js')
  const { SimulatedFabric } = await built('eos/sim/fabric/simulated-fabric.js')
  const { EapiHttpServer } = await built('eos/sim/eapi/http-server.js')
  const { systemClock } = await built('project/system/machine/system-clock.js')
  const { systemRandom } = await built('project/system/machine/system-random.js')
  const read = readFabricFolder(fileURLToPath(new URL('../fixtures/dc1', import.meta.url)))
  if (!read.ok) throw new Error('fixtures/dc1 cannot be read')
  const fabric = new SimulatedFabric(read.value, { clock: systemClock, random: systemRandom })
  const server = new EapiHttpServer(fabric.get('leaf1').eapi, systemClock)
  await server.start()
  return server.address.port
}

/** `node:http` and nothing else: it parses the request, and serialises the answer that is kept for its path; gives its port. */
async function plain(answers) {
  const parsed = new Map(Object.entries(answers).map(([path, body]) => [path, JSON.parse(body)]))
  const server = createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      const body = Buffer.from(JSON.stringify({ ...parsed.get(request.url), id }))
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

process.on('message', async (message) => {
  process.send(message === 'cpu' ? process.cpuUsage() : await plain(message))
})
process.once('disconnect', () => process.exit())
if (process.argv[2] === 'simulated') process.send(await simulated())
