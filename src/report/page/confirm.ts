import {
  actForm,
  address,
  attributes,
  field,
  html,
  listed,
  type NavigationSection,
  type PageContent,
  prose,
} from './html.ts'
import type { FreezeNotice } from './overview.ts'

export interface ActOnExecution {
  readonly act: 'stop' | 'suspend' | 'resume' | 'redrive' | 'rollback'
  readonly id: string
  readonly title: string
  readonly live: readonly string[]
  /** What the executions of several sites were let do, whose switches `live` does not name; absent where there are none, and before they push. */
  readonly sites?: 'push' | 'save' | undefined
  /** The newest record of it that the viewer has seen: what goes on with an execution is refused when something has happened since. */
  readonly newest: number
}

// What ends or halts an execution is wanted however far it has come since the form was opened: a change that rolls out is stopped at the first
// try.
const AT_ANY_TIME: ReadonlySet<string> = new Set(['stop', 'suspend'])

type ActOnAll =
  | { readonly act: 'stop-all'; readonly open: number }
  | { readonly act: 'freeze' }
  | { readonly act: 'unfreeze'; readonly freeze: Omit<FreezeNotice, 'until'> }

interface ConfirmData {
  readonly csrf: string
  readonly about: ActOnExecution | ActOnAll
  readonly because?: string | undefined
  readonly problem?: string | undefined
}

interface Words {
  readonly heading: string
  readonly follows: readonly string[]
  readonly button: string
  readonly look?: 'stop'
  readonly to: string
  readonly back: string
  readonly current: NavigationSection
  readonly reason?: true
}

/** The page that asks before an act: what will happen, for what reason, and the button that does it. */
export function confirmPage({ csrf, about, because, problem }: ConfirmData): PageContent {
  const words = 'id' in about ? wordsOfOne(about) : wordsOfAll(about)
  const { heading, follows, button, look = 'pri', to, back, current } = words
  const body = html`<div class="narrow"><h1>${heading}</h1>
    <ul class="notes card pad">${follows.map((line) => html`<li class="note">${line}</li>`)}</ul>
    ${
      because === undefined
        ? actForm(
            { action: to, csrf, label: heading },
            html`${'newest' in about && !AT_ANY_TIME.has(about.act) && html`<input type="hidden" name="newest" value="${about.newest}">`}
            ${about.act === 'unfreeze' && html`<input type="hidden" name="freeze" value="${about.freeze.number}">`}
            ${about.act === 'freeze' && untilField()}
            ${words.reason && reasonField(problem)}
            ${!words.reason && problem !== undefined && html`<p class="notice bad" role="alert">${prose(problem)}</p>`}
            <div class="row acts-below"><button ${attributes({ class: `btn ${look}`, type: 'submit' })}>${button}</button><a class="btn" href="${back}">Leave it as it is</a></div>`,
          )
        : html`<p class="notice idle">${prose(because)}</p><p><a class="btn" href="${back}">Back</a></p>`
    }</div>`
  return { title: heading, current, body }
}

function reasonField(problem: string | undefined) {
  return field({
    id: 'reason',
    label: 'Reason, goes on record',
    problem,
    control: (about) =>
      html`<input ${attributes({ id: 'reason', name: 'reason', type: 'text', required: true, maxlength: 500, autocomplete: 'off', ...about })}>`,
  })
}

function untilField() {
  return field({
    id: 'until',
    label: 'Until',
    hint: 'how long from now, as 2h or 45m, or a time as 2026-12-18T06:00Z',
    control: (about) =>
      html`<input ${attributes({ id: 'until', name: 'until', type: 'text', required: true, autocomplete: 'off', spellcheck: 'false', ...about })}>`,
  })
}

const STOP_AT_SITES: Readonly<Record<'push' | 'save', string>> = {
  push: 'Every site is asked to put back and read back what it has changed. It is too late as soon as all of them are let save.',
  save: 'It is too late to put it back: every site was let save. The sites go on; one that has not saved within five minutes is stopped.',
}

function wordsOfOne({ act, id, title, live, sites }: ActOnExecution): Words {
  const common = { to: address.act(id, act), back: address.execution(id), current: 'executions' } as const
  const carry = `${listed(live)} ${live.length === 1 ? 'carries' : 'carry'} the change now`
  switch (act) {
    case 'stop':
      return {
        ...common,
        heading: `Stop ${title}?`,
        follows:
          sites !== undefined
            ? [STOP_AT_SITES[sites]]
            : live.length === 0
              ? ['Nothing is live: the execution ends, and no switch is changed.']
              : [
                  `${carry}. ${live.length === 1 ? 'It' : 'Each of them'} is put back and read back.`,
                  'What was confirmed for good stays.',
                ],
        button: live.length === 0 ? 'Stop it' : `Stop it and put ${listed(live, 3)} back`,
        look: 'stop',
        reason: true,
      }
    case 'suspend':
      return {
        ...common,
        heading: `Suspend ${title}?`,
        follows: ['It rests at the next safe point and undoes nothing. Whoever may start it can resume it.'],
        button: 'Suspend it',
        reason: true,
      }
    case 'resume':
      return {
        ...common,
        heading: `Resume ${title}?`,
        follows: ['Each switch is asked first how it is. The execution goes on from there.'],
        button: 'Resume it',
      }
    case 'redrive':
      return {
        ...common,
        heading: `Try ${title} again?`,
        follows: ['The execution goes on where it failed, with the same plan and its approval asked again.'],
        button: 'Redrive it',
      }
    case 'rollback':
      return {
        ...common,
        heading: `Take ${title} off again?`,
        follows: [
          'This makes a plan that brings back what was there before. It changes nothing by itself.',
          'The plan is read, approved and verified like any other.',
        ],
        button: 'Make the plan',
      }
  }
}

function wordsOfAll(about: ActOnAll): Words {
  const common = { back: address.overview, current: 'overview', reason: true } as const
  if (about.act === 'stop-all') {
    return {
      ...common,
      to: address.stopAll,
      heading: 'Stop everything?',
      follows: [
        about.open === 0
          ? 'No execution is open.'
          : `${about.open === 1 ? 'The one open execution ends' : `All ${about.open} open executions end`}: every switch that carries an unconfirmed change is put back and read back.`,
        'Nothing keeps new ones from beginning: freeze for that.',
      ],
      button: 'Stop everything',
      look: 'stop',
    }
  }
  if (about.act === 'freeze') {
    return {
      ...common,
      to: address.freeze,
      heading: 'Freeze all changes?',
      follows: [
        'Until it ends nothing new begins. What is live goes on to its end.',
        'It adds to the freezes of the policy and takes none away.',
      ],
      button: 'Freeze',
      look: 'stop',
    }
  }
  const { by, reason } = about.freeze
  return {
    ...common,
    to: address.unfreeze,
    heading: 'End the freeze?',
    follows: [`${by} has frozen all changes: ${reason}.`, 'From now on what the policy allows may begin again.'],
    button: 'End the freeze',
  }
}
