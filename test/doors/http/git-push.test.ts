import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { planFileText, recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import { httpApp } from '../../../src/doors/http/http-app.ts'
import { preparedFrom, projectOf } from '../../../src/lab/rehearse/controllers.ts'
import { openLab, policyWith, SETTINGS, shows, whileTimePasses, withRoles, workflowFor } from '../../lab/lab.ts'
import { ORIGIN, type ServerBench } from '../../lab/server.ts'
import { hasGit, repository } from '../../project/files/git/repository.ts'
import { recordsIn } from './dying.ts'

const ENV = {
  GITHUB_HOOK: 'github-secret-0123456789',
  OTHER_HOOK: 'another-secret-0123456789',
  PATH: process.env.PATH ?? '',
}

const EVENTS = `project: { git: { signedBy: trust/allowed_signers } }
events:
  - name: github
    verify: { github: '\${env:GITHUB_HOOK}' }
    plan: { workflow: workflows/leaf.yaml, commit: after }
  - name: starts
    verify: { github: '\${env:OTHER_HOOK}' }
    run: { workflow: workflows/leaf.yaml, commit: after }
`

const named = (name: string) => workflowFor('leaf1', { lines: ['vlan 998', `   name ${name}`] })
const templated = (name: string) => ({
  'workflows/leaf.yaml': workflowFor('leaf1').replace(/lines: \[.*\]/, 'template: vlan.j2'),
  'workflows/vlan.j2': `vlan 998\n   name ${name}\n`,
})

/** A server whose project is a clone of a remote. `policy` null: none. */
async function serving(policy: string | null = null) {
  const made = repository()
  made.commit({ 'workflows/leaf.yaml': named('BEGUN') }, 'bob')
  made.push()
  const bench = await openLab({
    tags: withRoles,
    prepare: (lab) => {
      made.clone(lab.dir)
      lab.write('eosflow.yaml', (policy === null ? 'version: 1\n' : SETTINGS) + EVENTS)
      lab.write('trust/allowed_signers', made.line('bob', 'git,approval@eosflow'))
      lab.write('workflows/leaf.yaml', named('OF-THE-FOLDER'))
      if (policy !== null) lab.write('policy.yaml', policy)
    },
  }).serve({ env: ENV })
  return { bench, made }
}

async function deliver(bench: ServerBench, after: string, to: 'github' | 'starts' = 'github') {
  const body = JSON.stringify({ ref: 'refs/heads/main', after })
  const secret = to === 'github' ? ENV.GITHUB_HOOK : ENV.OTHER_HOOK
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  }
  const init = { method: 'POST', headers, body }
  const asked = httpApp(bench.front).request(`${ORIGIN}/api/v1/hooks/${to}`, init, {
    sender: { address: '192.0.2.7', isPlain: false },
  })
  const answer = await whileTimePasses(bench.lab.clock, Promise.resolve(asked))
  const json = (await answer.json()) as Record<string, unknown>
  await atRest(bench)
  return { status: answer.status, json }
}

