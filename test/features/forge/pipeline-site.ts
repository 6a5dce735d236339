import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { type RunningFabric, startFabric } from '../../../src/lab/trial/start-fabric.ts'
import type { ForgeKind } from '../../../src/model/forge.ts'
import { GITHUB_PIPELINES } from '../../../src/report/ci/github.ts'
import { GITLAB_PIPELINES } from '../../../src/report/ci/gitlab.ts'
import { leaves, PROJECT_FILES } from '../../e2e/two-leaves.ts'
import {
  BUILT,
  type EndedProcess,
  fileText,
  type RunningProcess,
  runningConfig,
  startProcess,
  temporaryFolder,
  writeFiles,
} from '../../lab/lab.ts'
import { type FakeForge, startForge } from './fake-forge.ts'
import { policyOf, reviewersOf } from './reviewed-lab.ts'
import type { ForgeWorld, Pull } from './world.ts'

/** The jobs of a pipeline, by the words that both forges have for them. */
export type JobName = 'test' | 'plan' | 'apply' | 'night'

/** One line of a job that is executed: its script, and its variables as they are written. */
export interface JobStep {
  readonly script: string
  readonly env: Readonly<Record<string, string>>
}

/** Every step of a job of the generated pipelines that runs something, parsed from their YAML. */
export function stepsOf(kind: ForgeKind, job: JobName): readonly JobStep[] {
  return kind === 'github' ? githubSteps(job) : gitlabSteps(job)
}

function githubSteps(job: JobName) {
  const file = job === 'test' ? 'plan' : job
  const { jobs } = parse(GITHUB_PIPELINES[`.github/workflows/eosflow-${file}.yml`] ?? '')
  return (jobs[job].steps as { run?: string; env?: Record<string, string> }[]).flatMap(({ run, env = {} }) =>
    run === undefined ? [] : [{ script: run, env }],
  )
}

function gitlabSteps(job: JobName) {
  const one = parse(GITLAB_PIPELINES['.gitlab-ci.yml'] ?? '')[`eosflow-${job}`]
  const { before_script: before = [], script, variables: env = {} } = one
  return [...before, ...script].map((each: string) => ({ script: each, env }))
}

/** A repository whose changes go through the generated pipelines, a forge and one switch, all on loopback. */
export interface PipelineSite {
  readonly kind: ForgeKind
  readonly forge: FakeForge
  readonly world: ForgeWorld
  readonly fabric: RunningFabric
  readonly dir: string
  git(...args: readonly string[]): Promise<string>
  /** Makes a branch with a change of a VLAN, and its pull request. */
  propose(number: number, vlan: number): Promise<Pull>
  /** Pushes an edit of the change to the branch of a pull request. */
  edit(pull: Pull, vlan: number): Promise<void>
  /** Runs the plan job of a pull request, where its rule lets it run. */
  plan(pull: Pull): Promise<EndedProcess | undefined>
  /** Reviews as the reviewer, naming the digest of the plan that is shown. */
  digestOf(pull: Pull): string
  /** Merges; gives what the apply job is run with. */
  merge(pull: Pull): Promise<Merge>
  startApply(merge: Merge): Promise<RunningProcess>
  apply(merge: Merge): Promise<EndedProcess>
  /** Runs every line of a job that needs no pull request. */
  run(job: JobName, variables?: Readonly<Record<string, string>>): Promise<EndedProcess>
  /** The VLANs of the change that the switch runs. */
  vlans(): readonly number[]
}

/** A push to the base branch. */
export interface Merge {
  readonly before: string
  readonly commit: string
}

/** Where the expressions of the pipelines get their values from. */
type Values = Readonly<Record<string, string>>

