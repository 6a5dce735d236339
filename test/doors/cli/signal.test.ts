import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cursorBehind } from '../../../src/change/record/event/cursor.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import type { Signal, Store } from '../../../src/change/record/store/store.ts'
import { main } from '../../../src/doors/cli/program.ts'
import type { Terminal } from '../../../src/doors/cli/terminal/io.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { taskToken, taskTokenDigest } from '../../../src/model/task-token.ts'
import { awaitedIn } from '../../../src/project/history/requests/awaited-token.ts'
import { noSeams, type Seams } from '../../../src/project/system/process/seams.ts'
import { everyNth } from '../../extent.ts'
import { aroundAppends, exits, inProcess, json, temporaryFolder, warns } from '../../lab/lab.ts'
import { openStoreIn } from './project-with-executions.ts'

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
const ID = '20261120-101500-1a2b3c4d'
const TOKEN = taskToken(KEY, ID, '/Ask/2/1')
const DIGEST = taskTokenDigest(TOKEN)
const ERROR = { kind: 'state-failed', message: 'no' } as const

const STARTED: EventBody = {
  type: 'ExecutionStarted',
  purpose: 'run',
  workflow: 'ask',
  file: 'ask.yaml',
  definition: 'sha256:0',
  interpreter: 2,
  machine: {},
  params: {},
  input: {},
  context: {},
  requester: { issuer: 'local', id: 'local:1:a@b', kind: 'person', auth: 'os' },
  targets: [],
}
const submitted = (path = '', state = 'Ask', token = DIGEST): EventBody => ({
  type: 'TaskSubmitted',
  path,
  state,
  token,
})

const SILENT: Omit<Terminal, 'cwd'> = {
  env: {},
  out: () => undefined,
  err: () => undefined,
  interactive: false,
  color: false,
  ask: async () => undefined,
  stop: new AbortController().signal,
}

/** A project whose only execution has these events behind its start. */
async function project(events: readonly EventBody[]) {
  const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
  mkdirSync(join(dir, '.eosflow'), { mode: 0o700 })
  writeFileSync(join(dir, '.eosflow/install.key'), `${KEY}\n`, { mode: 0o600 })
  const withStore = async <T>(work: (store: Store) => T | Promise<T>): Promise<T> => {
    const store = await openStoreIn(dir, new VirtualClock())
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }
  const ENGINE = { issuer: 'local', id: 'local:1:engine@here', auth: 'os' } as const
  const append = (...more: readonly EventBody[]) => withStore((store) => store.as(ENGINE).append(ID, more))
  await append(STARTED, ...events)
  return {
    append,
    write: (file: string, text: string) => writeFileSync(join(dir, file), text),
    signal: (...argv: readonly string[]) => inProcess(['signal', ...argv], dir),
    with: (io: Partial<Terminal>, ...argv: readonly string[]) =>
      main(['signal', ...argv], { ...SILENT, cwd: dir, ...io }),
    signals: () => withStore((store): Promise<readonly Signal[]> => store.signals([DIGEST], cursorBehind(undefined))),
    everything: () =>
      withStore(async (store) =>
        JSON.stringify([await store.read(ID), await store.signals([DIGEST], cursorBehind(undefined))]),
      ),
  }
}

