import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { SshTarget } from '../src/eos/device/device.ts'
import { ShellDialogue } from '../src/eos/transport/ssh/shell-dialogue.ts'
import { ssh2Shell } from '../src/eos/transport/ssh/ssh2-shell.ts'
import { Secret } from '../src/model/secret.ts'
import { systemClock } from '../src/project/system/machine/system-clock.ts'
import { median } from './median.ts'

const ROUNDS = 5

/** A server of its own process that accepts anybody; `noDelay` says whether it sends small packets at once. */
const SERVER = `
const ssh2 = require('ssh2')
const noDelay = process.argv[1] === 'true'
const server = new ssh2.Server({ hostKeys: [ssh2.utils.generateKeyPairSync('ed25519').private] }, (client) => {
  client.on('error', () => {})
  client.on('authentication', (context) => context.accept())
  client.on('session', (accept) => {
    const session = accept()
    session.on('pty', (ok) => ok())
    session.on('shell', (ok) => {
      const channel = ok()
      let line = ''
      channel.write('leaf1#')
      channel.on('data', (bytes) => {
        for (const key of bytes.toString()) {
          line += key
          if (key !== '\\n') continue
          channel.write(line.trim() + '\\r\\nleaf1#')
          line = ''
        }
      })
    })
  })
})
server._srv.on('connection', (socket) => socket.setNoDelay(noDelay))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

/** Milliseconds to connect over SSH on loopback, log in and have a shell, with TCP_NODELAY on both ends and without: medians of five alternated rounds. */
export async function ssh(print: (line: object) => void): Promise<void> {
  const ways = await Promise.all([true, false].map(async (noDelay) => ({ noDelay, ...(await startServer(noDelay)) })))
  const rounds = ways.map((): number[] => [])
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [index, { noDelay, port }] of ways.entries()) {
        const measured = await measure(port, noDelay)
        // The first round warms up.
        if (round === 0) continue
        rounds[index]?.push(measured)
      }
    }
  } finally {
    for (const { stop } of ways) stop()
  }
  for (const [index, { noDelay }] of ways.entries()) {
    print({ bench: 'ssh', noDelay, connectMilliseconds: median(rounds[index] ?? []) })
  }
}

async function startServer(noDelay: boolean): Promise<{ readonly port: number; stop(): void }> {
  const server = spawn(process.execPath, ['-e', SERVER, String(noDelay)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(createInterface(server.stdout), 'line')
  return { port: Number(port), stop: () => server.kill() }
}

async function measure(port: number, noDelay: boolean): Promise<number> {
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
  const dialogue = new ShellDialogue(shell, { clock: systemClock, nonce: 'bench', silenceMilliseconds: 5000 })
  await dialogue.login()
  const connected = performance.now() - started
  dialogue.close()
  return connected
}
