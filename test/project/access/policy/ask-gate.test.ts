import { describe, expect, test } from 'vitest'
import type { Gate } from '../../../../src/change/policy/gate-answer.ts'
import { httpTransport } from '../../../../src/eos/transport/http/http-transport.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { askGate, type GateHost } from '../../../../src/project/plan/gate/run-gate.ts'
import { temporaryFolder } from '../../../lab/folder.ts'
import { startService } from '../../../lab/service.ts'

const GOOD = '{"version":1,"decision":"allow","bundle":"7"}'
const INPUT = '{"version":1,"kind":"policy-input"}'

function hostOf(origin?: string): GateHost {
  const http = httpTransport({
    hosts: origin === undefined ? [] : [{ origin, key: `\${env:KEY}`, secrets: [`\${env:TOKEN}`] }],
    resolve: async (reference) => new Secret(reference.includes('KEY') ? 'k'.repeat(32) : 'hunter2'),
    scrub: (text) => text.replaceAll('hunter2', '<redacted>'),
    readCa: async () => '',
    clock: { now: () => Date.now() },
  })
  return {
    env: { SEEN: 'yes', OTHER: 'no' },
    cwd: '/',
    project: { dir: temporaryFolder(), guard: () => undefined },
    http,
  }
}

/** A gate that is a program of Node. */
const program = (script: string, more: Partial<{ env: string[]; timeout: number }> = {}): Gate => ({
  exec: { command: [process.execPath, '-e', script], env: [], timeout: 20, ...more },
})

describe('a program', () => {
  test('is given the document, the variables that it may have and no other, in the folder of the project', async () => {
    const host = hostOf()
    const script = `let text = ''; process.stdin.on('data', (d) => { text += d }).on('end', () => console.log(JSON.stringify({ version: 1, decision: 'allow', reasons: [text, String(process.env.SEEN), String(process.env.OTHER), process.cwd()] })))`
    expect(await askGate(host, program(script, { env: ['SEEN'] }), [], INPUT)).toEqual({
      answer: { version: 1, decision: 'allow', reasons: [INPUT, 'yes', 'undefined', host.project.dir] },
    })
  })

  const SILENT: readonly (readonly [string, string, number, string])[] = [
    ['takes too long', 'setTimeout(() => {}, 60000)', 1, 'the program took longer than 1 s'],
    [
      'answers and does not end',
      `console.log('${GOOD}'); setTimeout(() => {}, 60000)`,
      1,
      'the program took longer than 1 s',
    ],
    ['answers and fails', `console.log('${GOOD}'); process.exitCode = 2`, 20, 'the program ended with exit code 2'],
    [
      'is huge',
      `process.stdout.write('${GOOD}' + ' '.repeat(100000))`,
      20,
      'the program printed more than 65536 bytes',
    ],
    ['says nothing', '', 20, 'its answer is malformed'],
  ]
  test.each(SILENT)('that %s has not answered', { tags: 'long' }, async (_name, script, timeout, why) => {
    expect(await askGate(hostOf(), program(script, { timeout }), [], INPUT)).toEqual({
      fault: expect.stringContaining(why),
    })
  })
  test('that does not read its input has answered', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(1_000_000) })
    expect(await askGate(hostOf(), program(`console.log('${GOOD}')`), [], large)).toMatchObject({
      answer: { decision: 'allow' },
    })
  })
  test('that is not there, or belongs to somebody else, has not answered', async () => {
    const gone: Gate = { exec: { command: ['/nowhere/gate'], env: [], timeout: 5 } }
    expect(await askGate(hostOf(), gone, [], INPUT)).toEqual({ fault: 'the program cannot be started' })
    const guard = () => {
      throw new Error('of somebody else')
    }
    const host = hostOf()
    expect(
      await askGate({ ...host, project: { ...host.project, guard } }, program(`console.log('${GOOD}')`), [], INPUT),
    ).toEqual({
      fault: 'it could not be asked',
    })
  })
})

type Reply = { readonly status?: number; readonly body?: string; readonly location?: string; readonly hang?: true }

const served = ({ status = 200, body = '', location, hang }: Reply) =>
  startService((_request, response) => {
    if (hang !== true) response.writeHead(status, location === undefined ? {} : { location }).end(body)
  })

const service = (origin: string, timeout = 20): Gate => ({
  http: { url: `${origin}/v1/data/gate`, headers: { Authorization: `Bearer \${env:TOKEN}` }, timeout },
})

describe('a service', () => {
  test('is posted the document under `input`, with its headers, and answers under `result`', async () => {
    const { origin, seen } = await served({ body: `{"decision_id":"1","result":${GOOD}}` })
    expect(await askGate(hostOf(origin), service(origin), [], INPUT)).toEqual({
      answer: { version: 1, decision: 'allow', bundle: '7' },
    })
    expect(seen.map(({ target, body, headers }) => [target, body, headers.authorization])).toEqual([
      ['/v1/data/gate', `{"input":${INPUT}}`, 'Bearer hunter2'],
    ])
  })
  const SILENT: readonly (readonly [string, Reply, string])[] = [
    ['answers with another status', { status: 500, body: `{"result":${GOOD}}` }, 'the status 500'],
    ['sends elsewhere', { status: 302, location: 'http://127.0.0.1:1/' }, 'the status 302'],
    ['is huge', { body: `{"result":${GOOD}}${' '.repeat(70_000)}` }, 'more than 65536 bytes'],
    ['has no such rule', { body: '{}' }, 'its answer is malformed'],
  ]
  const isSilent = async (reply: Reply, why: string) => {
    const { origin } = await served(reply)
    const heard = await askGate(hostOf(origin), service(origin, 1), [], INPUT)
    expect(heard).toEqual({ fault: expect.stringContaining(why) })
    expect(JSON.stringify(heard)).not.toContain('hunter2')
  }
  test.each(SILENT)('that %s has not answered', async (_name, reply, why) => isSilent(reply, why))
  test('that takes too long has not answered', { tags: 'long' }, async () => {
    await isSilent({ hang: true }, 'POST http://127.0.0.1')
  })
  test('that the settings do not allow is not asked', async () => {
    const { origin, seen } = await served({ body: `{"result":${GOOD}}` })
    expect(await askGate(hostOf(), service(origin), [], INPUT)).toEqual({ fault: expect.stringContaining(origin) })
    expect(seen).toEqual([])
  })
})
