import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { SentSpan } from '../project/app/trace/otlp-receiver.ts'
import { type Agent, type Call, connectAgent } from './agent.ts'
import { alertOf, LEAF, SECRETS } from './company.ts'
import type { OnCall } from './on-call.ts'
import type { NoticeEvent, Received } from './receiver.ts'
import { MISTYPED, openSite, type Site } from './site.ts'
import { until } from './until.ts'

/** A request of the alert manager, and what it was answered. */
export interface Delivered {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
  readonly answer: Readonly<Record<string, unknown>>
}

/** A record as `eosflow audit list --json` prints it. */
export interface RecordLine {
  readonly seq: number
  readonly at: string
  readonly code: string
  readonly type: string
  readonly actor: string
  readonly execution?: string
  readonly words: string
  readonly event: Readonly<Record<string, unknown>>
}

/** Everything that was seen in one night, by everybody who has seen it. */
export interface Night {
  readonly origin: string
  /** By what the passkey was made and used. */
  readonly by: string
  readonly settings: string
  readonly alert: { readonly taken: Delivered; readonly again: Delivered; readonly forged: Delivered }
  /** What the comparison of the leaf found. */
  readonly compared: Readonly<Record<string, unknown>>
  readonly tools: readonly string[]
  readonly calls: readonly Call[]
  /** The page of the plan, PNG; undefined without a browser. */
  readonly picture: Buffer | undefined
  readonly digest: string
  /** The execution of the change. */
  readonly execution: string
  readonly notices: readonly Received[]
  readonly metrics: { readonly before: string; readonly after: string }
  readonly records: readonly RecordLine[]
  /** How `eosflow audit verify` has ended. */
  readonly verified: { readonly code: number | null; readonly out: string }
  /** What the collector has taken, and what it did not know of it. */
  readonly traces: { readonly spans: readonly SentSpan[]; readonly faults: readonly string[] }
  /** How many requests the switches themselves have counted. */
  readonly requests: number
  /** The same while the change ran. */
  readonly requestsOfChange: number
  /** The lines about the underlay that the leaf has at the end, running and saved. */
  readonly leaf: { readonly running: string; readonly startup: string }
  /** How many notices had a signature that was not good. */
  readonly refusedNotices: number
  readonly seconds: number
}

/** What is told while it goes on. */
export type Say = (line: string) => void

/**
 * Lives through it: somebody mistypes an AS number, an alert arrives, an agent finds the cause, plans, rehearses and asks; a person approves with a
 * passkey and starts; the change runs. Throws where it does not come to the end.
 */
export async function liveThrough(onCall: (site: Site) => Promise<OnCall>, say: Say): Promise<Night> {
  const begun = performance.now()
  const site = await openSite()
  try {
    const ben = await onCall(site)
    try {
      return { ...(await nightOf(site, ben, say)), seconds: (performance.now() - begun) / 1000 }
    } finally {
      await ben.close()
    }
  } finally {
    await site.close()
  }
}

async function nightOf(site: Site, ben: OnCall, say: Say) {
  site.add('trust/passkeys', await ben.makePasskey())
  const watch = await site.tokenOf('watch')
  await asProgram(site, watch, '/api/v1/snapshots', { name: 'evening' })
  say(`evening: Ben makes a passkey with ${ben.by}; the six switches are read, and that is what counts as confirmed`)

  await site.type(...MISTYPED)
  site.keepConfig((await site.read()).running)
  say(`night: somebody types on ${LEAF}, beside eosflow: ${MISTYPED.join(' / ')}`)
  const before = await site.metrics()
  const compared = await asProgram(site, watch, '/api/v1/drift-checks', { targets: LEAF })
  await site.receiver.next('notice.opened')
  const alert = await alarm(site)
  say(
    `the alert arrives at /api/v1/hooks/alerts: ${alert.taken.status}; again: ${word(alert.again)}; forged: ${alert.forged.status}`,
  )

  const agent = await connectAgent(site.origin, await site.tokenOf('robot'))
  try {
    const digest = await answered(site, agent, say)
    const picture = await ben.picture(digest)
    await ben.approve(digest, 'INC-4711')
    say(`Ben approves ${digest.slice(7, 15)} with a passkey`)
    const asked = site.requests()
    const execution = await ben.start(digest)
    await over(site, execution, say)
    const requestsOfChange = site.requests() - asked
    await agent.call('execution_explain', { id: execution })
    const seen = await seenAtTheEnd(site)
    const after = await countedWhole(site)
    await site.end()
    return {
      ...seen,
      requestsOfChange,
      traces: { spans: site.collector.spans(), faults: site.collector.faults },
      ...{ origin: site.origin, by: ben.by, settings: site.settings, alert, compared, picture, digest, execution },
      tools: agent.tools,
      calls: agent.calls,
      metrics: { before, after },
    }
  } finally {
    await agent.close()
  }
}

