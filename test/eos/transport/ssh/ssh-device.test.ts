import { describe, expect, test } from 'vitest'
import type { Device, SshTarget } from '../../../../src/eos/device/device.ts'
import { sshTransport } from '../../../../src/eos/transport/ssh/ssh-transport.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { type Answer, type Script, ScriptedShell, whileTimePasses } from './scripted-shell.ts'

const TARGET: SshTarget = {
  name: 'leaf1',
  host: '192.0.2.11',
  port: 22,
  transport: 'ssh',
  hostKey: { mode: 'known-hosts', file: 'known_hosts' },
}
const SESSION = 'eosflow-1a2b3c4d-1'
const OPEN = `configure session ${SESSION}`
const IN_SESSION = 'leaf1(config-s-eosflo)#'
const VERSION = `{"modelName": "vEOS", "version": "4.31.2F", "serialNumber": "", "systemMacAddress": "00:1c:73:00:00:01",
    "uptime": 100.5, "bootupTimestamp": 1760000000.0}\n`
const SESSIONS = '{"sessions": {}, "maxSavedSessions": 1, "maxOpenSessions": 5}\n'

/** What the switch answers unless a test says otherwise. */
const USUAL: Readonly<Record<string, Answer>> = {
  'terminal length 0': { prints: 'Pagination disabled.\n' },
  'terminal width 32767': { prints: 'Width set to 32767 columns.\n' },
  'show version | json': { prints: VERSION },
  'show configuration sessions detail | json': { prints: SESSIONS },
  [OPEN]: { prompt: IN_SESSION },
  end: { prompt: 'leaf1#' },
}
const SETUP = ['terminal length 0', 'terminal width 32767']

/** A switch that answers by a script, and everything that was typed to it, markers aside. */
function scripted(
  answers: Readonly<Record<string, Answer>>,
  more: Partial<Script> & { readonly enable?: string } = {},
) {
  const clock = new VirtualClock()
  const shells: ScriptedShell[] = []
  const transport = sshTransport({
    clock,
    nonce: () => '7f3a',
    openShell: async () => {
      const shell = new ScriptedShell({ clock, answer: (line) => ({ ...USUAL, ...answers })[line] ?? {}, ...more })
      shells.push(shell)
      return shell
    },
  })
  const connected = transport.connect(
    TARGET,
    {
      username: 'eosflow-rw',
      password: new Secret('Gj7-password'),
      ...(more.enable === undefined ? {} : { enable: new Secret(more.enable) }),
    },
    noFence,
  )
  return {
    shells,
    ask: async <T>(verb: (device: Device) => Promise<T>): Promise<T> => whileTimePasses(clock, verb(await connected)),
    typed: () => shells.map(({ commands }) => commands.filter((line) => !line.startsWith('!'))),
  }
}

const stage = (...cmds: string[]) => ({
  session: SESSION,
  mode: 'merge' as const,
  commands: cmds.map((cmd) => ({ cmd })),
})

describe('a look', () => {
  test('asks for models as the CLI gives them, the first revision where it is pinned, the latest where another is', async () => {
    const { ask, typed } = scripted({
      'show vlan | json version 1': { prints: '{\n    "vlans": {}\n}\n' },
      'show clock | json': { prints: '{\n    "errors": [\n        "This is an unconverted command"\n    ]\n}\n' },
      'show bogus | json': { prints: '% Invalid input\n' },
      'show tech | json': { prints: 'plain words\n' },
      'show mlag | json': { prints: '{"state": "disabled"}\n' },
    })
    const look = await ask((leaf1) =>
      leaf1.look([
        { cmd: 'show vlan', revision: 1 },
        { cmd: 'show clock' },
        { cmd: 'show bogus' },
        { cmd: 'show tech' },
        { cmd: 'show mlag', revision: 2 },
      ]),
    )
    expect(look.replies).toEqual([
      { ok: true, json: { vlans: {} } },
      { ok: false, error: 'This is an unconverted command' },
      { ok: false, error: 'Invalid input' },
      { ok: false, error: 'what it printed is no JSON' },
      { ok: true, json: { state: 'disabled' }, revision: 'latest' },
    ])
    expect(look).toMatchObject({
      identity: { serial: '', eos: '4.31.2F' },
      uptime: 100,
      sessions: { maxOpenSessions: 5 },
    })
    expect(typed()[0]?.slice(0, 3)).toEqual([...SETUP, 'show version | json'])
  })

  test('that is not answered is asked over a new shell the next time', async () => {
    const { ask, shells } = scripted({ 'show version | json': { prints: 'half', does: 'close' } })
    await expect(ask((leaf1) => leaf1.look([]))).rejects.toMatchObject({ kind: 'lost-answer', device: 'leaf1' })
    await expect(ask((leaf1) => leaf1.look([]))).rejects.toMatchObject({ kind: 'lost-answer' })
    expect(shells.length).toBe(2)
  })

  test('at the same time as another waits for it', async () => {
    const { ask, typed } = scripted({})
    const looks = await ask((leaf1) => Promise.all([leaf1.look([]), leaf1.look([])]))
    expect(looks.map(({ uptime }) => uptime)).toEqual([100, 100])
    const one = ['show version | json', 'show configuration sessions detail | json']
    expect(typed()).toEqual([[...SETUP, ...one, ...one]])
  })
})

