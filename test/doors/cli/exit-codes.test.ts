import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { alterStore } from '../../change/record/store-file.ts'
import { ADD_VLAN, leaves, PROJECT_FILES } from '../../e2e/two-leaves.ts'
import { everyNthOfLong } from '../../extent.ts'
import { type Ended, exits, fileText, inProcess, type Lab, openLab, type SocketLab, startBuilt } from '../../lab/lab.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=120'

/** One way to an exit code: what is done, and what is said. Without `over` its switches are in memory. */
interface Case {
  readonly code: number
  readonly when: string
  readonly over?: 'sockets'
  readonly switches?: 2
  readonly files?: Readonly<Record<string, string>>
  readonly run: (bench: Bench) => Promise<Ended>
  readonly says: RegExp
}

type Bench = Lab | SocketLab

/** The built command, which passes its code on; so is what a signal ends. */
const asProcess = (bench: Bench, ...argv: readonly string[]) => startBuilt(bench.dir, argv).ended as Promise<Ended>

/** The digest of the plan that a saved plan holds. */
async function planned(bench: Bench) {
  await bench.ok(`plan ${CHANGE} -o p.plan`)
  return JSON.parse(fileText(bench.dir, 'p.plan')).digest as string
}

async function approved(bench: Bench) {
  await planned(bench)
  await bench.ok('approve p.plan')
}

const brokenAfterCommit = (bench: Bench) =>
  bench.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 120'] })

/** Does something once it is so. */
function once(isSo: () => boolean, act: () => unknown) {
  const watch = setInterval(() => {
    if (!isSo()) return
    clearInterval(watch)
    act()
  }, 1)
}

/** Another person types the first line of the change again as soon as the session is aborted, before it is read back. */
async function changedBackByHand(bench: Bench) {
  const { fabric } = bench
  const { sessions } = fabric.device('leaf1').switch
  await brokenAfterCommit(bench)
  await approved(bench)
  const running = bench.eosflow('run p.plan')
  once(
    () => sessions.timer !== undefined,
    async () => {
      await fabric.fault({ device: 'leaf1', kind: 'slow', before: 0.05, command: 'show running-config$' })
      once(
        () => sessions.timer === undefined,
        () => fabric.fault({ device: 'leaf1', kind: 'hand-edit', lines: ['vlan 120', 'name MINE'] }),
      )
    },
  )
  const ended = await running
  await bench.eosflow('show @latest')
  return ended
}