/** The agent is woken by a notice, reads, plans, rehearses and asks. Gives the digest of its plan. */
async function answered(site: Site, agent: Agent, say: Say) {
  const woken = (await site.receiver.next('plan.made')).event
  say(`a notice wakes the agent: ${woken.type}, ${woken.data.title}`)
  agent.follow(woken.traceparent ?? '')
  const { execution: event = '', devices: [leaf = ''] = [] } = woken.data
  const made = await agent.call('execution_status', { id: event })
  await agent.call('plan_diff', { digest: made.plan, switch: leaf })
  await agent.call('switch_standing', { name: leaf })
  const drift = await agent.call('drift_list', { name: leaf })
  const spineAs = asBefore(drift)
  say(`the agent reads that ${leaf} differs from what was confirmed: the spines had AS ${spineAs}`)
  await agent.call('workflow_describe', { file: 'workflows/underlay-as.yaml' })
  const change = { workflow: 'workflows/underlay-as.yaml', params: { spineAs }, targets: [leaf], key: event }
  const { digest: planned } = await agent.call('plan_create', change)
  const digest = String(planned)
  await agent.call('plan_diff', { digest })
  await agent.call('rehearsal_start', { digest })
  const rehearsal = await agent.callUntil('rehearsal_result', { digest }, ({ standing }) => standing !== 'running')
  if (rehearsal.standing !== 'done') throw new Error(`the rehearsal has failed: ${String(rehearsal.untrusted_fault)}`)
  say(`it plans ${digest.slice(7, 15)}, and rehearses it: ${JSON.stringify(rehearsal.ended)}`)
  const reason = `${leaf} has lost its sessions to both spines: their AS number was changed beside eosflow. The plan puts ${spineAs} back.`
  await agent.call('approval_request', { digest, reason })
  await agent.call('plan_explain', { digest })
  say('it asks for approval')
  return digest
}

/** The AS number before somebody has typed: text of a switch, so it is a number or nothing. */
function asBefore({ switches }: Readonly<Record<string, unknown>>) {
  const [{ untrusted_diff: lines = '' } = {}] = switches as readonly { readonly untrusted_diff?: string }[]
  const [, as] = /^- +neighbor IPv4-UNDERLAY-PEERS remote-as (\d{1,10})$/m.exec(lines) ?? []
  if (as === undefined) throw new Error(`the agent finds no cause in ${JSON.stringify(switches)}`)
  return Number(as)
}

/** The change runs to its end, the notice about the drift is closed, and the alert is over. */
async function over(site: Site, execution: string, say: Say) {
  const isOf = ({ data }: NoticeEvent) => data.execution === execution
  const ended = (await site.receiver.next('execution.ended', isOf)).event
  say(`the change runs: ${ended.data.title}`)
  const closed = (await site.receiver.next('notice.closed')).event
  say(`the notice about the cause is closed: ${closed.data.title}`)
}

const word = ({ answer }: Delivered) => String(answer.outcome)

/** The alert, the same again as alert managers send it, and one that somebody else has signed. */
async function alarm(site: Site) {
  const trace = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
  const body = JSON.stringify(alertOf(new Date().toISOString()))
  const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W'
  const taken = await deliver(site, { id, body, trace }, SECRETS.ALERTS_HOOK)
  const again = await deliver(site, { id, body, trace }, SECRETS.ALERTS_HOOK)
  const forged = await deliver(
    site,
    { id: 'msg_forged', body, trace },
    `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  )
  return { taken, again, forged }
}

async function deliver(
  { origin }: Site,
  { id, body, trace }: { readonly id: string; readonly body: string; readonly trace: string },
  secret: string,
) {
  const now = new Date()
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    traceparent: trace,
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  }
  const answer = await fetch(`${origin}/api/v1/hooks/alerts`, { method: 'POST', headers, body })
  return { headers, body, status: answer.status, answer: (await answer.json()) as Delivered['answer'] }
}

async function asProgram({ origin }: Site, token: string, path: string, body: object) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (answer.status !== 200) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

/** `/metrics` once it has counted what the record has. */
async function countedWhole(site: Site) {
  const records = (await recordsOf(site)).length
  return until('the metrics have counted every record, and the notices are taken', async () => {
    const text = await site.metrics()
    const isWhole = text.includes(`\neosflow_journal_records ${records}\n`)
    return isWhole && text.includes('\neosflow_outbox_behind{target="notify night"} 0\n') ? text : undefined
  })
}

async function seenAtTheEnd(site: Site) {
  const requests = site.requests()
  const { code, out, err } = await site.eosflow('audit verify')
  return {
    notices: site.receiver.received,
    refusedNotices: site.receiver.refused(),
    records: await recordsOf(site),
    verified: { code, out: `${out}${err}` },
    requests,
    leaf: await site.read(),
  }
}

async function recordsOf(site: Site) {
  const { code, out, err } = await site.eosflow('audit list --json')
  if (code !== 0) throw new Error(`audit list: exit ${code}\n${err}`)
  return (JSON.parse(out) as { readonly records: readonly RecordLine[] }).records
}