describe('no line of a change is typed outside its session', () => {
  test.each([
    ['is refused', { prints: '% Maximum number of pending sessions has been reached\n' }, 'Maximum number of pending'],
    [
      'is refused without a sign',
      { prints: 'Maximum number of pending sessions has been reached\n' },
      'Maximum number',
    ],
    ['does nothing', {}, 'the CLI stays outside the session'],
    ['opens another mode', { prompt: 'leaf1(config)#' }, 'the CLI stays outside the session'],
  ] as const)('when opening it %s', async (_, answer, message) => {
    const { ask, typed } = scripted({ [OPEN]: answer })
    await expect(ask((leaf1) => leaf1.stage(stage('vlan 20', 'reload now')))).rejects.toMatchObject({
      kind: 'refused',
      command: OPEN,
      message: expect.stringContaining(message),
    })
    expect(typed()[0]?.filter((line) => line !== 'end')).toEqual([...SETUP, OPEN])
  })

  test('when a line leaves it', async () => {
    const { ask, typed } = scripted({ exit: { prompt: 'leaf1#' } })
    await expect(ask((leaf1) => leaf1.stage(stage('vlan 20', 'exit', 'reload now')))).rejects.toMatchObject({
      kind: 'refused',
      message: "line 2 of the change, 'exit', left the config session of leaf1",
    })
    expect(typed()[0]).toEqual([...SETUP, OPEN, 'vlan 20', 'exit'])
  })
})

describe('a refused line', () => {
  test('is the one that is named among many, and the CLI is in exec mode afterwards', async () => {
    const lines = Array.from({ length: 90 }, (_, n) => `vlan ${n + 100}`)
    const { ask, typed } = scripted({ 'vlan 171': { prints: '% VLAN 171 is reserved\n' } })
    const thrown = ask((leaf1) => leaf1.stage(stage(...lines)))
    await expect(thrown).rejects.toMatchObject({
      kind: 'refused',
      command: 'vlan 171',
      message: "leaf1 refused line 72 of the change, 'vlan 171': VLAN 171 is reserved",
    })
    expect(typed()[0]?.at(-1)).toBe('end')
    await ask((leaf1) => leaf1.abort(SESSION))
    expect(typed()).toHaveLength(1)
  })

  test('that holds a secret is named without it, and so are its neighbours', async () => {
    const lines = [
      'username a secret sha512 $6$canaryA',
      'username b secret sha512 $6$canaryB',
      'snmp-server community canaryC',
    ]
    const { ask } = scripted(
      { 'username b secret sha512 $6$canaryB': { prints: "% Invalid secret '$6$canaryB'\n" } },
      { echoesEarly: true, delay: 20 },
    )
    const thrown: unknown = await ask((leaf1) => leaf1.stage(stage(...lines))).catch((error: unknown) => error)
    expect(thrown).toMatchObject({
      message: "leaf1 refused line 2 of the change, 'username b secret <redacted>': Invalid secret '<redacted>'",
    })
    expect(JSON.stringify(thrown)).not.toMatch(/canary|Gj7/)
  })

  test('of a text is named, and its text is not typed', async () => {
    const { ask, shells } = scripted({ 'banner login': { prints: '% Ambiguous command\n' } })
    const commands = [{ cmd: 'vlan 20' }, { cmd: 'banner login', input: 'reload now\nwrite' }]
    await expect(ask((leaf1) => leaf1.stage({ ...stage(), commands }))).rejects.toMatchObject({
      message: "leaf1 refused line 2 of the change, 'banner login': Ambiguous command",
    })
    expect(shells[0]?.typed).not.toContain('reload')
  })
})

