import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { leafLab } from '../../e2e/two-leaves.ts'
import { type Ended, exits, startBuilt, warns } from '../../lab/lab.ts'
import { eosflow } from './eosflow.ts'
import { openLeaves } from './running.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=120'

/** The one document on stdout. Throws when there is none, or more than one. */
const documentIn = ({ out }: Ended) => JSON.parse(out)

/** A project whose change was planned, approved and run. */
async function afterRun() {
  const bench = await openLeaves(2)
  await bench.eosflow(`plan ${CHANGE} -o p.plan`)
  await bench.eosflow('approve p.plan')
  await bench.ok('run p.plan')
  return bench
}

describe('[G70] --json prints one document', () => {
  test('for plan', async () => {
    const bench = await openLeaves(2)
    const printed = documentIn(await bench.eosflow(`plan ${CHANGE} --json`))
    expect(printed).toMatchObject({ version: 1, kind: 'plan', summary: { changed: 2, unchanged: 0 } })
    expect(printed.groups).toEqual([{ devices: ['leaf1', 'leaf2'], added: 2, removed: 0 }])
    expect((printed.plan as { digest: string }).digest).toBe(printed.digest)
  })

  test('for a plan that a switch refuses', { tags: 'long' }, async () => {
    const bench = await openLeaves(1)
    await bench.fault({ device: 'leaf1', kind: 'unreachable' })
    const ended = await bench.exits(10, `plan ${CHANGE} --json`)
    expect(documentIn(ended)).toMatchObject({
      version: 1,
      error: { kind: 'unreachable', device: 'leaf1' },
      exitCode: 10,
    })
  })

  test('for run, which waits, is refused, succeeds', { tags: 'long' }, async () => {
    const bench = await openLeaves(1)
    const waiting = documentIn(await bench.eosflow(`run ${CHANGE} --json`))
    expect(waiting).toMatchObject({ version: 1, kind: 'execution', status: 'running', outcome: null, exitCode: 12 })
    const wrong = await bench.eosflow(`run ${CHANGE} --json --approve`, `sha256:${'0'.repeat(64)}`)
    expect(documentIn(wrong)).toMatchObject({ outcome: 'refused', error: { kind: 'stale' }, exitCode: 5 })
    const right = await bench.eosflow(`run ${CHANGE} --json --approve`, String(waiting.plan))
    expect(documentIn(right)).toMatchObject({
      outcome: 'succeeded',
      plan: waiting.plan,
      devices: [{ name: 'leaf1', end: 'changed' }],
      error: null,
      exitCode: 0,
    })
  })

  test('for show, executions, history, approve, reject and resume', { tags: 'long' }, async () => {
    const bench = await afterRun()
    expect(documentIn(await bench.eosflow('show p.plan --json'))).toMatchObject({ version: 1, kind: 'plan' })
    const shown = documentIn(await bench.eosflow('show @latest --json'))
    expect(shown).toMatchObject({ version: 1, kind: 'execution', outcome: 'succeeded' })
    const { executions } = documentIn(await bench.eosflow('executions --json')) as { executions: { id: string }[] }
    expect(executions.map(({ id }) => id)).toEqual([shown.id])
    expect(documentIn(await bench.eosflow('resume --json'))).toEqual({ version: 1, execution: null, exitCode: 0 })
    const resumed = documentIn(await bench.eosflow('resume @latest --json'))
    expect(resumed).toEqual({ ...shown, exitCode: 0 })
    await bench.eosflow('plan workflows/add-vlan.yaml -p vlan=121 -o q.plan')
    for (const decision of ['approve', 'reject']) {
      const decided = documentIn(await bench.eosflow(decision, 'q.plan', '--json'))
      expect(decided).toMatchObject({ version: 1, decision, plan: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) })
    }
    expect(documentIn(await bench.eosflow('approve p.plan --json'))).toMatchObject({
      error: { kind: 'stale', message: `${shown.id} has made this change: there is nothing to approve` },
      exitCode: 5,
    })
    const history = documentIn(await bench.eosflow('history @latest --json')) as unknown as { type: string }[]
    expect(history.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['ExecutionStarted', 'ApprovalUsed', 'ActIntended', 'VerdictGiven', 'ExecutionEnded']),
    )
    for (const event of history) expect(Object.keys(event)).toEqual(expect.arrayContaining(['seq', 'at', 'execution']))
  })

  test.each([
    [['redrive --json'], "missing required argument 'execution'"],
    [['plann', '--json'], "unknown command 'plann'"],
    [['run x --nonsense --json'], "unknown option '--nonsense'"],
  ])('for bad usage: %j', async (argv, says) => {
    const bench = leafLab(1)
    const ended = await bench.exits(3, ...argv)
    expect(documentIn(ended)).toMatchObject({ version: 1, error: { kind: 'usage' }, exitCode: 3 })
    expect((documentIn(ended).error as { message: string }).message).toContain(says)
  })

  test('for an execution that is not there', async () => {
    const bench = leafLab(1)
    for (const command of ['show', 'history', 'resume', 'approve']) {
      const ended = await warns(
        3,
        bench.eosflow(command, '@latest', '--json'),
        '@latest: no execution has changed a switch yet, or tried to\n    eosflow executions and eosflow plans list them.',
      )
      expect(documentIn(ended)).toMatchObject({ error: { kind: 'input' }, exitCode: 3 })
    }
  })

  test('of the built command, with nothing else on stdout', { tags: 'long' }, async () => {
    const bench = await openLeaves(1)
    const { stdout } = await warns(
      0,
      eosflow(`plan ${CHANGE} --json`, { cwd: bench.dir }),
      /^\d\d:\d\d:\d\dZ add-vlan · execution /,
    )
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, kind: 'plan' })
    expect(stdout.endsWith('}\n')).toBe(true)
  })
})

