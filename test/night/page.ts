import type { SentSpan } from '../project/app/trace/otlp-receiver.ts'
import { agreements, samplesOf } from './agreement.ts'
import { LEAF, POLICY, WORKFLOWS } from './company.ts'
import type { Night, RecordLine } from './night.ts'
import type { NoticeEvent } from './receiver.ts'

/** Where the picture of the approval is, from the page. */
export const PICTURE = 'control-room/night-approval-1440.png'

/** The page of a night, in Markdown: what was really sent, answered, recorded and counted in that run. */
export function pageOf(night: Night): string {
  return `${[head(), asTold(night), alert(night), woken(night), agent(night), person(night), change(night), trace(night), agreed(night), project(night)].join('\n\n')}\n`
}

const head = (): string => `# An alert at night
An alert arrives by webhook. An agent finds the cause, plans a change, rehearses it and asks. A person approves with a passkey and starts it. Then the
record, the metrics and the notices say the same of it.

This page is made of one run of
\`\`\`sh
npm run demo:night
\`\`\`
in a checkout, after \`npm ci\`. It needs no account and no network but loopback. The switches are simulated, as in \`npm run demo\`. Everything else is what users have: the built
\`eosflow serve\`, an OpenID provider (\`oidc-provider\`) and the official MCP client; the package \`standardwebhooks\` signs the alert and verifies the notices. The
passkey is of a virtual authenticator in a real Chromium; without one, the run uses an authenticator of the checkout and says so. The run ends with exit code 1 where two of those who have seen it disagree.
\`npm run demo:night -- --write\` writes this page again.`

/** Who does what, by the record. */
function asTold({ records, digest }: Night): string {
  const told: readonly (readonly [type: string, what: string, holds?: (one: RecordLine) => boolean])[] = [
    ['DriftCompared', `What watches the network has \`${LEAF}\` compared with what was confirmed on it. It differs`],
    ['NoticeOpened', 'A notice is opened for that cause'],
    [
      'EventReceived',
      'The alert is taken. It makes a plan, the standing answer: nobody approves that, so nothing is sent',
    ],
    ['EventRefused', 'The same alert with a signature of somebody else is refused'],
    [
      'ApprovalRequested',
      'The agent asks people to approve its own, smaller plan',
      ({ event }) => event.plan === digest,
    ],
    ['ApprovalDecided', 'Ben approves it with his passkey'],
    ['ExecutionStarted', 'Ben starts it', ({ event }) => event.purpose === 'run'],
    ['ExecutionEnded', 'The change is confirmed, saved and read back', ({ event }) => event.outcome === 'succeeded'],
    ['NoticeClosed', 'The notice is closed: its cause is over'],
  ]
  const rows = told.map(([type, what, holds = () => true]) => {
    const one = records.find((record) => record.type === type && holds(record))
    if (one === undefined) throw new Error(`no record ${type}`)
    return `| ${one.seq} | ${one.at.slice(11, 19)} | \`${one.actor.replace(/^local:.*/, 'eosflow')}\` | ${one.code} | ${what} |`
  })
  return `## The night in nine records
| record | time | who | code | what |
| ---: | --- | --- | --- | --- |
${rows.join('\n')}`
}

function alert({ alert: { taken, again, forged }, origin }: Night): string {
  const headers = Object.entries(taken.headers).map(([name, value]) => `${name}: ${value}`)
  return `## The alert
At night somebody types \`neighbor IPv4-UNDERLAY-PEERS remote-as 65001\` on \`${LEAF}\`, beside eosflow. Its sessions to both spines go down. The alert manager posts to
\`${origin}/api/v1/hooks/alerts\`, signed as [Standard Webhooks](events-in.md#how-a-sender-proves-itself) say:
\`\`\`http
POST /api/v1/hooks/alerts
${headers.join('\n')}

${compact(JSON.parse(taken.body) as object)}
\`\`\`
| what is sent | answer |
| --- | --- |
| the alert | ${taken.status} \`${JSON.stringify(taken.answer)}\` |
| the same again | ${again.status} \`${JSON.stringify(again.answer)}\` |
| the same, with another secret | ${forged.status} ${String(forged.answer.detail)} |

Alertmanager itself sends the same body and signs nothing: its \`http_config: authorization\` goes with \`verify: { bearer: … }\`.`
}

