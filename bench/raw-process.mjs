import { readFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'

/**
 * Sends the requests of a file to each of some switches, given as JSON `{ ports, concurrency, protocol, requests }` in a file, one after the other, so many
 * switches at once, over as many kept connections as they were recorded on, and parses each answer. Prints how many answers it had, and their bytes. Over HTTPS it trusts the authority in `ca.pem`.
 */
const { ports, concurrency, protocol, requests } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const { Agent, request } = protocol === 'https' ? https : http
const trust = protocol === 'https' ? { ca: readFileSync('ca.pem') } : {}
const authorization = `Basic ${Buffer.from('admin:admin').toString('base64')}`
const bodies = requests.map(({ connection, body }) => ({ connection, body: JSON.stringify(body) }))
let answers = 0
let bytes = 0

function answered(agent, port, body) {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const asked = request(
      { host: '127.0.0.1', port, path: '/command-api', method: 'POST', agent, headers },
      (answer) => {
        const chunks = []
        answer.on('data', (chunk) => chunks.push(chunk))
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(Buffer.concat(chunks))
          else reject(new Error(`${port}: HTTP ${answer.statusCode}`))
        })
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

async function change(port) {
  const agents = new Map()
  for (const { connection, body } of bodies) {
    const agent = agents.get(connection) ?? new Agent({ keepAlive: true, maxSockets: 1, ...trust })
    agents.set(connection, agent)
    const answer = await answered(agent, port, body)
    const { result } = JSON.parse(answer.toString('utf8'))
    if (result === undefined) throw new Error(`${port}: ${answer.toString('utf8').slice(0, 300)}`)
    answers += 1
    bytes += answer.length
  }
  for (const agent of agents.values()) agent.destroy()
}

const waiting = [...ports]
const work = async () => {
  for (let port = waiting.pop(); port !== undefined; port = waiting.pop()) await change(port)
}
await Promise.all(Array.from({ length: concurrency }, work))
process.stdout.write(JSON.stringify({ answers, bytes }))
