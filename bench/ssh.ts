import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import ssh2 from 'ssh2'
import type { SshTarget } from '../src/eos/device/transport.ts'
import { ShellDialogue } from '../src/eos/transport/ssh/shell-dialogue.ts'
import { ssh2Shell } from '../src/eos/transport/ssh/ssh2-shell.ts'
import { Secret } from '../src/model/secret.ts'
import { systemClock } from '../src/project/system/machine/system-clock.ts'

const ROUNDS = 5
const COMMANDS = 100
const EXECS = 20

/** A server of its own process that accepts anybody; `noDelay` says whether it sends small packets at once. */
const SERVER = `
const ssh2 = require('ssh2')
const [noDelay, output] = [process.argv[1] === 'true', 'x'.repeat(430) + '\\r\\n']
const server = new ssh2.Server({ hostKeys: [ssh2.utils.generateKeyPairSync('ed25519').private] }, (client) => {
  client.on('error', () => {})
  client.on('authentication', (context) => context.accept())
  client.on('session', (accept) => {
    const session = accept()
    session.on('pty', (ok) => ok())
    session.on('exec', (ok) => { const channel = ok(); channel.write(output); channel.exit(0); channel.end() })
    session.on('shell', (ok) => {
      const channel = ok()
      let line = ''
      channel.write('leaf1#')
      channel.on('data', (bytes) => {
        for (const key of bytes.toString()) {
          line += key
          if (key !== '\\n') continue
          channel.write(line.trim() + '\\r\\n' + (line.startsWith('!') ? '' : output) + 'leaf1#')
          line = ''
        }
      })
    })
  })
})
server._srv.on('connection', (socket) => socket.setNoDelay(noDelay))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

/**
 * SSH on loopback, with TCP_NODELAY on both ends and without: milliseconds to connect, log in and have a shell; per command of
 * a dialogue (two round trips: the command, the marker behind it); per `exec` of ssh2 alone. Prints one JSON line per way
 * (medians of five alternated rounds).
 */
export async function ssh(print: (line: object) => void): Promise<void> {
  const ways = await Promise.all([true, false].map(async (noDelay) => ({ noDelay, ...(await startServer(noDelay)) })))
  const rounds = ways.map(() => ({ connect: [] as number[], command: [] as number[], exec: [] as number[] }))
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [index, { noDelay, port }] of ways.entries()) {
        const measured = await measure(port, noDelay)
        // The first round warms up.
        if (round === 0) continue
        for (const key of ['connect', 'command', 'exec'] as const) rounds[index]?.[key].push(measured[key])
      }
    }
  } finally {
    for (const { stop } of ways) stop()
  }
  for (const [index, { noDelay }] of ways.entries()) {
    const { connect: connecting = [], command = [], exec = [] } = rounds[index] ?? {}
    print({
      bench: 'ssh',
      noDelay,
      connectMilliseconds: median(connecting),
      commandMilliseconds: median(command),
      execMilliseconds: median(exec),
    })
  }
}

async function startServer(noDelay: boolean): Promise<{ readonly port: number; stop(): void }> {
  const server = spawn(process.execPath, ['-e', SERVER, String(noDelay)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(createInterface(server.stdout), 'line')
  return { port: Number(port), stop: () => server.kill() }
}

async function measure(port: number, noDelay: boolean): Promise<Record<'connect' | 'command' | 'exec', number>> {
  const target: SshTarget = {
    name: 'bench',
    host: '127.0.0.1',
    port,
    transport: 'ssh',
    hostKey: { mode: 'pin', fingerprint: '' },
  }
  const started = performance.now()
  const shell = await ssh2Shell({
    target,
    credential: { username: 'bench', password: new Secret('bench') },
    demand: { keyTypes: [], refusal: () => undefined },
    connectMilliseconds: 5000,
    noDelay,
  })
  const connected = performance.now()
  const dialogue = new ShellDialogue(shell, { clock: systemClock, nonce: 'bench', silenceMilliseconds: 5000 })
  await dialogue.login()
  const before = performance.now()
  for (let asked = 0; asked < COMMANDS; asked += 1) {
    const { lines } = await dialogue.run('show version')
    if (lines.length !== 1) throw new Error('another answer')
  }
  const after = performance.now()
  dialogue.close()
  return { connect: connected - started, command: (after - before) / COMMANDS, exec: await execs(port, noDelay) }
}

/** What ssh2 alone takes for a command of its own channel, as a floor. */
async function execs(port: number, noDelay: boolean): Promise<number> {
  const sock = connect({ host: '127.0.0.1', port, noDelay })
  const client = new ssh2.Client().connect({ sock, username: 'bench', password: 'bench', hostVerifier: () => true })
  await once(client, 'ready')
  // Closing it may reset the connection, which says nothing here.
  client.on('error', () => undefined)
  const before = performance.now()
  for (let asked = 0; asked < EXECS; asked += 1) {
    await new Promise<void>((resolve, reject) => {
      client.exec('show version', (error, channel) => {
        if (error !== undefined) return reject(error)
        return channel.on('close', () => resolve()).resume()
      })
    })
  }
  const spent = performance.now() - before
  client.end()
  return spent / EXECS
}

function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
  return Number(middle.toFixed(2))
}
