import { expect, test } from 'vitest'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { extentOfLong } from '../extent.ts'
import {
  DC1,
  isSaved,
  type Lab,
  type LabOptions,
  openLab,
  PUT_BACK_ONCE,
  sshInventoryOf,
  whereIs,
  withConnects,
  workflowFor,
} from '../lab/lab.ts'

const TIMED = /^configure session \S+ commit timer /
const CONFIRM = /^configure session \S+ commit$/
const WATCHED = '{ within: 30s, stableFor: 6s, every: 2s, checks: [reachable, { vlans-present: { vlans: [998] } }] }'
/** A lab in which leaf1 takes no new login from a request of it on. */
function closing(at: RegExp, window: Pick<DeviceFault & { kind: 'no-new-login' }, 'after' | 'for'>, workflow: string) {
  let isSet = false
  const options: LabOptions = {
    workflow,
    before: (lab, name, commands) => {
      if (isSet || name !== 'leaf1' || !commands.some((command) => at.test(command))) return
      isSet = true
      lab.fault({ device: 'leaf1', kind: 'no-new-login', ...window })
    },
  }
  return openLab(options)
}

/** How a change of leaf1 ended, and how many seconds the command took. */
async function changed(lab: Lab) {
  const began = lab.clock.monotonic()
  const { code, out, err } = await lab.change()
  const leaf1 = lab.device('leaf1')
  const seconds = (lab.clock.monotonic() - began) / 1000
  return {
    code,
    said: out + err,
    seconds,
    is: whereIs(leaf1),
    saved: isSaved(leaf1),
    commits: leaf1.counters().commits,
  }
}

test('[F13] [P9] a change that ends new logins a second after its commit is put back over the connection that is', async () => {
  const lab = closing(TIMED, { after: 1 }, workflowFor('leaf1', { verify: WATCHED }))
  const { said, seconds, ...ended } = await changed(lab)
  expect(ended).toEqual({ code: 6, is: 'BEFORE', saved: true, commits: PUT_BACK_ONCE })
  expect(said).toContain('leaf1 reachable: no answer to a new login')
  expect(said).toContain('leaf1: not good within 30 s')
  // Long before the commit timer of five minutes: nobody waited for it.
  expect(seconds).toBeLessThan(60)
})

test('[F13] one that ends them with its commit is put back as well, without waiting for the commit timer', async () => {
  const lab = closing(TIMED, {}, workflowFor('leaf1', { verify: WATCHED }))
  const { said, seconds, ...ended } = await changed(lab)
  expect(ended).toEqual({ code: 6, is: 'BEFORE', saved: true, commits: PUT_BACK_ONCE })
  expect(seconds).toBeLessThan(60)
})

test.each([
  ['when the network has settled', { after: 1, for: 12 }],
  ['right behind the commit', { for: 5 }],
])('new logins that are refused for a while, %s, are waited for', { tags: 'long' }, async (_, window) => {
  const ended = await changed(closing(TIMED, window, workflowFor('leaf1', { verify: WATCHED })))
  expect(ended, ended.said).toMatchObject({ code: 0, is: 'AFTER', saved: true })
  expect(ended.said).toContain('leaf1 reachable: no answer to a new login')
})

test('[F13] a single switch is confirmed and saved over the connection that its last round has proven', {
  tags: 'long',
}, async () => {
  const asked: string[] = []
  let connections = 0
  const lab = openLab({
    workflow: workflowFor('leaf1', { verify: WATCHED }),
    seams: withConnects({
      device: (device) => {
        const { look, confirm, save } = device
        const number = ++connections
        return Object.assign(device, {
          look: (...of: Parameters<typeof look>) => noted(`look ${number}`, look.apply(device, of)),
          confirm: (...of: Parameters<typeof confirm>) => noted(`confirm ${number}`, confirm.apply(device, of)),
          save: () => noted(`save ${number}`, save.apply(device)),
        })
      },
    }),
  })
  const noted = <T>(what: string, answer: T) => {
    asked.push(what)
    return answer
  }
  const ended = await changed(lab)
  expect(ended, ended.said).toMatchObject({ code: 0, is: 'AFTER', saved: true })
  // Before the commit; from the first round on; the round that decides, and what it allows.
  expect([...new Set(asked)]).toEqual(['look 1', 'look 2', 'look 3', 'confirm 3', 'save 3'])
})

test('a switch that takes no login any more from its confirm on is confirmed and saved all the same', {
  tags: ['long', 'turn'],
}, async () => {
  const ended = await changed(closing(CONFIRM, {}, workflowFor('leaf1', { verify: WATCHED })))
  expect(ended, ended.said).toMatchObject({ code: 0, is: 'AFTER', saved: true })
})

const ABORT = /^configure session \S+ abort$/
const BACK_AT_ONCE = { code: 6, is: 'BEFORE', saved: true, commits: PUT_BACK_ONCE }

