import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { GRAVEST_FIRST } from '../../../src/doors/cli/outcome/exit-code.ts'
import { FORGE_KINDS } from '../../../src/model/forge.ts'
import { GITHUB_PIPELINES } from '../../../src/report/ci/github.ts'
import { GITLAB_PIPELINES } from '../../../src/report/ci/gitlab.ts'
import { PINNED_ACTIONS } from '../../../src/report/ci/pinned-actions.ts'
import { CI } from '../../../src/report/new-project/ci.ts'
import { gitIn } from '../../doors/cli/git-tree.ts'
import { everyNth } from '../../extent.ts'
import { exits, fileText, prints, temporaryFolder, writeFiles } from '../../lab/lab.ts'
import { type JobName, type Merge, type PipelineSite, pipelineSite, stepsOf } from './pipeline-site.ts'
import { PEOPLE, type Pull } from './world.ts'

const { bob } = PEOPLE
const JOBS: readonly JobName[] = ['test', 'plan', 'apply', 'night']

describe('the pipelines of GitHub, that of a new project among them', () => {
  const texts = [...Object.values(GITHUB_PIPELINES), CI]
  const files = texts.map((text) => ({ text, yaml: parse(text) }))
  const jobs = files.flatMap(({ yaml }) => Object.values<Record<string, unknown>>(yaml.jobs))

  test('[G35] use nothing but pinned actions, each by a whole commit', () => {
    const used = files.flatMap(({ text }) =>
      [...text.matchAll(/uses: (\S+)@(\S+) # (\S+)/g)].map(([, ...parts]) => parts.join(' ')),
    )
    expect(files.flatMap(({ text }) => text.match(/uses:/g) ?? [])).toHaveLength(used.length)
    expect(used).toHaveLength(7)
    const known = Object.values(PINNED_ACTIONS).map(({ name, commit, tag }) => `${name} ${commit} ${tag}`)
    for (const one of used) expect(known).toContain(one)
    for (const { commit } of Object.values(PINNED_ACTIONS)) expect(commit).toMatch(/^[0-9a-f]{40}$/)
  })

  test('have no right but those that each job names', () => {
    expect(files.map(({ yaml }) => yaml.permissions)).toEqual([{}, {}, {}, {}])
    expect(jobs.map(({ permissions }) => permissions)).toEqual([
      { contents: 'read' },
      { contents: 'read', 'pull-requests': 'write' },
      { contents: 'read', 'pull-requests': 'write' },
      { contents: 'read' },
      { contents: 'read' },
    ])
  })

  test('give a fork neither a secret nor a runner of ours, and put no text of a stranger into a script', () => {
    const { test: forks, plan } = parse(GITHUB_PIPELINES['.github/workflows/eosflow-plan.yml'] ?? '').jobs
    expect(JSON.stringify(forks)).not.toContain('secrets.')
    expect(forks['runs-on']).toBe('ubuntu-latest')
    expect(plan.if).toBe('github.event.pull_request.head.repo.full_name == github.repository')
    const scripts = JOBS.flatMap((job) => stepsOf('github', job)).map(({ script }) => script)
    expect(scripts).toHaveLength(5)
    for (const script of scripts) expect(script).not.toContain('${{')
    expect(files.flatMap(({ text }) => text.match(/pull_request_target/g) ?? [])).toEqual([])
  })

  test('send one after the other, of the default branch alone; the push of another branch waits in no group', () => {
    const { on, concurrency, jobs } = parse(GITHUB_PIPELINES['.github/workflows/eosflow-apply.yml'] ?? '')
    expect([on, concurrency]).toEqual([{ push: { paths: ['changes/**'] } }, undefined])
    expect(jobs.apply.if).toBe("github.event.ref == format('refs/heads/{0}', github.event.repository.default_branch)")
    expect(jobs.apply.concurrency).toEqual({ group: 'eosflow-apply', 'cancel-in-progress': false })
  })
})

test('the pipeline of GitLab sends one after the other, of the default branch alone, and plans for no fork', () => {
  const yaml = parse(GITLAB_PIPELINES['.gitlab-ci.yml'] ?? '')
  expect(yaml['eosflow-apply'].resource_group).toBe('eosflow-store')
  expect(yaml['eosflow-apply'].rules).toEqual([
    { if: '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' },
  ])
  expect(yaml['eosflow-plan'].resource_group).toBe('eosflow-plan-$CI_MERGE_REQUEST_IID')
  expect(yaml['eosflow-night'].resource_group).toBe('eosflow-night')
  expect(yaml['eosflow-plan'].rules[0].if).toContain('$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID')
  expect(yaml['eosflow-test'].artifacts.when).toBe('always')
})

test('every script is one that bash reads', () => {
  const scripts = FORGE_KINDS.flatMap((kind) => JOBS.flatMap((job) => stepsOf(kind, job)))
  expect(scripts).toHaveLength(10)
  for (const { script } of scripts) execFileSync('bash', ['-n', '-c', script])
})

describe('a job of several change files, whatever each of them ends with', () => {
  /** Runs the script of a job with an `eosflow` that ends with the next of some codes. Gives its exit code, and what was asked of it. */
  const jobOf = (
    job: 'plan' | 'apply' | 'night',
    codes: readonly number[],
    {
      changes = ['a.yaml', 'b.yaml', 'c.yaml'],
      before = {},
    }: { readonly changes?: readonly string[]; readonly before?: Record<string, string> } = {},
  ) => {
    const bash = ['--noprofile', '--norc', '-eo', 'pipefail']
    const dir = temporaryFolder()
    const git = (...args: readonly string[]) => gitIn(dir, ...args)
    git('init', '-q', '-b', 'main')
    writeFiles(dir, { 'checks.yaml': '- reachable\n', 'store.db': '', ...before })
    git('add', '-A')
    git('commit', '-qm', 'begin')
    writeFiles(dir, Object.fromEntries(changes.map((name) => [`changes/${name}`, 'workflow: same\n'])))
    git('add', '-A')
    git('commit', '-qm', 'three')
    writeFiles(dir, { codes: `${codes.join('\n')}\n`, 'bin/eosflow': FAKE })
    chmodSync(join(dir, 'bin/eosflow'), 0o755)
    const env = {
      PATH: `${join(dir, 'bin')}:${process.env.PATH ?? ''}`,
      FAKE: dir,
      EOSFLOW_HOME: dir,
      BASE: 'HEAD~1',
      BEFORE: 'HEAD~1',
      COMMIT: 'HEAD',
      PULL: '7',
    }
    const script = stepsOf('github', job).at(-1)?.script ?? ''
    const ran = (words: string) => spawnSync('bash', [...bash, '-c', words], { cwd: dir, env })
    if (job === 'apply') {
      ran(stepsOf('github', 'plan').at(-1)?.script ?? '')
      writeFiles(dir, { codes: `${codes.join('\n')}\n`, asked: '' })
    }
    const { status } = ran(script)
    return { status, asked: fileText(dir, 'asked').trim().split('\n') }
  }
  /** Ends with the next code for what is asked about a switch; to approve, to comment and to plan once more end well, and are on no list. */
  const FAKE = `#!/bin/sh
shift 2
echo "$*" >> "$FAKE/asked"
case "$1" in approve|comment) exit 0 ;; esac
if [ "$3" = -o ]; then : > "$4"; fi
code=$(sed -n 1p "$FAKE/codes")
sed -i 1d "$FAKE/codes"
exit "\${code:-0}"
`

  test.each(
    everyNth(4, 'ends of three applies', [
      [[7, 0, 0], 7],
      [[7, 12, 0], 7],
      [[12, 7, 4], 7],
      [[6, 10, 9], 6],
      [[9, 4, 12], 4],
      [[0, 0, 3], 3],
      [[10, 137, 3], 1],
      [[0, 0, 0], 0],
    ]),
  )('apply: of %j the gravest is that of the job, %i', (codes, gravest) => {
    const { status, asked } = jobOf('apply', codes)
    expect(status).toBe(gravest)
    expect(asked.filter((one) => one.startsWith('run '))).toHaveLength(3)
  })

  test.each(
    everyNth(4, 'ends of three plans', [
      [[0, 0, 0], 0, 3],
      [[10, 0, 3], 10, 1],
      [[3, 10, 0], 10, 1],
      [[139, 3, 0], 1, 1],
    ]),
  )('plan: of %j the gravest is that of the job, %i; what could be planned is shown', (codes, gravest, shown) => {
    const { status, asked } = jobOf('plan', codes)
    expect(status).toBe(gravest)
    expect(asked.filter((one) => one.startsWith('plan '))).toHaveLength(3)
    expect(asked.filter((one) => one.startsWith('comment '))).toHaveLength(shown)
  })

  test.each(
    everyNth(3, 'ends of a night', [
      [[0, 0, 0], 0],
      [[2, 0, 0], 2],
      [[2, 10, 0], 10],
      [[10, 0, 2], 10],
      [[0, 6, 10], 6],
      [[7, 0, 10], 7],
    ]),
  )('night: of drift, the checks and the backup %j the gravest is that of the job, %i', (codes, gravest) => {
    const { status, asked } = jobOf('night', codes)
    expect([status, asked.map((one) => one.split(' ')[0])]).toEqual([gravest, ['drift', 'check', 'config']])
  })

  test('each change file is planned, shown and sent by itself: whatever it is called, wherever it is, new or edited', {
    tags: ['long', 'turn'],
  }, () => {
    const changes = ['CHG-7 Vlan.yaml', 'deep/er/a.yaml', 'a.yaml', 'b.yml', 'edited.yaml']
    const before = { 'changes/edited.yaml': 'workflow: before\n', 'changes/kept.yaml': 'workflow: kept\n' }
    for (const [job, command] of [
      ['plan', 'plan'],
      ['apply', 'run'],
    ] as const) {
      const { status, asked } = jobOf(job, [0, 0, 0, 0, 0], { changes, before })
      expect(status).toBe(0)
      const of = (word: string) => asked.filter((one) => one.startsWith(`${word} `))
      if (job === 'plan')
        for (const change of changes)
          expect(of('plan').filter((one) => one.includes(` changes/${change} `))).toHaveLength(1)
      const plans = of(command).flatMap((one) => /\S+\.plan/.exec(one)?.[0] ?? [])
      expect(new Set(plans).size).toBe(5)
      const names = of(job === 'plan' ? 'comment' : 'approve').flatMap((one) => /--name (\S+)/.exec(one)?.[1] ?? [])
      expect(new Set(names).size).toBe(5)
      // What `comment --name` takes.
      for (const name of names) expect(name).toMatch(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/)
    }
  })

  test('the order is that of every command', () => {
    const order = GRAVEST_FIRST.join(' ')
    for (const kind of FORGE_KINDS)
      for (const job of ['plan', 'apply', 'night'] as const)
        expect(stepsOf(kind, job).at(-1)?.script).toContain(`for each in ${order} 2; do`)
  })
})

interface Case {
  readonly name: string
  /** What is done between the plan and the apply job; gives what is applied. */
  readonly act: (site: PipelineSite, pull: Pull) => Promise<Merge>
  readonly code: number
  readonly vlans: readonly number[]
  readonly said?: string
  /** Looked at in `npm run test:long` on both, or on GitHub and on GitLab by night. */
  readonly in: 'both' | 'long'
}

const reviewed = async (site: PipelineSite, pull: Pull) => {
  site.world.review(pull, bob, 'APPROVED', `Fine: ${site.digestOf(pull)}`)
  return site.merge(pull)
}

/** Rows of docs/pipelines.md#what-is-sent-and-what-is-not. Those of reviews that do not count are in review.test.ts, for each forge. */
const CASES: readonly Case[] = [
  { name: 'reviewed, and merged', act: reviewed, code: 0, vlans: [998], in: 'both' },
  { name: 'not reviewed, and merged', act: (site, pull) => site.merge(pull), code: 12, vlans: [], in: 'long' },
  {
    name: 'a new plan after the review',
    act: async (site, pull) => {
      site.world.review(pull, bob, 'APPROVED', site.digestOf(pull))
      await site.edit(pull, 997)
      expect((await site.plan(pull))?.code).toBe(0)
      return site.merge(pull)
    },
    in: 'long',
    code: 12,
    vlans: [],
    said: 'bob: reviewed before the last push',
  },
]

/**
 * What takes long: on GitHub in `npm run test:long`, on GitLab by night. Both have the same lines, but for those that comment, and what reads reviews is tried on each
 * in review.test.ts.
 */
const FAR = { github: { tags: 'long' }, gitlab: { tags: 'night' } } as const

describe.each(FORGE_KINDS)('merged on %s (needs the git command)', (kind) => {
  const planned = async () => {
    const site = await pipelineSite(kind)
    const pull = await site.propose(7, 998)
    const shown = await site.plan(pull)
    expect(shown?.code, `${shown?.out}${shown?.err}`).toBe(0)
    expect(site.vlans()).toEqual([])
    return { site, pull }
  }
  const applied = async ({ act, code, vlans, said = '' }: Case) => {
    const { site, pull } = await planned()
    const ended = await exits(code, site.apply(await act(site, pull)))
    const text = ended.out + ended.err
    expect(text).toContain(said)
    expect(site.vlans()).toEqual(vlans)
    expect(text).not.toContain(site.world.token)
    expect(site.forge.unpublished).toEqual([])
  }

  const casesOf = (run: Case['in']) => CASES.filter((one) => one.in === run)
  test.each(casesOf('both'))('$name: $vlans', { tags: ['long', 'turn'], timeout: 120_000 }, applied)
  test.each(casesOf('long'))('$name: $vlans', { ...FAR[kind], timeout: 120_000 }, applied)

  test('[G35] a pull request of a fork has no plan; merged, it is planned and shown, and nothing is sent', {
    tags: 'night',
    timeout: 120_000,
  }, async () => {
    const site = await pipelineSite(kind)
    const pull = await site.propose(7, 998)
    pull.isFork = true
    expect(await site.plan(pull)).toBeUndefined()
    site.world.review(pull, bob, 'APPROVED', 'looks good')
    const merge = await site.merge(pull)
    await exits(5, site.apply(merge))
    expect(site.vlans()).toEqual([])
    // The plan is reviewed now, and the job runs again.
    site.world.review(pull, bob, 'APPROVED', site.digestOf(pull))
    await exits(0, site.apply(merge))
    expect(site.vlans()).toEqual([998])
  })

  test('[G35] the switch has moved: nothing is sent, the new plan is shown in place, and is sent when it was reviewed', {
    tags: 'night',
    timeout: 180_000,
  }, async () => {
    const { site, pull } = await planned()
    const merge = await reviewed(site, pull)
    const before = site.digestOf(pull)
    const [leaf] = site.fabric.devices
    leaf?.switch.config.type(['vlan 110', '   name MOVED'])
    await prints(5, site.apply(merge), 'nothing was sent; review its new plan, and run this again')
    expect(site.vlans()).toEqual([])
    expect(pull.comments).toHaveLength(1)
    expect(site.digestOf(pull)).not.toBe(before)
    await exits(12, site.apply(merge))
    expect(site.vlans()).toEqual([])
    site.world.review(pull, bob, 'APPROVED', site.digestOf(pull))
    await exits(0, site.apply(merge))
    expect(site.vlans()).toEqual([998])
  })

  test('the runner is killed after the timed commit: the job that is repeated ends it, and makes it once', {
    tags: 'night',
    timeout: 240_000,
  }, async () => {
    const { site, pull } = await planned()
    const merge = await reviewed(site, pull)
    const running = await site.startApply(merge)
    for (let look = 0; look < 2000 && site.vlans().length === 0; look += 1) await pause(20)
    expect(site.vlans()).toEqual([998])
    process.kill(-(running.child.pid ?? 0), 'SIGKILL')
    await running.ended
    const again = await site.apply(merge)
    expect([0, 6], again.out + again.err).toContain(again.code)
    expect(site.vlans()).toEqual(again.code === 0 ? [998] : [])
  })

  test('[G35] every line of the test and the night job runs; what is not as it should be makes the night red', {
    tags: 'night',
    timeout: 180_000,
  }, async () => {
    const site = await pipelineSite(kind)
    const NOTHING_YET = 'no switch was compared: this store has confirmed nothing yet'
    await prints(0, site.run('night'), 'there is no store in')
    writeFileSync(join(site.dir, 'checks.yaml'), '- reachable\n')
    const pull = await site.propose(7, 998)
    expect((await site.plan(pull))?.code).toBe(0)
    await prints(0, site.run('night'), NOTHING_YET, '0 compared: 1 never confirmed')
    await site.git('checkout', '-q', pull.head)
    const values = {
      'github.event.pull_request.base.sha': site.world.branches.get('main') ?? '',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: site.world.branches.get('main') ?? '',
    }
    await exits(0, site.run('test', values))
    await exits(0, site.apply(await reviewed(site, pull)))
    await prints(0, site.run('night'), '1 compared: 0 differ, 1 as confirmed')
    site.fabric.devices[0]?.switch.config.type(['vlan 110', '   name MOVED'])
    await exits(2, site.run('night'))
    await site.fabric.close()
    const away = await exits(10, site.run('night'))
    expect(away.out).toEqual(expect.not.stringContaining(NOTHING_YET))
  })
})