function woken(night: Night): string {
  const made = noticeOf(night, 'plan.made')
  return `## What wakes the agent
The receiver of the [notices](notifications.md) verifies the signature and wakes the agent. This is the first of what it is sent about a change:
\`\`\`json
${compact(made)}
\`\`\`
The link leads to a page on which whoever opens it logs in.`
}

function agent(night: Night): string {
  const { digest } = night
  return `## What the agent does
Its token names it as an agent. It has ${night.tools.length} [tools](agents.md#what-the-policy-needs). None of them approves or starts anything. It reads what the event has planned: the standing answer would take the leaf out.
${callOf(night, 'plan_diff', (asked) => asked.digest !== digest)}
Then it reads how the leaf is, and how it differs from what was confirmed. Lines of switches are only in members that begin with \`untrusted_\`: the agent takes a number from them and nothing else.
${callOf(night, 'switch_standing')}
${callOf(night, 'drift_list')}
It plans the change that ends the cause, in a [workflow](workflow.md) that the company has reviewed. The leaf itself says in a config session what it would make of it.
${callOf(night, 'plan_create')}
${callOf(night, 'plan_diff', (asked) => asked.digest === digest)}
It rehearses the plan on simulated switches, with a fault at every step. After each trial the leaf was as before or as planned, and nothing in between.
${callOf(night, 'rehearsal_result')}
It asks.
${callOf(night, 'approval_request')}`
}

function callOf(
  { calls }: Night,
  tool: string,
  holds: (asked: Readonly<Record<string, unknown>>) => boolean = () => true,
): string {
  const call = calls.find((one) => one.tool === tool && holds(one.asked))
  if (call === undefined) throw new Error(`the agent has not called ${tool}`)
  return `\`\`\`json
${compact({ tool, arguments: call.asked })}
${compact(call.found)}
\`\`\``
}

function person(night: Night): string {
  return `## What the person does
Ben opens the page of the plan, logs in, reads the one line, and presses *Approve* and then *Start it*. The passkey signs the digest of this plan and no other.

![The exact change, who asks, and the button with the digest](${PICTURE})

This is on record:
${recordTable(night, ['ApprovalRequested', 'ApprovalDecided'])}`
}

function change(night: Night): string {
  return `## The change
It is pushed under the commit timer of the switch, verified, confirmed, saved and read back. \`eosflow audit list\` shows each act:
${recordTable(night, ['ActIntended', 'ActFinished', 'ExecutionEnded'], night.execution)}

The receiver is sent:
\`\`\`json
${compact(noticeOf(night, 'execution.ended', night.execution))}
${compact(noticeOf(night, 'notice.closed'))}
\`\`\`
The agent asks what has happened:
${callOf(night, 'execution_explain')}`
}

function recordTable({ records }: Night, types: readonly string[], execution?: string): string {
  const rows = records
    .filter((one) => types.includes(one.type) && (execution === undefined || one.execution === execution))
    .map(({ seq, code, actor, words }) => `| ${seq} | ${code} | \`${actor}\` | ${words.replaceAll('|', '\\|')} |`)
  return `| record | code | who | words |\n| ---: | --- | --- | --- |\n${rows.join('\n')}`
}