const CASES: readonly Case[] = [
  {
    code: 0,
    when: 'the change is confirmed',
    run: async (bench) => bench.eosflow(`run ${CHANGE} --approve`, await planned(bench)),
    says: /succeeded · 1 switch: 1 confirmed\nNext: eosflow show \d{8}-\d{6}-[0-9a-f]{8}\n/,
  },
  {
    code: 0,
    when: 'there is nothing to change',
    run: async (bench) => {
      await bench.eosflow(`run ${CHANGE} --approve`, await planned(bench))
      return bench.eosflow(`run ${CHANGE}`)
    },
    says: /nothing to do · 1 switch: 1 unchanged/,
  },
  {
    code: 1,
    when: 'the store is a directory',
    run: async (bench) => {
      mkdirSync(join(bench.dir, 'folder'))
      return bench.eosflow('executions --store folder')
    },
    says: /✖ store: .*folder.*EISDIR[\s\S]* {4}.*--store/,
  },
  {
    code: 2,
    when: 'the plan has changes',
    run: (bench) => bench.eosflow(`plan ${CHANGE} --detailed-exitcode`),
    says: /Plan: 1 switch to change, 0 unchanged · \+2 -0 lines · [0-9a-f]{8}\n/,
  },
  {
    code: 3,
    when: 'the workflow has a misspelt key',
    files: { 'workflows/add-vlan.yaml': ADD_VLAN.replace('targets:', 'tragets:') },
    run: (bench) => bench.eosflow(`plan ${CHANGE}`),
    says: /^✖ workflows\/add-vlan\.yaml:5:1: .*tragets/m,
  },
  {
    code: 3,
    when: 'the flag is unknown',
    run: (bench) => asProcess(bench, 'plan', '--offlin'),
    says: /plan has no such option/,
  },
  {
    code: 4,
    when: 'the plan is rejected',
    run: async (bench) => {
      await planned(bench)
      await bench.ok('reject p.plan --comment', 'wrong VLAN')
      return bench.eosflow('run p.plan')
    },
    says: /rejected this plan: wrong VLAN\nA rejection is final: plan again\./,
  },
  {
    code: 4,
    when: 'the recorded approval was altered',
    run: async (bench) => {
      await approved(bench)
      const store = join(bench.dir, '.eosflow/store.db')
      alterStore(store, `UPDATE register SET body = replace(body, '"maxRuns":1', '"maxRuns":9')`)
      return bench.eosflow('run p.plan')
    },
    says: /a recorded decision about this plan was altered after it was made/,
  },
  {
    code: 5,
    when: 'another digest is approved',
    run: async (bench) => {
      await planned(bench)
      return bench.eosflow('run p.plan --approve', `sha256:${'0'.repeat(64)}`)
    },
    says: /the plan's digest is sha256:[0-9a-f]{64}, not sha256:0{64}\n {4}It is the digest of another plan/,
  },
  {
    code: 5,
    when: 'the switch drifted',
    run: async (bench) => {
      await approved(bench)
      await bench.fault({ device: 'leaf1', kind: 'hand-edit', lines: ['vlan 999'] })
      const { switch: device } = bench.device('leaf1')
      device.config.save(device.now)
      return bench.eosflow('run p.plan')
    },
    says: /leaf1: running-config has changed since the plan was made:\n {4}\+vlan 999\n/,
  },
  {
    code: 6,
    when: 'verification fails',
    over: 'sockets',
    run: async (bench) => {
      await brokenAfterCommit(bench)
      await approved(bench)
      return asProcess(bench, 'run', 'p.plan')
    },
    says: /leaf1 +↺ put back .*BEFORE: configuration read back, network (?:as before|not looked at)\n\nleaf1: not good within 2 s: vlans-present: VLAN 120 [\s\S]*rolled back · 1 switch: 1 put back/,
  },
  {
    code: 7,
    when: 'a switch shows neither what was before nor the change',
    over: 'sockets',
    run: changedBackByHand,
    says: /\? leaf1: .*neither the one before nor.*Log in to leaf1[\s\S]*UNKNOWN: a person is needed · 1 switch: 1 unknown/,
  },
  {
    code: 9,
    when: 'somebody else runs a commit timer',
    run: async (bench) => {
      await bench.fault({ device: 'leaf1', kind: 'foreign-timer', seconds: 300, session: 'cvp-7' })
      const ended = await bench.eosflow(`plan ${CHANGE}`)
      bench.device('leaf1').switch.sessions.abort('cvp-7', { user: 'cvpadmin', from: 'test' })
      return ended
    },
    says: /leaf1: session cvp-7 is under a commit timer, (?:29\d|300) s left/,
  },
  {
    code: 10,
    when: 'the second of two switches cannot be reached',
    switches: 2,
    run: async (bench) => {
      await bench.fault({ device: 'leaf2', kind: 'unreachable' })
      return bench.eosflow(`run ${CHANGE}`)
    },
    says: /leaf2/,
  },
  {
    code: 10,
    when: 'the switch refuses a line',
    run: async (bench) => {
      await bench.fault({ device: 'leaf1', kind: 'refuse-line', line: 2, message: '% Name already in use' })
      return bench.eosflow(`plan ${CHANGE}`)
    },
    says: /leaf1: .*name TENANT-A[\s\S]*Name already in use/,
  },
  {
    code: 11,
    when: 'it is interrupted while it verifies',
    over: 'sockets',
    run: async (bench) => {
      await brokenAfterCommit(bench)
      await approved(bench)
      const running = startBuilt(bench.dir, ['run', 'p.plan'])
      await running.said(/vlans-present: VLAN 120/)
      running.kill('SIGINT')
      return (await running.ended) as Ended
    },
    says: /stopping: every touched switch is put back[\s\S]*cancelled · 1 switch: 1 put back/,
  },
  {
    code: 12,
    when: 'nobody is asked for the approval',
    run: (bench) => bench.eosflow(`run ${CHANGE} --detach`),
    says: /waiting for an approval of sha256:[0-9a-f]{64}[\s\S]*Next: eosflow approve (\S+) && eosflow resume \1\n/,
  },
]

/** Codes that no command gives here: 8 needs a workflow that tolerates failures, 13 a database that is away (test/project/worker/clients.postgres.ts). */
const NOT_YET: readonly number[] = [8, 13]

describe('[G63] the built command exits', () => {
  test.each(everyNthOfLong(2, 'ends of the built command', CASES))(
    '$code when $when',
    { tags: 'long' },
    async ({ code, over, switches = 1 as const, files, run, says }) => {
      const project = { ...PROJECT_FILES, switches: leaves(switches), files: { ...PROJECT_FILES.files, ...files } }
      const { out, err } = await exits(
        code,
        run(over === undefined ? openLab(project) : await openLab({ world: over, ...project })),
      )
      expect(`${err}\n${out}`).toMatch(says)
    },
  )

  test('with every code that `help exit-codes` lists, but for those named as not built yet', async () => {
    const { stdout } = await inProcess('help exit-codes')
    const listed = stdout
      .trimEnd()
      .split('\n')
      .map((row) => Number(/^ *(\d+) {2}\S/.exec(row)?.[1]))
    expect(listed).toHaveLength(14)
    const seen = [...new Set([...CASES.map(({ code }) => code), ...NOT_YET])].toSorted((a, b) => a - b)
    expect(seen).toEqual(listed)
  })
})