describe('a result', () => {
  test('goes to stdout, progress to stderr; its last lines are a countable summary and what to paste next', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = leafLab(2)
    const id = String.raw`\d{8}-\d{6}-[0-9a-f]{8}`
    const digest = 'sha256:[0-9a-f]{64}'
    const count = String.raw`Plan: 2 switches to change, 0 unchanged · \+4 -0 lines`
    const planned = String.raw`${count}\nDigest: ${digest}\n`
    const ends: readonly (readonly [readonly string[], string])[] = [
      [[`plan ${CHANGE}`], String.raw`${count} · [0-9a-f]{8}\nNext: eosflow run ${CHANGE} --approve ${digest}\n`],
      [
        [`plan ${CHANGE} -o`, 'my plan.json'],
        `${planned}Next: eosflow approve 'my plan.json' && eosflow run 'my plan.json'\n`,
      ],
      [['show', 'my plan.json'], `${planned}Next: eosflow approve 'my plan.json' && eosflow run 'my plan.json'\n`],
      [
        ['run', 'my plan.json'],
        String.raw`Execution ${id}: waits for an approval · 2 switches: 2 untouched\nNext: eosflow approve (${id}) && eosflow resume \1\n`,
      ],
      [['executions'], String.raw`1 execution\nNext: eosflow approve (${id}) && eosflow resume \1\n`],
      [['approve @latest'], String.raw`approved [0-9a-f]{8} as local:\S+\nNext: eosflow resume ${id}\n`],
      [['resume'], String.raw`Execution ${id}: succeeded · 2 switches: 2 confirmed\nNext: eosflow show ${id}\n`],
      [['show @latest'], String.raw`Execution ${id}: succeeded · 2 switches: 2 confirmed\nNext: eosflow executions\n`],
      [['history @latest'], String.raw`\d+ events\nNext: eosflow show ${id}\n`],
      [['executions'], String.raw`1 execution\nNext: eosflow show ${id}\n`],
      [[`plan ${CHANGE}`], String.raw`Plan: 0 switches to change, 2 unchanged · \+0 -0 lines\nDigest: ${digest}\n`],
      [
        [`run ${CHANGE}`],
        String.raw`Execution ${id}: nothing to do · 2 switches: 2 unchanged\nNext: eosflow show ${id}\n`,
      ],
    ]
    for (const [argv, end] of ends) {
      const { out, err } = await bench.eosflow(...argv)
      expect(out, argv.join(' ')).toMatch(new RegExp(`(?:^|\n)${end}$`))
      expect(err, argv.join(' ')).not.toMatch(/^(?:Plan:|Execution|Next:)/m)
      expect(out, argv.join(' ')).not.toContain('committed under its timer')
    }
  })

  test('what it says to paste does what it says', { tags: ['long', 'turn'] }, async () => {
    const bench = leafLab(1)
    const next = ({ out }: Ended) => (/^Next: eosflow (.*)$/m.exec(out)?.[1] ?? '').split(' && eosflow ')
    const [line = ''] = next(await bench.eosflow(`plan ${CHANGE}`))
    await bench.ok(...line.split(' '))
    const waiting = await bench.eosflow('run workflows/add-vlan.yaml -p vlan=121')
    expect(next(waiting)).toHaveLength(2)
    for (const command of next(waiting)) await bench.ok(...command.split(' '))
  })

  test('[U21] a plan goes to no folder that is not there, and no switch is asked for it', async () => {
    const bench = leafLab(1)
    await warns(
      3,
      bench.eosflow(`plan ${CHANGE} -o plans/p.plan`),
      /^✖ plans\/p\.plan:1:1: cannot be written \(ENOENT\)\n/,
    )
    expect(bench.device('leaf1').counters().requests).toBe(0)
    const folder = await bench.exits(3, `plan ${CHANGE} -o workflows`)
    expect(folder.err.split('\n')[0]).toBe('✖ workflows: cannot be written (EISDIR)')
    expect(bench.device('leaf1').counters().requests).toBe(0)
  })

  test.skipIf(!existsSync('/dev/full'))(
    '[U21] a plan whose file fills the disk is in the store, and the switches were asked',
    async () => {
      const bench = leafLab(1)
      const { err } = await warns(
        1,
        bench.eosflow(`plan ${CHANGE} -o /dev/full`),
        /✖ store: \/dev\/full: cannot be written \(ENOSPC\)\n {4}The plan is in the store: eosflow show \S+\n/,
      )
      expect(bench.device('leaf1').counters().requests).toBeGreaterThan(0)
      expect(err).not.toContain('nothing was contacted')
    },
  )

  test('[G66] of a change goes on when nobody reads it any more', { tags: 'long' }, async () => {
    const bench = await openLeaves(1)
    await bench.eosflow(`plan ${CHANGE} -o p.plan`)
    await bench.eosflow('approve p.plan')
    const { child, ended } = startBuilt(bench.dir, ['run p.plan'])
    child.stdout?.destroy()
    child.stderr?.destroy()
    await exits(0, ended)
    expect(bench.commits('leaf1')).toEqual({ plain: 0, timed: 1, confirms: 1 })
  })
})
