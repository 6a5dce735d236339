import { execFileSync } from 'node:child_process'
import type { ForgeKind } from '../../../src/model/forge.ts'
import { fileText, type Lab, openLab } from '../../lab/lab.ts'
import type { Instead } from '../../project/execution/around/loopback-service.ts'
import { type FakeForge, startForge } from './fake-forge.ts'
import { commitOf, ForgeWorld, type Pull } from './world.ts'

/** A policy under which a review of an approver is the approval of a change. */
export const policyOf = (approvals: string) => `version: 1
roles:
  operator: { members: ['kind:person'] }
  approver: { members: ['corp:sub:bob', 'corp:sub:carol', 'corp:sub:ada'] }
rules:
  - { id: work, to: [operator], allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan, task.verify, audit.read, audit.export] }
  - id: change
    to: [operator]
    allow: [execution.start, execution.stop, task.push, task.confirm, task.rollback]
    require: { approvals: { ${approvals} } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject] }
`

/** Who reviews where: the accounts of bob, carol and ada. */
export const reviewersOf = (place: string, names: readonly string[] = ['bob', 'carol', 'ada']) => {
  const lines: Readonly<Record<string, string>> = {
    ada: `  - { id: 101, login: ada, who: 'corp:sub:ada', emails: [ada@example.org] }`,
    bob: `  - { id: 102, login: bob, who: 'corp:sub:bob', person: p-bob, emails: [bob@example.org] }`,
    carol: `  - { id: 103, login: carol, who: 'corp:sub:carol' }`,
  }
  return `version: 1\nforge: ${place}\nreviewers:\n${names.map((name) => lines[name]).join('\n')}\n`
}

/** A project whose changes are reviewed on a forge, with a plan that is shown on pull request 7. */
export interface ReviewedLab {
  readonly lab: Lab
  readonly forge: FakeForge
  readonly world: ForgeWorld
  readonly pull: Pull
  readonly digest: string
  /** The address of the comment that shows the plan. */
  readonly comment: () => string
  /** Shows the plan on the pull request again. */
  show(): Promise<void>
  approve(...more: readonly string[]): ReturnType<Lab['eosflow']>
}

/** What of such a lab is other than ever. */
export interface ReviewedLabOptions {
  readonly approvals?: string
  readonly policy?: string
  readonly instead?: Instead
  /** What is in the environment before and behind the token. */
  readonly aroundToken?: string
}

/** Makes such a project, its switches in memory. */
export async function reviewedLab(kind: ForgeKind, options: ReviewedLabOptions = {}): Promise<ReviewedLab> {
  const {
    approvals = 'count: 1, from: [approver], notRequester: true, proof: [review]',
    instead,
    aroundToken = '',
  } = options
  // An hour before the clock of the lab begins.
  const world = new ForgeWorld(Date.UTC(2026, 0, 5, 7))
  const forge = await startForge(kind, { world, ...(instead === undefined ? {} : { instead }) })
  const reviewers = reviewersOf(forge.place)
  const { PATH = '' } = process.env
  const policy = options.policy ?? policyOf(approvals)
  const lab = openLab({
    files: { 'policy.yaml': policy, 'trust/reviewers.yaml': reviewers },
    env: {
      ...forge.env,
      [kind === 'github' ? 'GITHUB_TOKEN' : 'GITLAB_TOKEN']: `${aroundToken}${world.token}${aroundToken}`,
      PATH,
    },
  })
  execFileSync('git', ['init', '-q'], { cwd: lab.dir })
  world.branch('main', commitOf('main one'), { 'policy.yaml': policy, 'trust/reviewers.yaml': reviewers })
  const pull = world.pull(7)
  const planned = await lab.eosflow('plan workflow.yaml -o change.plan')
  if (planned.code !== 0) throw new Error(planned.out + planned.err)
  const number = kind === 'github' ? '--pr' : '--mr'
  const show = async () => {
    const shown = await lab.eosflow('comment', kind, number, '7', '--plan', 'change.plan')
    if (shown.code !== 0) throw new Error(shown.out + shown.err)
  }
  await show()
  return {
    lab,
    forge,
    world,
    pull,
    get digest() {
      return JSON.parse(fileText(lab.dir, 'change.plan')).digest
    },
    comment: () => {
      const { id } = pull.comments.findLast(({ body }) => body.startsWith('<!-- eosflow:plan -->')) ?? { id: 0 }
      return kind === 'github'
        ? `https://github.com/acme/network/pull/7#issuecomment-${id}`
        : `${forge.service.origin}/acme/network/-/merge_requests/7#note_${id}`
    },
    show,
    approve: (...more) => lab.eosflow('approve change.plan --from-review', kind, number, '7', ...more),
  }
}
