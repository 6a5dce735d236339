import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const CONNECTIONS = 32
const ROUNDS = 5
const SECONDS = 3
/** The load client of a bare server and the server want a core each; what is below this share of it is too slow. */
const SHARE_OF_BARE = 0.35
const HEAP_PER_TEXT = 8

const SHOWS = [
  'show version',
  'show interfaces',
  'show ip route vrf all',
  'show ip bgp summary vrf all',
  'show lldp neighbors detail',
]
const BODY = JSON.stringify({
  jsonrpc: '2.0',
  method: 'runCmds',
  id: 1,
  params: { version: 'latest', cmds: SHOWS, format: 'json' },
})

/**
 * The simulator under load and at size. Throughput: plain HTTP, 32 kept connections, five show commands of about
 * 100 KB whose counters move with the clock, against a bare `node:http` server with the same bytes, in alternated rounds
 * of one process. Size: 500 switches from corpus configurations of 10 KB and more, heap after boot per byte of text.
 */
export async function sim(print: (line: object) => void): Promise<void> {
  await throughput(print)
  const corpus = fileURLToPath(new URL('../../shared/eos-corpus/', import.meta.url))
  if (!existsSync(corpus)) return print({ bench: 'sim-heap', skipped: 'the corpus is not beside the checkout' })
  const child = node(['--expose-gc', '--max-old-space-size=4096'], 'sim-heap.ts', [corpus])
  for await (const line of createInterface(child.stdout)) {
    const measured: { readonly heapPerText?: number } = JSON.parse(line)
    const goal =
      measured.heapPerText === undefined ? {} : { goal: HEAP_PER_TEXT, met: measured.heapPerText <= HEAP_PER_TEXT }
    print({ bench: 'sim-heap', ...measured, ...goal })
  }
}

interface Round {
  readonly perSecond: number
  readonly cpuMicroseconds: number
  readonly bytes: number
  readonly distinct: number
}

async function throughput(print: (line: object) => void): Promise<void> {
  const fabric = fileURLToPath(new URL('../fixtures/dc1', import.meta.url))
  const child = node([], 'sim-server.ts', [fabric, BODY])
  const lines = createInterface(child.stdout)
  try {
    const ports: { sim: number; bare: number } = JSON.parse(await next(lines))
    const rounds: { bare: Round[]; sim: Round[] } = { bare: [], sim: [] }
    const cpu = async (): Promise<number> => {
      child.stdin.write('\n')
      return (JSON.parse(await next(lines)) as { cpu: number }).cpu
    }
    for (const which of ['bare', 'sim'] as const) await load(ports[which], 1, cpu)
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const which of ['bare', 'sim'] as const) rounds[which].push(await load(ports[which], SECONDS, cpu))
    }
    const bare = middle(rounds.bare)
    for (const which of ['bare', 'sim'] as const) {
      const measured = middle(rounds[which])
      const ratio = Number((measured.perSecond / bare.perSecond).toFixed(2))
      const goal = which === 'bare' ? {} : { goal: SHARE_OF_BARE, met: ratio >= SHARE_OF_BARE }
      print({ bench: 'sim', server: which, connections: CONNECTIONS, ...measured, ratio, ...goal })
    }
  } finally {
    child.stdin.end()
  }
}

/** Keeps every connection busy with one request at a time for some seconds. */
async function load(port: number, seconds: number, cpu: () => Promise<number>): Promise<Round> {
  const head = `POST /command-api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ${btoa('admin:admin')}\r\n`
  const request = Buffer.from(
    `${head}Content-Type: application/json-rpc\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  )
  const cpuBefore = await cpu()
  const until = performance.now() + seconds * 1000
  const seen = new Set<string>()
  let answers = 0
  let bytes = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      exchanges(connect(port, '127.0.0.1'), request, (length, sample) => {
        answers += 1
        bytes = length
        seen.add(sample)
        return performance.now() < until
      }),
    ),
  )
  const took = performance.now() - began
  return {
    perSecond: Math.round((answers * 1000) / took),
    cpuMicroseconds: Math.round(((await cpu()) - cpuBefore) / answers),
    bytes,
    distinct: seen.size,
  }
}

/** A client that costs as little as it can: it looks for the length of each answer and counts the bytes. */
function exchanges(
  socket: Socket,
  request: Buffer,
  answered: (bytes: number, sample: string) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = 0
    let head: Head = { length: 0, bytes: 0, sample: '' }
    const took = (chunk: Buffer): void => {
      if (left === 0) {
        head = headOf(chunk)
        left = head.bytes + head.length
      }
      left -= chunk.length
      if (left < 0) throw new Error('more bytes than were announced')
      if (left > 0) return
      if (answered(head.bytes, head.sample)) socket.write(request)
      else socket.end()
    }
    socket.on('data', (chunk) => {
      try {
        took(chunk)
      } catch (error) {
        reject(error)
      }
    })
    socket.once('error', reject)
    socket.once('close', () => resolve())
    socket.setNoDelay(true)
    socket.write(request)
  })
}

interface Head {
  /** Of the head itself. */
  readonly length: number
  /** Of what follows it. */
  readonly bytes: number
  /** What moves with the clock. */
  readonly sample: string
}

/** The head of a good answer. Throws for any other. */
function headOf(chunk: Buffer): Head {
  const text = chunk.toString('latin1', 0, Math.min(chunk.length, 1200))
  const length = text.indexOf('\r\n\r\n') + 4
  const bytes = /content-length: (\d+)/i.exec(text)?.[1]
  if (length < 4 || bytes === undefined || !text.startsWith('HTTP/1.1 200')) {
    throw new Error(`unexpected: ${text.slice(0, 80)}`)
  }
  return { length, bytes: Number(bytes), sample: /"uptime":\s*([\d.]+)/.exec(text)?.[1] ?? '' }
}

function node(
  flags: readonly string[],
  file: string,
  args: readonly string[],
): ChildProcessByStdio<Writable, Readable, null> {
  const script = fileURLToPath(new URL(file, import.meta.url))
  return spawn(process.execPath, [...flags, '--import', 'tsx', script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function next(lines: Interface): Promise<string> {
  const [line] = await once(lines, 'line')
  return String(line)
}

/** The round with the median throughput. */
function middle(rounds: readonly Round[]): Round {
  const [found] = rounds.toSorted((a, b) => a.perSecond - b.perSecond).slice(Math.floor(rounds.length / 2))
  if (found === undefined) throw new RangeError('no round')
  return found
}
