import { describe, expect, test } from 'vitest'
import { eapiDevice } from '../../../../src/eos/transport/eapi/eapi-device.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { linesOf } from '../../../table.ts'

/** What a vEOS of 4.31 says, counters and build ids left out. */
const VERSION = {
  modelName: 'vEOS-lab',
  version: '4.31.2F',
  serialNumber: 'LEAF1SERIAL',
  systemMacAddress: '00:1c:73:00:00:11',
  bootupTimestamp: 1_700_000_000.25,
  uptime: 5000.5,
}
const NO_SESSIONS = {
  sessions: {},
  maxSavedSessions: 1,
  maxOpenSessions: 5,
  mergeOnCommit: false,
  saveToStartupConfigOnCommit: false,
}
const RUNNING = '! device: leaf1\nhostname leaf1\nend\n'

interface Asked {
  readonly cmds: readonly unknown[]
  readonly format: string
  readonly stopOnError?: boolean
}

/** A device over a channel that gives these answers in turn: `{ result }` or `{ error }` without its envelope. */
function device(answers: readonly object[], options: { enable?: Secret; sendEnable?: boolean } = {}) {
  const asked: Asked[] = []
  const left = [...answers]
  const channel = {
    post: async (body: string) => {
      const { id, params } = JSON.parse(body)
      const { cmds, format, stopOnError } = params
      asked.push({ cmds, format, ...(stopOnError === undefined ? {} : { stopOnError }) })
      return JSON.stringify({ jsonrpc: '2.0', id, ...left.shift() })
    },
    close: () => undefined,
  }
  return { leaf1: eapiDevice(channel, { name: 'leaf1', fence: noFence, ...options }), asked }
}

const caught = async (act: Promise<unknown>) => {
  const thrown = await act.catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(EosflowError)
  return thrown as EosflowError
}

const text = (output: string) => ({ output })
const SHOW_VERSION = { cmd: 'show version', revision: 1 }
/** Without a revision, as NAPALM asks it: the first one is a degraded model on 4.32 for all that is known. */
const SHOW_SESSIONS = 'show configuration sessions detail'