describe('what a terminal would take otherwise', () => {
  test.each([
    ['a question mark', { cmd: 'description what?' }],
    ['a tab', { cmd: 'description\tx' }],
    ['a line feed', { cmd: 'description x\nreload now' }],
    ['an escape in a text', { cmd: 'banner login', input: 'x\u001by' }],
    ['the end of a text', { cmd: 'banner login', input: 'x\u0004reload now' }],
  ])('is not typed at all: %s', async (_, command) => {
    const { ask, typed } = scripted({})
    await expect(
      ask((leaf1) => leaf1.stage({ ...stage(), commands: [{ cmd: 'vlan 20' }, command] })),
    ).rejects.toMatchObject({
      kind: 'guard',
      device: 'leaf1',
    })
    expect(typed()).toEqual([SETUP])
  })
})

describe('privileged mode', () => {
  const asks = (right: string): Readonly<Record<string, Answer>> => ({
    enable: { reads: 'secret' },
    [right]: { prompt: 'leaf1#' },
  })

  test('is entered with the secret, which is echoed nowhere', async () => {
    const { ask, typed } = scripted(asks('Gj7-enable'), { prompt: 'leaf1>', enable: 'Gj7-enable' })
    expect((await ask((leaf1) => leaf1.look([]))).uptime).toBe(100)
    expect(typed()[0]?.slice(0, 3)).toEqual(['enable', ...SETUP])
  })

  test('that wants a secret where there is none is refused with the mend', async () => {
    const { ask, shells } = scripted(asks('Gj7-enable'), { prompt: 'leaf1>' })
    await expect(ask((leaf1) => leaf1.look([]))).rejects.toMatchObject({
      kind: 'refused',
      command: 'enable',
      hint: expect.stringContaining('Give the enable secret'),
    })
    expect(shells[0]?.typed).not.toContain('Gj7')
  })

  test('that does not take the secret is refused without it', async () => {
    const { ask } = scripted(
      { enable: { reads: 'secret' }, 'Gj7-wrong': { prints: '% Bad secret\n' } },
      { prompt: 'leaf1>', enable: 'Gj7-wrong' },
    )
    const thrown: unknown = await ask((leaf1) => leaf1.look([])).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ kind: 'refused', message: "leaf1 refused 'enable': Bad secret" })
    expect(JSON.stringify(thrown)).not.toContain('Gj7')
  })
})

test('a login that never prompts was nothing but a login', async () => {
  const { ask } = scripted({}, { mute: true })
  await expect(ask((leaf1) => leaf1.abort(SESSION))).rejects.toMatchObject({ kind: 'unreachable', retryable: true })
})

test('a banner in a running-config is no error, and an empty difference none', async () => {
  const config = '! Command: show running-config\nbanner motd\n% Invalid input\nEOF\n!\nend\n'
  const { ask } = scripted({ 'show running-config': { prints: config }, 'show running-config diffs': { prints: '\n' } })
  expect(await ask((leaf1) => leaf1.readConfig())).toEqual({ running: config, startupDiff: '' })
})

test('a copy that complains among its words is refused', async () => {
  const { ask } = scripted({ 'copy running-config startup-config': { prints: 'Error: no space left on device\n' } })
  await expect(ask((leaf1) => leaf1.save())).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('no space'),
  })
})

test('nothing is typed into a shell that opens when the device is closed, and the shell is closed', async () => {
  const clock = new VirtualClock()
  const shell = new ScriptedShell({ clock, answer: (line) => USUAL[line] ?? {} })
  let isClosed = false
  const channel = Object.assign(shell, {
    close: () => {
      isClosed = true
    },
  })
  let opens: () => void = () => undefined
  const opening = new Promise<ScriptedShell>((resolve) => {
    opens = () => resolve(channel)
  })
  let hasBegun = false
  const openShell = (): Promise<ScriptedShell> => {
    hasBegun = true
    return opening
  }
  const transport = sshTransport({ clock, nonce: () => '7f3a', openShell })
  const device = await transport.connect(TARGET, { username: 'ops', password: new Secret('Gj7-password') }, noFence)
  const waits = device.look([]).catch((error: unknown) => error)
  while (!hasBegun) await new Promise((resolve) => setImmediate(resolve))
  await device.close()
  opens()
  expect(await whileTimePasses(clock, waits)).toMatchObject({ kind: 'cancelled', device: 'leaf1' })
  expect([isClosed, shell.typed]).toEqual([true, ''])
})
