import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readState } from '../../src/change/engine/fold.ts'
import type { Plan } from '../../src/change/plan/plan.ts'
import { recordedPlan } from '../../src/change/plan/stored-plan.ts'
import { judgeApprovals } from '../../src/change/policy/approval.ts'
import type { ApprovalJudgement } from '../../src/change/policy/approval-case.ts'
import { silentConsole } from '../../src/lab/trial/trial-app.ts'
import type { Principal } from '../../src/model/principal.ts'
import { approvalsOf } from '../../src/project/approval/approvals.ts'
import { approvalCases, caseSources } from '../../src/project/approval/case.ts'
import { type Challenges, decideProved, makeChallenge, openChallenges } from '../../src/project/approval/challenge.ts'
import { decideAs, decideElsewhere, decideHere, importFrom, signedWith } from '../../src/project/approval/decide.ts'
import { type SshSigningKey, signingKeyOf } from '../../src/project/approval/ssh-signing.ts'
import { beginAndRun } from '../../src/project/execution/run/run.ts'
import { trustOf } from '../../src/project/identity/signers/common-server-key.ts'
import {
  type App,
  appOf,
  appWith,
  type Lab,
  openLab,
  preparedIn,
  SETTINGS,
  whileTimePasses,
  workflowFor,
} from '../lab/lab.ts'
import { virtualPasskey } from './identity/virtual-passkey.ts'

const PAGE = { origin: 'http://localhost:7474', rpId: 'localhost' }
const PASSKEY = virtualPasskey('ES256', 'ann')
const OLGA: Principal = { issuer: 'corp', id: 'olga', kind: 'person', auth: 'oidc' }
const ANN: Principal = { ...OLGA, id: 'ann', authenticatedAt: '2026-01-05T07:59:00.000Z' }
const LOCAL: Principal = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' }

const asking = (principal: Principal) => ({ ...silentConsole(), principal, review: async () => true })

/** A project on a store that two processes have open, and what they share. */
interface Site {
  readonly lab: Lab
  /** The same store as two processes have it. */
  readonly apps: readonly [App, App]
  readonly challenges: Challenges
  readonly key: SshSigningKey
}

/** One plan, as a process of the site knows it, and an execution that was begun to send it. */
interface Case {
  readonly app: App
  readonly plan: Plan
  readonly execution: string
}

/** Starts it. */
async function startSite() {
  const lab = openLab()
  const file = join(lab.dir, 'ann-key')
  execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', file])
  lab.write('eosflow.yaml', SETTINGS)
  lab.write('trust/allowed_signers', `ann@example.org ${readFileSync(`${file}.pub`, 'utf8').trim()}\n`)
  lab.write('trust/passkeys', `corp:sub:ann origin="${PAGE.origin}" ${PASSKEY.credential} ${PASSKEY.key}\n`)
  const apps = [await appOf(lab, { words: () => 'see' }), await appOf(lab, { words: () => 'see' })] as const
  const key = await signingKeyOf(apps[0], { file }, trustOf(apps[0].project))
  if (key === undefined) throw new Error('no key')
  return { lab, apps, challenges: openChallenges(apps[0].notes), key }
}

/** Begins an execution of a workflow, which waits for an approval. */
async function begun({ lab }: Site, app: App, file: string) {
  const prepared = preparedIn(app, file)
  const { id, plan } = await whileTimePasses(
    lab.clock,
    beginAndRun(app, asking(OLGA), { judged: 'elsewhere', purpose: 'run', prepared }, { detach: true }),
  )
  return { app, execution: id, plan: await recordedPlan(app.store, plan?.ref ?? '') }
}

/** A workflow of its own, so that nobody has said anything about its plan. */
function freshWorkflow({ lab }: Site, vlan: number) {
  const file = `vlan-${vlan}.yaml`
  lab.write(file, workflowFor('leaf1', { lines: [`vlan ${vlan}`] }))
  return file
}

/** Approves a plan once, as one person does. */
type Way = (site: Site, one: Case) => Promise<unknown>

async function asked({ app, execution, plan }: Case, mode: { readonly digest?: string }) {
  const caller = asking(LOCAL)
  const sources = { ...caseSources(app, caller, await readState(app.store, execution), undefined) }
  const { stop } = caller
  const approvals = approvalsOf({ ...sources, demands: () => ({}) }, caller, { ...mode, stop }, (of, choice) =>
    decideAs(app, caller, of, choice),
  )
  return approvals.ask(plan, 'nobody has approved this plan', stop)
}

const APPROVE = { decision: 'approve', comment: 'CHG-1' } as const

function seamsIn({ seams }: App) {
  if (seams === undefined) throw new Error('the application of a lab has seams')
  return seams
}

/** A person who has signed in once more. */
const signedIn = (app: App) => appWith(app, { seams: { ...seamsIn(app), principal: ANN } })