describe('a look', () => {
  test('is one request, and a command keeps its pinned revision', async () => {
    const { leaf1, asked } = device([{ result: [{}, VERSION, NO_SESSIONS, { vlans: {} }, '{"state":"active"}'] }])
    const look = await leaf1.look([{ cmd: 'show vlan' }, { cmd: 'show mlag', revision: 2 }])
    expect(asked).toEqual([
      {
        format: 'json',
        stopOnError: false,
        cmds: ['enable', SHOW_VERSION, SHOW_SESSIONS, 'show vlan', { cmd: 'show mlag', revision: 2 }],
      },
    ])
    expect(look.identity).toEqual({
      serial: 'LEAF1SERIAL',
      systemMac: '00:1c:73:00:00:11',
      eos: '4.31.2F',
      model: 'vEOS-lab',
    })
    expect(look.uptime).toBe(5000)
    expect(look.sessions).toEqual({
      sessions: {},
      mergeOnCommit: false,
      saveToStartupConfigOnCommit: false,
      maxOpenSessions: 5,
    })
    // The second came as a string that holds JSON, as some commands do.
    expect(look.replies).toEqual([
      { ok: true, json: { vlans: {} } },
      { ok: true, json: { state: 'active' } },
    ])
  })

  test('tells a cEOS build by its release', async () => {
    const version = { ...VERSION, version: '4.31.1F-34554157.4311F (engineering build)', serialNumber: '' }
    const { leaf1 } = device([{ result: [{}, version, NO_SESSIONS] }])
    expect((await leaf1.look([])).identity).toMatchObject({ eos: '4.31.1F', serial: '' })
  })

  test('a refused show command is a reply, and only what is behind it is asked again', async () => {
    const { leaf1, asked } = device([
      {
        error: {
          code: 1003,
          message: "CLI command 5 of 6 'show clock' failed: unconverted command",
          data: [{}, VERSION, NO_SESSIONS, { vlans: {} }, { errors: ['This is an unconverted command'] }],
        },
      },
      { result: [{}, { state: 'disabled' }] },
    ])
    const { replies } = await leaf1.look([{ cmd: 'show vlan' }, { cmd: 'show clock' }, { cmd: 'show mlag' }])
    expect(replies).toEqual([
      { ok: true, json: { vlans: {} } },
      { ok: false, error: 'This is an unconverted command' },
      { ok: true, json: { state: 'disabled' } },
    ])
    expect(asked.map(({ cmds }) => cmds)).toEqual([
      ['enable', SHOW_VERSION, SHOW_SESSIONS, 'show vlan', 'show clock', 'show mlag'],
      ['enable', 'show mlag'],
    ])
  })

  test('several refused ones cost nothing more where the switch goes on, and text is one further request', async () => {
    const refused = (word: string) => ({ errors: [`Invalid input (at token 1: '${word}')`] })
    const data = [{}, VERSION, NO_SESSIONS, refused('a'), { vlans: {} }, refused('b'), { hostname: 'leaf1' }]
    const message = "CLI command 4 of 7 'show a' failed: invalid command"
    const { leaf1, asked } = device([
      { error: { code: 1002, message, data } },
      { result: [text(''), text('Clock source: local\n')] },
    ])
    const { replies } = await leaf1.look([
      { cmd: 'show a' },
      { cmd: 'show vlan' },
      { cmd: 'show clock', format: 'text' },
      { cmd: 'show b' },
      { cmd: 'show hostname' },
    ])
    expect(replies).toEqual([
      { ok: false, error: "Invalid input (at token 1: 'a')" },
      { ok: true, json: { vlans: {} } },
      { ok: true, json: 'Clock source: local\n' },
      { ok: false, error: "Invalid input (at token 1: 'b')" },
      { ok: true, json: { hostname: 'leaf1' } },
    ])
    expect(asked).toEqual([
      {
        format: 'json',
        stopOnError: false,
        cmds: ['enable', SHOW_VERSION, SHOW_SESSIONS, 'show a', 'show vlan', 'show b', 'show hostname'],
      },
      { format: 'text', stopOnError: false, cmds: ['enable', 'show clock'] },
    ])
  })

  test('a switch that does not know how to go on is asked as before, and only once', async () => {
    const unknown = { code: -32602, message: "runCmds() got an unexpected keyword argument 'stopOnError'" }
    const { leaf1, asked } = device([
      { error: unknown },
      { result: [{}, VERSION, NO_SESSIONS] },
      { result: [{}, VERSION, NO_SESSIONS] },
    ])
    expect((await leaf1.look([])).uptime).toBe(5000)
    expect((await leaf1.look([])).uptime).toBe(5000)
    expect(asked.map(({ stopOnError }) => stopOnError)).toEqual([false, undefined, undefined])
  })

  test('without version or sessions there is no look', async () => {
    const { leaf1 } = device([
      {
        error: {
          code: 1002,
          message: "CLI command 3 of 3 'x' failed: invalid command",
          data: [{}, VERSION, { errors: ['no'] }],
        },
      },
    ])
    const error = await caught(leaf1.look([]))
    expect(error).toMatchObject({ kind: 'refused', device: 'leaf1', command: 'show configuration sessions detail' })
    const old = device([{ result: [{}, { ...VERSION, uptime: undefined }, NO_SESSIONS] }])
    expect(await caught(old.leaf1.look([]))).toMatchObject({
      kind: 'protocol',
      device: 'leaf1',
      message: 'leaf1: show version does not tell its uptime',
    })
  })

  test('sees the commit timer of both shapes by the time of the same answer', async () => {
    const armed = { state: 'pendingCommitTimer', commitBy: 1_700_005_300.75, instances: {} }
    const until431 = device([{ result: [{}, VERSION, { ...NO_SESSIONS, sessions: { s: armed } }] }])
    expect((await until431.leaf1.look([])).sessions.armed).toEqual({ session: 's', secondsLeft: 300 })
    const from432 = device([
      {
        result: [
          {},
          VERSION,
          {
            ...NO_SESSIONS,
            sessions: { s: { state: 'committed' } },
            commitTimerSessionName: 's',
            commitTimerExpireTime: 5120.5,
          },
        ],
      },
    ])
    expect((await from432.leaf1.look([])).sessions.armed).toEqual({ session: 's', secondsLeft: 120 })
  })
})