/** Makes such a site. It ends with the test. */
export async function pipelineSite(kind: ForgeKind): Promise<PipelineSite> {
  const forge = await startForge(kind)
  const { world } = forge
  const fabric = await startFabric(leaves(1))
  onTestFinished(() => fabric.close())
  const [dir, home, bin] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
  writeFileSync(join(bin, 'eosflow'), `#!/bin/sh\nexec "${process.execPath}" "${BUILT}" "$@"\n`)
  // What the test job installs is the checkout.
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\nexit 0\n')
  for (const name of ['eosflow', 'npm']) chmodSync(join(bin, name), 0o755)
  const devices = fabric.devices.map(({ name, http: { host, port } }) => [name, { host, port, tags: { role: 'leaf' } }])
  const credentials = { sim: { username: 'admin', password: 'admin', simulated: true } }
  writeFiles(dir, {
    ...PROJECT_FILES.files,
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': JSON.stringify({
      defaults: { protocol: 'http', credentials: 'sim' },
      credentials,
      devices: Object.fromEntries(devices),
    }),
    'policy.yaml': POLICY,
    'trust/reviewers.yaml': reviewersOf(forge.place),
    '.gitignore': '.eosflow/\n',
  })
  const env = { PATH: `${bin}:${process.env.PATH ?? ''}`, HOME: home, CI: '1' }
  const started = (script: string, more: Values) =>
    startProcess(dir, ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
  const git = async (...args: readonly string[]) => {
    const { code, out, err } = await startProcess(
      dir,
      ['git', '-c', 'user.name=ada', '-c', 'user.email=ada@example.org', ...args],
      { env },
    ).ended
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${err}`)
    return out.trim()
  }
  const commit = async (files: Readonly<Record<string, string>>, words: string) => {
    writeFiles(dir, files)
    await git('add', '-A')
    await git('commit', '-qm', words)
    return git('rev-parse', 'HEAD')
  }
  const held = () => ({
    'policy.yaml': POLICY,
    'trust/reviewers.yaml': fileText(dir, 'trust/reviewers.yaml'),
  })
  await git('init', '-q', '-b', 'main')
  world.branch('main', await commit({}, 'the project'), held())
  const common: Values = {
    'vars.EOSFLOW_HOME': home,
    'vars.EOSFLOW_PACKAGE': 'eosflow.tgz',
    'github.token': world.token,
    'secrets.EOSFLOW_KEY': KEY,
    'secrets.EOSFLOW_PASSWORD': 'admin',
  }
  const jobEnv =
    kind === 'github' ? forge.env : { ...forge.env, EOSFLOW_HOME: home, EOSFLOW_KEY: KEY, EOSFLOW_PASSWORD: 'admin' }
  const start = (job: JobName, values: Values) => {
    const steps = stepsOf(kind, job)
    const last = steps.at(-1)
    if (last === undefined) throw new Error(`the job ${job} runs nothing`)
    const filled = Object.fromEntries(
      Object.entries(last.env).map(([name, text]) => [name, filledIn(kind, String(text), { ...common, ...values })]),
    )
    return started(last.script, { ...jobEnv, ...filled })
  }
  const base = () => world.branches.get('main') ?? ''
  const valuesOfPull = (pull: Pull) => ({
    'github.event.pull_request.base.sha': base(),
    'github.event.pull_request.number': String(pull.number),
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base(),
    CI_MERGE_REQUEST_IID: String(pull.number),
  })
  const startApply: PipelineSite['startApply'] = async ({ before, commit: made }) => {
    await git('checkout', '-q', made)
    return start('apply', {
      'github.event.before': before,
      'github.sha': made,
      CI_COMMIT_BEFORE_SHA: before,
      CI_COMMIT_SHA: made,
    })
  }
  return {
    kind,
    forge,
    world,
    fabric,
    dir,
    git,
    propose: async (number, vlan) => {
      await git('checkout', '-q', '-b', `change-${number}`, 'main')
      const head = await commit({ [`changes/vlan-${number}.yaml`]: changeOf(vlan) }, `vlan ${vlan}`)
      return world.pull(number, { head, files: [{ path: `changes/vlan-${number}.yaml` }] })
    },
    edit: async (pull, vlan) => {
      await git('checkout', '-q', `change-${pull.number}`)
      world.push(pull, await commit({ [`changes/vlan-${pull.number}.yaml`]: changeOf(vlan) }, `vlan ${vlan} instead`))
    },
    plan: async (pull) => {
      if (pull.isFork) return undefined
      await git('checkout', '-q', pull.head)
      return start('plan', valuesOfPull(pull)).ended
    },
    digestOf: (pull) => /sha256:[0-9a-f]{64}/.exec(pull.comments.at(-1)?.body ?? '')?.[0] ?? 'no digest',
    merge: async (pull) => {
      const before = base()
      await git('checkout', '-q', 'main')
      await git('merge', '-q', '--no-ff', '--no-edit', pull.head)
      const made = await git('rev-parse', 'HEAD')
      world.merge(pull, made, held())
      return { before, commit: made }
    },
    startApply,
    apply: async (merge) => (await startApply(merge)).ended,
    run: (job, values = {}) => start(job, values).ended,
    vlans: () => {
      const [leaf] = fabric.devices
      if (leaf === undefined) return []
      return [...runningConfig(leaf).matchAll(/^vlan (9\d\d)$/gm)].map(([, vlan]) => Number(vlan))
    },
  }
}

const KEY = 'a-key-of-the-pipeline-with-forty-characters'
const POLICY = policyOf('count: 1, from: [approver], notRequester: true, proof: [review]')

const changeOf = (vlan: number) => `version: 1\nworkflow: add-vlan\nparams: { vlan: ${vlan} }\n`

/** The value of a variable: expressions of GitHub are in \`\${{ }}\`, variables of GitLab begin with a dollar. An unknown one throws. */
function filledIn(kind: ForgeKind, text: string, values: Values) {
  const named = (name: string) => {
    const found = values[name]
    if (found === undefined) throw new Error(`the pipeline asks for ${name}, which nothing gives`)
    return found
  }
  if (kind === 'github') return text.replace(/\$\{\{ (.*?) \}\}/g, (_, name: string) => named(name))
  return text.replace(/\$(\w+)/g, (_, name: string) => named(name))
}