test.each([
  ['refuses the abort once', { kind: 'refuse-command', command: ABORT.source, code: 1000, errors: ['internal error'] }],
  ['answers once through its web server alone', { kind: 'http-status', status: 503 }],
] as const)(
  'a switch that takes no new login and %s is put back over the connection that is',
  { tags: ['long', 'turn'] },
  async (_, fault) => {
    let isArmed = false
    let isSet = false
    const lab = openLab({
      workflow: workflowFor('leaf1', { verify: WATCHED }),
      before: (its, device, commands) => {
        if (device === 'leaf1' && commands.some((command) => TIMED.test(command))) {
          isArmed = true
          its.fault({ device, kind: 'no-new-login' })
        }
        if (!isArmed || isSet || !commands.some((command) => ABORT.test(command))) return
        isSet = true
        its.fault({ device, ...fault, ...(fault.kind === 'refuse-command' ? { errors: [...fault.errors] } : {}) })
      },
    })
    const { said, seconds, ...ended } = await changed(lab)
    expect(isSet).toBe(true)
    expect(ended, said).toEqual(BACK_AT_ONCE)
    expect(said).not.toContain('management-lost')
    // Long before the commit timer of five minutes.
    expect(seconds).toBeLessThan(60)
  },
)

test('a read that the web server answers is asked again over the connection that is', {
  tags: ['long', 'turn'],
}, async () => {
  let isArmed = false
  let reads = 0
  const lab = openLab({
    workflow: workflowFor('leaf1', { verify: WATCHED }),
    before: (its, device, commands) => {
      if (device === 'leaf1' && commands.some((command) => TIMED.test(command))) {
        isArmed = true
        its.fault({ device, kind: 'no-new-login' })
      }
      if (!isArmed || !commands.includes('show running-config') || commands.some((command) => TIMED.test(command)))
        return
      reads += 1
      if (reads === 1) its.fault({ device, kind: 'http-status', status: 503 })
    },
  })
  const { said, seconds, ...ended } = await changed(lab)
  expect(reads).toBeGreaterThan(1)
  expect(ended, said).toEqual(BACK_AT_ONCE)
  expect(seconds).toBeLessThan(60)
})

test('[F13] before several switches are confirmed each is logged in to anew: one that takes no login stops all', async () => {
  const workflow = workflowFor('leaf1 or leaf3', { verify: WATCHED }).replace(
    '  - confirm',
    '  - wait: 1m\n  - confirm',
  )
  const lab = closing(TIMED, { after: 40 }, workflow)
  const { said, ...ended } = await changed(lab)
  expect(ended).toMatchObject({ code: 6, is: 'BEFORE', saved: true, commits: PUT_BACK_ONCE })
  expect(said).toContain('leaf1: no answer to a new login before the confirm')
  expect(lab.whereIs('leaf3')).toBe('BEFORE')
  expect(lab.commits('leaf3')).toEqual(PUT_BACK_ONCE)
})

test.each(extentOfLong(['ssh'], ['eapi', 'ssh']))(
  '[P9] over %s, with real connections',
  { tags: 'long' },
  async (transport) => {
    const verify = WATCHED.replace('30s', '5s').replace('6s', '2s').replace('every: 2s', 'every: 1s')
    const bench = await openLab({
      world: 'sockets',
      switches: { folder: DC1 },
      files: { 'workflow.yaml': workflowFor('leaf1', { verify }) },
    })
    if (transport === 'ssh') bench.write('inventory.yaml', sshInventoryOf(bench.fabric))
    const leaf1 = bench.device('leaf1')
    const running = bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml')
    while (leaf1.counters().commits.timed === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await bench.fault({ device: 'leaf1', kind: 'no-new-login', after: 1 })
    const { code, out, err } = await running
    expect(out + err).toContain('leaf1 reachable: no answer to a new login')
    expect(code).toBe(6)
    expect(whereIs(leaf1)).toBe('BEFORE')
    expect(leaf1.counters().commits).toEqual(PUT_BACK_ONCE)
  },
)

const endOf = (lab: Lab) => {
  const leaf1 = lab.device('leaf1')
  return [whereIs(leaf1), isSaved(leaf1)]
}

test('[P20] a new login that another switch answers is not taken up, and the old one puts the change back', {
  tags: 'long',
}, async () => {
  let isArmed = false
  const lab = openLab({
    before: (_, name, commands) => {
      if (name === 'leaf1' && commands.some((one) => /commit timer/.test(one))) isArmed = true
    },
    // Who logs in behind the commit reaches leaf3 at the address of leaf1.
    seams: withConnects({
      at: (target) => (isArmed && target.name === 'leaf1' ? { ...target, name: 'leaf3' } : target),
    }),
  })
  const { code, out, err } = await lab.change()
  expect(out + err).toContain('leaf1: another switch answers')
  expect(code).toBe(6)
  expect(endOf(lab)).toEqual(['BEFORE', true])
  expect(lab.whereIs('leaf3')).toBe('BEFORE')
})