describe('the configuration', () => {
  test('is read in one text request', async () => {
    const { leaf1, asked } = device([{ result: [text(''), text(RUNNING), text('\n')] }])
    expect(await leaf1.readConfig()).toEqual({ running: RUNNING, startupDiff: '' })
    expect(asked).toEqual([{ format: 'text', cmds: ['enable', 'show running-config', 'show running-config diffs'] }])
  })

  test.each([
    ['nothing', '', ''],
    ['header lines alone', '--- flash:/startup-config\n+++ system:/running-config\n', ''],
    ['a change', '--- flash:/startup-config\n+++ system:/running-config\n+vlan 7\n', undefined],
  ])('unsaved: %s', async (_, diff, expected) => {
    const { leaf1 } = device([{ result: [text(''), text(RUNNING), text(diff)] }])
    expect((await leaf1.readConfig()).startupDiff).toBe(expected ?? diff)
  })
})

/** `show running-config diffs`, the command at this position counted from 1, is refused: what comes before it was answered. */
const noDiffs = (position: number, before: readonly string[]) => ({
  error: {
    code: 1000,
    message: `CLI command ${position} of ${position + 2} 'show running-config diffs' failed: could not run command`,
    data: [...before.map(text), { errors: ['Error opening flash:/startup-config (No such file or directory)'] }],
  },
})

describe('a switch that does not say how startup-config differs', () => {
  test('is read, saved and planned all the same', async () => {
    const { leaf1, asked } = device([
      noDiffs(3, ['', RUNNING]),
      noDiffs(4, ['', 'Copy completed successfully.\n', RUNNING]),
      noDiffs(9, ['', '', '', '', RUNNING, 'CANDIDATE\n', '', '']),
      { result: ['', CHECKPOINTS].map(text) },
    ])
    expect(await leaf1.readConfig()).toEqual({ running: RUNNING, startupDiff: undefined })
    expect(await leaf1.save()).toEqual({ running: RUNNING, startupDiff: undefined })
    const staged = await leaf1.stage({ session: 's-1', mode: 'merge', commands: [{ cmd: 'vlan 7' }] })
    expect(staged).toMatchObject({ running: RUNNING, startupDiff: undefined, candidate: 'CANDIDATE\n', diff: '' })
    expect(asked).toHaveLength(4)
  })

  test('is staged, and what is behind the refusal is asked again, in one request that goes on', async () => {
    const { leaf1, asked } = device([
      noDiffs(10, ['', '', '', '', RUNNING, 'CANDIDATE\n', '', '', CHECKPOINTS]),
      { result: ['', 'STARTUP\n'].map(text) },
    ])
    const staged = await leaf1.stage({ session: 's', mode: 'merge', commands: [{ cmd: 'vlan 7' }], checkpoint: 'c' })
    expect(staged).toMatchObject({ running: RUNNING, startupDiff: undefined, startup: 'STARTUP\n' })
    expect(asked[1]).toEqual({ format: 'text', stopOnError: false, cmds: ['enable', 'show startup-config'] })
  })

  test('and refuses to show running-config itself: refused', async () => {
    const errors = ['permission denied']
    const failed = { code: 1000, message: "CLI command 2 of 3 'x' failed: denied", data: [text(''), { errors }] }
    expect(await caught(device([{ error: failed }]).leaf1.readConfig())).toMatchObject({
      kind: 'refused',
      command: 'show running-config',
    })
  })
})

/** As recorded on 4.25, names and dates changed. */
const CHECKPOINTS = `Maximum number of checkpoints: 20
Filename                 Date                   User
---------------- ------------------------- -----------
ckp-20220805-3      2021-01-01 15:21:29      user1
eosflow-before      2021-08-08 13:50:00      eosflow
`

