import { waitsForApproval, waitsForSignal } from '../../change/engine/outcome.ts'
import { startedTimers } from '../../change/engine/running-timers.ts'
import { mayPush } from '../../change/engine/sites.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { wasCommitted } from '../../eos/device/history.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { isOdd, networkInShort, networkOf } from '../phrases/network-words.ts'
import { cutText, firstLine, spokenSwitches, spokenTime, verb } from '../phrases/spoken.ts'
import { leftBehind } from '../phrases/switches-at-exit.ts'
import { count, switches } from '../text/count.ts'
import type { ViewContext } from './view-context.ts'
import type { ViewState } from './view-state.ts'

export function unattendedOf(view: ViewState, moment: ViewContext, ends: Readonly<Record<string, DeviceEnd>>): string {
  const { execution } = view
  switch (execution.status) {
    case 'new':
      return 'No switch has been changed.'
    case 'ended':
      return afterEnd(execution, ends, moment)
    case 'compensating':
      return whileGoing(execution, moment, 'It goes on by itself.')
    case 'running':
      if (moment.suspension !== undefined) return 'No switch is live. It rests for as long as somebody likes.'
      if (waitsForApproval(execution)) return forAnswer(execution, moment, 'somebody decides')
      if (waitsForSignal(execution)) return forAnswer(execution, moment, 'the answer comes')
      return whileGoing(execution, moment, 'It goes on by itself.')
  }
}

function afterEnd(
  execution: ExecutionState,
  ends: Readonly<Record<string, DeviceEnd>>,
  { after }: Pick<ViewContext, 'after'>,
) {
  const { targets, ends: found, outcome, kept } = execution
  const named = (end: DeviceEnd) => targets.filter((name) => ends[name] === end)
  const [back, unknown, untouched] = [named('reverted'), named('unknown'), named('untouched')]
  const details = [...new Set(unknown.flatMap((name) => found.get(name)?.detail ?? []))]
  const whole = outcome === 'planned' || outcome === 'nothing-to-do' || outcome === 'refused'
  const sentences = [
    ...(unknown.length === 0
      ? []
      : [
          `${spokenSwitches(unknown)} ${verb(unknown.length, 'stays', 'stay')} as ${verb(unknown.length, 'it is', 'they are')}: ${details.length === 0 ? 'nobody has read what is there' : cutText(details.map(firstSentence).join('; '), LONGEST)}.`,
        ]),
    ...(back.length === 0
      ? []
      : [
          `${spokenSwitches(back)} ${verb(back.length, 'was', 'were')} read back and ${verb(back.length, 'equals its', 'equal their')} configuration before the change.`,
        ]),
    ...(kept.isEmpty() || back.length + unknown.length === 0
      ? []
      : [`${spokenSwitches([...kept])} ${verb(kept.size, 'keeps', 'keep')} the change.`]),
    ...(whole ? ['No switch was changed.'] : []),
    ...(whole || untouched.length === 0
      ? []
      : [`${spokenSwitches(untouched)} ${verb(untouched.length, 'was', 'were')} never touched.`]),
    ...(after?.look?.failedSince === undefined ? whoHasToAct(execution, back) : [NO_LONGER_GOOD]),
  ]
  return sentences.join(' ')
}

const NO_LONGER_GOOD = 'But its checks are no longer good. Nothing is put back by itself: a person has to look.'

function whoHasToAct(execution: ExecutionState, back: readonly string[]) {
  const networks = back.flatMap((name) => {
    const network = networkOf(execution, name)
    return network === undefined ? [] : [{ name, network }]
  })
  const odd = networks.filter(({ network }) => isOdd(network))
  const unseen = networks.filter(({ network }) => network.network === 'not-looked-at').map(({ name }) => name)
  const [first, ...others] = odd
  if (first !== undefined) {
    const more = others.length === 0 ? '' : `, and ${count(others.length, 'other switch', 'other switches')} likewise`
    return [
      `But around ${first.name}: ${cutText(networkInShort(first.network), LONGEST)}${more}. A person has to look.`,
    ]
  }
  const unlooked = unseen.length === 0 ? [] : [`Nobody has looked at the network of ${spokenSwitches(unseen)}.`]
  if (execution.outcome === 'unknown') return [...unlooked, 'A person has to act.']
  return unlooked.length > 0 ? unlooked : ['Nobody has to act.']
}

function firstSentence(text: string) {
  return firstLine(text).split('. ', 1)[0] ?? ''
}

const LONGEST = 240

function forAnswer(execution: ExecutionState, moment: ViewContext, until: string) {
  const live = startedTimers(execution)
  if (live.length === 0 && isUntouched(execution)) return `No switch is changed until ${until}.`
  return whileGoing(execution, moment, `It waits until ${until}.`)
}

function isUntouched({ devices }: ExecutionState) {
  return ![...devices.values()].some(({ reached }) => reached !== 'nothing')
}

function whileGoing(execution: ExecutionState, { now, isRunning }: ViewContext, going: string) {
  const isLeft = isRunning === false
  const begins = isLeft ? '' : `${going} `
  const without = isLeft ? 'If nobody resumes it' : 'If eosflow stopped now'
  if (mayPush(execution.sites))
    return `${begins}Its sites change their switches: the execution of each site says where they are.`
  if (isUntouched(execution)) return `${begins}No switch has been changed yet.`
  const timers = startedTimers(execution)
  const only = isOnlyUnderTimers(execution, timers.length)
  const last = timers.at(-1)
  const first = timers[0]
  if (!only || first === undefined || last === undefined || first.until <= now)
    return `${begins}${without}: ${leftBehind(execution, now).places}.`
  const left = (until: number) => spokenTime(Math.ceil((until - now) / 1000))
  if (timers.length === 1)
    return `${begins}Nothing is confirmed yet. ${without}, ${first.device} ${isLeft ? 'puts' : 'would put'} itself back in ${left(first.until)}.`
  return `${begins}Nothing is confirmed yet. ${without}, ${switches(timers.length)} ${isLeft ? 'put' : 'would put'} themselves back, the first in ${left(first.until)} and the last in ${left(last.until)}.`
}

function isOnlyUnderTimers({ devices, ends, kept }: ExecutionState, timers: number) {
  const touched = [...devices].filter(([name, history]) => wasCommitted(history) && !ends.has(name) && !kept.has(name))
  return touched.length === timers && touched.every(([, { phase }]) => phase === 'armed')
}