describe('an answer', () => {
  test.each(
    everyNth(3, 'answers to a task', [
      [['--output', '{"ticket":"CHG-7","cost":1.5}'], { signal: 'success', output: { ticket: 'CHG-7', cost: 1.5 } }],
      [['--output', 'null'], { signal: 'success', output: null }],
      [['--error', 'Rejected', '--cause', 'no window'], { signal: 'failure', error: 'Rejected', cause: 'no window' }],
      [['--error', 'Rejected'], { signal: 'failure', error: 'Rejected', cause: null }],
      [['--cause', 'no window'], { signal: 'failure', error: null, cause: 'no window' }],
      [['--heartbeat'], { signal: 'heartbeat' }],
    ]),
  )('%j is on record, outside the execution and without the token', async (flags, answer) => {
    const at = await project([submitted()])
    const ended = await at.signal(TOKEN, ...flags)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const [sent, ...rest] = await at.signals()
    expect(rest).toEqual([])
    expect(sent).toMatchObject({ type: 'SignalSent', token: DIGEST, answer })
    expect(sent?.execution).toBeUndefined()
    expect(await at.everything()).not.toContain(TOKEN)
    expect(ended.stdout).not.toContain(TOKEN)
    expect(ended.stdout).toContain(`Next: eosflow ${flags[0] === '--heartbeat' ? 'show' : 'resume'} ${ID}\n`)
  })

  test('is taken from nobody whom the policy does not let start, whoever has the token', async () => {
    const at = await project([submitted()])
    at.write('policy.yaml', 'version: 1\nrules: [{ id: nobody, allow: [execution.read], to: ["kind:service"] }]\n')
    for (const flags of [['--output', '1'], ['--heartbeat'], ['--cause', 'no window']])
      await exits(4, at.signal(TOKEN, ...flags))
    expect(await at.signals()).toEqual([])
  })

  test('is one document with --json', async () => {
    const at = await project([submitted('Map[1]', 'Ask')])
    expect(await json(exits(0, at.signal(TOKEN, '--output', '1', '--json')))).toEqual({
      version: 1,
      execution: ID,
      path: 'Map[1]',
      state: 'Ask',
      signal: 'success',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      actor: expect.stringMatching(/^local:/),
    })
  })

  test('may come after heartbeats, and once', async () => {
    const at = await project([submitted()])
    await exits(0, at.signal(TOKEN, '--heartbeat'))
    await exits(0, at.signal(TOKEN, '--heartbeat'))
    await exits(0, at.signal(TOKEN, '--cause', 'no window'))
    const [, , first] = await at.signals()
    for (const flags of [['--output', '1'], ['--heartbeat'], ['--cause', 'again']]) {
      await warns(
        5,
        at.signal(TOKEN, ...flags),
        `Ask was already answered: failure at ${first?.at}, by ${first?.actor}\n`,
      )
    }
    expect(await at.signals()).toHaveLength(3)
  })
})

describe('a token', () => {
  test('that this store has not given is not authorised', async () => {
    const at = await project([submitted()])
    const other = taskToken(KEY, ID, '/Ask/2/2')
    const ended = await warns(4, at.signal(other, '--output', '1'), 'no state of this store waits for this token')
    expect(ended.stderr).not.toContain(other)
    expect(await at.signals()).toEqual([])
  })

  test.each<[string, EventBody, string]>([
    ['timed out', { type: 'TaskTimedOut', path: '', state: 'Ask', error: ERROR }, 'the state ran out of time'],
    [
      'tried again',
      {
        type: 'RetryScheduled',
        path: '',
        state: 'Ask',
        retrier: 0,
        attempt: 2,
        until: '2026-11-20T10:00:00.000Z',
        error: ERROR,
      },
      'tried again, with another token',
    ],
    ['taken up', { type: 'TaskSucceeded', path: '', state: 'Ask', output: 1 }, 'the state took an answer'],
    ['taken back', { type: 'CompensationStarted', reason: 'failure', error: ERROR }, 'being undone'],
    ['ended', { type: 'ExecutionEnded', outcome: 'cancelled', devices: {} }, 'the execution has ended'],
  ])('of a state that is over counts no more: %s', async (_what, over, words) => {
    const at = await project([submitted(), over])
    await warns(
      5,
      at.signal(TOKEN, '--output', '1'),
      'the token of Ask is no longer valid: ',
      words,
      `    eosflow show ${ID}`,
    )
    expect(await at.signals()).toEqual([])
  })

  test.each<[readonly string[], string]>(
    everyNth(4, 'answers that cannot be read', [
      [['eosflow-task-short', '--output', '1'], 'this is not a task token'],
      [['--output', '1'], 'this is not a task token'],
      [[TOKEN], 'one answer is needed'],
      [[TOKEN, '--output', '1', '--heartbeat'], 'one answer is needed'],
      [[TOKEN, '--output', '1', '--cause', 'x'], 'one answer is needed'],
      [[TOKEN, '--output', '{done}'], 'it is not JSON'],
      [[TOKEN, '--output', '['.repeat(200_000)], 'it is not JSON'],
      [[TOKEN, '--output', JSON.stringify('x'.repeat(262_143))], 'longer than 262144 bytes'],
      [[TOKEN, '--output', '1e999'], 'a number that is too large'],
      [[TOKEN, '--output', '{"a\\ud83d":1}'], 'half a character'],
      [[TOKEN, '--output', '"\\ud83d"'], 'half a character'],
      [[TOKEN, '--error', '\ud83d'], 'half a character'],
    ]),
  )('or an answer that cannot be read is bad usage', async (argv, words) => {
    const at = await project([submitted()])
    const ended = await warns(3, at.signal(...argv), words)
    expect(ended.stderr).not.toContain('eosflow-task-short')
    expect(await at.signals()).toEqual([])
  })

  test('may come from the environment, where no list of processes shows it', async () => {
    const at = await project([submitted()])
    expect(await at.with({ env: { EOSFLOW_TASK_TOKEN: TOKEN } }, '--heartbeat')).toBe(0)
    expect(await at.signals()).toMatchObject([{ answer: { signal: 'heartbeat' } }])
  })

  test('that two answer at once is answered by the first on record, and the second one is named', async () => {
    const at = await project([submitted()])
    const other: EventBody = { type: 'SignalSent', token: DIGEST, answer: { signal: 'success', output: 'first' } }
    const seams: Seams = {
      ...noSeams,
      journal: (journal) => aroundAppends({ before: () => journal.append(undefined, [other]) })(journal),
    }
    expect(await at.with({ seams }, TOKEN, '--output', '"second"')).toBe(5)
    expect((await at.signals()).map(({ answer }) => answer)).toEqual([
      { signal: 'success', output: 'first' },
      { signal: 'success', output: 'second' },
    ])
  })
})