describe('staging', () => {
  const commands = [{ cmd: 'vlan 7' }, { cmd: 'name SEVEN' }, { cmd: 'banner login', input: 'hello\nthere' }]
  const DIFF = '--- system:/running-config\n+++ session:/s-1-session-config\n+vlan 7\n'

  test('a plan opens, loads, shows and aborts in one request', async () => {
    const { leaf1, asked } = device([
      { result: ['', '', '', '', '', '', RUNNING, 'CANDIDATE\n', DIFF, '', '', CHECKPOINTS].map(text) },
    ])
    const staged = await leaf1.stage({ session: 's-1', mode: 'merge', commands })
    expect(asked).toEqual([
      {
        format: 'text',
        cmds: [
          'enable',
          'configure session s-1',
          'vlan 7',
          'name SEVEN',
          { cmd: 'banner login', input: 'hello\nthere' },
          'end',
          'show running-config',
          'show session-config named s-1',
          'show session-config named s-1 diffs',
          'configure session s-1 abort',
          'show running-config diffs',
          'show configuration checkpoints',
        ],
      },
    ])
    expect(staged).toEqual({
      running: RUNNING,
      startupDiff: '',
      candidate: 'CANDIDATE\n',
      diff: DIFF,
      checkpoints: ['ckp-20220805-3', 'eosflow-before'],
    })
  })

  test('what the switch says at each line is kept with its place, without a secret of the line; a prompt for text is no word', async () => {
    const lines = [
      { cmd: 'hardware tcam' },
      { cmd: 'system profile vxlan-routing' },
      { cmd: 'ntp authentication-key 1 md5 0 Tiger' },
      { cmd: 'banner login', input: 'x' },
      { cmd: 'exit' },
    ]
    const tcam = 'WARNING!\nChanging TCAM profile will cause forwarding agent(s) to exit and restart.\nProceed [y/n]\n'
    const said = [
      text(''),
      text(tcam),
      { messages: ['key Tiger is weak'] },
      text("Enter TEXT message. Type 'EOF' on its own line to end.\n"),
      {},
    ]
    const shown = [RUNNING, '', 'CANDIDATE\n', DIFF, '', CHECKPOINTS].map(text)
    const { leaf1 } = device([{ result: [text(''), text(''), ...said, text(''), ...shown] }])
    const staged = await leaf1.stage({ session: 's-1', mode: 'merge', commands: lines })
    expect(staged.said).toEqual([
      {
        at: 2,
        text: 'WARNING!\nChanging TCAM profile will cause forwarding agent(s) to exit and restart.\nProceed [y/n]',
      },
      { at: 3, text: 'key <redacted> is weak' },
    ])
  })

  test('a plan of a switch that does not show its checkpoints is one all the same', async () => {
    const results = ['', '', '', '', '', '', RUNNING, 'CANDIDATE\n', DIFF, '', ''].map(text)
    const message = "CLI command 12 of 12 'show configuration checkpoints' failed: not authorized"
    const { leaf1 } = device([{ error: { code: 1005, message, data: [...results, { errors: ['not authorized'] }] } }])
    const staged = await leaf1.stage({ session: 's-1', mode: 'merge', commands })
    expect(staged).toEqual({ running: RUNNING, startupDiff: '', candidate: 'CANDIDATE\n', diff: DIFF })
  })

  test('a push of a replace starts from the clean configuration and keeps the session and a checkpoint', async () => {
    const shown = ['', '', '', '', '', RUNNING, 'CANDIDATE\n', '', '', CHECKPOINTS, '', 'STARTUP\n']
    const { leaf1, asked } = device([{ result: shown.map(text) }])
    const staged = await leaf1.stage({
      session: 's-2',
      mode: 'replace',
      commands: [{ cmd: 'hostname leaf1' }],
      checkpoint: 'eosflow-before',
    })
    expect(asked[0]?.cmds).toEqual(
      linesOf(`
      enable
      configure session s-2
      rollback clean-config
      hostname leaf1
      end
      show running-config
      show session-config named s-2
      show session-config named s-2 diffs
      configure checkpoint save eosflow-before
      show configuration checkpoints
      show running-config diffs
      show startup-config
    `),
    )
    expect(staged).toMatchObject({
      candidate: 'CANDIDATE\n',
      diff: '',
      checkpoints: ['ckp-20220805-3', 'eosflow-before'],
      startupDiff: '',
      startup: 'STARTUP\n',
    })
  })

  test('a refused line is named by its number and its words', async () => {
    const data = [...['', '', ''].map(text), { ...text('% x\n'), errors: ["Invalid input (at token 1: 'SEV')"] }]
    const { leaf1 } = device([
      { error: { code: 1002, message: "CLI command 4 of 11 'name SEVEN' failed: invalid command", data } },
    ])
    const error = await caught(leaf1.stage({ session: 's-3', mode: 'merge', commands }))
    expect(error).toMatchObject({ kind: 'refused', device: 'leaf1', command: 'name SEVEN', retryable: false })
    expect(error.message).toBe("leaf1 refused line 2 of the change, 'name SEVEN': Invalid input (at token 1: 'SEV')")
  })

  test('a session that cannot be opened is no line of the change', async () => {
    const errors = ['Maximum number of pending sessions has been reached']
    const { leaf1 } = device([
      {
        error: {
          code: 1000,
          message: "CLI command 2 of 11 'configure session s-4' failed: could not run command",
          data: [text(''), { errors }],
        },
      },
    ])
    const error = await caught(leaf1.stage({ session: 's-4', mode: 'merge', commands }))
    expect(error.message).toBe(
      "leaf1 refused 'configure session s-4': Maximum number of pending sessions has been reached",
    )
  })

  test.each(['a b', '', 'x\nreload', '-x'])('the session name %j is a bug', async (session) => {
    const { leaf1, asked } = device([])
    expect(await caught(leaf1.stage({ session, mode: 'merge', commands }))).toMatchObject({ kind: 'bug' })
    expect(asked).toEqual([])
  })
})

