import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'

/**
 * The same as `raw-process.mjs` over SSH: the commands of the same requests, typed one after the other into a shell of each connection, `| json` behind those
 * whose answers are models, and each of these parsed. An answer ends with a prompt; nothing else of a dialogue is looked at. Host keys are not compared.
 */
const { ports, concurrency, requests } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const PROMPT = /[\r\n][\w.-]+(?:\([\w.-]+\))?[>#] ?$/
const LONGEST_PROMPT = 100
let answers = 0
let bytes = 0

/** A login, with `ask`, which types a line and gives what is printed up to the next prompt. */
async function connected(port) {
  const client = new ssh2.Client()
  await new Promise((resolve, reject) => {
    client.once('ready', resolve).on('error', reject)
    client.connect({ host: '127.0.0.1', port, username: 'admin', password: 'admin' })
  })
  const shell = await new Promise((resolve, reject) =>
    client.shell({ term: 'dumb', cols: 32_767, rows: 24 }, (error, channel) =>
      error ? reject(error) : resolve(channel),
    ),
  )
  let printed = '\n'
  let heard = () => undefined
  shell.setEncoding('latin1').on('data', (text) => {
    printed += text
    if (PROMPT.test(printed.slice(-LONGEST_PROMPT))) heard()
  })
  const ask = async (line) => {
    printed = ''
    const answered = new Promise((resolve) => {
      heard = resolve
    })
    shell.write(`${line}\n`)
    await answered
    bytes += printed.length
    return printed
  }
  if (!PROMPT.test(printed)) {
    await new Promise((resolve) => {
      heard = resolve
    })
  }
  await ask('terminal length 0')
  return { ask, close: () => client.end() }
}

async function send(ask, { cmds, format }) {
  for (const one of cmds) {
    const cmd = one.cmd ?? one
    const isModel = format === 'json' && cmd.startsWith('show ')
    const answer = await ask(isModel ? `${cmd} | json` : cmd)
    if (/^% /m.test(answer)) throw new Error(`${cmd}: ${answer.slice(0, 300)}`)
    if (isModel) JSON.parse(answer.slice(answer.indexOf('\n'), answer.lastIndexOf('\n')))
  }
  answers += 1
}

async function change(port) {
  const connections = new Map()
  for (const { connection, body } of requests) {
    const known = connections.get(connection) ?? (await connected(port))
    connections.set(connection, known)
    await send(known.ask, body.params)
  }
  for (const { close } of connections.values()) close()
}

const waiting = [...ports]
const work = async () => {
  for (let port = waiting.pop(); port !== undefined; port = waiting.pop()) await change(port)
}
await Promise.all(Array.from({ length: concurrency }, work))
process.stdout.write(JSON.stringify({ answers, bytes }))