const COUNTED =
  /^eosflow_(?:executions_total|approvals_total|switches_drifted|switch_request_duration_seconds_count|outbox_behind\{target="notify|record_intact|journal_records)/

function agreed(night: Night): string {
  const rows = agreements(night).map(
    ({ fact, says }) => `| ${fact} | ${says.map(([who, what]) => `${who}: ${what}`).join('; ')} |`,
  )
  const before = samplesOf(night.metrics.before)
  const after = [...samplesOf(night.metrics.after)].filter(([name]) => COUNTED.test(name))
  const lines = after.map(
    ([name, value]) => `| \`${name.replaceAll('|', '\\|')}\` | ${before.get(name) ?? ''} | ${value} |`,
  )
  return `## What everybody says of it
| what | who says what |
| --- | --- |
${rows.join('\n')}

[Metrics](metrics.md) before the alert and at the end:

| metric | before | after |
| --- | ---: | ---: |
${lines.sort().join('\n')}`
}

function project({ settings }: Night): string {
  return `## The project
\`eosflow.yaml\`:
\`\`\`yaml
${settings.trimEnd()}
\`\`\`
\`policy.yaml\`: the agent and the alert plan, the person on call approves and starts. As the agent is who has asked, the approval is of somebody else.
\`\`\`yaml
${POLICY.trimEnd()}
\`\`\`
\`workflows/underlay-as.yaml\`, which the agent uses:
\`\`\`yaml
${WORKFLOWS['workflows/underlay-as.yaml'].trimEnd()}
\`\`\`
The simulated fabric of the project, on which plans are rehearsed, has the configurations that switches run: what watches the network keeps them there.`
}

/** The requests that are shown one by one; others are counted. */
const WRITES: readonly unknown[] = ['stage', 'replay', 'arm', 'confirm', 'save']

function trace({ traces: { spans }, execution }: Night): string {
  const root = spans.find(({ at }) => at['cicd.pipeline.run.id'] === execution)
  if (root === undefined) throw new Error('the collector has no trace of the change')
  const below = (parent: SentSpan, indent: string): readonly string[] => {
    const parts = spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId)
    const asked = parts.filter(({ at }) => at['eosflow.op'] !== undefined && !WRITES.includes(at['eosflow.op'])).length
    return [
      ...(asked === 0 ? [] : [`${indent}reads: ${asked}`]),
      ...parts
        .filter(({ at }) => at['eosflow.op'] === undefined || WRITES.includes(at['eosflow.op']))
        .flatMap((one) => [lineOf(one, indent), ...below(one, `${indent}  `)]),
    ]
  }
  return `## The trace
A collector of [OpenTelemetry](traces.md) takes the traces. The alert has a \`traceparent\`, the plan of the event is in that trace, the notice that wakes the agent names it, and so does the agent in what it asks for. What a person
starts is a trace by itself. This is the change; requests that only read are counted:
\`\`\`
${[lineOf(root, ''), ...below(root, '  ')].join('\n')}
\`\`\``
}

function lineOf({ name, at, startTimeUnixNano, endTimeUnixNano }: SentSpan, indent: string): string {
  const milliseconds = (BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1_000_000n
  const words = [at['eosflow.result'], at['eosflow.outcome'], at['eosflow.switch']].filter((word) => word !== undefined)
  return `${`${indent}${name}: ${words.join(' ')}`.padEnd(60)} ${milliseconds} ms`
}

function noticeOf({ notices }: Night, what: string, execution?: string): NoticeEvent {
  const found = notices.find(
    ({ event }) =>
      event.type === `eosflow.${what}.v1` && (execution === undefined || event.data.execution === execution),
  )
  if (found === undefined) throw new Error(`no notice ${what}`)
  return found.event
}

const WIDTH = 140

/** JSON in which everything that fits is on one line. */
function compact(value: unknown, indent = ''): string {
  const line = JSON.stringify(value)
  if (line.length + indent.length <= WIDTH || value === null || typeof value !== 'object') return line
  const deeper = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((one: unknown) => deeper + compact(one, deeper))
    : Object.entries(value).map(([name, one]) => `${deeper}${JSON.stringify(name)}: ${compact(one, deeper)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`
}