describe('a replay', () => {
  const SENT = linesOf(`
    enable
    configure session s-3
    rollback clean-config
    copy checkpoint:eosflow-before session-config
    end
    show session-config named s-3 diffs
    configure session s-3 abort
  `)
  const answered = (copy: string, diff: string) => [{ result: ['', '', '', copy, '', diff, ''].map(text) }]

  test('is one request, and without a word and a difference the switch can do it', async () => {
    const { leaf1, asked } = device(answered('Copy completed successfully.\n', '\n'))
    expect(await leaf1.replay('s-3', 'eosflow-before')).toEqual({ replays: 'yes' })
    expect(asked).toEqual([{ format: 'text', cmds: SENT }])
  })

  test.each([
    [
      'a line that is refused inside a copy that succeeds',
      '> no lldp transmit\n% Invalid input at line 12\nCopy completed successfully.\n',
      '--- system:/running-config\n+++ session:/s-3-session-config\n interface Management0\n-   no lldp transmit\n',
      ['> no lldp transmit', '% Invalid input at line 12', '-   no lldp transmit'],
    ],
    [
      'a difference alone',
      '',
      '+++ session:/s\n+ntp server 192.0.2.1 key 7 0822455D0A16\n',
      ['+ntp server 192.0.2.1 key 7 <redacted>'],
    ],
    ['a difference in a form that nobody knows', '', 'something else\n', ['the switch did not say which']],
  ])('%s: it cannot', async (_, copy, diff, lines) => {
    const { leaf1 } = device(answered(copy, diff))
    expect(await leaf1.replay('s-3', 'eosflow-before')).toEqual({ replays: 'no', lines })
  })

  test.each([
    [
      1000,
      ['> no lldp transmit', '% Invalid input at line 12'],
      { replays: 'no', lines: ['> no lldp transmit', '% Invalid input at line 12'] },
    ],
    [
      1002,
      ["Invalid input (at token 1: 'checkpoint:eosflow-before')"],
      { replays: 'unknown', reason: "Invalid input (at token 1: 'checkpoint:eosflow-before')" },
    ],
  ])('a copy that is refused with %d: its session is left, and said so', async (code, errors, expected) => {
    const data = [{}, text(''), text(''), { errors }]
    const { leaf1, asked } = device([
      { error: { code, message: "CLI command 4 of 7 'copy' failed: could not run command", data } },
    ])
    expect(await leaf1.replay('s-3', 'eosflow-before')).toEqual({ ...expected, isOpen: true })
    expect(asked).toHaveLength(1)
  })

  test('a session that cannot be opened is a refusal', async () => {
    const data = [{}, { errors: ['Maximum number of pending sessions has been reached'] }]
    const { leaf1 } = device([{ error: { code: 1000, message: "CLI command 2 of 7 'x' failed: no", data } }])
    expect(await caught(leaf1.replay('s-3', 'eosflow-before'))).toMatchObject({
      kind: 'refused',
      command: 'configure session s-3',
    })
  })
})