const byPasskey: Way = async ({ challenges }, { app, plan }) => {
  const caller = asking(ANN)
  const of = { plan: plan.digest, proof: 'passkey', origin: PAGE.origin, session: 's1' } as const
  const made = await makeChallenge(app, caller, challenges, { ...APPROVE, ...of })
  const proof = { kind: 'passkey', ...PASSKEY.answer(made.passkey?.challenge ?? '', PAGE) } as const
  return decideProved(app, caller, challenges, { challenge: made.id, plan: plan.digest, session: 's1', proof })
}

const bySigningIn: Way = (_, { app, plan }) => decideAs(signedIn(app), asking(ANN), plan, APPROVE)

/** The ways of approving. Each is of one person, whoever that is for eosflow. */
const WAYS: Readonly<Record<string, Way>> = {
  'the local user, by page, API or command': (_, { app, plan }) => decideAs(app, asking(LOCAL), plan, APPROVE),
  'the local user, by a digest that a run is given': (_, one) => asked(one, { digest: one.plan.digest }),
  'the local user, by yes at the terminal of a run': (_, one) => asked(one, {}),
  'an SSH key, by a command': ({ key }, { app, plan }) => decideHere(app, asking(LOCAL), plan, APPROVE, key),
  'an SSH key, by a file': async ({ key }, { app, plan, execution }) =>
    importFrom(app, asking(LOCAL), execution, await signedWith(app, plan, APPROVE, key, trustOf(app.project))),
  'an installation, by a file that its seal vouches for': async (_, { app, plan, execution }) =>
    importFrom(app, asking(LOCAL), execution, await decideElsewhere(app, asking(LOCAL), plan, APPROVE)),
  'an installation, by a file that its server key vouches for': async (_, { app, plan, execution }) =>
    importFrom(app, asking(LOCAL), execution, await decideElsewhere(signedIn(app), asking(ANN), plan, APPROVE)),
  'a new login': bySigningIn,
  'a passkey': byPasskey,
  'a passkey and a new login of the same person': async (site, one) => {
    await byPasskey(site, one)
    return bySigningIn(site, one)
  },
}

/** What the judge of an execution says before it sends. */
async function judged({ app, plan, execution }: Case) {
  const state = await readState(app.store, execution)
  const sources = { ...caseSources(app, asking(OLGA), state, undefined), demands: () => ({}) }
  const question = { moment: 'start', plan, recomputed: plan.digest, execution, starter: OLGA, isAsked: true } as const
  return judgeApprovals(await approvalCases(sources)(question))
}

/** Sends, where the judge and the store let it: puts the uses on record, as the first commit does. Gives whether it was sent. */
async function sent(one: Case, judgement?: ApprovalJudgement) {
  const found = judgement ?? (await judged(one))
  if (found.status !== 'approved') return false
  const { app, execution, plan } = one
  const uses = found.uses.map(({ nonce, use }) => ({
    type: 'ApprovalUsed' as const,
    nonce,
    plan: plan.digest,
    ...(use === 1 ? {} : { use }),
  }))
  return app
    .journalAs(OLGA)
    .append(execution, uses)
    .then(
      () => true,
      (error: { readonly kind?: string }) => {
        if (error.kind === 'not-approved') return false
        throw error
      },
    )
}

/** Puts the end of an execution on record: it was put back. */
async function putBack({ app, execution }: Case) {
  await app.journalAs(OLGA).append(execution, [{ type: 'ExecutionEnded', outcome: 'rolled-back', devices: {} }])
}

test('[S13] one word of one person sends a plan once, whichever way it is given; whoever decides reads those on record once, and a challenge before it once more', {
  tags: 'long',
}, async () => {
  const site = await startSite()
  const found: Record<string, number> = {}
  for (const [index, [name, way]] of Object.entries(WAYS).entries()) {
    const file = freshWorkflow(site, 1500 + index)
    const first = await begun(site, site.apps[0], file)
    expect(await sent(first), 'nobody has approved it').toBe(false)
    const read = vi.spyOn(first.app.store, 'approvals')
    await way(site, first)
    found[name] = read.mock.calls.length
    read.mockRestore()
    // The same word again, in two processes at once.
    await Promise.all(site.apps.map((app) => way(site, { ...first, app })))
    expect(await sent(first), name).toBe(true)
    await putBack(first)
    const [next, beside] = [await begun(site, site.apps[1], file), await begun(site, site.apps[0], file)]
    expect(next.plan.digest).toBe(first.plan.digest)
    expect(await sent(next), `${name}: another`).toBe(false)
    // Said again after the end it is a word for one more execution. Both are judged before either has sent.
    await way(site, next)
    const judgements = [await judged(next), await judged(beside)]
    const both = await Promise.all([sent(next, judgements[0]), sent(beside, judgements[1])])
    expect(both.filter(Boolean), `${name}: again`).toHaveLength(1)
  }
  expect(found).toEqual({
    'the local user, by page, API or command': 1,
    'the local user, by a digest that a run is given': 1,
    'the local user, by yes at the terminal of a run': 1,
    'an SSH key, by a command': 1,
    'an SSH key, by a file': 1,
    'an installation, by a file that its seal vouches for': 1,
    'an installation, by a file that its server key vouches for': 1,
    'a new login': 1,
    'a passkey': 2,
    'a passkey and a new login of the same person': 3,
  })
})
