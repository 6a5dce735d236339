import { describe, expect, test } from 'vitest'
import { CONFIRMED_ONCE, exits, inventoryOf, type Lab, openLab } from '../lab/lab.ts'
import { openOnLeaf1 } from './rolled-out.ts'

const SETTINGS = "version: 1\nownerSession: true\nproven: { '4.31.4M': { owner: true } }\n"

/** The requests that leaf1 was sent, with the execution's sessions without its id. */
const sent = ({ fabric }: Lab) =>
  fabric
    .device('leaf1')
    .requests()
    .map(({ commands }) =>
      commands
        .map((command) => command.replace(/eosflow-[0-9a-f]{8}-/g, 'S-').replace(/eosflow-[0-9a-f]{8}/g, 'C'))
        .filter((command) => command !== 'enable')
        .join(' | '),
    )

const PROOF = 'show session-config named S-own1 diffs'

describe('a change under an owner session', () => {
  test('opens it before it stages, shows it in each request that writes, and ends it behind the save', async () => {
    const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
    await exits(0, lab.change())
    const requests = sent(lab)
    const writes = requests.filter((one) => /own1/.test(one))
    expect(writes.map((one) => one.split(' | ').slice(0, 2))).toEqual([
      ['configure session S-own1', 'end'],
      [PROOF, 'configure session S-2'],
      [PROOF, 'configure session S-3'],
      [PROOF, 'show running-config'],
      [PROOF, 'configure session S-2 commit'],
      [PROOF, 'copy running-config startup-config'],
      ['show running-config', 'configure session S-own1 abort'],
    ])
    expect(requests.findIndex((one) => one.startsWith(PROOF))).toBeGreaterThan(
      requests.indexOf('configure session S-own1 | end'),
    )
    expect(openOnLeaf1(lab)).toEqual([])
    const history = await lab.eosflow('history @latest')
    expect(history.out).toContain('under owner session eosflow-')
  })

  test('is the same where the answer to its opening is lost, and the switch shows it', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
    lab.fault({ device: 'leaf1', kind: 'lost-answer', command: '^configure session eosflow-\\S+-own1$' })
    await exits(0, lab.change())
    const requests = sent(lab)
    expect(requests.filter((one) => /^configure session S-own\d/.test(one))).toEqual(['configure session S-own1 | end'])
    expect(requests).toContain(`${PROOF} | configure session S-2 commit`)
    expect(openOnLeaf1(lab)).toEqual([])
  })

  test.each([
    ['the setting alone', 'version: 1\nownerSession: true\n'],
    ['another version', "version: 1\nownerSession: true\nproven: { '4.32.2F': { owner: true } }\n"],
    ['a refuted version', "version: 1\nownerSession: true\nproven: { '4.31.4M': { owner: false } }\n"],
    ['a proof without the setting', "version: 1\nproven: { '4.31.4M': { owner: true } }\n"],
  ])('opens none with %s', { tags: 'long' }, async (_, settings) => {
    const lab = openLab({ files: { 'eosflow.yaml': settings } })
    await exits(0, lab.change())
    expect(sent(lab).filter((one) => one.includes('own'))).toEqual([])
  })

  test('is refused where fewer than three places are free, before anything is staged: exit 9', async () => {
    const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
    const eapi = lab.device('leaf1').connect()
    for (const name of ['a', 'b', 'c']) {
      const cmds = ['enable', `configure session ${name}`, 'end']
      await eapi(JSON.stringify({ jsonrpc: '2.0', id: name, method: 'runCmds', params: { version: 1, cmds } }))
    }
    const { out } = await exits(9, lab.change())
    expect(out).toContain(
      'leaf1: 3 of 5 config sessions are pending, and a change under an owner session needs 3 places',
    )
    expect(openOnLeaf1(lab)).toEqual(['a', 'b', 'c'])
    expect(lab.commits('leaf1').timed).toBe(0)
  })

  test('opens a new one for the confirm where somebody has removed it, and ends well', {
    tags: ['long', 'turn'],
  }, async () => {
    let removed = 0
    const lab: Lab = openLab({
      before: async (_, device, commands) => {
        if (device !== 'leaf1' || removed > 0 || !commands.some((command) => / commit$/.test(command))) return
        removed += 1
        const own = commands.find((command) => command.includes('own1'))?.split(' ')[3] ?? ''
        const cmds = ['enable', `configure session ${own} abort`]
        const body = { jsonrpc: '2.0', id: 'x', method: 'runCmds', params: { version: 1, cmds } }
        await lab.device('leaf1').eapi(JSON.stringify(body))
      },
    })
    lab.write('eosflow.yaml', SETTINGS)
    const { code, out, err } = await lab.change()
    expect([code, removed], out + err).toEqual([0, 1])
    const confirms = sent(lab).filter((one) => / commit$/.test(one))
    expect(confirms).toEqual([
      `${PROOF} | configure session S-2 commit`,
      'show session-config named S-own2 diffs | configure session S-2 commit',
    ])
    expect(openOnLeaf1(lab)).toEqual([])
    expect(lab.commits('leaf1')).toEqual(CONFIRMED_ONCE)
  })

  test('ends it where the change is put back', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
    lab.fault({ device: 'leaf1', kind: 'refuse-commit', message: 'not now' })
    const { code } = await lab.change()
    expect(code).toBe(10)
    expect(sent(lab).filter((one) => one.includes('own')).length).toBeGreaterThanOrEqual(4)
    expect(openOnLeaf1(lab)).toEqual([])
  })

  test('is named where it could not be ended, and sessions gc removes it', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
    const refusal = { kind: 'refuse-command', command: 'own1 abort$', code: 1000, errors: ['no'] } as const
    for (const _ of [1, 2]) lab.fault({ device: 'leaf1', ...refusal })
    const { out } = await exits(0, lab.change())
    expect(openOnLeaf1(lab)).toEqual(['S-own1'])
    expect(out).toContain('leaf1: its owner session eosflow-')
    lab.clearFaults()
    const list = await lab.eosflow('sessions list -t leaf1')
    expect(list.out).toMatch(/eosflow-\S+-own1 +pending .*ours: execution \S+, owner session/)
    const scan = await lab.eosflow('recover --scan -t leaf1')
    expect(scan.out).toContain('is the empty session of a process that drives or drove an execution')
    await lab.ok('sessions gc -t leaf1')
    expect(openOnLeaf1(lab)).toEqual([])
  })
  test('[P20] stays open on record, and is named, where another switch answers between the look and its end', async () => {
    let isMoved = false
    let isBack = false
    const lab: Lab = openLab({
      before: (_lab, device, commands) => {
        isMoved ||= !isBack && device === 'leaf1' && commands.some((command) => command.endsWith('-own1 abort'))
      },
      answers: (_lab, name) => (isMoved && !isBack && name === 'leaf1' ? 'leaf3' : name),
    })
    lab.write('eosflow.yaml', SETTINGS)
    const { code, out, err } = await lab.change()
    expect([code, isMoved], out + err).toEqual([0, true])
    expect(out).toContain('leaf1: its owner session eosflow-')
    expect(openOnLeaf1(lab)).toEqual(['S-own1'])
    const asked = lab.device('leaf3').requests()
    expect(asked.filter(({ commands }) => commands.some((command) => command.endsWith('-own1 abort')))).toHaveLength(1)
    isBack = true
    await lab.ok('sessions gc -t leaf1')
    expect(openOnLeaf1(lab)).toEqual([])
  })

  test('[P20] is not looked for on another switch that answers behind the save, and is named', {
    tags: 'long',
  }, async () => {
    let isSaved = false
    let isMoved = false
    let isBack = false
    const lab: Lab = openLab({
      before: (_lab, device, commands) => {
        if (device !== 'leaf1') return
        isMoved ||= isSaved && commands.includes('show configuration sessions detail')
        isSaved ||= commands.some((command) => command === 'copy running-config startup-config')
      },
      answers: (_lab, name) => (isMoved && !isBack && name === 'leaf1' ? 'leaf3' : name),
    })
    lab.write('eosflow.yaml', SETTINGS)
    const { code, out, err } = await lab.change()
    expect([code, isMoved], out + err).toEqual([0, true])
    expect(out).toContain('leaf1: its owner session eosflow-')
    const asked = lab.device('leaf3').requests()
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter(({ kind }) => kind === 'write')).toEqual([])
    isBack = true
    await lab.ok('sessions gc -t leaf1')
    expect(openOnLeaf1(lab)).toEqual([])
  })
})

test('a switch over SSH is refused by name before the change begins: exit 3', async () => {
  const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
  const inventory = JSON.parse(inventoryOf(lab.fabric)) as { devices: Record<string, object> }
  const devices = { ...inventory.devices, leaf1: { host: '127.0.0.1', transport: 'ssh', port: 22 } }
  lab.write('inventory.yaml', JSON.stringify({ ...inventory, defaults: { credentials: 'sim' }, devices }))
  const { err } = await exits(3, lab.change())
  expect(err).toContain('`leaf1` is reached over SSH, which cannot heed an owner session')
  expect(err).toContain('switch `ownerSession` off in eosflow.yaml')
  const shown = await lab.eosflow('list')
  expect(shown.out).not.toContain('running')
})