test('checkpoints are deleted by their names in one request, and one that is not there is a refusal', async () => {
  const gone = 'Error deleting checkpoint:eosflow-2 (No such file or directory)'
  const { leaf1, asked } = device([{ result: ['', '', ''].map(text) }, { result: ['', '', gone].map(text) }])
  await leaf1.removeCheckpoints(['eosflow-1', 'eosflow-2'])
  expect(asked).toEqual([
    { format: 'text', cmds: ['enable', 'delete checkpoint:eosflow-1', 'delete checkpoint:eosflow-2'] },
  ])
  const refused = await caught(leaf1.removeCheckpoints(['eosflow-1', 'eosflow-2']))
  expect(refused.message).toBe(`leaf1 refused 'delete checkpoint:eosflow-2': ${gone}`)
  expect(await caught(leaf1.removeCheckpoints(['a b']))).toMatchObject({ kind: 'bug' })
})

describe('the acts', () => {
  test.each([
    [1, '00:00:01'],
    [90, '00:01:30'],
    [600, '00:10:00'],
    [86_399, '23:59:59'],
  ])('a timer of %i s is armed as %s', async (seconds, word) => {
    const { leaf1, asked } = device([{ result: ['', RUNNING, ''].map(text) }])
    expect(await leaf1.arm('s', seconds)).toBe(RUNNING)
    expect(asked).toEqual([
      { format: 'text', cmds: ['enable', 'show running-config', `configure session s commit timer ${word}`] },
    ])
  })

  test.each([0, -1, 1.5, 86_400, Number.NaN])('a timer of %d s is a bug', async (seconds) => {
    expect(await caught(device([]).leaf1.arm('s', seconds))).toMatchObject({ kind: 'bug' })
  })

  test('a confirm tells the sessions by the time of its answer', async () => {
    const after = {
      ...NO_SESSIONS,
      sessions: { s: { state: 'completed' }, other: { state: 'pendingCommitTimer', commitBy: 1_700_005_010.75 } },
    }
    const { leaf1, asked } = device([{ result: [{}, VERSION, {}, after] }])
    const table = await leaf1.confirm('s')
    expect(asked).toEqual([
      { format: 'json', cmds: ['enable', SHOW_VERSION, 'configure session s commit', SHOW_SESSIONS] },
    ])
    expect(table.sessions).toEqual({ s: 'completed', other: 'armed' })
    expect(table.armed).toEqual({ session: 'other', secondsLeft: 10 })
  })

  test.each([
    ['arm', { result: ['', RUNNING, '% Cannot commit\n'].map(text) }, '% Cannot commit'],
    ['restore', { result: ['', RUNNING, 'ok\n% Invalid input at line 4\n'].map(text) }, '% Invalid input at line 4'],
  ] as const)('%s: trouble inside a successful result is a refusal', async (verb, answer, words) => {
    const { leaf1 } = device([answer])
    const error = await caught(verb === 'arm' ? leaf1.arm('s', 60) : leaf1.restore('c'))
    expect(error.kind).toBe('refused')
    expect(error.message).toContain(words)
  })

  test('a save reads both configurations back', async () => {
    const { leaf1, asked } = device([{ result: ['', 'Copy completed successfully.\n', RUNNING, ''].map(text) }])
    expect(await leaf1.save()).toEqual({ running: RUNNING, startupDiff: '' })
    expect(asked).toEqual([
      {
        format: 'text',
        cmds: ['enable', 'copy running-config startup-config', 'show running-config', 'show running-config diffs'],
      },
    ])
  })

  test('a save that says error in a successful result is refused', async () => {
    const said = '% Error copying system:/running-config to flash:/startup-config (No space left on device)\n'
    const { leaf1 } = device([{ result: ['', said, RUNNING, ''].map(text) }])
    expect(await caught(leaf1.save())).toMatchObject({
      kind: 'refused',
      command: 'copy running-config startup-config',
      message: `leaf1 refused 'copy running-config startup-config': ${said.trim()}`,
    })
  })
})

