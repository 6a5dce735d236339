import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkpointVerifier } from '../../../src/change/record/audit/chains-checkpoint.ts'
import { checkpointNotesIn } from '../../../src/change/record/audit/signed-note.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { BUILT, exits, fileText, inProcess, listen, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { startService } from '../../lab/service.ts'
import { leaveRecord, openStoreIn } from './project-with-executions.ts'

/** A receiver of syslog over TCP that keeps what it was sent. */
async function collector(port = 0) {
  let text = ''
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    socket.on('end', () => socket.end())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, server, text: () => text }
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

/** The messages of an octet-counted stream (RFC 6587, section 3.4.1). */
function messagesIn(stream: string) {
  const messages: string[] = []
  for (let rest = Buffer.from(stream); rest.length > 0; ) {
    const blank = rest.indexOf(' ')
    const length = Number(rest.subarray(0, blank).toString())
    messages.push(rest.subarray(blank + 1, blank + 1 + length).toString())
    rest = rest.subarray(blank + 1 + length)
  }
  return messages
}

function project(settings: string) {
  const dir = temporaryFolder({ 'eosflow.yaml': `version: 1\n${settings}` })
  return { dir, audit: (line: string) => inProcess(`audit ${line}`, dir) }
}

const seqsIn = (text: string) => [...text.matchAll(/(?:seq="|"seq":|externalId=)(\d+)/g)].map(([, seq]) => Number(seq))

describe('audit export', () => {
  test('a sink that is down loses nothing: what it has not taken is sent once it is back', async () => {
    const first = await collector()
    const { dir, audit } = project(
      `audit: { sinks: [{ name: siem, format: rfc5424, syslog: 'tcp://127.0.0.1:${first.port}' }] }`,
    )
    await audit('key')
    await leaveRecord(dir)
    const up = await audit('export --to siem')
    expect(up.stdout).toBe('2 records from 1 on to siem\nNext: eosflow audit verify\n')
    expect(messagesIn(first.text()).map((message) => seqsIn(message)[0])).toEqual([1, 2])
    await closed(first.server)
    await leaveRecord(dir)
    await warns(10, audit('export --to siem'), /✖ unreachable: siem: no connection to 127\.0\.0\.1 port \d+/)
    await audit('export --to siem')
    const second = await collector(first.port)
    await prints(0, audit('export --to siem'), /^2 records from 3 on to siem\n/)
    expect(messagesIn(second.text()).map((message) => seqsIn(message)[0])).toEqual([3, 4])
    await prints(0, audit('list --code EF903I'), /2 records, /)
  })

  test('a receiver that does not take the whole stream is sent it again', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const port = await listen(server)
    const { dir, audit } = project(`audit: { sinks: [{ name: siem, format: cef, syslog: 'tcp://127.0.0.1:${port}' }] }`)
    await audit('key')
    await leaveRecord(dir)
    await exits(10, audit('export --to siem'))
    await closed(server)
    const back = await collector(port)
    await prints(0, audit('export --to siem'), /^2 records from 1 on/)
    const [message] = messagesIn(back.text())
    expect(message).toMatch(
      /^<110>1 \S+ \S+ eosflow - EF906I - CEF:0\|eosflow\|eosflow\|[^|]+\|EF906I\|StoreBackedUp\|3\|rt=/,
    )
  })

  test('a process that is killed behind the file and before the cursor sends some twice, and the file still verifies', {
    tags: 'long',
  }, async () => {
    const { dir, audit } = project('')
    await audit('key')
    await leaveRecord(dir)
    await exits(0, audit('export --format jsonl --to a.jsonl'))
    // What such a process leaves: records that the cursor does not know of, and half a line.
    const file = join(dir, 'a.jsonl')
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"body":{"act`)
    await leaveRecord(dir)
    await prints(0, audit('export --format jsonl --to a.jsonl --since-seq 1'), /^3 records from 2 on to a\.jsonl/)
    expect(seqsIn(readFileSync(file, 'utf8'))).toEqual([1, 2, 2, 3, 4])
    await prints(0, audit('verify a.jsonl'), /^✔ 4 records of a\.jsonl hold/)
  })

  test('what is there has been sent: a second export to the same file has nothing to do and leaves no record', async () => {
    const { dir, audit } = project('')
    await audit('key')
    await leaveRecord(dir)
    await audit('export --format cef --to a.cef')
    const before = fileText(dir, 'a.cef')
    await prints(0, audit('export --format cef --to a.cef'), /^a\.cef has everything\n/)
    expect(fileText(dir, 'a.cef')).toBe(before)
    expect(seqsIn(before)).toEqual([1, 2])
  })

  test('--since-seq that leaves records out does not move the cursor over them', {
    tags: ['long', 'turn'],
  }, async () => {
    const { dir, audit } = project('')
    await audit('key')
    await leaveRecord(dir)
    await prints(0, audit('export --format cef --to a.cef'), /^2 records from 1 on/)
    for (let count = 0; count < 3; count += 1) await leaveRecord(dir)
    await prints(0, audit('export --format cef --to a.cef --since-seq 4'), /^2 records from 5 on/)
    await prints(0, audit('export --format cef --to a.cef'), /^5 records from 3 on/)
    expect(seqsIn(fileText(dir, 'a.cef'))).toEqual([1, 2, 5, 6, 3, 4, 5, 6, 7])
  })

  test('a disk that takes a part of the records has taken none of them', { tags: 'long' }, () => {
    const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
    const limit = 8_000_000
    writeFileSync(join(dir, 'a.jsonl'), `${' '.repeat(limit - 101)}\n`)
    // A file of this process may have 8 MB and not a byte more (ulimit counts in blocks of 512).
    const run = (...words: string[]) =>
      spawnSync('sh', ['-c', `ulimit -f ${limit / 512}; exec "$@"`, 'sh', process.execPath, BUILT, ...words], {
        cwd: dir,
        encoding: 'utf8',
        env: { ...process.env, CI: '1' },
      })
    run('audit', 'key')
    expect(run('store', 'backup', 'copy.db').status).toBe(0)
    const { status, stderr } = run('audit', 'export', '--format', 'jsonl', '--to', 'a.jsonl')
    expect(stderr).toMatch(/✖ unreachable: \S*a\.jsonl cannot be written \(EFBIG\)/)
    expect(status).toBe(10)
  })

  test('OTLP is posted, signed, to a service that the settings allow, and to no other', {
    tags: ['long', 'turn'],
  }, async () => {
    const service = await startService((_request, response) => response.writeHead(200).end('{}'))
    const sinks = `audit:\n  sinks:\n    - { name: col, format: otlp, url: '${service.origin}/v1/logs' }\n`
    const denied = project(sinks)
    await denied.audit('key')
    await leaveRecord(denied.dir)
    const refused = await denied.audit('export --to col')
    expect(refused.stderr).toContain(`the settings do not allow ${service.origin}; nothing was sent`)
    const dir = temporaryFolder()
    writeFileSync(join(dir, 'key'), '0123456789abcdef0123456789abcdef', { mode: 0o600 })
    writeFileSync(
      join(dir, 'eosflow.yaml'),
      `version: 1\nhttp: { hosts: ['${service.origin}'], key: '\${file:${join(dir, 'key')}}' }\n${sinks}`,
    )
    await inProcess('audit key', dir)
    await leaveRecord(dir)
    const sent = await exits(0, inProcess('audit export --to col', dir))
    expect(sent.stderr).toBe('')
    expect(service.seen).toHaveLength(1)
    const [request] = service.seen
    expect(request).toMatchObject({ method: 'POST', target: '/v1/logs' })
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      signature: expect.stringMatching(/^eosflow=:/),
    })
    expect(Object.keys(JSON.parse(request?.body ?? '{}'))).toEqual(['resourceLogs'])
  })
})

describe('anchors', () => {
  test('[G77] a webhook that is slow holds no command up, and what it has taken is not sent again', {
    tags: 'long',
  }, async () => {
    const service = await startService((_request, response) => {
      setTimeout(() => response.writeHead(200).end(), 1_300)
    })
    const dir = temporaryFolder()
    writeFileSync(join(dir, 'key'), '0123456789abcdef0123456789abcdef', { mode: 0o600 })
    const hosts = `version: 1\nhttp: { hosts: ['${service.origin}'], key: '\${file:${join(dir, 'key')}}' }\n`
    writeFileSync(join(dir, 'eosflow.yaml'), hosts)
    await inProcess('audit key', dir)
    for (let count = 0; count < 7; count += 1) await leaveRecord(dir)
    writeFileSync(
      join(dir, 'eosflow.yaml'),
      `${hosts}audit: { anchors: [{ name: hook, webhook: '${service.origin}/c' }] }\n`,
    )
    const began = performance.now()
    const { stderr } = await inProcess('audit key', dir)
    expect(performance.now() - began).toBeLessThan(6_000)
    expect(stderr).toMatch(/^! the anchor hook has not taken 6 checkpoints yet: /)
  })

  test('are brought every checkpoint, and those of one that was away when it is back', async () => {
    const udp = createSocket('udp4')
    const datagrams: string[] = []
    udp.on('message', (message) => datagrams.push(message.toString()))
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve))
    onTestFinished(() => void udp.close())
    const { dir, audit } = project(
      `audit: { anchors: [{ name: worm, file: gone/a.note }, { name: log, syslog: 'udp://127.0.0.1:${udp.address().port}' }] }`,
    )
    // A file stands where the folder of the anchor should be.
    writeFileSync(join(dir, 'gone'), '')
    const { stdout: pem } = await warns(
      0,
      audit('key'),
      /^! the anchor worm has not taken 1 checkpoint yet: .*a\.note cannot be written \(E\w+\); the next command tries again\n$/,
    )
    await prints(0, audit('list'), /^! the anchor worm has not taken 1 checkpoint yet/)
    rmSync(join(dir, 'gone'))
    // The rest of a minute after a failure is over.
    const store = await openStoreIn(dir, { ...systemClock, now: () => systemClock.now() - 120_000 })
    await store.audit.delivered('anchor worm', 0, 'it was away')
    await store.close()
    const back = await audit('list')
    expect(back.stderr).toBe('')
    expect(existsSync(join(dir, 'gone/a.note'))).toBe(true)
    await expect.poll(() => datagrams.length).toBe(1)
    const verifier = checkpointVerifier(pem)
    const inFile = checkpointNotesIn(fileText(dir, 'gone/a.note'))
    expect(inFile.map((note) => verifier?.openChains(note))).toEqual([expect.objectContaining({ seq: 0 })])
    expect(checkpointNotesIn(datagrams[0] ?? '')).toEqual(inFile)
    expect(datagrams[0]).toMatch(/^<110>1 \S+ \S+ eosflow - CHECKPOINT \[eosflow@32473 seq="0"\] \{"checkpoint":/)
  })

  test('a webhook that redirects has taken nothing', async () => {
    const elsewhere = await startService((_request, response) => response.writeHead(200).end())
    const service = await startService((_request, response) =>
      response.writeHead(307, { location: `${elsewhere.origin}/` }).end(),
    )
    const dir = temporaryFolder()
    writeFileSync(join(dir, 'key'), '0123456789abcdef0123456789abcdef', { mode: 0o600 })
    const hosts = `http: { hosts: ['${service.origin}', '${elsewhere.origin}'], key: '\${file:${join(dir, 'key')}}' }`
    writeFileSync(
      join(dir, 'eosflow.yaml'),
      `version: 1\n${hosts}\naudit: { anchors: [{ name: hook, webhook: '${service.origin}/c' }] }\n`,
    )
    const { stderr } = await inProcess('audit key', dir)
    expect(stderr).toMatch(/the anchor hook has not taken 1 checkpoint yet: hook: \S+ answered with status 307/)
    expect(service.seen.map(({ body }) => checkpointNotesIn(body).length)).toEqual([1])
    expect(elsewhere.seen).toEqual([])
  })
})