/** Waits until nothing runs. Git is a program of this machine: it takes real time. */
async function atRest(bench: ServerBench) {
  for (let looked = 0; bench.room.running.length > 0; looked += 1) {
    if (looked > 2_000) throw new Error(`it did not come to rest: ${bench.failures.join('; ')}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (bench.lab.clock.sleeping > 0) await bench.lab.clock.next()
  }
}

async function planOf(bench: ServerBench, execution: unknown) {
  const events = await bench.app.store.read(String(execution))
  const made = events.find((event) => event.type === 'PlanMade')
  return await recordedPlan(bench.app.store, made?.plan ?? '')
}

/** The plan of a push, as a file of the project. */
async function pushedPlan(name: string) {
  const { bench, made } = await serving()
  const commit = made.commit(templated(name), 'bob')
  made.push()
  const { json } = await deliver(bench, commit)
  const plan = await planOf(bench, json.execution)
  bench.lab.write('pushed.plan', planFileText(plan))
  return { bench, plan, commit }
}

const runningOf = (bench: ServerBench) => bench.lab.running('leaf1')

describe.runIf(hasGit)('a push (needs the git command)', () => {
  test('makes a plan of the files of its commit; the plan names the commit, and its signer is a requester', {
    tags: 'long',
  }, async () => {
    const { bench, made } = await serving(policyWith())
    const commit = made.commit(templated('PUSHED'), 'bob')
    made.push()
    const { status, json } = await deliver(bench, commit)
    expect([status, json.outcome]).toEqual([202, 'begun'])
    const plan = await planOf(bench, json.execution)
    expect([plan.content.workflow.commit, plan.content.devices[0]?.lines, plan.content.requesters]).toEqual([
      commit,
      ['vlan 998', '   name PUSHED'],
      [
        {
          issuer: 'hook',
          id: 'hook:github',
          kind: 'service',
          auth: 'os',
          named: [{ issuer: 'ssh', id: 'bob@example.org', person: 'bob@example.org' }],
        },
      ],
    ])
    // The folder has no such template, and nothing of the commit is written into it.
    expect(bench.lab.read('workflows/leaf.yaml')).toContain('OF-THE-FOLDER')
    const lead = bench.browser({ issuer: 'corp', id: 'bob', kind: 'person', auth: 'oidc', groups: ['leads'] })
    expect((await lead.get(`/plans/${plan.digest}`)).text).toContain(commit)
    expect((await recordsIn(bench, 'ExecutionStarted')).map((event) => 'commit' in event && event.commit)).toEqual([
      commit,
    ])
    const told = (await lead.get(`/api/v1/executions/${json.execution}`)).json
    expect(told.commit).toBe(commit)
    expect(bench.failures).toEqual([])
  })

  test('that is refused asks no switch for anything; the record says why, and the answer too', {
    tags: ['long', 'turn'],
  }, async () => {
    const { bench, made } = await serving()
    const commit = made.commit(templated('PUSHED'), 'mallory')
    made.push()
    const { status, json } = await deliver(bench, commit)
    expect([status, json.kind, bench.requests()]).toEqual([403, 'not-authorised', 0])
    expect(await recordsIn(bench, 'EventRefused', 'ExecutionStarted')).toMatchObject([
      { type: 'EventRefused', reason: expect.stringMatching(/is not signed by a key of trust\/allowed_signers/) },
    ])
    // Mended, the same event is taken.
    bench.lab.write('trust/allowed_signers', made.line('bob') + made.line('mallory'))
    expect(await deliver(bench, commit)).toMatchObject({ status: 202, json: { outcome: 'begun' } })
  })

  test('brings what was pushed before it and never run, too: whoever has signed that is a requester as long', {
    tags: ['long', 'turn'],
  }, async () => {
    const { bench, made } = await serving()
    bench.lab.write('trust/allowed_signers', made.line('bob') + made.line('mallory'))
    const signersOf = async (commit: string) => {
      const plan = await planOf(bench, (await deliver(bench, commit)).json.execution)
      bench.lab.write('pushed.plan', planFileText(plan))
      return plan.content.requesters.flatMap(({ named = [] }) => named.map(({ id }) => id))
    }
    const first = made.commit(templated('FIRST'), 'mallory')
    made.push()
    expect(await signersOf(first)).toEqual(['mallory@example.org'])
    for (const file of ['a', 'b']) {
      const commit = made.commit({ [`${file}.txt`]: 'of Bob\n' }, 'bob')
      made.push()
      expect(await signersOf(commit)).toEqual(['bob@example.org', 'mallory@example.org'])
    }
    const { digest } = JSON.parse(bench.lab.read('pushed.plan')) as Plan
    await bench.lab.exits(12, 'run pushed.plan --detach')
    await bench.lab.ok(`approve pushed.plan --digest ${digest}`)
    expect([(await bench.lab.eosflow('resume')).code, runningOf(bench).includes('name FIRST')]).toEqual([0, true])
    const after = made.commit(templated('AFTER'), 'bob')
    made.push()
    expect(await signersOf(after)).toEqual(['bob@example.org'])
  })

  test('has begun where its commit cannot be kept in mind: the log says so, and the record nothing else', {
    tags: ['long', 'turn'],
  }, async () => {
    const { bench, made } = await serving()
    const commit = made.commit(templated('PUSHED'), 'bob')
    made.push()
    bench.lab.write('.git/refs/eosflow/planned/github.lock', '')
    expect(await deliver(bench, commit)).toMatchObject({ status: 202, json: { outcome: 'begun' } })
    expect([await recordsIn(bench, 'EventRefused'), bench.failures]).toEqual([
      [],
      [expect.stringMatching(/^the commit of github: .*planned\/github\.lock': File exists/)],
    ])
  })

  test('that waits for the fetch of another is not fetched by a server that ends', {
    tags: ['long', 'turn'],
  }, async () => {
    const { bench, made } = await serving()
    const [asked, go] = [join(bench.lab.dir, 'asked'), join(bench.lab.dir, 'go')]
    const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: bench.lab.dir })
    git('remote', 'set-url', 'origin', 'ssh://127.0.0.1/x.git')
    // Git asks a program that it does not know for its kind first.
    git('config', 'ssh.variant', 'ssh')
    git('config', 'core.sshCommand', `echo x >> ${asked}; while [ ! -e ${go} ]; do sleep 0.05; done; exit 255; :`)
    const ids = ['1', '2'].map((name) => made.commit(templated(name), 'bob'))
    const waiting = ids.map((id) => deliver(bench, id))
    while (!existsSync(asked)) await new Promise((resolve) => setTimeout(resolve, 20))
    const ended = bench.room.end(AbortSignal.timeout(20_000))
    bench.lab.write('go', '')
    expect((await Promise.all(waiting)).map(({ json }) => json.kind)).toEqual(['unreachable', 'busy'])
    expect([readFileSync(asked, 'utf8'), await ended]).toEqual(['x\n', true])
  })
})

describe.runIf(hasGit)('the plan of a push (needs the git command)', { tags: ['long', 'turn'] }, () => {
  test('is run with the files of its commit, whatever lies in the folder, also by the process after', async () => {
    const { bench, plan, commit } = await pushedPlan('PUSHED')
    const { lab } = bench
    expect((await lab.eosflow('show pushed.plan')).out).toContain(`workflows/leaf.yaml of commit ${commit}`)
    expect((await lab.eosflow('show pushed.plan --markdown')).out).toContain(`Its files are of commit ${commit}.`)
    await lab.exits(12, 'run pushed.plan --detach')
    const shown = await lab.eosflow('show @latest --json')
    expect((JSON.parse(shown.out) as { commit: string }).commit).toBe(commit)
    rmSync(join(lab.dir, 'workflows'), { recursive: true })
    await lab.ok(`approve pushed.plan --digest ${plan.digest}`)
    await shows(0, lab.eosflow('resume'), 'leaf1')
    expect(runningOf(bench)).toContain('name PUSHED')
  })

  test('is started on its page with the files of its commit', async () => {
    const { bench, plan, commit } = await pushedPlan('PUSHED')
    const ann = bench.browser({ issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' })
    const { status, json } = await ann.post(`/api/v1/plans/${plan.digest}/executions`, {})
    expect(status).toBe(202)
    const [started] = await bench.app.store.read(String(json.execution))
    expect(started?.type === 'ExecutionStarted' && [started.commit, started.definition]).toEqual([
      commit,
      plan.content.workflow.digest,
    ])
    await atRest(bench)
  })

  test('is rehearsed with the files of its commit, which are files like any others there', async () => {
    const { bench, plan } = await pushedPlan('PUSHED')
    const project = await projectOf(bench.app, bench.app.project, plan)
    const prepared = preparedFrom(project, plan)
    expect([prepared.digest, prepared.commit, prepared.changes.leaf1?.lines]).toEqual([
      plan.content.workflow.digest,
      undefined,
      ['vlan 998', '   name PUSHED'],
    ])
  })

  test('is stale where its commit is gone, and where the folder would give another workflow of the same name', async () => {
    const { bench, plan } = await pushedPlan('PUSHED')
    const { lab } = bench
    const text = planFileText(plan)
    const { commit: _, ...workflow } = plan.content.workflow
    lab.write('other.plan', JSON.stringify({ ...plan, content: { ...plan.content, workflow } }))
    await lab.exits(5, 'run other.plan')
    rmSync(join(lab.dir, '.git'), { recursive: true })
    const { code, err } = await lab.eosflow('run pushed.plan')
    expect([code, err]).toEqual([5, expect.stringContaining('is of a commit that cannot be read any more')])
    expect([lab.read('pushed.plan') === text, runningOf(bench).includes('PUSHED')]).toEqual([true, false])
  })
})