describe('entering privileged mode', () => {
  test('feeds the enable secret to the prompt, and never repeats it', async () => {
    const { leaf1, asked } = device(
      [
        {
          error: {
            code: 1005,
            message: "CLI command 1 of 3 'enable' failed: permission to run command denied",
            data: [{ errors: ['', "Cannot authenticate (input='s3cr3t-enable') with s3cr3t-enable"] }],
          },
        },
      ],
      { enable: new Secret('s3cr3t-enable') },
    )
    const error = await caught(leaf1.readConfig())
    expect(asked[0]?.cmds[0]).toEqual({ cmd: 'enable', input: 's3cr3t-enable' })
    expect(error).toMatchObject({
      kind: 'refused',
      command: 'enable',
      hint: 'Check the enable secret of the credentials.',
    })
    expect(error.message).toBe("leaf1 refused 'enable': Cannot authenticate (input=<redacted>) with <redacted>")
  })

  test('is left out where command authorization denies it', async () => {
    const { leaf1, asked } = device([{ result: [VERSION, NO_SESSIONS, { vlans: {} }] }], { sendEnable: false })
    expect((await leaf1.look([{ cmd: 'show vlan' }])).replies).toEqual([{ ok: true, json: { vlans: {} } }])
    expect(asked[0]?.cmds[0]).toEqual(SHOW_VERSION)
  })
})

describe('answers that are none', () => {
  test('a failure behind the last command of a request is not taken for success', async () => {
    const error = { code: 1002, message: "CLI command 9 of 9 'x' failed: invalid command", data: [{}, {}] }
    const { leaf1 } = device([{ error }, { error }, { error }])
    for (const act of [leaf1.arm('eosflow-1', 60), leaf1.abort('eosflow-1'), leaf1.restore('eosflow-1')]) {
      const thrown = await caught(act)
      expect(thrown.kind).toBe('protocol')
      expect(thrown.message).toMatch(/^leaf1: the answer is not what eAPI says: it says that command 9 of [23] failed$/)
    }
  })

  test('an announcement that fails does not count for a staging whose results are missing', async () => {
    const said = { code: 1002, message: "CLI command 11 of 11 'send log' failed: not authorized", data: [{}] }
    const body = ({ id }: { id: string }) => JSON.stringify({ jsonrpc: '2.0', id, error: said })
    const leaf1 = eapiDevice(
      { post: async (sent) => body(JSON.parse(sent)), close: () => undefined },
      { name: 'leaf1', fence: noFence, announce: 'execution 1' },
    )
    const staging = { session: 's', mode: 'merge', commands: [{ cmd: 'vlan 5' }], checkpoint: 'c' } as const
    const thrown = await caught(leaf1.stage(staging))
    expect(thrown).toMatchObject({ kind: 'protocol', device: 'leaf1' })
    expect(thrown.message).toContain('leaves out what became of the commands before')
  })

  test.each([
    ['HTML', '<html>login</html>', 'the body is not JSON'],
    ['a list', '[]', 'the body is not JSON'],
    ['another id', '{"jsonrpc":"2.0","id":"EapiExplorer-1","result":[{},{},{}]}', 'it answers another request'],
    [
      'the error of another request',
      '{"jsonrpc":"2.0","id":"EapiExplorer-1","error":{"code":1002,"message":"CLI command 2 of 3 \'show x\' failed: invalid command","data":[{},{"errors":["Invalid input"]}]}}',
      'it answers another request',
    ],
    ['too few results', '{"jsonrpc":"2.0","id":"eosflow-1","result":[{}]}', 'it does not hold 3 results'],
    [
      'a fault of the request',
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Expected field \'jsonrpc\' not specified"}}',
      "it refuses the request itself: Expected field 'jsonrpc' not specified (-32600)",
    ],
  ])('%s is a protocol error', async (_, body, what) => {
    const leaf1 = eapiDevice({ post: async () => body, close: () => undefined }, { name: 'leaf1', fence: noFence })
    const error = await caught(leaf1.readConfig())
    expect(error).toMatchObject({ kind: 'protocol', device: 'leaf1', retryable: false })
    expect(error.message).toBe(`leaf1: the answer is not what eAPI says: ${what}`)
  })
})