describe('who waits for a token', () => {
  const at = (seq: number) => `2026-11-20T10:00:0${seq}.000Z`
  const told = (...bodies: readonly EventBody[]): readonly JournalEvent[] =>
    bodies.map((body, index) => ({ v: 1, seq: index + 1, at: at(index + 1), actor: 'a', execution: ID, ...body }))
  const standing = (...bodies: readonly EventBody[]) => awaitedIn(ID, told(...bodies), DIGEST)
  const WAITING = { execution: ID, path: 'Roll[0].Par[1]', state: 'Ask', since: cursorBehind({ seq: 1 }) }
  const here = submitted('Roll[0].Par[1]')

  test.each<[string, readonly EventBody[], object | undefined]>([
    ['nobody', [submitted('', 'Ask', 'sha256:other')], undefined],
    ['the state', [here], WAITING],
    [
      'the state, while another one of its scope is over',
      [here, { type: 'StateExited', path: 'Roll[0].Par[1]', state: 'Other', output: {} }],
      WAITING,
    ],
    [
      'the state, while its like in another branch is over',
      [here, { type: 'TaskTimedOut', path: 'Roll[0].Par[0]', state: 'Ask', error: ERROR }],
      WAITING,
    ],
    [
      'the state, while a heartbeat comes',
      [here, { type: 'TaskHeartbeat', path: 'Roll[0].Par[1]', state: 'Ask', signal: 9 }],
      WAITING,
    ],
    [
      'nobody, since the Parallel around it failed',
      [here, { type: 'ParallelFailed', path: 'Roll[0]', state: 'Par', error: ERROR }],
      { ...WAITING, over: { at: at(2), why: 'Par, which it is a part of, is over' } },
    ],
    [
      'nobody, since the Map around that failed',
      [here, { type: 'MapFailed', path: '', state: 'Roll', error: ERROR }],
      { ...WAITING, over: { at: at(2), why: 'Roll, which it is a part of, is over' } },
    ],
    [
      'the state, while a Map of a name that begins alike is over',
      [here, { type: 'StateExited', path: '', state: 'Rol', output: {} }],
      WAITING,
    ],
    [
      'nobody; what ended it first is told',
      [
        here,
        { type: 'StateAborted', path: 'Roll[0].Par[1]', state: 'Ask' },
        { type: 'ExecutionEnded', outcome: 'failed', devices: {} },
      ],
      { ...WAITING, over: { at: at(2), why: 'the state was ended, because another one beside it failed' } },
    ],
    [
      'the state, when it was handed out again under the same token after a crash',
      [
        here,
        {
          type: 'RetryScheduled',
          path: 'Roll[0].Par[1]',
          state: 'Ask',
          retrier: 0,
          attempt: 1,
          until: at(3),
          error: ERROR,
        },
        here,
      ],
      { ...WAITING, since: cursorBehind({ seq: 3 }) },
    ],
  ])('%s', (_who, events, expected) => {
    expect(standing(...events)).toEqual(expected)
  })
})
