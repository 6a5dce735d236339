import type { RuleAccount } from '../../change/policy/explain.ts'
import { type Scope, scopes } from '../../model/principal.ts'
import { type ExplainedDecision, obligationLines, verdictWord } from '../policy/explanation.ts'
import { alike, choiceField, heads, nameField } from './diff.ts'
import { address, attributes, type Badge, badge, html, moment, type PageContent, prose } from './html.ts'

interface PolicyQuestion {
  readonly action: Scope
  readonly switch?: string | undefined
  readonly workflow?: string | undefined
}

interface RuleFor {
  readonly rule: string
  readonly effect: 'allow' | 'deny'
  readonly to: readonly { readonly name: string; readonly members: readonly string[] }[]
}

export interface PolicyData {
  readonly now: number
  readonly who: string
  /** The file and the digest of the policy; absent in local mode. */
  readonly policy?: { readonly file: string; readonly digest: string } | undefined
  readonly may?: readonly string[] | undefined
  readonly question: PolicyQuestion
  /** Whom the rules about the act are for, in the order of the policy; absent for whoever may not read the record, which names people too. */
  readonly whom?: readonly RuleFor[] | undefined
  readonly explained: readonly ExplainedDecision[]
  readonly notes: readonly string[]
  readonly switches: readonly string[]
  readonly workflows: readonly string[]
}

export function policyPage(data: PolicyData): PageContent {
  const { who, policy, explained, question, notes, now, may } = data
  const allowed = explained.filter(({ decision }) => decision.effect === 'allow').length
  const body = html`<div class="head"><div>${may !== undefined && html`<p class="lede"><b>You may:</b> ${mayWords(may)}.</p>`}<h1>${who} ${verb(allowed, explained.length)} <code>${question.action}</code></h1>
    <p class="lede">${
      policy === undefined
        ? 'There is no policy: this machine’s users may do what its files let them.'
        : html`By <span class="mono">${policy.file}</span> · <span class="mono">${policy.digest.slice(policy.digest.indexOf(':') + 1).slice(0, 8)}</span>, at ${moment(now, now)}`
    }</p></div></div>
    ${questionForm(data)}
    ${notes.map((note) => html`<p class="notice idle">${prose(note)}</p>`)}
    ${explained.map(explanation)}
    ${data.whom !== undefined && data.whom.length > 0 && whomSection(question.action, data.whom)}`
  return { title: 'Policy', current: 'policy', body }
}

function mayWords(may: readonly string[]) {
  if (may.length === 0) return 'nothing, on any switch'
  return may.length === scopes.length ? 'everything' : may.join(' · ')
}

function verb(allowed: number, all: number) {
  if (allowed === all) return 'may'
  return allowed === 0 ? 'may not' : `may on ${allowed} of ${all} switches`
}

function questionForm({ question, switches, workflows }: PolicyData) {
  return html`<form method="get" action="${address.policy}" class="filter" aria-label="What is asked">
    ${choiceField({ id: 'action', label: 'Act', value: question.action }, scopes.map(alike))}
    ${nameField({ id: 'switch', label: 'Switch', value: question.switch }, switches, 'none')}
    ${choiceField({ id: 'workflow', label: 'Workflow', value: question.workflow }, [['', 'none'], ...workflows.map(alike)])}
    <button class="btn" type="submit">Explain</button></form>`
}

const VERDICTS: Readonly<Record<ReturnType<typeof verdictWord>, Badge>> = {
  allowed: { tone: 'ok', shape: '●', word: 'allowed' },
  denied: { tone: 'bad', shape: '✕', word: 'denied' },
  closed: { tone: 'live', shape: '▲', word: 'closed now' },
}

const COMES: Readonly<Record<RuleAccount['comes'], Badge>> = {
  denies: { tone: 'bad', shape: '✕', word: 'denies' },
  allows: { tone: 'ok', shape: '●', word: 'allows' },
  fails: { tone: 'live', shape: '▲', word: 'fails' },
  'does-not-apply': { tone: 'idle', shape: '○', word: 'does not apply' },
}

function whomSection(action: Scope, whom: readonly RuleFor[]) {
  return html`<section aria-labelledby="whom"><h2 id="whom">Who may ${action}</h2><div class="card"><div class="scroll"><table>
    ${heads('Rule', 'Says', 'For')}<tbody>${whom.map(
      ({ rule, effect, to }) =>
        html`<tr><th scope="row" class="mono">${rule}</th><td>${badge(COMES[effect === 'allow' ? 'allows' : 'denies'])}</td><td>${to.map(
          ({ name, members }) =>
            html`<div class="break"><b>${name}</b>${members.length > 0 && html` <span class="mono">${members.join(', ')}</span>`}</div>`,
        )}</td></tr>`,
    )}</tbody></table></div></div></section>`
}

function explanation({ device, decision, accounts }: ExplainedDecision) {
  const told = obligationLines(decision)
  const order: readonly RuleAccount['comes'][] = ['denies', 'allows', 'fails', 'does-not-apply']
  const sorted = accounts.toSorted((a, b) => order.indexOf(a.comes) - order.indexOf(b.comes))
  return html`<section ${attributes({ 'aria-label': device ?? 'Decision' })}>${device !== null && html`<h2>${device}</h2>`}<div class="card">
    <div class="pad"><div class="row">${badge(VERDICTS[verdictWord(decision)])}<span>${prose(decision.reason)}</span></div>
    ${told.length > 0 && html`<ul class="notes">${told.map((line) => html`<li class="note">${prose(line)}</li>`)}</ul>`}</div>
    ${
      sorted.length > 0 &&
      html`<div class="scroll"><table>${heads('Rule', 'Says', 'Because')}<tbody>${sorted.map(
        ({ rule, comes, why }) =>
          html`<tr><th scope="row" class="mono">${rule}</th><td>${badge(COMES[comes])}</td><td>${prose(why)}</td></tr>`,
      )}</tbody></table></div>`
    }</div></section>`
}