describe('an exchange of raw commands', () => {
  const commands = [{ cmd: 'show clock' }, { cmd: 'eosflowkit' }, { cmd: 'show users' }]

  test('gives the bytes that went and came, without the secret that enters privileged mode', async () => {
    const secret = 'cor"rect horse'
    const { leaf1, asked } = device([{ result: [text(''), text('noon\n')] }], { enable: new Secret(secret) })
    const { request, answer, outcomes } = await leaf1.exchange({
      commands: commands.slice(0, 1),
      format: 'text',
      refusals: 'stop',
    })
    expect(asked[0]?.cmds).toEqual([{ cmd: 'enable', input: secret }, 'show clock'])
    expect(request).toBe(
      '{"jsonrpc":"2.0","method":"runCmds","params":{"version":"latest","cmds":[{"cmd":"enable","input":"<redacted>"},"show clock"],"format":"text"},"id":"eosflow-1"}',
    )
    expect(answer).toBe('{"jsonrpc":"2.0","id":"eosflow-1","result":[{"output":""},{"output":"noon\\n"}]}')
    expect(outcomes).toEqual([{ ok: true, result: { output: 'noon\n' } }])
  })

  test('asks what may stand behind a line, and carries nothing out', async () => {
    const sent: string[] = []
    const answered =
      '{"jsonrpc":"2.0","id":"eosflow-1","result":{"complete":false,"completions":{"set":""},"errors":{}}}'
    const post = async (body: string) => {
      sent.push(body)
      return answered
    }
    const leaf1 = eapiDevice({ post, close: () => undefined }, { name: 'leaf1', fence: noFence })
    const request = '{"jsonrpc":"2.0","method":"getCommandCompletions","params":["clock "],"id":"eosflow-1"}'
    const asked = { commands: [{ cmd: 'clock ' }], format: 'completions', refusals: 'stop' } as const
    expect(await leaf1.exchange(asked)).toEqual({
      request,
      answer: answered,
      outcomes: [{ ok: true, result: { complete: false, completions: { set: '' }, errors: {} } }],
    })
    expect(sent).toEqual([request])
  })

  test.each([
    [
      'a switch that does not know the method',
      '{"jsonrpc":"2.0","id":"eosflow-1","error":{"code":-32601,"message":"Method not found"}}',
      'it refuses the request itself: Method not found',
    ],
    ['the answer to another request', '{"jsonrpc":"2.0","id":"eosflow-2","result":{}}', 'it answers another request'],
    ['no JSON', '<html>', 'the body is not JSON'],
  ])('about completions %s is a protocol error', async (_, body, what) => {
    const leaf1 = eapiDevice({ post: async () => body, close: () => undefined }, { name: 'leaf1', fence: noFence })
    const asked = { commands: [{ cmd: 'clock ' }], format: 'completions', refusals: 'stop' } as const
    expect((await caught(leaf1.exchange(asked))).message).toBe(`leaf1: the answer is not what eAPI says: ${what}`)
  })

  test('tells what each command was answered, with the code of the first that is refused', async () => {
    const data = [text(''), text('noon\n'), { errors: ['Invalid input'] }, { errors: ['Later'] }]
    const message = "CLI command 3 of 4 'eosflowkit' failed: invalid command"
    const { leaf1 } = device([{ error: { code: 1002, message, data } }])
    const { outcomes } = await leaf1.exchange({ commands, format: 'text', refusals: 'go-on' })
    expect(outcomes).toEqual([
      { ok: true, result: { output: 'noon\n' } },
      { ok: false, errors: ['Invalid input'], code: 1002 },
      { ok: false, errors: ['Later'] },
    ])
  })

  test('is refused where privileged mode is', async () => {
    const data = [{ errors: ['', 'Cannot authenticate'] }]
    const message = "CLI command 1 of 4 'enable' failed: permission to run command denied"
    const { leaf1 } = device([{ error: { code: 1005, message, data } }])
    const thrown = await caught(leaf1.exchange({ commands, format: 'text', refusals: 'stop' }))
    expect(thrown).toMatchObject({ kind: 'refused', device: 'leaf1' })
  })

  test('shows no owner session, so that a process that keeps one may not make it', async () => {
    const { leaf1, asked } = device([])
    const held = leaf1.heldBy('eosflow-1a2b3c4d-own1')
    expect(await caught(held.exchange({ commands, format: 'text', refusals: 'stop' }))).toMatchObject({ kind: 'bug' })
    expect(asked).toEqual([])
  })
})
